//! A person whose every secret and datum is unusual: whatever the public API
//! prints, none of it is in there.

mod canary_support;
mod sweep_support;

use std::cell::RefCell;
use std::rc::Rc;

use canary_support::card::everything;
use canary_support::types::{NOT_PRINTED, plain};
use canary_support::visit::Visit;
use canary_support::*;
use sweep_support::faults::Fault as CardFault;
use sweep_support::link::{Slot, limits};
use uketsuke::Realm;
use uketsuke::apdu::{Command, Exchange, Response};
use uketsuke::card::{
    AuthPin, BirthDate, BirthDateKey, Card, InputPin, ReferenceNumberB, SignPassword,
    SignatureInput, Token,
};
use uketsuke::checkin::{
    AuditKey, AuditLog, AuditRecord, CheckIn, Choice, Equipment, Input, Output, Passcode,
    PhoneKind, PhoneNotRead, PhoneTaskError, Phones, Policy, StaffId, Task, TaskResult,
};
use uketsuke::eligibility::{InsurerNumber, Personal};
use uketsuke::simulation::*;
use uketsuke::tlv;
use uketsuke::transport::{
    BitRate, ExtendedLength, LinkModel, Outgoing, Reader as _, Timed, TraceEvent, Traced,
    Transcript,
};
use uketsuke::trust::{Certificate, CvCertificate, TerminalId};

fn slot() -> Slot {
    let card = VirtualCard::new(&persona(), options(), sweep_support::now());
    Slot::new(card, Vec::new(), limits(ExtendedLength::Yes))
}

/// The photo and the pictures, taken from the honest card.
fn with_pictures(sink: &mut Sink) {
    let mut card = VirtualCard::new(&persona(), options(), sweep_support::now());
    let _ = card.transmit(&sweep_support::select(sweep_support::FACE));
    let verify = [&[0x00, 0x20, 0x00, 0x92, 14], NUMBER_B.as_bytes()].concat();
    assert_eq!(card.transmit(&verify), [0x90, 0x00]);
    let face = card.transmit(&[0x00, 0xB0, 0x82, 0x00, 0x00, 0x00, 0x00]);
    let at = |tag: [u8; 2]| face.windows(2).position(|pair| pair == tag).unwrap();
    let photo = at([0xDF, 0x27]);
    sink.picture("photo", &face[photo + 8..at([0xDF, 0x28])]);
}

#[test]
fn nothing_of_an_honest_card() {
    let mut sink = Sink::new();
    with_pictures(&mut sink);
    let (_, link) = slot().link();
    let lines = Rc::new(RefCell::new(Vec::new()));
    let transcript = Transcript::new();
    let (kept, copied) = (Rc::clone(&lines), transcript.clone());
    let traced = Traced::new(link, move |event: &TraceEvent| {
        copied.keep(event);
        kept.borrow_mut().push(format!("{event} {event:?}"));
    });
    everything(traced, &mut sink);
    let lines = lines.borrow();
    assert!(lines.len() > 60, "{} exchanges", lines.len());
    lines.iter().for_each(|line| sink.text("a trace", line));
    sink.shown(&transcript);
    sink.clean();
}

