//! Lists of revoked certificates from anybody: no panic, positions inside the input, memory within bounds; nothing is accepted but
//! what the root signed, and what is accepted says the same through the index as a walk over its entries.
//!
//! The first byte chooses: a list as it comes, edits of a good one, a part that is signed here, or edits of a good one's tree that
//! are signed here. The second says for which root, and when.

#![no_main]

use std::{
    collections::BTreeMap,
    sync::{LazyLock, RwLock},
};

use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use uketsuke::{
    Realm,
    simulation::{CrlEntry, CrlScope, CrlSpec, Generation, VirtualPki},
    trust::{
        CLOCK_SKEW, Certificate, CertificateError, CrlIndex, CrlSource, NoAnswer, RevocationAnswer,
        RevocationError, RevocationQuery, RevocationReason, RevocationSource, Root,
    },
};
use uketsuke_conformance::{Authority, Resigned};
use uketsuke_fuzz::{
    counted, edited,
    naive::{self, Part, all_understood, extension, parts},
};

const KEY_ID: &[u8] = &[0x55, 0x1d, 35];
const NUMBER: &[u8] = &[0x55, 0x1d, 20];
const REASON: &[u8] = &[0x55, 0x1d, 21];
const INVALIDITY_DATE: &[u8] = &[0x55, 0x1d, 24];
const DELTA: &[u8] = &[0x55, 0x1d, 27];
const ISSUING_POINT: &[u8] = &[0x55, 0x1d, 28];

/// In 2031 and 2033; the leaf ends in 2029, and the root in 2033, a few months before.
const AFTER_THE_LEAF: i64 = 143_000_000;
const AFTER_THE_ROOT: i64 = 220_000_000;

static RESIGNED: LazyLock<Resigned> = LazyLock::new(Resigned::new);
static ROOTS: LazyLock<[Root; 3]> = LazyLock::new(|| {
    let third = RESIGNED.root(Authority::Rsa);
    let next = RESIGNED.root(Authority::P384);
    let second = VirtualPki::new().root(Generation::Second);
    [third, next, second].map(|der| Root::new(der, Realm::Simulation).expect("a root"))
});
/// Each for both roots.
static GOOD: LazyLock<Vec<[Vec<u8>; 2]>> = LazyLock::new(|| {
    let lists = good().into_iter().map(|spec| VirtualPki::new().crl(&spec));
    lists
        .map(|list| {
            [Authority::Rsa, Authority::P384].map(|of| RESIGNED.list_of(of, &list).expect("a list"))
        })
        .collect()
});

/// Every kind of entry, and many of one kind; every scope.
fn good() -> [CrlSpec; 4] {
    let new = || CrlSpec::new(Generation::Third, at(0));
    let entry = |serial: &[u8], reason| CrlEntry {
        serial: serial.to_vec(),
        at: at(-100),
        reason,
    };
    let mut some = new();
    some.entries = vec![
        entry(&[5, 0, 0, 1], Some(1)),
        entry(&[0xff; 8], None),
        entry(&[9; 9], Some(6)),
        entry(&[0x7f; 20], Some(10)),
        entry(&[5, 0, 0, 1], None),
    ];
    some.entries[1].at = "2050-01-01T00:00:00Z".parse().expect("a time");
    // More than one step of the index's tables, of each kind, and one number that fills a step.
    let mut many = new().revoking(&Vec::from_iter(1..40));
    many.entries.push(entry(&[5, 0, 0, 1], Some(4)));
    for count in 0..70 {
        let mut again = entry(&[1, 1], None);
        again.at = at(-count);
        let long = [&[9; 8], &[count as u8; 3][..]].concat();
        many.entries.extend([again, entry(&long, None)]);
    }
    many.scope = CrlScope::Everyone;
    let mut others = new().revoking(&[3]);
    others.scope = CrlScope::OtherMunicipality;
    // Made after the certificate that is asked about has ended, and outliving the root.
    let mut late = new().revoking(&[3]);
    late.this_update = at(AFTER_THE_LEAF);
    late.next_update = at(2 * AFTER_THE_ROOT);
    [some, many, others, late]
}

