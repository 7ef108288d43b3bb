//! Answers of OCSP responders from anybody: no panic, positions inside the input, memory within bounds; nothing is accepted but what
//! the root or somebody appointed by it signed, to this very request, and then it says what a walk over the answer finds.
//!
//! The first byte chooses: an answer as it comes, edits of a good one, a part that is signed here, edits of a good one's tree that are
//! signed here, or a request. The second says by whom, to which root's request, and when.

#![no_main]

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use uketsuke::{
    Realm,
    simulation::{CrlScope, CrlSpec, Generation, OcspResponder, OcspSpec, OcspStatus, VirtualPki},
    trust::{
        CLOCK_SKEW, CertIdHash, Certificate, CertificateError, CrlIndex, NoAnswer, OcspAnswer,
        OcspRequest, RevocationAnswer, RevocationError, RevocationQuery, RevocationReason,
        RevocationSource, Root,
    },
};
use uketsuke_conformance::{Authority, Resigned, Responder};
use uketsuke_fuzz::{
    counted, edited,
    naive::{self, Part, all_understood, extension, parts},
};

/// id-pkix-ocsp-nonce
const NONCE_ID: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 2];
const NONCE: [u8; 16] = [0xa5; 16];
const OTHER_NONCE: [u8; 16] = [0x5a; 16];
const BOTH: [Authority; 2] = [Authority::Rsa, Authority::P384];

static RESIGNED: LazyLock<Resigned> = LazyLock::new(Resigned::new);
static ROOTS: LazyLock<[Root; 2]> = LazyLock::new(|| {
    BOTH.map(|of| Root::new(RESIGNED.root(of), Realm::Simulation).expect("a root"))
});
static GOOD: LazyLock<Vec<Good>> = LazyLock::new(good);
/// Of everybody at the root, so of responders too.
static LISTS: LazyLock<[CrlIndex; 2]> = LazyLock::new(|| {
    let mut spec = CrlSpec::new(Generation::Third, at(0)).revoking(&[7]);
    spec.scope = CrlScope::Everyone;
    spec.next_update = at(200_000);
    let list = VirtualPki::new().crl(&spec);
    BOTH.map(|of| {
        let list = RESIGNED.list_of(of, &list).expect("a list");
        CrlIndex::build(&list, &ROOTS[of as usize], at(0)).expect("a good list")
    })
});

struct Good {
    by: Responder,
    /// To the request of each root.
    answers: [Vec<u8>; 2],
}

/// Every status, every responder.
fn good() -> Vec<Good> {
    let at_time = at(-1000);
    let statuses = [
        OcspStatus::Good,
        OcspStatus::Unknown,
        OcspStatus::Revoked {
            at: at_time,
            reason: Some(1),
        },
        OcspStatus::Revoked {
            at: at_time,
            reason: None,
        },
    ];
    let responders = [
        (Responder::Root, OcspResponder::RootByName),
        (Responder::Root, OcspResponder::RootByKey),
        (Responder::Rsa, OcspResponder::DelegateByName),
        (Responder::Rsa, OcspResponder::DelegateByKey),
        (Responder::P384, OcspResponder::DelegateByKey),
    ];
    let mut all = Vec::new();
    for (by, responder) in responders {
        for status in statuses {
            let mut spec = OcspSpec::new(Generation::Third, at(0));
            spec.responder = responder;
            spec.status = status;
            spec.next_update = matches!(status, OcspStatus::Good).then(|| at(86_400));
            let answers = BOTH.map(|of| {
                let request = request(of, CertIdHash::Sha1, &NONCE);
                let answer = VirtualPki::new().ocsp_response(request.der(), &spec);
                RESIGNED.answer_of(by, of, &answer).expect("an answer")
            });
            all.push(Good { by, answers });
        }
    }
    all
}

fn request(of: Authority, hash: CertIdHash, nonce: &[u8]) -> OcspRequest {
    let leaf = Certificate::parse(RESIGNED.leaf(of)).expect("a certificate");
    let root = &ROOTS[of as usize];
    let query = RevocationQuery::new(&leaf, root).expect("of that root");
    OcspRequest::with_nonce(&query, root, hash, nonce).expect("16 bytes")
}

