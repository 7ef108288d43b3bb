//! What is asked of a certificate by its use, as data.

use x509_cert::ext::pkix::KeyUsages;

use super::{TrustError, error::wrong, oid};
use crate::Realm;

/// What a holder's certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateUse {
    /// 利用者証明用電子証明書: who is there. The check-in's.
    Authentication,
    /// 署名用電子証明書: signs documents, and names its holder.
    Signing,
}

impl CertificateUse {
    pub(super) const fn profile(self) -> &'static Profile {
        match self {
            Self::Authentication => &AUTHENTICATION,
            Self::Signing => &SIGNING,
        }
    }
}

/// The rules of one use, beyond those that hold for all.
pub(super) struct Profile {
    /// Bits of keyUsage that must be there.
    pub(super) key_usage: &'static [(KeyUsages, &'static str)],
    /// The purpose in extKeyUsage that must be there; without one, there must be no extKeyUsage.
    pub(super) purpose: Option<(&'static [u8], &'static str)>,
    policies: [(Realm, &'static [u8]); 3],
}

/// Extensions that may be critical: all those that are looked at.
pub(super) const UNDERSTOOD: [&[u8]; 5] = [
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::BASIC_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    oid::AUTHORITY_KEY_ID,
];

static AUTHENTICATION: Profile = Profile {
    key_usage: &[(KeyUsages::DigitalSignature, "lacks digitalSignature")],
    purpose: Some((oid::CLIENT_AUTH, "lacks clientAuth")),
    policies: [
        // 1.2.392.200149.8.5.1.3.30
        (
            Realm::Production,
            &[0x2a, 0x83, 0x08, 0x8c, 0x9b, 0x55, 8, 5, 1, 3, 30],
        ),
        // 1.2.392.200149.8.5.1.0.30
        (
            Realm::JpkiTest,
            &[0x2a, 0x83, 0x08, 0x8c, 0x9b, 0x55, 8, 5, 1, 0, 30],
        ),
        // 1.3.6.1.4.1.32473.8.5.1.3.30, below the number for examples of RFC 5612
        (
            Realm::Simulation,
            &[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 8, 5, 1, 3, 30],
        ),
    ],
};

static SIGNING: Profile = Profile {
    key_usage: &[
        (KeyUsages::DigitalSignature, "lacks digitalSignature"),
        (KeyUsages::NonRepudiation, "lacks nonRepudiation"),
    ],
    purpose: None,
    policies: [
        // 1.2.392.200149.8.5.1.1.20
        (
            Realm::Production,
            &[0x2a, 0x83, 0x08, 0x8c, 0x9b, 0x55, 8, 5, 1, 1, 20],
        ),
        // 1.2.392.200149.8.5.1.0.20
        (
            Realm::JpkiTest,
            &[0x2a, 0x83, 0x08, 0x8c, 0x9b, 0x55, 8, 5, 1, 0, 20],
        ),
        // 1.3.6.1.4.1.32473.8.5.1.1.20
        (
            Realm::Simulation,
            &[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 8, 5, 1, 1, 20],
        ),
    ],
};

impl Profile {
    /// The policy that cards' certificates bear.
    pub(super) fn policy(&self, realm: Realm) -> &'static [u8] {
        self.policies
            .iter()
            .find(|(of, _)| *of == realm)
            .map_or(&[], |(_, policy)| policy)
    }
}

/// A policy that the caller accepts beside the card's.
#[derive(Clone, Debug)]
pub(super) struct MorePolicy {
    pub(super) usage: CertificateUse,
    pub(super) realm: Realm,
    pub(super) policy: Vec<u8>,
}

impl MorePolicy {
    pub(super) fn part(&self) -> Vec<u8> {
        let Self {
            usage,
            realm,
            policy,
        } = self;
        let usage = match usage {
            CertificateUse::Authentication => "authentication",
            CertificateUse::Signing => "signing",
        };
        let words = format!("policy {usage} {realm} ");
        [words.as_bytes(), policy].concat()
    }

    pub(super) fn new(
        usage: CertificateUse,
        realm: Realm,
        dotted: &str,
    ) -> Result<Self, TrustError> {
        let policy = der::asn1::ObjectIdentifier::new(dotted)
            .map_err(|_| wrong("certificatePolicies", "this isn't an object identifier"))?
            .as_bytes()
            .to_vec();
        // anyPolicy (RFC 5280 §4.2.1.4) would accept whatever says that it is for everything.
        if policy == oid::ANY_POLICY {
            return Err(wrong("certificatePolicies", "anyPolicy is never accepted"));
        }
        Ok(Self {
            usage,
            realm,
            policy,
        })
    }
}
