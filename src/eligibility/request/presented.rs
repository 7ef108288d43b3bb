use std::fmt;

use zeroize::Zeroizing;

use crate::trust::{CertificateDigest, ChainValidated, ChallengeSigned, SignedChallenge, Standing};
use crate::{Binding, Realm, VisitId};

/// How the person was identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Identified {
    /// By PIN (暗証番号).
    Pin,
    /// By face (顔認証).
    Face,
    /// By a member of staff who compared the photo (目視確認).
    Staff,
    /// By the holder's own phone (スマートフォンでの本人確認): face or finger, on the phone.
    Device,
}

/// The proof of a check-in as it goes to the centre: the certificate, the signed
/// challenge, and how the person was identified.
///
/// Made from the proof tokens only. `Debug` hides the contents: the certificate
/// identifies the person.
#[derive(Clone, PartialEq, Eq)]
pub struct Presented {
    binding: Binding,
    digest: CertificateDigest,
    certificate: Zeroizing<Vec<u8>>,
    challenge: SignedChallenge,
    identified: Identified,
    realm: Realm,
    standing: Standing,
}

impl Presented {
    /// From the proofs. `None` if chain and signature are not of one visit, one
    /// card session and one certificate.
    #[must_use]
    pub fn new(
        chain: &ChainValidated,
        signed: &ChallengeSigned,
        identified: Identified,
    ) -> Option<Self> {
        if chain.binding() != signed.binding() || chain.digest() != signed.digest() {
            return None;
        }
        Some(Self {
            binding: chain.binding(),
            digest: chain.digest(),
            certificate: Zeroizing::new(chain.certificate().to_vec()),
            challenge: signed.signed(),
            identified,
            realm: chain.realm(),
            standing: chain.standing(),
        })
    }

    /// The certificate, DER.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The certificate's SHA-256.
    #[must_use]
    pub const fn digest(&self) -> CertificateDigest {
        self.digest
    }

    /// Challenge and signature.
    #[must_use]
    pub const fn challenge(&self) -> &SignedChallenge {
        &self.challenge
    }

    /// How the person was identified.
    #[must_use]
    pub const fn identified(&self) -> Identified {
        self.identified
    }

    /// World of the root that the certificate leads to.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// Where the certificate is in its life, as the chain was judged.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// Visit and card session.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// The visit.
    #[must_use]
    pub const fn visit(&self) -> VisitId {
        self.binding.visit()
    }

    /// For tests of the layers above the proofs, which can't be forged outside.
    #[cfg(test)]
    pub(crate) fn for_tests(
        visit: VisitId,
        certificate: Vec<u8>,
        challenge: SignedChallenge,
        realm: Realm,
        standing: Standing,
    ) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, &certificate);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Self {
            binding: Binding {
                visit,
                session: crate::CardSession::begin(),
            },
            digest: CertificateDigest(bytes),
            certificate: Zeroizing::new(certificate),
            challenge,
            identified: Identified::Pin,
            realm,
            standing,
        }
    }
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Presented(..)")
    }
}
