//! Counting tries and presenting secrets, the same for each application.

use super::channel::{Answer, Ask, encoded, refused};
use super::ledger::Place;
use super::map::{ApplicationMap, SecretMap};
use super::proof::Proven;
use super::{Application, CardError, Opened, SecretKind, TriesLeft, TryBudget, VerifyError};
use crate::Binding;
use crate::apdu::{Command, StatusWord};
use crate::transport::Transport;

impl<T: Transport, A: Application> Opened<'_, T, A> {
    /// Tries left of a secret of this application; spends none. One exchange:
    /// the empty VERIFY `00 20 00` and the reference, exactly four bytes. With
    /// an Le a real card is reported to answer `6700`.
    ///
    /// | application | secrets |
    /// |---|---|
    /// | [`Jpki`](super::Jpki) | [`AuthPin`](SecretKind::AuthPin) `98`, [`SignPassword`](SecretKind::SignPassword) `9B` |
    /// | [`CardFace`](super::CardFace) | [`BirthDate`](SecretKind::BirthDate) `91`, [`ReferenceNumberB`](SecretKind::ReferenceNumberB) `92`, 照合番号A `93` |
    /// | [`InputSupport`](super::InputSupport) | [`InputPin`](SecretKind::InputPin) `91`, 照合番号A `94`, [`ReferenceNumberB`](SecretKind::ReferenceNumberB) `95` |
    ///
    /// 照合番号A needs the feature `my-number`. Each application counts its own:
    /// a secret that two have is counted apart in each.
    ///
    /// Only `63Cx` is read as a number; `6983` and `6984` are none left, and
    /// `6300` is a secret without limit.
    ///
    /// # Errors
    ///
    /// [`CardError::Misuse`] for a secret that the application hasn't got
    /// (nothing is sent), [`CardError::Malformed`] for `9000`, which is neither
    /// a count nor a login; other refusals, and the link's.
    pub fn tries_left(&mut self, kind: SecretKind) -> Result<TriesLeft, CardError> {
        let of = self.secret(kind)?;
        self.card.own_application()?;
        let what = "the question for the tries left";
        let ask = Ask::public(what, Command::new(0x00, 0x20, 0x00, of.p2()));
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
                None => return Err(refused(what, status, self.card.told)),
            },
        };
        let binding = self.card.binding;
        Ok(self.card.ledger.counted(self.place(kind), left, binding))
    }

    /// Where a secret of this application is.
    pub(super) fn secret(&self, kind: SecretKind) -> Result<&'static SecretMap, CardError> {
        self.application().secret(kind).ok_or(CardError::Misuse {
            what: "this application hasn't got that secret; open the one that has",
        })
    }

    pub(super) fn application(&self) -> &'static ApplicationMap {
        A::of(self.card.map)
    }

    pub(super) fn place(&self, kind: SecretKind) -> Place {
        Place {
            application: self.application().aid,
            kind,
        }
    }

    /// Whether this was proved in this application and session. Where it's
    /// not, nothing is sent.
    pub(super) fn holds(&self, proven: &Proven, what: &'static str) -> Result<Binding, CardError> {
        let binding = self.card.binding;
        match proven.binding == binding && proven.application == self.application().aid {
            true => Ok(binding),
            false => Err(CardError::NotVerified { what }),
        }
    }

    /// Presents a secret once. Only this calls the channel's `present` with a
    /// VERIFY.
    pub(super) fn verify(
        &mut self,
        kind: SecretKind,
        secret: &[u8],
        budget: TryBudget,
    ) -> Result<Proven, VerifyError> {
        let of = self.secret(kind)?;
        let place = self.place(kind);
        self.card.own_application()?;
        if !of.shape.fits(secret) {
            let what = "the secret has another form on this card";
            return Err(CardError::Misuse { what }.into());
        }
        if !self.card.ledger.covers(&budget, place, self.card.binding) {
            return Err(VerifyError::ForeignBudget { kind });
        }
        if self.card.ledger.was_refused(kind, secret) {
            return Err(VerifyError::AlreadyRefused { kind });
        }
        let command = Command::new(0x00, 0x20, 0x00, of.p2()).with_data(secret);
        let command = encoded(of.name, &command)?;
        self.card.ledger.presenting(place, secret, budget.left);
        let was_dirty = std::mem::replace(&mut self.card.dirty, true);
        let answer = self.card.present(of.name, &command);
        self.judge(of, Some(secret), budget.left, was_dirty, answer)
    }

    /// What the answer to a VERIFY means, and what is noted of it. `secret` is
    /// `None` where it was typed on the reader's own keypad.
    pub(super) fn judge(
        &mut self,
        of: &'static SecretMap,
        secret: Option<&[u8]>,
        left_before: Option<u8>,
        was_dirty: bool,
        answer: Result<Answer, CardError>,
    ) -> Result<Proven, VerifyError> {
        let kind = of.kind;
        let place = self.place(kind);
        let answer = match answer {
            Ok(answer) => answer,
            Err(CardError::Transport { source, .. }) if source.outcome_unknown => {
                return Err(VerifyError::OutcomeUnknown { kind, source });
            }
            Err(error @ CardError::Transport { .. }) => {
                // It never reached the card.
                self.card.ledger.settled(place);
                self.card.dirty = was_dirty;
                return Err(error.into());
            }
            Err(source) => return Err(VerifyError::Unclear { kind, source }),
        };
        if !answer.data.is_empty() {
            let what = of.name;
            let why = "data where only a status belongs";
            let source = CardError::Malformed { what, why };
            return Err(VerifyError::Unclear { kind, source });
        }
        let error = match answer.status {
            StatusWord::OK => {
                self.card.ledger.settled(place);
                return Ok(Proven {
                    binding: self.card.binding,
                    application: place.application,
                });
            }
            StatusWord::BLOCKED | StatusWord::REFERENCE_UNUSABLE => {
                self.card.ledger.settled(place);
                // Real cards are reported to answer the last wrong try with
                // `63C0`; the standard would allow this instead.
                let by_this_try = left_before == Some(1);
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
                        let (what, why) = (of.name, "not a status word of VERIFY");
                        let source = CardError::Malformed { what, why };
                        VerifyError::Unclear { kind, source }
                    });
                };
                match secret {
                    Some(secret) => self.card.ledger.refused(place, secret),
                    None => self.card.ledger.settled(place),
                }
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
