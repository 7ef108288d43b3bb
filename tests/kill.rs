//! A card that is killed at any moment, with SIGKILL, has lost no try and given none back.
//!
//! A process of its own runs a card with a state file and is sent commands through a pipe, all at once. It is killed while
//! it works on them, sooner or later, hundreds of times. Then the file must be whole, and hold what the answers told,
//! or what the one command may have made of it that had no answer yet.
#![cfg(unix)]

mod process_support;

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use process_support::{Other, Pipes, role};
use uketsuke::simulation::{CardOptions, Persona, VirtualCard};

/// Of each card.
const KILLS: u32 = 50;
const CARDS: u64 = 4;

/// How often the file is looked at, at most: some times what the card needs for one command.
const POLLS: u64 = 20_000;

const COMMAND: u8 = b'C';
const READY: u8 = b'R';
const ANSWER: u8 = b'A';

const SELECT_JPKI: [u8; 15] = [
    0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01,
];

fn card(state: &Path) -> VirtualCard {
    let now = "2026-11-22T12:00:00+09:00".parse().unwrap();
    VirtualCard::new(&Persona::all()[0], CardOptions::default(), now)
        .with_state_file(state)
        .unwrap()
}

/// The process that is killed. Run by itself it does nothing.
#[test]
#[ignore = "the other process of these tests"]
fn powered() {
    let Some(state) = role() else { return };
    let mut pipes = Pipes::open();
    let mut card = card(Path::new(&state));
    pipes.tell(READY, &[]);
    while let Some((COMMAND, command)) = pipes.hear() {
        let answer = card.transmit(&command);
        pipes.tell(ANSWER, &answer);
    }
    std::process::exit(0);
}

/// What the file keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    pin: String,
    pin_left: u8,
    password_left: u8,
}

#[derive(Clone, Debug)]
enum Step {
    Select,
    Count,
    WrongPin,
    RightPin,
    WrongPassword,
    RightPassword,
    ChangePin(String),
}

impl Step {
    fn command(&self, kept: &Kept) -> Vec<u8> {
        let verify = |p2: u8, secret: &str| {
            let mut command = vec![0x00, 0x20, 0x00, p2, u8::try_from(secret.len()).unwrap()];
            command.extend_from_slice(secret.as_bytes());
            command
        };
        match self {
            Self::Select => SELECT_JPKI.to_vec(),
            Self::Count => vec![0x00, 0x20, 0x00, 0x98],
            // Nobody's PIN here has a nine in it.
            Self::WrongPin => verify(0x98, "9999"),
            Self::RightPin => verify(0x98, &kept.pin),
            Self::WrongPassword => verify(0x9B, "XYZ987"),
            Self::RightPassword => verify(0x9B, "ABC123"),
            Self::ChangePin(new) => {
                let mut command = verify(0x98, new);
                command[1] = 0x24;
                command[2] = 0x01;
                command
            }
        }
    }

    /// What the card answers and keeps: each command is done whole or not at all.
    fn act(&self, kept: &Kept, verified: &mut bool) -> (u16, Kept) {
        let mut then = kept.clone();
        let tries = |left: u8| 0x63C0 | u16::from(left);
        match self {
            Self::Select => (0x9000, then),
            Self::Count => (tries(kept.pin_left), then),
            Self::ChangePin(_) if !*verified => (0x6982, then),
            Self::ChangePin(new) => {
                then.pin.clone_from(new);
                (0x9000, then)
            }
            Self::WrongPin | Self::RightPin if kept.pin_left == 0 => (0x6984, then),
            Self::WrongPassword | Self::RightPassword if kept.password_left == 0 => (0x6984, then),
            Self::WrongPin => {
                *verified = false;
                then.pin_left -= 1;
                (tries(then.pin_left), then)
            }
            Self::WrongPassword => {
                then.password_left -= 1;
                (tries(then.password_left), then)
            }
            Self::RightPin => {
                *verified = true;
                then.pin_left = 3;
                (0x9000, then)
            }
            Self::RightPassword => {
                then.password_left = 5;
                (0x9000, then)
            }
        }
    }
}

/// The same numbers in every run; the moments differ anyway.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn step(&mut self) -> Step {
        match self.below(12) {
            0 => Step::Count,
            1..=3 => Step::WrongPin,
            4..=7 => Step::RightPin,
            8 => Step::WrongPassword,
            9 => Step::RightPassword,
            _ => Step::ChangePin(format!("{:04}", self.below(1000))),
        }
    }
}

