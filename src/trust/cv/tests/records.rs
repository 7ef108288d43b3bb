//! Age record and basic four attributes.

use super::*;
use crate::card::{SignedAge, SignedAttributes};

fn age(record: &[u8], signature: &[u8]) -> Vec<u8> {
    long(0xFF10, &[record, &long(0xDF13, signature)].concat())
}

fn age_record() -> Vec<u8> {
    [short(0xDF11, b"19800217"), long(0xDF12, &chip().public())].concat()
}

fn verify_age(bytes: Vec<u8>) -> Option<AgeRecord> {
    let own = session();
    let read = SignedAge::parse(Zeroizing::new(bytes), own).ok()?;
    AgeRecord::verify(read, &face_key(own)).ok()
}

#[test]
fn an_age_record_verifies_and_no_flipped_bit_does() {
    let record = age_record();
    let mut bytes = age(&record, &municipality().sign_sha256(&record));
    assert_eq!(bytes.len(), 547, "as reported");
    let found = verify_age(bytes.clone()).unwrap();
    assert_eq!(found.birth_date().as_str(), "19800217");
    assert_eq!(found.realm(), Realm::Simulation);
    assert!(!format!("{found:?}").contains("1980"));
    for position in 0..bytes.len() {
        for bit in 0..8 {
            bytes[position] ^= 1 << bit;
            let found = verify_age(bytes.clone());
            assert!(found.is_none(), "byte {position} bit {bit}");
            bytes[position] ^= 1 << bit;
        }
    }
}

#[test]
fn a_signed_key_of_another_form_is_refused() {
    let mut key = chip().public();
    key[4] = 3;
    let record = [short(0xDF11, b"19800217"), long(0xDF12, &key)].concat();
    let signature = municipality().sign_sha256(&record);
    assert!(verify_age(age(&record, &signature)).is_none());
}

#[test]
fn one_kind_of_signature_is_not_another() {
    // The face's form over the age record, and the other way round.
    let record = age_record();
    let digest = sha256(&record);
    let info = [&FACE_INFO[..], &digest, &digest, &digest].concat();
    assert!(verify_age(age(&record, &municipality().sign(&info))).is_none());
    assert!(verify_age(age(&record, &chip().sign_sha256(&record))).is_none());

    let own = session();
    let signed = municipality().sign_sha256(&record);
    let read = || SignedAge::parse(Zeroizing::new(age(&record, &signed)), own).unwrap();
    assert_eq!(
        AgeRecord::verify(read(), &input_key(own)).map(drop),
        Err(CvError::OtherApplication { found: INPUT })
    );
    assert_eq!(
        AgeRecord::verify(read(), &face_key(session())).map(drop),
        Err(CvError::OtherSession)
    );
}

fn four() -> Vec<u8> {
    [
        long(0xDF22, "番号　花子".as_bytes()),
        long(0xDF23, "東京都千代田区霞が関１丁目".as_bytes()),
        short(0xDF24, b"19800217"),
        short(0xDF25, b"2"),
    ]
    .concat()
}

fn attributes(table: &[u8], four: &[u8]) -> Vec<u8> {
    long(0xFF20, &[&short(0xDF21, table), four].concat())
}

fn integrity(my_number: [u8; 32], four: &[u8]) -> Vec<u8> {
    let digests = [short(0xDF31, &my_number), short(0xDF32, &sha256(four))].concat();
    let signature = municipality().sign_sha256(&digests);
    long(0xFF30, &[digests, long(0xDF33, &signature)].concat())
}

fn verify_four(
    attributes: Vec<u8>,
    integrity: Vec<u8>,
) -> Result<IssuedAttributes, Option<CvError>> {
    let own = session();
    let (attributes, integrity) = (Zeroizing::new(attributes), Zeroizing::new(integrity));
    let read = SignedAttributes::parse(attributes, integrity, own).map_err(|_| None)?;
    IssuedAttributes::verify(read, &input_key(own)).map_err(Some)
}

#[test]
fn attributes_verify_without_their_offset_table() {
    let record = integrity([3; 32], &four());
    let found = verify_four(attributes(&[0; 8], &four()), record.clone()).unwrap();
    assert_eq!(found.name(), "番号　花子");
    assert_eq!(found.address(), "東京都千代田区霞が関１丁目");
    assert_eq!(found.birth_date().as_str(), "19800217");
    let shown = format!("{found:?}");
    assert!(
        !shown.contains("花子") && !shown.contains("1980"),
        "{shown}"
    );
    // The table isn't covered by the digest.
    assert!(verify_four(attributes(&[9; 8], &four()), record.clone()).is_ok());
    let mut other = four();
    let last = other.len() - 1;
    other[last] = b'1';
    assert_eq!(
        verify_four(attributes(&[0; 8], &other), record).unwrap_err(),
        Some(CvError::NotCovered { what: "attributes" })
    );
}

#[test]
fn attributes_are_under_the_key_of_their_application_and_session() {
    let own = session();
    let read = || {
        let attributes = Zeroizing::new(attributes(&[0; 8], &four()));
        let record = Zeroizing::new(integrity([3; 32], &four()));
        SignedAttributes::parse(attributes, record, own).unwrap()
    };
    let check = |key: IssuerKey| IssuedAttributes::verify(read(), &key).map(drop);
    assert_eq!(check(input_key(own)), Ok(()));
    assert_eq!(
        check(face_key(own)),
        Err(CvError::OtherApplication { found: FACE })
    );
    for other in [session(), other_session(own)] {
        assert_eq!(check(input_key(other)), Err(CvError::OtherSession));
    }
}

#[test]
fn elements_of_a_later_card_are_covered_too() {
    let more = [four(), long(0xDF26, "バンゴウ　ハナコ".as_bytes())].concat();
    let record = integrity([3; 32], &more);
    let found = verify_four(attributes(&[0; 10], &more), record.clone()).unwrap();
    assert_eq!(found.name(), "番号　花子");
    let mut other = more.clone();
    let last = other.len() - 1;
    other[last] ^= 1;
    for changed in [four(), other] {
        assert_eq!(
            verify_four(attributes(&[0; 10], &changed), record.clone()).unwrap_err(),
            Some(CvError::NotCovered { what: "attributes" })
        );
    }
}

#[test]
fn no_flipped_bit_of_attributes_or_record_verifies() {
    let (mut file, mut record) = (attributes(&[0; 8], &four()), integrity([3; 32], &four()));
    let table = 8..16;
    for position in (0..file.len()).filter(|position| !table.contains(position)) {
        for bit in 0..8 {
            file[position] ^= 1 << bit;
            let found = verify_four(file.clone(), record.clone());
            assert!(found.is_err(), "byte {position} bit {bit}");
            file[position] ^= 1 << bit;
        }
    }
    for position in 0..record.len() {
        for bit in 0..8 {
            record[position] ^= 1 << bit;
            let found = verify_four(file.clone(), record.clone());
            assert!(found.is_err(), "record, byte {position} bit {bit}");
            record[position] ^= 1 << bit;
        }
    }
    assert!(verify_four(file, record).is_ok());
}
