//! A session in the format of OpenSC's fuzzers, through everything that a visit does with a card: nothing panics, every loop
//! ends, and each secret leaves at most once.
//!
//! The target `session` has its own format, for the order of the steps; this one takes the very files that OpenSC's fuzzers
//! take and make, and those that `Recorder` makes.

#![no_main]

use std::cell::Cell;

use libfuzzer_sys::fuzz_target;
use uketsuke::{
    VisitId,
    card::{
        AuthPin, Card, CardFace, Common, Jpki, LastTry, ReferenceNumberB, SecretKind,
        SignatureInput,
    },
    simulation::{Recording, Replayed},
    transport::{
        BitRate, ExtendedLength, Limits, LinkModel, Timed, TraceEvent, Traced, Transcript,
    },
};

fuzz_target!(|input: &[u8]| {
    let recording = Recording::from_bytes_lossy(input);
    let read_back = Recording::from_bytes(&recording.to_bytes());
    assert!(recording.atr().is_empty() || read_back.as_ref() == Ok(&recording));
    for extended in [
        ExtendedLength::Yes,
        ExtendedLength::No,
        ExtendedLength::Unknown,
    ] {
        visit(&recording, extended);
    }
});

fn visit(recording: &Recording, extended: ExtendedLength) {
    let limits = Limits {
        extended,
        max_response: 65_538,
    };
    let secrets = Cell::new(0);
    let transcript = Transcript::new();
    let mut keep = transcript.sink();
    let replayed = Replayed::new(recording.clone()).with_limits(limits);
    let traced = Traced::new(replayed, |event: &TraceEvent| {
        keep(event);
        let line = event.to_string();
        if line.starts_with("> 00 20") && line.contains("hidden") {
            secrets.set(secrets.get() + 1);
        }
    });
    let link = Timed::new(traced, LinkModel::at(BitRate::Kbit424), |_| ());
    let mut card = Card::new(link, VisitId::begin());
    let mut presented = 0;
    if let Ok(mut opened) = card.open::<Jpki>() {
        if let Ok(left) = opened.tries_left(SecretKind::AuthPin)
            && let Ok(budget) = left.budget(LastTry::Allow)
        {
            presented += 1;
            let pin = AuthPin::parse("1357").expect("four digits");
            drop(opened.verify_pin(pin, budget));
        }
        drop(opened.authentication_certificate(&mut |_| ()));
        drop(opened.sign_authentication(&SignatureInput::sha256([7; 32])));
        drop(opened.close());
    }
    if let Ok(mut opened) = card.open::<CardFace>() {
        if let Ok(left) = opened.tries_left(SecretKind::ReferenceNumberB)
            && let Ok(budget) = left.budget(LastTry::Refuse)
        {
            presented += 1;
            let number = ReferenceNumberB::parse("55021720352285").expect("fourteen digits");
            if let Ok(right) = opened.verify_reference_number_b(number, budget) {
                drop(opened.photo(&right, &mut |_| ()));
            }
        }
        drop(opened.close());
    }
    if let Ok(mut opened) = card.open::<Common>() {
        drop(opened.expiry_hint());
    }
    if let Ok(link) = card.release() {
        // Each answer was paid for with one exchange, and nothing is asked for ever once they are used up.
        assert!(link.tally().exchanges <= recording.answers().count() as u64 + 20);
    }
    assert!(secrets.get() <= presented, "a secret left twice");
    let text = transcript.to_string();
    let parsed = text.parse::<Transcript>().expect("a transcript");
    assert_eq!(parsed.to_string(), text);
}
