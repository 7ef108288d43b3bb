use thiserror::Error;

use super::{ReferenceSourceError, SecretKind};
use crate::apdu::{ExchangeError, StatusWord};
use crate::tlv::TlvError;
use crate::transport::TransportError;

/// The card layer failed.
///
/// By blame: the link ([`Transport`](Self::Transport)), the card
/// ([`NoApplication`](Self::NoApplication), [`Refused`](Self::Refused),
/// [`Malformed`](Self::Malformed), [`Tlv`](Self::Tlv),
/// [`Exchange`](Self::Exchange), [`TooLong`](Self::TooLong)), or the order of
/// the calls ([`NotVerified`](Self::NotVerified), [`Misuse`](Self::Misuse)).
/// No variant carries bytes of the card or of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CardError {
    /// The card doesn't have the application (status `6A82`), or knows no
    /// applications at all (`6A81`, `6D00`, `6E00`): for JPKI this means that it
    /// isn't a My Number card.
    #[error("the card has no {application} application")]
    NoApplication {
        /// Name of the application.
        application: &'static str,
    },
    /// The card answered with a status that isn't success.
    #[error("the card refused {what}: {status}")]
    Refused {
        /// What was asked.
        what: &'static str,
        /// Its answer.
        status: StatusWord,
    },
    /// A secret must be verified first (status `6982`). On a phone the
    /// authentication certificate too is behind the PIN.
    #[error("{what} needs a secret to be verified first")]
    NotVerified {
        /// What was asked.
        what: &'static str,
    },
    /// The card's answer makes no sense.
    #[error("the card's answer to {what} makes no sense: {why}")]
    Malformed {
        /// What was asked.
        what: &'static str,
        /// What is wrong with the answer.
        why: &'static str,
    },
    /// A file of the card isn't the TLV that it should be.
    #[error("{what}: {source}")]
    Tlv {
        /// Which file.
        what: &'static str,
        /// What is wrong at which byte.
        source: TlvError,
    },
    /// The card's answers to one command lead nowhere.
    #[error("{what}: {source}")]
    Exchange {
        /// What was asked.
        what: &'static str,
        /// Why it was given up.
        source: ExchangeError,
    },
    /// A file says that it's longer than what is read of such a file.
    #[error("{what} says it has {len} bytes, at most {max} are read")]
    TooLong {
        /// Which file.
        what: &'static str,
        /// Bytes that it claims.
        len: usize,
        /// Bytes that are read at most.
        max: usize,
    },
    /// The link failed. After a removal, a reset or an unknown outcome the
    /// application counts as lost: open it again.
    #[error("{what}: {source}")]
    Transport {
        /// What was asked.
        what: &'static str,
        /// What happened to the link.
        source: TransportError,
    },
    /// A key may still be open on the card, and it couldn't be powered off: let
    /// the card be taken off the reader.
    #[error("the card could not be powered off; nothing more is sent to it")]
    Dirty,
    /// The call isn't one that is sent to a card. Nothing was sent.
    #[error("nothing was sent: {what}")]
    Misuse {
        /// Why not.
        what: &'static str,
    },
}

impl CardError {
    /// The link's error, where the link is to blame.
    #[must_use]
    pub const fn transport(&self) -> Option<TransportError> {
        match self {
            Self::Transport { source, .. } => Some(*source),
            _ => None,
        }
    }
}

