//! One command and everything that belongs to its answer, within a budget. Sans-IO.

use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

use super::{Command, EncodeError, Le, Response, ResponseError, StatusWord};

/// One command and what its answer asks for: `61xx` (fetch the rest) and `6Cxx` (ask again with this length).
///
/// The caller moves the bytes; this decides what is sent next and when it is enough. The rules:
///
/// - `61xx`: GET RESPONSE (`00 C0 00 00 xx`, on the command's logical channel), its data appended.
/// - `6Cxx` without data: the same command once more with the expected length that the card asks for. Only once, only
///   if the command has an Le, and never for VERIFY (`20`, `21`), CHANGE REFERENCE DATA (`24`) and RESET RETRY COUNTER
///   (`2C`): a secret is never sent twice.
/// - Anything else ends the exchange, whatever it means.
/// - `61xx` without data twice in a row end it with an error: a card says that there is more once, then it gives it.
/// - More rounds or bytes than the [`Budget`] end it with an error.
///
/// ```
/// use uketsuke::apdu::{Budget, Command, Exchange, Le, Next, Response};
///
/// let command = Command::new(0x00, 0xCA, 0x00, 0x42).with_le(Le::SHORT_MAX);
/// let mut exchange = Exchange::new(command, Budget::default());
/// assert_eq!(exchange.first()?.as_slice(), [0x00, 0xCA, 0x00, 0x42, 0x00]);
///
/// // "One byte, and two more to fetch."
/// let Next::Transmit(bytes) = exchange.answer(Response::decode(&[0xAA, 0x61, 0x02])?)? else { unreachable!() };
/// assert_eq!(bytes.as_slice(), [0x00, 0xC0, 0x00, 0x00, 0x02]);
///
/// let Next::Done { data, status } = exchange.answer(Response::decode(&[0xBB, 0xCC, 0x90, 0x00])?)? else { unreachable!() };
/// assert_eq!(data.as_slice(), [0xAA, 0xBB, 0xCC]);
/// assert!(status.is_ok());
/// # Ok::<(), uketsuke::apdu::ExchangeError>(())
/// ```
pub struct Exchange<'a> {
    command: Command<'a>,
    budget: Budget,
    rounds: u16,
    data: Zeroizing<Vec<u8>>,
    state: State,
    /// The last `61xx` brought no data.
    stalled: bool,
}

impl<'a> Exchange<'a> {
    /// An exchange that begins with `command`. What to send first comes from [`first`](Self::first).
    #[must_use]
    pub fn new(command: Command<'a>, budget: Budget) -> Self {
        Self {
            command,
            budget,
            rounds: 1,
            data: Zeroizing::new(Vec::new()),
            state: State::Command { corrected: false },
            stalled: false,
        }
    }

    /// The command's own bytes, to be transmitted once.
    ///
    /// # Errors
    /// The command can't be encoded.
    pub fn first(&self) -> Result<Zeroizing<Vec<u8>>, EncodeError> {
        self.command.encode()
    }

    /// Takes the answer to what was transmitted last, and says what to do next.
    ///
    /// # Errors
    /// Over budget, no progress, or the exchange had ended before. In each case it is over.
    pub fn answer(&mut self, response: Response<'_>) -> Result<Next, ExchangeError> {
        let state = std::mem::replace(&mut self.state, State::Over);
        if state == State::Over {
            return Err(ExchangeError::Over);
        }
        let status = response.status();
        if response.data().is_empty()
            && let Some(le) = status.correct_le()
            && let Some(state) = self.may_correct(state)
        {
            let command = match state {
                State::Command { .. } => self.command.with_le(le),
                State::GetResponse { .. } | State::Over => self.get_response(le),
            };
            return self.transmit(command, state);
        }
        self.append(response.data())?;
        if let Some(le) = status.more_data() {
            let empty = response.data().is_empty();
            if std::mem::replace(&mut self.stalled, empty) && empty {
                return Err(ExchangeError::NoProgress);
            }
            return self.transmit(
                self.get_response(le),
                State::GetResponse { corrected: false },
            );
        }
        Ok(Next::Done {
            data: std::mem::take(&mut self.data),
            status,
        })
    }

    /// Transmissions so far, the first included.
    #[must_use]
    pub const fn rounds(&self) -> u16 {
        self.rounds
    }