fuzz_target!(|input: &[u8]| {
    let [kind, how, rest @ ..] = input else {
        return;
    };
    let of = match how & 1 {
        0 => Authority::Rsa,
        _ => Authority::P384,
    };
    let seconds = [
        0,
        -300,
        -301,
        86_400,
        86_401,
        AFTER_THE_LEAF,
        AFTER_THE_ROOT,
        3,
    ];
    let now = at(seconds[usize::from(how >> 1) % seconds.len()]);
    let good = &GOOD[usize::from(kind >> 2) % GOOD.len()][of as usize];
    match kind % 4 {
        0 => drop(judge(rest, of, now)),
        1 => {
            let list = edited(good, rest);
            if judge(&list, of, now) {
                // Of another signature of that key nobody knows.
                assert_eq!(list, *good, "a forged list");
            }
        }
        2 => drop(judge(&RESIGNED.list(of, rest), of, now)),
        _ => {
            if let Some(list) = RESIGNED.edited_list(of, good, rest) {
                judge(&list, of, now);
            }
        }
    }
});

fn at(seconds: i64) -> Timestamp {
    let now: Timestamp = "2026-11-24T00:00:00Z".parse().expect("a time");
    now + SignedDuration::from_secs(seconds)
}

/// Whether it is accepted.
fn judge(list: &[u8], of: Authority, now: Timestamp) -> bool {
    let [own, others @ ..] = match of {
        Authority::Rsa => [&ROOTS[0], &ROOTS[1], &ROOTS[2]],
        Authority::P384 => [&ROOTS[1], &ROOTS[0], &ROOTS[2]],
    };
    let (built, peak) = counted(|| CrlIndex::build(list, own, now));
    // At most 13 bytes for 20 of a list, or 26 for 28, and twice that while a guess is corrected; the rest is the signature's.
    assert!(peak <= 4 * list.len() + 0x4000, "{peak} of {}", list.len());
    let index = match built {
        Ok(index) => index,
        Err(error) => {
            assert!(place(&error) <= list.len());
            return false;
        }
    };
    for other in others {
        assert!(CrlIndex::build(list, other, now).is_err());
    }
    let signed = parts(list)[0].parts();
    assert!(naive::is_signed(
        &signed,
        naive::key_info(RESIGNED.root(of))
    ));
    let tbs = signed[0].parts();
    let root = Certificate::parse(RESIGNED.root(of)).expect("a root");
    let ends = root.not_after().as_second();
    let (this, next) = (tbs[3].time(), tbs[4].time().min(ends));
    let second = now.as_second();
    assert!(this - CLOCK_SKEW.as_secs() <= second && second <= next);
    assert_eq!(index.this_update().as_second(), this);
    assert_eq!(index.next_update().as_second(), next);
    assert!(index.heap_bytes() <= peak);
    assert!(format!("{index:?}").len() < 200);
    entries(&index, &tbs);
    let extensions = tbs.last().filter(|part| part.tag == 0xa0);
    let extensions = extensions.map(|tagged| tagged.parts().remove(0));
    let value = |oid| extension(extensions.as_ref()?, oid);
    let understood: [&[u8]; 3] = [KEY_ID, NUMBER, ISSUING_POINT];
    assert!(
        extensions
            .as_ref()
            .is_none_or(|all| all_understood(all, &understood))
    );
    assert!(value(DELTA).is_none(), "changes only");
    if let Some(scope) = value(ISSUING_POINT) {
        let mut scope = parts(scope)[0].parts().into_iter();
        assert!(scope.all(|part| matches!(part.tag, 0xa0 | 0x81)));
    }
    let number = value(NUMBER).map(|value| parts(value).remove(0));
    let zeros = |bytes: &[u8]| bytes.iter().take_while(|byte| **byte == 0).count();
    assert_eq!(
        index.number().map(|number| &number[zeros(number)..]),
        number.as_ref().map(Part::number)
    );
    asks(index, value(ISSUING_POINT), of, now);
    true
}

