//! The transport traits and wrappers as a vendor of another kind of reader uses them.

use std::time::Duration;

use uketsuke::transport::{
    Cancel, ExtendedLength, Limits, Outgoing, Presence, Reader, Reset, Sensitivity, TraceEvent,
    Traced, Transport, TransportError, TransportErrorKind,
};
use zeroize::Zeroizing;

/// The smallest transport that a vendor can write.
#[derive(Debug)]
struct Echo;

impl Transport for Echo {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let mut answer = Zeroizing::new(command.bytes().to_vec());
        answer.extend_from_slice(&[0x90, 0x00]);
        Ok(answer)
    }

    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::Unknown,
            max_response: 258,
        }
    }

    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        Ok(())
    }
}

#[test]
fn what_a_transport_need_not_do() {
    let mut link = Echo;
    assert!(!link.is_shared());
    link.begin_burst().unwrap();
    link.end_burst();
    assert_eq!(
        link.verify_on_keypad(0x98),
        Err(TransportError::new(TransportErrorKind::Unsupported, false))
    );
}

/// Bytes from outside the crate are hidden whole, in traces and in `Debug`, even if they look like a harmless SELECT.
#[test]
fn raw_commands_are_hidden_whole() {
    let pin = [0x00, 0x20, 0x00, 0x98, 0x04, b'1', b'3', b'5', b'7'];
    let select = [0x00, 0xA4, 0x04, 0x0C, 0x02, 0xD3, 0x92];
    let mut log = Vec::new();
    let mut link = Traced::new(Echo, |event: &TraceEvent| {
        log.push(format!("{event}|{event:?}"))
    });
    for bytes in [pin.as_slice(), &select] {
        let command = Outgoing::raw(bytes);
        assert_eq!(
            (command.command(), command.response()),
            (Sensitivity::Secret, Sensitivity::Secret)
        );
        assert!(!command.is_classified());
        assert_eq!(format!("{command:?}"), "Outgoing { raw command, hidden }");
        assert_eq!(link.transmit(command).unwrap().len(), bytes.len() + 2);
    }
    let debug = format!("{link:?}");
    assert_eq!(log.len(), 4);
    for line in log.iter().chain([&debug]) {
        assert!(!line.contains(|c: char| c.is_ascii_digit()), "{line}");
    }
}

#[test]
fn errors_say_whether_the_card_may_have_acted() {
    let kind = TransportErrorKind::AnswerCut;
    assert_eq!(
        TransportError::new(kind, false).to_string(),
        "the answer was cut short"
    );
    assert_eq!(
        TransportError::new(kind, true).to_string(),
        "the answer was cut short (whether the card acted is unknown)"
    );
    assert_eq!(
        TransportErrorKind::Fault(0x8010_002F).to_string(),
        "reader fault (code 8010002F)"
    );
}

/// The traits can be used by a driver that is generic over the reader.
#[test]
fn a_reader_of_another_kind() {
    #[derive(Debug)]
    struct Slot(bool);
    #[derive(Debug)]
    struct Nothing;
    impl Cancel for Nothing {
        fn cancel(&self) {}
    }
    impl Reader for Slot {
        type Transport = Traced<Echo, fn(&TraceEvent)>;
        fn name(&self) -> &str {
            "slot"
        }
        fn presence(&mut self) -> Result<Presence, TransportError> {
            Ok(if self.0 {
                Presence::Present
            } else {
                Presence::Absent
            })
        }
        fn wait_for_change(
            &mut self,
            _: Presence,
            _: Duration,
        ) -> Result<Presence, TransportError> {
            self.0 = !self.0;
            self.presence()
        }
        fn connect(&mut self) -> Result<Self::Transport, TransportError> {
            if !self.0 {
                return Err(TransportError::new(TransportErrorKind::NoCard, false));
            }
            Ok(Traced::new(Echo, |_| {}))
        }
        fn canceller(&self) -> Box<dyn Cancel> {
            Box::new(Nothing)
        }
    }
    fn greet(reader: &mut impl Reader) -> Result<usize, TransportError> {
        reader.wait_for_change(Presence::Absent, Duration::from_secs(1))?;
        reader.canceller().cancel();
        Ok(reader
            .connect()?
            .transmit(Outgoing::raw(&[0, 0, 0, 0]))?
            .len())
    }
    assert_eq!(greet(&mut Slot(false)), Ok(6));
    assert_eq!(
        greet(&mut Slot(true)),
        Err(TransportError::new(TransportErrorKind::NoCard, false))
    );
}
