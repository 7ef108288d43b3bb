//! What an application is made of.

use super::secret::SecretName;
use crate::apdu::StatusWord;

/// An application: an AID and its elementary files (EF).
#[derive(Debug)]
pub(super) struct Application {
    pub(super) aid: &'static [u8],
    pub(super) files: Vec<File>,
    /// What a command with secure messaging bits gets here.
    pub(super) secure_messaging: StatusWord,
    /// Whether CHANGE REFERENCE DATA is possible.
    pub(super) changes_secrets: bool,
}

impl Application {
    /// The GlobalPlatform issuer security domain. Selecting it is the same as having nothing selected.
    pub(super) const fn issuer_security_domain() -> Self {
        Self {
            aid: &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00],
            files: Vec::new(),
            secure_messaging: StatusWord::new(0x66F1),
            changes_secrets: false,
        }
    }

    /// Whether selecting this leaves nothing selected.
    pub(super) fn is_card_level(&self) -> bool {
        self.files.is_empty()
    }

    /// Index of the file with this identifier.
    pub(super) fn find(&self, id: u16) -> Option<usize> {
        self.files.iter().position(|file| file.id == id)
    }
}

/// An elementary file.
#[derive(Debug)]
pub(super) struct File {
    pub(super) id: u16,
    pub(super) content: Content,
}

impl File {
    /// A transparent file.
    pub(super) const fn transparent(id: u16, access: Access, bytes: Vec<u8>) -> Self {
        Self {
            id,
            content: Content::Transparent { access, bytes },
        }
    }

    /// A reference to a secret: what VERIFY works on.
    pub(super) const fn reference(id: u16, name: SecretName) -> Self {
        Self {
            id,
            content: Content::Reference(name),
        }
    }

    /// A private key.
    pub(super) const fn key(id: u16, key: Key, access: Access) -> Self {
        Self {
            id,
            content: Content::Key { key, access },
        }
    }

    /// Records, all free to read.
    pub(super) const fn records(id: u16, records: Vec<Vec<u8>>) -> Self {
        Self {
            id,
            content: Content::Records(records),
        }
    }
}

/// What is in a file.
#[derive(Debug)]
pub(super) enum Content {
    Transparent { access: Access, bytes: Vec<u8> },
    Records(Vec<Vec<u8>>),
    Reference(SecretName),
    Key { key: Key, access: Access },
}

/// When a file may be read or a key be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Free,
    /// After this secret was verified.
    After(SecretName),
}

/// Which private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Authentication,
    Signature,
}

/// Writes one TLV. The tag as its bytes are; the length in the shortest form, or `82 LLLL` for every value as real
/// card faces are reported to contain.
pub(super) fn tlv(tag: u16, form: LengthForm, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len().saturating_add(5));
    let [high, low] = tag.to_be_bytes();
    out.push(high);
    out.push(low);
    // Everything on this card is far below 64 KiB; a longer value would be cut rather than mis-framed.
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    match (u8::try_from(length), form) {
        (Ok(short), LengthForm::Shortest) if short < 0x80 => out.push(short),
        (Ok(short), LengthForm::Shortest) => out.extend_from_slice(&[0x81, short]),
        _ => {
            out.push(0x82);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out.extend(value.iter().take(usize::from(length)));
    out
}

/// See [`tlv`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LengthForm {
    Shortest,
    TwoBytes,
}
