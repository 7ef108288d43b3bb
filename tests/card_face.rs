//! The card face through the library: exact commands, exact numbers of exchanges,
//! and which bytes of the face are read at all.

mod card_face_support;

use card_face_support::*;
use jiff::SignedDuration;
use uketsuke::card::*;
use uketsuke::simulation::CardOptions;
use uketsuke::transport::ExtendedLength;
use uketsuke::trust::*;
use uketsuke::{Realm, Realms, VisitId};

fn challenge(visit: VisitId) -> Challenge {
    let terminal = TerminalId::new("reception-1").unwrap();
    let life = SignedDuration::from_secs(60);
    Challenge::generate(visit, &terminal, Purpose::LivePhoto, now(), life).unwrap()
}

/// From SELECT to the proof: (SELECT, certificate, count, number, table, photo).
fn issued(rig: &Rig, card: &mut Card<Link>) -> IssuedPhoto {
    let mut face = card.open::<CardFace>().unwrap();
    let certificate = face.issuer_certificate(&mut |_| ()).unwrap();
    let right = present(rig, &mut face);
    let photo = face.signed_photo(&right, &mut |_| ()).unwrap();
    let roots = CvRoots::simulation();
    let issuer = roots.validate(&certificate, Realms::simulation()).unwrap();
    IssuedPhoto::verify(photo, &issuer).unwrap()
}

/// The same, and the chip's own signature.
fn live(rig: &Rig, card: &mut Card<Link>) -> LivePhoto {
    let mut face = card.open::<CardFace>().unwrap();
    let certificate = face.issuer_certificate(&mut |_| ()).unwrap();
    let right = present(rig, &mut face);
    let (photo, record) = face.signed_photo_with_key(&right, &mut |_| ()).unwrap();
    let challenge = challenge(face.binding().visit());
    let signature = face.sign_live(&challenge.signature_input()).unwrap();
    let roots = CvRoots::simulation();
    let issuer = roots.validate(&certificate, Realms::simulation()).unwrap();
    let photo = IssuedPhoto::verify(photo, &issuer).unwrap();
    LivePhoto::verify(photo, record, challenge, signature, now()).unwrap()
}

const COUNT: &str = "00200092";
const CERTIFICATE: &str = "00B08400 000000";

#[test]
fn a_photo_proved_issued_takes_six() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::Yes);
    let photo = issued(&rig, &mut rig.card());
    assert_eq!(photo.realm(), Realm::Simulation);
    assert_eq!(photo.jpeg2000(), rig.face().value(PHOTO));
    let range = rig.face().range(PHOTO, SIGNATURE);
    rig.assert_sent(&[
        FACE,
        CERTIFICATE,
        COUNT,
        &rig.verify_b(),
        "00B08200 1A",
        &extended_read(range.start, range.len()),
    ]);
}

#[test]
fn a_photo_of_this_live_chip_takes_seven() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::Yes);
    let photo = live(&rig, &mut rig.card());
    assert_eq!(photo.jpeg2000(), rig.face().value(PHOTO));
    assert_eq!(photo.birth_date().as_str(), rig.persona.birthdate);
    let range = rig.face().range(PHOTO, SIGNATURE);
    let log = rig.take_log();
    let expected = [
        hex(FACE),
        hex(CERTIFICATE),
        hex(COUNT),
        hex(&rig.verify_b()),
        // Table, birth date, sex and card key at once: 311 bytes.
        hex("00B08200 000137"),
        hex(&extended_read(range.start, range.len())),
    ];
    assert_eq!(log.len(), 7);
    assert_eq!(commands(&log[..6]), expected);
    let sign = &log[6].0;
    assert_eq!(sign.len(), 57);
    assert_eq!(
        sign[..24],
        hex("802A0000 33 3031300D060960864801650304020105000420")
    );
    assert_eq!(sign[56], 0);
    // The name begins right where the first read ends.
    assert_eq!(rig.face().range(NAME, NAME).start, 0x137);
}

