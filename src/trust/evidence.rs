use std::fmt;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    CertificateDigest, ChainValidated, ChallengeSigned, EvidenceError, GraceRule, Roots,
    SignedChallenge, SignedFields, Standing, TerminalId, TerminalKey, evidence_bytes,
};
use crate::{Realm, Realms, eligibility::Identified};

/// What whoever made an [`Evidence`] says about it. Nothing of it is proved;
/// with a [terminal's signature](Evidence::signed_by_terminal) it is at least
/// that terminal's word.
///
/// ```
/// use uketsuke::trust::{Claims, TerminalId};
///
/// let mut claims = Claims::default();
/// claims.claimed_time = Some("2026-06-01T09:30:00+09:00".parse()?);
/// claims.claimed_terminal = Some(TerminalId::new("reception-1")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claims {
    /// When the card is said to have signed; parts of a second are cut.
    pub claimed_time: Option<Timestamp>,
    /// The terminal that is said to have asked for the signature.
    pub claimed_terminal: Option<TerminalId>,
    /// The world that it is said to have happened in. What can be proved of it
    /// is [`EvidenceVerified::realm`].
    pub claimed_realm: Option<Realm>,
    /// How the person is said to have been identified.
    pub claimed_method: Option<Identified>,
}

/// Certificate, challenge and signature of a check-in, to be shown to somebody
/// else later.
///
/// **What it proves:** the key of this certificate signed this challenge, and
/// whether the certificate was good under the roots that the verifier trusts, at
/// the time that he believes. No more. When that was, where, and who held the
/// card are [`Claims`]. Name of the terminal and time in the message that the
/// card signed are no better than these: the card signs what it is given. Nor is
/// it known that the challenge was fresh, that nobody made many of them with the
/// card at another desk, or that the certificate wasn't revoked.
///
/// It is made by an explicit call only ([`of`](Self::of), or
/// [`Proofs::accept_with_evidence`](crate::checkin::Proofs::accept_with_evidence));
/// a check-in by itself keeps none. The certificate in it tells one person from
/// all others for years: before you keep it, know why you may.
///
/// Can't be copied; `Debug` shows no certificate, message or signature, and the
/// certificate is wiped when dropped.
///
/// ```
/// # use jiff::{SignedDuration, Timestamp};
/// # use uketsuke::card::{AuthPin, Card, Jpki, LastTry, SecretKind};
/// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader, VirtualCard};
/// # use uketsuke::transport::Reader;
/// use uketsuke::trust::{
///     Challenge, Claims, Evidence, EvidenceError, GraceRule, Purpose, Roots, TerminalId,
/// };
/// use uketsuke::{Realms, VisitId};
///
/// # let now: Timestamp = "2026-06-01T00:00:00Z".parse()?;
/// # let persona = Persona::named("in-order").ok_or("no such persona")?;
/// # let mut reader = VirtualReader::new();
/// # reader.insert(VirtualCard::new(persona, CardOptions::default(), now));
/// # let visit = VisitId::begin();
/// # let mut card = Card::new(reader.connect()?, visit);
/// # let mut jpki = card.open::<Jpki>()?;
/// # let certificate = jpki.authentication_certificate(&mut |_| ())?;
/// # let chain = Roots::simulation()
/// #     .validate_authentication(&certificate, Realms::simulation(), now, GraceRule::None)?;
/// # let budget = jpki.tries_left(SecretKind::AuthPin)?.budget(LastTry::Refuse)?;
/// # let pin = AuthPin::parse(&CardOptions::default().auth_pin)?;
/// # let _right = jpki.verify_pin(pin, budget)?;
/// # let terminal = TerminalId::new("reception-1")?;
/// # let lifetime = SignedDuration::from_secs(60);
/// # let challenge = Challenge::generate(visit, &terminal, Purpose::CheckIn, now, lifetime)?;
/// # let signature = jpki.sign_authentication(&challenge.signature_input())?;
/// # let signed = challenge.verify(&chain, signature, now)?;
/// // At the desk, with the proofs of a check-in.
/// let mut claims = Claims::default();
/// claims.claimed_time = Some(now);
/// let kept = Evidence::of(&chain, &signed, claims)?.to_bytes();
///
/// // Later, with nothing but roots and a time.
/// let evidence = Evidence::from_bytes(&kept)?;
/// let time_that_i_believe = "2026-06-02T00:00:00Z".parse()?;
/// let (roots, realms) = (Roots::simulation(), Realms::simulation());
/// let verified = evidence.verify(&roots, realms, time_that_i_believe, GraceRule::None)?;
/// assert_eq!(verified.realm(), uketsuke::Realm::Simulation);
/// assert_eq!(evidence.claims().claimed_time, Some(now)); // as it says itself
///
/// // Under other roots it proves nothing.
/// let production = Roots::jpki_authentication();
/// let realms = Realms::production();
/// let refused = evidence.verify(&production, realms, time_that_i_believe, GraceRule::None);
/// assert!(matches!(refused, Err(EvidenceError::Chain(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Evidence {
    pub(super) certificate: Zeroizing<Vec<u8>>,
    pub(super) signed: SignedChallenge,
    pub(super) claims: Claims,
    pub(super) terminal_signature: Option<[u8; 64]>,
}

