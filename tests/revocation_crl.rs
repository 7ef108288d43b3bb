//! Lists of revoked certificates: what is accepted, what is refused and why, what is found.

mod revocation_support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use revocation_support::*;
use uketsuke::simulation::{
    CertificateSpec, CrlDefect, CrlEntry, CrlScope, CrlSpec, Generation, VirtualPki,
};
use uketsuke::trust::{
    CertificateError, CrlIndex, CrlSource, NoAnswer, RevocationAnswer, RevocationError,
    RevocationReason, RevocationSource, Revoked,
};

const THIRD: Generation = Generation::Third;

fn build(spec: &CrlSpec) -> Result<CrlIndex, RevocationError> {
    CrlIndex::build(&VirtualPki::new().crl(spec), &root(spec.generation), now())
}

fn revoking(serials: &[u32]) -> CrlSpec {
    CrlSpec::new(THIRD, now()).revoking(serials)
}

fn ask(source: &dyn RevocationSource, serial: u32) -> RevocationAnswer {
    let der = certificate(THIRD, serial);
    source.ask(&query(&der, &root(THIRD)), now())
}

fn unknown(why: NoAnswer) -> RevocationAnswer {
    RevocationAnswer::Unknown(why)
}

#[test]
fn a_list_says_who_is_revoked_since_when_and_why() {
    let mut spec = revoking(&[7, 9]);
    let at = "2026-10-01T02:03:04Z".parse().unwrap();
    spec.entries.push(CrlEntry {
        serial: SERIAL.to_be_bytes().to_vec(),
        at,
        reason: Some(4),
    });
    let index = build(&spec).unwrap();
    assert_eq!(index.len(), 3);
    assert_eq!(index.number(), Some(&[1][..]));
    assert_eq!(index.this_update(), now());
    assert_eq!(index.next_update(), after(86_400));
    let revoked = Revoked {
        at,
        reason: RevocationReason::Superseded,
    };
    assert_eq!(ask(&index, SERIAL), RevocationAnswer::Revoked(revoked));
    assert_eq!(ask(&index, SERIAL + 1), RevocationAnswer::Good);
    // Nothing of a person is shown.
    let shown = format!("{index:?}");
    assert!(
        shown.starts_with("CrlIndex { len: 3, this_update"),
        "{shown}"
    );
}

#[test]
fn every_reason_is_told() {
    for code in 0..=12 {
        let mut spec = revoking(&[SERIAL]);
        spec.entries[0].reason = Some(code);
        let reason = match code {
            0 => RevocationReason::Unspecified,
            1 => RevocationReason::KeyCompromise,
            2 => RevocationReason::CaCompromise,
            3 => RevocationReason::AffiliationChanged,
            4 => RevocationReason::Superseded,
            5 => RevocationReason::CessationOfOperation,
            6 => RevocationReason::CertificateHold,
            9 => RevocationReason::PrivilegeWithdrawn,
            10 => RevocationReason::AaCompromise,
            _ => {
                assert!(matches!(build(&spec), Err(RevocationError::Form(_))));
                continue;
            }
        };
        let found = build(&spec)
            .unwrap()
            .revoked(&SERIAL.to_be_bytes())
            .unwrap();
        assert_eq!(found.reason, reason);
    }
}

/// What each defect is refused with: variant, and element or reason in it.
fn expected(defect: CrlDefect) -> RevocationError {
    use CrlDefect as D;
    let not_allowed = |element, why| RevocationError::NotAllowed { element, why };
    let unknown = || RevocationError::UnknownCriticalExtension {
        oid: "1.3.6.1.4.1.32473.1".into(),
    };
    match defect {
        D::WrongSignature | D::OtherGenerationSigned => RevocationError::BadSignature,
        D::OtherIssuerName | D::WrongAuthorityKeyId => RevocationError::OtherIssuer,
        D::Sha1Signature => not_allowed("signatureAlgorithm", "is not that of the signer's key"),
        D::Delta | D::QuietDelta => {
            not_allowed("deltaCRLIndicator", "this list holds changes only")
        }
        D::EntryOfOtherIssuer => not_allowed("certificateIssuer", "this list is an indirect one"),
        D::UnknownCriticalExtension | D::UnknownCriticalEntryExtension => unknown(),
        _ => panic!("{defect:?} is an error of form"),
    }
}

