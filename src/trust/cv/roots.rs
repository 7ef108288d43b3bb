use std::fmt;

use super::{
    CvCertificate, CvError, IssuerKey,
    embedded::{EMBEDDED, Embedded, KNOWN},
    public_key::PublicKey,
};
use crate::{
    Realm, Realms,
    card::{IssuerCertificate, SignedApplication},
    trust::{certificate::sha256, published::is_published},
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
        if realm != Realm::Simulation && is_published(modulus) {
            let found = Realm::Simulation;
            return Err(CvError::KeyOfOtherRealm { found });
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

impl CvRoot {
    /// All that decides what it accepts.
    fn part(&self) -> Vec<u8> {
        let Self {
            application,
            realm,
            key_id,
            key,
        } = self;
        // The lengths of both names vary, so that each ends in a byte of its own.
        let names = format!("{application}\0{realm}\0");
        [names.as_bytes(), key_id, key.modulus()].concat()
    }

    /// SHA-256 of that: names the key in what is proved under it.
    pub(super) fn digest(&self) -> [u8; 32] {
        sha256(&self.part())
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

    /// All that decides what is accepted, in one order whatever the order in which the
    /// keys were added: for the digest of a policy.
    pub(crate) fn parts(&self) -> Vec<Vec<u8>> {
        let mut parts: Vec<Vec<u8>> = self.roots.iter().map(CvRoot::part).collect();
        parts.sort();
        parts.dedup();
        parts
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
        let root = self.accept(&read, application, realms)?;
        Ok(IssuerKey::new(
            read.into_key(),
            root.realm,
            application,
            certificate.binding(),
            root.digest(),
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
        let root = self.accept(&certificate, application, realms)?;
        Ok(root.realm)
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
        let root = self.accept(&upper, SignedApplication::CardLevel, realms)?;
        let realm = root.realm;
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
    ) -> Result<&CvRoot, CvError> {
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
        Ok(root)
    }

    fn embedded(realm: Realm) -> Self {
        let of_realm = EMBEDDED.iter().filter(|key| key.known.realm == realm);
        Self {
            roots: of_realm.filter_map(Embedded::pinned).collect(),
        }
    }
}
