use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};
use thiserror::Error;

use super::{
    Certificate, CertificateDigest, ChainValidated, ChallengeError, certificate::sha256,
    key::PublicKey, message,
};
use crate::{
    Binding, VisitId,
    card::{CardSignature, SignatureInput},
};

/// Name of the terminal: 1 to 64 characters of printable ASCII (space to `~`).
///
/// It goes into what the card signs, so a signature tells where it was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TerminalId(String);

impl TerminalId {
    /// Takes 1 to 64 characters of printable ASCII.
    ///
    /// ```
    /// use uketsuke::trust::{TerminalId, TerminalIdError};
    ///
    /// assert_eq!(TerminalId::new("reception-1")?.as_str(), "reception-1");
    /// assert_eq!(TerminalId::new(""), Err(TerminalIdError::Length { len: 0 }));
    /// assert_eq!(TerminalId::new("desk 受付"), Err(TerminalIdError::Character { position: 5 }));
    /// # Ok::<(), TerminalIdError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`TerminalIdError::Character`] if any character is another one, else
    /// [`TerminalIdError::Length`] if there are none or more than 64.
    pub fn new(id: &str) -> Result<Self, TerminalIdError> {
        if let Some(position) = id.bytes().position(|byte| !matches!(byte, b' '..=b'~')) {
            return Err(TerminalIdError::Character { position });
        }
        if !(1..=64).contains(&id.len()) {
            return Err(TerminalIdError::Length { len: id.len() });
        }
        Ok(Self(id.to_owned()))
    }

    /// As given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As given.
impl fmt::Display for TerminalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// As [`TerminalId::new`].
impl FromStr for TerminalId {
    type Err = TerminalIdError;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Self::new(id)
    }
}

/// Why a text can't name a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TerminalIdError {
    /// Empty or too long.
    #[error("a terminal's name has 1 to 64 characters, this one {len}")]
    Length {
        /// Characters given.
        len: usize,
    },
    /// Something other than printable ASCII.
    #[error("a terminal's name is printable ASCII; the character at byte {position} is not")]
    Character {
        /// Where the first such character begins, in bytes from 0.
        position: usize,
    },
}

/// What the signature is for. It goes into what the card signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// A check-in at a reception; `check-in` in the message.
    CheckIn,
    /// A photo whose chip is to be proved to be in the reader
    /// ([`LivePhoto`](super::LivePhoto)); `live-photo` in the message.
    LivePhoto,
}

impl Purpose {
    /// Every purpose there is.
    const ALL: [Self; 2] = [Self::CheckIn, Self::LivePhoto];

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|purpose| purpose.as_bytes() == bytes)
    }

    /// The bytes that stand for it in the message.
    pub(super) const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::CheckIn => b"check-in",
            Self::LivePhoto => b"live-photo",
        }
    }
}

/// Something fresh for the card to sign: of one visit, for one use, for a short time.
///
/// It can't be copied, and [`verify`](Self::verify) consumes it. What is signed
/// is always the digest of a message that begins with a label of this library;
/// no raw digest of a caller gets in, so the signature is good for nothing else.
pub struct Challenge {
    visit: VisitId,
    purpose: Purpose,
    message: Vec<u8>,
    expires: Timestamp,
}

impl Challenge {
    /// Fewest and most bytes that [`from_centre_bytes`](Self::from_centre_bytes) takes.
    pub const CENTRE_BYTES: std::ops::RangeInclusive<usize> = 16..=1024;

