//! Evidence from anybody: no panic, positions inside the input, memory within bounds; what is read is written as the same bytes, and
//! nothing holds but what a simulated key and a known terminal signed.
//!
//! The first byte chooses: evidence as it comes, or edits of good ones, with each kind of message and with each kind of terminal's key;
//! or bytes as terminals' keys.

#![no_main]

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use ring::{
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};
use uketsuke::{
    Realm, Realms, VisitId,
    card::{AuthPin, Card, Jpki, LastTry, SecretKind},
    eligibility::Identified,
    simulation::{
        CardOptions, CertificateSpec, Generation, Persona, VirtualCard, VirtualPki, VirtualReader,
    },
    transport::Reader,
    trust::{
        Challenge, Claims, Evidence, EvidenceError, GraceRule, Roots, SignatureAlgorithm,
        SignedFields, Standing, TerminalKey, verify_signature,
    },
};
use uketsuke_fuzz::{counted, edited, naive};

const LABEL: &[u8] = b"uketsuke/1 evidence\0";
const FIELDS: usize = 8;

static ROOTS: LazyLock<Roots> = LazyLock::new(Roots::simulation);
static ED25519: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a seed"));
static P256: LazyLock<EcdsaKeyPair> = LazyLock::new(|| {
    let (by, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let document = EcdsaKeyPair::generate_pkcs8(by, &random).expect("randomness");
    EcdsaKeyPair::from_pkcs8(by, document.as_ref(), &random).expect("a key")
});
static TERMINALS: LazyLock<[TerminalKey; 2]> = LazyLock::new(|| {
    let ed25519 = ED25519.public_key().as_ref().try_into().expect("32 bytes");
    let p256 = P256.public_key().as_ref().try_into().expect("65 bytes");
    [TerminalKey::ed25519(ed25519), TerminalKey::p256(p256)].map(|key| key.expect("a key"))
});
static GOOD: LazyLock<[Vec<u8>; 4]> = LazyLock::new(|| {
    let [first, second, third] = written();
    [first, second, third, made()]
});

/// Written by what the documentation says, not by the library.
fn written() -> [Vec<u8>; 3] {
    let certificate = VirtualPki::new().authentication_certificate(&CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().expect("a time"),
        not_after: "2029-04-01T14:59:59Z".parse().expect("a time"),
        generation: Generation::Third,
        defect: None,
    });
    let second = now().as_second().to_be_bytes();
    let own: [&[u8]; 4] = [b"reception-1", b"check-in", &second, &[7; 32]];
    let own = fields(b"uketsuke/1 challenge\0", &own);
    let centre = fields(b"uketsuke/1 centre\0", &[&[9; 16]]);
    let [of_own, of_centre] = [&own, &centre].map(|message| sign(message));
    let bare: [&[u8]; FIELDS] = [&certificate, &centre, &of_centre, &[], &[], &[], &[], &[]];
    let mut full: [&[u8]; FIELDS] = bare;
    full[1..7].copy_from_slice(&[&own, &of_own, &second, b"reception-1", &[3], &[1]]);
    let unsigned = fields(LABEL, &full[..7]);
    let by_ed25519 = ED25519.sign(&unsigned);
    let by_p256 = P256.sign(&SystemRandom::new(), &unsigned);
    let by_p256 = by_p256.expect("a signature");
    full[7] = by_ed25519.as_ref();
    let first = fields(LABEL, &full);
    full[7] = by_p256.as_ref();
    [first, fields(LABEL, &full), fields(LABEL, &bare)]
}

