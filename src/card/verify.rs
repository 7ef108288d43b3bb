//! Counting tries and presenting secrets, the same for each application.

use super::channel::{Ask, encoded};
use super::{Application, CardError, Opened, SecretKind, TriesLeft, TryBudget, VerifyError};
use crate::Binding;
use crate::apdu::{Command, StatusWord};
use crate::transport::Transport;

/// Where a secret is and what errors call it.
#[derive(Clone, Copy)]
pub(super) struct Reference {
    pub(super) kind: SecretKind,
    /// `80` and the short identifier of the key reference.
    pub(super) p2: u8,
    pub(super) what: &'static str,
}

impl<T: Transport, A: Application> Opened<'_, T, A> {
    /// The empty VERIFY, exactly four bytes: with an Le a real card is reported
    /// to answer `6700`.
    pub(super) fn count(&mut self, of: Reference) -> Result<TriesLeft, CardError> {
        self.card.own_application()?;
        let what = "the question for the tries left";
        let ask = Ask::public(what, Command::new(0x00, 0x20, 0x00, of.p2));
        let answer = self.card.ask_once(&ask)?;
        if !answer.data.is_empty() {
            let why = "data where only a status belongs";
            return Err(CardError::Malformed { what, why });
        }
        let left = match answer.status {
            StatusWord::BLOCKED | StatusWord::REFERENCE_UNUSABLE => Some(0),
            StatusWord::VERIFICATION_FAILED => None,
            // Real cards count on after a login; `9000` is neither a login nor
            // a count.
            StatusWord::OK => {
                let why = "success is not a number of tries";
                return Err(CardError::Malformed { what, why });
            }
            status => match status.tries_left() {
                Some(left) => Some(left),
                None => return Err(CardError::Refused { what, status }),
            },
        };
        let binding = self.card.binding;
        Ok(self.card.ledger.counted(of.kind, left, binding))
    }

    /// Presents a secret once. Only this calls the channel's `present`.
    pub(super) fn verify(
        &mut self,
        of: Reference,
        secret: &[u8],
        budget: TryBudget,
    ) -> Result<Binding, VerifyError> {
        let kind = of.kind;
        let binding = self.card.binding;
        self.card.own_application()?;
        if secret.is_empty() || !self.card.ledger.covers(&budget, kind, binding) {
            return Err(VerifyError::ForeignBudget { kind });
        }
        if self.card.ledger.was_refused(kind, secret) {
            return Err(VerifyError::AlreadyRefused { kind });
        }
        let command = Command::new(0x00, 0x20, 0x00, of.p2).with_data(secret);
        let command = encoded(of.what, &command)?;
        self.card.ledger.presenting(kind, secret, budget.left);
        let was_dirty = std::mem::replace(&mut self.card.dirty, true);
        let answer = match self.card.present(of.what, &command) {
            Ok(answer) => answer,
            Err(CardError::Transport { source, .. }) if source.outcome_unknown => {
                return Err(VerifyError::OutcomeUnknown { kind, source });
            }
            Err(error @ CardError::Transport { .. }) => {
                // It never reached the card.
                self.card.ledger.settled(kind);
                self.card.dirty = was_dirty;
                return Err(error.into());
            }
            Err(source) => return Err(VerifyError::Unclear { kind, source }),
        };
        if !answer.data.is_empty() {
            let what = of.what;
            let why = "data where only a status belongs";
            let source = CardError::Malformed { what, why };
            return Err(VerifyError::Unclear { kind, source });
        }
        let error = match answer.status {
            StatusWord::OK => {
                self.card.ledger.settled(kind);
                return Ok(binding);
            }
            StatusWord::BLOCKED | StatusWord::REFERENCE_UNUSABLE => {
                self.card.ledger.settled(kind);
                let by_this_try = false;
                VerifyError::Locked { kind, by_this_try }
            }
            status => {
                let left = match status {
                    StatusWord::VERIFICATION_FAILED => Some(15),
                    status => status.tries_left(),
                };
                // What another status did to the count and to the key is
                // anyone's guess.
                let Some(left) = left else {
                    return Err(if status.is_named() {
                        VerifyError::Refused { kind, status }
                    } else {
                        let (what, why) = (of.what, "not a status word of VERIFY");
                        let source = CardError::Malformed { what, why };
                        VerifyError::Unclear { kind, source }
                    });
                };
                self.card.ledger.refused(kind, secret);
                match left {
                    0 => VerifyError::Locked {
                        kind,
                        by_this_try: true,
                    },
                    left => VerifyError::Wrong { kind, left },
                }
            }
        };
        // Refused: this try opened nothing.
        self.card.dirty = was_dirty;
        Err(error)
    }
}
