//! Files: what isn't one is refused, and every reading ends.

mod card_support;

use card_support::card;
use card_support::{Chip, NUMBER_B, certificate, face};
use uketsuke::VisitId;
use uketsuke::card::{Card, CardError, CardFace, Jpki, LastTry, ReferenceNumberB, SecretKind};
use uketsuke::transport::{ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError};
use zeroize::Zeroizing;

#[test]
fn certificates_that_are_none() {
    let cut = certificate(1584, 0)[..1000].to_vec();
    let long = [&[0x30, 0x82, 0x20, 0x01][..], &[0; 600]].concat();
    for (file, too_long) in [
        (vec![0xFF; 600], false),
        (vec![0x00; 600], false),
        (vec![0x30], false),
        (vec![0x30, 0x82], false),
        (b"not a certificate".to_vec(), false),
        (cut, false),
        (long, true),
    ] {
        for chip in [Chip::new(), Chip::short_only()] {
            let (_, mut card) = card(Chip {
                certificate: file.clone(),
                ..chip
            });
            let mut jpki = card.open::<Jpki>().unwrap();
            let error = jpki.authentication_certificate(&mut |_| ()).unwrap_err();
            match too_long {
                true => assert!(matches!(
                    error,
                    CardError::TooLong {
                        len: 8197,
                        max: 8192,
                        ..
                    }
                )),
                false => assert!(matches!(error, CardError::Malformed { .. }), "{error}"),
            }
        }
    }
}

#[test]
fn a_certificate_byte_by_byte_is_given_up() {
    let (chip, mut card) = card(Chip {
        piece: 1,
        ..Chip::short_only()
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    let error = jpki.authentication_certificate(&mut |_| ()).unwrap_err();
    assert!(matches!(error, CardError::Malformed { .. }));
    assert!(chip.sent() < 100);
}

/// Gives a file a byte at a time, each in as many exchanges as are followed.
struct Dripping {
    file: Vec<u8>,
    at: usize,
    gets: usize,
    sent: usize,
    /// GET RESPONSE commands for each byte.
    each: usize,
    extended: ExtendedLength,
    /// An empty `61xx` before each piece.
    empty: bool,
}

impl Transport for &mut Dripping {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.sent += 1;
        let mut byte = |status: u16| {
            let byte = self.file.get(self.at).copied().unwrap_or(0);
            self.at += 1;
            let [high, low] = status.to_be_bytes();
            vec![byte, high, low]
        };
        let answer = match command.bytes() {
            [_, 0xA4, ..] => vec![0x90, 0x00],
            [_, 0x20, _, _] => vec![0x63, 0xCA],
            [_, 0x20, ..] => vec![0x90, 0x00],
            // The head of the face, whole.
            [_, 0xB0, 0x82, ..] => {
                self.at = 26;
                [&self.file[..26], &[0x90, 0x00]].concat()
            }
            [_, 0xB0, ..] if self.empty => vec![0x61, 0x01],
            [_, 0xB0, ..] => byte(0x6101),
            [_, 0xC0, ..] if self.gets % self.each == self.each - 1 => {
                self.gets += 1;
                byte(0x9000)
            }
            [_, 0xC0, ..] => {
                self.gets += 1;
                byte(0x6101)
            }
            other => panic!("{other:02X?}"),
        };
        Ok(Zeroizing::new(answer))
    }
    fn limits(&self) -> Limits {
        Limits {
            extended: self.extended,
            max_response: 65_538,
        }
    }
    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        Ok(())
    }
}

