//! Certificates, revocation data, evidence and terminal keys.

use jiff::{SignedDuration, Timestamp};
use ring::signature::{Ed25519KeyPair, KeyPair};
use uketsuke::card::{AuthPin, Card, CardFace, DataObject, Jpki, LastTry, SecretKind};
use uketsuke::eligibility::Identified;
use uketsuke::simulation::{
    CardOptions, CertificateSpec, CrlDefect, CrlEntry, CrlScope, CrlSpec, Defect, Generation,
    OcspDefect, OcspResponder, OcspSpec, OcspStatus, Persona, VirtualCard, VirtualPki,
    VirtualReader,
};
use uketsuke::transport::Reader;
use uketsuke::trust::{
    CertIdHash, Certificate, Challenge, Claims, CvCertificate, Evidence, GraceRule, OcspRequest,
    Purpose, RevocationQuery, Root, Roots, TerminalId,
};
use uketsuke::{Realm, Realms, VisitId};

use super::Seeds;

/// As in the targets.
const NONCE: [u8; 16] = [0xa5; 16];

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn spec(defect: Option<Defect>) -> CertificateSpec {
    CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().unwrap(),
        not_after: "2029-04-01T14:59:59Z".parse().unwrap(),
        generation: Generation::Third,
        defect,
    }
}

pub fn certificates() {
    let (seeds, pki) = (Seeds::of("certificate"), VirtualPki::new());
    for defect in std::iter::once(None).chain(Defect::ALL.into_iter().map(Some)) {
        let name = defect.map_or("good".into(), |defect| format!("{defect:?}"));
        let certificate = pki.authentication_certificate(&spec(defect));
        seeds.write(&name, &[0], &certificate);
        let certificate = pki.signing_certificate(&spec(defect));
        seeds.write(&format!("signing-{name}"), &[0], &certificate);
    }
    seeds.write("too-long", &[0], &[0x30; Certificate::MAX_LEN + 1]);
    // Edits of one byte each, and a message of a terminal.
    seeds.write("edited", &[1], &[0x40, 1, 1, 1, 7, 0]);
    for edit in 0..64 {
        let name = format!("signing-tree-{edit}");
        seeds.write(&name, &[6], &[edit, 7, edit, 5, 4, 3, 2, 1]);
    }
    seeds.write("signing-edited", &[2], &[0x40, 3, 1, 1, b'1', 0]);
    let message = evidence(false).signed().message.clone();
    seeds.write("message", &[3], &[message, vec![7; 256]].concat());
}

/// Each edit of a leaf and of a root, alone and before a blind one, at a time in the middle.
pub fn chains() {
    let seeds = Seeds::of("chain");
    for edit in 0..24 {
        for how in 0..4 {
            let edits = [
                [edit, 1, 2, 3, 4, 5, 6, how],
                [edit | 1, 9, 8, 7, 6, 5, 4, how],
            ];
            let name = format!("{edit}-{how}");
            seeds.write(&name, &[how | 8, 80], &edits[0]);
            seeds.write(
                &format!("{name}-blind"),
                &[how | 8, 80],
                edits.as_flattened(),
            );
        }
    }
    seeds.write("good", &[8, 80], &[0]);
}

/// The certificate of a virtual card's face, and visits of it.
pub fn card_face() {
    let seeds = Seeds::of("cvc");
    let persona = Persona::named("in-order").unwrap();
    let mut reader = VirtualReader::new();
    reader.insert(VirtualCard::new(persona, CardOptions::default(), now()));
    let mut card = Card::new(reader.connect().unwrap(), VisitId::begin());
    for object in [DataObject::CertificateF8, DataObject::Certificate7F21] {
        let bytes = card.data_object(object).unwrap();
        seeds.write(&format!("{object:?}"), &[0], bytes.bytes());
    }
    let mut face = card.open::<CardFace>().unwrap();
    let certificate = face.issuer_certificate(&mut |_| ()).unwrap();
    seeds.write("certificate", &[0], certificate.bytes());
    seeds.write("too-long", &[0], &[0x7f; CvCertificate::MAX_LEN + 1]);
    for edit in 0..4 {
        for kind in [1, 2, 6] {
            let bytes = [0x20, 0, 3, edit, 9, 0];
            seeds.write(&format!("edited-{kind}-{edit}"), &[kind], &bytes);
        }
        // What is read, by which way, and which answer is edited.
        for flags in 0..16 {
            let edit = [0x20, 0, 3, edit, 9, flags];
            seeds.write(
                &format!("visit-{flags}-{}", edit[3]),
                &[3 | flags << 4],
                &edit,
            );
        }
    }
}