/// A card that says what it was told, or what it knows, wherever it can: as
/// data, as the status word, with any status.
#[test]
fn nothing_of_a_card_that_tells() {
    let (counting, link) = slot().link();
    everything(link, &mut Sink::new());
    let exchanges = counting.borrow().exchanges;
    // Two bytes of status hold a whole PIN. A card can say one only after it was
    // told it; before, four digits are four digits.
    let told = |value: &str| {
        let events = &counting.borrow().events;
        let told = |e: &sweep_support::link::Event| {
            let secret = e.presented().or(e.changed());
            secret.is_some_and(|(_, sent)| sent.ends_with(value.as_bytes()))
        };
        events
            .iter()
            .filter(|e| !e.is_reset())
            .position(told)
            .unwrap()
    };
    let told = [told(PIN), told(INPUT_PIN), told("9574")];
    let mut sink = Sink::new();
    with_pictures(&mut sink);
    for at in 0..exchanges {
        for fault in [
            CardFault::Telling(PIN, 0x9000),
            CardFault::Telling(NUMBER_B, 0x6982),
            CardFault::Telling(NAME, 0x9000),
            CardFault::Telling("", 0x7391),
            CardFault::Telling("", 0x6183),
            CardFault::Telling("", 0x9574),
            CardFault::Cut(1),
            CardFault::Bare(0x63C1),
            CardFault::Bare(0x6984),
            CardFault::Flipped(9),
            CardFault::Data(7),
        ] {
            let early = match fault {
                CardFault::Telling("", 0x7391) => at < told[0],
                CardFault::Telling("", 0x6183) => at < told[1],
                CardFault::Telling("", 0x9574) => at < told[2],
                _ => false,
            };
            if early {
                continue;
            }
            let mut slot = slot();
            slot.plan = Some((at, fault));
            let (_, link) = slot.link();
            let lines = Rc::new(RefCell::new(Vec::new()));
            let kept = Rc::clone(&lines);
            let traced = Traced::new(link, move |event: &TraceEvent| {
                kept.borrow_mut().push(event.to_string());
            });
            everything(traced, &mut sink);
            sink.text("a trace", &lines.borrow().join("\n"));
            if !sink.found.is_empty() {
                eprintln!("{fault:X?} at {at}");
                sink.clean();
            }
        }
    }
    eprintln!("{} texts after {exchanges} exchanges", sink.texts);
    sink.clean();
}

#[test]
fn nothing_of_whole_visits() {
    let mut sink = Sink::new();
    with_pictures(&mut sink);
    let now = sweep_support::now();
    let mut accepted = 0;
    for fault in [
        None,
        Some(CentreFault::AnswersOlderRequest),
        Some(CentreFault::CentreDown),
    ] {
        for pins in [&[WRONG_PIN, PIN][..], &[PIN], &[WRONG_PIN], &[]] {
            let mut centre = Centre::for_persona(&persona());
            centre.set_fault(fault);
            let (_, link) = slot().link();
            let mut visit = Visit::new(&mut sink, centre, now, pins);
            let mut card = Card::new(link, visit.visit());
            let outcome = visit.run(&mut card).expect("an end");
            let records = std::mem::take(&mut visit.records);
            trail(&records, &mut sink);
            accepted += usize::from(outcome.is_accepted());
        }
    }
    assert_eq!(accepted, 2);
    sink.clean();
}

/// The lines of an audit trail, but for its random digits, in which any number comes up.
fn trail(records: &[AuditRecord], sink: &mut Sink) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trail");
    let policy = Policy::simulation(TerminalId::new("canary").unwrap());
    let key = AuditKey::new(b"the key of the canary own trail.").unwrap();
    sink.debug(&key);
    let mut log = AuditLog::create(&file, &key, &policy, None, sweep_support::now()).unwrap();
    log.danger_without_flush();
    for record in records {
        log.append(record).unwrap();
    }
    let digits = |word: &&str| {
        let value = word.split_once('=').map_or(*word, |(_, value)| value);
        value.len() < 16 || !value.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    for line in std::fs::read_to_string(&file).unwrap().lines() {
        let words: Vec<&str> = line.split(' ').filter(digits).collect();
        assert!(words.len() > 2, "{line}");
        sink.text("an audit trail", &words.join(" "));
    }
}

/// Typed wrongly, or in a wrong form, before any card.
#[test]
fn nothing_of_what_was_typed() {
    let mut sink = Sink::new();
    typed(&mut sink);
    sink.clean();
}

