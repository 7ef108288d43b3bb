//! What was typed isn't in the memory of the process that presented it, once the visit is over.
//!
//! A client in a process of its own does a visit; the card is in this one, behind a pipe, and so is the person. The whole
//! memory of the client is looked at three times: before a secret is sent to it, which is then chosen so that it stands
//! nowhere there; while the secret is on its way to the card, when it must be found; and when the visit is over, when it
//! must be found nowhere, neither by itself nor in a VERIFY.
#![cfg(target_os = "linux")]

mod memory_support;
mod process_support;

use jiff::Timestamp;
use memory_support::client::{
    ANSWER, COMMAND, DONE, LOST, POWER_OFF, Role, SECRET, WANTS_SECRET, run,
};
use memory_support::scan::{Memory, random};
use process_support::{Other, role};
use uketsuke::simulation::{CardOptions, Persona, VirtualCard};

const SELECT_JPKI: [u8; 15] = [
    0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01,
];
const SELECT_CARD_FACE: [u8; 15] = [
    0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02,
];

fn now() -> Timestamp {
    "2026-11-22T12:00:00+09:00".parse().unwrap()
}

/// The other process. Run by itself it does nothing.
#[test]
#[ignore = "the other process of these tests"]
fn client() {
    if let Some(role) = role() {
        run(&role);
        std::process::exit(0);
    }
}

/// What becomes of the VERIFY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Right,
    Wrong,
    /// The card acts, and its answer is lost.
    Lost,
}

struct Visit {
    /// What the client says at the end.
    said: String,
    /// Where the secret, or a VERIFY that begins with it, is left.
    left: Vec<String>,
}

fn visit(role: Role, fate: Fate) -> Visit {
    let mut other = Other::start("client", &role.name());
    let mut card = None;
    let mut secret = String::new();
    loop {
        let (what, bytes) = other.hear().expect("the client ends when it's told to");
        let card = card.get_or_insert_with(|| card_with(&secret));
        match what {
            COMMAND if bytes.get(1) == Some(&0x20) && bytes.len() > 4 => {
                let memory = Memory::of(other.id());
                assert!(!memory.find(secret.as_bytes()).is_empty());
                assert!(
                    !memory.find(&bytes).is_empty(),
                    "a scan finds what is there"
                );
                let answer = card.transmit(&bytes);
                match fate {
                    Fate::Lost => other.tell(LOST, &[]),
                    _ => other.tell(ANSWER, &answer),
                }
            }
            COMMAND => {
                let answer = card.transmit(&bytes);
                other.tell(ANSWER, &answer);
            }
            POWER_OFF => card.power_off(),
            WANTS_SECRET => {
                secret = choose(role, &Memory::of(other.id()));
                let on_card = match fate {
                    Fate::Wrong => neighbour(&secret),
                    _ => secret.clone(),
                };
                *card = card_with(&on_card);
                // As it was: this application is selected.
                let select = match role {
                    Role::ReferenceNumberB => SELECT_CARD_FACE,
                    _ => SELECT_JPKI,
                };
                assert_eq!(card.transmit(&select), [0x90, 0x00]);
                other.tell(SECRET, secret.as_bytes());
            }
            DONE => {
                let memory = Memory::of(other.id());
                let mut left = memory.find(secret.as_bytes());
                let mut verify = vec![0x20, 0x00, p2(role), length(&secret)];
                verify.extend_from_slice(&secret.as_bytes()[..2]);
                left.extend(memory.find(&verify));
                let said = String::from_utf8_lossy(&bytes).into_owned();
                return Visit { said, left };
            }
            other => panic!("{other}"),
        }
    }
}

fn p2(role: Role) -> u8 {
    match role {
        Role::ReferenceNumberB => 0x92,
        _ => 0x98,
    }
}

fn length(secret: &str) -> u8 {
    secret.len().try_into().unwrap()
}

/// A secret that is nowhere in this memory.
fn choose(role: Role, memory: &Memory) -> String {
    match role {
        Role::ReferenceNumberB => loop {
            let digits: String = (0..14).map(|_| random(10).to_string()).collect();
            if memory.find(digits.as_bytes()).is_empty() {
                return digits;
            }
        },
        _ => memory.absent_digits(),
    }
}

/// Another secret of the same form.
fn neighbour(secret: &str) -> String {
    let turned = |digit: char| match digit {
        '9' => '0',
        digit => char::from(digit as u8 + 1),
    };
    secret.chars().map(turned).collect()
}

/// The card whose PIN, or 照合番号B, is `secret`.
fn card_with(secret: &str) -> VirtualCard {
    let mut persona = Persona::all()[0].clone();
    let mut options = CardOptions::default();
    match secret.len() {
        4 => options.auth_pin = secret.to_owned(),
        14 => persona.reference_number_b = Box::leak(secret.to_owned().into_boxed_str()),
        _ => {}
    }
    VirtualCard::new(&persona, options, now())
}

/// Digits can come about by accident, as part of a number or an address; a leak comes again, with every PIN.
fn nothing_is_left(role: Role, fate: Fate, said: &str) {
    let first = visit(role, fate);
    assert!(first.said.starts_with(said), "{}", first.said);
    if !first.left.is_empty() {
        let second = visit(role, fate);
        assert!(
            second.left.is_empty(),
            "{role:?}, {fate:?}: {:#?}",
            second.left
        );
    }
}

#[test]
fn a_right_pin() {
    nothing_is_left(Role::Pin, Fate::Right, "signed, 256 bytes");
}

#[test]
fn a_wrong_pin() {
    nothing_is_left(Role::Pin, Fate::Wrong, "Wrong");
}

#[test]
fn a_pin_whose_answer_was_lost() {
    nothing_is_left(Role::Pin, Fate::Lost, "OutcomeUnknown");
}

#[test]
fn a_right_reference_number() {
    nothing_is_left(Role::ReferenceNumberB, Fate::Right, "photo, ");
}

#[test]
fn a_wrong_reference_number() {
    nothing_is_left(Role::ReferenceNumberB, Fate::Wrong, "Wrong");
}

#[test]
fn a_reference_number_whose_answer_was_lost() {
    nothing_is_left(Role::ReferenceNumberB, Fate::Lost, "OutcomeUnknown");
}

#[test]
fn a_check_in() {
    nothing_is_left(Role::CheckIn, Fate::Right, "accepted");
}

#[test]
fn a_check_in_with_a_wrong_pin() {
    nothing_is_left(Role::CheckIn, Fate::Wrong, "cancelled");
}

#[test]
fn a_check_in_whose_card_is_pulled() {
    nothing_is_left(Role::CheckIn, Fate::Lost, "pin-outcome-unknown");
}

/// What these tests are worth: copies that a client keeps are found.
#[test]
fn copies_are_found() {
    for role in [Role::LeakingDigits, Role::LeakingCommand] {
        for fate in [Fate::Right, Fate::Wrong, Fate::Lost] {
            assert!(!visit(role, fate).left.is_empty(), "{role:?}, {fate:?}");
        }
    }
}
