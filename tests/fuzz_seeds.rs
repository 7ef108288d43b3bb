//! The first inputs of the fuzz targets that read certificates, revocation data, evidence and the messages of the connector: good
//! ones, and one broken in each known way. Those of `replay` and `session` are written in `recording.rs`.

mod message_support;
mod report_support;

use std::io::{Cursor, Write as _};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use message_support::full as messages;
use report_support::{any, full};
use ring::signature::{Ed25519KeyPair, KeyPair};
use uketsuke::card::{AuthPin, Card, CardFace, DataObject, Jpki, LastTry, SecretKind};
use uketsuke::eligibility::message::write_report;
use uketsuke::eligibility::text::{Charset, encode};
use uketsuke::eligibility::{CharacterCode, Identified};
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

/// As in the targets.
const NONCE: [u8; 16] = [0xa5; 16];

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

/// A target's folder.
struct Seeds(std::path::PathBuf);

impl Seeds {
    fn of(target: &str) -> Self {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
        let folder = seeds.join(target);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, head: &[u8], bytes: &[u8]) {
        assert!(!bytes.is_empty(), "{name}");
        std::fs::write(self.0.join(name), [head, bytes].concat()).unwrap();
    }
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

fn certificates() {
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
fn chains() {
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
fn card_face() {
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

fn lists() {
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

fn answers() {
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

fn all_evidence() {
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

fn terminal_keys() {
    let seeds = Seeds::of("evidence");
    let public = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    seeds.write("key", &[0x80], public.public_key().as_ref());
    seeds.write("small-order", &[0x80], &[0; 32]);
    seeds.write("no-point", &[0x80], &[0xff; 32]);
    seeds.write("p256", &[0x80], &[1, 0, 1, 1, 7, 0]);
}

/// What a connector may put into its folder, step by step; see the target.
fn folders() {
    let seeds = Seeds::of("folders");
    let with = |step: u8, question: u8, kind: u8, contents: &str| {
        let len = u16::try_from(contents.len()).unwrap().to_be_bytes();
        [&[question << 4 | step, kind], &len[..], contents.as_bytes()].concat()
    };
    let put = |question: u8, kind: u8, contents: &str| with(0, question, kind, contents);
    // Two rounds, 400 ms apart; then it is read, unpacked, settled, looked for again, and known after a restart.
    let ends = |question: u8| {
        let at = |step: u8| question << 4 | step;
        [
            1,
            4,
            1,
            4,
            at(3),
            at(15),
            at(4),
            1,
            4,
            6,
            1,
            4,
            at(3),
            at(14),
        ]
    };
    let answer = |identifier: &str, segment: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><XmlMsg><MessageHeader>\
             <ArbitraryFileIdentifier>{identifier}</ArbitraryFileIdentifier>\
             <SegmentOfResult>{segment}</SegmentOfResult></MessageHeader><MessageBody/></XmlMsg>"
        )
    };
    let received = "<XmlMsg><ReceptionNumber>R1</ReceptionNumber></XmlMsg>";
    let whole = answer("\u{1}", "1");
    let cdata = whole.replace("\u{1}", "<![CDATA[\u{1}]]>");
    let twice_said = whole.replace("<MessageBody/>", "<SegmentOfResult>2</SegmentOfResult>");
    for (name, question, kind, contents) in [
        ("answer", 0, 0, whole.clone()),
        ("capitals", 0, 8, whole.clone()),
        ("accepted", 1, 0, answer("\u{2}", "1")),
        ("result", 2, 0, received.to_owned()),
        ("other", 0, 0, answer("\u{2}", "1")),
        ("processing", 0, 0, answer("\u{1}", "2")),
        ("cdata", 0, 0, cdata),
        ("said-twice", 0, 0, twice_said),
        ("no-text", 0, 0, " ".to_owned()),
        ("rejected", 0, 4, "E001".to_owned()),
        ("archive", 2, 2, "PK\u{5}\u{6}".to_owned()),
        ("pdf", 0, 3, "%PDF-1.7 %%EOF".to_owned()),
        ("pdf-open", 0, 3, "%PDF-1.7".to_owned()),
        ("face", 0, 7, whole.clone()),
        ("folder", 0, 0x80, String::new()),
        ("link", 0, 0xc0, String::new()),
        ("socket", 0, 0x20, String::new()),
    ] {
        for flags in [0, 1, 2, 5, 25] {
            let steps = [put(question, kind, &contents), ends(question).to_vec()].concat();
            seeds.write(&format!("{name}-{flags}"), &[flags], &steps);
            // The disk fails at one of the calls.
            for at in [0, 2, 4, 6, 7, 8, 9] {
                for fault in [0, 1, 3] {
                    let mut steps = put(question, kind, &contents);
                    let after = ends(question);
                    steps.extend(&after[..at]);
                    steps.extend([9, fault]);
                    steps.extend(&after[at..]);
                    if flags < 3 {
                        let name = format!("{name}-{flags}-fault-{at}-{fault}");
                        seeds.write(&name, &[flags], &steps);
                    }
                }
            }
        }
    }
    let half = put(0, 0, &whole[..whole.len() / 2]);
    let twice = [put(0, 0, &whole), put(0, 8, &whole)].concat();
    let differ = [put(0, 0, &whole), put(0, 8, &answer("\u{1}", "9"))].concat();
    let late = [vec![2, 5], put(0, 0, &whole)].concat();
    let cancelled = [vec![5], put(0, 0, &whole)].concat();
    let damaged = [put(0, 0, &whole), vec![1, 4, 7, 0, 3, 0, 90, b'x']].concat();
    let torn = [put(0, 0, &whole), vec![1, 4, 7, 0, 3, 0xff, 0xff, 0]].concat();
    let changing = [
        put(0, 0, &whole),
        vec![1, 4],
        put(0, 0, &answer("\u{1}", "9")),
    ]
    .concat();
    let gone = [put(0, 0, &whole), vec![1, 4, 11, 8, 1, 4, 11, 8]].concat();
    // The request beside its rejection; the same again after it was settled, and another then.
    let copied = [put(0, 4, "E001"), put(0, 0x26, ""), vec![1, 4, 1, 4, 4]].concat();
    let copied = [copied, put(0, 0x26, "")].concat();
    let settled = [put(0, 0, &whole), vec![1, 4, 1, 4, 4]].concat();
    let again = [settled.clone(), put(0, 0, &whole)].concat();
    let another = [settled.clone(), put(0, 8, &answer("\u{1}", "9"))].concat();
    let changed = [&put(0, 0, &whole)[..], &[1, 4, 1, 4], &put(0, 0, "x"), &[4]].concat();
    let read_changed = [&put(0, 0, &whole)[..], &[1, 4, 1, 4], &put(0, 0, "x"), &[3]].concat();
    let taken = vec![11, 0, 2, 200, 2, 255];
    let out = vec![2, 255, 2, 255];
    for (name, steps) in [
        ("half", half),
        ("twice", twice),
        ("differ", differ),
        ("late", late),
        ("cancelled", cancelled),
        ("damaged", damaged),
        ("torn", torn),
        ("changing", changing),
        ("gone", gone),
        ("copied", copied),
        ("again", again),
        ("another", another),
        ("changed", changed),
        ("read-changed", read_changed),
        ("taken", taken),
        ("timed-out", out),
    ] {
        for flags in [1, 2, 5] {
            let steps = [steps.clone(), ends(0).to_vec()].concat();
            seeds.write(&format!("{name}-{flags}"), &[flags], &steps);
        }
    }
    // In archives, and larger than is held in memory or than allowed.
    for (question, contents) in [
        (0, whole.as_str()),
        (1, &answer("\u{2}", "1")),
        (2, received),
    ] {
        for kind in 0..16 {
            let steps = [with(13, question, kind, contents), ends(question).to_vec()].concat();
            seeds.write(&format!("packed-{question}-{kind}"), &[1], &steps);
            if kind & 3 != 0 || kind == 0 {
                let steps = [with(12, question, kind, contents), ends(question).to_vec()].concat();
                seeds.write(&format!("large-{question}-{kind}"), &[2], &steps);
            }
        }
    }
    // What others do to the folders: before a question, before its answer, and before it is settled; then undone.
    for kind in 0..20 {
        let put = put(0, 0, &whole);
        let over = ends(0);
        for (name, steps) in [
            (
                "first",
                [&[11, kind][..], &[10, 0, 1, 4, 11, kind], &put, &over].concat(),
            ),
            (
                "then",
                [
                    &put[..],
                    &over[..4],
                    &[11, kind],
                    &over[4..],
                    &[11, kind, 6, 14],
                    &over,
                ]
                .concat(),
            ),
            (
                "late",
                [&put[..], &[11, kind, 1, 4, 1, 4, 2, 30, 11, kind], &over].concat(),
            ),
            (
                "cancelled",
                [&[11, kind, 5, 6, 11, kind][..], &put, &over].concat(),
            ),
        ] {
            for flags in [1, 2, 5] {
                seeds.write(
                    &format!("disturbed-{kind}-{name}-{flags}"),
                    &[flags],
                    &steps,
                );
            }
        }
    }
    // More questions, of each kind; the last one's answer is found. And the first ones asked again.
    for which in 0..2 * u8::try_from(messages::QUESTIONS.len()).unwrap() {
        for fault in [0, 1, 2, 3] {
            let answered = [put(3, 0, &answer("\u{4}", "1")), ends(3).to_vec()].concat();
            let steps = [&[9, fault, 10, which][..], &answered].concat();
            seeds.write(&format!("asked-{which}-{fault}"), &[fault | 8], &steps);
        }
    }
    // With a name that is taken, at each of its stations; then without.
    for kind in [10, 11, 12, 13] {
        let steps = [
            11, kind, 10, 0x81, 1, 4, 6, 14, 11, kind, 10, 0x83, 1, 4, 14,
        ];
        for flags in [1, 9] {
            seeds.write(&format!("taken-{kind}-{flags}"), &[flags], &steps);
        }
    }
    for question in 0..3 {
        let asked_again = [10, 1 | question << 1, question << 4 | 10, 3];
        seeds.write(&format!("asked-again-{question}"), &[1], &asked_again);
    }
    // The same answer again and again, each settled, until the journal is written anew; then time enough to forget.
    let mut cycles = vec![5 | 1 << 4];
    for _ in 0..6 {
        cycles.extend(put(0, 0, &whole));
        cycles.extend([1, 4, 1, 4, 4]);
    }
    cycles.extend([2, 255, 2, 255]);
    for _ in 0..3 {
        cycles.extend(put(0, 0, &whole));
        cycles.extend([1, 4, 1, 4, 4]);
    }
    for (name, end) in [
        ("again", vec![6, 14]),
        ("fault", vec![9, 0, 1, 4, 1, 4]),
        ("room", vec![9, 1, 1, 4, 1, 4]),
    ] {
        for flags in [1, 2, 9] {
            let steps = [cycles.clone(), end.clone()].concat();
            seeds.write(&format!("compacted-{name}-{flags}"), &[flags], &steps);
        }
    }
    // A hundred names are taken where it is to be moved to.
    let full = [&put(0, 0, &whole)[..], &[11, 9, 11, 14], &ends(0)].concat();
    seeds.write("moved-full", &[2], &full);
    // Nobody may read the answer, at each of its stations.
    for at in [0, 2, 4, 6, 7] {
        for flags in [1, 2] {
            let (before, after) = (ends(0)[..at].to_vec(), ends(0)[at..].to_vec());
            let denied = vec![11, 17, 9, 3, 1, 4, 9, 3, 1, 4, 9, 3, 3, 9, 3, 4, 9, 3, 1, 4];
            let steps = [put(0, 0, &whole), before, denied, vec![11, 18], after].concat();
            seeds.write(&format!("denied-{at}-{flags}"), &[flags], &steps);
        }
    }
    // The journal's first line, and one in the middle.
    for at in [0, 3, 30, 90, 100, 200] {
        let steps = [
            &put(0, 0, &whole)[..],
            &[1, 4, 1, 4, 4, 7, 0, 3, 0, at, b'x', 6, 1, 4],
        ]
        .concat();
        seeds.write(&format!("damaged-{at}"), &[1], &steps);
    }
    // As a service: asked, asked again, polled, answered, polled twice; and the other ends.
    let about = |born: &str, identifier: &str| {
        format!(
            "<XmlMsg><MessageHeader><ArbitraryFileIdentifier>{identifier}</ArbitraryFileIdentifier><SegmentOfResult>1</SegmentOfResult>\
             </MessageHeader><MessageBody><ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>1</QualificationValidity>\
             <ResultList><ResultOfQualificationConfirmation><InsuredBirthday>{born}</InsuredBirthday><Birthdate>{born}</Birthdate>\
             </ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>"
        )
    };
    let own = "\u{4}";
    for (name, answer) in [
        ("right", put(3, 0, &about("19800401", own))),
        ("person", put(3, 0, &about("19780102", own))),
        (
            "echo",
            put(
                3,
                0,
                &about("19800401", "x").replace("Arbitrary", "arbitrary"),
            ),
        ),
        (
            "unreadable",
            put(
                3,
                0,
                &about("19800401", own).replace("<MessageBody>", "<MessageBody><![CDATA[1]]>"),
            ),
        ),
        ("packed", with(13, 3, 0, &about("19800401", own))),
        ("rejected", put(3, 4, "E1")),
        ("nothing", vec![2, 200]),
        ("taken", vec![11, 0, 2, 200]),
        ("cancelled", vec![8, 3]),
        ("given-up", vec![0x35]),
        (
            "differ",
            [
                put(3, 0, &about("19800401", own)),
                put(3, 8, &about("19780102", own)),
            ]
            .concat(),
        ),
    ] {
        for (at, fault) in [(0, 2), (2, 0), (4, 0), (6, 0), (2, 1), (4, 1), (6, 1)] {
            let polls = [8, 2, 1, 4, 8, 2, 1, 4, 8, 2, 8, 2];
            let (before, after) = polls.split_at(at);
            let polls = [before, &[9, fault], after].concat();
            let steps = [&[8, 0, 8, 1][..], &answer, &polls, &[14, 8, 0]].concat();
            seeds.write(
                &format!("service-{name}-{at}-{fault}"),
                &[1 + fault],
                &steps,
            );
        }
    }
    for fault in 0..3 {
        seeds.write(
            &format!("service-fault-{fault}"),
            &[1],
            &[9, fault, 8, 0, 8, 2, 8, 3],
        );
    }
}

fn reports() {
    let seeds = Seeds::of("report");
    for (which, charset) in [(0, Charset::Utf8), (4, Charset::ShiftJis)] {
        let name = charset.name();
        let full = encode(full::FULL, charset).unwrap();
        seeds.write(&format!("full-{name}"), &[0], &full);
        seeds.write(&format!("edits-{name}"), &[1 + which], &[0]);
        for seed in 0..24_u8 {
            // Enough of the same few bytes for reports from empty to long.
            let bytes: Vec<u8> = (0..u32::from(seed) * 40)
                .map(|i| (i * 37 + u32::from(seed) * 101 + i * i / 7).to_le_bytes()[0])
                .collect();
            let code = CharacterCode::from_code(charset.code());
            let file = write_report(&any::report(&bytes, code), charset).unwrap();
            seeds.write(&format!("any-{name}-{seed}"), &[0], file.as_bytes());
            seeds.write(
                &format!("bytes-{name}-{seed}"),
                &[2 + which],
                &[&bytes[..], &[0]].concat(),
            );
        }
    }
    let header = "<XmlMsg><MessageHeader><SegmentOfResult>9</SegmentOfResult><ErrorCode>E1</ErrorCode>\
        </MessageHeader></XmlMsg>";
    seeds.write("header", &[0], header.as_bytes());
    let wrong = full::FULL
        .replace("Pharmacists", "Pharmaceutical")
        .replace("202", "20a");
    seeds.write("wrong", &[0], wrong.as_bytes());
}

/// Answers about many people.
fn bulks() {
    let seeds = Seeds::of("bulk");
    let begin = full::FULL
        .find("<ResultOfQualificationConfirmation>")
        .unwrap();
    let end = full::FULL.find("</ResultList>").unwrap();
    let whole = messages::bulk(2, &full::FULL[begin..end]);
    let short =
        "<ResultOfQualificationConfirmation><Name>見本</Name></ResultOfQualificationConfirmation>";
    for (which, charset) in [(0, Charset::Utf8), (4, Charset::ShiftJis)] {
        let name = charset.name();
        let write = |kind: &str, how: u8, pieces: u8, text: &str| {
            let file = encode(text, charset).unwrap();
            seeds.write(&format!("{kind}-{name}"), &[how, pieces], &file);
        };
        write("whole", 0, 6, &whole);
        write("many", 0, 200, &messages::bulk(900, short));
        write("registrations", 16, 3, messages::REGISTRATIONS);
        write("empty", 0, 3, &messages::bulk(0, ""));
        let (header, rest) = whole.split_once("<MessageBody>").unwrap();
        let (top, header) = header.split_once("<MessageHeader>").unwrap();
        let body = rest.trim_end().strip_suffix("</XmlMsg>").unwrap();
        let turned = format!("{top}<MessageBody>{body}<MessageHeader>{header}</XmlMsg>");
        write("header-last", 0, 60, &turned);
        write(
            "header-alone",
            0,
            1,
            &format!("{top}<MessageHeader>{header}</XmlMsg>"),
        );
        for (at, (from, to)) in [
            ("</XmlMsg>", "</XmlMsg><XmlMsg/>"),
            ("<MessageBody>", "<MessageBody><![CDATA[x]]>"),
            ("<MessageBody>", "<MessageBody><New><A x='>'>1</A><B/></New>"),
            ("<XmlMsg>", "<!DOCTYPE x []><XmlMsg>"),
            ("<XmlMsg>", "<?php?><XmlMsg>"),
            ("<XmlMsg>", "<Other>"),
            ("</MessageBody>", "</MessageBod>"),
            ("</MessageBody>", "<1/></MessageBody>"),
            ("</MessageBody>", ""),
            ("</BulkConfirmUnit>", "</BulkConfirmUnits ></BulkConfirmUnit >"),
            ("<!-- - -->", "<!-- \u{1} -->"),
            ("</MessageHeader>", "</MessageHeader><MessageHeader/>"),
            ("<MessageBody>", "<MessageBody/><MessageBody>"),
            ("<QualificationValidity>", "<Nam>3</Nam><QualificationValidity>"),
            ("<Name>", "<Name><!-- </BulkConfirmUnit> -->"),
            (
                "<QualificationConfirmSearchInfo>",
                "<QualificationConfirmSearchInfo><Birthdate>1</Birthdate></QualificationConfirmSearchInfo><QualificationConfirmSearchInfo>",
            ),
        ]
        .into_iter()
        .enumerate()
        {
            write(&format!("wrong-{at}"), 0, 30, &whole.replacen(from, to, 1));
        }
        for of in 0..4 {
            seeds.write(
                &format!("edits-{of}-{name}"),
                &[1 | of << 2 | (of & 2) << 3, 9],
                &[0x40, 0, 1, 1, 7, 0],
            );
        }
        seeds.write(&format!("repeated-{name}"), &[2 | which, 255], &[0]);
        seeds.write(
            &format!("spelled-{name}"),
            &[3 | which, 2],
            &[23, 0, 2, 14, 3, 4, 6, 16, 7, 5, 1],
        );
        seeds.write(
            &format!("spelled-more-{name}"),
            &[3 | which, 2],
            &[
                31, 20, 0, 17, 24, 25, 18, 4, 19, 19, 6, 10, 16, 11, 12, 13, 7, 20, 5, 2, 3, 1,
            ],
        );
    }
    let many = messages::bulk(1, short).replace(
        "<MessageBody>",
        &format!("<MessageBody>{}", "<New/>".repeat(1001)),
    );
    seeds.write("many-unread", &[0, 255], many.as_bytes());
    let long = messages::bulk(1, short).replace(
        "<MessageBody>",
        &format!("<MessageBody><!--{}-->", "x".repeat(2 << 20)),
    );
    seeds.write("long", &[0, 255], long.as_bytes());
}

/// The messages beside reports.
fn medicals() {
    let seeds = Seeds::of("medical");
    let rest = [
        messages::MEDICINES,
        messages::CHECKUPS,
        messages::REGISTRATION,
        messages::ACCEPTED,
        "資格確認要求ファイルが不正です。\r\nE-12 見本\u{7}",
    ];
    let questions = (0..messages::QUESTIONS.len()).map(|of| messages::question(of).2);
    let all = rest.into_iter().map(str::to_owned).chain(questions);
    // 63, 62: the question's own family.
    for (which, text) in (0..).zip(all) {
        for (bit, charset) in [(0, Charset::Utf8), (2, Charset::ShiftJis)] {
            let name = format!("{which}-{}", charset.name());
            let file = encode(&text, charset).unwrap();
            seeds.write(&name, &[which, 0xfc], &file);
            seeds.write(
                &format!("{name}-edits"),
                &[which, 0xfd | bit],
                &[0x40, 0, 1, 1, 7, 0],
            );
            for (at, part) in [
                "<MessageHeader>",
                "</MessageHeader>",
                "<MessageBody>",
                "</MessageBody>",
            ]
            .iter()
            .enumerate()
            {
                let more = text.replacen(part, &format!("{part}<New><A>1</A><B/></New>"), 1);
                seeds.write(
                    &format!("{name}-more-{at}"),
                    &[which, 0xfc],
                    &encode(&more, charset).unwrap(),
                );
            }
        }
        for (at, (from, to)) in [
            ("Date>", "Dat>"),
            ("<MessageBody>", "<MessageBody/><MessageBody>"),
            (">1<", ">x<"),
            (">2<", "><"),
            ("20261", "2026-"),
            ("InsurerNumber>", "InsurerNumbe>"),
            ("XmlMsg>", "Xml>"),
            ("Name>", "ResultCode>"),
            ("202601", "202612"),
            (">1234<", ">123456789012<"),
            ("ReceptionNumber>", "ReceptionNumbers>"),
            (
                "<MessageHeader>",
                "<MessageHeader><ArbitraryFileIdentifier>x y</ArbitraryFileIdentifier>",
            ),
        ]
        .into_iter()
        .enumerate()
        {
            seeds.write(
                &format!("{which}-wrong-{at}"),
                &[which, 0xfc],
                text.replace(from, to).as_bytes(),
            );
        }
        // As a question of each family.
        for family in 0..16 {
            seeds.write(
                &format!("{which}-family-{family}"),
                &[which, family << 2],
                text.as_bytes(),
            );
        }
    }
    for text in ["E1234 x", "12345678", "123456 x", " "] {
        seeds.write(&format!("rejected-{text}"), &[4, 0], text.as_bytes());
    }
    seeds.write("rejected-long", &[4, 0], &[b'x'; 70_000]);
}

/// Archives: as they come, edited, and made of what follows.
fn archives() {
    let seeds = Seeds::of("archive");
    let packed = |entries: &[(&str, &[u8])], method| {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        for (name, bytes) in entries {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let name = "OQSmuquc02res_1.xml";
    let (deflated, stored) = (
        zip::CompressionMethod::Deflated,
        zip::CompressionMethod::Stored,
    );
    let text = b"<XmlMsg>0123456789</XmlMsg>".repeat(9);
    let good = packed(&[(name, &text)], deflated);
    let directory = good.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    let end = good.len() - 22;
    let changed = |at: usize, to: &[u8]| {
        let mut file = good.clone();
        file[at..at + to.len()].copy_from_slice(to);
        file
    };
    let mut zip64 = good.clone();
    zip64.splice(end..end, [&b"PK\x06\x07"[..], &[0; 16]].concat());
    let many: Vec<String> = (0..3000).map(|n| n.to_string()).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let mut large = packed(&many, stored);
    let large_end = large.len() - 22;
    large[large_end + 8..large_end + 12].copy_from_slice(&[1, 0, 1, 0]);
    let mut link = zip::ZipWriter::new(Cursor::new(Vec::new()));
    link.add_symlink(
        name,
        "/etc/passwd",
        zip::write::SimpleFileOptions::default(),
    )
    .unwrap();
    for (kind, file) in [
        ("good", good.clone()),
        ("stored", packed(&[(name, &text)], stored)),
        ("bomb", packed(&[(name, &vec![b' '; 2 << 20])], deflated)),
        ("two", packed(&[(name, &text), ("x", b"2")], deflated)),
        ("none", packed(&[], deflated)),
        ("link", link.finish().unwrap().into_inner()),
        ("encrypted", changed(directory + 8, &[1])),
        ("method", changed(directory + 10, &[12])),
        ("lies", changed(directory + 24, &[9, 0, 0, 0])),
        ("crc", changed(directory + 16, &[9])),
        ("says-two", changed(end + 8, &[2])),
        ("begin", changed(end + 16, &[9])),
        ("comment", changed(end + 20, &[9])),
        ("entry", changed(directory, b"XX")),
        ("offset", changed(directory + 42, &[9])),
        ("zip64", zip64),
        ("large-directory", large),
        ("text", b"<XmlMsg/>".to_vec()),
        ("cut", good[..good.len() - 30].to_vec()),
    ] {
        seeds.write(&format!("{kind}-small"), &[0, 6], &file);
        // The same cap, and the disk fails later and later.
        for calls in 0..8 {
            let cap = 30 + 31 * calls;
            seeds.write(&format!("{kind}-{calls}"), &[0, cap], &file);
        }
    }
    for of in 0..4 {
        seeds.write(
            &format!("edits-{of}"),
            &[1 | of << 2, 20],
            &[0x40, 0, 1, 1, 7, 0],
        );
    }
    for how in 0..64 {
        seeds.write(
            &format!("made-{how}"),
            &[3 | how << 2, 20],
            b"<XmlMsg>1234</XmlMsg>",
        );
    }
}

/// Documents, and all the markup that there is.
fn xml() {
    let seeds = Seeds::of("xml");
    let odd = "<?xml version='1.0'?><!-- c --><a x='/>'><b >1&amp;&#x32;&lt;</b ><![CDATA[<3>]]><c y=\">\"/>\r\n<見本/></a>";
    for (which, leaves) in [0, u64::MAX, 0x5A5A_5A5A_5A5A_5A5A].into_iter().enumerate() {
        let head = leaves.to_le_bytes();
        seeds.write(&format!("full-{which}"), &head, full::FULL.as_bytes());
        seeds.write(&format!("odd-{which}"), &head, odd.as_bytes());
        let doctype = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a><?x y?>";
        seeds.write(&format!("doctype-{which}"), &head, doctype.as_bytes());
    }
}

/// Who checks in, who is awaited, and when is looked; see the target.
fn face() {
    let seeds = Seeds::of("face");
    let rounds = [2, 4, 2, 4, 2, 4];
    for how in 0..=255_u8 {
        // A right file of somebody, about whom the desk asks before or after.
        let file = [0, 6, 128, how];
        for (name, step) in [("first", 5), ("other", 13), ("number", 37)] {
            let before = [&[step, 3][..], &file, &rounds, &[4, 7], &rounds].concat();
            let after = [&file[..], &rounds, &[step, 3], &rounds, &[4]].concat();
            seeds.write(&format!("{name}-before-{how}"), &[how & 15], &before);
            seeds.write(&format!("{name}-after-{how}"), &[how & 15], &after);
        }
    }
    for kind in 0..8_u8 {
        for flags in 0..16 {
            let one = [
                kind << 3,
                kind,
                128,
                12,
                0x40,
                0,
                1,
                1,
                7,
                0,
                0x90,
                1,
                2,
                2,
                b'x',
                0,
            ];
            let steps = [
                &one[..],
                &rounds,
                &[0, 6, 130, 0],
                &rounds,
                &[4, 3, 30, 7],
                &rounds,
            ];
            seeds.write(&format!("kind-{kind}-{flags}"), &[flags], &steps.concat());
        }
    }
    // A right result is delivered and settled; before, between and afterwards others do something to the folder.
    let file = [0, 6, 128, 16];
    let again = [7 | 10 << 3];
    let disturb = |kind: u8| match kind {
        1 => vec![
            vec![7 | 1 << 3, 0],
            vec![7 | 1 << 3, 1],
            vec![7 | 1 << 3, 3],
        ],
        8 => vec![vec![7 | 8 << 3, 0], vec![7 | 8 << 3, 1]],
        // For a while, and for too long.
        12 => vec![
            [
                7 | 12 << 3,
                7 | 1 << 3,
                3,
                2,
                4,
                7 | 1 << 3,
                3,
                2,
                4,
                7 | 1 << 3,
                3,
                3,
                9,
            ]
            .to_vec(),
            [
                7 | 12 << 3,
                7 | 1 << 3,
                3,
                2,
                4,
                7 | 1 << 3,
                3,
                2,
                4,
                7 | 13 << 3,
            ]
            .to_vec(),
        ],
        14 => (0..4).map(|how| vec![7 | 14 << 3, how, 16]).collect(),
        5 => vec![vec![7 | 5 << 3, 200]],
        7 => vec![
            vec![7 | 7 << 3, 0],
            vec![7 | 7 << 3, 1],
            vec![7 | 7 << 3, 9],
        ],
        9 => vec![vec![7 | 9 << 3, 30]],
        11 => vec![
            [
                &[7 | 11 << 3, 21][..],
                b"OQSsiquc01res_face_12",
                &[2, b'x', b'x'],
            ]
            .concat(),
            [&[7 | 11 << 3, 14][..], b"OQSsiquc03res_", &[2, b'x', b'x']].concat(),
            [&[7 | 11 << 3, 12][..], b"OQSsiquc01xx", &[0]].concat(),
            [&[7 | 11 << 3, 21][..], b"OQSsiquc01req_1.xml..", &[0]].concat(),
        ],
        // A folder, twice: it comes back.
        kind => vec![vec![7 | kind << 3]],
    };
    for kind in 1..15 {
        for (at, steps) in disturb(kind).into_iter().enumerate() {
            for flags in [1, 2, 8, 0x11, 0x12] {
                for (name, parts) in [
                    (
                        "first",
                        vec![&steps[..], &rounds, &steps, &file, &rounds, &[4], &rounds],
                    ),
                    (
                        "then",
                        vec![
                            &file,
                            &[2, 4],
                            &steps,
                            &rounds,
                            &steps,
                            &rounds,
                            &[4],
                            &rounds,
                        ],
                    ),
                    (
                        "late",
                        vec![
                            &file,
                            &rounds,
                            &steps,
                            &[4],
                            &rounds,
                            &[3, 20],
                            &rounds,
                            &steps,
                            &rounds,
                        ],
                    ),
                    (
                        "after",
                        vec![
                            &file,
                            &rounds,
                            &[4],
                            &rounds,
                            &steps,
                            &file,
                            &rounds,
                            &rounds,
                            &steps,
                            &rounds,
                        ],
                    ),
                    (
                        "again",
                        vec![
                            &file,
                            &rounds,
                            &again,
                            &steps,
                            &rounds,
                            &[4],
                            &again,
                            &rounds,
                            &file,
                            &rounds,
                        ],
                    ),
                    (
                        "other",
                        vec![
                            &file,
                            &rounds,
                            &steps,
                            &[0, 6, 128, 1],
                            &rounds,
                            &[4],
                            &rounds,
                        ],
                    ),
                    ("gone", vec![&file, &[2, 4], &[0, 3, 128], &steps, &rounds]),
                    (
                        "waits",
                        vec![&steps, &file, &[2, 4, 2, 40, 3, 20, 3, 60], &rounds],
                    ),
                ] {
                    let name = format!("disturbed-{kind}-{at}-{name}-{flags}");
                    seeds.write(&name, &[flags], &parts.concat());
                }
            }
        }
    }
    // It changes for longer than is waited for; it takes another thing's place.
    let mut changing = [&file[..], &[2, 4]].concat();
    for second in 0..12_u8 {
        changing.extend([7 | 14 << 3, 1, second, 3, 5]);
    }
    seeds.write("changing", &[1], &changing);
    // Very many, which come and go.
    let many = [7 | 5 << 3, 200];
    let crowd = [
        &many[..],
        &[2, 4, 2, 4, 2, 1, 2, 4],
        &file,
        &rounds,
        &[4],
        &rounds,
        &many,
        &rounds,
    ];
    let opened = [&many[..], &rounds, &[7, 2, 4]].concat();
    seeds.write("too-full", &[8], &opened);
    for flags in [0, 1, 2, 8] {
        seeds.write(&format!("crowd-{flags}"), &[flags], &crowd.concat());
        let mut few = vec![7 | 5 << 3, 63, 2, 4, 2, 4];
        for _ in 0..6 {
            few.extend([&file[..], &rounds, &[4], &rounds].concat());
        }
        seeds.write(&format!("few-{flags}"), &[flags], &few);
    }
    let replaced = [&file[..], &rounds, &[0, 0x0c, 128], &rounds, &[4], &rounds].concat();
    for flags in [0, 1, 2] {
        seeds.write(&format!("replaced-{flags}"), &[flags], &replaced);
    }
}

/// Visits at each desk in which the n-th sensible thing happens each time, at once or after a while; and with one other event
/// in the middle.
fn check_ins() {
    let seeds = Seeds::of("checkin");
    for desk in 0..16_u8 {
        for which in 0..6_u8 {
            for wait in [0, 0x43, 0x5F] {
                let visit = [wait, which].repeat(40);
                seeds.write(&format!("{desk}-{which}-{wait}"), &[desk], &visit);
            }
        }
        for at in 2..14 {
            let mut visit = [0, 0].repeat(40);
            let other = [0x80, at * 17 + desk];
            visit.splice(usize::from(at) * 2..usize::from(at) * 2, other);
            seeds.write(&format!("{desk}-other-{at}"), &[desk], &visit);
        }
    }
}

#[test]
#[ignore = "writes fuzz/seeds"]
fn write_the_seeds() {
    certificates();
    chains();
    card_face();
    lists();
    answers();
    all_evidence();
    terminal_keys();
    folders();
    reports();
    bulks();
    medicals();
    archives();

    xml();
    face();
    check_ins();
}