/// The value of an element of up to 65,535 bytes; the first one in a row, and all of them.
fn inside(der: &[u8]) -> &[u8] {
    let first = first(der);
    &first[header(first).0..]
}

fn first(der: &[u8]) -> &[u8] {
    let (header, len) = header(der);
    &der[..header + len]
}

fn row(mut der: &[u8]) -> Vec<&[u8]> {
    let mut all = Vec::new();
    while !der.is_empty() {
        all.push(first(der));
        der = &der[first(der).len()..];
    }
    all
}

fn header(der: &[u8]) -> (usize, usize) {
    match der[1] {
        0x82 => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
        0x81 => (3, usize::from(der[2])),
        len => (2, usize::from(len)),
    }
}

/// Of 128 bytes or more.
fn sequence(value: &[u8]) -> Vec<u8> {
    let [.., high, low] = value.len().to_be_bytes();
    let header = [0x30, 0x82, high, low];
    let header = match high {
        0 => &[0x30, 0x81, low][..],
        _ => &header,
    };
    [header, value].concat()
}

/// The same list as a root with a key on P-384 would sign it.
fn with_p384(tbs: &[u8]) -> Vec<u8> {
    let version = [2, 1, 1];
    // sha256WithRSAEncryption, ecdsa-with-SHA384
    let rsa = [
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b, 5, 0,
    ];
    let ecdsa = [
        0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3,
    ];
    let at = tbs.windows(rsa.len()).position(|part| part == rsa).unwrap();
    sequence(&[&version, &ecdsa[..], &tbs[at + rsa.len()..]].concat())
}

pub fn lists() {
    let (seeds, pki) = (Seeds::of("crl"), VirtualPki::new());
    let mut all = Vec::new();
    let new = || CrlSpec::new(Generation::Third, now());
    let entry = |serial: &[u8], reason| CrlEntry {
        serial: serial.to_vec(),
        at: now(),
        reason,
    };
    for scope in [
        CrlScope::Everyone,
        CrlScope::Municipality,
        CrlScope::OtherMunicipality,
    ] {
        let mut empty = new();
        empty.scope = scope;
        all.push((format!("empty-{scope:?}"), empty));
    }
    // More than one step of the index's tables, of each kind.
    let mut many = new().revoking(&Vec::from_iter(1..70));
    for count in 0..70 {
        let long = [&[9; 8], &[count; 3][..]].concat();
        many.entries.push(entry(&long, None));
    }
    all.push(("many".into(), many));
    let mut long = new();
    long.entries = vec![
        entry(&[0x7f; 20], None),
        entry(&[0; 4], None),
        entry(&[9; 9], Some(9)),
        entry(&[0xff; 8], None),
    ];
    long.entries[0].at = "2050-01-01T00:00:00Z".parse().unwrap();
    all.push(("long-serials".into(), long));
    let mut reasons = new();
    reasons.entries = [0, 1, 2, 3, 4, 5, 6, 9, 10]
        .map(|reason| entry(&[5, 0, 0, 1], Some(reason)))
        .to_vec();
    all.push(("reasons".into(), reasons));
    for defect in CrlDefect::ALL {
        let mut broken = new().revoking(&[0x0500_0001, 3]);
        broken.defect = Some(defect);
        all.push((format!("{defect:?}"), broken));
    }
    // When the question is asked: the target's times in their order.
    let list = pki.crl(&new());
    for when in 0..8 {
        seeds.write(&format!("time-{when}"), &[0, when << 1], &list);
        for good in 0..4 {
            let name = format!("tree-time-{when}-{good}");
            seeds.write(&name, &[3 | good << 2, when << 1], &[0x12; 8]);
        }
    }
    for (name, spec) in all {
        let list = pki.crl(&spec);
        let tbs = first(inside(&list));
        seeds.write(&name, &[0, 0], &list);
        seeds.write(&format!("tbs-{name}"), &[2, 0], tbs);
        if !matches!(
            spec.defect,
            Some(CrlDefect::OldVersion | CrlDefect::AlgorithmMismatch | CrlDefect::Sha1Signature)
        ) {
            seeds.write(&format!("p384-{name}"), &[2, 1], &with_p384(tbs));
        }
    }
    // Edits of six bytes of the signed one, of eight bytes of the tree.
    seeds.write("edited", &[1, 0], &[0x40, 0, 1, 1, 7, 0]);
    for edit in 0..32 {
        for good in 0..4 {
            for root in 0..2 {
                let head = [3 | good << 2, root];
                let bytes = [edit, 7, good, root, 1, 2, 3, 4];
                seeds.write(&format!("tree-{edit}-{good}-{root}"), &head, &bytes);
            }
        }
    }
}

