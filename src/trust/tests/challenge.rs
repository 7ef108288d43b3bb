//! Challenges and what they bind.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::trust::*;
use crate::{
    Binding, CardSession, Realm, Realms, VisitId,
    card::{CardCertificate, CardSignature},
    simulation::{CertificateSpec, Generation, VirtualPki},
};

const NOW: &str = "2026-06-01T00:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn binding() -> Binding {
    Binding {
        visit: VisitId::begin(),
        session: CardSession::begin(),
    }
}

fn leaf() -> Vec<u8> {
    VirtualPki::new().authentication_certificate(&CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: at("2024-05-01T01:02:03Z"),
        not_after: at("2029-04-01T14:59:59Z"),
        generation: Generation::Third,
        defect: None,
    })
}

pub(super) fn chain(binding: Binding) -> ChainValidated {
    Roots::simulation()
        .validate_authentication(
            &CardCertificate::for_test(leaf(), binding),
            Realms::simulation(),
            at(NOW),
            GraceRule::None,
        )
        .unwrap()
}

pub(super) fn challenge(visit: VisitId) -> Challenge {
    let terminal = TerminalId::new("reception-1").unwrap();
    let life = SignedDuration::from_secs(60);
    Challenge::generate(visit, &terminal, Purpose::CheckIn, at(NOW), life).unwrap()
}

/// What the card does: DigestInfo, padding, private key.
pub(super) fn sign(sign_key: bool, challenge: &Challenge) -> Vec<u8> {
    let info = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    let digest = challenge.signature_input().digest_for_test();
    VirtualPki::new()
        .raw_sign(sign_key, &[&info[..], &digest].concat())
        .unwrap()
}

pub(super) fn later(seconds: i64) -> Timestamp {
    at(NOW) + SignedDuration::from_secs(seconds)
}

#[test]
fn a_signed_challenge_is_accepted_and_checked_again_by_a_centre() {
    let own = binding();
    let chain = chain(own);
    assert_eq!(chain.binding(), own);
    assert_eq!(chain.realm(), Realm::Simulation);
    assert_eq!(chain.revocation(), Revocation::Pending);
    assert_eq!(chain.standing(), Standing::InForce);
    assert_eq!(chain.certificate(), leaf());
    let challenge = challenge(own.visit());
    let signature = CardSignature::for_test(sign(false, &challenge), own);
    let signed = challenge.verify(&chain, signature, later(60)).unwrap();
    assert_eq!(signed.binding(), own);
    assert_eq!(signed.digest(), chain.digest());

    let mut sent = signed.signed();
    assert_eq!(sent.verify(&leaf()), Ok(()));
    let Some(SignedFields::Own {
        terminal, second, ..
    }) = sent.fields()
    else {
        panic!("not our own");
    };
    assert_eq!((terminal, second), ("reception-1", at(NOW).as_second()));

    assert_eq!(sent.verify(b"?"), Err(ChallengeError::NoKey));
    assert_eq!(
        sent.verify(VirtualPki::new().root(Generation::Third)),
        Err(ChallengeError::BadSignature)
    );
    *sent.message.last_mut().unwrap() ^= 1;
    assert_eq!(sent.verify(&leaf()), Err(ChallengeError::BadSignature));
    sent.message.pop();
    assert_eq!(sent.verify(&leaf()), Err(ChallengeError::NotAChallenge));
}

#[test]
fn proofs_of_other_visits_and_sessions_are_refused() {
    let own = binding();
    let other_visit = Binding {
        visit: VisitId::begin(),
        ..own
    };
    let other_session = Binding {
        session: CardSession::begin(),
        ..own
    };
    let all = [own, other_visit, other_session, binding()];
    for chain_of in all {
        let chain = chain(chain_of);
        for challenge_of in all {
            for signature_of in all {
                let challenge = challenge(challenge_of.visit());
                let signature = CardSignature::for_test(sign(false, &challenge), signature_of);
                let result = challenge.verify(&chain, signature, later(1));
                let fits = chain_of == signature_of && chain_of.visit() == challenge_of.visit();
                assert_eq!(result.is_ok(), fits);
                if !fits {
                    assert_eq!(result.unwrap_err(), ChallengeError::OtherVisit);
                }
            }
        }
    }
}

#[test]
fn only_this_key_over_this_challenge_in_time() {
    let own = binding();
    let chain = chain(own);
    let verify = |bytes: Vec<u8>, challenge: Challenge, now| {
        challenge
            .verify(&chain, CardSignature::for_test(bytes, own), now)
            .map(drop)
    };
    let bad = Err(ChallengeError::BadSignature);
    let (first, second) = (challenge(own.visit()), challenge(own.visit()));
    assert_ne!(first.signature_input(), second.signature_input());
    assert_eq!(verify(sign(false, &first), second, later(0)), bad);
    assert_eq!(verify(sign(true, &first), first, later(0)), bad);
    for len in [0, 1, 255] {
        let challenge = challenge(own.visit());
        let mut bytes = sign(false, &challenge);
        bytes.truncate(len);
        assert_eq!(verify(bytes, challenge, later(0)), bad);
    }
    let late = challenge(own.visit());
    let now = late.expires() + SignedDuration::from_nanos(1);
    let expired = ChallengeError::Expired {
        expired: later(60),
        now,
    };
    assert_eq!(verify(sign(false, &late), late, now), Err(expired));
    // The digest alone, without the DigestInfo, isn't the signature that was asked for.
    let bare = challenge(own.visit());
    let bytes = VirtualPki::new().raw_sign(false, &bare.signature_input().digest_for_test());
    assert_eq!(verify(bytes.unwrap(), bare, later(0)), bad);
}