/// The same for what is refused while reading.
fn expected_form(defect: CrlDefect) -> Option<(&'static str, Option<&'static str>)> {
    use CrlDefect as D;
    let point = "issuingDistributionPoint";
    Some(match defect {
        D::AlgorithmMismatch => (
            "signatureAlgorithm",
            Some("differs from the one inside the signed part"),
        ),
        D::OldVersion => ("version", Some("only version 2 is read")),
        // What comes instead of a time is the list.
        D::NoNextUpdate => ("nextUpdate", None),
        D::TimesReversed => ("nextUpdate", Some("is before thisUpdate")),
        D::Indirect => (point, Some("is an indirect list")),
        D::SomeReasons => (point, Some("is for some reasons only")),
        D::CaCertificatesOnly => (point, Some("is for CA certificates only")),
        D::AttributeCertificatesOnly => (point, Some("is for attribute certificates only")),
        D::WrittenDefault => (point, Some("has a flag that isn't TRUE")),
        D::RelativePoint => (
            point,
            Some("names a point relative to the issuer, which isn't read"),
        ),
        D::EmptyPoint => (point, Some("has an empty name")),
        D::DuplicateExtension => ("extensions", Some("one comes twice")),
        D::LongNumber => ("cRLNumber", Some("longer than 20 bytes")),
        D::NegativeNumber => ("cRLNumber", None),
        D::RemoveFromCrl => ("reasonCode", Some("is none of a complete list")),
        D::LongSerial => ("serialNumber", Some("longer than 20 bytes")),
        D::NoRevocationDate => ("revocationDate", None),
        D::TrailingByte => ("CertificateList", None),
        _ => return None,
    })
}

#[test]
fn every_defect_is_refused_for_itself() {
    let mut spec = revoking(&[SERIAL]);
    assert!(build(&spec).is_ok());
    for defect in CrlDefect::ALL {
        spec.defect = Some(defect);
        let found = build(&spec).unwrap_err();
        match (expected_form(defect), &found) {
            (Some((element, why)), RevocationError::Form(form)) => match *form {
                CertificateError::Der { element: e, .. } => {
                    assert_eq!((e, None), (element, why), "{defect:?}");
                }
                CertificateError::Profile {
                    element: e, why: w, ..
                } => {
                    assert_eq!((e, Some(w)), (element, why), "{defect:?}");
                }
                _ => panic!("{defect:?}: {found}"),
            },
            (None, _) => assert_eq!(found, expected(defect)),
            _ => panic!("{defect:?}: {found}"),
        }
    }
}

#[test]
fn a_list_is_used_from_its_time_to_the_next_ones() {
    let list = VirtualPki::new().crl(&revoking(&[]));
    let at = |seconds| CrlIndex::build(&list, &root(THIRD), after(seconds));
    let index = at(0).unwrap();
    let der = certificate(THIRD, SERIAL);
    let root = root(THIRD);
    let ask = |seconds| index.ask(&query(&der, &root), after(seconds));
    let this_update = now();
    let next_update = after(86_400);
    // Five minutes for a clock that is late.
    for seconds in [-300, 0, 86_400] {
        assert!(at(seconds).is_ok());
        assert_eq!(ask(seconds), RevocationAnswer::Good);
    }
    let now = after(-301);
    let early = RevocationError::NotYetValid { now, this_update };
    assert_eq!(at(-301).unwrap_err(), early);
    assert_eq!(ask(-301), unknown(NoAnswer::NotYetValid { this_update }));
    let now = after(86_401);
    let late = RevocationError::Stale { now, next_update };
    assert_eq!(at(86_401).unwrap_err(), late);
    assert_eq!(ask(86_401), unknown(NoAnswer::Stale { next_update }));
}

