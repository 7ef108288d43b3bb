//! What an application is made of.

use super::secret::CardSecret;
use crate::apdu::StatusWord;
use crate::simulation::pki::CardKey;
use std::sync::LazyLock;

/// An application: an AID, its elementary files (EF), and which commands it takes.
#[derive(Debug)]
pub(super) struct Application {
    pub(super) aid: &'static [u8],
    pub(super) files: Vec<File>,
    /// What a command with secure messaging bits gets here.
    pub(super) secure_messaging: StatusWord,
    /// How a secret is given a new value.
    pub(super) change: Change,
    /// Short identifier of the key that signs where the command names none.
    pub(super) own_key: Option<u8>,
    /// What INTERNAL AUTHENTICATE gets here; `None` where there is a key for it.
    pub(super) internal_authenticate: Option<StatusWord>,
}

impl Application {
    /// The GlobalPlatform issuer security domain. Selecting it is the same as having nothing selected.
    pub(super) const fn issuer_security_domain() -> Self {
        Self {
            aid: &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00],
            files: Vec::new(),
            secure_messaging: StatusWord::new(0x66F1),
            change: Change::Never,
            own_key: None,
            internal_authenticate: Some(StatusWord::REFERENCE_NOT_FOUND),
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

/// By which command a secret is given a new value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Never,
    /// CHANGE REFERENCE DATA, `00 24 01`.
    ReferenceData,
    /// JICSAP's CHANGE KEY, `80 32 00`.
    Key,
}

/// An elementary file.
#[derive(Debug)]
pub(super) struct File {
    pub(super) id: u16,
    pub(super) content: Content,
}

impl File {
    /// A transparent file.
    pub(super) fn transparent(id: u16, access: Access, bytes: Vec<u8>) -> Self {
        Self::made(id, access, move || bytes)
    }

    /// A transparent file that is made when it is first read: signatures take milliseconds, and few cards of a test
    /// are read from end to end.
    pub(super) fn made(
        id: u16,
        access: Access,
        make: impl FnOnce() -> Vec<u8> + Send + 'static,
    ) -> Self {
        let bytes = LazyLock::new(Box::new(make) as Box<dyn FnOnce() -> Vec<u8> + Send>);
        Self {
            id,
            content: Content::Transparent { access, bytes },
        }
    }

    /// A reference to a secret: what VERIFY works on.
    pub(super) const fn reference(id: u16, name: CardSecret) -> Self {
        Self {
            id,
            content: Content::Reference(name),
        }
    }

    /// A private key.
    pub(super) const fn key(id: u16, key: CardKey, access: Access) -> Self {
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

    /// Something that can be selected, and of which no more is public.
    pub(super) const fn internal(id: u16) -> Self {
        Self {
            id,
            content: Content::Internal,
        }
    }
}

/// What is in a file.
#[derive(Debug)]
pub(super) enum Content {
    Transparent {
        access: Access,
        bytes: LazyLock<Vec<u8>, Box<dyn FnOnce() -> Vec<u8> + Send>>,
    },
    Records(Vec<Vec<u8>>),
    Reference(CardSecret),
    Key {
        key: CardKey,
        access: Access,
    },
    Internal,
}

/// When a file may be read or a key be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Free,
    /// After one of these secrets was verified; of none of them, never.
    After(&'static [CardSecret]),
    /// The same, or once the phone itself identified its holder.
    AfterOrHolder(&'static [CardSecret]),
}
