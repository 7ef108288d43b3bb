//! The PC/SC transport against a real pcscd with the virtual reader vpcd. `tests/pcsc.sh` starts a private one and runs this;
//! anywhere else these tests are ignored, since they take the first reader that they find.

#![cfg(all(feature = "pcsc", target_os = "linux"))]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use uketsuke::VisitId;
use uketsuke::card::{AuthPin, Card, Jpki, LastTry, SecretKind, SignatureInput};
use uketsuke::simulation::{CardOptions, Persona, VirtualCard, Vpcd, VpcdStep};
use uketsuke::transport::{
    Outgoing, PcscReader, PcscTransport, Presence, Reader, Reset, Transport, TransportError,
    TransportErrorKind,
};

const LONG: Duration = Duration::from_secs(10);
/// SELECT of the JPKI application.
const SELECT: [u8; 15] = [
    0, 0xA4, 4, 0x0C, 10, 0xD3, 0x92, 0xF0, 0, 0x26, 1, 0, 0, 0, 1,
];
/// Asks for the tries left of the authentication PIN; spends none.
const COUNT: [u8; 4] = [0, 0x20, 0, 0x98];

/// A card in the virtual reader's first slot.
struct Inserted {
    out: Arc<AtomicBool>,
    thread: JoinHandle<(VirtualCard, Vec<VpcdStep>)>,
}

impl Inserted {
    fn new(mut card: VirtualCard) -> Self {
        let out = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&out);
        let mut slot = Vpcd::connect("127.0.0.1", Vpcd::DEFAULT_PORT).unwrap();
        let thread = thread::spawn(move || {
            let mut steps = Vec::new();
            // The reader looks for the card every 0.4 s, so the flag is seen soon.
            while !flag.load(Ordering::Acquire) {
                match slot.serve_one(&mut card) {
                    Ok(VpcdStep::Closed) | Err(_) => break,
                    Ok(step) => steps.push(step),
                }
            }
            (card, steps)
        });
        Self { out, thread }
    }

    fn take(self) -> (VirtualCard, Vec<VpcdStep>) {
        self.out.store(true, Ordering::Release);
        self.thread.join().unwrap()
    }
}

fn virtual_card() -> VirtualCard {
    let persona = Persona::named("in-order").unwrap();
    VirtualCard::new(
        persona,
        CardOptions::default(),
        "2026-11-24T00:00:00Z".parse().unwrap(),
    )
}

fn wait(reader: &mut PcscReader, from: Presence) -> Presence {
    for _ in 0..40 {
        let now = reader.wait_for_change(from, LONG).unwrap();
        if now != from {
            return now;
        }
    }
    panic!("{from:?} for ever");
}

/// The reader, empty for long enough that the daemon has looked: pcscd 1.9.9 looks every 0.4 s, and doesn't notice a card that
/// is put back in between once letting go of the lost one has failed.
fn empty_reader() -> PcscReader {
    let mut reader = PcscReader::open("").unwrap();
    if reader.presence().unwrap() != Presence::Absent {
        wait(&mut reader, Presence::Present);
    }
    let look = Duration::from_secs(1);
    assert_eq!(
        reader.wait_for_change(Presence::Absent, look),
        Ok(Presence::Absent)
    );
    reader
}

fn with_card(run: impl FnOnce(&mut PcscReader, PcscTransport)) -> (VirtualCard, Vec<VpcdStep>) {
    let mut reader = empty_reader();
    let inserted = Inserted::new(virtual_card());
    assert_eq!(wait(&mut reader, Presence::Absent), Presence::Present);
    let link = reader.connect().unwrap();
    run(&mut reader, link);
    inserted.take()
}

fn status(link: &mut PcscTransport, command: &[u8]) -> Result<[u8; 2], TransportError> {
    let answer = link.transmit(Outgoing::raw(command))?;
    Ok(answer[answer.len() - 2..].try_into().unwrap())
}

/// Everything in one session, and each command on the card once: SELECT, certificate, tries left, PIN, signature.
#[test]
#[ignore = "needs the private pcscd of tests/pcsc.sh"]
fn a_session_reaches_the_card_once() {
    let (card, steps) = with_card(|_, link| {
        assert!(!link.is_shared());
        let mut card = Card::new(link, VisitId::begin());
        let mut jpki = card.open::<Jpki>().unwrap();
        let certificate = jpki.authentication_certificate(&mut |_| ()).unwrap();
        assert!(certificate.der().len() > 1000);
        let left = jpki.tries_left(SecretKind::AuthPin).unwrap();
        assert_eq!(left.count(), 3);
        let pin = AuthPin::parse(CardOptions::default().auth_pin.as_str()).unwrap();
        let _verified = jpki
            .verify_pin(pin, left.budget(LastTry::Refuse).unwrap())
            .unwrap();
        let signature = jpki
            .sign_authentication(&SignatureInput::sha256([7; 32]))
            .unwrap();
        assert_eq!(signature.bytes().len(), 256);
        drop(jpki);
        drop(card);
    });
    assert_eq!(card.transmissions(), 5);
    // Let go of with its power off; what the daemon does with the card afterwards is its own affair.
    let after = steps
        .rsplit(|step| *step == VpcdStep::Answered)
        .next()
        .unwrap();
    assert!(after.contains(&VpcdStep::PoweredOff), "{steps:?}");
}

