//! What an application is made of.

use super::secret::SecretName;
use crate::apdu::StatusWord;
use crate::simulation::pki::CardKey;
use std::sync::LazyLock;

/// An application: an AID and its elementary files (EF).
#[derive(Debug)]
pub(super) struct Application {
    pub(super) aid: &'static [u8],
    pub(super) files: Vec<File>,
    /// What a command with secure messaging bits gets here.
    pub(super) secure_messaging: StatusWord,
    /// Whether CHANGE REFERENCE DATA is possible.
    pub(super) changes_secrets: bool,
    /// Short identifier of the key that signs where the command names none.
    pub(super) own_key: Option<u8>,
}

impl Application {
    /// The GlobalPlatform issuer security domain. Selecting it is the same as having nothing selected.
    pub(super) const fn issuer_security_domain() -> Self {
        Self {
            aid: &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00],
            files: Vec::new(),
            secure_messaging: StatusWord::new(0x66F1),
            changes_secrets: false,
            own_key: None,
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
    pub(super) const fn reference(id: u16, name: SecretName) -> Self {
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
}

/// What is in a file.
#[derive(Debug)]
pub(super) enum Content {
    Transparent {
        access: Access,
        bytes: LazyLock<Vec<u8>, Box<dyn FnOnce() -> Vec<u8> + Send>>,
    },
    Records(Vec<Vec<u8>>),
    Reference(SecretName),
    Key {
        key: CardKey,
        access: Access,
    },
}

/// When a file may be read or a key be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Free,
    /// After this secret was verified.
    After(SecretName),
}
