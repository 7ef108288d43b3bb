//! Content of the JPKI application (公的個人認証AP).

use super::CardOptions;
use super::file::{Access, Application, Change, File};
use super::life::Life;
use super::secret::CardSecret;
use crate::apdu::StatusWord;
use crate::japan::JAPAN;
use crate::simulation::persona::{CardBody, Persona, PinCondition};
use crate::simulation::pki::{Bearer, CardKey, CertificateSpec, Holder, VirtualPki};
use jiff::Timestamp;

/// No municipality has this number: prefectures end at 47.
const ISSUER: &str = "99999";
/// What the serial numbers of signing certificates begin at.
const SIGNING_SERIALS: u32 = 0x0600_0000;

/// That of a My Number card, or of a phone: there the authentication certificate too is behind the PIN.
pub(super) fn application(persona: &Persona, options: &CardOptions, now: Timestamp) -> Application {
    let life = Life::new(persona.term, now);
    let pki = VirtualPki::new();
    let filler = usize::from(options.filler);
    let bearer = bearer(persona.body);
    let phone = bearer == Bearer::Phone;
    let pin = match persona.body {
        CardBody::Iphone => Access::AfterOrHolder(&[CardSecret::AuthPin]),
        _ => Access::After(&[CardSecret::AuthPin]),
    };
    let key = if phone {
        CardKey::PhoneAuthentication
    } else {
        CardKey::Authentication
    };
    let certificate = authentication(persona, life);
    let signing_flag = if has_signing(persona) { 0x8F } else { 0x00 };
    let mut files = signing_files(persona, life, filler);
    files.extend([
        // 8F: the certificate is there. First the one for signatures, then the one for authentication.
        File::transparent(0x0008, Access::Free, vec![signing_flag, 0x8F, 0x00]),
        File::made(0x000A, if phone { pin } else { Access::Free }, move || {
            filled(
                &pki.authentication_certificate_on(bearer, &certificate),
                filler,
            )
        }),
        File::transparent(
            0x000B,
            Access::Free,
            filled(pki.root(life.generation), filler),
        ),
        File::key(0x0017, key, pin),
        File::reference(0x0018, CardSecret::AuthPin),
    ]);
    if !phone {
        files.extend([
            // Nobody found what opens this one, nor what is in it.
            File::transparent(0x0009, Access::After(&[]), vec![0xFF; 16]),
            // A key against which `80 A2` checks the certificate of a terminal.
            File::internal(0x0016),
            // One sweep of a real card found these; what they are isn't known.
            File::internal(0x0005),
            File::internal(0x0010),
            File::internal(0x0019),
            File::internal(0x001C),
            File::internal(0x001E),
        ]);
    }
    with(files)
}

/// That of a 住民基本台帳カード: signatures alone, since there was no authentication certificate before 2016.
pub(super) fn of_resident_registration_card(
    persona: &Persona,
    options: &CardOptions,
    now: Timestamp,
) -> Application {
    let life = Life::new(persona.term, now);
    with(signing_files(persona, life, usize::from(options.filler)))
}

fn with(files: Vec<File>) -> Application {
    Application {
        aid: &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01],
        secure_messaging: StatusWord::NOT_VERIFIED,
        change: Change::ReferenceData,
        own_key: None,
        internal_authenticate: Some(StatusWord::NOT_VERIFIED),
        files,
    }
}

/// What all of them have: the signing certificate with its root, its key and its password; and the token information.
fn signing_files(persona: &Persona, life: Life, filler: usize) -> Vec<File> {
    let pki = VirtualPki::new();
    let password = Access::After(&[CardSecret::SignPassword]);
    let signing = has_signing(persona).then(|| signing(persona, life));
    let holder = Holder::of(persona);
    let bearer = bearer(persona.body);
    let key = match bearer {
        Bearer::Card => CardKey::Signature,
        Bearer::Phone => CardKey::PhoneSignature,
    };
    vec![
        File::made(0x0001, password, move || {
            let certificate =
                signing.map(|spec| pki.signing_certificate_of(&spec, &holder, bearer));
            filled(certificate.as_deref().unwrap_or_default(), filler)
        }),
        File::transparent(
            0x0002,
            Access::Free,
            filled(pki.signing_root(life.generation), filler),
        ),
        File::transparent(0x0006, Access::Free, token_info(persona)),
        File::key(0x001A, key, password),
        File::reference(0x001B, CardSecret::SignPassword),
    ]
}

const fn bearer(body: CardBody) -> Bearer {
    match body {
        CardBody::AndroidPhone | CardBody::Iphone => Bearer::Phone,
        _ => Bearer::Card,
    }
}

/// A card without PINs has no signing certificate.
fn has_signing(persona: &Persona) -> bool {
    persona.pin != PinCondition::NoPin
}

fn authentication(persona: &Persona, life: Life) -> CertificateSpec {
    CertificateSpec {
        serial: persona.serial(),
        // 23 characters, the last nine are issuer and a fixed ending.
        common_name: format!("{:06}SIMULATE{ISSUER}003A", persona.token_number()),
        not_before: life.not_before,
        not_after: life.not_after,
        generation: life.generation,
        defect: None,
    }
}

fn signing(persona: &Persona, life: Life) -> CertificateSpec {
    let issued = JAPAN.to_datetime(life.not_before).strftime("%Y%m%d%H%M%S");
    CertificateSpec {
        serial: SIGNING_SERIALS.saturating_add(persona.token_number()),
        // 28 characters: time of issue, number, issuer and a fixed ending.
        common_name: format!("{issued}{:05}{ISSUER}003A", persona.token_number()),
        ..authentication(persona, life)
    }
}

/// By which programs tell what they talk to.
const fn label(body: CardBody) -> &'static str {
    match body {
        CardBody::AndroidPhone => "JPKIAPGPSETOKEN",
        CardBody::Iphone => "JPKIAPIOSTOKEN",
        CardBody::ResidentRegistrationCard => "JPKIAPICCTOKEN",
        CardBody::MyNumberCard | CardBody::OtherCard => "JPKIAPICCTOKEN2",
    }
}

/// A file longer than what is in it.
fn filled(content: &[u8], filler: usize) -> Vec<u8> {
    let mut out = content.to_vec();
    out.resize(content.len().saturating_add(filler), 0xFF);
    out
}

/// EF 0006: a `CK_TOKEN_INFO` of PKCS#11 in big-endian bytes, 160 in all, as one public project describes it.
fn token_info(persona: &Persona) -> Vec<u8> {
    let mut out = Vec::with_capacity(160);
    padded(&mut out, label(persona.body), 32);
    padded(&mut out, "UKETSUKE SIMULATION", 32);
    padded(&mut out, "VIRTUAL CARD", 16);
    padded(&mut out, &format!("{:016}", persona.token_number()), 16);
    // Flags: random numbers, login required, user PIN set, token initialised.
    out.extend_from_slice(&0x0000_040D_u32.to_be_bytes());
    // Sessions (most, open, most read-write, open read-write), PIN lengths (most, least), memory (four times unknown).
    for value in [1, 0, 1, 0, 16, 6, 0, 0, 0, 0_u32] {
        out.extend_from_slice(&value.to_be_bytes());
    }
    out.extend_from_slice(b"03");
    out.extend_from_slice(b"01");
    padded(&mut out, "", 16);
    out
}

/// Text padded with spaces to `width` bytes, cut there.
fn padded(out: &mut Vec<u8>, text: &str, width: usize) {
    out.extend(text.bytes().chain(std::iter::repeat(b' ')).take(width));
}
