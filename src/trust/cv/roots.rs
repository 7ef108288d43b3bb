use std::fmt;

use super::{
    CvCertificate, CvError, IssuerKey,
    public_key::{BYTES, PublicKey},
};
use crate::{
    Realm, Realms,
    card::{IssuerCertificate, SignedApplication},
    trust::{certificate::sha256, pin, published::is_published},
};

/// A key that signs card-verifiable certificates of one application, and the
/// world it belongs to.
#[derive(Clone)]
pub struct CvRoot {
    application: SignedApplication,
    realm: Realm,
    key_id: [u8; 16],
    key: PublicKey,
}

impl CvRoot {
    /// From the key identifier and the modulus, 256 bytes big-endian; the
    /// exponent is 65537.
    ///
    /// A key that this crate embeds keeps its realm and its application; one of
    /// the simulation, whose private half is public, its realm.
    ///
    /// # Errors
    ///
    /// [`CvError::Form`] unless the modulus is an odd number of 2048 bits;
    /// [`CvError::KeyOfOtherRealm`] or [`CvError::KeyOfOtherApplication`] for a
    /// known key that is to pose as another.
    pub fn new(
        application: SignedApplication,
        key_id: [u8; 16],
        modulus: &[u8; 256],
        realm: Realm,
    ) -> Result<Self, CvError> {
        let key = PublicKey::new(modulus).ok_or(CvError::Form {
            element: "modulus",
            position: 0,
            why: "not an odd number of 2048 bits",
        })?;
        let digest = sha256(modulus);
        if let Some(known) = KNOWN.iter().find(|known| known.modulus == digest) {
            if known.realm != realm {
                return Err(CvError::KeyOfOtherRealm { found: known.realm });
            }
            if known.application != application {
                return Err(CvError::KeyOfOtherApplication {
                    found: known.application,
                });
            }
        }
        if realm != Simulation && is_published(modulus) {
            return Err(CvError::KeyOfOtherRealm { found: Simulation });
        }
        Ok(Self {
            application,
            realm,
            key_id,
            key,
        })
    }

    /// The application whose certificates it signs.
    #[must_use]
    pub const fn application(&self) -> SignedApplication {
        self.application
    }

    /// The realm it was given.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// Its key identifier.
    #[must_use]
    pub const fn key_id(&self) -> &[u8; 16] {
        &self.key_id
    }
}

#[cfg(test)]
impl CvRoot {
    pub(super) const fn key(&self) -> &PublicKey {
        &self.key
    }
}

impl fmt::Debug for CvRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CvRoot")
            .field("application", &self.application)
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}

/// The keys under which card-verifiable certificates are accepted.
///
/// ```
/// use uketsuke::{Realm, trust::CvRoots};
///
/// let roots = CvRoots::production();
/// assert_eq!(roots.iter().count(), 3);
/// assert!(roots.iter().all(|root| root.realm() == Realm::Production));
/// ```
#[derive(Clone, Debug, Default)]
pub struct CvRoots {
    roots: Vec<CvRoot>,
}

impl CvRoots {
    /// No key at all: nothing is accepted until [`with`](Self::with) adds one.
    #[must_use]
    pub const fn empty() -> Self {
        Self { roots: Vec::new() }
    }

    /// The keys above those of the municipalities for real cards, embedded and
    /// pinned by SHA-256: `5000023` for the card face, `5000033` for the input
    /// support, `5000020` for the card itself.
    ///
    /// No official publication of them was found. They were taken from a public
    /// project that validates real cards with them.
    #[must_use]
    pub fn production() -> Self {
        Self::embedded(Realm::Production)
    }

    /// The same of the JPKI test cards: `6000023`, `6000033` and `6000020`. The files
    /// of one such card, which that project publishes, verify under them.
    #[must_use]
    pub fn jpki_test() -> Self {
        Self::embedded(Realm::JpkiTest)
    }

    /// Adds a key.
    #[must_use]
    pub fn with(mut self, root: CvRoot) -> Self {
        self.roots.push(root);
        self
    }

