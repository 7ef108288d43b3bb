//! What a real JPKI test card holds, as `myna-card` publishes it beside its own tests (fictional holder): read and
//! proved by this library as if the card were here.

use std::path::PathBuf;
use std::process::Command;

use jiff::Timestamp;
use uketsuke::card::{
    BirthDateKey, Card, CardFace, InputPin, InputSupport, LastTry, ReferenceNumberB, SecretKind,
    SignedApplication,
};
use uketsuke::transport::{ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError};
use uketsuke::trust::{
    AgeRecord, CvError, CvRoots, GraceRule, IssuedAttributes, IssuedFace, IssuedPhoto, IssuerKey,
    Root, Roots, TrustError,
};
use uketsuke::{Realm, Realms, VisitId};
use zeroize::Zeroizing;

/// A file of the published ones. They are where cargo keeps the sources of that crate.
fn file(name: &str) -> Vec<u8> {
    let cargo = std::env::var_os("CARGO").expect("run by cargo");
    let told = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata");
    let told = String::from_utf8(told.stdout).expect("UTF-8");
    let crates = told.split("\"manifest_path\":\"").skip(1);
    let manifest = crates
        .filter_map(|rest| rest.split('"').next())
        .find(|path| path.contains("myna-card-3.3.4"))
        .expect("the crate");
    let path = PathBuf::from(manifest)
        .with_file_name("tests/fixtures")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A chip that has these files under their short identifiers and opens them to anybody.
struct Files {
    files: Vec<(u8, Vec<u8>)>,
    current: u8,
}

impl Files {
    fn card(files: &[(u8, &str)]) -> Card<Self> {
        let files = files.iter().map(|(id, name)| (*id, file(name))).collect();
        Card::new(Self { files, current: 0 }, VisitId::begin())
    }
}

impl Transport for Files {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let answer = match *command.bytes() {
            [0x00, 0xA4, ..] | [0x00, 0x20, _, _, _, ..] => vec![0x90, 0x00],
            [0x00, 0x20, _, _] => vec![0x63, 0xCA],
            [0x00, 0xB0, p1, p2, ref le @ ..] => {
                let offset = if p1 & 0x80 == 0 {
                    usize::from(p1) << 8 | usize::from(p2)
                } else {
                    self.current = p1 & 0x1F;
                    usize::from(p2)
                };
                let len = match *le {
                    [0] => 256,
                    [len] => usize::from(len),
                    _ => panic!("not a short read"),
                };
                let found = self.files.iter().find(|(id, _)| *id == self.current);
                let bytes = &found.expect("a file that is there").1[offset..];
                [&bytes[..len.min(bytes.len())], &[0x90, 0x00]].concat()
            }
            ref other => panic!("{other:02X?}"),
        };
        Ok(Zeroizing::new(answer))
    }

    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::No,
            max_response: 258,
        }
    }

    fn reset(&mut self, _how: Reset) -> Result<(), TransportError> {
        self.current = 0;
        Ok(())
    }
}

#[test]
fn the_card_face_is_proved_issued() {
    let files = [
        (1, "surface-0001.bin"),
        (2, "surface-0002.bin"),
        (4, "surface-0004.bin"),
    ];
    let mut card = Files::card(&files);
    let mut face = card.open::<CardFace>().unwrap();
    let certificate = face.issuer_certificate(&mut |_| ()).unwrap();
    let roots = CvRoots::jpki_test();
    assert_eq!(
        roots.validate(&certificate, Realms::production()).map(drop),
        Err(CvError::RealmNotAccepted {
            found: Realm::JpkiTest
        })
    );
    let issuer = || -> IssuerKey { roots.validate(&certificate, Realms::jpki_test()).unwrap() };

    let budget = |face: &mut uketsuke::card::Opened<'_, Files, CardFace>, kind| {
        face.tries_left(kind)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap()
    };
    let allowed = budget(&mut face, SecretKind::BirthDate);
    let right = face
        .verify_birth_date(BirthDateKey::parse("550217").unwrap(), allowed)
        .unwrap();
    let age = face.age_record(&right, &mut |_| ()).unwrap();
    let age = AgeRecord::verify(age, &issuer()).unwrap();
    assert_eq!(age.birth_date().as_str(), "19800217");
    assert_eq!(age.realm(), Realm::JpkiTest);

    let number = ReferenceNumberB::parse("55021720352285").unwrap();
    let allowed = budget(&mut face, SecretKind::ReferenceNumberB);
    let right = face.verify_reference_number_b(number, allowed).unwrap();
    let (photo, record) = face.signed_photo_with_key(&right, &mut |_| ()).unwrap();
    let photo = IssuedPhoto::verify(photo, &issuer()).unwrap();
    assert_eq!(photo.jpeg2000()[4..8], *b"jP  ");
    assert_eq!(record.birth_date().as_str(), "19800217");
    let whole = face.face(&right, &mut |_| ()).unwrap();
    let whole = IssuedFace::verify(whole, &issuer()).unwrap();
    assert_eq!(whole.jpeg2000(), photo.jpeg2000());
    assert_eq!(whole.unsigned().expiry().len(), 8);
}

