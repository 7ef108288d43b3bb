//! The photo of this very chip.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::card::{CardSignature, Sex};
use crate::trust::{Challenge, ChallengeError, Purpose, SignedChallenge, TerminalId};

const LIFE: i64 = 60;

pub(super) fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn challenge(visit: VisitId, purpose: Purpose) -> Challenge {
    let terminal = TerminalId::new("reception-1").unwrap();
    let life = SignedDuration::from_secs(LIFE);
    Challenge::generate(visit, &terminal, purpose, now(), life).unwrap()
}

pub(super) fn live(visit: VisitId) -> Challenge {
    challenge(visit, Purpose::LivePhoto)
}

/// What the chip does.
pub(super) fn answered(challenge: &Challenge, key: &Key, binding: Binding) -> CardSignature {
    let info = [&INFO[..], &challenge.signature_input().digest_for_test()].concat();
    CardSignature::for_test(key.sign(&info), binding)
}

fn issued(face: &Face, binding: Binding) -> IssuedPhoto {
    IssuedPhoto::verify(face.signed_photo(binding), &face_key(binding)).unwrap()
}

#[test]
fn a_chip_that_signs_has_this_photo() {
    let (face, own) = (Face::new(), session());
    let challenge = live(own.visit());
    let signature = answered(&challenge, &chip(), own);
    let (photo, record) = (issued(&face, own), face.key_record(own));
    let live = LivePhoto::verify(photo, record, challenge, signature, later(LIFE)).unwrap();
    assert_eq!(live.jpeg2000(), &face.photo[5..]);
    assert_eq!(live.birth_date().as_str(), "19800217");
    assert!(live.sex() == Sex::Male);
    assert_eq!((live.binding(), live.realm()), (own, Realm::Simulation));
    let shown = format!("{live:?}");
    assert!(
        !shown.contains("1980") && !shown.contains("Male"),
        "{shown}"
    );
}

#[test]
fn another_cards_genuine_photo_is_refused() {
    // A copy of another card's whole face: its key can't sign here.
    let own = session();
    let face = Face::new();
    let challenge = live(own.visit());
    let signature = answered(&challenge, &municipality(), own);
    let found = LivePhoto::verify(
        issued(&face, own),
        face.key_record(own),
        challenge,
        signature,
        now(),
    );
    let error = CvError::Challenge(ChallengeError::BadSignature);
    assert_eq!(found.map(drop), Err(error));

    // Another card's photo beside this chip's record.
    let mut other = Face::new();
    other.photo = long(0xDF27, b"somebody else");
    other.record = [
        short(0xDF22, b"19990101"),
        short(0xDF23, b"2"),
        long(0xDF24, &input_root().public()),
    ]
    .concat();
    let challenge = live(own.visit());
    let signature = answered(&challenge, &chip(), own);
    let found = LivePhoto::verify(
        issued(&other, own),
        face.key_record(own),
        challenge,
        signature,
        now(),
    );
    let what = "birth date, sex and card key";
    assert_eq!(found.map(drop), Err(CvError::NotCovered { what }));
}

#[test]
fn no_flipped_bit_of_the_record_is_live() {
    let (face, own) = (Face::new(), session());
    for position in 0..face.record.len() {
        for bit in 0..8 {
            let mut record = face.record.clone();
            record[position] ^= 1 << bit;
            let Ok(record) = CardKeyRecord::parse(Zeroizing::new(record), 37, own) else {
                continue;
            };
            // What the chip signed isn't looked at before the record.
            let signature = CardSignature::for_test(vec![0; 256], own);
            let (photo, challenge) = (issued(&face, own), live(own.visit()));
            let found = LivePhoto::verify(photo, record, challenge, signature, now());
            let what = "birth date, sex and card key";
            assert_eq!(
                found.map(drop),
                Err(CvError::NotCovered { what }),
                "byte {position} bit {bit}"
            );
        }
    }
}

#[test]
fn challenges_expire_and_have_one_purpose() {
    let (face, own) = (Face::new(), session());
    let try_with = |challenge: Challenge, at: Timestamp| {
        let signature = answered(&challenge, &chip(), own);
        let (photo, record) = (issued(&face, own), face.key_record(own));
        LivePhoto::verify(photo, record, challenge, signature, at).map(drop)
    };
    assert_eq!(try_with(live(own.visit()), later(LIFE)), Ok(()));
    let (expired, now_) = (later(LIFE), later(LIFE + 1));
    assert_eq!(
        try_with(live(own.visit()), now_),
        Err(CvError::Challenge(ChallengeError::Expired {
            expired,
            now: now_
        }))
    );
    let other = Err(CvError::Challenge(ChallengeError::OtherPurpose));
    assert_eq!(
        try_with(challenge(own.visit(), Purpose::CheckIn), now()),
        other
    );
    let life = SignedDuration::from_secs(LIFE);
    let centre = Challenge::from_centre_bytes(own.visit(), &[7; 32], now(), life).unwrap();
    assert_eq!(try_with(centre, now()), other);
}

#[test]
fn everything_is_of_one_session() {
    let face = Face::new();
    let own = session();
    for (name, photo, record, signature, visit) in [
        ("photo", other_session(own), own, own, own.visit()),
        ("record", own, other_session(own), own, own.visit()),
        ("signature", own, own, other_session(own), own.visit()),
        ("challenge", own, own, own, VisitId::begin()),
    ] {
        let challenge = live(visit);
        let signature = answered(&challenge, &chip(), signature);
        let found = LivePhoto::verify(
            issued(&face, photo),
            face.key_record(record),
            challenge,
            signature,
            now(),
        );
        assert_eq!(found.map(drop), Err(CvError::OtherSession), "{name}");
    }
}

#[test]
fn a_signature_over_something_else_is_refused() {
    let (face, own) = (Face::new(), session());
    let older = answered(&live(own.visit()), &chip(), own);
    let found = LivePhoto::verify(
        issued(&face, own),
        face.key_record(own),
        live(own.visit()),
        older,
        now(),
    );
    let error = CvError::Challenge(ChallengeError::BadSignature);
    assert_eq!(found.map(drop), Err(error));
}

#[test]
fn a_key_of_another_form_is_refused() {
    let own = session();
    let mut face = Face::new();
    let mut key = chip().public();
    key[4] = 3;
    face.record = [
        short(0xDF22, b"19800217"),
        short(0xDF23, b"1"),
        long(0xDF24, &key),
    ]
    .concat();
    let challenge = live(own.visit());
    let signature = answered(&challenge, &chip(), own);
    let found = LivePhoto::verify(
        issued(&face, own),
        face.key_record(own),
        challenge,
        signature,
        now(),
    );
    assert!(matches!(found, Err(CvError::Form { position: 0, .. })));
}

#[test]
fn a_centre_takes_no_photo_challenge_for_a_check_in() {
    let visit = VisitId::begin();
    let leaf = VirtualPki::new().root(Generation::First);
    let message = |challenge: &Challenge| SignedChallenge {
        message: challenge.message().to_vec(),
        signature: vec![0; 256],
    };
    let photo = message(&live(visit));
    assert!(photo.fields().is_some());
    assert_eq!(photo.verify(leaf), Err(ChallengeError::OtherPurpose));
    let check_in = message(&challenge(visit, Purpose::CheckIn));
    assert_eq!(check_in.verify(leaf), Err(ChallengeError::BadSignature));
}
