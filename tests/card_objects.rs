//! What the card says outside its applications, and the serial record.

mod card_support;

use card_support::{App, COMMON, Chip, Fault, ISD, JPKI, PIN, Shared, budget, card, hex, pin};
use uketsuke::card::{CardError, Common, DataObject, Jpki};
use uketsuke::transport::{ExtendedLength, Reset, TransportErrorKind};

fn chip() -> Chip {
    let mut chip = Chip::new();
    chip.objects.insert(0x00F2, b"20310409".to_vec());
    chip.objects.insert(0x7F21, vec![0x5A; 575]);
    chip
}

#[track_caller]
fn assert_sent(chip: &Shared, expected: &[&str]) {
    let expected: Vec<Vec<u8>> = expected.iter().map(|text| hex(text)).collect();
    assert_eq!(chip.take_log(), expected);
}

#[test]
fn one_exchange_on_a_fresh_card() {
    let (chip, mut card) = card(chip());
    let read = card.data_object(DataObject::Expiry).unwrap();
    assert_eq!(read.bytes(), b"20310409");
    assert_eq!(read.date(), Some(jiff::civil::date(2031, 4, 9)));
    assert_eq!(read.object(), DataObject::Expiry);
    assert_eq!(read.binding(), card.binding());
    assert_eq!(format!("{read:?}"), "CardData(Expiry, 8 bytes)");
    assert_sent(&chip, &["00CA00F2 00"]);
    let long = card.data_object(DataObject::Certificate7F21).unwrap();
    assert_eq!(long.bytes(), [0x5A; 575]);
    assert_eq!(long.date(), None);
    assert_sent(&chip, &["00CA7F21 000000"]);
    assert_eq!(chip.with(|chip| chip.bursts), 0);
}

#[test]
fn each_object_by_its_tag() {
    let (chip, mut card) = card(Chip {
        says: ExtendedLength::No,
        ..chip()
    });
    for object in DataObject::ALL {
        let read = card.data_object(object).map(|read| read.bytes().len());
        match object {
            DataObject::Expiry => assert_eq!(read, Ok(8)),
            // Longer than a short answer.
            DataObject::Certificate7F21 => assert!(read.is_err()),
            _ => assert!(matches!(read, Err(CardError::Refused { .. }))),
        }
        let [high, low] = object.tag().to_be_bytes();
        assert_eq!(chip.take_log(), [vec![0x00, 0xCA, high, low, 0x00]]);
    }
}

#[test]
fn an_application_is_left_first() {
    let (chip, mut card) = card(chip());
    drop(card.open::<Jpki>().unwrap());
    let before = card.binding();
    assert!(card.data_object(DataObject::Expiry).is_ok());
    assert_sent(&chip, &[JPKI, ISD, "00CA00F2 00"]);
    assert_eq!(card.binding(), before);
    // It was left: not again.
    assert!(card.data_object(DataObject::Expiry).is_ok());
    assert_sent(&chip, &["00CA00F2 00"]);
    // A closed one that was never dirty is still selected.
    card.open::<Jpki>().unwrap().close().unwrap();
    assert!(card.data_object(DataObject::Expiry).is_ok());
    assert_sent(&chip, &[JPKI, ISD, "00CA00F2 00"]);
}

#[test]
fn a_dirty_card_is_powered_off_first() {
    let (chip, mut card) = card(chip());
    let mut jpki = card.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    let _proof = jpki.verify_pin(pin(PIN), leave).unwrap();
    drop(jpki);
    let before = card.binding();
    chip.take_log();
    assert!(card.data_object(DataObject::Expiry).is_ok());
    assert_sent(&chip, &["00CA00F2 00"]);
    assert_ne!(card.binding(), before);
    assert_eq!(chip.with(|chip| chip.resets.clone()), [Reset::PowerOff]);
    assert!(!chip.with(|chip| chip.is_open()));
}

#[test]
fn the_first_command_may_fail_and_a_lost_card_may_be_asked_again() {
    let (chip, mut card) = card(Chip {
        first_status: Some(0x6F00),
        ..chip()
    });
    assert!(card.data_object(DataObject::Expiry).is_ok());
    assert_sent(&chip, &["00CA00F2 00", "00CA00F2 00"]);
    let lost = Fault::Before(TransportErrorKind::CardReset, false);
    chip.with(|chip| chip.faults.insert(0, lost));
    let before = card.binding();
    assert!(card.data_object(DataObject::Expiry).is_err());
    chip.with(|chip| {
        chip.faults.clear();
        chip.log.clear();
    });
    assert!(card.data_object(DataObject::Expiry).is_ok());
    assert_ne!(card.binding(), before);
}

#[test]
fn where_others_use_the_card_what_they_left_selected_is_left() {
    let (chip, mut card) = card(Chip {
        shared: true,
        ..chip()
    });
    chip.with(|chip| chip.app = Some(App::Jpki));
    assert!(card.data_object(DataObject::Expiry).is_ok());
    assert_sent(&chip, &[ISD, "00CA00F2 00"]);
    assert_eq!(chip.with(|chip| chip.bursts), 0);
}

#[test]
fn the_whole_serial_record() {
    let (chip, mut card) = card(chip());
    let mut common = card.open::<Common>().unwrap();
    let record = common.serial_record().unwrap();
    assert_eq!(record.serial(), "123456789012345");
    assert_eq!(record.municipality(), "13221");
    assert_eq!(record.expiry(), jiff::civil::date(2031, 4, 9));
    assert_eq!(record.binding(), common.binding());
    let shown = format!("{record:?}");
    assert!(
        !shown.contains("12345") && !shown.contains("13221"),
        "{shown}"
    );
    assert_sent(&chip, &[COMMON, "00B2010C 00"]);
}