    /// A challenge of this terminal's own, with 32 bytes from the system's
    /// generator.
    ///
    /// The message is `uketsuke/1 challenge` and a zero byte, then, each behind
    /// its length as four bytes big-endian: terminal, purpose, `now` in seconds
    /// since 1970 as eight bytes big-endian, and the random bytes. The visit
    /// isn't in the message: it means nothing to others, and is bound by the
    /// proofs on this side.
    ///
    /// It is accepted through `now + lifetime`; a `lifetime` below zero makes a
    /// challenge that has expired.
    ///
    /// # Errors
    ///
    /// [`ChallengeError::NoRandomness`].
    pub fn generate(
        visit: VisitId,
        terminal: &TerminalId,
        purpose: Purpose,
        now: Timestamp,
        lifetime: SignedDuration,
    ) -> Result<Self, ChallengeError> {
        let mut random = [0; 32];
        SystemRandom::new()
            .fill(&mut random)
            .map_err(|_| ChallengeError::NoRandomness)?;
        let message = message::own(terminal.as_str(), purpose, now.as_second(), &random);
        Ok(Self {
            visit,
            purpose,
            message,
            expires: expiry(now, lifetime),
        })
    }

    /// A challenge whose bytes come from a centre that wants to see them signed.
    ///
    /// They aren't signed as they are: the message is `uketsuke/1 centre` and a
    /// zero byte, their length as four bytes big-endian, and the bytes. That
    /// they are fresh is the centre's word, which is why this has a name of its
    /// own. Terminal and time aren't in the message. Good for [`Purpose::CheckIn`] only.
    ///
    /// # Errors
    ///
    /// [`ChallengeError::CentreBytes`] unless there are 16 to 1,024.
    pub fn from_centre_bytes(
        visit: VisitId,
        bytes: &[u8],
        now: Timestamp,
        lifetime: SignedDuration,
    ) -> Result<Self, ChallengeError> {
        if !Self::CENTRE_BYTES.contains(&bytes.len()) {
            return Err(ChallengeError::CentreBytes {
                len: bytes.len(),
                min: *Self::CENTRE_BYTES.start(),
                max: *Self::CENTRE_BYTES.end(),
            });
        }
        Ok(Self {
            visit,
            purpose: Purpose::CheckIn,
            message: message::centre(bytes),
            expires: expiry(now, lifetime),
        })
    }

    /// The visit it was made for.
    #[must_use]
    pub const fn visit(&self) -> VisitId {
        self.visit
    }

    /// Last instant at which a signature over it is accepted.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }

    /// What the card signs: SHA-256 over the message.
    #[must_use]
    pub fn signature_input(&self) -> SignatureInput {
        SignatureInput::sha256(sha256(&self.message))
    }

    /// Checks what the card signed with the key of the validated certificate.
    ///
    /// Whatever the result, the challenge is used up.
    ///
    /// # Errors
    ///
    /// Too late; made for another purpose than [`Purpose::CheckIn`]; chain,
    /// challenge and signature not of one visit, or chain and signature not of one
    /// card session; not signed by that key. In this order.
    pub fn verify(
        self,
        chain: &ChainValidated,
        signature: CardSignature,
        now: Timestamp,
    ) -> Result<ChallengeSigned, ChallengeError> {
        self.is_good_for(Purpose::CheckIn, now)?;
        let binding = chain.binding();
        if binding.visit() != self.visit || signature.binding() != binding {
            return Err(ChallengeError::OtherVisit);
        }
        let key = chain.key();
        self.is_signed(|message| key.verify(key.kind.signs(), message, signature.bytes()))?;
        Ok(ChallengeSigned {
            binding,
            digest: chain.digest(),
            message: self.message,
            signature: signature.bytes().to_vec(),
        })
    }

