//! A link that takes as long as a model says.

use std::fmt;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{ExchangeSize, Limits, LinkModel, Outgoing, Reset, Tally, Transport, TransportError};

/// Wraps any [`Transport`]: counts what is said, and makes each exchange take as long as a [`LinkModel`] predicts.
///
/// The waiting is done by the function that it's given, so nothing here sleeps or reads a clock. Give `std::thread::sleep` to
/// see how a visit feels with a card in software, or a function that does nothing to count only.
///
/// An exchange that failed before anything reached the card neither counts nor waits. One whose outcome is unknown counts as
/// answered with nothing. A PIN from a reader's own keypad counts as the nine bytes of its VERIFY.
///
/// ```
/// use std::time::Duration;
///
/// use uketsuke::VisitId;
/// use uketsuke::card::{Card, Jpki};
/// use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
/// use uketsuke::transport::{BitRate, LinkModel, Reader, Timed};
///
/// let person = Persona::named("in-order").ok_or("no such persona")?;
/// let mut reader = VirtualReader::with_persona(person, CardOptions::default(), jiff::Timestamp::now());
///
/// let mut slept = Duration::ZERO;
/// let link = Timed::new(reader.connect()?, LinkModel::at(BitRate::Kbit106), |time| slept += time);
/// let mut card = Card::new(link, VisitId::begin());
/// let mut jpki = card.open::<Jpki>()?;
/// jpki.authentication_certificate(&mut |_| ())?;
/// jpki.close()?;
///
/// let tally = card.release()?.tally();
/// assert_eq!(tally.exchanges, 2);
/// assert_eq!(slept, tally.hold_time);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Timed<T, S> {
    inner: T,
    model: LinkModel,
    sleep: S,
    tally: Tally,
}

impl<T: Transport, S: FnMut(Duration)> Timed<T, S> {
    /// A transport that does what `inner` does, and after each exchange calls `sleep` with the time that it would have taken.
    pub fn new(inner: T, model: LinkModel, sleep: S) -> Self {
        Self {
            inner,
            model,
            sleep,
            tally: Tally::default(),
        }
    }

    /// What was said so far.
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// The wrapped transport; what follows isn't counted.
    pub fn into_inner(self) -> T {
        self.inner
    }

    fn count(&mut self, exchange: ExchangeSize) {
        self.tally.add(&self.model, exchange);
        (self.sleep)(self.model.exchange_time(exchange));
    }
}

/// Command APDU of a keypad's VERIFY: header, Lc, four digits.
const KEYPAD_VERIFY: usize = 9;

impl<T: Transport, S: FnMut(Duration)> Transport for Timed<T, S> {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let result = self.inner.transmit(command);
        match &result {
            Ok(answer) => self.count(ExchangeSize::of(command.bytes(), answer)),
            Err(error) if error.outcome_unknown => {
                self.count(ExchangeSize::of(command.bytes(), &[]));
            }
            Err(_) => {}
        }
        result
    }

    fn limits(&self) -> Limits {
        self.inner.limits()
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        self.inner.reset(how)
    }

    fn is_shared(&self) -> bool {
        self.inner.is_shared()
    }

    fn begin_burst(&mut self) -> Result<(), TransportError> {
        self.inner.begin_burst()
    }

    fn end_burst(&mut self) {
        self.inner.end_burst();
    }

    fn has_keypad(&self) -> bool {
        self.inner.has_keypad()
    }

    fn verify_on_keypad(&mut self, p2: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let result = self.inner.verify_on_keypad(p2);
        let down = match &result {
            Ok(answer) => Some(answer.len()),
            Err(error) => error.outcome_unknown.then_some(0),
        };
        if let Some(down) = down {
            self.count(ExchangeSize {
                up: KEYPAD_VERIFY,
                down,
                signs: false,
            });
        }
        result
    }
}

impl<T: fmt::Debug, S> fmt::Debug for Timed<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timed")
            .field("inner", &self.inner)
            .field("model", &self.model)
            .field("tally", &self.tally)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{BitRate, ExtendedLength, TransportErrorKind};

    /// Answers from a list and says what else it was asked.
    struct Script(Vec<Result<Vec<u8>, TransportError>>, Vec<&'static str>);

    impl Transport for Script {
        fn transmit(&mut self, _: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
            self.0.remove(0).map(Zeroizing::new)
        }
        fn limits(&self) -> Limits {
            Limits {
                extended: ExtendedLength::No,
                max_response: 77,
            }
        }
        fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
            self.1.push("reset");
            Ok(())
        }
        fn is_shared(&self) -> bool {
            true
        }
        fn begin_burst(&mut self) -> Result<(), TransportError> {
            self.1.push("begin");
            Ok(())
        }
        fn end_burst(&mut self) {
            self.1.push("end");
        }
        fn verify_on_keypad(&mut self, _: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
            self.1.push("keypad");
            self.0.remove(0).map(Zeroizing::new)
        }
    }

    #[test]
    fn counts_and_waits_for_what_may_have_reached_the_card() {
        let lost = |unknown| {
            Err(TransportError::new(
                TransportErrorKind::CardRemoved,
                unknown,
            ))
        };
        let answers = vec![
            Ok(vec![1, 2, 3, 0x90, 0x00]),
            lost(true),
            lost(false),
            lost(false),
            Ok([vec![7; 256], vec![0x90, 0x00]].concat()),
            Ok(vec![0x63, 0xC2]),
            lost(true),
            lost(false),
        ];
        let model = LinkModel::at(BitRate::Kbit212);
        let mut slept = Vec::new();
        let mut link = Timed::new(Script(answers, Vec::new()), model, |time| slept.push(time));
        let read = [0x00, 0xB0, 0x8A, 0x00, 0x03];
        assert_eq!(link.limits().max_response, 77);
        assert!(link.is_shared());
        link.begin_burst().unwrap();
        assert_eq!(link.transmit(Outgoing::raw(&read)).unwrap().len(), 5);
        for unknown in [true, false, false] {
            let error = link.transmit(Outgoing::raw(&read)).unwrap_err();
            assert_eq!(error.outcome_unknown, unknown);
        }
        link.transmit(Outgoing::raw(&[0x80, 0x2A, 0x00, 0x97]))
            .unwrap();
        link.end_burst();
        link.reset(Reset::Warm).unwrap();
        assert_eq!(
            link.verify_on_keypad(0x98).unwrap().as_slice(),
            [0x63, 0xC2]
        );
        assert!(link.verify_on_keypad(0x98).is_err());
        assert!(link.verify_on_keypad(0x98).is_err());
        let sizes = [
            ExchangeSize {
                up: 5,
                down: 5,
                signs: false,
            },
            ExchangeSize {
                up: 5,
                down: 0,
                signs: false,
            },
            ExchangeSize {
                up: 4,
                down: 258,
                signs: true,
            },
            ExchangeSize {
                up: 9,
                down: 2,
                signs: false,
            },
            ExchangeSize {
                up: 9,
                down: 0,
                signs: false,
            },
        ];
        let expected = Tally {
            exchanges: 5,
            up: 32,
            down: 265,
            signatures: 1,
            hold_time: model.hold_time(sizes),
        };
        assert_eq!(link.tally(), expected);
        assert!(
            format!(
                "{:?}",
                Timed {
                    inner: (),
                    model,
                    sleep: (),
                    tally: Tally::default()
                }
            )
            .starts_with("Timed { inner: ()")
        );
        assert_eq!(
            link.into_inner().1,
            ["begin", "end", "reset", "keypad", "keypad", "keypad"]
        );
        assert_eq!(slept, sizes.map(|size| model.exchange_time(size)));
    }
}