    /// The state after `6Cxx` was followed; `None` where it must not be.
    fn may_correct(&self, state: State) -> Option<State> {
        match state {
            State::Command { corrected: false }
                if self.command.le().is_some() && !carries_secret(&self.command) =>
            {
                Some(State::Command { corrected: true })
            }
            State::GetResponse { corrected: false } => Some(State::GetResponse { corrected: true }),
            _ => None,
        }
    }

    fn get_response(&self, le: Le) -> Command<'static> {
        Command::new(channel_of(self.command.cla()), 0xC0, 0x00, 0x00).with_le(le)
    }

    fn transmit(&mut self, command: Command<'_>, state: State) -> Result<Next, ExchangeError> {
        if self.rounds >= self.budget.rounds {
            return Err(ExchangeError::TooManyRounds {
                rounds: self.budget.rounds,
            });
        }
        self.rounds += 1;
        self.state = state;
        Ok(Next::Transmit(command.encode()?))
    }

    fn append(&mut self, more: &[u8]) -> Result<(), ExchangeError> {
        let len = self.data.len().saturating_add(more.len());
        if len > self.budget.bytes {
            return Err(ExchangeError::TooManyBytes {
                bytes: self.budget.bytes,
            });
        }
        if len > self.data.capacity() {
            // A vector that grows by itself leaves its old contents unwiped; this one wipes them. Doubling keeps a
            // card that sends a byte at a time from making this quadratic.
            let room = if self.data.is_empty() {
                len
            } else {
                len.saturating_mul(2)
            };
            let mut grown = Zeroizing::new(Vec::with_capacity(room));
            grown.extend_from_slice(&self.data);
            self.data = grown;
        }
        self.data.extend_from_slice(more);
        Ok(())
    }
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("command", &self.command)
            .field("budget", &self.budget)
            .field("rounds", &self.rounds)
            .finish_non_exhaustive()
    }
}

/// How much one command may make us do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Transmissions in all, the first included.
    pub rounds: u16,
    /// Bytes of response data in all.
    pub bytes: usize,
}

impl Default for Budget {
    /// 300 rounds and 65,536 bytes: the largest response of the standard, fetched 256 bytes at a time, takes 257
    /// rounds.
    fn default() -> Self {
        Self {
            rounds: 300,
            bytes: 65_536,
        }
    }
}

/// What to do next. `Debug` shows no data.
pub enum Next {
    /// Transmit these bytes and give the answer to [`Exchange::answer`].
    Transmit(Zeroizing<Vec<u8>>),
    /// The exchange is complete.
    Done {
        /// All response data in order.
        data: Zeroizing<Vec<u8>>,
        /// The last status word.
        status: StatusWord,
    },
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transmit(_) => f.write_str("Transmit(..)"),
            Self::Done { status, .. } => write!(f, "Done({status}, ..)"),
        }
    }
}

/// The card's answers lead nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// More rounds than allowed.
    #[error("the card asked for more than {rounds} rounds for one command")]
    TooManyRounds {
        /// Allowed.
        rounds: u16,
    },
    /// More bytes than allowed.
    #[error("the card sent more than {bytes} bytes for one command")]
    TooManyBytes {
        /// Allowed.
        bytes: usize,
    },
    /// The card said twice in a row that there is more, and gave nothing.
    #[error("the card keeps saying that there is more and gives nothing")]
    NoProgress,
    /// The exchange had ended; this answer belongs to nothing.
    #[error("an answer after the exchange had ended")]
    Over,
    /// The card's bytes aren't a response.
    #[error(transparent)]
    Response(#[from] ResponseError),
    /// The command can't be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Command { corrected: bool },
    GetResponse { corrected: bool },
    Over,
}

/// Instructions whose data is a secret (ISO/IEC 7816-4:2005, 7.5: VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER).
fn carries_secret(command: &Command<'_>) -> bool {
    matches!(command.ins(), 0x20 | 0x21 | 0x24 | 0x2C)
}

/// The class byte for GET RESPONSE: the command's logical channel and nothing else (ISO/IEC 7816-4:2005, 5.1.1): two
/// bits in the first interindustry classes, four in the further ones. Proprietary classes are read the same way.
fn channel_of(cla: u8) -> u8 {
    if cla & 0x40 == 0 {
        cla & 0x03
    } else {
        0x40 | (cla & 0x0F)
    }
}
