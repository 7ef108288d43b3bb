//! The transport traits and wrappers as a vendor of another kind of reader uses them.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;
use uketsuke::card::AuthPin;
use uketsuke::checkin::{AuditRecord, Choice, Desk, Method, Policy, Reception, Screen};
use uketsuke::eligibility::EligibilityService;
use uketsuke::simulation::{
    CardOptions, Centre, Persona, Recording, Replayed, VirtualCard, VirtualReader, VirtualTransport,
};
use uketsuke::transport::{
    AnyReader, Cancel, ExtendedLength, Limits, Outgoing, Presence, Reader, Reset, Sensitivity,
    TraceEvent, Traced, TracedReader, Transport, TransportError, TransportErrorKind,
};
use uketsuke::trust::TerminalId;
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
    assert!(!link.is_shared() && !link.has_keypad());
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

/// A reader chosen at run time: boxes and references are what they hold, defaults of the traits included.
#[test]
fn boxes_and_references_are_what_they_hold() {
    /// Overrides everything that has a default.
    struct Own(Vec<&'static str>);
    impl Transport for Own {
        fn transmit(&mut self, _: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
            self.0.push("transmit");
            Ok(Zeroizing::new(vec![0x90, 0x00]))
        }
        fn limits(&self) -> Limits {
            Limits {
                extended: ExtendedLength::Yes,
                max_response: 300,
            }
        }
        fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
            self.0.push("reset");
            Ok(())
        }
        fn is_shared(&self) -> bool {
            true
        }
        fn begin_burst(&mut self) -> Result<(), TransportError> {
            self.0.push("begin");
            Err(TransportError::new(TransportErrorKind::CardReset, false))
        }
        fn end_burst(&mut self) {
            self.0.push("end");
        }
        fn has_keypad(&self) -> bool {
            true
        }
        fn verify_on_keypad(&mut self, _: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
            self.0.push("keypad");
            Ok(Zeroizing::new(vec![0x63, 0xC2]))
        }
    }
    fn use_it(mut link: impl Transport) {
        assert_eq!(link.limits().max_response, 300);
        assert!(link.is_shared() && link.has_keypad());
        assert!(link.begin_burst().is_err());
        assert_eq!(link.transmit(Outgoing::raw(&[0; 4])).unwrap().len(), 2);
        link.reset(Reset::Warm).unwrap();
        assert!(link.verify_on_keypad(0).is_ok());
        link.end_burst();
    }
    let mut own = Own(Vec::new());
    use_it(&mut own);
    use_it(Box::new(&mut own) as Box<dyn Transport + '_>);
    use_it(&mut own as &mut dyn Transport);
    let once = ["begin", "transmit", "reset", "keypad", "end"];
    assert_eq!(own.0, [once, once, once].concat());
}

/// Readers of two kinds in one list, each used on a thread of its own.
#[test]
fn a_reader_of_any_kind_goes_to_another_thread() {
    let persona = Persona::named("in-order").unwrap();
    let now = "2026-11-24T00:00:00Z".parse().unwrap();
    let slot = VirtualReader::with_persona(persona, CardOptions::default(), now);
    let recording = Recording::from_bytes(&[1, 0, 0x3B, 2, 0, 0x6A, 0x82]).unwrap();
    let readers = [
        AnyReader::new(slot),
        AnyReader::new(Replayed::new(recording)),
    ];
    let threads = readers.map(|mut reader| {
        std::thread::spawn(move || {
            let name = reader.name().to_owned();
            assert_eq!(format!("{reader:?}"), format!("AnyReader({name:?})"));
            assert_eq!(reader.presence(), Ok(Presence::Present));
            let now = reader.wait_for_change(Presence::Absent, Duration::MAX);
            assert_eq!(now, Ok(Presence::Present));
            reader.canceller().cancel();
            let cancelled = TransportError::new(TransportErrorKind::Cancelled, false);
            let waited = reader.wait_for_change(Presence::Present, Duration::MAX);
            assert_eq!(waited, Err(cancelled));
            let mut link = reader.connect().unwrap();
            let select = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
            (name, link.transmit(Outgoing::raw(select)).unwrap().to_vec())
        })
    });
    let [virtual_one, recorded] = threads.map(|thread| thread.join().unwrap());
    assert_eq!(virtual_one, ("virtual reader".to_owned(), vec![0x90, 0x00]));
    assert_eq!(recorded, ("recording".to_owned(), vec![0x6A, 0x82]));
}

/// Each connection tells the sink, and so does a connection that fails.
#[test]
fn a_traced_reader_traces_every_connection() {
    #[derive(Debug)]
    struct Slot(u8);
    #[derive(Debug)]
    struct Nothing;
    impl Cancel for Nothing {
        fn cancel(&self) {}
    }
    impl Reader for Slot {
        type Transport = Echo;
        fn name(&self) -> &str {
            "slot"
        }
        fn presence(&mut self) -> Result<Presence, TransportError> {
            Ok(Presence::Mute)
        }
        fn wait_for_change(
            &mut self,
            from: Presence,
            _: Duration,
        ) -> Result<Presence, TransportError> {
            Ok(from)
        }
        fn connect(&mut self) -> Result<Echo, TransportError> {
            self.0 += 1;
            match self.0 {
                2 => Err(TransportError::new(TransportErrorKind::Mute, false)),
                _ => Ok(Echo),
            }
        }
        fn canceller(&self) -> Box<dyn Cancel> {
            Box::new(Nothing)
        }
    }
    let log = Rc::new(RefCell::new(Vec::new()));
    let sink = {
        let log = Rc::clone(&log);
        move |event: &TraceEvent| log.borrow_mut().push(event.to_string())
    };
    // Through a box without its type, as a program has it that chooses a reader at run time.
    let slot: Box<dyn Reader<Transport = Echo>> = Box::new(Slot(0));
    let mut reader = TracedReader::new(slot, sink);
    assert_eq!(reader.name(), "slot");
    assert_eq!(reader.presence(), Ok(Presence::Mute));
    let waited = reader.wait_for_change(Presence::Absent, Duration::ZERO);
    assert_eq!(waited, Ok(Presence::Absent));
    reader.canceller().cancel();
    for _ in 0..3 {
        if let Ok(mut link) = reader.connect() {
            link.transmit(Outgoing::raw(&[0; 4])).unwrap();
        }
    }
    let exchange = [
        "= card connected",
        "> raw command, hidden",
        "< answer, hidden",
    ];
    let failed = ["= card not connected: error: the card does not answer"];
    assert_eq!(*log.borrow(), [&exchange[..], &failed, &exchange].concat());
    assert_eq!(reader.into_inner().name(), "slot");
}

/// A whole reception whose reader and centre were chosen at run time, traced from the first command to the last.
#[test]
fn a_whole_reception_is_traced() {
    struct Willing(Option<Choice>, VirtualReader);
    impl Desk for Willing {
        fn now(&mut self) -> Timestamp {
            "2026-11-22T12:00:00+09:00".parse().unwrap()
        }
        fn show(&mut self, screen: &Screen) {
            self.0 = match screen {
                Screen::ChooseMethod { .. } => Some(Choice::Method(Method::Pin)),
                Screen::EnterPin { .. } => AuthPin::parse("1234").ok().map(Choice::Pin),
                Screen::Consents { .. } => Some(Choice::ConsentToNone),
                Screen::TakeCard { .. } => {
                    self.1.remove();
                    None
                }
                _ => Some(Choice::Yes),
            };
        }
        fn choice(&mut self, _: Timestamp) -> Option<Choice> {
            self.0.take()
        }
        fn audit(&mut self, _: &AuditRecord) {}
    }
    let slot = VirtualReader::new();
    let mut desk = Willing(None, slot.clone());
    let persona = Persona::named("in-order").unwrap();
    slot.insert(VirtualCard::new(
        persona,
        CardOptions::default(),
        desk.now(),
    ));
    let log = Rc::new(RefCell::new(Vec::new()));
    let sink = {
        let log = Rc::clone(&log);
        move |event: &TraceEvent| log.borrow_mut().push(event.to_string())
    };
    let chosen: Box<dyn Reader<Transport = VirtualTransport>> = Box::new(slot);
    let mut reader = TracedReader::new(chosen, sink);
    let mut centre: Box<dyn EligibilityService> = Box::new(Centre::new());
    let policy = Policy::simulation(TerminalId::new("desk-1").unwrap());
    let outcome = Reception::new(policy, &mut reader, &mut centre).run(&mut desk);
    assert!(outcome.is_accepted(), "{outcome:?}");
    let log = log.borrow();
    let count = |line: &str| log.iter().filter(|told| told.starts_with(line)).count();
    assert_eq!(count("= card connected"), 1);
    assert_eq!(count("> 00 20 00 98, data hidden"), 1);
    assert!(!log.iter().any(|line| line.contains("31323334")));
}