fuzz_target!(|input: &[u8]| {
    let [kind, how, rest @ ..] = input else {
        return;
    };
    let of = BOTH[usize::from(how & 1)];
    let seconds = [0, -300, -301, 60, 3600, 3601, 86_400, 172_801];
    let now = at(seconds[usize::from(how >> 1) % seconds.len()]);
    let good = &GOOD[usize::from(kind >> 3) % GOOD.len()];
    let answer = &good.answers[of as usize];
    match kind % 8 {
        0 => drop(judge(rest, of, now)),
        1 | 2 => {
            let edited = edited(answer, rest);
            if judge(&edited, of, now) {
                // What surrounds the signed part and a certificate beside the used one aren't signed.
                assert_eq!(
                    basic(&edited)[0].whole,
                    basic(answer)[0].whole,
                    "a forged answer"
                );
            }
        }
        3 | 4 => {
            let certificates = basic(answer);
            let certificates = certificates.get(3).map_or(&[][..], |part| part.whole);
            let answer = RESIGNED.answer(good.by, of, rest, certificates);
            judge(&answer, of, now);
        }
        5 | 6 => {
            if let Some(answer) = RESIGNED.edited_answer(good.by, of, answer, rest) {
                judge(&answer, of, now);
            }
        }
        _ => asked(rest, of),
    }
});

fn at(seconds: i64) -> Timestamp {
    let now: Timestamp = "2026-11-24T00:00:00Z".parse().expect("a time");
    now + SignedDuration::from_secs(seconds)
}

/// tbsResponseData, algorithm, signature and certificates of what the library has read.
fn basic(answer: &[u8]) -> Vec<Part<'_>> {
    let bytes = parts(answer)[0].parts()[1].parts()[0].parts();
    parts(bytes[1].value)[0].parts()
}

/// Whether it is accepted.
fn judge(answer: &[u8], of: Authority, now: Timestamp) -> bool {
    let own = request(of, CertIdHash::Sha1, &NONCE);
    let asked = own.der().to_vec();
    let list = &LISTS[of as usize];
    let (found, peak) = counted(|| own.verify(answer, Some(list), now));
    assert!(peak <= 0x4000, "{peak}");
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            assert!(place(&error) <= answer.len());
            return false;
        }
    };
    // Nobody else's, and no other question's.
    let other = BOTH[usize::from(of == Authority::Rsa)];
    for (of, hash, nonce) in [
        (other, CertIdHash::Sha1, NONCE),
        (of, CertIdHash::Sha256, NONCE),
        (of, CertIdHash::Sha1, OTHER_NONCE),
    ] {
        let request = request(of, hash, &nonce);
        assert!(request.verify(answer, Some(list), now).is_err());
    }
    assert!(format!("{found:?}").len() < 250);
    signer(answer, of);
    let data = basic(answer).remove(0).parts();
    let second = now.as_second();
    let produced = data[1].time();
    assert!((-CLOCK_SKEW.as_secs()..=OcspAnswer::MAX_AGE.as_secs()).contains(&(second - produced)));
    let extensions = data[3].parts().remove(0);
    assert!(all_understood(&extensions, &[NONCE_ID]));
    let nonce = extension(&extensions, NONCE_ID);
    assert_eq!(parts(nonce.expect("a nonce"))[0].value, NONCE);
    single(&found, &data[2], &asked, of);
    asks(&found, of, now);
    true
}

/// The root, or a certificate in the answer that the root signed, with OCSPSigning.
fn signer(answer: &[u8], of: Authority) {
    let signed = basic(answer);
    let root = naive::key_info(RESIGNED.root(of));
    if naive::is_signed(&signed, root) {
        return;
    }
    let certificates = signed[3].parts()[0].parts();
    let appointed = certificates
        .iter()
        .find(|certificate| naive::is_signed(&signed, naive::key_info(certificate.whole)));
    let appointed = appointed.expect("a signer").parts();
    assert!(naive::is_signed(&appointed, root));
    let extensions = &appointed[0].parts()[7].parts()[0];
    let purposes = extension(extensions, &[0x55, 0x1d, 37]).expect("a purpose");
    let signing = [0x2b, 6, 1, 5, 5, 7, 3, 9];
    let purposes = parts(purposes)[0].parts();
    assert!(purposes.iter().any(|purpose| purpose.value == signing));
}