#[test]
fn a_list_says_nothing_of_others() {
    for (scope, answer) in [
        (CrlScope::Everyone, RevocationAnswer::Good),
        (CrlScope::Municipality, RevocationAnswer::Good),
        (CrlScope::OtherMunicipality, unknown(NoAnswer::NotCovered)),
    ] {
        let mut spec = revoking(&[]);
        spec.scope = scope;
        assert_eq!(ask(&build(&spec).unwrap(), SERIAL), answer, "{scope:?}");
    }
    // One name, but another key: another generation's certificate of that number.
    let index = build(&CrlSpec::new(Generation::Second, now()).revoking(&[SERIAL])).unwrap();
    assert_eq!(ask(&index, SERIAL), unknown(NoAnswer::NotCovered));
    let list = VirtualPki::new().crl(&revoking(&[]));
    let other = CrlIndex::build(&list, &root(Generation::Second), now()).unwrap_err();
    assert_eq!(other, RevocationError::BadSignature);
}

#[test]
fn several_lists_make_one_source() {
    let mut source = CrlSource::new();
    assert_eq!(ask(&source, SERIAL), unknown(NoAnswer::NotCovered));
    for generation in [Generation::Second, THIRD] {
        for scope in [CrlScope::OtherMunicipality, CrlScope::Municipality] {
            let mut spec = CrlSpec::new(generation, now());
            spec.scope = scope;
            // Number 2 everywhere but in the list that is asked.
            if (generation, scope) != (THIRD, CrlScope::Municipality) {
                spec = spec.revoking(&[2]);
            }
            spec = spec.revoking(&[1]);
            source.add(build(&spec).unwrap()).unwrap();
        }
    }
    assert_eq!((source.len(), source.iter().count()), (4, 4));
    assert!(matches!(ask(&source, 1), RevocationAnswer::Revoked(_)));
    assert_eq!(ask(&source, 2), RevocationAnswer::Good);

    // A list of everyone is asked too, and revoked wins.
    let mut all = revoking(&[2]);
    all.scope = CrlScope::Everyone;
    source.add(build(&all).unwrap()).unwrap();
    assert!(matches!(ask(&source, 2), RevocationAnswer::Revoked(_)));
    assert!(matches!(ask(&source, 1), RevocationAnswer::Revoked(_)));
    assert_eq!(ask(&source, 3), RevocationAnswer::Good);

    // A stale one says nothing, beside one in force.
    let der = certificate(THIRD, 3);
    let root = root(THIRD);
    let mut long = revoking(&[]);
    long.next_update = after(200_000);
    long.number = 2;
    source.add(build(&long).unwrap()).unwrap();
    assert_eq!(source.len(), 5);
    let later = after(100_000);
    assert_eq!(
        source.ask(&query(&der, &root), later),
        RevocationAnswer::Good
    );
    let next_update = after(200_000);
    let stale = source.ask(&query(&der, &root), after(200_001));
    assert_eq!(stale, unknown(NoAnswer::Stale { next_update }));
}

/// A root that ended says nothing, whenever the list says that it was made.
#[test]
fn a_root_that_ended_has_no_lists() {
    let spec = CrlSpec::new(Generation::First, now());
    let not_valid = RevocationError::RootNotValid {
        now: now(),
        not_before: "2015-10-20T03:08:13Z".parse().unwrap(),
        not_after: "2025-10-19T14:59:59Z".parse().unwrap(),
    };
    assert_eq!(build(&spec).unwrap_err(), not_valid);
}

