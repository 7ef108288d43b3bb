//! Evidence: what of it holds when any of it is changed.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};

use super::challenge::{binding, chain, later, sign};
use crate::eligibility::Identified;
use crate::trust::*;
use crate::{
    Binding, Realm, Realms,
    card::{CardCertificate, CardSignature},
    simulation::{CertificateSpec, Generation, VirtualPki},
};

const NOW: &str = "2026-06-01T00:00:00Z";

fn proofs(binding: Binding) -> (ChainValidated, ChallengeSigned) {
    let chain = chain(binding);
    let challenge = super::challenge::challenge(binding.visit());
    let signature = CardSignature::for_test(sign(false, &challenge), binding);
    let signed = challenge.verify(&chain, signature, later(1)).unwrap();
    (chain, signed)
}

fn claims() -> Claims {
    Claims {
        claimed_time: Some(NOW.parse().unwrap()),
        claimed_terminal: Some(TerminalId::new("reception-1").unwrap()),
        claimed_realm: Some(Realm::Simulation),
        claimed_method: Some(Identified::Pin),
    }
}

fn evidence(claims: Claims) -> Evidence {
    let (chain, signed) = proofs(binding());
    Evidence::of(&chain, &signed, claims).unwrap()
}

fn ed25519() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

fn ed25519_public() -> TerminalKey {
    TerminalKey::ed25519(ed25519().public_key().as_ref().try_into().unwrap()).unwrap()
}

fn by_terminal(evidence: Evidence) -> Evidence {
    let sign = |bytes: &[u8]| ed25519().sign(bytes).as_ref().try_into();
    evidence.signed_by_terminal(sign).unwrap()
}

/// With all claims and a terminal's signature.
static FULL: LazyLock<Vec<u8>> =
    LazyLock::new(|| by_terminal(evidence(claims())).to_bytes().to_vec());

fn verify(evidence: &Evidence, at: Timestamp) -> Result<EvidenceVerified, EvidenceError> {
    evidence.verify(
        &Roots::simulation(),
        Realms::simulation(),
        at,
        GraceRule::None,
    )
}

/// Where the lengths of the eight fields stand, and the end.
fn places(bytes: &[u8]) -> Vec<usize> {
    let mut at = evidence_bytes::LABEL.len();
    let mut places = vec![at];
    while at < bytes.len() {
        at +=
            4 + usize::try_from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())).unwrap();
        places.push(at);
    }
    places
}

#[test]
fn it_holds_for_somebody_with_roots_and_a_time() {
    let (chain, signed) = proofs(binding());
    let kept = Evidence::of(&chain, &signed, claims()).unwrap().to_bytes();
    let read = Evidence::from_bytes(&kept).unwrap();
    assert_eq!(*read.to_bytes(), *kept);
    let verified = verify(&read, later(100)).unwrap();
    assert_eq!(verified.digest(), chain.digest());
    assert_eq!(verified.at(), later(100));
    assert_eq!(verified.realm(), Realm::Simulation);
    assert_eq!(verified.standing(), Standing::InForce);
    assert_eq!(*read.claims(), claims());
    assert_eq!(read.certificate(), chain.certificate());
    assert_eq!(*read.signed(), signed.signed());
    assert!(matches!(
        read.fields(),
        Some(SignedFields::Own {
            terminal: "reception-1",
            ..
        })
    ));
    assert!(!read.has_terminal_signature());
    assert_eq!(
        read.verify_terminal(&ed25519_public()),
        Err(EvidenceError::NotSignedByTerminal)
    );
}

#[test]
fn the_verdict_of_the_chain_is_that_of_the_time_and_the_roots() {
    let evidence = evidence(Claims::default());
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let chain = |at, grace| {
        evidence
            .verify(&Roots::simulation(), Realms::simulation(), at, grace)
            .map(|verified| verified.standing())
    };
    let not_after = at("2029-04-01T14:59:59Z");
    assert_eq!(
        chain(not_after, GraceRule::None),
        Ok(Standing::Expiring { not_after })
    );
    let now = at("2029-04-01T15:00:00Z");
    assert_eq!(
        chain(now, GraceRule::None),
        Err(EvidenceError::Chain(TrustError::Lapsed { now, not_after }))
    );
    let until = at("2029-07-31T14:59:59Z");
    assert_eq!(
        chain(now, GraceRule::EligibilityOnly),
        Ok(Standing::Grace { until })
    );
    let now = at("2024-05-01T01:02:02Z");
    let not_before = at("2024-05-01T01:02:03Z");
    assert_eq!(
        chain(now, GraceRule::None),
        Err(EvidenceError::Chain(TrustError::NotYetValid {
            now,
            not_before
        }))
    );
    let under = |roots: &Roots, realms| {
        evidence
            .verify(roots, realms, later(1), GraceRule::None)
            .unwrap_err()
    };
    let unknown = EvidenceError::Chain(TrustError::UnknownIssuer);
    assert_eq!(under(&Roots::empty(), Realms::simulation()), unknown);
    assert_eq!(
        under(&Roots::jpki_authentication(), Realms::production()),
        unknown
    );
    let found = Realm::Simulation;
    assert_eq!(
        under(&Roots::simulation(), Realms::production()),
        EvidenceError::Chain(TrustError::RealmNotAccepted { found })
    );
}