fn typed(sink: &mut Sink) {
    for text in [
        PIN, PASSWORD, INPUT_PIN, NUMBER_B, BIRTH_KEY, NUMBER_A, NAME,
    ] {
        for text in [
            text.to_owned(),
            format!("{text}x"),
            format!("x{text}"),
            format!("{text} "),
        ] {
            sink.take(AuthPin::parse(&text));
            sink.take(SignPassword::parse(&text));
            sink.take(InputPin::parse(&text));
            sink.take(ReferenceNumberB::parse(&text));
            sink.take(BirthDateKey::parse(&text));
            #[cfg(feature = "my-number")]
            sink.take(uketsuke::card::ReferenceNumberA::parse(&text));
            sink.take(Passcode::new(&text));
            sink.take(AuditKey::from_hex(&text));
            sink.take(AuditKey::new(&text.repeat(32).as_bytes()[..32]));
            sink.take(SignatureInput::message(text.as_bytes()));
            sink.take(SignatureInput::raw(text.as_bytes()));
            sink.debug(&Personal::new(text.as_str()));
            sink.debug(&BirthDate::parse(text.as_bytes()));
            sink.debug(&InsurerNumber::parse(&text));
            sink.debug(&Outgoing::raw(text.as_bytes()));
            let command = Command::new(0x00, 0x20, 0x00, 0x98).with_data(text.as_bytes());
            sink.debug(&command);
            sink.debug(&Exchange::new(command, uketsuke::apdu::Budget::default()));
            let answer = [text.as_bytes(), &[0x90, 0x00]].concat();
            if let Some(response) = sink.take(Response::decode(&answer)) {
                let read = Command::new(0x00, 0xB0, 0x82, 0x00);
                let read = read.with_le(uketsuke::apdu::Le::SHORT_MAX);
                let mut exchange = Exchange::new(read, uketsuke::apdu::Budget::default());
                sink.take(exchange.answer(response));
            }
            let len = u8::try_from(text.len()).unwrap();
            let element = [&[0xDF, 0x22, len], text.as_bytes()].concat();
            let mut reader = tlv::Reader::new(&element);
            sink.debug(&reader);
            sink.take(reader.expect(tlv::Tag::new(0xDF22)));
            sink.take(Certificate::parse(text.as_bytes()));
            sink.take(CvCertificate::parse(text.as_bytes()));
            sink.take(Recording::from_bytes(text.as_bytes()));
        }
    }
    sink.take(StaffId::new("nurse-7"));
}

/// The simulation holds a whole person, and shows none of it either.
#[test]
fn nothing_of_the_simulation() {
    let mut sink = Sink::new();
    with_pictures(&mut sink);
    simulated(&mut sink);
    sink.clean();
}

fn simulated(sink: &mut Sink) {
    let now = sweep_support::now();
    sink.debug(&options());
    sink.debug(&persona());
    let card = || VirtualCard::new(&persona(), options(), now);
    sink.debug(&card());
    sink.debug(&SimulatedReferenceSource::of(&persona()));
    sink.debug(&SimulatedCamera::of(&persona()));
    let mut reader = VirtualReader::new();
    reader.insert(card());
    sink.debug(&reader);
    let link = reader.connect().unwrap();
    sink.debug(&link);
    let link = Timed::new(link, LinkModel::at(BitRate::Kbit106), |_| ());
    everything(link, sink);
    sink.debug(&reader);
    sink.debug(&Keyed::Digits(PIN.to_owned().into()));

    let mut recorder = Recorder::new(card());
    sink.debug(&recorder);
    everything(&mut recorder, sink);
    sink.debug(&recorder);
    let (recording, _) = recorder.finish().unwrap();
    sink.debug(&recording);
    let mut replayed = Replayed::new(recording);
    sink.debug(&replayed);
    everything(&mut replayed, sink);
    sink.debug(&replayed);
    for scenario in Scenario::all().iter() {
        // Cases of other people, with published PINs: nothing of theirs either.
        let text = format!("{scenario:?} {:?}", scenario.person());
        let (number, name) = (
            scenario.persona.reference_number_b,
            scenario.persona.holder_name,
        );
        for secret in [
            number,
            name,
            scenario.persona.address,
            scenario.persona.my_number,
        ] {
            assert!(!text.contains(secret), "{}: {secret}", scenario.name);
        }
        assert!(
            !text.contains("\"1234\"") && !text.contains("ABC123"),
            "{text}"
        );
    }
}

