use std::fmt;

use super::ledger::Place;
use super::{SecretKind, VerifyError};
use crate::Binding;

/// How many tries are left of one secret, as the card said it in this session.
///
/// ```
/// use uketsuke::VisitId;
/// use uketsuke::card::{AuthPin, Card, Jpki, LastTry, SecretKind, VerifyError};
/// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
/// # use uketsuke::transport::Reader;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let now = "2026-11-24T00:00:00Z".parse()?;
/// # let persona = Persona::named("in-order").ok_or("no such persona")?;
/// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
/// let mut card = Card::new(reader.connect()?, VisitId::begin());
/// let mut jpki = card.open::<Jpki>()?;
/// let kind = SecretKind::AuthPin;
/// let shown = format!("{:?}", jpki.tries_left(kind)?);
/// assert!(shown.starts_with("TriesLeft { kind: AuthPin, count: 3, "), "{shown}");
/// for (typed, left) in [("0000", 2), ("9999", 1)] {
///     let budget = jpki.tries_left(kind)?.budget(LastTry::Refuse)?;
///     let wrong = jpki.verify_pin(AuthPin::parse(typed)?, budget).unwrap_err();
///     assert_eq!(wrong, VerifyError::Wrong { kind, left });
/// }
/// // One left: it needs the person's word.
/// let refused = jpki.tries_left(kind)?.budget(LastTry::Refuse).unwrap_err();
/// assert_eq!(refused, VerifyError::LastTryNotAllowed { kind });
/// let budget = jpki.tries_left(kind)?.budget(LastTry::Allow)?;
/// assert!(jpki.verify_pin(AuthPin::parse("1234")?, budget).is_ok());
/// # jpki.close()?;
/// # Ok(()) }
/// ```
///
/// Not `Clone`: a count is good for one decision, and [`budget`](Self::budget)
/// takes it. It's the count of one secret in one application: 照合番号B is
/// counted apart in each that has it. Each later count and each VERIFY of the
/// same secret makes it stale, and where the card is shared with other programs so does opening an
/// application again.
#[derive(PartialEq, Eq)]
#[must_use]
pub struct TriesLeft {
    pub(super) place: Place,
    /// `None`: the card says that this secret has no limit (`6300`).
    pub(super) left: Option<u8>,
    pub(super) binding: Binding,
    pub(super) reading: u64,
}

impl fmt::Debug for TriesLeft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TriesLeft")
            .field("kind", &self.place.kind)
            .field("count", &self.count())
            .field("binding", &self.binding)
            .finish_non_exhaustive()
    }
}

impl TriesLeft {
    /// Tries left, 0..=15; 0 when locked. A secret without limit counts as 15.
    #[must_use]
    pub const fn count(&self) -> u8 {
        match self.left {
            Some(left) => left,
            None => 15,
        }
    }

    /// Whether no try is left.
    #[must_use]
    pub const fn is_locked(&self) -> bool {
        self.count() == 0
    }

    /// Which secret.
    #[must_use]
    pub const fn kind(&self) -> SecretKind {
        self.place.kind
    }

    /// Whose.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// Leave for one try.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Locked`] with no try left,
    /// [`VerifyError::LastTryNotAllowed`] with one left and
    /// [`LastTry::Refuse`].
    pub fn budget(self, last: LastTry) -> Result<TryBudget, VerifyError> {
        let kind = self.place.kind;
        match (self.count(), last) {
            (0, _) => Err(VerifyError::Locked {
                kind,
                by_this_try: false,
            }),
            (1, LastTry::Refuse) => Err(VerifyError::LastTryNotAllowed { kind }),
            _ => Ok(self.leave()),
        }
    }

    /// Leave for one try, as long as more than `reserve` tries are left: for a
    /// secret that a device reads and may misread, as 照合番号B.
    ///
    /// Nobody can be asked whether such a try is worth it, and only the municipal
    /// office gives lost ones back. So a device stops early, and what is kept is
    /// for people who type the number.
    ///
    /// ```
    /// # use uketsuke::VisitId;
    /// # use uketsuke::card::{Card, CardFace, ReferenceNumberB, SecretKind, VerifyError};
    /// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
    /// # use uketsuke::transport::Reader;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let now = "2026-11-24T00:00:00Z".parse()?;
    /// # let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    /// let mut card = Card::new(reader.connect()?, VisitId::begin());
    /// let mut face = card.open::<CardFace>()?;
    /// let kind = SecretKind::ReferenceNumberB;
    /// let misread = ReferenceNumberB::parse("11111111111111")?;
    /// let budget = face.tries_left(kind)?.budget_keeping(9)?;
    /// let wrong = face.verify_reference_number_b(misread, budget).unwrap_err();
    /// assert_eq!(wrong, VerifyError::Wrong { kind, left: 9 });
    /// let kept = face.tries_left(kind)?.budget_keeping(9).unwrap_err();
    /// assert_eq!(kept, VerifyError::KeptInReserve { kind, left: 9, reserve: 9 });
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`VerifyError::Locked`] with no try left, [`VerifyError::KeptInReserve`] with
    /// `reserve` or fewer.
    pub fn budget_keeping(self, reserve: u8) -> Result<TryBudget, VerifyError> {
        let (kind, left) = (self.place.kind, self.count());
        match left {
            0 => Err(VerifyError::Locked {
                kind,
                by_this_try: false,
            }),
            left if left <= reserve => Err(VerifyError::KeptInReserve {
                kind,
                left,
                reserve,
            }),
            _ => Ok(self.leave()),
        }
    }

    fn leave(self) -> TryBudget {
        TryBudget {
            place: self.place,
            left: self.left,
            binding: self.binding,
            reading: self.reading,
        }
    }
}

/// May the last try be used?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastTry {
    /// Refuse when only one is left: the usual choice, since a locked secret
    /// sends the person to the municipal office.
    Refuse,
    /// The person was warned and wants it.
    Allow,
}

/// Leave to present one secret once, on the count that it was made from.
///
/// Not `Clone`; VERIFY takes it together with the secret.
#[must_use]
pub struct TryBudget {
    pub(super) place: Place,
    pub(super) left: Option<u8>,
    pub(super) binding: Binding,
    pub(super) reading: u64,
}

impl fmt::Debug for TryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryBudget")
            .field("kind", &self.place.kind)
            .field("binding", &self.binding)
            .finish_non_exhaustive()
    }
}

impl TryBudget {
    /// Which secret it's for.
    #[must_use]
    pub const fn kind(&self) -> SecretKind {
        self.place.kind
    }
}