#[test]
fn a_dripping_card_is_given_up_within_the_budget_of_the_file() {
    // The largest photo that an offset table can place.
    let photo = [&[0xDF, 0x27, 0x82, 0x79, 0x00][..], &[0x5A; 0x7900]].concat();
    let photo_most = 16 + 2 * photo.len().div_ceil(256);
    for extended in [ExtendedLength::Yes, ExtendedLength::No] {
        for each in 1..=9 {
            for empty in [false, true] {
                let drip = |file: Vec<u8>| Dripping {
                    file,
                    at: 0,
                    gets: 0,
                    sent: 0,
                    each,
                    extended,
                    empty,
                };
                let mut link = drip(certificate(8000, 0));
                let mut card = Card::new(&mut link, VisitId::begin());
                let mut jpki = card.open::<Jpki>().unwrap();
                assert!(jpki.authentication_certificate(&mut |_| ()).is_err());
                drop(jpki);
                drop(card);
                assert!(link.sent <= 1 + 80, "{} for a certificate", link.sent);

                let mut link = drip(face(&photo));
                let mut card = Card::new(&mut link, VisitId::begin());
                let mut opened = card.open::<CardFace>().unwrap();
                let leave = opened.tries_left(SecretKind::ReferenceNumberB).unwrap();
                let leave = leave.budget(LastTry::Refuse).unwrap();
                let number = ReferenceNumberB::parse(NUMBER_B).unwrap();
                let right = opened.verify_reference_number_b(number, leave).unwrap();
                assert!(opened.photo(&right, &mut |_| ()).is_err());
                drop(opened);
                drop(card);
                // SELECT, count, number, table.
                assert!(link.sent <= 4 + photo_most, "{} for a photo", link.sent);
            }
        }
    }
}

/// A card and reader that need two exchanges for each read (T=0), and whose
/// file has the largest size: slow, but honest.
#[test]
fn the_slowest_honest_card_is_read_to_the_end() {
    struct TwoByTwo(Vec<u8>, Vec<u8>, usize);
    impl Transport for &mut TwoByTwo {
        fn transmit(&mut self, c: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
            self.2 += 1;
            let answer = match *c.bytes() {
                [_, 0xA4, ..] => vec![0x90, 0x00],
                [_, 0xB0, high, low, le] => {
                    let at = match high & 0x80 {
                        0 => usize::from(high) << 8 | usize::from(low),
                        _ => 0,
                    };
                    let len = if le == 0 { 256 } else { usize::from(le) };
                    self.1 = self.0[at..self.0.len().min(at + len)].to_vec();
                    vec![0x61, self.1.len() as u8]
                }
                [_, 0xC0, ..] => [self.1.as_slice(), &[0x90, 0x00]].concat(),
                _ => vec![0x67, 0x00],
            };
            Ok(Zeroizing::new(answer))
        }
        fn limits(&self) -> Limits {
            Limits {
                extended: ExtendedLength::Unknown,
                max_response: 65_538,
            }
        }
        fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
            Ok(())
        }
    }
    let mut link = TwoByTwo(certificate(8192, 0), Vec::new(), 0);
    let mut card = Card::new(&mut link, VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    let read = jpki.authentication_certificate(&mut |_| ()).unwrap();
    assert_eq!(read.der(), certificate(8192, 0));
    drop(jpki);
    drop(card);
    // SELECT, the refused attempt, and two for each of 32 reads.
    assert_eq!(link.2, 2 + 64);
}

#[test]
fn photos_that_are_none() {
    let element = |tag: u8, len: usize| {
        let mut photo = vec![
            0xDF,
            tag,
            0x83,
            (len >> 16) as u8,
            (len >> 8) as u8,
            len as u8,
        ];
        photo.extend(std::iter::repeat_n(0x5A, len));
        photo
    };
    for (photo, expected) in [
        (element(0x27, 0), "it is empty"),
        (element(0x28, 90), "tag DF28 where DF27 was expected"),
        (element(0x27, 50_000), "at most 49152 are read"),
        (
            vec![0xDF, 0x27, 0x82, 0x7F, 0xFF, 1, 2, 3],
            "more bytes were expected",
        ),
    ] {
        let (_, mut card) = card(Chip {
            face: face(&photo),
            ..Chip::new()
        });
        let mut opened = card.open::<CardFace>().unwrap();
        let budget = opened
            .tries_left(SecretKind::ReferenceNumberB)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        let number = ReferenceNumberB::parse(NUMBER_B).unwrap();
        let right = opened.verify_reference_number_b(number, budget).unwrap();
        let error = opened.photo(&right, &mut |_| ()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let large = element(0x27, 31_000);
    let (_, mut card) = card(Chip {
        face: face(&large),
        ..Chip::new()
    });
    let mut opened = card.open::<CardFace>().unwrap();
    let budget = opened
        .tries_left(SecretKind::ReferenceNumberB)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let number = ReferenceNumberB::parse(NUMBER_B).unwrap();
    let right = opened.verify_reference_number_b(number, budget).unwrap();
    assert_eq!(
        opened.photo(&right, &mut |_| ()).unwrap().jpeg2000(),
        [0x5A; 31_000]
    );
}