/// The one answer about what was asked, and what it says.
fn single(found: &OcspAnswer, responses: &Part<'_>, asked: &[u8], of: Authority) {
    let id = |id: &Part<'_>| {
        let [hash, name, key, serial] = &id.parts()[..] else {
            panic!("no CertID");
        };
        [&hash.parts()[0], name, key, serial].map(|part| part.value.to_vec())
    };
    let list = parts(asked)[0].parts()[0].parts().remove(0);
    let asked = id(&list.parts()[0].parts()[0]);
    let all = responses.parts();
    assert!(all.len() <= OcspAnswer::MAX_SINGLE);
    let mut about = all
        .iter()
        .map(Part::parts)
        .filter(|single| id(&single[0]) == asked);
    let single = about.next().expect("an answer about it");
    assert!(about.next().is_none(), "two answers about it");
    // Whatever it is about, each is read.
    for single in &all {
        let extensions = single.parts().pop().filter(|last| last.tag == 0xa1);
        let extensions = extensions.filter(|_| single.parts().len() > 3);
        assert!(extensions.is_none_or(|tagged| all_understood(&tagged.parts()[0], &[])));
    }
    let status = &single[1];
    match (status.tag, found.said()) {
        (0x80, RevocationAnswer::Good)
        | (0x82, RevocationAnswer::Unknown(NoAnswer::IssuerDoesNotKnow)) => {}
        (0xa1, RevocationAnswer::Revoked(revoked)) => {
            let fields = status.parts();
            assert_eq!(fields[0].time(), revoked.at.as_second());
            let code = fields.get(1).map_or(0, |tagged| tagged.parts()[0].value[0]);
            assert_eq!(naive::reason(code), revoked.reason);
        }
        (tag, said) => panic!("{tag:x} was taken for {said:?}"),
    }
    assert_eq!(single[2].time(), found.this_update().as_second());
    let until = match single.get(3) {
        Some(tagged) if tagged.tag == 0xa0 => tagged.parts()[0].time(),
        _ => single[2].time() + OcspAnswer::MAX_AGE.as_secs(),
    };
    let root = Certificate::parse(RESIGNED.root(of)).expect("a root");
    let ends = root.not_after().as_second();
    assert_eq!(until.min(ends), found.until().as_second());
}

fn asks(found: &OcspAnswer, of: Authority, now: Timestamp) {
    let root = &ROOTS[of as usize];
    let leaf = Certificate::parse(RESIGNED.leaf(of)).expect("a certificate");
    let query = RevocationQuery::new(&leaf, root).expect("of that root");
    assert_eq!(found.ask(&query, now), found.said());
    if let Ok(later) = found.until().checked_add(SignedDuration::from_secs(1)) {
        let next_update = found.until();
        let stale = match found.said() {
            RevocationAnswer::Revoked(revoked)
                if revoked.reason != RevocationReason::CertificateHold =>
            {
                found.said()
            }
            _ => RevocationAnswer::Unknown(NoAnswer::Stale { next_update }),
        };
        assert_eq!(found.ask(&query, later), stale);
    }
    let other = BOTH[usize::from(of == Authority::Rsa)];
    let leaf = Certificate::parse(RESIGNED.leaf(other)).expect("a certificate");
    let query = RevocationQuery::new(&leaf, &ROOTS[other as usize]).expect("of that root");
    let not_covered = RevocationAnswer::Unknown(NoAnswer::NotCovered);
    assert_eq!(found.ask(&query, now), not_covered);
}

/// A request with any nonce is read by the simulated responder; anything else isn't, and answers to nothing.
fn asked(bytes: &[u8], of: Authority) {
    let leaf = Certificate::parse(RESIGNED.leaf(of)).expect("a certificate");
    let root = &ROOTS[of as usize];
    let query = RevocationQuery::new(&leaf, root).expect("of that root");
    let of_another = &ROOTS[usize::from(of == Authority::Rsa)];
    let refused = OcspRequest::generate(&query, of_another, CertIdHash::Sha1);
    assert_eq!(refused.unwrap_err(), RevocationError::OtherIssuer);
    let hash = match bytes.len() % 2 {
        0 => CertIdHash::Sha1,
        _ => CertIdHash::Sha256,
    };
    match OcspRequest::with_nonce(&query, root, hash, bytes) {
        Ok(request) => {
            assert!((16..=32).contains(&bytes.len()));
            assert!(request.der().ends_with(bytes));
            let tbs = parts(request.der())[0].parts()[0].parts();
            let [list, extensions] = &tbs[..] else {
                panic!("not two fields");
            };
            assert_eq!(list.parts().len(), 1);
            assert!(extension(&extensions.parts()[0], NONCE_ID).is_some());
            assert!(format!("{request:?}").len() < 50);
        }
        Err(error) => {
            let len = bytes.len();
            assert_eq!(error, RevocationError::NonceLength { len });
            assert!(!(16..=32).contains(&len));
        }
    }
    let spec = OcspSpec::new(Generation::Third, at(0));
    let answer = VirtualPki::new().ocsp_response(bytes, &spec);
    let own = request(of, CertIdHash::Sha1, &NONCE);
    let same = own.der() == bytes;
    let found = own.verify(&answer, None, at(0));
    assert_eq!(found.is_ok(), same && of == Authority::Rsa);
}

fn place(error: &RevocationError) -> usize {
    match error {
        RevocationError::Form(
            CertificateError::Der { position, .. } | CertificateError::Profile { position, .. },
        ) => *position,
        _ => 0,
    }
}
