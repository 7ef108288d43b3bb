//! What the tests of the virtual card share: raw commands, and reading without the library's own parsers.

#![allow(dead_code)]

use jiff::Timestamp;
use uketsuke::simulation::{CardOptions, Persona, VirtualCard};

pub const JPKI: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
pub const FACE: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02";
pub const INPUT: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08";
pub const COMMON: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x01\x00";
pub const ISD: &[u8] = b"\x00\xA4\x04\x0C\x07\xA0\x00\x00\x01\x51\x00\x00";

pub fn now() -> Timestamp {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

pub fn persona(name: &str) -> &'static Persona {
    Persona::named(name).unwrap()
}

pub fn card_with(name: &str, options: CardOptions) -> VirtualCard {
    VirtualCard::new(persona(name), options, now())
}

pub fn card_of(name: &str) -> VirtualCard {
    card_with(name, CardOptions::default())
}

pub fn card() -> VirtualCard {
    card_of("in-order")
}

/// Data and status word.
pub fn ask(card: &mut VirtualCard, command: &[u8]) -> (Vec<u8>, u16) {
    let mut response = card.transmit(command);
    let low = response.pop().unwrap();
    let high = response.pop().unwrap();
    (response, u16::from_be_bytes([high, low]))
}

pub fn status(card: &mut VirtualCard, command: &[u8]) -> u16 {
    ask(card, command).1
}

/// Checks a dialogue: each command with the status word it must get.
pub fn dialogue(card: &mut VirtualCard, steps: &[(&[u8], u16)]) {
    for (index, (command, expected)) in steps.iter().enumerate() {
        let got = status(card, command);
        assert_eq!(
            got, *expected,
            "step {index}: {command:02X?} got {got:04X}, not {expected:04X}"
        );
    }
}

/// SELECT of a file.
pub fn select(id: u16) -> [u8; 7] {
    let [high, low] = id.to_be_bytes();
    [0x00, 0xA4, 0x02, 0x0C, 0x02, high, low]
}

/// A short command with data, and with Le 00 if an answer is wanted.
pub fn command(header: [u8; 4], data: &[u8], le: bool) -> Vec<u8> {
    let mut out = header.to_vec();
    if !data.is_empty() {
        out.push(u8::try_from(data.len()).unwrap());
        out.extend(data);
    }
    if le {
        out.push(0x00);
    }
    out
}

/// VERIFY by short identifier.
pub fn verify(id: u8, value: &str) -> Vec<u8> {
    command([0x00, 0x20, 0x00, 0x80 | id], value.as_bytes(), false)
}

/// A whole file in pieces of 256 bytes, to its end.
pub fn read_file(card: &mut VirtualCard, id: u16) -> Vec<u8> {
    assert_eq!(status(card, &select(id)), 0x9000);
    let mut file = Vec::new();
    loop {
        let [high, low] = u16::try_from(file.len()).unwrap().to_be_bytes();
        let (piece, status) = ask(card, &[0x00, 0xB0, high, low, 0x00]);
        if status == 0x6B00 {
            return file;
        }
        assert_eq!(status, 0x9000, "EF {id:04X}");
        assert!(!piece.is_empty());
        file.extend(piece);
    }
}

/// Length of the DER element at the beginning.
pub fn der_len(bytes: &[u8]) -> usize {
    assert_eq!(bytes[..2], [0x30, 0x82]);
    4 + usize::from(u16::from_be_bytes([bytes[2], bytes[3]]))
}

/// One data object: tag, whole, value.
pub struct Object<'a> {
    pub tag: u16,
    pub whole: &'a [u8],
    pub value: &'a [u8],
}

/// The data objects of a value, to its end; filler (`FF FF` or an end in `FF`) ends it too.
pub fn objects(mut rest: &[u8]) -> Vec<Object<'_>> {
    let mut out = Vec::new();
    while !rest.is_empty() && !rest.iter().all(|b| *b == 0xFF) {
        let (tag, tag_len) = if rest[0] & 0x1F == 0x1F {
            (u16::from_be_bytes([rest[0], rest[1]]), 2)
        } else {
            (u16::from(rest[0]), 1)
        };
        let (len, len_len) = match rest[tag_len] {
            0x82 => (
                usize::from(u16::from_be_bytes([rest[tag_len + 1], rest[tag_len + 2]])),
                3,
            ),
            0x81 => (usize::from(rest[tag_len + 1]), 2),
            short => (usize::from(short), 1),
        };
        let begin = tag_len + len_len;
        out.push(Object {
            tag,
            whole: &rest[..begin + len],
            value: &rest[begin..begin + len],
        });
        rest = &rest[begin + len..];
    }
    out
}

/// The only object of a file, with the tag it must have.
pub fn outer(file: &[u8], tag: u16) -> Object<'_> {
    let mut all = objects(file);
    assert_eq!(all.len(), 1);
    let object = all.remove(0);
    assert_eq!(object.tag, tag);
    object
}

/// The object of a tag.
pub fn find<'a>(objects: &'a [Object<'a>], tag: u16) -> &'a Object<'a> {
    objects.iter().find(|object| object.tag == tag).unwrap()
}
