//! The only place of the card layer that talks to the transport.
//!
//! Few ways to send, and nothing else: [`Card::ask`] follows what an answer
//! asks for within a budget, [`Card::ask_once`] and [`Card::present`] send
//! their bytes once and take the answer as it is. A secret goes through
//! `present` alone, or is typed on the reader's keypad by `present_on_keypad`.

use zeroize::Zeroizing;

use super::{Card, CardError};
use crate::apdu::{Budget, Command, Exchange, ExchangeError, Next, Response, StatusWord};
use crate::transport::{Outgoing, Sensitivity, Transport, TransportError, TransportErrorKind};

/// Enough for every answer that fits one short response, even if the card
/// hands it out in pieces.
pub(super) const SHORT_ANSWER: Budget = Budget {
    rounds: 8,
    bytes: 512,
};

/// A command with what errors and traces may say of it.
///
/// There is no such choice for the answer: its data is always secret to
/// traces, which show the status word alone. What a card puts there is the
/// card's choice, and a hostile one could say the PIN that it was told just
/// before, even where no data belongs.
pub(super) struct Ask<'a> {
    pub(super) command: Command<'a>,
    pub(super) what: &'static str,
    sent: Sensitivity,
}

impl<'a> Ask<'a> {
    /// Nothing in the command data is secret.
    pub(super) const fn public(what: &'static str, command: Command<'a>) -> Self {
        Self {
            command,
            what,
            sent: Sensitivity::Public,
        }
    }

    /// The command data may not be shown.
    pub(super) const fn secret(what: &'static str, command: Command<'a>) -> Self {
        Self {
            sent: Sensitivity::Secret,
            ..Self::public(what, command)
        }
    }

    const fn outgoing<'b>(&self, bytes: &'b [u8]) -> Outgoing<'b> {
        Outgoing::classified(bytes, self.sent, Sensitivity::Secret)
    }
}

/// What the card said in the end.
pub(super) struct Answer {
    pub(super) data: Zeroizing<Vec<u8>>,
    pub(super) status: StatusWord,
    /// The card was told a secret before.
    told: bool,
}

impl Answer {
    /// The data, if the status is `9000`.
    pub(super) fn success(self, what: &'static str) -> Result<Zeroizing<Vec<u8>>, CardError> {
        match self.status {
            StatusWord::OK => Ok(self.data),
            StatusWord::NOT_VERIFIED => Err(CardError::NotVerified { what }),
            status => Err(refused(what, status, self.told)),
        }
    }
}

/// A status that isn't success. Two bytes hold a whole PIN: once the card was
/// told one, a status word without a meaning of its own isn't shown.
pub(super) fn refused(what: &'static str, status: StatusWord, told: bool) -> CardError {
    match told && !status.is_named() {
        false => CardError::Refused { what, status },
        true => {
            let why = "its status word has no meaning, and is not shown after a secret";
            CardError::Malformed { what, why }
        }
    }
}

impl<T: Transport> Card<T> {
    /// Asks, and follows `61xx` and `6Cxx` within the budget of one short
    /// answer.
    pub(super) fn ask(&mut self, ask: &Ask<'_>) -> Result<Answer, CardError> {
        let mut left = SHORT_ANSWER.rounds;
        self.ask_within(ask, SHORT_ANSWER, &mut left)
    }

    /// Asks within a budget of the caller's. Each transmission takes one from
    /// `left`, which several questions may share, and none is made beyond it.
    pub(super) fn ask_within(
        &mut self,
        ask: &Ask<'_>,
        budget: Budget,
        left: &mut u16,
    ) -> Result<Answer, CardError> {
        let what = ask.what;
        let budget = Budget {
            rounds: budget.rounds.min(*left),
            ..budget
        };
        let failed = |source: ExchangeError| CardError::Exchange { what, source };
        let mut exchange = Exchange::new(ask.command, budget);
        let mut bytes = exchange.first().map_err(|e| failed(e.into()))?;
        // Ends: the exchange counts its rounds against the budget.
        loop {
            *left = left.saturating_sub(1);
            let raw = self.transmit(what, ask.outgoing(&bytes))?;
            let response = self.response(what, &raw)?;
            match exchange.answer(response).map_err(failed)? {
                Next::Transmit(next) => bytes = next,
                Next::Done { data, status } => {
                    return Ok(Answer {
                        data,
                        status,
                        told: self.told,
                    });
                }
            }
        }
    }

