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

/// What becomes of the VERIFY, or of the command that changes a secret.
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
    let mut card = card_with(role, &shape(role, |bound| bound / 2));
    let mut selected = Vec::new();
    let mut typed: Vec<String> = Vec::new();
    let mut presented = Vec::new();
    loop {
        let (what, bytes) = other.hear().expect("the client ends when it's told to");
        match what {
            COMMAND if matches!(bytes[1], 0x20 | 0x24) && bytes.len() > 5 => {
                let memory = Memory::of(other.id());
                assert!(!memory.find(typed.last().unwrap().as_bytes()).is_empty());
                assert!(!memory.find(&bytes).is_empty(), "what is there is found");
                let answer = card.transmit(&bytes);
                // With two of its characters, the length of the secret and the reference.
                presented.push(bytes[1..7].to_vec());
                let last = (bytes[1] == 0x24) == (role == Role::ChangePin);
                match fate {
                    Fate::Lost if last => other.tell(LOST, &[]),
                    _ => other.tell(ANSWER, &answer),
                }
            }
            COMMAND => {
                if bytes.starts_with(&[0x00, 0xA4, 0x04]) {
                    selected = bytes.to_vec();
                }
                let answer = card.transmit(&bytes);
                other.tell(ANSWER, &answer);
            }
            POWER_OFF => card.power_off(),
            WANTS_SECRET => {
                let secret = choose(role, &Memory::of(other.id()));
                if typed.is_empty() {
                    card = card_with(
                        role,
                        &match fate {
                            Fate::Wrong => neighbour(&secret),
                            _ => secret.clone(),
                        },
                    );
                    // As it was: this application is selected.
                    assert_eq!(card.transmit(&selected), [0x90, 0x00]);
                }
                other.tell(SECRET, secret.as_bytes());
                typed.push(secret);
            }
            DONE => {
                let memory = Memory::of(other.id());
                let mut left = Vec::new();
                for secret in &typed {
                    // Six of its characters are as good as all.
                    let part = secret.len().min(6);
                    left.extend(memory.find(&secret.as_bytes()[..part]));
                    left.extend(memory.find(&secret.as_bytes()[secret.len() - part..]));
                }
                for command in &presented {
                    left.extend(memory.find(command));
                }
                let said = String::from_utf8_lossy(&bytes).into_owned();
                return Visit { said, left };
            }
            other => panic!("{other}"),
        }
    }
}

/// A secret of the form that the role needs, out of numbers below a bound.
fn shape(role: Role, mut number: impl FnMut(usize) -> usize) -> String {
    let mut digits = |count| {
        (0..count)
            .map(|_| number(10).to_string())
            .collect::<String>()
    };
    match role {
        Role::SignPassword => {
            let letter = |digit: u8| char::from(digit - b'0' + b'P');
            let letters: String = digits(6).bytes().map(letter).collect();
            letters + &digits(2)
        }
        Role::ReferenceNumberB | Role::FaceCheckIn => digits(14),
        #[cfg(feature = "my-number")]
        Role::ReferenceNumberA => {
            // One of the ten digits checks the others.
            let begin = digits(11);
            let mut all = (0..10).map(|last| format!("{begin}{last}"));
            let right = |typed: &String| uketsuke::card::ReferenceNumberA::parse(typed).is_ok();
            all.find(right).unwrap()
        }
        Role::BirthDate => digits(6),
        _ => digits(4),
    }
}

/// A secret that is nowhere in this memory.
fn choose(role: Role, memory: &Memory) -> String {
    let absent = |secret: &String| {
        let part = secret.len().min(6);
        let (first, last) = (&secret[..part], &secret[secret.len() - part..]);
        [first, last]
            .iter()
            .all(|part| memory.find(part.as_bytes()).is_empty())
    };
    (0..10_000)
        .map(|_| shape(role, random))
        .find(|secret| absent(secret))
        .expect("not every secret is somewhere")
}

/// Another secret of the same form.
fn neighbour(secret: &str) -> String {
    let turned = |character: char| match character {
        '9' => '0',
        'Z' => 'A',
        other => char::from(other as u8 + 1),
    };
    secret.chars().map(turned).collect()
}

/// The card with this secret in the place of the role's.
fn card_with(role: Role, secret: &str) -> VirtualCard {
    let mut persona = Persona::all()[0].clone();
    let mut options = CardOptions::default();
    let kept = |secret: &str| Box::leak(secret.to_owned().into_boxed_str()) as &'static str;
    match role {
        Role::SignPassword => options.sign_password = secret.to_owned(),
        Role::InputPin => options.input_pin = secret.to_owned(),
        Role::ReferenceNumberB | Role::FaceCheckIn => {
            persona.reference_number_b = kept(secret);
        }
        #[cfg(feature = "my-number")]
        Role::ReferenceNumberA => persona.my_number = kept(secret),
        Role::BirthDate => {
            let rest = &persona.reference_number_b[6..];
            persona.reference_number_b = kept(&format!("{secret}{rest}"));
        }
        _ => options.auth_pin = secret.to_owned(),
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
fn the_sign_password() {
    let said = "certificate, ";
    nothing_is_left(Role::SignPassword, Fate::Right, said);
    nothing_is_left(Role::SignPassword, Fate::Wrong, "Wrong");
    nothing_is_left(Role::SignPassword, Fate::Lost, "OutcomeUnknown");
}

#[test]
fn a_new_pin_and_the_old_one() {
    nothing_is_left(Role::ChangePin, Fate::Right, "changed");
    nothing_is_left(Role::ChangePin, Fate::Lost, "OutcomeUnknown");
}

#[test]
fn the_input_support_pin() {
    nothing_is_left(Role::InputPin, Fate::Right, "open");
    nothing_is_left(Role::InputPin, Fate::Wrong, "Wrong");
    nothing_is_left(Role::InputPin, Fate::Lost, "OutcomeUnknown");
}

#[test]
fn the_reference_number() {
    nothing_is_left(Role::ReferenceNumberB, Fate::Right, "photo, ");
    nothing_is_left(Role::ReferenceNumberB, Fate::Wrong, "Wrong");
    nothing_is_left(Role::ReferenceNumberB, Fate::Lost, "OutcomeUnknown");
}

#[cfg(feature = "my-number")]
#[test]
fn the_my_number() {
    nothing_is_left(Role::ReferenceNumberA, Fate::Right, "image");
    nothing_is_left(Role::ReferenceNumberA, Fate::Wrong, "Wrong");
    nothing_is_left(Role::ReferenceNumberA, Fate::Lost, "OutcomeUnknown");
}

#[test]
fn the_birth_date() {
    nothing_is_left(Role::BirthDate, Fate::Right, "age");
    nothing_is_left(Role::BirthDate, Fate::Wrong, "Wrong");
    nothing_is_left(Role::BirthDate, Fate::Lost, "OutcomeUnknown");
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

#[test]
fn a_check_in_by_face() {
    nothing_is_left(Role::FaceCheckIn, Fate::Right, "accepted");
    nothing_is_left(Role::FaceCheckIn, Fate::Wrong, "face-unavailable");
    nothing_is_left(Role::FaceCheckIn, Fate::Lost, "");
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