impl Evidence {
    /// Longest form that is looked at, in bytes.
    pub const MAX_LEN: usize = evidence_bytes::MAX_LEN;

    /// From the proofs of a check-in.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::OtherSession`] if they aren't of one card session and
    /// one certificate; [`EvidenceError::TooLong`] for what the form has no room for.
    pub fn of(
        chain: &ChainValidated,
        signed: &ChallengeSigned,
        mut claims: Claims,
    ) -> Result<Self, EvidenceError> {
        if chain.binding() != signed.binding() || chain.digest() != signed.digest() {
            return Err(EvidenceError::OtherSession);
        }
        claims.claimed_time = claims.claimed_time.map(whole_seconds);
        let signed = signed.signed();
        evidence_bytes::fits(chain.certificate(), &signed)?;
        Ok(Self {
            certificate: Zeroizing::new(chain.certificate().to_vec()),
            signed,
            claims,
            terminal_signature: None,
        })
    }

    /// Adds the signature of a terminal over all of it, claims included.
    ///
    /// `sign` is given the bytes to sign: those of [`to_bytes`](Self::to_bytes)
    /// up to the last field. They begin with a label of their own. It gives an
    /// Ed25519 signature or an ECDSA one on P-256 with SHA-256 as r and s: see
    /// [`TerminalKey`]. An earlier signature is replaced.
    ///
    /// ```
    /// use ring::signature::Ed25519KeyPair;
    /// use uketsuke::trust::Evidence;
    ///
    /// fn sign(evidence: Evidence, key: &Ed25519KeyPair) -> Result<Evidence, Box<dyn std::error::Error>> {
    ///     evidence.signed_by_terminal(|bytes| Ok(key.sign(bytes).as_ref().try_into()?))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `sign`; the evidence is gone then.
    pub fn signed_by_terminal<E>(
        mut self,
        sign: impl FnOnce(&[u8]) -> Result<[u8; 64], E>,
    ) -> Result<Self, E> {
        self.terminal_signature = Some(sign(&evidence_bytes::unsigned(&self))?);
        Ok(self)
    }