/// By a visit of a virtual card, with a centre's bytes, so that it is the same each time.
fn made() -> Vec<u8> {
    let persona = Persona::named("in-order").expect("a persona");
    let card = VirtualCard::new(persona, CardOptions::default(), now());
    let mut reader = VirtualReader::new();
    reader.insert(card);
    let visit = VisitId::begin();
    let mut card = Card::new(reader.connect().expect("a card"), visit);
    let mut jpki = card.open::<Jpki>().expect("JPKI");
    let certificate = jpki
        .authentication_certificate(&mut |_| ())
        .expect("EF 000A");
    let chain = ROOTS
        .validate_authentication(&certificate, Realms::simulation(), now(), GraceRule::None)
        .expect("a good chain");
    let left = jpki.tries_left(SecretKind::AuthPin).expect("a count");
    let pin = AuthPin::parse(&CardOptions::default().auth_pin).expect("four digits");
    let budget = left.budget(LastTry::Refuse).expect("tries");
    let _right = jpki.verify_pin(pin, budget).expect("the right one");
    let life = SignedDuration::from_secs(60);
    let challenge = Challenge::from_centre_bytes(visit, &[8; 32], now(), life).expect("32 bytes");
    let input = challenge.signature_input();
    let signature = jpki.sign_authentication(&input).expect("a signature");
    let signed = challenge.verify(&chain, signature, now()).expect("its key");
    let mut claims = Claims::default();
    claims.claimed_method = Some(Identified::Face);
    let evidence = Evidence::of(&chain, &signed, claims).expect("one session");
    let bytes = evidence.to_bytes().to_vec();
    let centre = fields(b"uketsuke/1 centre\0", &[&[8; 32]]);
    let signed = &signed.signed().signature;
    let parts: [&[u8]; FIELDS] = [certificate.der(), &centre, signed, &[], &[], &[], &[2], &[]];
    assert_eq!(bytes, fields(LABEL, &parts));
    bytes
}

/// As the card does.
fn sign(message: &[u8]) -> Vec<u8> {
    // DigestInfo of SHA-256 up to the digest (RFC 8017 §9.2, note 1).
    let info = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    let input = [&info, digest(&SHA256, message).as_ref()].concat();
    VirtualPki::new().raw_sign(false, &input).expect("a digest")
}

/// A label, and fields behind their lengths.
fn fields(label: &[u8], fields: &[&[u8]]) -> Vec<u8> {
    let mut bytes = label.to_vec();
    for field in fields {
        bytes.extend((field.len() as u32).to_be_bytes());
        bytes.extend_from_slice(field);
    }
    bytes
}

/// The way back, of what the library has read.
fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut rest = &bytes[LABEL.len()..];
    let mut all = Vec::new();
    while let Some((len, after)) = rest.split_first_chunk::<4>() {
        let (field, after) = after.split_at(u32::from_be_bytes(*len) as usize);
        all.push(field);
        rest = after;
    }
    assert_eq!((all.len(), rest.len()), (FIELDS, 0));
    all
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    let good = &GOOD[usize::from(kind >> 1) % GOOD.len()];
    match kind % 2 {
        0 if kind & 0x80 != 0 => terminal_keys(rest),
        0 => judge(rest, None),
        _ => judge(&edited(good, rest), Some(good)),
    }
});

fn judge(bytes: &[u8], good: Option<&[u8]>) {
    let (read, peak) = counted(|| Evidence::from_bytes(bytes));
    assert!(peak <= bytes.len() + 0x400, "{peak} of {}", bytes.len());
    let evidence = match read {
        Ok(evidence) => evidence,
        Err(error) => return assert!(place(&error) <= bytes.len()),
    };
    let (written, peak) = counted(|| evidence.to_bytes());
    assert_eq!(*written, bytes);
    assert!(peak <= Evidence::MAX_LEN);
    let found = split(bytes);
    assert_eq!(evidence.certificate(), found[0]);
    assert_eq!(evidence.signed().message, found[1]);
    assert_eq!(evidence.signed().signature, found[2]);
    assert!(format!("{evidence:?}").len() < 200);
    claims(&evidence, &found);
    proves(&evidence, good.map(split));
    terminal(evidence, good);
}

/// What it says of itself is what stands there.
fn claims(evidence: &Evidence, found: &[&[u8]]) {
    let claims = evidence.claims();
    let time = claims
        .claimed_time
        .map(|time| time.as_second().to_be_bytes());
    assert_eq!(time.as_ref().map_or(&[][..], |time| time), found[3]);
    let terminal = claims.claimed_terminal.as_ref().map(|name| name.as_str());
    assert_eq!(terminal.unwrap_or_default().as_bytes(), found[4]);
    assert_eq!(claims.claimed_realm.is_some(), !found[5].is_empty());
    assert_eq!(claims.claimed_method.is_some(), !found[6].is_empty());
    assert_eq!(evidence.has_terminal_signature(), !found[7].is_empty());
}

