//! Sessions of the virtual card, recorded and replayed through the whole card layer.

use std::path::Path;
use std::time::Duration;

use uketsuke::VisitId;
use uketsuke::card::{
    AuthPin, Card, CardFace, Common, Jpki, LastTry, ReferenceNumberB, SecretKind, SignatureInput,
};
use uketsuke::simulation::{
    CardOptions, Persona, Recorder, Recording, RecordingError, Replayed, SoftwareCard, VirtualCard,
};
use uketsuke::transport::{
    ExtendedLength, Limits, Outgoing, Presence, Reader, Transport, TransportError,
    TransportErrorKind,
};

const EXTENDED: Limits = Limits {
    extended: ExtendedLength::Yes,
    max_response: 65_535,
};
const SHORT: Limits = Limits {
    extended: ExtendedLength::No,
    max_response: 258,
};

fn virtual_card(persona: &Persona) -> VirtualCard {
    let now = "2026-11-24T00:00:00Z".parse().unwrap();
    VirtualCard::new(persona, CardOptions::default(), now)
}

/// Says of itself what a session is to be recorded with.
struct Within<T>(T, Limits);

impl<T: Transport> Transport for Within<T> {
    fn transmit(
        &mut self,
        command: Outgoing<'_>,
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, TransportError> {
        self.0.transmit(command)
    }
    fn limits(&self) -> Limits {
        self.1
    }
    fn reset(&mut self, how: uketsuke::transport::Reset) -> Result<(), TransportError> {
        self.0.reset(how)
    }
}

/// Everything that a visit does with a card, in the order in which the fuzz target `session` does it for the steps that
/// [`write_the_seeds`] writes. Gives what was read and signed.
fn session<T: Transport>(card: &mut Card<T>, number: &str) -> Vec<Vec<u8>> {
    let mut jpki = card.open::<Jpki>().unwrap();
    let left = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let pin = AuthPin::parse("1234").unwrap();
    let _verified = jpki
        .verify_pin(pin, left.budget(LastTry::Allow).unwrap())
        .unwrap();
    let certificate = jpki.authentication_certificate(&mut |_| ()).unwrap();
    let signature = jpki
        .sign_authentication(&SignatureInput::sha256([7; 32]))
        .unwrap();
    jpki.close().unwrap();
    let mut face = card.open::<CardFace>().unwrap();
    let left = face.tries_left(SecretKind::ReferenceNumberB).unwrap();
    let number = ReferenceNumberB::parse(number).unwrap();
    let right = face
        .verify_reference_number_b(number, left.budget(LastTry::Refuse).unwrap())
        .unwrap();
    let photo = face.photo(&right, &mut |_| ()).unwrap();
    face.close().unwrap();
    let mut common = card.open::<Common>().unwrap();
    let expiry = common.expiry_hint().unwrap();
    common.close().unwrap();
    vec![
        certificate.der().to_vec(),
        signature.bytes().to_vec(),
        photo.jpeg2000().to_vec(),
        format!("{expiry:?}").into_bytes(),
    ]
}

fn recorded(limits: Limits) -> (Recording, Vec<Vec<u8>>) {
    let persona = Persona::named("in-order").unwrap();
    let link = Within(Recorder::new(virtual_card(persona)), limits);
    let mut card = Card::new(link, VisitId::begin());
    let read = session(&mut card, persona.reference_number_b);
    let (recording, card) = card.release().unwrap().0.finish().unwrap();
    assert_eq!(recording.atr(), card.atr());
    let transmissions = usize::try_from(card.transmissions()).unwrap();
    assert_eq!(recording.answers().count(), transmissions);
    (recording, read)
}

#[test]
fn a_replayed_session_reads_and_signs_the_same() {
    for limits in [EXTENDED, SHORT] {
        let (recording, read) = recorded(limits);
        let recording = Recording::from_bytes(&recording.to_bytes()).unwrap();
        let replayed = Replayed::new(recording.clone()).with_limits(limits);
        let mut card = Card::new(replayed.clone(), VisitId::begin());
        // Whatever is asked: this is another person's number.
        assert_eq!(session(&mut card, "55021720352285"), read);
        assert_eq!(replayed.left(), 0);
        assert_eq!(
            SoftwareCard::transmissions(&replayed),
            recording.answers().count() as u64
        );
        assert!(card.open::<Jpki>().is_err());
    }
}

/// Asked for otherwise than it was recorded, it gives answers that don't fit: errors, or less, and no panic.
#[test]
fn answers_to_other_questions_do_no_harm() {
    let (recording, _) = recorded(EXTENDED);
    for limits in [EXTENDED, SHORT] {
        for skip in 0..recording.answers().count() {
            let mut replayed = Replayed::new(recording.clone()).with_limits(limits);
            for _ in 0..skip {
                Transport::transmit(&mut replayed, Outgoing::raw(&[0; 4])).unwrap();
            }
            let mut card = Card::new(replayed, VisitId::begin());
            if let Ok(mut jpki) = card.open::<Jpki>() {
                let _ = jpki.tries_left(SecretKind::AuthPin);
                let _ = jpki.authentication_certificate(&mut |_| ());
            }
        }
    }
}

#[test]
fn a_recording_is_a_reader_until_its_last_answer() {
    let (recording, _) = recorded(EXTENDED);
    let answers = recording.answers().count();
    let mut reader = Replayed::new(recording);
    assert_eq!(reader.name(), "recording");
    assert_eq!(reader.presence(), Ok(Presence::Present));
    let now = reader.wait_for_change(Presence::Absent, Duration::MAX);
    assert_eq!(now, Ok(Presence::Present));
    let unchanged = reader.wait_for_change(Presence::Present, Duration::ZERO);
    assert_eq!(unchanged, Ok(Presence::Present));
    let canceller = reader.canceller();
    let thread = std::thread::spawn(move || canceller.cancel());
    let error = |kind, unknown| TransportError::new(kind, unknown);
    let waited = reader.wait_for_change(Presence::Present, Duration::MAX);
    assert_eq!(waited, Err(error(TransportErrorKind::Cancelled, false)));
    thread.join().unwrap();

    // The second link goes on where the first one is, and the last answer ends a wait.
    let mut first = reader.connect().unwrap();
    let mut second = reader.connect().unwrap();
    let ask = |link: &mut Replayed| Transport::transmit(link, Outgoing::raw(&[0; 4]));
    let atr = SoftwareCard::atr(&first);
    assert_eq!(atr[0], 0x3B);
    assert_eq!(
        Transport::transmit(&mut first, Outgoing::raw(&[0; 3])),
        Err(error(TransportErrorKind::InvalidCommand, false))
    );
    ask(&mut first).unwrap();
    let thread = std::thread::spawn(move || {
        for _ in 1..answers {
            ask(&mut second).unwrap();
        }
        second
    });
    let waited = reader.wait_for_change(Presence::Present, Duration::MAX);
    assert_eq!(waited, Ok(Presence::Absent));
    let mut second = thread.join().unwrap();
    let removed = error(TransportErrorKind::CardRemoved, true);
    assert_eq!(ask(&mut second), Err(removed));
    assert_eq!(SoftwareCard::transmit(&mut second, &[0; 4]), [0x6D, 0x00]);
    let absent = reader.connect().unwrap_err();
    assert_eq!(absent, error(TransportErrorKind::NoCard, false));
}

#[test]
fn an_answer_that_is_none_is_cut() {
    for block in [&[0, 0][..], &[1, 0, 0x90]] {
        let bytes = [&[1, 0, 0x3B][..], block, &[2, 0, 0x90, 0x00]].concat();
        let mut replayed = Replayed::new(Recording::from_bytes(&bytes).unwrap());
        let mut ask = || Transport::transmit(&mut replayed, Outgoing::raw(&[0; 4]));
        let cut = TransportError::new(TransportErrorKind::AnswerCut, true);
        assert_eq!(ask(), Err(cut));
        assert_eq!(ask().unwrap().as_slice(), [0x90, 0x00]);
    }
}

#[test]
fn a_session_too_long_is_no_recording() {
    let mut recorder = Recorder::new(virtual_card(Persona::named("other-card").unwrap()));
    // Four bytes each.
    for _ in 0..Recording::MOST_BYTES / 4 {
        SoftwareCard::transmit(&mut recorder, &[0; 4]);
    }
    assert_eq!(recorder.finish().unwrap_err(), RecordingError::TooLong);
}

/// What is in a recording is a made-up person's, but its `Debug` shows nothing of it.
#[test]
fn debug_shows_counts_only() {
    let (recording, _) = recorded(EXTENDED);
    let answers = recording.answers().count();
    let bytes = recording.to_bytes().len();
    let debug = format!("{recording:?} {:?}", Replayed::new(recording.clone()));
    assert_eq!(
        debug,
        format!("Recording({answers} answers, {bytes} bytes) Replayed({answers} answers left)")
    );
}

/// The first inputs of the fuzz targets `replay` and `session`, which then get past the first SELECT.
#[test]
#[ignore = "writes fuzz/seeds"]
fn write_the_seeds() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for (name, limits, flags) in [("extended", EXTENDED, 1), ("short", SHORT, 0)] {
        let (recording, _) = recorded(limits);
        let folder = seeds.join("replay");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), recording.to_bytes()).unwrap();
        // Flags, three steps, then lengths the other way round.
        let mut session = vec![flags, 3, 0xF0, 0x81, 0x02];
        for answer in recording.answers() {
            session.extend_from_slice(&u16::try_from(answer.len()).unwrap().to_be_bytes());
            session.extend_from_slice(answer);
        }
        let folder = seeds.join("session");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), session).unwrap();
    }
}