/// Every number of the list, and its neighbours.
fn entries(index: &CrlIndex, tbs: &[Part<'_>]) {
    let listed = tbs.get(5).filter(|part| part.tag == 0x30);
    let mut listed = listed.map(Part::parts).unwrap_or_default();
    // A number below zero is nobody's.
    listed.retain(|entry| entry.parts()[0].value[0] < 0x80);
    assert_eq!(index.len(), listed.len());
    assert_eq!(index.is_empty(), listed.is_empty());
    let mut earliest = BTreeMap::new();
    for entry in &listed {
        let fields = entry.parts();
        let understood: [&[u8]; 2] = [REASON, INVALIDITY_DATE];
        assert!(
            fields
                .get(2)
                .is_none_or(|all| all_understood(all, &understood))
        );
        let reason = fields
            .get(2)
            .and_then(|extensions| extension(extensions, REASON));
        // ENUMERATED of one byte.
        let found = (fields[1].time(), reason.map_or(0, |value| value[2]));
        earliest
            .entry(fields[0].number())
            .and_modify(|known| *known = found.min(*known))
            .or_insert(found);
    }
    for serial in earliest.keys() {
        let neighbours = [
            serial.to_vec(),
            [&[0, 0], *serial].concat(),
            [serial, &[0][..]].concat(),
            serial
                .split_last()
                .map_or(vec![1], |(_, rest)| rest.to_vec()),
            serial.iter().map(|byte| byte.wrapping_add(1)).collect(),
        ];
        for number in neighbours {
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            let walked = earliest.get(&number[zeros..]).copied();
            let found = index.revoked(&number);
            let walked = walked.map(|(at, code)| (at, naive::reason(code)));
            assert_eq!(
                found.map(|found| (found.at.as_second(), found.reason)),
                walked
            );
        }
    }
}

/// What the index answers about a certificate, and a source with it.
fn asks(index: CrlIndex, issuing_point: Option<&[u8]>, of: Authority, now: Timestamp) {
    let (root, other) = match of {
        Authority::Rsa => (&ROOTS[0], Authority::P384),
        Authority::P384 => (&ROOTS[1], Authority::Rsa),
    };
    let leaf = RESIGNED.leaf(of);
    let query = Certificate::parse(leaf).expect("a certificate");
    let query = RevocationQuery::new(&query, root).expect("of that root");
    let said = index.ask(&query, now);
    // [0] of the sequence: a DistributionPointName, whose [0] holds the names.
    let point = issuing_point.and_then(|value| parts(value)[0].parts().into_iter().next());
    let covered = match point {
        Some(point) if point.tag == 0xa0 => point.parts()[0]
            .parts()
            .iter()
            .any(|name| name.whole == naive::distribution_point(leaf)),
        _ => true,
    };
    let revoked = index.revoked(query.serial());
    let walked = match revoked {
        _ if !covered => RevocationAnswer::Unknown(NoAnswer::NotCovered),
        Some(revoked) => RevocationAnswer::Revoked(revoked),
        None if query.not_after() < index.this_update() => {
            RevocationAnswer::Unknown(NoAnswer::Lapsed)
        }
        None => RevocationAnswer::Good,
    };
    assert_eq!(said, walked);
    let next_update = index.next_update();
    let stale = match revoked {
        _ if !covered => said,
        Some(revoked) if revoked.reason != RevocationReason::CertificateHold => said,
        _ => RevocationAnswer::Unknown(NoAnswer::Stale { next_update }),
    };
    if let Ok(later) = next_update.checked_add(SignedDuration::from_secs(1)) {
        assert_eq!(index.ask(&query, later), stale);
    }
    let of_other = Certificate::parse(RESIGNED.leaf(other)).expect("a certificate");
    assert!(RevocationQuery::new(&of_other, root).is_err());
    several(index, &query, said, of, now);
}

/// A source with the list and another one, in both orders, knows what both know.
fn several(
    index: CrlIndex,
    query: &RevocationQuery<'_>,
    said: RevocationAnswer,
    of: Authority,
    now: Timestamp,
) {
    let root = &ROOTS[of as usize];
    let another = || CrlIndex::build(&GOOD[1][of as usize], root, now);
    let Ok(good) = another() else {
        return;
    };
    let both = said.and(good.ask(query, now));
    let this_update = index.this_update();
    let mut source = CrlSource::new();
    source.add(index).expect("the only one");
    assert_eq!(source.ask(query, now), said);
    match source.add(good) {
        Ok(()) if source.len() == 2 => assert_eq!(source.ask(query, now), both),
        // One gave way to the other, which is about the same certificates.
        Ok(()) => assert!(this_update <= another().expect("the same").this_update()),
        Err(error) => assert_eq!(error, RevocationError::Older),
    }
    assert_eq!(source.iter().count(), source.len());
    let known = source.ask(query, now);
    let shared = RwLock::new(source);
    assert_eq!(shared.ask(query, now), known);
    let source = shared.into_inner().expect("nobody panicked");
    assert!(!source.is_empty() && format!("{source:?}").len() < 500);
}

fn place(error: &RevocationError) -> usize {
    match error {
        RevocationError::Form(
            CertificateError::Der { position, .. } | CertificateError::Profile { position, .. },
        ) => *position,
        RevocationError::TooLong { .. } => panic!("64 MiB"),
        _ => 0,
    }
}
