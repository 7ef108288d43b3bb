use jiff::Timestamp;

use super::{
    AlgorithmPolicy, CertificateUse, ChainValidated, GraceRule, Root, SigningChainValidated,
    Standing, TrustError,
    certificate::sha256,
    path::{self, Asked},
    pin,
    profile::MorePolicy,
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

/// Those of the CA for digital signatures, from the same page.
const JPKI_SIGNING: [(&[u8], [u8; 32]); 3] = [
    (
        include_bytes!("anchors/signca01.cer"),
        pin("19645405a1fe14377434bd55957628ac4038557c542403a2243f21c706fc9355"),
    ),
    (
        include_bytes!("anchors/signca02.cer"),
        pin("79679c33e4cc9319440f1ad120a597ff1844e2ef217063adb176966fd5e6fbeb"),
    ),
    (
        include_bytes!("anchors/signca03.cer"),
        pin("d227f6cde11d35c5252178f106f843d24651944975413b539fa2fb68dbfa365f"),
    ),
];

/// The roots under which certificates of holders are accepted, and with what
/// algorithms and policies.
///
/// One value for each kind of certificate: the roots for user authentication
/// (利用者証明用) don't sign certificates for signatures (署名用), nor the other way round.
///
/// ```
/// use uketsuke::trust::Roots;
/// assert_eq!(Roots::jpki_authentication().iter().count(), 3);
/// assert_eq!(Roots::jpki_signing().iter().count(), 3);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Roots {
    roots: Vec<Root>,
    algorithms: AlgorithmPolicy,
    policies: Vec<MorePolicy>,
}