#[test]
fn an_unknown_link_costs_one_more_once() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::Unknown);
    let mut card = rig.card();
    issued(&rig, &mut card);
    let range = rig.face().range(PHOTO, SIGNATURE);
    rig.assert_sent(&[
        FACE,
        // The free certificate teaches both forms.
        "00B08400 00012C",
        "00B0012C 00010C",
        COUNT,
        &rig.verify_b(),
        "00B08200 1A",
        &extended_read(range.start, range.len()),
    ]);
    assert_eq!(card.extended_length(), ExtendedLength::Yes);
    assert_eq!(card.extended_length_at_offset(), ExtendedLength::Yes);
    live(&rig, &mut card);
    assert_eq!(rig.take_log().len(), 7, "learnt");
}

#[test]
fn short_length_takes_seven_and_the_photo_in_pieces() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::No);
    let mut card = rig.card();
    issued(&rig, &mut card);
    let range = rig.face().range(PHOTO, SIGNATURE);
    let pieces = range.len().div_ceil(256);
    let mut expected = vec![
        hex(FACE),
        hex("00B08400 00"),
        hex("00B00100 00"),
        hex("00B00200 38"),
        hex(COUNT),
        hex(&rig.verify_b()),
        hex("00B08200 1A"),
    ];
    for at in range.clone().step_by(256) {
        let len = (range.end - at).min(256) as u8;
        expected.push([&[0x00, 0xB0][..], &(at as u16).to_be_bytes(), &[len]].concat());
    }
    let log = rig.take_log();
    assert_eq!(commands(&log), expected);
    assert_eq!(log.len(), 7 + pieces);
    live(&rig, &mut card);
    let log = rig.take_log();
    assert_eq!(log.len(), 7 + pieces + 2);
    // 256 of the 311 bytes, then the rest.
    assert_eq!(
        commands(&log[6..8]),
        [hex("00B08200 00"), hex("00B00100 37")]
    );
}

#[test]
fn a_refused_plain_read_falls_to_pieces_and_never_to_the_whole_file() {
    let options = CardOptions {
        extended_plain: false,
        ..CardOptions::default()
    };
    // Said to work, and refused behind the secret: one more, once.
    let rig = Rig::new(options.clone(), ExtendedLength::Yes);
    let mut card = rig.card();
    live(&rig, &mut card);
    let pieces = rig.face().range(PHOTO, SIGNATURE).len().div_ceil(256);
    assert_eq!(rig.take_log().len(), 6 + pieces + 1);
    live(&rig, &mut card);
    let log = rig.take_log();
    assert_eq!(log.len(), 6 + pieces, "learnt");
    assert_eq!(
        log[4].0,
        hex("00B08200 000137"),
        "the other form still works"
    );

    // Not known: learnt with the free certificate, never tried behind the secret.
    let rig = Rig::new(options, ExtendedLength::Unknown);
    let mut card = rig.card();
    live(&rig, &mut card);
    let log = rig.take_log();
    assert_eq!(
        commands(&log[1..5]),
        [
            hex("00B08400 00012C"),
            hex("00B0012C 00010C"),
            hex("00B0012C 00"),
            hex("00B0022C 0C"),
        ]
    );
    let whole = |(command, _): &Exchange| *command == hex("00B08200 000000");
    assert!(!log.iter().any(whole));
    let refused = log.iter().filter(|(_, answer)| answer[..] == [0x67, 0x00]);
    assert_eq!(refused.count(), 1);
}

#[test]
fn without_extended_length_by_short_identifier_the_plain_form_is_not_tried() {
    let options = CardOptions {
        extended_by_short_identifier: false,
        ..CardOptions::default()
    };
    let rig = Rig::new(options, ExtendedLength::Unknown);
    issued(&rig, &mut rig.card());
    let log = rig.take_log();
    let refused = log.iter().filter(|(_, answer)| answer[..] == [0x67, 0x00]);
    assert_eq!(refused.count(), 1, "the first read of the certificate");
    let pieces = rig.face().range(PHOTO, SIGNATURE).len().div_ceil(256);
    assert_eq!(log.len(), 7 + 1 + pieces);
}