#[test]
fn proofs_of_different_sessions_make_none() {
    let (own, other) = (binding(), binding());
    let ((chain, _), (_, signed)) = (proofs(own), proofs(other));
    assert_eq!(
        Evidence::of(&chain, &signed, Claims::default()).unwrap_err(),
        EvidenceError::OtherSession
    );
    // Of one session, and still about another certificate.
    let other = VirtualPki::new().authentication_certificate(&CertificateSpec {
        serial: 0x0500_0002,
        common_name: "000002SIM0000000000003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().unwrap(),
        not_after: "2029-04-01T14:59:59Z".parse().unwrap(),
        generation: Generation::Third,
        defect: None,
    });
    let chain = Roots::simulation()
        .validate_authentication(
            &CardCertificate::for_test(other, own),
            Realms::simulation(),
            later(0),
            GraceRule::None,
        )
        .unwrap();
    let (_, signed) = proofs(own);
    assert_eq!(
        Evidence::of(&chain, &signed, Claims::default()).unwrap_err(),
        EvidenceError::OtherSession
    );
}

/// One flipped bit: refused, or it lies in what is only claimed, and then the
/// terminal's signature doesn't hold.
#[test]
fn every_flipped_bit_is_refused_or_merely_claimed() {
    let good = Evidence::from_bytes(&FULL).unwrap();
    let honest = verify(&good, later(1)).unwrap();
    let places = places(&FULL);
    assert_eq!(places.len(), 9);
    assert_eq!(good.verify_terminal(&ed25519_public()), Ok(&claims()));
    let mut claimed = 0;
    for bit in 0..FULL.len() * 8 {
        let (byte, mask) = (bit / 8, 1 << (bit % 8));
        // One bit of each byte of what the card and the CA signed, every bit of the rest.
        if (places[0] + 4..places[3]).contains(&byte) && byte % 8 != bit % 8 {
            continue;
        }
        let mut bytes = FULL.clone();
        bytes[byte] ^= mask;
        let Ok(changed) = Evidence::from_bytes(&bytes) else {
            continue;
        };
        assert_eq!(*changed.to_bytes(), bytes, "one form for each content");
        assert_eq!(
            changed.verify_terminal(&ed25519_public()),
            Err(EvidenceError::BadTerminalSignature),
            "bit {bit}"
        );
        let Ok(verified) = verify(&changed, later(1)) else {
            assert!(byte < places[3], "bit {bit} of the claims decides");
            continue;
        };
        // What was proved is what was proved before.
        assert_eq!(verified, honest);
        assert_eq!(changed.certificate(), good.certificate());
        assert_eq!(changed.signed(), good.signed());
        assert!(
            byte >= places[3],
            "bit {bit} of what is proved is not looked at"
        );
        let other_claims = changed.claims() != good.claims();
        assert_eq!(other_claims, byte < places[7], "bit {bit}");
        claimed += 1;
    }
    // Of the time every bit but those beyond the calendar, of name and signature most.
    assert!(claimed > 64 * 8 + 40, "{claimed}");
}

#[test]
fn what_is_cut_or_has_more_is_refused() {
    let places = places(&FULL);
    for len in 0..FULL.len() {
        let error = Evidence::from_bytes(&FULL[..len]).unwrap_err();
        if len < places[0] {
            assert_eq!(error, EvidenceError::NotEvidence);
        } else {
            let at = places.iter().rfind(|at| **at <= len).unwrap();
            assert!(
                matches!(error, EvidenceError::Truncated { position, .. } if position == *at),
                "{len}: {error}"
            );
        }
    }
    for more in 1..40 {
        let bytes = [&FULL[..], &vec![0; more]].concat();
        let position = FULL.len();
        assert_eq!(
            Evidence::from_bytes(&bytes).unwrap_err(),
            EvidenceError::TrailingBytes { position }
        );
    }
    let long = vec![b'u'; Evidence::MAX_LEN + 1];
    assert_eq!(
        Evidence::from_bytes(&long).unwrap_err(),
        EvidenceError::TooLong {
            position: 0,
            field: "evidence",
            len: long.len(),
            max: Evidence::MAX_LEN
        }
    );
}

