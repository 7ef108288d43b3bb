//! What was said to the card and what it answered, redacted by type.

use std::fmt::{self, Write as _};

use zeroize::Zeroizing;

use super::{Limits, Outgoing, Reset, Sensitivity, Transport, TransportError};
use crate::apdu::{Command, Response};

/// Wraps any [`Transport`] and tells each exchange to a sink.
///
/// What an event may show is decided by the type of what is sent, not by a setting:
///
/// | sent as | shown |
/// |---|---|
/// | raw bytes | that there was a command, nothing else |
/// | secret data | class, instruction, parameters, and that there is data |
/// | public data | the same, the data's length and the data in hexadecimal |
/// | any answer to a classified command | the status word; the data's length and the data only where public |
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
}

impl<T: Transport, S: FnMut(&TraceEvent)> Traced<T, S> {
    /// A transport that does what `inner` does and tells `sink`.
    pub fn new(inner: T, sink: S) -> Self {
        Self { inner, sink }
    }

    /// The wrapped transport; what follows is told to nobody.
    pub fn into_inner(self) -> T {
        self.inner
    }

    fn tell(&mut self, line: String) {
        (self.sink)(&TraceEvent { line });
    }

    /// Tells `what` happened and how it ended, and hands the result on.
    fn tell_result<R>(
        &mut self,
        what: &str,
        result: Result<R, TransportError>,
    ) -> Result<R, TransportError> {
        match &result {
            Ok(_) => self.tell(format!("= {what}")),
            Err(error) => self.tell(format!("= {what}: error: {error}")),
        }
        result
    }
}

impl<T: Transport, S: FnMut(&TraceEvent)> Transport for Traced<T, S> {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.tell(command_line(&command));
        let result = self.inner.transmit(command);
        match &result {
            Ok(answer) => self.tell(answer_line(&command, answer)),
            Err(error) => self.tell(format!("< error: {error}")),
        }
        result
    }

    fn limits(&self) -> Limits {
        self.inner.limits()
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        let result = self.inner.reset(how);
        let what = match how {
            Reset::Warm => "warm reset",
            Reset::PowerOff => "power off and on",
        };
        self.tell_result(what, result)
    }

    fn is_shared(&self) -> bool {
        self.inner.is_shared()
    }

    fn begin_burst(&mut self) -> Result<(), TransportError> {
        let result = self.inner.begin_burst();
        self.tell_result("burst begins", result)
    }

    fn end_burst(&mut self) {
        self.inner.end_burst();
        self.tell("= burst ends".to_owned());
    }

    fn has_keypad(&self) -> bool {
        self.inner.has_keypad()
    }

    fn verify_on_keypad(&mut self, p2: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.tell(format!(
            "> PIN from the reader's keypad, reference {p2:02X}"
        ));
        let result = self.inner.verify_on_keypad(p2);
        match &result {
            Ok(answer) => self.tell(answer_line(&KEYPAD, answer)),
            Err(error) => self.tell(format!("< error: {error}")),
        }
        result
    }
}

impl<T: fmt::Debug, S> fmt::Debug for Traced<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traced")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

/// One line of a trace; `Display` is the line, without an end of line.
///
/// It begins with `>` (to the card), `<` (from the card) or `=` (about the link).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceEvent {
    line: String,
}

impl TraceEvent {
    /// What happened to the link. Never with bytes of a command or an answer.
    pub(super) fn about_link(what: &str) -> Self {
        Self {
            line: format!("= {what}"),
        }
    }
}

impl fmt::Display for TraceEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

/// What the reader sends after a PIN was typed on it, as far as a trace cares: a secret, and an answer.
const KEYPAD: Outgoing<'static> =
    Outgoing::classified(&[], Sensitivity::Secret, Sensitivity::Secret);

fn command_line(outgoing: &Outgoing<'_>) -> String {
    if !outgoing.is_classified() {
        return "> raw command, hidden".to_owned();
    }
    // The card layer encodes every command it classifies, so this doesn't happen; and if it did, nothing is known.
    let Ok(command) = Command::decode(outgoing.bytes()) else {
        return "> not a command, hidden".to_owned();
    };
    let mut line = format!(
        "> {:02X} {:02X} {:02X} {:02X}",
        command.cla(),
        command.ins(),
        command.p1(),
        command.p2()
    );
    push_data(&mut line, command.data(), outgoing.command());
    if let Some(le) = command.le() {
        let _ = write!(line, ", up to {} expected", le.get());
    }
    line
}

fn answer_line(outgoing: &Outgoing<'_>, answer: &[u8]) -> String {
    if !outgoing.is_classified() {
        return "< answer, hidden".to_owned();
    }
    let Ok(response) = Response::decode(answer) else {
        return "< no status word".to_owned();
    };
    // After a secret, only what is a status word for sure: two bytes hold a PIN.
    let status = response.status();
    let mut line = match outgoing.command() {
        Sensitivity::Secret if !status.is_named() => "< other status, hidden".to_owned(),
        _ => format!("< {status}"),
    };
    push_data(&mut line, response.data(), outgoing.response());
    line
}

fn push_data(line: &mut String, data: &[u8], sensitivity: Sensitivity) {
    match sensitivity {
        _ if data.is_empty() => {}
        Sensitivity::Secret => line.push_str(", data hidden"),
        Sensitivity::Public => {
            let _ = write!(line, ", {} bytes: ", data.len());
            for byte in data {
                let _ = write!(line, "{byte:02X}");
            }
        }
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
                "= warm reset: error: the reader is gone",
                "= power off and on: error: the reader is gone",
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
