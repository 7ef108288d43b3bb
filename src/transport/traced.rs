//! What was said to the card and what it answered, redacted by type.

use std::fmt;

use zeroize::Zeroizing;

use super::event::LinkEvent;
use super::{Limits, Outgoing, Reset, Sensitivity, TraceEvent, Transport, TransportError};

/// Wraps any [`Transport`] and tells each exchange to a sink.
///
/// What an event may show is decided by the type of what is sent, not by a setting:
///
/// | sent as | shown |
/// |---|---|
/// | raw bytes | that there was a command, nothing else |
/// | secret data | class, instruction, parameters, and that there is data |
/// | public data | the same, the data's length and the data in hexadecimal |
/// | any answer to a classified command | the status word; the data only where public; its length also until a secret went |
///
/// A secret went with secret data, with raw bytes, and from a keypad. From then on, on this link, no length of an answer is
/// shown that isn't public, and no status word but those that ISO/IEC 7816-4 names: a length or two bytes can hold a PIN, and
/// what is in them is the card's choice. Nor is where a file is read and how much of it: that is where a person's photo lies
/// and how long it is.
///
/// Errors, resets and the ends of bursts are told too. The events of one exchange come in order: the command, then the answer
/// or the error.
///
/// ```
/// use uketsuke::transport::{
///     ExtendedLength, Limits, Outgoing, Reset, Traced, Transport, TransportError,
/// };
/// use zeroize::Zeroizing;
///
/// /// A card that says yes to everything.
/// struct Yes;
///
/// impl Transport for Yes {
///     fn transmit(&mut self, _: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
///         Ok(Zeroizing::new(vec![0x90, 0x00]))
///     }
///     fn limits(&self) -> Limits {
///         Limits { extended: ExtendedLength::Unknown, max_response: 258 }
///     }
///     fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
///         Ok(())
///     }
/// }
///
/// let mut log = Vec::new();
/// let mut link = Traced::new(Yes, |event: &_| log.push(ToString::to_string(event)));
/// link.transmit(Outgoing::raw(&[0x00, 0x20, 0x00, 0x98, 0x04, 0x31, 0x33, 0x35, 0x37]))?;
/// link.reset(Reset::PowerOff)?;
/// drop(link);
/// assert_eq!(log, ["> raw command, hidden", "< answer, hidden", "= power off and on"]);
/// # Ok::<(), TransportError>(())
/// ```
pub struct Traced<T, S> {
    inner: T,
    sink: S,
    /// A secret may have gone to this card.
    told: bool,
}

impl<T: Transport, S: FnMut(&TraceEvent)> Traced<T, S> {
    /// A transport that does what `inner` does and tells `sink`.
    pub fn new(inner: T, sink: S) -> Self {
        Self {
            inner,
            sink,
            told: false,
        }
    }

    /// The wrapped transport; what follows is told to nobody.
    pub fn into_inner(self) -> T {
        self.inner
    }

    fn tell(&mut self, event: &TraceEvent) {
        (self.sink)(event);
    }

    /// Tells `what` happened and how it ended, and hands the result on.
    fn tell_result<R>(
        &mut self,
        what: LinkEvent,
        result: Result<R, TransportError>,
    ) -> Result<R, TransportError> {
        self.tell(&TraceEvent::about_link(what, result.as_ref().err()));
        result
    }

    /// Tells how an exchange ended, and hands the result on.
    fn tell_answer(
        &mut self,
        command: &Outgoing<'_>,
        result: Result<Zeroizing<Vec<u8>>, TransportError>,
    ) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let event = match &result {
            Ok(answer) => TraceEvent::answer(command, answer, self.told),
            Err(error) => TraceEvent::failed(*error),
        };
        self.tell(&event);
        result
    }
}

impl<T: Transport, S: FnMut(&TraceEvent)> Transport for Traced<T, S> {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.tell(&TraceEvent::command(&command, self.told));
        // Whatever comes back: it may have reached the card.
        self.told |= !command.is_classified() || command.command() == Sensitivity::Secret;
        let result = self.inner.transmit(command);
        self.tell_answer(&command, result)
    }

    fn limits(&self) -> Limits {
        self.inner.limits()
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        let result = self.inner.reset(how);
        let what = match how {
            Reset::Warm => LinkEvent::WarmReset,
            Reset::PowerOff => LinkEvent::PowerOff,
        };
        self.tell_result(what, result)
    }

    fn is_shared(&self) -> bool {
        self.inner.is_shared()
    }

    fn begin_burst(&mut self) -> Result<(), TransportError> {
        let result = self.inner.begin_burst();
        self.tell_result(LinkEvent::BurstBegins, result)
    }

    fn end_burst(&mut self) {
        self.inner.end_burst();
        self.tell(&TraceEvent::about_link(LinkEvent::BurstEnds, None));
    }

    fn has_keypad(&self) -> bool {
        self.inner.has_keypad()
    }

    fn verify_on_keypad(&mut self, p2: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.tell(&TraceEvent::keypad(p2));
        self.told = true;
        let result = self.inner.verify_on_keypad(p2);
        self.tell_answer(&KEYPAD, result)
    }
}