    /// Asks once and follows nothing: for the empty VERIFY, which real cards
    /// take in its four bytes only.
    pub(super) fn ask_once(&mut self, ask: &Ask<'_>) -> Result<Answer, CardError> {
        let what = ask.what;
        let bytes = encoded(what, &ask.command)?;
        self.ask_raw(what, ask.outgoing(&bytes))
    }

    /// Sends bytes once, follows nothing.
    pub(super) fn ask_raw(
        &mut self,
        what: &'static str,
        outgoing: Outgoing<'_>,
    ) -> Result<Answer, CardError> {
        let raw = self.transmit(what, outgoing)?;
        let response = self.response(what, &raw)?;
        let data = Zeroizing::new(response.data().to_vec());
        let status = response.status();
        Ok(Answer {
            data,
            status,
            told: self.told,
        })
    }

    /// Sends an encoded VERIFY with its secret: once, whatever comes back. The
    /// command may spend a try, so nothing is followed and nothing repeated.
    pub(super) fn present(
        &mut self,
        what: &'static str,
        verify: &[u8],
    ) -> Result<Answer, CardError> {
        let outgoing = Outgoing::classified(verify, Sensitivity::Secret, Sensitivity::Secret);
        self.told = true;
        self.ask_raw(what, outgoing)
    }

    /// Lets the reader present what is typed on its keypad: once, as above.
    pub(super) fn present_on_keypad(
        &mut self,
        what: &'static str,
        p2: u8,
    ) -> Result<Answer, CardError> {
        self.told = true;
        let raw = self.with_link(what, |transport| transport.verify_on_keypad(p2))?;
        let response = self.response(what, &raw)?;
        let data = Zeroizing::new(response.data().to_vec());
        let status = response.status();
        Ok(Answer {
            data,
            status,
            told: self.told,
        })
    }

    /// One transmission.
    fn transmit(
        &mut self,
        what: &'static str,
        outgoing: Outgoing<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, CardError> {
        self.with_link(what, |transport| transport.transmit(outgoing))
    }

    /// Nothing is sent once the application is lost.
    fn with_link(
        &mut self,
        what: &'static str,
        send: impl FnOnce(&mut T) -> Result<Zeroizing<Vec<u8>>, TransportError>,
    ) -> Result<Zeroizing<Vec<u8>>, CardError> {
        if let Some(TransportError { kind, .. }) = self.lost {
            let source = TransportError::new(kind, false);
            return Err(CardError::Transport { what, source });
        }
        let sent = match self.transport.as_mut() {
            Some(transport) => send(transport),
            None => Err(TransportError::new(TransportErrorKind::NoCard, false)),
        };
        sent.map_err(|source| self.link_failed(what, source))
    }

    /// Fewer than two bytes are a lost answer: pcscd reports a card that dies
    /// inside a command as success with no bytes at all.
    fn response<'r>(
        &mut self,
        what: &'static str,
        raw: &'r [u8],
    ) -> Result<Response<'r>, CardError> {
        Response::decode(raw).map_err(|source| {
            if raw.len() < 2 {
                let source = TransportError::new(TransportErrorKind::AnswerCut, true);
                return self.link_failed(what, source);
            }
            CardError::Exchange {
                what,
                source: source.into(),
            }
        })
    }

    /// Notes whether the application is still there after this error.
    pub(super) fn link_failed(&mut self, what: &'static str, source: TransportError) -> CardError {
        if loses_application(source) {
            self.lost = Some(source);
        }
        CardError::Transport { what, source }
    }
}

pub(super) fn encoded(
    what: &'static str,
    command: &Command<'_>,
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    command.encode().map_err(|source| CardError::Exchange {
        what,
        source: source.into(),
    })
}

/// Whether the card may have been powered down, reset or left in the middle of
/// a command. Then the selected application is unknown, and asking on could
/// read the counter of another application's key.
fn loses_application(error: TransportError) -> bool {
    match error.kind {
        TransportErrorKind::Unsupported | TransportErrorKind::InvalidCommand => false,
        TransportErrorKind::NoCard
        | TransportErrorKind::Mute
        | TransportErrorKind::CardRemoved
        | TransportErrorKind::CardReset
        | TransportErrorKind::ReaderGone
        | TransportErrorKind::ServiceUnavailable
        | TransportErrorKind::AnswerCut => true,
        _ => error.outcome_unknown,
    }
}
