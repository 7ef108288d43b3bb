//! The parts that the applications are made of, and the table of today.

mod next_generation;

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::file::{Begin, Reading};
use super::map::{Access, CardMap, FileMap, TODAY};
use super::{Card, CardError, CardFace, Progress};
use crate::VisitId;
use crate::transport::{
    ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError, TransportErrorKind,
};

/// A chip made of files, which takes or refuses each form of extended length.
struct Files {
    files: HashMap<u8, Vec<u8>>,
    by_short_identifier: bool,
    plain: bool,
    says: ExtendedLength,
    most: usize,
    /// Instead of refusing extended length, the link fails.
    link_fails: bool,
    current: u8,
    log: Vec<Vec<u8>>,
}

impl Files {
    fn new(file: &FileMap, len: usize) -> Self {
        let bytes = (0..len).map(|i| (i % 251) as u8).collect();
        Self {
            files: HashMap::from([(file.short(), bytes)]),
            by_short_identifier: true,
            plain: true,
            says: ExtendedLength::Unknown,
            most: usize::MAX,
            link_fails: false,
            current: 0,
            log: Vec::new(),
        }
    }

    fn reads(&self) -> Vec<String> {
        let hex = |c: &Vec<u8>| c.iter().map(|b| format!("{b:02X}")).collect();
        self.log.iter().skip(1).map(hex).collect()
    }
}

impl Transport for &mut Files {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let c = command.bytes();
        self.log.push(c.to_vec());
        let status = |sw: u16| Ok(Zeroizing::new(sw.to_be_bytes().to_vec()));
        if c[1] != 0xB0 {
            return status(0x9000);
        }
        let short = c[2] & 0x80 != 0;
        let ne = match c[4..] {
            [0] => 256,
            [le] => usize::from(le),
            [0, high, low] => {
                let taken = match short {
                    true => self.by_short_identifier,
                    false => self.plain,
                };
                if !taken {
                    let unsupported = TransportErrorKind::Unsupported;
                    return match self.link_fails {
                        true => Err(TransportError::before(unsupported)),
                        false => status(0x6700),
                    };
                }
                match usize::from(high) << 8 | usize::from(low) {
                    0 => 65_536,
                    ne => ne,
                }
            }
            _ => return status(0x6700),
        };
        let offset = match short {
            true => {
                self.current = c[2] & 0x1F;
                usize::from(c[3])
            }
            false => usize::from(c[2]) << 8 | usize::from(c[3]),
        };
        let file = &self.files[&self.current];
        if offset >= file.len() {
            return status(0x6B00);
        }
        let end = file.len().min(offset + ne.min(self.most));
        Ok(Zeroizing::new([&file[offset..end], &[0x90, 0x00]].concat()))
    }

    fn limits(&self) -> Limits {
        Limits {
            extended: self.says,
            max_response: 65_538,
        }
    }

    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        Ok(())
    }
}

/// A free file of 568 bytes, as the issuer's certificates are.
const FREE: &FileMap = &TODAY.face.issuer_certificate;

fn read_free(files: &mut Files, begin: Begin) -> (Card<&mut Files>, Vec<Progress>) {
    let mut seen = Vec::new();
    let mut card = Card::new(files, VisitId::begin());
    let opened = card.open::<CardFace>().unwrap();
    let length = |_: &[u8]| Ok(Some(568));
    let read = opened
        .card
        .read_whole(FREE, begin, length, &mut |p| seen.push(p));
    assert_eq!(read.unwrap().len(), 568);
    drop(opened);
    (card, seen)
}

#[test]
fn a_free_file_teaches_both_forms_apart() {
    use ExtendedLength::{No, Unknown, Yes};
    for (by_short, plain, link_fails, learnt, reads) in [
        // 300 = 012C by short identifier, 268 = 010C plain.
        (
            true,
            true,
            false,
            (Yes, Yes),
            &["00B0840000012C", "00B0012C00010C"][..],
        ),
        // A refused plain read falls to 256 bytes.
        (
            true,
            false,
            false,
            (Yes, No),
            &[
                "00B0840000012C",
                "00B0012C00010C",
                "00B0012C00",
                "00B0022C0C",
            ],
        ),
        // Nothing more is tried where the first attempt was refused.
        (
            false,
            true,
            false,
            (No, Unknown),
            &["00B0840000012C", "00B0840000", "00B0010000", "00B0020038"],
        ),
        (
            false,
            false,
            true,
            (No, No),
            &["00B0840000012C", "00B0840000", "00B0010000", "00B0020038"],
        ),
    ] {
        let mut files = Files {
            by_short_identifier: by_short,
            plain,
            link_fails,
            ..Files::new(FREE, 700)
        };
        let (card, seen) = read_free(&mut files, Begin::Learning);
        let forms = (card.extended_length(), card.extended_length_at_offset());
        assert_eq!(forms, learnt);
        let whole = Progress {
            read: 568,
            total: 568,
        };
        assert_eq!(seen.last(), Some(&whole));
        drop(card);
        assert_eq!(files.reads(), reads);
    }
}

#[test]
fn what_is_known_needs_no_lesson() {
    let mut files = Files {
        says: ExtendedLength::Yes,
        ..Files::new(FREE, 568)
    };
    drop(read_free(&mut files, Begin::Learning));
    assert_eq!(files.reads(), ["00B08400000000"]);
    let mut files = Files {
        says: ExtendedLength::No,
        ..Files::new(FREE, 568)
    };
    drop(read_free(&mut files, Begin::Learning));
    assert_eq!(files.reads(), ["00B0840000", "00B0010000", "00B0020038"]);
    // An answer that may have been cut at one short response proves nothing.
    let mut files = Files {
        most: 256,
        ..Files::new(FREE, 568)
    };
    let (card, _) = read_free(&mut files, Begin::Learning);
    assert_eq!(card.extended_length(), ExtendedLength::Unknown);
    assert_eq!(card.extended_length_at_offset(), ExtendedLength::Unknown);
}