fn proves(evidence: &Evidence, good: Option<Vec<&[u8]>>) {
    let check = |roots: &Roots, realms| evidence.verify(roots, realms, now(), GraceRule::None);
    let Ok(verified) = check(&ROOTS, Realms::simulation()) else {
        return;
    };
    assert_eq!(verified.at(), now());
    assert_eq!(verified.realm(), Realm::Simulation);
    assert_eq!(verified.standing(), Standing::InForce);
    let sha256 = digest(&SHA256, evidence.certificate());
    assert_eq!(verified.digest().as_bytes(), sha256.as_ref());
    let production = Roots::jpki_authentication();
    assert!(check(&Roots::empty(), Realms::simulation()).is_err());
    assert!(check(&production, Realms::production()).is_err());
    let (certificate, signed) = (evidence.certificate(), evidence.signed());
    let valid =
        ROOTS.check_authentication(certificate, Realms::simulation(), now(), GraceRule::None);
    assert!(valid.is_ok());
    let by = SignatureAlgorithm::RsaPkcs1Sha256;
    let key = naive::key_info(certificate);
    assert!(verify_signature(key, by, &signed.message, &signed.signature).is_ok());
    assert!(match evidence.fields() {
        Some(SignedFields::Own { random, .. }) => signed.message.ends_with(random),
        Some(SignedFields::Centre { bytes }) => signed.message.ends_with(bytes),
        _ => false,
    });
    // No other signature of that key is known.
    if let Some(good) = good {
        let forged = [certificate, &signed.message, &signed.signature] != good[..3];
        assert!(!forged, "forged evidence");
    }
}

/// Its signature covers all that comes before it.
fn terminal(evidence: Evidence, good: Option<&[u8]>) {
    let unsigned = |bytes: &[u8]| fields(LABEL, &split(bytes)[..FIELDS - 1]);
    let own = unsigned(&evidence.to_bytes());
    for key in &*TERMINALS {
        match evidence.verify_terminal(key) {
            // A P-256 signature has two forms.
            Ok(claims) => {
                assert_eq!(claims, evidence.claims());
                assert!(
                    good.is_some_and(|good| unsigned(good) == own),
                    "a forged claim"
                );
            }
            Err(EvidenceError::NotSignedByTerminal) => assert!(!evidence.has_terminal_signature()),
            Err(error) => assert_eq!(error, EvidenceError::BadTerminalSignature),
        }
    }
    let sign = |bytes: &[u8]| {
        assert_eq!(bytes, own);
        ED25519.sign(bytes).as_ref().try_into()
    };
    let again = evidence.signed_by_terminal(sign).expect("64 bytes");
    assert!(again.verify_terminal(&TERMINALS[0]).is_ok());
    assert!(again.verify_terminal(&TERMINALS[1]).is_err());
    let read = Evidence::from_bytes(&again.to_bytes()).expect("what was written");
    assert!(read.verify_terminal(&TERMINALS[0]).is_ok());
}

/// Edits of a good point on P-256, and whatever for Ed25519: keys with which nothing verifies that was signed with others.
fn terminal_keys(bytes: &[u8]) {
    let good = P256.public_key().as_ref();
    let evidence = Evidence::from_bytes(&GOOD[0]).expect("a good one");
    if let Ok(point) = <[u8; 65]>::try_from(edited(good, bytes)) {
        let (by, random) = (&ECDH_P256, SystemRandom::new());
        let own = EphemeralPrivateKey::generate(by, &random).expect("randomness");
        let theirs = UnparsedPublicKey::new(by, &point);
        let is_key = agree_ephemeral(own, &theirs, |_| ()).is_ok();
        let key = TerminalKey::p256(point);
        assert_eq!(key.is_ok(), is_key);
        assert!(key.is_err() || point[1..33] == good[1..33], "another point");
    }
    let Some(key) = bytes.first_chunk::<32>() else {
        return;
    };
    if let Ok(key) = TerminalKey::ed25519(*key) {
        let verified = evidence.verify_terminal(&key).is_ok();
        assert_eq!(verified, key == TERMINALS[0]);
    }
}

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().expect("a time")
}

fn place(error: &EvidenceError) -> usize {
    match error {
        EvidenceError::TooLong { position, .. }
        | EvidenceError::Truncated { position, .. }
        | EvidenceError::Field { position, .. }
        | EvidenceError::TrailingBytes { position } => *position,
        other => {
            assert_eq!(*other, EvidenceError::NotEvidence);
            0
        }
    }
}