    pub(super) fn is_good_for(
        &self,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<(), ChallengeError> {
        if now > self.expires {
            return Err(ChallengeError::Expired {
                expired: self.expires,
                now,
            });
        }
        match self.purpose == purpose {
            true => Ok(()),
            false => Err(ChallengeError::OtherPurpose),
        }
    }

    pub(super) fn is_signed(
        &self,
        verify: impl FnOnce(&[u8]) -> bool,
    ) -> Result<(), ChallengeError> {
        match verify(&self.message) {
            true => Ok(()),
            false => Err(ChallengeError::BadSignature),
        }
    }
}

#[cfg(test)]
impl Challenge {
    pub(super) fn message(&self) -> &[u8] {
        &self.message
    }
}

/// Doesn't show the message.
impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenge")
            .field("visit", &self.visit)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Proof that the card of this session holds the private key of the validated
/// certificate: it signed a fresh challenge of this visit.
///
/// Made by [`Challenge::verify`] only; can't be copied.
pub struct ChallengeSigned {
    binding: Binding,
    digest: CertificateDigest,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl ChallengeSigned {
    /// The visit and card session of certificate, challenge and signature.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// SHA-256 over the certificate whose key signed.
    #[must_use]
    pub const fn digest(&self) -> CertificateDigest {
        self.digest
    }

    /// Message and signature, for a centre that checks them again.
    #[must_use]
    pub fn signed(&self) -> SignedChallenge {
        SignedChallenge {
            message: self.message.clone(),
            signature: self.signature.clone(),
        }
    }
}

/// Shows neither message nor signature.
impl fmt::Debug for ChallengeSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChallengeSigned")
            .field("binding", &self.binding)
            .finish_non_exhaustive()
    }
}

/// A signed challenge on its way to a centre, which believes nobody and checks it again.
///
/// Plain data: whoever holds one has proved nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedChallenge {
    /// What was signed: label, then fields behind their lengths; see [`Challenge`].
    pub message: Vec<u8>,
    /// RSASSA-PKCS1-v1_5 with SHA-256 over `message`, 256 bytes.
    pub signature: Vec<u8>,
}

impl SignedChallenge {
    /// The centre's check: the message is a challenge of this library, and the
    /// key of this certificate signed it.
    ///
    /// The certificate must be validated as well
    /// ([`Roots::check_authentication`](super::Roots::check_authentication)), and the
    /// fields must be fresh and new ([`fields`](Self::fields)); that is the centre's to judge.
    ///
    /// # Errors
    ///
    /// [`NotAChallenge`](ChallengeError::NotAChallenge),
    /// [`OtherPurpose`](ChallengeError::OtherPurpose) unless it is one for a
    /// check-in, [`NoKey`](ChallengeError::NoKey), or [`BadSignature`](ChallengeError::BadSignature).
    pub fn verify(&self, certificate: &[u8]) -> Result<(), ChallengeError> {
        match self.fields().ok_or(ChallengeError::NotAChallenge)? {
            SignedFields::Centre { .. } => {}
            SignedFields::Own {
                purpose: Purpose::CheckIn,
                ..
            } => {}
            SignedFields::Own { .. } => return Err(ChallengeError::OtherPurpose),
        }
        let key = Certificate::parse(certificate)
            .and_then(|certificate| PublicKey::parse(certificate.key()))
            .ok()
            .flatten()
            .filter(|key| key.kind.is_accepted())
            .ok_or(ChallengeError::NoKey)?;
        if key.verify(key.kind.signs(), &self.message, &self.signature) {
            Ok(())
        } else {
            Err(ChallengeError::BadSignature)
        }
    }

    /// What the message says; `None` if it isn't one of this library.
    #[must_use]
    pub fn fields(&self) -> Option<SignedFields<'_>> {
        message::read(&self.message)
    }
}

/// Shows lengths only.
impl fmt::Debug for SignedChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedChallenge")
            .field("message_len", &self.message.len())
            .field("signature_len", &self.signature.len())
            .finish()
    }
}

/// What a signed message says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SignedFields<'a> {
    /// Of [`Challenge::generate`].
    Own {
        /// [`TerminalId`] of the terminal that asked.
        terminal: &'a str,
        /// What for.
        purpose: Purpose,
        /// When it was made, in seconds since 1970.
        second: i64,
        /// 32 bytes, different each time.
        random: &'a [u8; 32],
    },
    /// Of [`Challenge::from_centre_bytes`].
    Centre {
        /// The centre's own bytes.
        bytes: &'a [u8],
    },
}

/// Beyond the end of representable time it's the end of time.
fn expiry(now: Timestamp, lifetime: SignedDuration) -> Timestamp {
    now.saturating_add(lifetime).unwrap_or(now)
}
