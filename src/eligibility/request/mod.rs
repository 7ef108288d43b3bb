//! Questions to the centre.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

mod presented;

pub use presented::{Identified, Presented};

use jiff::civil::Date;

use super::message::NumberQuestion;
use super::{Consents, PrescriptionIssue};

static NUMBERS: AtomicU64 = AtomicU64::new(1);

/// Numbers a request, unique and rising within the process. An answer to another
/// number changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestNumber(u64);

impl RequestNumber {
    /// The next number; never handed out twice.
    ///
    /// ```
    /// use uketsuke::eligibility::RequestNumber;
    ///
    /// let first = RequestNumber::next();
    /// assert!(RequestNumber::next().get() > first.get());
    /// assert_eq!(first.to_string(), first.get().to_string());
    /// ```
    #[must_use]
    pub fn next() -> Self {
        Self(NUMBERS.fetch_add(1, Ordering::Relaxed))
    }

    /// The number, for logs and for the wire.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// The number.
impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A question to the centre. Its number and what is asked can't be exchanged
/// afterwards, so that an answer about one person can't be counted for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    number: RequestNumber,
    asked: Asked,
}

/// What a [`Request`] asks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asked {
    /// On a reader: with the proof of a check-in.
    WithProof {
        /// The proof.
        presented: Box<Presented>,
        /// What is asked about its holder.
        kind: RequestKind,
    },
    /// At the clinic's desk: by the numbers of an insurance, without any proof
    /// that the person is there. Its answer never ends a check-in:
    /// [`confirm`](super::confirm()) refuses it, [`found`](super::found) judges it.
    ByNumber {
        /// The day for which is asked (資格確認日), which may be past.
        on: Date,
        /// About whom.
        person: Box<NumberQuestion>,
    },
}

impl Request {
    /// A new question with the proof of a check-in, with a number of its own.
    #[must_use]
    pub fn new(presented: Presented, kind: RequestKind) -> Self {
        Self {
            number: RequestNumber::next(),
            asked: Asked::WithProof {
                presented: Box::new(presented),
                kind,
            },
        }
    }

    /// A new question by the numbers of an insurance, about its state on the day
    /// `on`, with a number of its own.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use uketsuke::eligibility::message::{Insured, NumberQuestion};
    /// use uketsuke::eligibility::{InsurerNumber, Request};
    ///
    /// let insurer = InsurerNumber::parse("139998").ok_or("no insurer's number")?;
    /// let person = NumberQuestion::new(Insured::new(insurer, "1234")?, date(1980, 4, 1));
    /// let request = Request::by_number(date(2026, 11, 5), person);
    /// assert!(request.presented().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn by_number(on: Date, person: NumberQuestion) -> Self {
        Self {
            number: RequestNumber::next(),
            asked: Asked::ByNumber {
                on,
                person: Box::new(person),
            },
        }
    }

    /// Its number.
    #[must_use]
    pub const fn number(&self) -> RequestNumber {
        self.number
    }

    /// What is asked.
    #[must_use]
    pub const fn asked(&self) -> &Asked {
        &self.asked
    }

    /// The proof; `None` for a question by number.
    #[must_use]
    pub fn presented(&self) -> Option<&Presented> {
        match &self.asked {
            Asked::WithProof { presented, .. } => Some(presented),
            Asked::ByNumber { .. } => None,
        }
    }

    /// What is asked with the proof; `None` for a question by number.
    #[must_use]
    pub const fn kind(&self) -> Option<&RequestKind> {
        match &self.asked {
            Asked::WithProof { kind, .. } => Some(kind),
            Asked::ByNumber { .. } => None,
        }
    }
}

/// The questions of a check-in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestKind {
    /// The certificate's revocation status, and whether the card is registered
    /// for use (利用登録).
    Status,
    /// Register the card as an insurance card. To ask twice does no harm.
    Register,
    /// How the person wants prescriptions (処方箋発行形態), chosen on the screen; for
    /// clinics that issue electronic ones. Asked before the result. To ask again
    /// changes the choice.
    Prescription {
        /// The choice.
        issue: PrescriptionIssue,
    },
    /// Whether the person agrees that subsidies of medical costs (医療費助成, by the
    /// Public Medical Hub, PMH) are told to the clinic. Asked before the result.
    /// The answer doesn't tell whether there are any.
    Subsidies {
        /// Whether the person agrees.
        consent: bool,
    },
    /// The insurance itself, with the consents. It ends the use of the proof.
    Result {
        /// Chosen on the screen.
        consents: Consents,
    },
}