/// Whatever the card takes, and however little it gives at once.
#[test]
fn name_and_address_are_never_read_for_a_photo() {
    for (by_short, plain) in [(true, true), (true, false), (false, true), (false, false)] {
        for says in [
            ExtendedLength::Yes,
            ExtendedLength::Unknown,
            ExtendedLength::No,
        ] {
            for most_per_answer in [None, Some(255), Some(100)] {
                let options = CardOptions {
                    extended_by_short_identifier: by_short,
                    extended_plain: plain,
                    most_per_answer,
                    ..CardOptions::default()
                };
                let rig = Rig::new(options, says);
                let what = format!("{by_short} {plain} {says:?} {most_per_answer:?}");
                let mut card = rig.card();
                issued(&rig, &mut card);
                live(&rig, &mut card);
                let mut face = card.open::<CardFace>().unwrap();
                let right = present(&rig, &mut face);
                face.photo(&right, &mut |_| ()).unwrap();
                face.card_key_record(&right).unwrap();
                face.expiry_hint(&right).unwrap();
                face.image(FaceImage::SecurityCode, &right, &mut |_| ())
                    .unwrap();
                let private = rig.face().range(NAME, ADDRESS);
                let log = rig.take_log();
                let read = bytes_read(&log, 0x02);
                assert!(read.iter().any(|range| range.len() > 20), "{what}");
                for range in read {
                    let apart = range.end <= private.start || range.start >= private.end;
                    assert!(apart, "{what}: {range:?} of {private:?}");
                }
            }
        }
    }
}

#[test]
fn each_image_by_itself_is_the_table_and_one() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::Yes);
    let mut card = rig.card();
    let mut face = card.open::<CardFace>().unwrap();
    let right = present(&rig, &mut face);
    for (what, part) in [
        (FaceImage::Name, NAME),
        (FaceImage::Address, ADDRESS),
        (FaceImage::SecurityCode, SECURITY_CODE),
    ] {
        rig.take_log();
        let image = face.image(what, &right, &mut |_| ()).unwrap();
        assert_eq!(image.png(), rig.face().value(part));
        assert_eq!(image.png()[..4], *b"\x89PNG");
        assert_eq!((image.what(), image.binding()), (what, face.binding()));
        let range = rig.face().range(part, part);
        assert!(range.len() <= 256);
        let [high, low] = (range.start as u16).to_be_bytes();
        let read = vec![0x00, 0xB0, high, low, range.len() as u8];
        let log = rig.take_log();
        assert_eq!(commands(&log), [hex("00B08200 1A"), read]);
        assert_eq!(bytes_read(&log, 0x02)[1], range, "nothing else");
    }
}

#[test]
fn expiry_and_card_key_alone() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::Yes);
    let mut card = rig.card();
    let mut face = card.open::<CardFace>().unwrap();
    let right = present(&rig, &mut face);
    rig.take_log();
    let expiry = face.expiry_hint(&right).unwrap();
    assert_eq!(
        expiry.strftime("%Y%m%d").to_string(),
        rig.persona.card_expiry
    );
    assert_eq!(rig.take_log().len(), 2);
    let record = face.card_key_record(&right).unwrap();
    assert_eq!(record.birth_date().as_str(), rig.persona.birthdate);
    assert!(Sex::of(rig.persona.sex.as_bytes()[0]) == Some(record.sex()));
    rig.assert_sent(&["00B08200 000137"]);
}

#[test]
fn the_whole_face_in_one_and_verified() {
    for (says, extended) in [(ExtendedLength::Yes, true), (ExtendedLength::No, false)] {
        let rig = Rig::new(CardOptions::default(), says);
        let mut card = rig.card();
        let mut face = card.open::<CardFace>().unwrap();
        let certificate = face.issuer_certificate(&mut |_| ()).unwrap();
        let right = present(&rig, &mut face);
        rig.take_log();
        let mut seen = Vec::new();
        let read = face
            .face(&right, &mut |p| seen.push((p.read, p.total)))
            .unwrap();
        let len = rig.face().bytes.len();
        let exchanges = if extended { 1 } else { len.div_ceil(256) };
        assert_eq!(rig.take_log().len(), exchanges);
        assert_eq!(seen.last(), Some(&(len, len)));
        let roots = CvRoots::simulation();
        let issuer = roots.validate(&certificate, Realms::simulation()).unwrap();
        let shown = format!("{read:?}");
        let whole = IssuedFace::verify(read, &issuer).unwrap();
        assert_eq!(whole.jpeg2000(), rig.face().value(PHOTO));
        assert_eq!(whole.name_png(), rig.face().value(NAME));
        assert_eq!(whole.address_png(), rig.face().value(ADDRESS));
        assert_eq!(whole.birth_date().as_str(), rig.persona.birthdate);
        let unsigned = whole.unsigned();
        assert_eq!(unsigned.expiry(), rig.persona.card_expiry.as_bytes());
        assert_eq!(
            unsigned.security_code_png(),
            rig.face().value(SECURITY_CODE)
        );
        let shown = format!("{shown} {whole:?} {unsigned:?}");
        assert!(!shown.contains(rig.persona.birthdate) && !shown.contains("137, 80"));
    }
}