    /// The keys, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &CvRoot> {
        self.roots.iter()
    }

    /// Validates the certificate of the municipality's key as it was read from
    /// a card.
    ///
    /// The rules, in this order:
    ///
    /// 1. the certificate can be read (see [`CvCertificate`]);
    /// 2. a key here has the issuer's key identifier;
    /// 3. such a key signed the bytes as they came;
    /// 4. it is a key for the application from which the certificate was read;
    /// 5. and of a realm that `realms` accepts.
    ///
    /// There is no time in these certificates and no known revocation, so
    /// neither is looked at.
    ///
    /// # Errors
    ///
    /// The first rule that doesn't hold.
    pub fn validate(
        &self,
        certificate: &IssuerCertificate,
        realms: Realms,
    ) -> Result<IssuerKey, CvError> {
        let application = certificate.application();
        let read = CvCertificate::parse(certificate.bytes())?;
        let realm = self.accept(&read, application, realms)?;
        Ok(IssuerKey::new(
            read.into_key(),
            realm,
            application,
            certificate.binding(),
        ))
    }

    /// The same rules for a certificate that came another way, without proof:
    /// only its realm.
    ///
    /// # Errors
    ///
    /// As [`validate`](Self::validate).
    pub fn check(
        &self,
        bytes: &[u8],
        application: SignedApplication,
        realms: Realms,
    ) -> Result<Realm, CvError> {
        let certificate = CvCertificate::parse(bytes)?;
        self.accept(&certificate, application, realms)
    }

    /// Checks the certificates of the card itself, the values of the data objects
    /// `00F8` (`upper`) and `7F21` (`lower`, which older cards haven't got): the upper
    /// one by the rules of [`validate`](Self::validate), and that its key signed the
    /// lower one and is named by it.
    ///
    /// **It says nothing about the card.** Neither certificate is of one card: the
    /// upper one is of a municipality, and what the key in the lower one is for isn't
    /// public. Nothing that a card is known to hold is signed under either, and no
    /// card proves that it holds a key of theirs. Anybody can copy both. So this
    /// gives no proof, only the realm of the pinned key; the live chip is proved by
    /// [`LivePhoto`](super::LivePhoto).
    ///
    /// ```
    /// use uketsuke::card::{Card, DataObject};
    /// use uketsuke::trust::CvRoots;
    /// use uketsuke::{Realm, Realms, VisitId};
    /// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
    /// # use uketsuke::transport::Reader;
    /// # let now = "2026-11-24T00:00:00Z".parse()?;
    /// # let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    /// let mut card = Card::new(reader.connect()?, VisitId::begin());
    /// let upper = card.data_object(DataObject::CertificateF8)?;
    /// let lower = card.data_object(DataObject::Certificate7F21)?;
    /// let roots = CvRoots::simulation();
    /// let lower = Some(lower.bytes());
    /// let realm = roots.check_card_level(upper.bytes(), lower, Realms::simulation())?;
    /// assert_eq!(realm, Realm::Simulation);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`validate`](Self::validate); for a lower certificate form,
    /// [`CvError::NotBelow`] and [`CvError::BadCertificateSignature`].
    pub fn check_card_level(
        &self,
        upper: &[u8],
        lower: Option<&[u8]>,
        realms: Realms,
    ) -> Result<Realm, CvError> {
        let upper = CvCertificate::parse_object(upper)?;
        let realm = self.accept(&upper, SignedApplication::CardLevel, realms)?;
        let Some(lower) = lower else {
            return Ok(realm);
        };
        let lower = CvCertificate::parse_object(lower)?;
        if lower.issuer() != upper.subject() {
            return Err(CvError::NotBelow);
        }
        match lower.is_signed_by(&upper.into_key()) {
            true => Ok(realm),
            false => Err(CvError::BadCertificateSignature),
        }
    }

    fn accept(
        &self,
        certificate: &CvCertificate<'_>,
        application: SignedApplication,
        realms: Realms,
    ) -> Result<Realm, CvError> {
        let mut named = false;
        let signed_by = self.roots.iter().find(|root| {
            let is_named = root.key_id == *certificate.issuer();
            named |= is_named;
            is_named && certificate.is_signed_by(&root.key)
        });
        let Some(root) = signed_by else {
            return Err(match named {
                true => CvError::BadCertificateSignature,
                false => CvError::UnknownIssuer,
            });
        };
        if root.application != application {
            return Err(CvError::OtherApplication {
                found: root.application,
            });
        }
        if !realms.contains(root.realm) {
            return Err(CvError::RealmNotAccepted { found: root.realm });
        }
        Ok(root.realm)
    }

    fn embedded(realm: Realm) -> Self {
        let of_realm = EMBEDDED.iter().filter(|key| key.known.realm == realm);
        let pinned = of_realm.filter(|key| {
            sha256(key.modulus) == key.known.modulus && sha256(key.key_id) == key.key_id_digest
        });
        let roots = pinned.filter_map(|key| {
            let Known {
                application, realm, ..
            } = key.known;
            CvRoot::new(application, *key.key_id, key.modulus, realm).ok()
        });
        Self {
            roots: roots.collect(),
        }
    }
}

/// A key whose place this crate knows, by SHA-256 over its modulus.
struct Known {
    modulus: [u8; 32],
    realm: Realm,
    application: SignedApplication,
}

struct Embedded {
    key_id: &'static [u8; 16],
    key_id_digest: [u8; 32],
    modulus: &'static [u8; BYTES],
    known: Known,
}