#[test]
fn each_field_has_its_most_and_its_form() {
    let empty = |from: usize| [0, 0, 0, 0].repeat(8 - from);
    let most = [8192, 1046, 512, 8, 64, 1, 1, 64];
    let room: usize = most.iter().map(|max| 4 + max).sum();
    assert_eq!(Evidence::MAX_LEN, evidence_bytes::LABEL.len() + room);
    for (index, max) in most.into_iter().enumerate() {
        let with = |value: &[u8]| {
            let len = u32::try_from(value.len()).unwrap().to_be_bytes();
            let head = [evidence_bytes::LABEL, &empty(8 - index)[..]].concat();
            Evidence::from_bytes(&[&head[..], &len, value, &empty(index + 1)].concat())
        };
        let at = evidence_bytes::LABEL.len() + 4 * index;
        match with(&vec![b'a'; max + 1]).unwrap_err() {
            EvidenceError::TooLong {
                position,
                len,
                max: allowed,
                ..
            } => {
                assert_eq!((position, len, allowed), (at, max + 1, max));
            }
            other => panic!("{other}"),
        }
        let wrong: &[&[u8]] = match index {
            3 => &[&[0], &[0; 7], &[0x7f; 8], &[0x80, 0, 0, 0, 0, 0, 0, 0]],
            4 => &[b"a\n", "受付".as_bytes(), &[0xff]],
            5 => &[&[0], &[4], &[255]],
            6 => &[&[0], &[5], &[255]],
            7 => &[&[1], &[0; 63]],
            _ => &[],
        };
        for value in wrong {
            match with(value).unwrap_err() {
                EvidenceError::Field { position, .. } => assert_eq!(position, at),
                other => panic!("{other}"),
            }
        }
        if index < 3 {
            // Nothing in it: it can be read, and proves nothing.
            let read = with(&vec![b'a'; max]).unwrap();
            assert!(matches!(
                verify(&read, later(1)),
                Err(EvidenceError::Challenge(_))
            ));
        }
    }
    // A length of four gigabytes costs nothing.
    let bytes = [evidence_bytes::LABEL, &[0xff; 4]].concat();
    assert!(matches!(
        Evidence::from_bytes(&bytes),
        Err(EvidenceError::TooLong { position: 20, .. })
    ));
    for other in ["uketsuke/2 evidence\0", "uketsuke/1 challenge", ""] {
        let error = Evidence::from_bytes(&[other.as_bytes(), &empty(0)].concat()).unwrap_err();
        assert_eq!(error, EvidenceError::NotEvidence);
    }
}

#[test]
fn a_terminals_signature_is_for_this_evidence_and_this_key() {
    let signed = by_terminal(evidence(claims()));
    assert!(signed.has_terminal_signature());
    assert_eq!(signed.verify_terminal(&ed25519_public()), Ok(&claims()));
    let bad = Err(EvidenceError::BadTerminalSignature);
    let other = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
    let other = TerminalKey::ed25519(other.public_key().as_ref().try_into().unwrap());
    assert_eq!(signed.verify_terminal(&other.unwrap()), bad);
    // The same signature over another check-in's evidence.
    let mut other = evidence(claims());
    other.terminal_signature = signed.terminal_signature;
    assert_eq!(other.verify_terminal(&ed25519_public()), bad);
    // It says nothing about the card's part.
    let mut forged = evidence(claims());
    forged.signed.signature[0] ^= 1;
    let forged = by_terminal(forged);
    assert!(forged.verify_terminal(&ed25519_public()).is_ok());
    assert_eq!(
        verify(&forged, later(1)),
        Err(EvidenceError::Challenge(ChallengeError::BadSignature))
    );

    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap();
    let key = TerminalKey::p256(pair.public_key().as_ref().try_into().unwrap()).unwrap();
    let signed = evidence(claims())
        .signed_by_terminal(|bytes| {
            assert!(bytes.starts_with(b"uketsuke/1 evidence\0"));
            let signature = pair.sign(&random, bytes).map_err(|_| "refused")?;
            signature.as_ref().try_into().map_err(|_| "other length")
        })
        .unwrap();
    assert_eq!(signed.verify_terminal(&key), Ok(&claims()));
    assert_eq!(signed.verify_terminal(&ed25519_public()), bad);
    assert_eq!(by_terminal(evidence(claims())).verify_terminal(&key), bad);
    let refused = evidence(claims()).signed_by_terminal(|_| Err("no key"));
    assert_eq!(refused.unwrap_err(), "no key");
}