pub fn answers() {
    let (seeds, pki) = (Seeds::of("ocsp"), VirtualPki::new());
    let certificate = pki.authentication_certificate(&spec(None));
    let certificate = Certificate::parse(&certificate).unwrap();
    let root = Root::new(pki.root(Generation::Third), Realm::Simulation).unwrap();
    let query = RevocationQuery::new(&certificate, &root).unwrap();
    let request = OcspRequest::with_nonce(&query, &root, CertIdHash::Sha1, &NONCE).unwrap();
    let at = now() - SignedDuration::from_hours(24);
    let statuses = [
        ("good", OcspStatus::Good),
        ("unknown", OcspStatus::Unknown),
        ("revoked", OcspStatus::Revoked { at, reason: None }),
        (
            "revoked-4",
            OcspStatus::Revoked {
                at,
                reason: Some(4),
            },
        ),
    ];
    let new = || OcspSpec::new(Generation::Third, now());
    // In the order in which the target makes its own, so that the certificates fit.
    for (place, responder) in OcspResponder::ALL.into_iter().enumerate() {
        let place = u8::try_from(place).unwrap() * 4;
        let write = |name: &str, spec: &OcspSpec| {
            let answer = pki.ocsp_response(request.der(), spec);
            let name = format!("{name}-{responder:?}");
            seeds.write(&name, &[0, 0], &answer);
            if let Some(data) = response_data(&answer) {
                seeds.write(&format!("data-{name}"), &[3 | place << 3, 0], data);
            }
        };
        for (name, status) in statuses {
            let spec = OcspSpec {
                status,
                responder,
                next_update: (name == "good").then(|| now() + SignedDuration::from_hours(24)),
                ..new()
            };
            write(name, &spec);
        }
        for defect in OcspDefect::ALL {
            let spec = OcspSpec {
                responder,
                defect: Some(defect),
                ..new()
            };
            write(&format!("{defect:?}"), &spec);
        }
    }
    // The certificate asked about, and others beside it.
    let answer = pki.ocsp_response(request.der(), &new());
    let data = response_data(&answer).unwrap();
    let place = (OcspResponder::ALL.len() as u8 - 1) * 4;
    seeds.write("data-several", &[3 | place << 3, 0], &several(data));
    seeds.write("edited", &[1, 0], &[0x40, 0, 1, 1, 7, 0]);
    for good in 0..20 {
        for root in 0..2 {
            let head = [5 | good << 3, root];
            seeds.write(&format!("tree-{good}-{root}"), &head, &[0x77; 16]);
        }
    }
    // A good answer of a delegate: what is signed, and the delegate's certificate.
    for edit in (0..32).chain(0x60..0x80) {
        for more in 0..3 {
            let bytes = [edit, 7, more, 1, 1, 2, 3, 4];
            seeds.write(&format!("edit-{edit}-{more}"), &[5 | 12 << 3, 0], &bytes);
        }
    }
    for when in 0..8 {
        seeds.write(&format!("tree-time-{when}"), &[5, when << 1], &[7; 8]);
    }
    seeds.write("request", &[7, 0], request.der());
    seeds.write("nonce", &[7, 0], &[1; 32]);
    for status in 1..7 {
        let refused = [0x30, 3, 0x0a, 1, status];
        seeds.write(&format!("status-{status}"), &[0, 0], &refused);
    }
}