/// Names behind `pub use` and `pub struct` of each module: the whole public
/// face, since every module is private otherwise.
fn public_names() -> Vec<(String, String)> {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names = Vec::new();
    let lib = std::fs::read_to_string(source.join("lib.rs")).unwrap();
    let modules = lib.lines().filter_map(|line| line.strip_prefix("pub mod "));
    let modules: Vec<String> = modules
        .map(|m| m.trim_end_matches(';').to_owned())
        .collect();
    assert!(modules.len() >= 9, "{modules:?}");
    let mut files = vec![(String::new(), source.join("lib.rs"))];
    files.extend(modules.into_iter().map(|module| {
        let file = source.join(&module).join("mod.rs");
        (module, file)
    }));
    while let Some((module, path)) = files.pop() {
        let text = std::fs::read_to_string(&path).unwrap();
        // Public modules inside count to the one on top.
        for inner in text
            .lines()
            .filter_map(|line| line.strip_prefix("pub mod "))
        {
            let inner = inner.trim_end_matches(';');
            let folder = path.parent().unwrap();
            if !module.is_empty() && folder.join(inner).join("mod.rs").exists() {
                files.push((module.clone(), folder.join(inner).join("mod.rs")));
            }
        }
        let mut used = text.split("\npub use ").skip(1).collect::<Vec<_>>();
        for statement in used.drain(..) {
            let statement = statement.split(';').next().unwrap();
            let list = statement.rsplit("::").next().unwrap();
            let list = list.trim_matches(|c: char| c == '{' || c == '}' || c.is_whitespace());
            names.extend(
                list.split(',')
                    .map(|name| (module.to_owned(), name.trim().to_owned())),
            );
        }
        for line in text.lines() {
            for kind in ["pub struct ", "pub enum ", "pub trait "] {
                if let Some(rest) = line.strip_prefix(kind) {
                    let end = rest
                        .find(|c: char| !c.is_alphanumeric())
                        .unwrap_or(rest.len());
                    names.push((module.to_owned(), rest[..end].to_owned()));
                }
            }
        }
    }
    // Functions and constants hold nothing.
    names.retain(|(_, name)| {
        let first = name.chars().next().is_some_and(char::is_uppercase);
        first && name.chars().any(char::is_lowercase)
    });
    names
}

#[test]
fn nothing_of_a_pin_that_waits_for_a_phone() {
    let mut sink = Sink::new();
    with_a_phone(&mut sink);
    sink.clean();
}

/// A PIN that waits in the machine for the phone, goes out, and comes back unpresented.
fn with_a_phone(sink: &mut Sink) {
    let policy = Policy::simulation(TerminalId::new("canary").unwrap());
    let equipment = Equipment {
        phone: Some(Phones::default()),
        ..Equipment::pin_only(Realm::Simulation)
    };
    let now = sweep_support::now();
    let mut machine = CheckIn::new(policy, equipment, now);
    let pin = || AuthPin::parse(PIN).unwrap();
    let choices = vec![
        Choice::Phone,
        Choice::PhoneKind(PhoneKind::Android),
        Choice::Pin(pin()),
    ];
    let (mut choices, mut waited, mut given_back) = (choices.into_iter(), false, false);
    let mut screen = None;
    loop {
        // Whenever it is asked: with the PIN typed, waiting, given out, and wiped.
        sink.debug(&machine);
        sink.debug(&machine.summary());
        let input = match machine.poll() {
            Output::Show {
                number,
                screen: shown,
            } => {
                sink.debug(&*shown);
                screen = Some(number);
                continue;
            }
            Output::Start { task, work } => {
                sink.debug(&*work);
                if !matches!(*work, Task::ReadPhone { pin: Some(_), .. }) {
                    continue;
                }
                let error = PhoneTaskError::OtherToken(Token::MyNumberCard);
                sink.error(&error);
                let not_read = PhoneNotRead {
                    error,
                    pin: Some(pin()),
                };
                sink.debug(&not_read);
                given_back = true;
                let result = TaskResult::PhoneRead(Err(not_read));
                Input::Done { task, result }
            }
            Output::Idle { .. } if given_back => break,
            Output::Idle { .. } => match (choices.next(), screen) {
                (Some(choice), Some(screen)) => {
                    sink.debug(&choice);
                    Input::Chosen { screen, choice }
                }
                _ => {
                    waited = machine.summary().state == "awaiting-phone";
                    Input::PhonePlaced
                }
            },
            _ => continue,
        };
        sink.debug(&input);
        machine.handle(input, now);
    }
    assert!(waited && machine.summary().state == "awaiting-phone");
}