/// What the file was found to hold, beside what the answers had told.
#[derive(Debug, Default)]
struct Tally {
    as_told: u32,
    done_not_told: u32,
    all_done: u32,
}

impl Tally {
    fn and(self, other: Self) -> Self {
        Self {
            as_told: self.as_told + other.as_told,
            done_not_told: self.done_not_told + other.done_not_told,
            all_done: self.all_done + other.all_done,
        }
    }
}

/// Several cards at a time, since most of it is waiting for the disk.
#[test]
fn no_try_is_lost_or_given_back() {
    let tally = std::thread::scope(|scope| {
        let begin = |seed| scope.spawn(move || killed_again_and_again(seed));
        let cards: Vec<_> = (0..CARDS).map(begin).collect();
        let tallies = cards.into_iter().map(|card| card.join().unwrap());
        tallies.fold(Tally::default(), Tally::and)
    });
    println!("{tally:?}");
    // The moments were spread, and some fell between what the card keeps and what it tells.
    assert!(
        tally.as_told > 0 && tally.all_done > 0 && tally.done_not_told > 0,
        "{tally:?}"
    );
}

fn killed_again_and_again(seed: u64) -> Tally {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card");
    let mut dice = Dice(seed);
    let mut tally = Tally::default();
    let mut kept = None;
    for _ in 0..KILLS {
        let before = kept.take().unwrap_or_else(|| {
            let _none_yet = std::fs::remove_file(&path);
            loaded(&path)
        });
        kept = Some(killed_once(&path, before, &mut dice, &mut tally))
            // A locked one shows nothing any more.
            .filter(|kept| kept.pin_left > 0 && kept.password_left > 0);
    }
    tally
}

fn killed_once(path: &Path, mut kept: Kept, dice: &mut Dice, tally: &mut Tally) -> Kept {
    let mut other = Other::start("powered", path.to_str().unwrap());
    assert_eq!(other.hear().unwrap().0, READY);

    // As many commands as come, and what each must be answered.
    let mut verified = false;
    let mut states = vec![];
    let mut expected = vec![];
    let mut batch = vec![Step::Select];
    batch.extend((0..1 + dice.below(6)).map(|_| dice.step()));
    for step in &batch {
        other.tell(COMMAND, &step.command(&kept));
        let (answer, then) = step.act(&kept, &mut verified);
        expected.push(answer.to_be_bytes());
        states.push(kept);
        kept = then;
    }
    states.push(kept);

    // Some answers, then some more time: a number of looks at the file, or until it was replaced a number of times.
    let mut told = 0;
    for _ in 0..dice.below(states.len() as u64) {
        assert_eq!(*other.hear().unwrap().1, expected[told]);
        told += 1;
    }
    let (mut polls, mut replaced) = match dice.below(2) {
        0 => (dice.below(POLLS / 20), u64::MAX),
        _ => (POLLS, dice.below(4)),
    };
    let mut file = inode(path);
    while polls > 0 && replaced > 0 {
        polls -= 1;
        let now = inode(path);
        replaced -= u64::from(now != file);
        file = now;
    }
    other.kill();
    while let Some((what, answer)) = other.hear() {
        assert_eq!((what, answer.as_slice()), (ANSWER, &expected[told][..]));
        told += 1;
    }

    let found = loaded(path);
    let as_told = &states[told];
    match states.get(told + 1) {
        None => {
            assert_eq!(found, *as_told, "all was told, {batch:?}");
            tally.all_done += 1;
        }
        Some(_) if found == *as_told => tally.as_told += 1,
        Some(done) => {
            assert_eq!(found, *done, "{told} told of {batch:?}, {as_told:?}");
            tally.done_not_told += 1;
        }
    }
    found
}

fn inode(path: &Path) -> u64 {
    std::fs::metadata(path).unwrap().ino()
}

/// What the file says to the next card.
fn loaded(path: &Path) -> Kept {
    let card = card(path);
    let [pin_left, password_left, reference_left] = card.tries_left();
    assert_eq!(reference_left, 10);
    assert_eq!(card.sign_password(), Some("ABC123"));
    Kept {
        pin: card.auth_pin().unwrap().to_owned(),
        pin_left,
        password_left,
    }
}