use Realm::{JpkiTest, Production, Simulation};
use SignedApplication::{CardFace, CardLevel, InputSupport};

const fn known(modulus: &str, realm: Realm, application: SignedApplication) -> Known {
    Known {
        modulus: pin(modulus),
        realm,
        application,
    }
}

const FACE_5000023: &str = "bb96cc1dc6502005661961f0a45ed843d007c69e3ce167eceb6b1abd5333a932";
const INPUT_5000033: &str = "409655d477547d83cbe182385acb1ea83c9828eb6e5b8bba90957c339b5f30f7";
const CARD_5000020: &str = "318ab4a79346bbd993d36d31a4d766f02a239f36b10bc323458242130f927a97";
const FACE_6000023: &str = "df70444dbe6841ec03267c25cf1bd35ff30ef8044da34ff5eedd0719e6f14530";
const INPUT_6000033: &str = "690db1b2d7b9994764a81982bc1e4cd76d9e92d0a33a895b2e71a0be8356f1ae";
const CARD_6000020: &str = "218018727ce0d4955b0b40f468eb131d5e8375ee4a2aa58dabda524b19d29a39";

/// Published with their private halves, and known without the feature `simulation` too.
const FACE_SIMULATED: &str = "7e2cdd1571c6cbbb76ed0f01503c0f0261f37745cce99b64e97c552c63f3a657";
const INPUT_SIMULATED: &str = "31f737bfa70bac7fbea200ae3993fc26d53b6c5281207cee6e4fac4f50cf9967";
const CARD_SIMULATED: &str = "b6b5d059ee2bfa849c4d24921f7b69490cb6def76013a68633c57556dee61e25";

const KNOWN: [Known; 9] = [
    known(FACE_5000023, Production, CardFace),
    known(INPUT_5000033, Production, InputSupport),
    known(CARD_5000020, Production, CardLevel),
    known(FACE_6000023, JpkiTest, CardFace),
    known(INPUT_6000033, JpkiTest, InputSupport),
    known(CARD_6000020, JpkiTest, CardLevel),
    known(FACE_SIMULATED, Simulation, CardFace),
    known(INPUT_SIMULATED, Simulation, InputSupport),
    known(CARD_SIMULATED, Simulation, CardLevel),
];

const EMBEDDED: [Embedded; 6] = [
    Embedded {
        key_id: include_bytes!("../anchors/cvc/5000023.keyid.bin"),
        key_id_digest: pin("28cac17800c9a9ed635f8fda80f0b7213906167b35f7ead6e0c52db48505cf34"),
        modulus: include_bytes!("../anchors/cvc/5000023.modulus.bin"),
        known: known(FACE_5000023, Production, CardFace),
    },
    Embedded {
        key_id: include_bytes!("../anchors/cvc/5000033.keyid.bin"),
        key_id_digest: pin("e49ae35d575ee2f7f047fc8eb955fe494d4672805187d42b77a35cf73d9358fc"),
        modulus: include_bytes!("../anchors/cvc/5000033.modulus.bin"),
        known: known(INPUT_5000033, Production, InputSupport),
    },
    Embedded {
        key_id: include_bytes!("../anchors/cvc/5000020.keyid.bin"),
        key_id_digest: pin("77c6f9cfd6c3ed433a013e738e59187c3dcd8e23cc0535261c8eec99d44b6bdb"),
        modulus: include_bytes!("../anchors/cvc/5000020.modulus.bin"),
        known: known(CARD_5000020, Production, CardLevel),
    },
    Embedded {
        key_id: include_bytes!("../anchors/cvc/6000023.keyid.bin"),
        key_id_digest: pin("1d0458d0c9ecde54e9d6adc5cbb2ed39a38ce347a28568ecec401f45e28a08f2"),
        modulus: include_bytes!("../anchors/cvc/6000023.modulus.bin"),
        known: known(FACE_6000023, JpkiTest, CardFace),
    },
    Embedded {
        key_id: include_bytes!("../anchors/cvc/6000033.keyid.bin"),
        key_id_digest: pin("4cb6e01d9e0f593494267282af00b783c0062952f306ff26206b29de549c637d"),
        modulus: include_bytes!("../anchors/cvc/6000033.modulus.bin"),
        known: known(INPUT_6000033, JpkiTest, InputSupport),
    },
    Embedded {
        key_id: include_bytes!("../anchors/cvc/6000020.keyid.bin"),
        key_id_digest: pin("ad60f4b5e88f7efc25588a550be4b1b09c088e101df62e40d55cb044cbd4bce3"),
        modulus: include_bytes!("../anchors/cvc/6000020.modulus.bin"),
        known: known(CARD_6000020, JpkiTest, CardLevel),
    },
];