/// Presenting a secret failed. Each variant says what became of the try.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The value is wrong (`63Cx`): one try was spent, `left` remain, at least
    /// one.
    #[error("wrong {kind}, {left} {} left", if *.left == 1 { "try" } else { "tries" })]
    Wrong {
        /// Which secret.
        kind: SecretKind,
        /// Tries left as the card said it, 1..=15.
        left: u8,
    },
    /// The secret is locked. Only the municipal office (for some secrets a
    /// convenience store's terminal) unlocks it.
    #[error("{kind} is locked")]
    Locked {
        /// Which secret.
        kind: SecretKind,
        /// Whether this try was counted, and was the last: `63C0`, or a card that
        /// says blocked (`6983`, `6984`) to a try when one was left, as the
        /// standard allows. Otherwise the secret was locked before: nothing was
        /// sent, or the card took no try.
        by_this_try: bool,
    },
    /// One try is left and the caller didn't allow it. Nothing was sent.
    #[error("{kind}: only one try is left, and it was not allowed; nothing was sent")]
    LastTryNotAllowed {
        /// Which secret.
        kind: SecretKind,
    },
    /// No more tries are left than were to be kept. Nothing was sent.
    #[error("{kind}: {left} tries are left, and {reserve} are kept; nothing was sent")]
    KeptInReserve {
        /// Which secret.
        kind: SecretKind,
        /// Tries left, at least one.
        left: u8,
        /// How many are kept.
        reserve: u8,
    },
    /// The card refused this very value earlier in this visit; or may have, in
    /// another application, where the answer was lost and the count wasn't read
    /// since. Nothing was sent.
    #[error("{kind}: this value was refused before; nothing was sent")]
    AlreadyRefused {
        /// Which secret.
        kind: SecretKind,
    },
    /// The budget is another secret's, another session's, or from a count that
    /// isn't the latest. Nothing was sent: read the tries left again.
    #[error(
        "{kind}: the budget does not belong to this secret, session and count; nothing was sent, read the tries left again"
    )]
    ForeignBudget {
        /// Which secret was to be presented.
        kind: SecretKind,
    },
    /// The answer was lost: the try may have been spent, or the secret
    /// accepted. Open the application and read the count before anything else.
    #[error("{kind}: whether the try was counted is unknown; read the tries left first")]
    OutcomeUnknown {
        /// Which secret.
        kind: SecretKind,
        /// What happened to the link.
        source: TransportError,
    },
    /// The card answered with a status that says nothing of the try. Whether it
    /// was counted is unknown: read the count again.
    #[error("the card refused {kind} with {status}; whether the try was counted is unknown")]
    Refused {
        /// Which secret.
        kind: SecretKind,
        /// The card's answer.
        status: StatusWord,
    },
    /// The card answered, but not with the bare status that belongs here.
    /// Whether the try was counted is unknown: read the count again.
    #[error("{kind}: whether the try was counted is unknown: {source}")]
    Unclear {
        /// Which secret.
        kind: SecretKind,
        /// What is wrong with the answer.
        source: CardError,
    },
    /// Reading the number off the card's face failed; nothing was sent.
    #[error(transparent)]
    Source(#[from] ReferenceSourceError),
    /// The card layer failed and the secret didn't reach the card: no try was
    /// spent.
    #[error(transparent)]
    Card(#[from] CardError),
}

impl VerifyError {
    /// Whether this presentation may have cost a try, for sure or perhaps.
    ///
    /// `true`: [`Wrong`](Self::Wrong), [`Locked`](Self::Locked) by this try,
    /// and whatever leaves it open: [`OutcomeUnknown`](Self::OutcomeUnknown),
    /// [`Refused`](Self::Refused), [`Unclear`](Self::Unclear). `false`: nothing
    /// was sent, it never reached the card, or the secret was locked before.
    ///
    /// ```
    /// use uketsuke::card::{SecretKind, VerifyError};
    ///
    /// let kind = SecretKind::AuthPin;
    /// let wrong = VerifyError::Wrong { kind, left: 1 };
    /// assert_eq!(wrong.to_string(), "wrong authentication PIN, 1 try left");
    /// assert!(wrong.try_may_be_spent());
    /// assert!(VerifyError::Locked { kind, by_this_try: true }.try_may_be_spent());
    /// assert!(!VerifyError::Locked { kind, by_this_try: false }.try_may_be_spent());
    /// assert!(!VerifyError::AlreadyRefused { kind }.try_may_be_spent());
    /// ```
    #[must_use]
    pub const fn try_may_be_spent(&self) -> bool {
        match self {
            Self::Wrong { .. }
            | Self::OutcomeUnknown { .. }
            | Self::Refused { .. }
            | Self::Unclear { .. } => true,
            Self::Locked { by_this_try, .. } => *by_this_try,
            Self::LastTryNotAllowed { .. }
            | Self::KeptInReserve { .. }
            | Self::AlreadyRefused { .. }
            | Self::ForeignBudget { .. }
            | Self::Source(_)
            | Self::Card(_) => false,
        }
    }
}

/// Changing a PIN or password failed. Each variant says which value holds.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The card refused the new value, or to change anything: the old value
    /// holds.
    #[error("the card refused the new {kind} with {status}; the old one holds")]
    Refused {
        /// Which secret.
        kind: SecretKind,
        /// The card's answer.
        status: StatusWord,
    },
    /// The answer was lost: either the old or the new value holds. Open the
    /// application again and let the person present the new value first; if it's
    /// refused the old one holds, and one try was spent.
    #[error("{kind}: whether the old or the new one holds is unknown; try the new one first")]
    OutcomeUnknown {
        /// Which secret.
        kind: SecretKind,
        /// What happened to the link.
        source: TransportError,
    },
    /// The card answered, but what it did it didn't say: either the old or the
    /// new value holds, as with a lost answer.
    #[error("{kind}: whether the old or the new one holds is unknown: {source}")]
    Unclear {
        /// Which secret.
        kind: SecretKind,
        /// What is wrong with the answer.
        source: CardError,
    },
    /// The new value didn't reach the card: the old one holds.
    #[error(transparent)]
    Card(#[from] CardError),
}

impl ChangeError {
    /// Whether it's certain that the old value holds.
    ///
    /// ```
    /// use uketsuke::apdu::StatusWord;
    /// use uketsuke::card::{ChangeError, SecretKind};
    ///
    /// let kind = SecretKind::AuthPin;
    /// let status = StatusWord::NOT_VERIFIED;
    /// assert!(ChangeError::Refused { kind, status }.old_value_holds());
    /// ```
    #[must_use]
    pub const fn old_value_holds(&self) -> bool {
        match self {
            Self::Refused { .. } | Self::Card(_) => true,
            Self::OutcomeUnknown { .. } | Self::Unclear { .. } => false,
        }
    }
}