/// Who was revoked stays so; a hold may have ended since.
#[test]
fn a_stale_list_calls_nobody_good() {
    let mut spec = revoking(&[1, 2, 3]);
    spec.entries[0].reason = Some(6);
    spec.entries[1].reason = Some(1);
    let next_update = after(86_400);
    let index = build(&spec).unwrap();
    let mut source = CrlSource::new();
    source.add(build(&spec).unwrap()).unwrap();
    let root = root(THIRD);
    let stale = unknown(NoAnswer::Stale { next_update });
    for (serial, fresh_is_revoked, late) in [
        (1, true, Some(stale)),
        (2, true, None),
        (3, true, None),
        (4, false, Some(stale)),
    ] {
        let der = certificate(THIRD, serial);
        let query = query(&der, &root);
        for source in [&index as &dyn RevocationSource, &source] {
            let fresh = source.ask(&query, next_update);
            assert_eq!(
                matches!(fresh, RevocationAnswer::Revoked(_)),
                fresh_is_revoked
            );
            let found = source.ask(&query, after(86_401));
            assert_eq!(found, late.unwrap_or(fresh), "{serial}");
            // Of a time that is to come nothing is believed.
            let early = source.ask(&query, after(-301));
            let this_update = now();
            assert_eq!(early, unknown(NoAnswer::NotYetValid { this_update }));
        }
    }
}

/// Issuers drop lapsed certificates from their lists, so that one isn't there says nothing.
#[test]
fn a_lapsed_certificate_is_not_good() {
    let index = build(&revoking(&[1])).unwrap();
    for (not_after, answer) in [
        (after(0), RevocationAnswer::Good),
        (after(-1), unknown(NoAnswer::Lapsed)),
    ] {
        for (serial, listed) in [(1, true), (2, false)] {
            let der = VirtualPki::new().authentication_certificate(&CertificateSpec {
                serial,
                common_name: "000001SIM00000000001003A".into(),
                not_before: after(-1_000),
                not_after,
                generation: THIRD,
                defect: None,
            });
            let root = root(THIRD);
            let query = query(&der, &root);
            assert_eq!(query.not_after(), not_after);
            let found = index.ask(&query, now());
            match listed {
                true => assert!(matches!(found, RevocationAnswer::Revoked(_))),
                false => assert_eq!(found, answer),
            }
        }
    }
}

/// What two sources know together: every pair, in both orders.
#[test]
fn answers_are_put_together() {
    let since = |seconds, reason| {
        RevocationAnswer::Revoked(Revoked {
            at: after(seconds),
            reason,
        })
    };
    let stale = |seconds| {
        unknown(NoAnswer::Stale {
            next_update: after(seconds),
        })
    };
    // From the least to the most that is known.
    let ordered = [
        unknown(NoAnswer::NotCovered),
        unknown(NoAnswer::Lapsed),
        unknown(NoAnswer::IssuerDoesNotKnow),
        unknown(NoAnswer::NotYetValid { this_update: now() }),
        stale(0),
        stale(1),
        RevocationAnswer::Good,
        since(2, RevocationReason::Unspecified),
        since(1, RevocationReason::Superseded),
        since(1, RevocationReason::KeyCompromise),
    ];
    for (index, one) in ordered.into_iter().enumerate() {
        for (other_index, other) in ordered.into_iter().enumerate() {
            let known = ordered[index.max(other_index)];
            assert_eq!(one.and(other), known);
        }
    }
}

/// New lists come while visits go on; after a panic among them nothing is believed.
#[test]
fn a_source_may_be_shared() {
    let shared = std::sync::RwLock::new(CrlSource::new());
    assert_eq!(ask(&shared, SERIAL), unknown(NoAnswer::NotCovered));
    let add = |spec: &CrlSpec| shared.write().unwrap().add(build(spec).unwrap());
    add(&revoking(&[])).unwrap();
    assert_eq!(ask(&shared, SERIAL), RevocationAnswer::Good);
    add(&CrlSpec {
        number: 2,
        ..revoking(&[SERIAL])
    })
    .unwrap();
    assert!(matches!(ask(&shared, SERIAL), RevocationAnswer::Revoked(_)));
    let poisoned = std::panic::catch_unwind(|| {
        let _held = shared.write().unwrap();
        panic!("in the middle of it");
    });
    assert!(poisoned.is_err());
    assert_eq!(ask(&shared, SERIAL), unknown(NoAnswer::NotCovered));
}