#[test]
fn the_age_record_by_the_birth_date_alone() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::Yes);
    let mut card = rig.card();
    let mut face = card.open::<CardFace>().unwrap();
    let certificate = face.issuer_certificate(&mut |_| ()).unwrap();
    let six = &rig.persona.reference_number_b[..6];
    let tries = face.tries_left(SecretKind::BirthDate).unwrap();
    let key = BirthDateKey::parse(six).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let right = face.verify_birth_date(key, budget).unwrap();
    let read = face.age_record(&right, &mut |_| ()).unwrap();
    let digits: String = six.bytes().map(|b| format!("{b:02X}")).collect();
    rig.assert_sent(&[
        FACE,
        CERTIFICATE,
        "00200091",
        &format!("00200091 06 {digits}"),
        "00B08100 000000",
    ]);
    let roots = CvRoots::simulation();
    let issuer = roots.validate(&certificate, Realms::simulation()).unwrap();
    let age = AgeRecord::verify(read, &issuer).unwrap();
    assert_eq!(age.birth_date().as_str(), rig.persona.birthdate);
}

#[cfg(feature = "my-number")]
#[test]
fn the_number_alone_opens_its_picture() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::Yes);
    let mut card = rig.card();
    let mut face = card.open::<CardFace>().unwrap();
    let certificate = face.issuer_certificate(&mut |_| ()).unwrap();
    let tries = face.tries_left(SecretKind::ReferenceNumberA).unwrap();
    let number = ReferenceNumberA::parse(rig.persona.my_number).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let right = face.verify_reference_number_a(number, budget).unwrap();
    let read = face.my_number_image(&right, &mut |_| ()).unwrap();
    let digits = rig.persona.my_number.bytes();
    let digits: String = digits.map(|b| format!("{b:02X}")).collect();
    rig.assert_sent(&[
        FACE,
        CERTIFICATE,
        "00200093",
        &format!("00200093 0C {digits}"),
        "00B08500 000000",
    ]);
    let roots = CvRoots::simulation();
    let issuer = roots.validate(&certificate, Realms::simulation()).unwrap();
    let image = IssuedMyNumberImage::verify(read, &issuer).unwrap();
    assert_eq!(image.png()[..4], *b"\x89PNG");
    assert!(!format!("{image:?}").contains("137, 80"));
}

/// By the PIN and by 照合番号B, with filler before and behind the file.
#[test]
fn name_and_address_as_text_are_proved_issued() {
    for (prefix, by_pin) in [(0, true), (2, true), (2, false)] {
        let options = CardOptions {
            prefix,
            ..CardOptions::default()
        };
        let rig = Rig::new(options, ExtendedLength::Yes);
        let mut card = rig.card();
        let mut input = card.open::<InputSupport>().unwrap();
        let certificate = input.issuer_certificate(&mut |_| ()).unwrap();
        let read = if by_pin {
            let tries = input.tries_left(SecretKind::InputPin).unwrap();
            let pin = InputPin::parse("5678").unwrap();
            let budget = tries.budget(LastTry::Refuse).unwrap();
            let right = input.verify_input_pin(pin, budget).unwrap();
            input.signed_attributes(&right, &mut |_| ()).unwrap()
        } else {
            let tries = input.tries_left(SecretKind::ReferenceNumberB).unwrap();
            let number = ReferenceNumberB::parse(rig.persona.reference_number_b).unwrap();
            let budget = tries.budget(LastTry::Refuse).unwrap();
            let right = input.verify_reference_number_b(number, budget).unwrap();
            input.signed_attributes(&right, &mut |_| ()).unwrap()
        };
        let roots = CvRoots::simulation();
        let issuer = roots.validate(&certificate, Realms::simulation()).unwrap();
        assert_eq!(issuer.application(), SignedApplication::InputSupport);
        let shown = format!("{read:?}");
        let issued = IssuedAttributes::verify(read, &issuer).unwrap();
        assert_eq!(issued.name(), rig.persona.holder_name);
        assert_eq!(issued.address(), rig.persona.address);
        assert_eq!(issued.birth_date().as_str(), rig.persona.birthdate);
        let shown = format!("{shown} {issued:?}");
        assert!(!shown.contains(rig.persona.holder_name) && !shown.contains(rig.persona.birthdate));
    }
}