#[test]
#[ignore = "needs the private pcscd of tests/pcsc.sh"]
fn what_is_no_command_does_not_reach_the_driver() {
    let (card, _) = with_card(|reader, mut link| {
        for len in 0..4 {
            let error = link.transmit(Outgoing::raw(&SELECT[..len])).unwrap_err();
            assert_eq!(
                error,
                TransportError::new(TransportErrorKind::InvalidCommand, false)
            );
        }
        assert_eq!(status(&mut link, &SELECT), Ok([0x90, 0x00]));
        link.reset(Reset::Warm).unwrap();
        link.reset(Reset::PowerOff).unwrap();
        assert_ne!(
            status(&mut link, &COUNT),
            Ok([0x63, 0xC3]),
            "nothing is selected after a reset"
        );
        let mut second = PcscReader::open(reader.name()).unwrap();
        assert_eq!(
            second.connect().unwrap_err().kind,
            TransportErrorKind::HeldByAnother
        );
    });
    assert_eq!(card.transmissions(), 2);
}

/// Another program has the card open, shared: so have we then, and it can't interrupt a burst.
#[test]
#[ignore = "needs the private pcscd of tests/pcsc.sh"]
fn a_shared_card_is_ours_for_a_burst() {
    with_card(|reader, link| {
        drop(link);
        let context = pcsc::Context::establish(pcsc::Scope::User).unwrap();
        let name = std::ffi::CString::new(reader.name()).unwrap();
        let mut other = context
            .connect(&name, pcsc::ShareMode::Shared, pcsc::Protocols::ANY)
            .unwrap();
        let mut link = reader.connect().unwrap();
        assert!(link.is_shared());
        link.begin_burst().unwrap();
        assert_eq!(status(&mut link, &SELECT), Ok([0x90, 0x00]));
        let waiting = Arc::new(AtomicBool::new(true));
        let flag = Arc::clone(&waiting);
        let thread = thread::spawn(move || {
            other.transaction().unwrap();
            flag.store(false, Ordering::Release);
            other
                .reconnect(
                    pcsc::ShareMode::Shared,
                    pcsc::Protocols::ANY,
                    pcsc::Disposition::ResetCard,
                )
                .unwrap();
            other
        });
        for _ in 0..50 {
            assert_eq!(status(&mut link, &COUNT), Ok([0x63, 0xC3]));
            assert!(waiting.load(Ordering::Acquire), "interrupted");
        }
        link.end_burst();
        let other = thread.join().unwrap();
        // The other program reset the card: said once, and then the link is good again.
        assert_eq!(
            link.begin_burst().unwrap_err().kind,
            TransportErrorKind::CardReset
        );
        link.begin_burst().unwrap();
        assert_eq!(status(&mut link, &SELECT), Ok([0x90, 0x00]));
        drop(link);
        drop(other);
    });
}

#[test]
#[ignore = "needs the private pcscd of tests/pcsc.sh"]
fn a_card_that_leaves_and_a_wait_that_is_cancelled() {
    let mut reader = empty_reader();
    assert_eq!(
        reader.connect().unwrap_err(),
        TransportError::new(TransportErrorKind::NoCard, false)
    );
    let canceller = reader.canceller();
    canceller.cancel();
    let cancelled = TransportError::new(TransportErrorKind::Cancelled, false);
    assert_eq!(
        reader.wait_for_change(Presence::Absent, LONG),
        Err(cancelled)
    );
    let thread = thread::spawn(move || canceller.cancel());
    assert_eq!(
        reader.wait_for_change(Presence::Absent, LONG),
        Err(cancelled)
    );
    thread.join().unwrap();

    let inserted = Inserted::new(virtual_card());
    assert_eq!(wait(&mut reader, Presence::Absent), Presence::Present);
    let mut link = reader.connect().unwrap();
    assert_eq!(status(&mut link, &SELECT), Ok([0x90, 0x00]));
    let (card, _) = inserted.take();
    let error = status(&mut link, &COUNT).unwrap_err();
    assert!(error.outcome_unknown, "{error}");
    assert!(
        matches!(
            error.kind,
            TransportErrorKind::AnswerCut | TransportErrorKind::CardRemoved
        ),
        "{error}"
    );
    drop(link);
    assert_eq!(wait(&mut reader, Presence::Present), Presence::Absent);
    assert_eq!(card.transmissions(), 1);
}
