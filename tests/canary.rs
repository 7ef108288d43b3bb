//! A person whose every secret and datum is unusual: whatever the public API
//! prints, none of it is in there.

mod canary_support;
mod sweep_support;

use std::cell::RefCell;
use std::rc::Rc;

use canary_support::card::everything;
use canary_support::*;
use sweep_support::faults::Fault;
use sweep_support::link::{Slot, limits};
use uketsuke::simulation::VirtualCard;
use uketsuke::transport::{ExtendedLength, TraceEvent, Traced, Transcript};

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
            Fault::Telling(PIN, 0x9000),
            Fault::Telling(NUMBER_B, 0x6982),
            Fault::Telling(NAME, 0x9000),
            Fault::Telling("", 0x7391),
            Fault::Telling("", 0x6183),
            Fault::Telling("", 0x9574),
            Fault::Cut(1),
            Fault::Bare(0x63C1),
            Fault::Bare(0x6984),
            Fault::Flipped(9),
            Fault::Data(7),
        ] {
            let early = match fault {
                Fault::Telling("", 0x7391) => at < told[0],
                Fault::Telling("", 0x6183) => at < told[1],
                Fault::Telling("", 0x9574) => at < told[2],
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
