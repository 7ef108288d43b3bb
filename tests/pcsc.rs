//! The PC/SC transport against a real pcscd with the virtual reader vpcd. `tests/pcsc.sh` starts a private one and runs this;
//! anywhere else these tests are ignored, since they take the first reader that they find.

#![cfg(all(feature = "pcsc", target_os = "linux"))]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use uketsuke::VisitId;
use uketsuke::card::{AuthPin, Card, CardError, Jpki, LastTry, SecretKind, SignatureInput};
use uketsuke::simulation::{
    CardOptions, Persona, Recorder, Replayed, SoftwareCard, VirtualCard, Vpcd, VpcdStep,
};
use uketsuke::transport::{
    Outgoing, PcscReader, PcscReaders, PcscTransport, Presence, Reader, ReaderEvent, Reset,
    Transport, TransportError, TransportErrorKind,
};

const LONG: Duration = Duration::from_secs(10);
/// SELECT of the JPKI application.
const SELECT: [u8; 15] = [
    0, 0xA4, 4, 0x0C, 10, 0xD3, 0x92, 0xF0, 0, 0x26, 1, 0, 0, 0, 1,
];
/// Asks for the tries left of the authentication PIN; spends none.
const COUNT: [u8; 4] = [0, 0x20, 0, 0x98];

/// A card in a slot of the virtual reader.
struct Inserted<C> {
    out: Arc<AtomicBool>,
    thread: JoinHandle<(C, Vec<VpcdStep>)>,
}

impl<C: SoftwareCard + Send + 'static> Inserted<C> {
    fn new(card: C) -> Self {
        Self::at(Vpcd::DEFAULT_PORT, card)
    }

    fn at(port: u16, mut card: C) -> Self {
        let out = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&out);
        let mut slot = Vpcd::connect("127.0.0.1", port).unwrap();
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

    fn take(self) -> (C, Vec<VpcdStep>) {
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
    empty(PcscReader::open("").unwrap())
}

fn empty(mut reader: PcscReader) -> PcscReader {
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
    with(virtual_card(), run)
}

