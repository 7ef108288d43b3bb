//! Counting tries and presenting secrets, the same for each application.

use super::channel::Ask;
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
        if secret.is_empty() || !self.card.ledger.covers(&budget, kind, binding) {
            return Err(VerifyError::ForeignBudget { kind });
        }
        if self.card.ledger.was_refused(kind, secret) {
            return Err(VerifyError::AlreadyRefused { kind });
        }
        self.card.ledger.touch(kind);
        let was_dirty = std::mem::replace(&mut self.card.dirty, true);
        let command = Command::new(0x00, 0x20, 0x00, of.p2).with_data(secret);
        let answer = match self.card.present(of.what, command) {
            Ok(answer) => answer,
            Err(CardError::Transport { source, .. }) if source.outcome_unknown => {
                self.card.ledger.unsettled(kind, secret, budget.left);
                return Err(VerifyError::OutcomeUnknown { kind, source });
            }
            Err(error) => {
                if matches!(error, CardError::Transport { .. }) {
                    // It never reached the card.
                    self.card.dirty = was_dirty;
                } else {
                    self.card.ledger.unsettled(kind, secret, budget.left);
                }
                return Err(error.into());
            }
        };
        if !answer.data.is_empty() {
            self.card.ledger.unsettled(kind, secret, budget.left);
            let why = "data where only a status belongs";
            return Err(CardError::Malformed { what: of.what, why }.into());
        }
        let error = match answer.status {
            StatusWord::OK => return Ok(binding),
            StatusWord::BLOCKED | StatusWord::REFERENCE_UNUSABLE => VerifyError::Locked { kind },
            StatusWord::VERIFICATION_FAILED => {
                self.card.ledger.refused(kind, secret);
                VerifyError::Wrong { kind, left: 15 }
            }
            status => match status.tries_left() {
                Some(left) => {
                    self.card.ledger.refused(kind, secret);
                    match left {
                        0 => VerifyError::Locked { kind },
                        left => VerifyError::Wrong { kind, left },
                    }
                }
                // What such a status did to the key is anyone's guess.
                None => {
                    self.card.ledger.unsettled(kind, secret, budget.left);
                    return Err(VerifyError::Refused { kind, status });
                }
            },
        };
        // Refused: this try opened nothing.
        self.card.dirty = was_dirty;
        Err(error)
    }
}