/// Errors that no flow above comes to.
fn forced(sink: &mut Sink) {
    let mut slot = slot();
    slot.plan = Some((0, CardFault::Refused(0x6982)));
    let (_, link) = slot.link();
    let transcript = Transcript::new();
    let traced = Traced::new(link, transcript.sink());
    sink.mark::<Traced<(), ()>>();
    everything(traced, sink);
    sink.shown(&transcript);
    let kind = uketsuke::card::SecretKind::AuthPin;
    let status = uketsuke::apdu::StatusWord::NOT_VERIFIED;
    sink.error(&uketsuke::card::ChangeError::Refused { kind, status });
    let mut card = VirtualCard::new(&persona(), options(), sweep_support::now());
    let _ = card.transmit(&sweep_support::select(sweep_support::JPKI));
    let der = card.transmit(&[0x00, 0xB0, 0x8A, 0x00, 0x00, 0x00, 0x00]);
    let len = 4 + usize::from(u16::from_be_bytes([der[2], der[3]]));
    sink.take(Certificate::parse(&der[..len]));
}

#[test]
fn every_public_type_is_looked_at() {
    let mut sink = Sink::new();
    let (_, link) = slot().link();
    everything(link, &mut sink);
    typed(&mut sink);
    simulated(&mut sink);
    let mut visit = Visit::new(
        &mut sink,
        Centre::for_persona(&persona()),
        sweep_support::now(),
        &[WRONG_PIN, PIN],
    );
    let (_, link) = slot().link();
    let mut card = Card::new(link, visit.visit());
    assert!(visit.run(&mut card).is_some());
    let mut refused = Visit::new(
        &mut sink,
        Centre::for_persona(&persona()),
        sweep_support::now(),
        &[],
    );
    let (_, link) = slot().link();
    let mut card = Card::new(link, refused.visit());
    assert!(refused.run(&mut card).is_some());
    with_a_phone(&mut sink);
    forced(&mut sink);
    plain(&mut sink);
    let names = public_names();
    assert!(names.len() > 200, "{}", names.len());
    let mut missing = Vec::new();
    for (module, name) in &names {
        let seen = match module.as_str() {
            "" => sink
                .seen
                .iter()
                .any(|seen| seen.ends_with(&format!("::{name}"))),
            module => sink.seen.contains(&format!("{module}::{name}")),
        };
        let excused = NOT_PRINTED
            .iter()
            .any(|(excused, _)| *excused == format!("{module}::{name}"));
        let absent = matches!(
            name.as_str(),
            "MyNumber"
                | "ReferenceAVerified"
                | "ReferenceNumberA"
                | "SignedMyNumberImage"
                | "IssuedMyNumberImage"
        ) && !cfg!(feature = "my-number");
        if !seen && !excused && !absent {
            missing.push(format!("{module}::{name}"));
        }
        assert!(!(seen && excused), "{module}::{name} is printed after all");
    }
    assert!(
        missing.is_empty(),
        "print these, or say why not: {missing:#?}"
    );
    for (excused, why) in NOT_PRINTED {
        let there = names.iter().any(|(m, n)| *excused == format!("{m}::{n}"));
        assert!(there && !why.is_empty(), "{excused} is gone");
    }
}
