//! The same code with another table: what is said in public of the next card.

use zeroize::Zeroizing;

use crate::VisitId;
use crate::card::map::{
    Access, Algorithm, ApplicationMap, CardMap, Characters, CommonMap, FaceMap, FileMap, InputMap,
    JpkiMap, KeyMap, SecretMap, Shape,
};
use crate::card::{
    AuthPin, Card, CardError, CardFace, InputSupport, Jpki, LastTry, ReferenceNumberB, SecretKind,
    SignatureInput, VerifyError,
};
use crate::transport::{ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError};

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
                    shape: crate::card::map::AUTH_PIN,
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
