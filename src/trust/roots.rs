use std::fmt;

use der::Tag;
use jiff::Timestamp;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use super::{
    Certificate, ChainValidated, GraceRule, Standing, TrustError,
    certificate::sha256,
    extension::Extension,
    key::{self, RsaKey},
    oid, path, pin,
    published::is_published,
};
use crate::{Realm, Realms, card::CardCertificate};

/// Embedded certificates of the CA for user authentication with their SHA-256,
/// as published on <https://www.jpki.go.jp/ca/>.
const JPKI_AUTHENTICATION: [(&[u8], [u8; 32]); 3] = [
    (
        include_bytes!("anchors/authca01.cer"),
        pin("4dcfc4ca0aaf9fb2a3081b3f0c991c320b3acc008667a341eeaec5af1d58ca7d"),
    ),
    (
        include_bytes!("anchors/authca02.cer"),
        pin("0d98de47fc11b7f67126874b7028b6026a803d2638d6edfe53176953961fade6"),
    ),
    (
        include_bytes!("anchors/authca03.cer"),
        pin("64114f29620c24ed2631d46476a040e7ee740d956089c00b036a6a8118c322b5"),
    ),
];

/// A root certificate that the caller trusts, and the world it belongs to.
#[derive(Clone)]
pub struct Root {
    pub(super) realm: Realm,
    pub(super) name: Vec<u8>,
    pub(super) key_id: Vec<u8>,
    /// RSAPublicKey, DER.
    pub(super) key: Vec<u8>,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    digest: [u8; 32],
    /// Where its key belongs, if this crate knows it.
    known: Option<Realm>,
}

impl Root {
    /// Smallest and largest modulus of a root, in bits.
    const BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

    /// From the DER of a self-signed CA certificate.
    ///
    /// Asked for: issuer and subject alike, RSA of 2048 to 4096 bits,
    /// sha256WithRSAEncryption, the signature right under its own key,
    /// basicConstraints with CA:TRUE, keyUsage with keyCertSign, a subject key
    /// identifier, and no other critical extension. The time isn't looked at
    /// here, but in each validation.
    ///
    /// The private keys of the simulation are public, and one world must not pose
    /// as another; so a key that this crate embeds keeps its realm.
    ///
    /// ```
    /// use uketsuke::Realm;
    /// use uketsuke::simulation::{Generation, VirtualPki};
    /// use uketsuke::trust::Root;
    ///
    /// let der = VirtualPki::new().root(Generation::First);
    /// assert!(Root::new(der, Realm::Simulation).is_ok());
    /// assert!(Root::new(der, Realm::Production).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// What it isn't.
    pub fn new(der: &[u8], realm: Realm) -> Result<Self, TrustError> {
        let root = Self::of_any_realm(der, realm)?;
        match root.known {
            Some(known) if known != realm => Err(TrustError::RealmNotAccepted { found: known }),
            _ => Ok(root),
        }
    }

    /// The realm it was given.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// SHA-256 over the certificate.
    #[must_use]
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.digest
    }

    fn of_any_realm(der: &[u8], realm: Realm) -> Result<Self, TrustError> {
        let certificate = Certificate::parse(der)?;
        if certificate.issuer() != certificate.subject() {
            return Err(wrong("subject", "is not the issuer, so this is no root"));
        }
        path::check_algorithm(&certificate)?;
        let key = RsaKey::parse(certificate.key())?
            .filter(|key| Self::BITS.contains(&key.bits))
            .ok_or(wrong(
                "subjectPublicKeyInfo",
                "is not RSA of 2048 to 4096 bits with exponent 65537",
            ))?;
        if !key::verify_sha256(key.pkcs1, certificate.tbs(), certificate.signature()) {
            return Err(TrustError::BadSignature);
        }
        let extension = |oid| certificate.extension(oid);
        if !extension(oid::BASIC_CONSTRAINTS).map_or(Ok(false), is_ca)? {
            return Err(wrong("basicConstraints", "does not say CA:TRUE"));
        }
        if !extension(oid::KEY_USAGE).map_or(Ok(false), signs_certificates)? {
            return Err(wrong("keyUsage", "lacks keyCertSign"));
        }
        path::check_critical(&certificate, &[oid::BASIC_CONSTRAINTS, oid::KEY_USAGE])?;
        let key_id = extension(oid::SUBJECT_KEY_ID)
            .ok_or(wrong("subjectKeyIdentifier", "absent"))?
            .element("subjectKeyIdentifier", Tag::OctetString)?
            .value;
        Ok(Self {
            realm,
            name: certificate.subject().to_vec(),
            key_id: key_id.to_vec(),
            key: key.pkcs1.to_vec(),
            known: known_realm(&key),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            digest: sha256(der),
        })
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Root")
            .field("realm", &self.realm)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// The roots under which authentication certificates (利用者証明用電子証明書) are accepted.
///
/// ```
/// use uketsuke::trust::Roots;
/// assert_eq!(Roots::jpki_authentication().iter().count(), 3);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Roots {
    roots: Vec<Root>,
}

