//! A shared card that another program resets between two bursts: found out before anything is sent, the application is
//! selected again in a new session, and no secret is presented by itself.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;
use uketsuke::VisitId;
use uketsuke::card::{
    AuthPin, Card, CardError, Jpki, LastTry, SecretKind, SignatureInput, VerifyError,
};
use uketsuke::checkin::{AuditRecord, Choice, Desk, Method, Policy, Reception, Screen};
use uketsuke::simulation::{
    CardOptions, Centre, Persona, VirtualCard, VirtualReader, VirtualTransport,
};
use uketsuke::transport::{
    Cancel, Limits, Outgoing, Presence, Reader, Reset, Transport, TransportError,
    TransportErrorKind,
};
use uketsuke::trust::TerminalId;
use zeroize::Zeroizing;

/// A reader whose cards are shared. Before the bursts that are named, counted from 1, the other program resets the card.
struct Shared {
    reader: VirtualReader,
    resets: Vec<u64>,
    bursts: Rc<Cell<u64>>,
}

struct SharedLink {
    link: VirtualTransport,
    resets: Vec<u64>,
    bursts: Rc<Cell<u64>>,
    in_burst: bool,
}

impl Transport for SharedLink {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        assert!(self.in_burst, "sent while another program may");
        self.link.transmit(command)
    }
    fn limits(&self) -> Limits {
        self.link.limits()
    }
    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        self.link.reset(how)
    }
    fn is_shared(&self) -> bool {
        true
    }
    fn begin_burst(&mut self) -> Result<(), TransportError> {
        self.bursts.set(self.bursts.get() + 1);
        if self.resets.contains(&self.bursts.get()) {
            self.link.reset(Reset::Warm)?;
            return Err(TransportError::new(TransportErrorKind::CardReset, false));
        }
        self.in_burst = true;
        Ok(())
    }
    fn end_burst(&mut self) {
        self.in_burst = false;
    }
}

impl Reader for Shared {
    type Transport = SharedLink;
    fn name(&self) -> &str {
        "shared"
    }
    fn presence(&mut self) -> Result<Presence, TransportError> {
        self.reader.presence()
    }
    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError> {
        self.reader.wait_for_change(from, timeout)
    }
    fn connect(&mut self) -> Result<SharedLink, TransportError> {
        Ok(SharedLink {
            link: self.reader.connect()?,
            resets: self.resets.clone(),
            bursts: Rc::clone(&self.bursts),
            in_burst: false,
        })
    }
    fn canceller(&self) -> Box<dyn Cancel> {
        self.reader.canceller()
    }
}

fn shared(resets: &[u64]) -> Shared {
    let persona = Persona::named("in-order").unwrap();
    let reader = VirtualReader::new();
    reader.insert(VirtualCard::new(persona, CardOptions::default(), now()));
    Shared {
        reader,
        resets: resets.to_vec(),
        bursts: Rc::default(),
    }
}

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn presented(reader: &VirtualReader) -> u64 {
    reader.remove().unwrap().presented()
}

#[test]
fn the_application_is_selected_again_in_a_new_session() {
    let mut reader = shared(&[2]);
    let mut card = Card::new(reader.connect().unwrap(), VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    let old = jpki
        .tries_left(SecretKind::AuthPin)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let before = jpki.binding();
    jpki.close().unwrap();
    let mut jpki = card.open::<Jpki>().unwrap();
    assert_ne!(jpki.binding(), before);
    // The count from before isn't one of this session.
    let pin = AuthPin::parse("1234").unwrap();
    let kind = SecretKind::AuthPin;
    assert_eq!(
        jpki.verify_pin(pin, old).unwrap_err(),
        VerifyError::ForeignBudget { kind }
    );
    let refused = jpki.sign_authentication(&SignatureInput::sha256([7; 32]));
    assert!(matches!(refused, Err(CardError::NotVerified { .. })));
    assert_eq!(jpki.tries_left(kind).unwrap().count(), 3);
    jpki.close().unwrap();
    drop(card);
    assert_eq!(presented(&reader.reader), 0);
}

#[test]
fn a_reset_told_twice_is_an_error_and_not_a_loop() {
    let mut reader = shared(&[1, 2, 3, 4]);
    let mut card = Card::new(reader.connect().unwrap(), VisitId::begin());
    let error = card.open::<Jpki>().map(drop).unwrap_err();
    let reset = TransportError::new(TransportErrorKind::CardReset, false);
    assert_eq!(error.transport(), Some(reset));
    assert_eq!(reader.bursts.get(), 2);
    assert_eq!(reader.reader.transmissions(), Some(0));
    drop(card);
}

/// A whole check-in, the card reset before its first burst, its second, and so on, and before all pairs of them.
#[test]
fn a_check_in_gets_over_it_and_presents_the_pin_once() {
    /// What is pressed next, the reader, the PINs typed, the card that was taken.
    struct Willing(Option<Choice>, VirtualReader, u32, Option<VirtualCard>);
    impl Desk for Willing {
        fn now(&mut self) -> Timestamp {
            now()
        }
        fn show(&mut self, screen: &Screen) {
            self.0 = match screen {
                Screen::ChooseMethod { .. } => Some(Choice::Method(Method::Pin)),
                Screen::EnterPin { .. } => {
                    self.2 += 1;
                    AuthPin::parse("1234").ok().map(Choice::Pin)
                }
                Screen::Consents { .. } => Some(Choice::ConsentToNone),
                Screen::TakeCard { .. } => {
                    self.3 = self.1.remove();
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
    let visit = |resets: &[u64]| {
        let mut reader = shared(resets);
        let slot = reader.reader.clone();
        let mut desk = Willing(None, slot, 0, None);
        let mut centre = Centre::new();
        let policy = Policy::simulation(TerminalId::new("desk-1").unwrap());
        let outcome = Reception::new(policy, &mut reader, &mut centre).run(&mut desk);
        let card = desk.3.unwrap();
        // Typed again where the session was another when the digits came; those weren't presented.
        assert_eq!(card.presented(), 1, "{resets:?}");
        assert!(outcome.is_accepted(), "{resets:?}: {outcome:?}");
        assert_eq!(card.tries_left()[0], 3, "{resets:?}");
        (desk.2, reader.bursts.get())
    };
    let (typed, bursts) = visit(&[]);
    assert_eq!(typed, 1);
    for first in 1..=bursts {
        assert!(visit(&[first]).0 <= 2);
        for second in first + 2..=bursts + 3 {
            assert!(visit(&[first, second]).0 <= 3);
        }
    }
}