#[test]
fn the_four_attributes_are_proved_issued() {
    let files = [
        (2, "text-0002.bin"),
        (3, "text-0003.bin"),
        (4, "text-0004.bin"),
    ];
    let mut card = Files::card(&files);
    let mut input = card.open::<InputSupport>().unwrap();
    let certificate = input.issuer_certificate(&mut |_| ()).unwrap();
    let budget = input
        .tries_left(SecretKind::InputPin)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let right = input
        .verify_input_pin(InputPin::parse("1234").unwrap(), budget)
        .unwrap();
    let attributes = input.signed_attributes(&right, &mut |_| ()).unwrap();
    let issuer = CvRoots::jpki_test()
        .validate(&certificate, Realms::jpki_test())
        .unwrap();
    let person = IssuedAttributes::verify(attributes, &issuer).unwrap();
    assert_eq!(person.birth_date().as_str(), "19800217");
    assert_eq!(person.realm(), Realm::JpkiTest);
}

#[test]
fn the_cards_own_certificates_lead_to_the_embedded_key() {
    let (upper, lower) = (file("mf-do-F8.bin"), file("mf-do-7F21.bin"));
    let roots = CvRoots::jpki_test();
    let check = |realms| roots.check_card_level(&upper, Some(&lower), realms);
    assert_eq!(check(Realms::jpki_test()), Ok(Realm::JpkiTest));
    let found = Realm::JpkiTest;
    assert_eq!(
        check(Realms::production()),
        Err(CvError::RealmNotAccepted { found })
    );
    assert_eq!(
        roots.check_card_level(&upper, Some(&upper), Realms::jpki_test()),
        Err(CvError::NotBelow)
    );
    // Without their list they are certificates like those of the applications, but not for these.
    let inner = &upper[12..];
    let wrapped = [&[0x7F, 0x21, 0x82, 0x02, 0x33], inner].concat();
    assert_eq!(
        roots.check(&wrapped, SignedApplication::CardFace, Realms::jpki_test()),
        Err(CvError::OtherApplication {
            found: SignedApplication::CardLevel
        })
    );
}

/// Under roots that the caller gives: those of the test hierarchy aren't embedded. Both generations bear one name, and
/// only the one that signed is the issuer.
#[test]
fn both_certificates_validate_in_their_own_world() {
    let roots = |names: &[&str]| {
        let root = |name: &&str| Root::new(&file(name), Realm::JpkiTest).unwrap();
        names.iter().map(root).fold(Roots::empty(), Roots::with)
    };
    let now: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
    let test = Realms::jpki_test();

    let holder = file("jpki-auth-cert.der");
    let cas = ["jpki-auth-ca-cert-2019.der", "jpki-auth-ca-cert.der"];
    let authentication = |roots: &Roots, realms| {
        roots
            .check_authentication(&holder, realms, now, GraceRule::None)
            .map(|(_, realm)| realm)
    };
    assert_eq!(authentication(&roots(&cas), test), Ok(Realm::JpkiTest));
    assert_eq!(authentication(&roots(&cas[1..]), test), Ok(Realm::JpkiTest));
    assert_eq!(
        authentication(&roots(&cas[..1]), test),
        Err(TrustError::UnknownIssuer)
    );
    let found = Realm::JpkiTest;
    assert_eq!(
        authentication(&roots(&cas), Realms::production()),
        Err(TrustError::RealmNotAccepted { found })
    );

    let holder = file("jpki-sign-cert.der");
    let cas = ["jpki-sign-ca-cert-2019.der", "jpki-sign-ca-cert.der"];
    let signing = roots(&cas)
        .check_signing(&holder, test, now)
        .map(|(_, realm)| realm);
    assert_eq!(signing, Ok(Realm::JpkiTest));
}
