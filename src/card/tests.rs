//! What needs another table, or the parts that the applications are made of.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::file::{Begin, Reading};
use super::map::{
    Access, Algorithm, ApplicationMap, CardMap, Characters, CommonMap, FaceMap, FileMap, InputMap,
    JpkiMap, KeyMap, SecretMap, Shape, TODAY,
};
use super::{
    AuthPin, Card, CardError, CardFace, InputSupport, Jpki, LastTry, Progress, ReferenceNumberB,
    SecretKind, SignatureInput, VerifyError,
};
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

// ---- the next generation -------------------------------------------------

const SIX_DIGITS: Shape = Shape {
    min: 6,
    max: 6,
    characters: Characters::Digits,
};

const fn file(name: &'static str, identifier: u16, access: Access) -> FileMap {
    FileMap {
        name,
        identifier,
        max: 4096,
        access,
    }
}

const fn p_384(reference: Option<u16>) -> KeyMap {
    KeyMap {
        name: "the signature",
        reference,
        algorithm: Algorithm {
            forms: &[0x00],
            input: 48,
            signature: 96..=96,
        },
    }
}

/// What is said in public of the next card: two applications, 照合番号 of six
/// digits, P-384 and SHA-384. No identifier of it is known: these are made up.
static NEXT: CardMap = {
    const AUTHENTICATION: &[u8] = &[0xF0, 0x01, 0x02, 0x03, 0x04];
    const FACE: &[u8] = &[0xF0, 0x01, 0x02, 0x03, 0x05];
    const NUMBER: &[SecretMap] = &[SecretMap {
        kind: SecretKind::ReferenceNumberB,
        name: "照合番号",
        reference: 0x0105,
        shape: SIX_DIGITS,
    }];
    const BEHIND: Access = Access::Behind(&[SecretKind::ReferenceNumberB]);
    CardMap {
        issuer_security_domain: &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00],
        jpki: JpkiMap {
            application: ApplicationMap {
                aid: AUTHENTICATION,
                secrets: &[SecretMap {
                    kind: SecretKind::AuthPin,
                    name: "the PIN",
                    reference: 0x0103,
                    shape: super::map::AUTH_PIN,
                }],
            },
            authentication_certificate: file("the certificate", 0x0112, Access::Free),
            authentication_ca: file("the CA certificate", 0x0113, Access::Free),
            signing_certificate: file("the signing certificate", 0x0114, Access::Free),
            signing_ca: file("the CA certificate", 0x0115, Access::Free),
            token: file("the token", 0x0116, Access::Free),
            presence: file("the flags", 0x0117, Access::Free),
            authentication_key: p_384(Some(0x0108)),
            signing_key: p_384(Some(0x0109)),
        },
        face: FaceMap {
            application: ApplicationMap {
                aid: FACE,
                secrets: NUMBER,
            },
            age: file("the age record", 0x0101, BEHIND),
            face: file("the face", 0x0102, BEHIND),
            information: file("the information", 0x0103, Access::Free),
            issuer_certificate: file("the issuer's certificate", 0x0104, Access::Free),
            #[cfg(feature = "my-number")]
            my_number: file("the number", 0x0105, BEHIND),
            key: p_384(None),
        },
        input: InputMap {
            application: ApplicationMap {
                aid: FACE,
                secrets: NUMBER,
            },
            #[cfg(feature = "my-number")]
            my_number: file("the number", 0x0106, BEHIND),
            attributes: file("the attributes", 0x0107, BEHIND),
            integrity: file("the integrity record", 0x0108, BEHIND),
            issuer_certificate: file("the issuer's certificate", 0x0104, Access::Free),
            information: file("the information", 0x0109, Access::Free),
            key: p_384(None),
        },
        common: CommonMap {
            application: ApplicationMap {
                aid: FACE,
                secrets: &[],
            },
            serial: file("the serial record", 0x010A, Access::Free),
        },
    }
};

/// Says yes to whatever it's told, and keeps it.
struct Agreeable(Vec<Vec<u8>>);