impl Roots {
    /// No root at all: nothing is accepted until [`with`](Self::with) adds one.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            roots: Vec::new(),
            algorithms: AlgorithmPolicy::RSA,
            policies: Vec::new(),
        }
    }

    /// The three generations of JPKI's root for user authentication, embedded
    /// and pinned by SHA-256, realm [`Production`](Realm::Production).
    ///
    /// They are from J-LIS (<https://www.jpki.go.jp/ca/>): 2015-10-20 to
    /// 2025-10-19, 2019-09-14 to 2029-09-14, 2023-07-16 to 2033-07-15. The CA
    /// certificate that a card holds isn't used for anything.
    #[must_use]
    pub fn jpki_authentication() -> Self {
        Self::pinned(&JPKI_AUTHENTICATION)
    }

    /// The three generations of JPKI's root for digital signatures, of the same
    /// years and from the same place.
    #[must_use]
    pub fn jpki_signing() -> Self {
        Self::pinned(&JPKI_SIGNING)
    }

    pub(super) fn jpki(usage: CertificateUse) -> Self {
        match usage {
            CertificateUse::Authentication => Self::jpki_authentication(),
            CertificateUse::Signing => Self::jpki_signing(),
        }
    }

    pub(super) fn pinned(roots: &[(&[u8], [u8; 32])]) -> Self {
        let roots = roots
            .iter()
            .filter(|(der, pin)| sha256(der) == *pin)
            .filter_map(|(der, _)| Root::of_any_realm(der, Realm::Production).ok())
            .collect();
        Self {
            roots,
            ..Self::empty()
        }
    }

    /// Accepts other algorithms than those of [`AlgorithmPolicy::RSA`].
    #[must_use]
    pub const fn with_algorithms(mut self, algorithms: AlgorithmPolicy) -> Self {
        self.algorithms = algorithms;
        self
    }

    /// The algorithms that are accepted.
    #[must_use]
    pub const fn algorithms(&self) -> AlgorithmPolicy {
        self.algorithms
    }

    /// Accepts one more policy for certificates of this use and realm.
    ///
    /// For certificates on phones (スマホ用電子証明書), whose policies are others
    /// than the card's and not in this crate: 1.2.392.200149.8.5.1.1.40 is
    /// reported for signing, without an official page that says so; for
    /// authentication none is. A check-in that takes phones needs the latter:
    /// [`Policy::of`](crate::checkin::Policy::of) shows how it is given.
    ///
    /// The three months' grace ([`GraceRule`]) is for cards: a certificate that
    /// passes by an added policy alone has none, whatever the rule.
    ///
    /// ```
    /// use uketsuke::Realm;
    /// use uketsuke::trust::{CertificateUse, Roots};
    ///
    /// let roots = Roots::jpki_signing().with_policy(
    ///     CertificateUse::Signing,
    ///     Realm::Production,
    ///     "1.2.392.200149.8.5.1.1.40",
    /// )?;
    /// # let _ = roots;
    /// # Ok::<(), uketsuke::trust::TrustError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Not an object identifier in dotted form, or anyPolicy.
    pub fn with_policy(
        mut self,
        usage: CertificateUse,
        realm: Realm,
        policy: &str,
    ) -> Result<Self, TrustError> {
        self.policies.push(MorePolicy::new(usage, realm, policy)?);
        Ok(self)
    }

    /// All that decides what is accepted, each part by itself, in one order whatever
    /// the order in which they were added: for the digest of a policy.
    pub(crate) fn parts(&self) -> Vec<Vec<u8>> {
        let Self {
            roots,
            algorithms,
            policies,
        } = self;
        let mut parts: Vec<Vec<u8>> = roots.iter().map(Root::part).collect();
        parts.extend(policies.iter().map(MorePolicy::part));
        parts.sort();
        parts.dedup();
        parts.push(algorithms.part());
        parts
    }

    pub(super) fn accepts_policy(
        &self,
        usage: CertificateUse,
        realm: Realm,
        policy: &[u8],
    ) -> bool {
        self.policies
            .iter()
            .any(|more| more.usage == usage && more.realm == realm && more.policy == policy)
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
    /// 1. the certificate can be read (see [`Certificate`](super::Certificate));
    /// 2. a root has the issuer's name and the authority's key identifier, and the
    ///    authority's serial number, if one is given;
    /// 3. the algorithm is accepted ([`AlgorithmPolicy`]), and that root's key
    ///    signed the bytes as they came;
    /// 4. the root is of a realm that `realms` accepts;
    /// 5. the certificate has a [`Standing`] at `now` (under `grace`), and the
    ///    root is valid at `now`;
    /// 6. no critical extension but keyUsage, extKeyUsage, basicConstraints,
    ///    certificatePolicies and authorityKeyIdentifier;
    /// 7. the subject is a name, and not the issuer's;
    /// 8. keyUsage with digitalSignature, without keyCertSign; extKeyUsage with
    ///    clientAuth; basicConstraints absent or CA:FALSE;
    /// 9. certificatePolicies with the policy of that realm (production
    ///    1.2.392.200149.8.5.1.3.30, JPKI test 1.2.392.200149.8.5.1.0.30) or one
    ///    that was [added](Self::with_policy), which has no grace, and every
    ///    qualifier understood;
    /// 10. the subject key identifier, if there is one, is one;
    /// 11. the key RSA of 2048 bits with the exponent 65537, or on P-384 where
    ///     that is accepted.
    ///
    /// Revocation isn't looked at: the proof says
    /// [`Pending`](super::Revocation::Pending), until
    /// [`ChainValidated::with_revocation`] got an answer. The data isn't public,
    /// and in a check-in the centre's answer closes it.
    ///
    /// ```
    /// use jiff::Timestamp;
    /// use uketsuke::card::CardCertificate;
    /// use uketsuke::eligibility::Failure;
    /// use uketsuke::trust::{ChainValidated, GraceRule, Roots, Standing};
    /// use uketsuke::{Realm, Realms};
    ///
    /// /// Production takes `Roots::jpki_authentication()` and `Realms::production()`.
    /// fn judge(
    ///     read: &CardCertificate,
    ///     (roots, realms): (&Roots, Realms),
    ///     now: Timestamp,
    /// ) -> Result<ChainValidated, Failure> {
    ///     roots
    ///         .validate_authentication(read, realms, now, GraceRule::EligibilityOnly)
    ///         .map_err(|error| Failure::from(&error))
    /// }
    ///
    /// # use uketsuke::VisitId;
    /// # use uketsuke::card::{Card, Jpki};
    /// # use uketsuke::simulation::{CardOptions, Persona, VirtualCard, VirtualReader};
    /// # use uketsuke::transport::Reader;
    /// # let now: Timestamp = "2026-06-01T00:00:00Z".parse()?;
    /// # let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// # let mut reader = VirtualReader::new();
    /// # reader.insert(VirtualCard::new(persona, CardOptions::default(), now));
    /// # let mut card = Card::new(reader.connect()?, VisitId::begin());
    /// # let mut jpki = card.open::<Jpki>()?;
    /// let read = jpki.authentication_certificate(&mut |_| ())?;
    /// let ours = (&Roots::simulation(), Realms::simulation());
    /// let chain = judge(&read, ours, now).map_err(|failure| failure.code())?;
    /// assert_eq!((chain.realm(), chain.standing()), (Realm::Simulation, Standing::InForce));
    ///
    /// // It ended in May 2028, and its grace with August.
    /// let late = "2028-10-01T00:00:00Z".parse()?;
    /// assert_eq!(judge(&read, ours, late).err(), Some(Failure::CertificateLapsed));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first rule that doesn't hold. What to tell the person is
    /// [`Failure`](crate::eligibility::Failure)`::from(&error)`.
    pub fn validate_authentication(
        &self,
        certificate: &CardCertificate,
        realms: Realms,
        now: Timestamp,
        grace: GraceRule,
    ) -> Result<ChainValidated, TrustError> {
        let asked = Asked {
            usage: CertificateUse::Authentication,
            realms,
            now,
            grace,
        };
        let accepted = path::check(certificate.der(), self, asked)?;
        Ok(ChainValidated::new(certificate, &accepted, grace))
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
        let asked = Asked {
            usage: CertificateUse::Authentication,
            realms,
            now,
            grace,
        };
        path::check(der, self, asked).map(|found| (found.standing, found.root.realm))
    }

    /// Validates the signing certificate that was read from a card.
    ///
    /// The rules are those of [`validate_authentication`](Self::validate_authentication)
    /// but for these: there is no grace; keyUsage with digitalSignature and
    /// nonRepudiation; no extKeyUsage; the policies are 1.2.392.200149.8.5.1.1.20
    /// (production) and 1.2.392.200149.8.5.1.0.20 (JPKI test).
    ///
    /// `self` is [`jpki_signing`](Self::jpki_signing): the roots for user
    /// authentication know no such issuer. For an example see
    /// [`IssuedHolder`](super::IssuedHolder).
    ///
    /// Revocation isn't looked at here either, and it weighs more: a signing
    /// certificate is revoked whenever its holder's name or address changes.
    /// [`SigningChainValidated::with_revocation`] asks about it.
    ///
    /// # Errors
    ///
    /// The first rule that doesn't hold.
    pub fn validate_signing(
        &self,
        certificate: &CardCertificate,
        realms: Realms,
        now: Timestamp,
    ) -> Result<SigningChainValidated, TrustError> {
        let accepted = path::check(certificate.der(), self, signing(realms, now))?;
        Ok(SigningChainValidated::new(certificate, &accepted))
    }

    /// The same rules for a signing certificate that came another way, without proof.
    ///
    /// ```
    /// use uketsuke::{Realm, Realms};
    /// use uketsuke::simulation::{CertificateSpec, Generation, VirtualPki};
    /// use uketsuke::trust::{Roots, Standing};
    ///
    /// let der = VirtualPki::new().signing_certificate(&CertificateSpec {
    ///     serial: 0x0500_0002,
    ///     common_name: "20240501010203000001001003A".into(),
    ///     not_before: "2024-05-01T01:02:03Z".parse()?,
    ///     not_after: "2029-04-01T14:59:59Z".parse()?,
    ///     generation: Generation::Third,
    ///     defect: None,
    /// });
    /// let now = "2026-06-01T00:00:00Z".parse()?;
    /// let found = Roots::simulation_signing().check_signing(&der, Realms::simulation(), now)?;
    /// assert_eq!(found, (Standing::InForce, Realm::Simulation));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`validate_signing`](Self::validate_signing).
    pub fn check_signing(
        &self,
        der: &[u8],
        realms: Realms,
        now: Timestamp,
    ) -> Result<(Standing, Realm), TrustError> {
        path::check(der, self, signing(realms, now)).map(|found| (found.standing, found.root.realm))
    }
}

/// The grace after the end is for eligibility, which a signature isn't.
const fn signing(realms: Realms, now: Timestamp) -> Asked {
    Asked {
        usage: CertificateUse::Signing,
        realms,
        now,
        grace: GraceRule::None,
    }
}