/// Each application has its own key, and neither is good for the other.
#[test]
fn a_key_of_the_other_application_proves_nothing() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::Yes);
    let mut card = rig.card();
    let certificate = |issuer: IssuerCertificate| {
        CvRoots::simulation()
            .validate(&issuer, Realms::simulation())
            .unwrap()
    };
    let mut input = card.open::<InputSupport>().unwrap();
    let input_key = certificate(input.issuer_certificate(&mut |_| ()).unwrap());
    drop(input);
    let mut face = card.open::<CardFace>().unwrap();
    let right = present(&rig, &mut face);
    let photo = face.signed_photo(&right, &mut |_| ()).unwrap();
    assert_eq!(photo.binding(), input_key.binding(), "one session");
    let found = SignedApplication::InputSupport;
    assert_eq!(
        IssuedPhoto::verify(photo, &input_key).map(drop),
        Err(CvError::OtherApplication { found })
    );
}

#[test]
fn the_free_file() {
    for (says, sent) in [(ExtendedLength::Yes, 2), (ExtendedLength::No, 3)] {
        let rig = Rig::new(CardOptions::default(), says);
        let mut card = rig.card();
        let mut face = card.open::<CardFace>().unwrap();
        let information = face.basic_information(&mut |_| ()).unwrap();
        assert_eq!(information.versions(), [0x06, 0x03, 0x0E, 0x01]);
        assert_eq!(information.municipality().len(), 5);
        assert!(!format!("{information:?}").contains(information.municipality()));
        face.close().unwrap();
        assert_eq!(rig.take_log().len(), sent, "nothing to leave");
    }
}

#[test]
fn a_right_of_another_session_sends_nothing() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::Yes);
    let mut card = rig.card();
    let mut face = card.open::<CardFace>().unwrap();
    let old = present(&rig, &mut face);
    drop(face);
    // The dirty card is powered off, which begins another session.
    let mut face = card.open::<CardFace>().unwrap();
    rig.take_log();
    let none = &mut |_| ();
    for error in [
        face.signed_photo(&old, none).map(drop),
        face.signed_photo_with_key(&old, none).map(drop),
        face.card_key_record(&old).map(drop),
        face.photo(&old, none).map(drop),
        face.image(FaceImage::Name, &old, none).map(drop),
        face.expiry_hint(&old).map(drop),
        face.face(&old, none).map(drop),
    ] {
        assert!(matches!(error, Err(CardError::NotVerified { .. })));
    }
    assert!(rig.take_log().is_empty());
}

#[test]
fn progress_counts_bytes_up_to_the_photo_and_its_signature() {
    let rig = Rig::new(CardOptions::default(), ExtendedLength::No);
    let mut card = rig.card();
    let mut face = card.open::<CardFace>().unwrap();
    let right = present(&rig, &mut face);
    let mut seen = Vec::new();
    let read = face.signed_photo_with_key(&right, &mut |p| seen.push((p.read, p.total)));
    assert!(read.is_ok());
    let total = rig.face().range(PHOTO, SIGNATURE).len();
    assert_eq!(seen[0], (0, 0));
    assert_eq!(seen[1], (0, total));
    assert_eq!(seen.last(), Some(&(total, total)));
    assert!(seen.is_sorted());
}