/// What the reader sends after a PIN was typed on it, as far as a trace cares.
const KEYPAD: Outgoing<'static> =
    Outgoing::classified(&[], Sensitivity::Secret, Sensitivity::Secret);

impl<T: fmt::Debug, S> fmt::Debug for Traced<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traced")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{ExtendedLength, TransportErrorKind};

    /// Answers from a list, counts, and says what it was asked.
    #[derive(Debug, Default)]
    struct Script {
        answers: Vec<Result<Vec<u8>, TransportError>>,
        calls: Vec<String>,
    }

    impl Transport for Script {
        fn transmit(
            &mut self,
            command: Outgoing<'_>,
        ) -> Result<Zeroizing<Vec<u8>>, TransportError> {
            self.calls
                .push(format!("transmit {}", command.bytes().len()));
            self.answers.remove(0).map(Zeroizing::new)
        }
        fn limits(&self) -> Limits {
            Limits {
                extended: ExtendedLength::No,
                max_response: 77,
            }
        }
        fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
            self.calls.push(format!("reset {how:?}"));
            Err(TransportError::new(TransportErrorKind::ReaderGone, false))
        }
        fn is_shared(&self) -> bool {
            true
        }
        fn begin_burst(&mut self) -> Result<(), TransportError> {
            self.calls.push("begin".to_owned());
            Ok(())
        }
        fn end_burst(&mut self) {
            self.calls.push("end".to_owned());
        }
        fn verify_on_keypad(&mut self, p2: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
            self.calls.push(format!("keypad {p2:02X}"));
            self.answers.remove(0).map(Zeroizing::new)
        }
    }

    fn traced(
        answers: Vec<Result<Vec<u8>, TransportError>>,
        run: impl FnOnce(&mut dyn Transport),
    ) -> (Vec<String>, Script) {
        let mut log = Vec::new();
        let script = Script {
            answers,
            calls: Vec::new(),
        };
        let mut link = Traced::new(script, |event: &TraceEvent| log.push(event.to_string()));
        run(&mut link);
        let script = link.into_inner();
        (log, script)
    }

    #[test]
    fn public_data_is_shown_with_header_and_lengths() {
        let (log, _) = traced(
            vec![Ok(vec![0xAB, 0xCD, 0x90, 0x00]), Ok(vec![0x6A, 0x82])],
            |link| {
                let select = [0x00, 0xA4, 0x04, 0x0C, 0x02, 0xD3, 0x92];
                let _ = link.transmit(Outgoing::classified(
                    &select,
                    Sensitivity::Public,
                    Sensitivity::Public,
                ));
                let read = [0x00, 0xB0, 0x8A, 0x00, 0x00, 0x00, 0x00];
                let _ = link.transmit(Outgoing::classified(
                    &read,
                    Sensitivity::Public,
                    Sensitivity::Secret,
                ));
            },
        );
        assert_eq!(
            log,
            [
                "> 00 A4 04 0C, 2 bytes: D392",
                "< 9000, 2 bytes: ABCD",
                "> 00 B0 8A 00, up to 65536 expected",
                "< 6A82",
            ]
        );
    }

    #[test]
    fn errors_resets_bursts_and_keypad_are_told_and_forwarded() {
        let lost = TransportError::new(TransportErrorKind::CardRemoved, true);
        let (log, script) = traced(vec![Err(lost), Ok(vec![0x63, 0xC2]), Err(lost)], |link| {
            assert!(link.is_shared());
            assert_eq!(
                link.limits(),
                Limits {
                    extended: ExtendedLength::No,
                    max_response: 77
                }
            );
            link.begin_burst().unwrap();
            assert_eq!(
                link.transmit(Outgoing::raw(&[0, 1, 2, 3])).unwrap_err(),
                lost
            );
            link.end_burst();
            assert!(link.reset(Reset::Warm).is_err());
            assert!(link.reset(Reset::PowerOff).is_err());
            assert_eq!(
                link.verify_on_keypad(0x98).unwrap().as_slice(),
                [0x63, 0xC2]
            );
            assert_eq!(link.verify_on_keypad(0x98).unwrap_err(), lost);
        });
        assert_eq!(
            log,
            [
                "= burst begins",
                "> raw command, hidden",
                "< error: the card was removed (whether the card acted is unknown)",
                "= burst ends",
                "= warm reset: error: no such reader, or it is gone",
                "= power off and on: error: no such reader, or it is gone",
                "> PIN from the reader's keypad, reference 98",
                "< 63C2",
                "> PIN from the reader's keypad, reference 98",
                "< error: the card was removed (whether the card acted is unknown)",
            ]
        );
        assert_eq!(
            script.calls,
            [
                "begin",
                "transmit 4",
                "end",
                "reset Warm",
                "reset PowerOff",
                "keypad 98",
                "keypad 98"
            ]
        );
    }

    /// A length and an unknown status word can hold a PIN as well as data can. The card is the one that knows it then.
    #[test]
    fn once_a_secret_went_no_length_and_no_odd_status_is_shown() {
        let read = [0x00, 0xB0, 0x8A, 0x00, 0x00];
        let reads = Outgoing::classified(&read, Sensitivity::Public, Sensitivity::Secret);
        let shows = Outgoing::classified(&read, Sensitivity::Public, Sensitivity::Public);
        let says = |length: usize, status: [u8; 2]| Ok([vec![7; length], status.to_vec()].concat());
        type Tell = fn(&mut dyn Transport);
        let tellers: [Tell; 3] = [
            |link| drop(link.transmit(Outgoing::raw(&[0; 4]))),
            |link| drop(link.verify_on_keypad(0x98)),
            |link| {
                let (secret, verify) = (Sensitivity::Secret, [0x00, 0x20, 0x00, 0x98, 0x01, 0x31]);
                drop(link.transmit(Outgoing::classified(&verify, secret, secret)));
            },
        ];
        for tell in tellers {
            let lost = TransportError::new(TransportErrorKind::CardRemoved, false);
            let answers = vec![
                says(13, [0x90, 0x00]),
                says(57, [0x13, 0x57]),
                // It may have arrived, whatever the link says.
                Err(lost),
                says(13, [0x90, 0x00]),
                says(57, [0x13, 0x57]),
                says(2, [0x90, 0x00]),
            ];
            let (log, _) = traced(answers, |link| {
                for _ in 0..2 {
                    link.transmit(reads).unwrap();
                }
                tell(link);
                for _ in 0..2 {
                    link.transmit(reads).unwrap();
                }
                link.transmit(shows).unwrap();
            });
            let answers: Vec<_> = log.iter().filter(|line| line.starts_with('<')).collect();
            assert_eq!(
                answers,
                [
                    "< 9000, 13 bytes",
                    "< 1357, 57 bytes",
                    "< error: the card was removed",
                    "< 9000, data hidden",
                    "< other status, hidden, data hidden",
                    "< 9000, 2 bytes: 0707",
                ]
            );
        }
    }

    /// A canary in the command and another in the answer, of every length that matters: neither, nor its length, is in
    /// any event, in any form that a person could read.
    #[test]
    fn secrets_never_appear() {
        const SENT: &[u8] = b"CANARY7351";
        const RECEIVED: &[u8] = b"ANSWER9264";
        let hex = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|byte| format!("{byte:02X}"))
                .collect::<String>()
        };
        for times in 1..=20 {
            let (sent, received) = (SENT.repeat(times), RECEIVED.repeat(times));
            let command = crate::apdu::Command::new(0x00, 0x20, 0x00, 0x98)
                .with_data(&sent)
                .encode()
                .unwrap();
            let answer = [received.as_slice(), &[0x90, 0x00]].concat();
            let (log, _) = traced(
                vec![Ok(answer.clone()), Ok(answer.clone()), Ok(received.clone())],
                |link| {
                    for outgoing in [
                        Outgoing::classified(&command, Sensitivity::Secret, Sensitivity::Secret),
                        Outgoing::raw(&command),
                        // Not a command, although the card layer made it.
                        Outgoing::classified(&sent[..3], Sensitivity::Public, Sensitivity::Secret),
                    ] {
                        let _ = link.transmit(outgoing);
                    }
                },
            );
            assert_eq!(log.len(), 6);
            for line in &log {
                for secret in [SENT, RECEIVED] {
                    for part in secret.windows(3) {
                        let upper = hex(part);
                        let ascii = String::from_utf8_lossy(part).into_owned();
                        let decimal = format!("{part:?}");
                        for form in [&upper, &upper.to_lowercase(), &ascii, &decimal] {
                            assert!(!line.contains(form.as_str()), "{form} in {line}");
                        }
                    }
                }
                assert!(
                    !line.contains(&format!("{}", sent.len())) || sent.len() < 100,
                    "length in {line}"
                );
            }
            assert_eq!(log[0], "> 00 20 00 98, data hidden");
            assert_eq!(log[1], "< 9000, data hidden");
            assert_eq!(log[2..4], ["> raw command, hidden", "< answer, hidden"]);
            assert_eq!(log[4], "> not a command, hidden");
        }
    }
}
