//! A virtual card behind a link that records every exchange, and the layout of
//! its face, taken apart without the library.
#![allow(dead_code, reason = "each test file uses its part")]

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use jiff::Timestamp;
use uketsuke::VisitId;
use uketsuke::card::{
    Card, CardFace, LastTry, Opened, ReferenceNumberB, ReferenceVerified, SecretKind,
};
use uketsuke::simulation::{CardOptions, Persona, VirtualCard};
use uketsuke::transport::{ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError};
use zeroize::Zeroizing;

pub const FACE: &str = "00A4040C 0A D3921000310001010402";

/// Places in the offset table.
pub const BIRTH_DATE: usize = 0;
pub const SEX: usize = 1;
pub const KEY: usize = 2;
pub const NAME: usize = 3;
pub const ADDRESS: usize = 4;
pub const PHOTO: usize = 5;
pub const SIGNATURE: usize = 6;
pub const EXPIRY: usize = 7;
pub const SECURITY_CODE: usize = 8;

/// Command and answer.
pub type Exchange = (Vec<u8>, Vec<u8>);

pub fn now() -> Timestamp {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

pub fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|b| !b.is_ascii_whitespace())
        .map(|b| char::from(b).to_digit(16).expect("hex") as u8)
        .collect();
    digits.chunks(2).map(|two| two[0] << 4 | two[1]).collect()
}

pub fn extended_read(offset: usize, len: usize) -> String {
    assert!(len > 256);
    format!("00B0{offset:04X} 00{len:04X}")
}

pub fn commands(log: &[Exchange]) -> Vec<Vec<u8>> {
    log.iter().map(|(command, _)| command.clone()).collect()
}

/// Which bytes of a file came over the link, by what was asked and answered.
pub fn bytes_read(log: &[Exchange], file: u8) -> Vec<Range<usize>> {
    let mut current = None;
    let mut ranges = Vec::new();
    for (command, answer) in log {
        match command[1] {
            0xA4 => current = None,
            0xB0 => {
                let start = if command[2] & 0x80 != 0 {
                    current = Some(command[2] & 0x1F);
                    usize::from(command[3])
                } else {
                    usize::from(command[2]) << 8 | usize::from(command[3])
                };
                let len = answer.len() - 2;
                if current == Some(file) && len > 0 {
                    ranges.push(start..start + len);
                }
            }
            _ => {}
        }
    }
    ranges
}

pub fn present(rig: &Rig, face: &mut Opened<'_, Link, CardFace>) -> ReferenceVerified {
    let tries = face.tries_left(SecretKind::ReferenceNumberB).unwrap();
    let number = ReferenceNumberB::parse(rig.persona.reference_number_b).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    face.verify_reference_number_b(number, budget).unwrap()
}

struct Inside {
    card: VirtualCard,
    log: Vec<Exchange>,
    limits: Limits,
    /// Another EF 0002, served in place of the card's own.
    other: Option<Vec<u8>>,
    /// The file that was read last, by its short identifier.
    current: Option<u8>,
}

pub struct Rig {
    pub persona: Persona,
    inside: Rc<RefCell<Inside>>,
}

impl Rig {
    pub fn new(options: CardOptions, says: ExtendedLength) -> Self {
        Self::of("in-order", options, says)
    }

    pub fn of(persona: &str, options: CardOptions, says: ExtendedLength) -> Self {
        let persona = Persona::named(persona).unwrap().clone();
        let inside = Inside {
            card: VirtualCard::new(&persona, options, now()),
            log: Vec::new(),
            limits: Limits {
                extended: says,
                max_response: if says == ExtendedLength::No {
                    258
                } else {
                    65_538
                },
            },
            other: None,
            current: None,
        };
        Self {
            persona,
            inside: Rc::new(RefCell::new(inside)),
        }
    }

    pub fn card(&self) -> Card<Link> {
        self.inside.borrow_mut().card.power_on();
        Card::new(Link(Rc::clone(&self.inside)), VisitId::begin())
    }