impl Roots {
    /// No root at all: nothing is accepted until [`with`](Self::with) adds one.
    #[must_use]
    pub const fn empty() -> Self {
        Self { roots: Vec::new() }
    }

    /// The three generations of JPKI's root for user authentication, embedded
    /// and pinned by SHA-256, realm [`Production`](Realm::Production).
    ///
    /// They are from J-LIS (<https://www.jpki.go.jp/ca/>): 2015-10-20 to
    /// 2025-10-19, 2019-09-14 to 2029-09-14, 2023-07-16 to 2033-07-15. The CA
    /// certificate that a card holds isn't used for anything.
    #[must_use]
    pub fn jpki_authentication() -> Self {
        let roots = JPKI_AUTHENTICATION
            .iter()
            .filter(|(der, pin)| sha256(der) == *pin)
            .filter_map(|(der, _)| Root::of_any_realm(der, Realm::Production).ok())
            .collect();
        Self { roots }
    }

    /// Adds a root.
    #[must_use]
    pub fn with(mut self, root: Root) -> Self {
        self.roots.push(root);
        self
    }

    /// The roots, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Root> {
        self.roots.iter()
    }

    /// Validates the authentication certificate that was read from a card, and
    /// gives the proof that a check-in asks for.
    ///
    /// The rules, in this order:
    ///
    /// 1. the certificate can be read (see [`Certificate`]);
    /// 2. a root has the issuer's name and the authority's key identifier;
    /// 3. sha256WithRSAEncryption, and that root's key signed the bytes as they came;
    /// 4. the root is of a realm that `realms` accepts;
    /// 5. the certificate has a [`Standing`] at `now` (under `grace`), and the
    ///    root is valid at `now`;
    /// 6. no critical extension but those below; keyUsage with digitalSignature;
    ///    extendedKeyUsage with clientAuth; basicConstraints absent or CA:FALSE;
    ///    certificatePolicies with the policy of that realm (production
    ///    1.2.392.200149.8.5.1.3.30, JPKI test 1.2.392.200149.8.5.1.0.30); the
    ///    key RSA of 2048 bits.
    ///
    /// Revocation isn't looked at: the proof says
    /// [`Pending`](super::Revocation::Pending). The data isn't public, and in a
    /// check-in the centre's answer closes it.
    ///
    /// # Errors
    ///
    /// The first rule that doesn't hold.
    pub fn validate_authentication(
        &self,
        certificate: &CardCertificate,
        realms: Realms,
        now: Timestamp,
        grace: GraceRule,
    ) -> Result<ChainValidated, TrustError> {
        let accepted = path::check(certificate.der(), self, realms, now, grace)?;
        Ok(ChainValidated::new(certificate, &accepted))
    }

    /// The same rules for a certificate that came another way, without proof:
    /// only its standing and its realm.
    ///
    /// For tools that show a card, and for the centre's side.
    ///
    /// # Errors
    ///
    /// As [`validate_authentication`](Self::validate_authentication).
    pub fn check_authentication(
        &self,
        der: &[u8],
        realms: Realms,
        now: Timestamp,
        grace: GraceRule,
    ) -> Result<(Standing, Realm), TrustError> {
        path::check(der, self, realms, now, grace).map(|found| (found.standing, found.realm))
    }
}

/// The realm of a key that this crate knows; `None` for all other keys.
fn known_realm(key: &RsaKey<'_>) -> Option<Realm> {
    if JPKI_KEYS.contains(&sha256(key.pkcs1)) {
        Some(Realm::Production)
    } else if is_published(key.modulus) {
        Some(Realm::Simulation)
    } else {
        None
    }
}

/// SHA-256 over RSAPublicKey.
const JPKI_KEYS: [[u8; 32]; 3] = [
    pin("5ff63772820e3602c759a056715f10caa92401819e3a184b10a0d9214e8437a2"),
    pin("355d0ff252ae9de78e4b8007b7d77b865928080ead7d9aab781c5159ff67920b"),
    pin("eb86ccf22d526017dbf9181936934af4ff17f19ab323567a6818d70282362415"),
];

pub(super) fn is_ca(extension: Extension<'_>) -> Result<bool, TrustError> {
    let element = extension.element("basicConstraints", Tag::Sequence)?;
    Ok(element.decode::<BasicConstraints>("basicConstraints")?.ca)
}

fn signs_certificates(extension: Extension<'_>) -> Result<bool, TrustError> {
    let element = extension.element("keyUsage", Tag::BitString)?;
    Ok(element.decode::<KeyUsage>("keyUsage")?.key_cert_sign())
}

const fn wrong(element: &'static str, why: &'static str) -> TrustError {
    TrustError::NotForThisPurpose { element, why }
}