#[test]
fn a_source_never_goes_back() {
    let list = |number, early: i64| {
        let mut spec = revoking(&[number]);
        spec.number = number;
        spec.this_update = after(-early);
        build(&spec).unwrap()
    };
    let mut source = CrlSource::new();
    source.add(list(0x100, 60)).unwrap();
    for (number, early) in [(0x100, 61), (0xff, 60), (0xff, 0), (0x200, 61)] {
        let older = source.add(list(number, early)).unwrap_err();
        assert_eq!(older, RevocationError::Older, "{number}, {early}");
        assert!(matches!(ask(&source, 0x100), RevocationAnswer::Revoked(_)));
    }
    source.add(list(0x100, 60)).unwrap();
    source.add(list(0x101, 0)).unwrap();
    assert_eq!(source.len(), 1);
    assert_eq!(ask(&source, 0x100), RevocationAnswer::Good);
}

#[test]
fn too_long_a_list_is_not_looked_at() {
    let max = CrlIndex::MAX_LEN;
    let len = max + 1;
    let error = CrlIndex::build(&vec![0x30; len], &root(THIRD), now()).unwrap_err();
    assert_eq!(error, RevocationError::TooLong { len, max });
}

#[test]
fn every_bit_flip_of_a_list_is_refused() {
    let mut spec = revoking(&[SERIAL, 3]);
    spec.entries[1].reason = Some(1);
    let good = VirtualPki::new().crl(&spec);
    let root = root(THIRD);
    for byte in 0..good.len() {
        for bit in 0..8 {
            let mut list = good.clone();
            list[byte] ^= 1 << bit;
            let found = CrlIndex::build(&list, &root, now());
            assert!(found.is_err(), "byte {byte}, bit {bit}");
        }
    }
    for len in 0..good.len() {
        assert!(CrlIndex::build(&good[..len], &root, now()).is_err());
    }
}

fn serial() -> impl Strategy<Value = Vec<u8>> {
    // Short ones, those around eight bytes, the longest, with zeros in front.
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..3),
        proptest::collection::vec(any::<u8>(), 7..=10),
        proptest::collection::vec(prop_oneof![Just(0u8), Just(1)], 0..=20),
        proptest::collection::vec(any::<u8>(), 20),
    ]
}

fn stripped(serial: &[u8]) -> Vec<u8> {
    serial
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Against a map of the same entries.
    #[test]
    fn the_index_finds_what_is_in_the_list_and_nothing_else(
        revoked in proptest::collection::vec((serial(), 0u32.., 0usize..9), 0..60),
        others in proptest::collection::vec(serial(), 0..40),
    ) {
        let reasons = [0, 1, 2, 3, 4, 5, 6, 9, 10];
        let mut spec = revoking(&[]);
        let mut map: BTreeMap<Vec<u8>, (i64, u8)> = BTreeMap::new();
        for (serial, at, reason) in &revoked {
            // UTCTime ends in 2049.
            let at = i64::from(at % 2_524_608_000);
            let reason = reasons[*reason];
            spec.entries.push(CrlEntry {
                serial: serial.clone(),
                at: jiff::Timestamp::from_second(at).unwrap(),
                reason: Some(reason),
            });
            let entry = map.entry(stripped(serial)).or_insert((at, reason));
            *entry = (*entry).min((at, reason));
        }
        let index = build(&spec).unwrap();
        prop_assert_eq!(index.len(), revoked.len());
        for serial in others.iter().chain(revoked.iter().map(|(serial, ..)| serial)) {
            let found = index.revoked(serial).map(|found| found.at.as_second());
            let known = map.get(&stripped(serial)).map(|(at, _)| *at);
            prop_assert_eq!(found, known, "{:?}", serial);
        }
    }

    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(CrlIndex::build(&bytes, &root(THIRD), now()).is_err());
    }
}
