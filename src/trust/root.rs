use std::fmt;

use jiff::Timestamp;

use super::{
    AlgorithmPolicy, Certificate, TrustError,
    certificate::sha256,
    error::wrong,
    extension,
    key::{OwnedKey, PublicKey},
    oid, path, pin,
    published::is_published,
};
use crate::Realm;

/// A root certificate that the caller trusts, and the world it belongs to.
#[derive(Clone)]
pub struct Root {
    pub(super) realm: Realm,
    pub(super) name: Vec<u8>,
    pub(super) serial: Vec<u8>,
    pub(super) key_id: Vec<u8>,
    pub(super) key: OwnedKey,
    /// keyUsage has cRLSign.
    pub(super) signs_lists: bool,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    digest: [u8; 32],
    /// Where its key belongs, if this crate knows it.
    known: Option<Realm>,
}

impl Root {
    /// From the DER (not PEM) of a self-signed CA certificate.
    ///
    /// Asked for: issuer and subject alike; RSA of 2048 to 4096 bits with
    /// sha256WithRSAEncryption, or P-384 with ecdsa-with-SHA384; the signature right
    /// under its own key; basicConstraints with CA:TRUE, keyUsage with keyCertSign, a
    /// subject key identifier, and no other critical extension. The time isn't looked
    /// at here, but in each validation, and so is which algorithms the
    /// [`Roots`](super::Roots) accept.
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
    /// JPKI's test hierarchy isn't embedded. Its CA for user authentication and the one
    /// for signatures are two roots, each for [`Roots`](super::Roots) of its own:
    ///
    /// ```
    /// use uketsuke::trust::{Root, Roots, TrustError};
    /// use uketsuke::{Realm, Realms};
    ///
    /// /// Both go into each validation; the policy of test cards goes with the realm.
    /// fn test_roots(ca: &[u8]) -> Result<(Roots, Realms), TrustError> {
    ///     let root = Root::new(ca, Realm::JpkiTest)?;
    ///     Ok((Roots::empty().with(root), Realms::jpki_test()))
    /// }
    /// assert!(matches!(test_roots(b"-----BEGIN"), Err(TrustError::Certificate(_))));
    /// ```
    ///
    /// # Errors
    ///
    /// What it isn't; [`TrustError::KeyOfOtherRealm`] for a key that keeps another
    /// realm, which is named then.
    pub fn new(der: &[u8], realm: Realm) -> Result<Self, TrustError> {
        let root = Self::of_any_realm(der, realm)?;
        match root.known {
            Some(found) if found != realm => Err(TrustError::KeyOfOtherRealm { found }),
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

    /// For the digest of a policy: everything else in here is read from the
    /// certificate.
    pub(super) fn part(&self) -> Vec<u8> {
        let realm = self.realm.to_string();
        [b"root ", realm.as_bytes(), b" ", &self.digest].concat()
    }

    /// First second of its validity.
    #[must_use]
    pub const fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Last second of its validity. Nothing is accepted under it afterwards, so a
    /// product that has to live longer needs the next generation by then.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// From its first second to the end of its last.
    pub(super) fn is_valid_at(&self, now: Timestamp) -> bool {
        now >= self.not_before && now.as_second() <= self.not_after.as_second()
    }

    pub(super) fn of_any_realm(der: &[u8], realm: Realm) -> Result<Self, TrustError> {
        let certificate = Certificate::parse(der)?;
        if certificate.issuer() != certificate.subject() {
            return Err(wrong("subject", "is not the issuer, so this is no root"));
        }
        let algorithm = path::algorithm(&certificate, AlgorithmPolicy::RSA_AND_P384)?;
        let key = PublicKey::parse(certificate.key())?
            .filter(|key| key.kind.is_accepted())
            .ok_or_else(|| path::key_not_accepted(&certificate))?;
        if !key.verify(algorithm, certificate.tbs(), certificate.signature()) {
            return Err(TrustError::BadSignature);
        }
        extension::check_name(&certificate.subject_element(), "subject")?;
        let extension = |oid| certificate.extension(oid);
        if !extension(oid::BASIC_CONSTRAINTS).map_or(Ok(false), extension::is_ca)? {
            return Err(wrong("basicConstraints", "does not say CA:TRUE"));
        }
        let usage = extension(oid::KEY_USAGE)
            .ok_or(wrong("keyUsage", "absent"))?
            .key_usage()?;
        if !usage.key_cert_sign() {
            return Err(wrong("keyUsage", "lacks keyCertSign"));
        }
        path::check_critical(&certificate, &[oid::BASIC_CONSTRAINTS, oid::KEY_USAGE])?;
        let key_id = extension(oid::SUBJECT_KEY_ID)
            .ok_or(wrong("subjectKeyIdentifier", "absent"))?
            .subject_key_id()?;
        Ok(Self {
            realm,
            name: certificate.subject().to_vec(),
            serial: certificate.serial().to_vec(),
            key_id: key_id.to_vec(),
            key: key.to_owned(),
            signs_lists: usage.crl_sign(),
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

/// The realm of a key that this crate knows; `None` for all other keys.
fn known_realm(key: &PublicKey<'_>) -> Option<Realm> {
    if JPKI_KEYS.contains(&sha256(key.bytes)) {
        Some(Realm::Production)
    } else if is_published(key.modulus) {
        Some(Realm::Simulation)
    } else {
        None
    }
}

/// SHA-256 over RSAPublicKey, of the roots for user authentication and for signatures.
const JPKI_KEYS: [[u8; 32]; 6] = [
    pin("5ff63772820e3602c759a056715f10caa92401819e3a184b10a0d9214e8437a2"),
    pin("355d0ff252ae9de78e4b8007b7d77b865928080ead7d9aab781c5159ff67920b"),
    pin("eb86ccf22d526017dbf9181936934af4ff17f19ab323567a6818d70282362415"),
    pin("7feac2c5d0b330e588ff17d1334a76a68a65954888cc01898815df3936ae3c59"),
    pin("bd01f0771706906659c54859075d250832bb9955b9b3042f859ab10b1b345880"),
    pin("5886678128d55936edf0f07114f59590ecb0f4cbc19dd4744a66d46d0a8f8693"),
];
