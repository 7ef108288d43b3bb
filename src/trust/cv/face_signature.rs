//! The signature of the card face: over three digests, not over one.

use zeroize::Zeroizing;

use super::public_key::{BYTES, PublicKey};
use crate::trust::certificate::sha256;

/// `DigestInfo` that names SHA-256 and holds 96 bytes instead of 32, up to them.
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x60,
];

/// Bytes before the three digests.
const HEAD: usize = BYTES - 96;

/// What the municipality signed of a card face (EF 0002): three digests, each
/// SHA-256 over elements with their headers as written.
///
/// They can be compared one by one, which is what lets a photo be proved
/// without reading the name. A digest that isn't compared means only that the
/// municipality signed it.
pub(super) struct FaceDigests {
    /// Of DF22 to DF24: birth date, sex, card key.
    person: Zeroizing<[u8; 32]>,
    /// Of DF25 and DF26: the pictures of name and address.
    texts: Zeroizing<[u8; 32]>,
    /// Of DF27: the photo.
    photo: Zeroizing<[u8; 32]>,
}

impl FaceDigests {
    /// The digests in a signature; `None` unless its encoded message (RFC 8017
    /// §9.2) is, byte for byte, what belongs before them. Their places are fixed,
    /// so nothing is searched and nothing may follow.
    pub(super) fn recover(key: &PublicKey, signature: &[u8]) -> Option<Self> {
        let encoded = key.recover(signature)?;
        let (head, digests) = encoded.split_first_chunk::<HEAD>()?;
        if *head != expected_head() {
            return None;
        }
        let ([person, texts, photo], []) = digests.as_chunks::<32>() else {
            return None;
        };
        Some(Self {
            person: Zeroizing::new(*person),
            texts: Zeroizing::new(*texts),
            photo: Zeroizing::new(*photo),
        })
    }

    /// Digests of nothing.
    #[cfg(test)]
    pub(super) fn for_test() -> Self {
        let none = || Zeroizing::new([0; 32]);
        Self {
            person: none(),
            texts: none(),
            photo: none(),
        }
    }

    pub(super) fn cover_person(&self, as_written: &[u8]) -> bool {
        sha256(as_written) == *self.person
    }

    pub(super) fn cover_texts(&self, as_written: &[u8]) -> bool {
        sha256(as_written) == *self.texts
    }

    pub(super) fn cover_photo(&self, as_written: &[u8]) -> bool {
        sha256(as_written) == *self.photo
    }
}

/// `00 01 FF … FF 00` and [`DIGEST_INFO`].
fn expected_head() -> [u8; HEAD] {
    let mut head = [0xFF; HEAD];
    let padding = HEAD - DIGEST_INFO.len();
    for (at, byte) in head.iter_mut().enumerate() {
        *byte = match at {
            0 => 0x00,
            1 => 0x01,
            at if at + 1 == padding => 0x00,
            at => match at.checked_sub(padding) {
                Some(at) => DIGEST_INFO.get(at).copied().unwrap_or_default(),
                None => 0xFF,
            },
        };
    }
    head
}