#[test]
fn no_flipped_bit_of_a_signature_is_accepted() {
    let own = binding();
    let signed = {
        let challenge = challenge(own.visit());
        let signature = CardSignature::for_test(sign(false, &challenge), own);
        challenge.verify(&chain(own), signature, later(1)).unwrap()
    };
    let (good, der) = (signed.signed(), leaf());
    for bit in 0..good.signature.len() * 8 {
        let mut sent = good.clone();
        sent.signature[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(sent.verify(&der), Err(ChallengeError::BadSignature));
    }
    for bit in 0..good.message.len() * 8 {
        let mut sent = good.clone();
        sent.message[bit / 8] ^= 1 << (bit % 8);
        assert!(sent.verify(&der).is_err());
    }
}

#[test]
fn a_centres_bytes_are_never_signed_as_they_are() {
    let own = binding();
    let make = |bytes: &[u8]| {
        Challenge::from_centre_bytes(own.visit(), bytes, at(NOW), SignedDuration::from_secs(60))
    };
    for len in [0, 15, 1025] {
        let error = make(&vec![7; len]).unwrap_err();
        assert_eq!(
            error,
            ChallengeError::CentreBytes {
                len,
                min: 16,
                max: 1024
            }
        );
    }
    for len in [16, 32, 1024] {
        let bytes = vec![7; len];
        let challenge = make(&bytes).unwrap();
        assert_ne!(
            challenge.signature_input().digest_for_test()[..],
            certificate::sha256(&bytes)[..]
        );
        let signature = CardSignature::for_test(sign(false, &challenge), own);
        let signed = challenge.verify(&chain(own), signature, later(1)).unwrap();
        assert_eq!(
            signed.signed().fields(),
            Some(SignedFields::Centre { bytes: &bytes })
        );
    }
}

#[test]
fn no_bytes_of_a_centre_make_one_of_our_own_messages() {
    let random = [9; 32];
    let own = message::own("reception-1", Purpose::CheckIn, 1, &random);
    let mut posing = message::centre(&own);
    assert!(matches!(
        message::read(&posing),
        Some(SignedFields::Centre { .. })
    ));
    assert!(matches!(
        message::read(&own),
        Some(SignedFields::Own { .. })
    ));
    posing.push(0);
    assert_eq!(message::read(&posing), None);
}

#[test]
fn debug_of_proofs_shows_no_certificate_and_no_signature() {
    let own = binding();
    let chain = chain(own);
    let challenge = challenge(own.visit());
    let signature = CardSignature::for_test(sign(false, &challenge), own);
    let before = format!("{challenge:?}");
    let signed = challenge.verify(&chain, signature, later(1)).unwrap();
    let shown = format!("{before} {chain:?} {signed:?} {:?}", signed.signed());
    // Byte lists are the only way in which Debug could show them.
    assert!(!shown.contains('['), "{shown}");
    assert!(shown.len() < 700, "{shown}");
}

#[test]
fn terminals_are_short_printable_ascii() {
    assert!(TerminalId::new(&"x".repeat(64)).is_ok());
    assert_eq!(" ~".parse::<TerminalId>().unwrap().to_string(), " ~");
    for (bad, error) in [
        ("", TerminalIdError::Length { len: 0 }),
        (&*"x".repeat(65), TerminalIdError::Length { len: 65 }),
        ("a\n", TerminalIdError::Character { position: 1 }),
        ("\u{7f}", TerminalIdError::Character { position: 0 }),
        ("受付", TerminalIdError::Character { position: 0 }),
    ] {
        assert_eq!(TerminalId::new(bad), Err(error), "{bad:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn messages_come_back(terminal in "[ -~]{1,64}", second: i64, random: [u8; 32]) {
        let message = message::own(&terminal, Purpose::CheckIn, second, &random);
        let expected = SignedFields::Own {
            terminal: &terminal, purpose: Purpose::CheckIn, second, random: &random,
        };
        prop_assert_eq!(message::read(&message), Some(expected));
        for len in 0..message.len() {
            prop_assert_eq!(message::read(&message[..len]), None);
        }
    }

    #[test]
    fn arbitrary_bytes_are_no_message(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(message::read(&bytes), None);
        let labelled = [&b"uketsuke/1 challenge\0"[..], &bytes].concat();
        prop_assert_eq!(message::read(&labelled), None);
    }
}
