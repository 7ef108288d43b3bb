use std::fmt;

use zeroize::Zeroizing;

use super::file::{Begin, Progress, outer_length};
use super::map::FileMap;
use super::{Card, CardError};
use crate::Binding;
use crate::transport::Transport;

/// An application whose files a municipality signs, each with a key of its own; and
/// the card itself, which has certificates of the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignedApplication {
    /// The card face (券面事項確認AP).
    CardFace,
    /// The input support (券面事項入力補助AP).
    InputSupport,
    /// The card itself, outside every application: the data objects `00F8` and
    /// `7F21`. No file is signed under them.
    CardLevel,
}

impl fmt::Display for SignedApplication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::CardFace => "card face",
            Self::InputSupport => "input support",
            Self::CardLevel => "card itself",
        })
    }
}

/// The card-verifiable certificate of the municipality's key (EF 0004) as read:
/// not yet validated, and free to read.
///
/// It tells the municipality that issued the card, so `Debug` prints its length
/// alone, and it's wiped when dropped.
pub struct IssuerCertificate {
    bytes: Zeroizing<Vec<u8>>,
    application: SignedApplication,
    binding: Binding,
}

impl IssuerCertificate {
    pub(crate) const fn new(
        bytes: Zeroizing<Vec<u8>>,
        application: SignedApplication,
        binding: Binding,
    ) -> Self {
        Self {
            bytes,
            application,
            binding,
        }
    }

    /// Tag `7F21` and what it holds, 568 bytes on the cards that were reported.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The application that it was read from.
    #[must_use]
    pub const fn application(&self) -> SignedApplication {
        self.application
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }
}

impl<T: Transport> Card<T> {
    /// EF 0004 of an application: so that it teaches both forms of extended
    /// length, where they aren't known.
    pub(super) fn read_issuer_certificate(
        &mut self,
        file: &'static FileMap,
        application: SignedApplication,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<IssuerCertificate, CardError> {
        let length = |bytes: &[u8]| outer_length(file.name, 0x7F21, bytes);
        let bytes = self.read_whole(file, Begin::Learning, length, progress)?;
        Ok(IssuerCertificate::new(bytes, application, self.binding))
    }
}

impl fmt::Debug for IssuerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (application, len) = (self.application, self.bytes.len());
        write!(f, "IssuerCertificate({application}, {len} bytes)")
    }
}
