//! What a machine's own `Debug` shows of it: every field, so nothing that decides what it does can be forgotten here.
//! Numbers that only name something, and times, are replaced by what they mean to the visit.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use uketsuke::checkin::CheckIn;
use uketsuke::simulation::Persona;

use super::start;
use super::world::World;

/// The fields that change, as they are printed.
pub fn fields(machine: &CheckIn) -> String {
    let all = format!("{machine:?}");
    let (_, rest) = all
        .split_once(", outputs: [], ")
        .expect("policy and equipment first, and everything polled");
    rest.to_owned()
}

/// The task that the machine says it waits for, as `TaskId` prints.
pub fn awaited(fields: &str) -> Option<&str> {
    let (_, task) = state(fields).split_once("task: ")?;
    Some(&task[..=task.find(')')?])
}

/// The state alone.
pub fn state(fields: &str) -> &str {
    let end = fields.find(", card_present: ").expect("the state first");
    &fields[..end]
}

/// No value of the person in it, and after the decision no proof either.
pub fn nothing_personal(fields: &str, who: &Persona, decided: bool) {
    for value in [
        who.holder_name,
        who.holder_kana,
        who.address,
        who.my_number,
        who.reference_number_b,
        who.birthdate,
        "\"1234\"",
        "49, 50, 51, 52",
        "open-sesame",
    ] {
        assert!(!fields.contains(value), "{fields}");
    }
    // A PIN waits for a phone, and nowhere else.
    let waits = fields.contains("pin: Some");
    assert!(
        !waits || fields.starts_with("state: AwaitingPhone"),
        "{fields}"
    );
    if decided {
        assert!(fields.contains("refusals: None"), "{fields}");
        for proof in ["chain", "challenge", "identity", "signed"] {
            assert!(
                fields.contains(&format!("{proof}: None")),
                "{proof} stays: {fields}"
            );
        }
    }
}

/// The state, abstract: all that decides what can happen next, of machine and surroundings.
pub fn key(world: &World) -> String {
    let present = world.machine.summary().card_present;
    let late = u8::from(world.late.is_some());
    // What is left after the decision is to read and to take the card; the other fields have no say any more. That they
    // haven't is looked at in the walks, which go on through the end.
    if let Some(ended) = world.journal.outcome {
        let state = normal(state(&world.fields), world);
        let accepted = ended.0.is_none();
        return format!("{state}, accepted {accepted}, present {present} | late {late}");
    }
    // Who is identified doesn't go back, which is looked at in every state: the counts of the ways there are history.
    if signed(world) {
        let fields = normal(&without(&world.fields, HISTORY), world);
        return format!("{fields} | late {late}");
    }
    let session = world.card.as_ref().map(|card| card.binding().session());
    format!(
        "{} | late {late} old {} slot {} hand {} driver {} refused {} passcodes {} agreed {} typed {} phone {}",
        normal(&world.fields, world),
        u8::from(world.old_task.is_some()),
        u8::from(world.slot_is_taken()),
        u8::from(world.journal.hand.is_some()),
        u8::from(session.is_some()),
        world.wrong_pins.len(),
        world.wrong_passcodes,
        u8::from(world.journal.agreed_to_last_try),
        world.typed,
        world.tries_of_the_phone(),
    )
}

/// Fields that have no say any more once the person is identified.
const HISTORY: &[&str] = &[
    "rereads",
    "photo_read",
    "pin_tries_left",
    "face_attempts",
    "staff_attempts_left",
    "problem",
    "taps",
    "card_reader_failed",
    "certificate_lapsed",
    "centre_said",
];

/// The fields but these.
fn without(fields: &str, names: &[&str]) -> String {
    let (mut depth, mut from, mut kept) = (0_i32, 0, Vec::new());
    let ends = fields.char_indices().filter_map(|(at, c)| {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        (c == ',' && depth == 0).then_some(at)
    });
    for end in ends.collect::<Vec<_>>().into_iter().chain([fields.len()]) {
        let field = fields[from..end].trim_start_matches([',', ' ']);
        let name = field.split(':').next().unwrap_or_default();
        if !names.contains(&name) {
            kept.push(field);
        }
        from = end;
    }
    kept.join(", ")
}

/// The card's signature was taken.
pub fn signed(world: &World) -> bool {
    world.fields.contains("signed: Some")
}

fn normal(text: &str, world: &World) -> String {
    let session = world
        .card
        .as_ref()
        .map(|card| format!("{:?}", card.binding().session()));
    let visit = format!("{:?}", world.visit());
    // Which consents a question carries is looked at when it goes out; before, each choice is a state of its own.
    let choosing = text.starts_with("state: ConsentingOneByOne");
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if !first.is_ascii_alphanumeric() {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else if let Some((name, len)) = numbered(rest) {
            let whole = &rest[..len];
            out.push_str(name);
            match name {
                "CardSession" => out.push_str(if session.as_deref() == Some(whole) {
                    "(here)"
                } else {
                    "(gone)"
                }),
                "VisitId" => out.push_str(if visit == whole { "(own)" } else { "(other)" }),
                _ => out.push_str("(#)"),
            }
            rest = &rest[len..];
        } else if let Some((time, len)) = timestamp(rest) {
            match time {
                Some(time) if world.setup.ticking => {
                    let left = time.duration_since(world.now);
                    let _ = write!(out, "{}s", left.as_secs().clamp(-1, 30));
                }
                _ => out.push('T'),
            }
            rest = &rest[len..];
        } else if let Some(after) = rest.strip_prefix("bits: ").filter(|_| !choosing) {
            out.push_str("bits: #");
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        } else if let Some(after) = rest.strip_prefix("not_taken: Some(") {
            // Why not is for the receptionist.
            out.push_str("not_taken: Some(#");
            rest = after.trim_start_matches(|c: char| c != ')');
        } else if let Some(after) = rest.strip_prefix("audited: ") {
            out.push_str("audited: #");
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        } else {
            // The rest of the word.
            let len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            out.push_str(&rest[..len]);
            rest = &rest[len..];
        }
    }
    out
}

/// A name with a number that says nothing more than which one it is.
fn numbered(text: &str) -> Option<(&'static str, usize)> {
    let name = [
        "TaskId",
        "ScreenId",
        "VisitId",
        "CardSession",
        "RequestNumber",
    ]
    .into_iter()
    .find(|name| text.starts_with(name))?;
    text[name.len()..].starts_with('(').then_some(())?;
    Some((name, text.find(')')? + 1))
}

/// A time of this visit, or (`None`) of anything else.
fn timestamp(text: &str) -> Option<(Option<Timestamp>, usize)> {
    let bytes = text.as_bytes();
    let looks = bytes.len() > 19
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[10] == b'T';
    if !looks {
        return None;
    }
    let len = text.find('Z')? + 1;
    let time: Timestamp = text[..len].parse().ok()?;
    let near = time.duration_since(start()).abs() < SignedDuration::from_hours(24);
    Some((near.then_some(time), len))
}