/// tbsResponseData, which begins with the responder and lies where the basic response begins.
fn response_data(answer: &[u8]) -> Option<&[u8]> {
    // id-pkix-ocsp-basic
    let basic = [0x06, 9, 0x2b, 6, 1, 5, 5, 7, 48, 1, 1];
    let at = answer.windows(basic.len()).position(|part| part == basic)?;
    Some(first(inside(inside(&answer[at + basic.len()..]))))
}

/// Three answers, the first of them about what was asked.
fn several(data: &[u8]) -> Vec<u8> {
    // tbsResponseData { [2] key hash, time, SEQUENCE { single }, [1] nonce }
    let [responder, time, list, nonce] = row(inside(data))[..] else {
        panic!("not four fields");
    };
    let single = inside(list);
    let serial = single.windows(4).position(|part| part == [5, 0, 0, 1]);
    let other = |last| {
        let mut other = single.to_vec();
        other[serial.unwrap() + 3] = last;
        other
    };
    let list = sequence(&[single, &other(2), &other(3)].concat());
    sequence(&[responder, time, &list, nonce].concat())
}

/// Of a check-in with a virtual card.
fn evidence(claimed: bool) -> Evidence {
    let persona = Persona::named("in-order").unwrap();
    let mut reader = VirtualReader::new();
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    reader.insert(VirtualCard::new(persona, CardOptions::default(), now));
    let visit = VisitId::begin();
    let mut card = Card::new(reader.connect().unwrap(), visit);
    let mut jpki = card.open::<Jpki>().unwrap();
    let certificate = jpki.authentication_certificate(&mut |_| ()).unwrap();
    let chain = Roots::simulation()
        .validate_authentication(&certificate, Realms::simulation(), now, GraceRule::None)
        .unwrap();
    let left = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let pin = AuthPin::parse(&CardOptions::default().auth_pin).unwrap();
    let _right = jpki
        .verify_pin(pin, left.budget(LastTry::Refuse).unwrap())
        .unwrap();
    let terminal = TerminalId::new("reception-1").unwrap();
    let life = SignedDuration::from_secs(60);
    let challenge = if claimed {
        Challenge::generate(visit, &terminal, Purpose::CheckIn, now, life).unwrap()
    } else {
        Challenge::from_centre_bytes(visit, &[9; 16], now, life).unwrap()
    };
    let signature = jpki
        .sign_authentication(&challenge.signature_input())
        .unwrap();
    let signed = challenge.verify(&chain, signature, now).unwrap();
    let mut claims = Claims::default();
    if claimed {
        claims.claimed_time = Some(now);
        claims.claimed_terminal = Some(terminal);
        claims.claimed_realm = Some(Realm::Simulation);
        claims.claimed_method = Some(Identified::Pin);
    }
    Evidence::of(&chain, &signed, claims).unwrap()
}

pub fn all_evidence() {
    let seeds = Seeds::of("evidence");
    let (claimed, bare) = (evidence(true), evidence(false));
    seeds.write("claimed", &[0], &claimed.to_bytes());
    seeds.write("bare", &[0], &bare.to_bytes());
    // By a terminal whose key the target doesn't know.
    let signed = claimed.signed_by_terminal(|_| Ok::<_, ()>([7; 64]));
    let bytes = signed.unwrap().to_bytes();
    seeds.write("signed", &[0], &bytes);
    let trailing = [&bytes, &[0][..]].concat();
    seeds.write("trailing", &[0], &trailing);
    seeds.write("too-long", &[0], &[0; Evidence::MAX_LEN + 1]);
    for len in [10, 20, 22, 30, 2000] {
        seeds.write(&format!("cut-{len}"), &[0], &bytes[..len]);
    }
    for good in 0..4 {
        let edit = [0xf0, 0xff, 1, 1, 9, 0];
        seeds.write(&format!("edited-{good}"), &[1 | good << 1], &edit);
        let end = [0x00, 0x00, 0, 0, 0, 0];
        seeds.write(&format!("good-{good}"), &[1 | good << 1], &end);
    }
}

pub fn terminal_keys() {
    let seeds = Seeds::of("evidence");
    let public = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    seeds.write("key", &[0x80], public.public_key().as_ref());
    seeds.write("small-order", &[0x80], &[0; 32]);
    seeds.write("no-point", &[0x80], &[0xff; 32]);
    seeds.write("p256", &[0x80], &[1, 0, 1, 1, 7, 0]);
}