impl Transport for &mut Agreeable {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let c = command.bytes();
        self.0.push(c.to_vec());
        let (data, status) = match *c {
            [_, 0x20, _, _] => (vec![], 0x63CAu16),
            // The only right number.
            [_, 0x20, _, 0x85, 6, ref digits @ ..] if digits != b"246813" => (vec![], 0x63C9),
            [_, 0x2A, ..] => (vec![0x5A; 96], 0x9000),
            [_, 0xB0, ..] => (vec![0x30, 0x03, 1, 2, 3, 0xFF], 0x9000),
            _ => (vec![], 0x9000),
        };
        let answer = [&data[..], &status.to_be_bytes()].concat();
        Ok(Zeroizing::new(answer))
    }

    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::No,
            max_response: 258,
        }
    }

    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        Ok(())
    }
}

/// The same code, another table.
#[test]
fn the_next_generation_is_another_table() {
    let mut link = Agreeable(Vec::new());
    let mut card = Card::of_generation(&NEXT, &mut link, VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    let certificate = jpki.authentication_certificate(&mut |_| ()).unwrap();
    assert_eq!(certificate.der(), [0x30, 0x03, 1, 2, 3]);
    let leave = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let leave = leave.budget(LastTry::Refuse).unwrap();
    let _proof = jpki
        .verify_pin(AuthPin::parse("1234").unwrap(), leave)
        .unwrap();
    // It has no password, and signs no DigestInfo of RSA.
    assert!(matches!(
        jpki.tries_left(SecretKind::SignPassword),
        Err(CardError::Misuse { .. })
    ));
    let rsa = jpki.sign_authentication(&SignatureInput::sha256([0xAB; 32]));
    assert!(matches!(rsa, Err(CardError::Misuse { .. })));
    let sha_384 = SignatureInput::raw(&[0xCD; 48]).unwrap();
    let signature = jpki.sign_authentication(&sha_384).unwrap();
    assert_eq!(signature.bytes().len(), 96);
    jpki.close().unwrap();
    drop(card);
    let select = [0x00, 0xA4, 0x04, 0x0C, 0x05, 0xF0, 0x01, 0x02, 0x03, 0x04];
    let sign = [&[0x80, 0x2A, 0x00, 0x88, 48][..], &[0xCD; 48], &[0]].concat();
    assert_eq!(
        link.0[..5],
        [
            select.to_vec(),
            vec![0x00, 0xB0, 0x92, 0x00, 0x00],
            vec![0x00, 0x20, 0x00, 0x83],
            [&[0x00, 0x20, 0x00, 0x83, 4][..], b"1234"].concat(),
            sign,
        ]
    );
}

#[test]
fn its_number_has_six_digits_and_one_count_for_both_roles() {
    let kind = SecretKind::ReferenceNumberB;
    let six = |typed: &str| ReferenceNumberB::with_shape(SIX_DIGITS, typed).unwrap();
    let mut link = Agreeable(Vec::new());
    let mut card = Card::of_generation(&NEXT, &mut link, VisitId::begin());
    let mut face = card.open::<CardFace>().unwrap();
    let leave = face
        .tries_left(kind)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    // Of today's form: it isn't sent.
    let today = ReferenceNumberB::parse("55021720352285").unwrap();
    let refused = face.verify_reference_number_b(today, leave).unwrap_err();
    assert!(matches!(
        refused,
        VerifyError::Card(CardError::Misuse { .. })
    ));
    let early = face
        .tries_left(kind)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    drop(face);
    // The other role is the same application: a VERIFY there makes the count
    // of this one stale, and what was refused there is refused here.
    let mut input = card.open::<InputSupport>().unwrap();
    let leave = input
        .tries_left(kind)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let wrong = input
        .verify_reference_number_b(six("111111"), leave)
        .unwrap_err();
    assert_eq!(wrong, VerifyError::Wrong { kind, left: 9 });
    drop(input);
    let mut face = card.open::<CardFace>().unwrap();
    let stale = face
        .verify_reference_number_b(six("246813"), early)
        .unwrap_err();
    assert_eq!(stale, VerifyError::ForeignBudget { kind });
    let mut present = |typed: &str| {
        let leave = face
            .tries_left(kind)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        face.verify_reference_number_b(six(typed), leave)
    };
    assert_eq!(
        present("111111").unwrap_err(),
        VerifyError::AlreadyRefused { kind }
    );
    assert!(present("246813").is_ok());
    drop(face);
    drop(card);
    let sent = |c: &&Vec<u8>| c[1] == 0x20 && c.len() > 4;
    assert_eq!(link.0.iter().filter(sent).count(), 2);
}