/// A part of a file behind a secret: what isn't known isn't tried, and what is
/// known is used, in the form that it's known of.
#[test]
fn behind_a_secret_nothing_is_tried() {
    let face = &TODAY.face.face;
    assert!(face.access != Access::Free);
    for (taught, expected) in [
        (false, ["00B0820000", "00B0033E00"]),
        (true, ["00B08200000137", "00B0033E000848"]),
    ] {
        let mut files = Files::new(face, 3000);
        files.files.insert(FREE.short(), vec![0x5A; 568]);
        let (mut card, _) = match taught {
            true => read_free(&mut files, Begin::Learning),
            false => (Card::new(&mut files, VisitId::begin()), Vec::new()),
        };
        let opened = card.open::<CardFace>().unwrap();
        let mut head = Reading::new("the head", 0, 311);
        opened
            .card
            .read_first(&mut head, face.short(), 311)
            .unwrap();
        let mut part = Reading::new("a part", 0x33E, 0x848);
        opened.card.read_more(&mut part, 0x848).unwrap();
        drop(opened);
        drop(card);
        let reads = files.reads();
        assert_eq!(reads[reads.len() - 2..], expected);
    }
}

/// Answers each extended read with tens of thousands of bytes.
struct Flood {
    /// Behind them.
    status: [u8; 2],
    sent: usize,
    bytes: usize,
}

impl Transport for &mut Flood {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.sent += 1;
        let answer = match *command.bytes() {
            [_, 0xB0, _, _, 0, _, _] => [&[0x30; 60_000][..], &self.status].concat(),
            [_, 0xB0, .., le] => {
                let len = if le == 0 { 256 } else { usize::from(le) };
                [&vec![0x30; len][..], &[0x90, 0x00]].concat()
            }
            _ => vec![0x90, 0x00],
        };
        self.bytes += answer.len() - 2;
        Ok(Zeroizing::new(answer))
    }

    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::Yes,
            max_response: 65_538,
        }
    }

    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        Ok(())
    }
}

#[test]
fn a_flood_is_given_up() {
    let read = |status, begin| {
        let mut flood = Flood {
            status,
            sent: 0,
            bytes: 0,
        };
        let mut card = Card::new(&mut flood, VisitId::begin());
        let opened = card.open::<CardFace>().unwrap();
        let length = |_: &[u8]| Ok(Some(2000));
        let read = opened.card.read_whole(FREE, begin, length, &mut |_| ());
        drop(opened);
        drop(card);
        (read.map(|read| read.len()), flood.sent, flood.bytes)
    };
    // Refused in both forms, with a flood each time: the second is too much.
    let (refused, sent, bytes) = read([0x6F, 0x00], Begin::Whole);
    assert!(matches!(refused, Err(CardError::Exchange { .. })));
    assert_eq!((sent, bytes), (4, 60_000 + 256 + 60_000));
    // All of it asked for, and no more needed.
    assert_eq!(read([0x90, 0x00], Begin::Whole), (Ok(2000), 2, 60_000));
    // More than was asked for.
    let mut flood = Flood {
        status: [0x90, 0x00],
        sent: 0,
        bytes: 0,
    };
    let mut card = Card::new(&mut flood, VisitId::begin());
    let opened = card.open::<CardFace>().unwrap();
    let mut part = Reading::new("a part", 0x33E, 1000);
    let more = opened.card.read_more(&mut part, 1000);
    assert!(matches!(more, Err(CardError::Malformed { .. })));
}

/// Every reference and file has a short identifier of its own, none of them
/// one that means "the current one", and AIDs differ.
#[test]
fn the_table_of_today_is_sound() {
    let CardMap {
        jpki,
        face,
        input,
        common,
        ..
    } = &TODAY;
    let applications = [
        &jpki.application,
        &face.application,
        &input.application,
        &common.application,
    ];
    for (i, one) in applications.iter().enumerate() {
        assert!((5..=16).contains(&one.aid.len()));
        assert!(
            applications
                .iter()
                .skip(i + 1)
                .all(|other| other.aid != one.aid)
        );
        for secret in one.secrets {
            assert!((0x81..=0x9E).contains(&secret.p2()), "{}", secret.name);
            assert!(
                one.secrets
                    .iter()
                    .filter(|other| other.p2() == secret.p2())
                    .count()
                    == 1
            );
            assert!((1..=16).contains(&secret.shape.max));
        }
    }
    for files in [
        &[
            &jpki.authentication_certificate,
            &jpki.authentication_ca,
            &jpki.signing_certificate,
            &jpki.signing_ca,
            &jpki.token,
            &jpki.presence,
        ][..],
        &[
            &face.age,
            &face.face,
            &face.information,
            &face.issuer_certificate,
            #[cfg(feature = "my-number")]
            &face.my_number,
        ],
        &[
            #[cfg(feature = "my-number")]
            &input.my_number,
            &input.attributes,
            &input.integrity,
            &input.issuer_certificate,
            &input.information,
        ],
    ] {
        for file in files {
            assert!((1..=30).contains(&file.short()), "{}", file.name);
            assert_eq!(u16::from(file.short()), file.identifier);
            assert!(
                files
                    .iter()
                    .filter(|other| other.short() == file.short())
                    .count()
                    == 1
            );
        }
    }
}