fn with<C: SoftwareCard + Send + 'static>(
    card: C,
    run: impl FnOnce(&mut PcscReader, PcscTransport),
) -> (C, Vec<VpcdStep>) {
    let mut reader = empty_reader();
    let inserted = Inserted::new(card);
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

/// Two slots, two cards: each link has its own, and whoever holds one doesn't hold the other.
#[test]
#[ignore = "needs the private pcscd of tests/pcsc.sh"]
fn two_readers_have_a_card_each() {
    let names = PcscReader::list().unwrap();
    assert_eq!(names.len(), 2, "{names:?}");
    let mut readers: Vec<_> = names
        .iter()
        .map(|name| empty(PcscReader::open(name).unwrap()))
        .collect();
    let last_try = Persona::named("pin-last-try").unwrap();
    let now = "2026-11-24T00:00:00Z".parse().unwrap();
    let cards = [
        virtual_card(),
        VirtualCard::new(last_try, CardOptions::default(), now),
    ];
    let inserted: Vec<_> = (Vpcd::DEFAULT_PORT..)
        .zip(cards)
        .map(|(port, card)| Inserted::at(port, card))
        .collect();
    let mut links = Vec::new();
    for reader in &mut readers {
        assert_eq!(wait(reader, Presence::Absent), Presence::Present);
        links.push(reader.connect().unwrap());
    }
    for (link, expected) in links.iter_mut().zip([[0x63, 0xC3], [0x63, 0xC1]]) {
        assert!(!link.is_shared());
        assert_eq!(status(link, &SELECT), Ok([0x90, 0x00]));
        assert_eq!(status(link, &COUNT), Ok(expected));
    }
    drop(links);
    for inserted in inserted {
        assert_eq!(inserted.take().0.transmissions(), 2);
    }
}

/// A card that PC/SC can't power up: its answer to reset is too long to be one.
struct Mute;

impl SoftwareCard for Mute {
    fn atr(&self) -> Vec<u8> {
        vec![0x3B; 60]
    }
    fn power_on(&mut self) {}
    fn power_off(&mut self) {}
    fn reset(&mut self) {}
    fn transmit(&mut self, _: &[u8]) -> Vec<u8> {
        vec![0x6F, 0x00]
    }
    fn transmissions(&self) -> u64 {
        0
    }
}

#[test]
#[ignore = "needs the private pcscd of tests/pcsc.sh"]
fn a_card_that_does_not_answer_is_mute() {
    let mut reader = empty_reader();
    let inserted = Inserted::new(Mute);
    assert_eq!(wait(&mut reader, Presence::Absent), Presence::Mute);
    assert_eq!(
        reader.connect().unwrap_err(),
        TransportError::new(TransportErrorKind::Mute, false)
    );
    inserted.take();
    assert_eq!(wait(&mut reader, Presence::Mute), Presence::Absent);
}

/// The next event, and none missed.
fn event(readers: &mut PcscReaders) -> ReaderEvent {
    (0..40)
        .find_map(|_| readers.next_event(LONG).unwrap())
        .expect("no event for ever")
}

fn no_event(readers: &mut PcscReaders) {
    assert_eq!(readers.next_event(Duration::ZERO), Ok(None));
}

#[test]
#[ignore = "needs the private pcscd of tests/pcsc.sh"]
fn cards_and_readers_that_come_and_go_are_told() {
    empty_reader();
    let names = PcscReader::list().unwrap();
    let mut readers = PcscReaders::new().unwrap();
    for name in &names {
        assert_eq!(event(&mut readers), ReaderEvent::Added(name.clone()));
    }
    assert!(readers.names().eq(names.iter().cloned()));
    no_event(&mut readers);
    let card = |reader: &str, presence| ReaderEvent::Card {
        reader: reader.to_owned(),
        presence,
    };

    let second = Vpcd::DEFAULT_PORT + 1;
    let inserted = Inserted::at(second, virtual_card());
    assert_eq!(event(&mut readers), card(&names[1], Presence::Present));
    let link = readers.open(&names[1]).unwrap().connect().unwrap();
    drop(link);
    inserted.take();
    assert_eq!(event(&mut readers), card(&names[1], Presence::Absent));
    let inserted = Inserted::at(second, Mute);
    assert_eq!(event(&mut readers), card(&names[1], Presence::Mute));
    inserted.take();
    assert_eq!(event(&mut readers), card(&names[1], Presence::Absent));
    no_event(&mut readers);

    let cancelled = Err(TransportError::new(TransportErrorKind::Cancelled, false));
    let canceller = readers.canceller();
    canceller.cancel();
    assert_eq!(readers.next_event(LONG), cancelled);
    let thread = thread::spawn(move || canceller.cancel());
    assert_eq!(readers.next_event(Duration::MAX), cancelled);
    thread.join().unwrap();
    no_event(&mut readers);
}

/// What a warm reset keeps and power-off doesn't; and that each gets to the card as what it is.
#[test]
#[ignore = "needs the private pcscd of tests/pcsc.sh"]
fn an_open_key_survives_a_warm_reset_and_no_power_off() {
    let verify = [0, 0x20, 0, 0x98, 4, b'1', b'2', b'3', b'4'];
    let sign = [0x80, 0x2A, 0, 0x97, 3, b'a', b'b', b'c', 0];
    let (_, steps) = with_card(|_, mut link| {
        assert_eq!(status(&mut link, &SELECT), Ok([0x90, 0x00]));
        assert_eq!(status(&mut link, &verify), Ok([0x90, 0x00]));
        link.reset(Reset::Warm).unwrap();
        assert_eq!(status(&mut link, &SELECT), Ok([0x90, 0x00]));
        assert_eq!(status(&mut link, &sign), Ok([0x90, 0x00]));
        link.reset(Reset::PowerOff).unwrap();
        assert_eq!(status(&mut link, &SELECT), Ok([0x90, 0x00]));
        assert_eq!(status(&mut link, &sign), Ok([0x69, 0x82]));
    });
    let resets: Vec<_> = steps
        .split(|step| *step == VpcdStep::Answered)
        .map(|between| {
            let has = |step| between.contains(&step);
            (has(VpcdStep::Reset), has(VpcdStep::PoweredOff))
        })
        .collect();
    assert_eq!(resets[2], (true, false), "{steps:?}");
    assert!(resets[4].1, "{steps:?}");
}

/// Two connections, shared. The other program resets the card between two bursts: that is found out, the application is
/// selected again in a new session, and nothing is verified again by itself.
#[test]
#[ignore = "needs the private pcscd of tests/pcsc.sh"]
fn after_another_program_s_reset_the_application_is_selected_and_no_pin_presented() {
    let (card, _) = with_card(|reader, link| {
        drop(link);
        let context = pcsc::Context::establish(pcsc::Scope::User).unwrap();
        let name = std::ffi::CString::new(reader.name()).unwrap();
        let mut other = context
            .connect(&name, pcsc::ShareMode::Shared, pcsc::Protocols::ANY)
            .unwrap();
        let mut card = Card::new(reader.connect().unwrap(), VisitId::begin());
        let mut jpki = card.open::<Jpki>().unwrap();
        let left = jpki.tries_left(SecretKind::AuthPin).unwrap();
        let pin = AuthPin::parse("1234").unwrap();
        let verified = jpki
            .verify_pin(pin, left.budget(LastTry::Refuse).unwrap())
            .unwrap();
        let input = SignatureInput::sha256([7; 32]);
        jpki.sign_authentication(&input).unwrap();
        jpki.close().unwrap();

        let how = pcsc::Disposition::ResetCard;
        other
            .reconnect(pcsc::ShareMode::Shared, pcsc::Protocols::ANY, how)
            .unwrap();
        let mut jpki = card.open::<Jpki>().unwrap();
        assert_ne!(jpki.binding(), verified.binding(), "another session");
        let refused = jpki.sign_authentication(&input).unwrap_err();
        assert!(
            matches!(refused, CardError::NotVerified { .. }),
            "{refused}"
        );
        assert_eq!(jpki.tries_left(SecretKind::AuthPin).unwrap().count(), 3);
        jpki.close().unwrap();
        drop(card);
        drop(other);
    });
    assert_eq!(card.presented(), 1);
}

/// A session that went through PC/SC, recorded, is played through PC/SC again.
#[test]
#[ignore = "needs the private pcscd of tests/pcsc.sh"]
fn a_recorded_session_is_replayed_through_pcsc() {
    let read = |link: PcscTransport| {
        let mut card = Card::new(link, VisitId::begin());
        let mut jpki = card.open::<Jpki>().unwrap();
        let certificate = jpki.authentication_certificate(&mut |_| ()).unwrap();
        jpki.close().unwrap();
        certificate.der().to_vec()
    };
    let mut first = Vec::new();
    let (recorder, _) = with(Recorder::new(virtual_card()), |_, link| first = read(link));
    let (recording, _) = recorder.finish().unwrap();
    let mut again = Vec::new();
    let (replayed, _) = with(Replayed::new(recording), |_, link| again = read(link));
    assert_eq!(again, first);
    assert_eq!(replayed.left(), 0);
}