    /// The form in which it is kept: one for each content, at most
    /// [`MAX_LEN`](Self::MAX_LEN) bytes.
    ///
    /// `uketsuke/1 evidence` and a zero byte, then eight fields, each behind its
    /// length as four bytes big-endian; one that isn't claimed has the length 0:
    ///
    /// | field | bytes |
    /// |---|---|
    /// | certificate, DER | to 8,192 |
    /// | message that the card signed (see [`Challenge`](super::Challenge)) | to 1,046 |
    /// | the card's signature over it | to 512; today 256 |
    /// | claimed time, seconds since 1970 as a signed number, big-endian | 0 or 8 |
    /// | claimed terminal, ASCII | 0 to 64 |
    /// | claimed realm: 1 production, 2 JPKI test, 3 simulation | 0 or 1 |
    /// | claimed method: 1 PIN, 2 face, 3 staff, 4 the holder's phone | 0 or 1 |
    /// | terminal's signature, over everything before this field's length | 0 or 64 |
    ///
    /// Another form will have another number in its label. Personal; wiped when dropped.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        evidence_bytes::write(self)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) gave, and nothing else. Reading
    /// proves nothing.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::TooLong`], [`NotEvidence`](EvidenceError::NotEvidence),
    /// [`Truncated`](EvidenceError::Truncated), [`Field`](EvidenceError::Field) or
    /// [`TrailingBytes`](EvidenceError::TrailingBytes).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EvidenceError> {
        evidence_bytes::read(bytes)
    }

    /// Checks that the key of the certificate signed the challenge, and then the
    /// certificate: by the rules of
    /// [`check_authentication`](Roots::check_authentication), under these roots,
    /// as if it were `at`.
    ///
    /// `at` is the time at which the verifier believes that the card signed. The
    /// claimed time is a reason for it only if the terminal's signature was
    /// checked, and the terminal and its clock are believed.
    ///
    /// Revocation isn't looked at. A verifier with lists asks them about
    /// [`certificate`](Self::certificate) himself ([`RevocationQuery::new`]). Evidence
    /// proves nothing where the certificate was [revoked](super::Revoked) at `at` or
    /// before. Issuers drop lapsed certificates from their lists, so it takes one of a
    /// time when this one was in force.
    ///
    /// [`RevocationQuery::new`]: super::RevocationQuery::new
    ///
    /// # Errors
    ///
    /// [`EvidenceError::Challenge`] if the key didn't sign it, else
    /// [`EvidenceError::Chain`] if the certificate isn't good at that time: also
    /// when it lapsed since, so that a verifier who believes in an earlier time
    /// may ask for that one.
    pub fn verify(
        &self,
        roots: &Roots,
        realms: Realms,
        at: Timestamp,
        grace: GraceRule,
    ) -> Result<EvidenceVerified, EvidenceError> {
        self.signed
            .verify(&self.certificate)
            .map_err(EvidenceError::Challenge)?;
        let (standing, realm) = roots
            .check_authentication(&self.certificate, realms, at, grace)
            .map_err(EvidenceError::Chain)?;
        Ok(EvidenceVerified {
            digest: CertificateDigest::of(&self.certificate),
            at,
            standing,
            realm,
        })
    }

    /// Checks the terminal's signature with the key that the verifier knows to
    /// be that terminal's, and gives the claims, which are its word then.
    ///
    /// Says nothing of certificate and challenge: for these there is
    /// [`verify`](Self::verify).
    ///
    /// # Errors
    ///
    /// [`EvidenceError::NotSignedByTerminal`] or
    /// [`BadTerminalSignature`](EvidenceError::BadTerminalSignature).
    pub fn verify_terminal(&self, key: &TerminalKey) -> Result<&Claims, EvidenceError> {
        let signature = self.terminal_signature.as_ref();
        let signature = signature.ok_or(EvidenceError::NotSignedByTerminal)?;
        if key.verifies(&evidence_bytes::unsigned(self), signature) {
            Ok(&self.claims)
        } else {
            Err(EvidenceError::BadTerminalSignature)
        }
    }

    /// What it says about itself, by whomever.
    #[must_use]
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Whether there is a terminal's signature, right or wrong.
    #[must_use]
    pub const fn has_terminal_signature(&self) -> bool {
        self.terminal_signature.is_some()
    }

    /// DER of the certificate, not validated. Personal.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Message and signature of the card, not verified.
    #[must_use]
    pub const fn signed(&self) -> &SignedChallenge {
        &self.signed
    }

    /// What the message says; `None` if it isn't one of this library. Terminal
    /// and time in it are the word of whoever let the card sign.
    #[must_use]
    pub fn fields(&self) -> Option<SignedFields<'_>> {
        self.signed.fields()
    }
}

/// Shows lengths and whether a terminal signed, nothing that tells whose it is.
impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("certificate_len", &self.certificate.len())
            .field("signed", &self.signed)
            .field("has_terminal_signature", &self.has_terminal_signature())
            .finish_non_exhaustive()
    }
}

/// The key of this certificate signed that challenge, and the certificate was
/// good at the time that was asked about. Made by [`Evidence::verify`] only.
///
/// It isn't a proof for a check-in: evidence can be copied and shown again, so
/// no [`ChallengeSigned`] comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceVerified {
    digest: CertificateDigest,
    at: Timestamp,
    standing: Standing,
    realm: Realm,
}

impl EvidenceVerified {
    /// SHA-256 over the certificate whose key signed.
    #[must_use]
    pub const fn digest(&self) -> CertificateDigest {
        self.digest
    }

    /// The time that was asked about.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Where in its life the certificate was then.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// The realm of the root that signed the certificate.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }
}

fn whole_seconds(time: Timestamp) -> Timestamp {
    // In range, since the time itself is.
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