    pub fn take_log(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.inside.borrow_mut().log)
    }

    #[track_caller]
    pub fn assert_sent(&self, expected: &[&str]) {
        let expected: Vec<_> = expected.iter().map(|text| hex(text)).collect();
        assert_eq!(commands(&self.take_log()), expected);
    }

    pub fn verify_b(&self) -> String {
        let number = self.persona.reference_number_b.bytes();
        let digits: String = number.map(|b| format!("{b:02X}")).collect();
        format!("00200092 0E {digits}")
    }

    pub fn face(&self) -> Layout {
        Layout::of(&self.persona)
    }

    /// From now on these are EF 0002.
    pub fn serve(&self, face: &[u8]) {
        let mut inside = self.inside.borrow_mut();
        inside.log.clear();
        inside.other = Some(face.to_vec());
    }
}

pub struct Link(Rc<RefCell<Inside>>);

impl Transport for Link {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let mut inside = self.0.borrow_mut();
        let command = command.bytes().to_vec();
        match command[..].first_chunk() {
            Some(&[0x00, 0xA4, _, _]) => inside.current = None,
            Some(&[0x00, 0xB0, p1, _]) if p1 & 0x80 != 0 => inside.current = Some(p1 & 0x1F),
            _ => {}
        }
        let other = inside
            .other
            .as_ref()
            .filter(|_| inside.current == Some(0x02));
        let answer = match (other, command[..].first_chunk()) {
            (Some(face), Some(&[0x00, 0xB0, p1, p2])) => {
                let offset = match p1 & 0x80 {
                    0 => usize::from(p1) << 8 | usize::from(p2),
                    _ => usize::from(p2),
                };
                let len = match command[4..] {
                    [0] => 256,
                    [len] => usize::from(len),
                    [0, 0, 0] => 65_536,
                    [0, high, low] => usize::from(high) << 8 | usize::from(low),
                    _ => panic!("not a read"),
                };
                let end = face.len().min(offset + len);
                [&face[offset..end], &[0x90, 0x00]].concat()
            }
            _ => inside.card.transmit(&command),
        };
        inside.log.push((command, answer.clone()));
        Ok(Zeroizing::new(answer))
    }

    fn limits(&self) -> Limits {
        self.0.borrow().limits
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        let mut inside = self.0.borrow_mut();
        match how {
            Reset::Warm => inside.card.reset(),
            Reset::PowerOff => {
                inside.card.power_off();
                inside.card.power_on();
            }
        }
        Ok(())
    }
}

/// EF 0002 and its table.
pub struct Layout {
    pub bytes: Vec<u8>,
    offsets: Vec<usize>,
}

impl Layout {
    fn of(persona: &Persona) -> Self {
        let mut card = VirtualCard::new(persona, CardOptions::default(), now());
        card.power_on();
        let mut ask = |command: &[u8]| {
            let mut answer = card.transmit(command);
            assert_eq!(answer.split_off(answer.len() - 2), [0x90, 0x00]);
            answer
        };
        ask(&hex(FACE));
        let number = persona.reference_number_b.as_bytes();
        ask(&[&[0x00, 0x20, 0x00, 0x92, 0x0E], number].concat());
        let bytes = ask(&hex("00B08200 000000"));
        let table = bytes[8..26].chunks(2);
        let offset = |two: &[u8]| usize::from(two[0]) << 8 | usize::from(two[1]);
        let offsets = table.map(offset).chain([bytes.len()]).collect();
        Self { bytes, offsets }
    }

    pub fn range(&self, first: usize, last: usize) -> Range<usize> {
        self.offsets[first]..self.offsets[last + 1]
    }

    pub fn value(&self, part: usize) -> &[u8] {
        let element = &self.bytes[self.range(part, part)];
        match element[2] {
            0x82 => &element[5..],
            len => {
                assert_eq!(usize::from(len), element.len() - 3);
                &element[3..]
            }
        }
    }
}