#[test]
fn a_challenge_for_something_else_is_no_evidence_of_a_check_in() {
    let mut changed = evidence(Claims::default());
    let own = message::own("reception-1", Purpose::LivePhoto, 1, &[1; 32]);
    changed.signed.message = own;
    let challenge = |evidence: &Evidence| match verify(evidence, later(1)) {
        Err(EvidenceError::Challenge(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(challenge(&changed), ChallengeError::OtherPurpose);
    changed.signed.message = b"anything else".to_vec();
    assert_eq!(challenge(&changed), ChallengeError::NotAChallenge);
}

#[test]
fn debug_shows_lengths_only() {
    let evidence = Evidence::from_bytes(&FULL).unwrap();
    let verified = verify(&evidence, later(1)).unwrap();
    let shown = format!("{evidence:?} {verified:?} {:?}", ed25519_public());
    assert!(!shown.contains('['), "{shown}");
    assert!(shown.len() < 600, "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Claims come back as they were, in whole seconds, and prove nothing.
    #[test]
    fn claims_come_back(
        time in prop::option::of((-377_705_023_200i64..253_402_207_200, 0..1_000_000_000i32)),
        terminal in prop::option::of("[ -~]{1,64}"),
        realm in prop::option::of(prop::sample::select(vec![Realm::Production, Realm::JpkiTest, Realm::Simulation])),
        method in prop::option::of(prop::sample::select(vec![Identified::Pin, Identified::Face, Identified::Staff, Identified::Device])),
        signed: bool,
    ) {
        let mut evidence = Evidence::from_bytes(&FULL).unwrap();
        evidence.terminal_signature = None;
        evidence.claims = Claims {
            claimed_time: time.map(|(second, nano)| Timestamp::new(second, nano).unwrap()),
            claimed_terminal: terminal.map(|name| TerminalId::new(&name).unwrap()),
            claimed_realm: realm,
            claimed_method: method,
        };
        if signed {
            evidence = by_terminal(evidence);
        }
        let bytes = evidence.to_bytes();
        prop_assert!(bytes.len() <= Evidence::MAX_LEN);
        let read = Evidence::from_bytes(&bytes).unwrap();
        prop_assert_eq!(read.to_bytes(), bytes);
        let mut claims = evidence.claims().clone();
        claims.claimed_time = claims.claimed_time.map(|time| Timestamp::from_second(time.as_second()).unwrap());
        prop_assert_eq!(read.claims(), &claims);
        prop_assert_eq!(read.verify_terminal(&ed25519_public()).is_ok(), signed);
        let honest = verify(&Evidence::from_bytes(&FULL).unwrap(), later(1));
        prop_assert_eq!(verify(&read, later(1)), honest);
    }

    /// Whatever the bytes behind the label, they are refused or the one form of what they say.
    #[test]
    fn arbitrary_bytes_are_refused_or_canonical(
        fields in prop::collection::vec((0usize..70, any::<u8>(), any::<bool>()), 8),
        tail in prop::collection::vec(any::<u8>(), 0..3),
    ) {
        let mut bytes = evidence_bytes::LABEL.to_vec();
        for (len, byte, empty) in fields {
            let value = vec![byte % 5; if empty { 0 } else { len }];
            bytes.extend_from_slice(&u32::try_from(value.len()).unwrap().to_be_bytes());
            bytes.extend_from_slice(&value);
        }
        bytes.extend_from_slice(&tail);
        if let Ok(read) = Evidence::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes().to_vec(), bytes);
            prop_assert!(verify(&read, later(1)).is_err());
        }
    }
}

/// Time goes in with parts of a second and comes out without.
#[test]
fn parts_of_a_second_are_cut() {
    let mut with_parts = Claims::default();
    let now: Timestamp = NOW.parse().unwrap();
    with_parts.claimed_time = Some(now + SignedDuration::from_millis(999));
    assert_eq!(evidence(with_parts).claims().claimed_time, Some(now));
}
