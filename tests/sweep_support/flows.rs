//! What a program does with the card's JPKI and common applications.

use jiff::SignedDuration;
use uketsuke::Realms;
use uketsuke::card::{
    AuthPin, Card, CardCertificate, CardFace, Common, Jpki, Opened, SecretKind, SignatureInput,
    VerifyError,
};
use uketsuke::transport::Transport;
use uketsuke::trust::{ChainValidated, Challenge, GraceRule, Roots};

use super::caller::{Caller, Claim};

pub fn input() -> SignatureInput {
    SignatureInput::sha256([0x5A; 32])
}

fn present_pin<T: Transport>(jpki: &mut Opened<'_, T, Jpki>, caller: &mut Caller) -> Option<()> {
    while caller.waiting("auth") {
        let tries = jpki.tries_left(SecretKind::AuthPin).ok()?;
        let budget = tries.budget(caller.last).ok()?;
        let pin = AuthPin::parse(&caller.next("auth")?).unwrap();
        match jpki.verify_pin(pin, budget) {
            Ok(_) => {
                caller.claims.push(Claim::Accepted("auth"));
                return Some(());
            }
            Err(VerifyError::Wrong { .. } | VerifyError::AlreadyRefused { .. }) => {}
            Err(_) => return None,
        }
    }
    None
}

/// The chain check is what stands between a certificate as read and what is
/// believed of it.
fn believe(certificate: &CardCertificate, caller: &mut Caller) -> Option<ChainValidated> {
    let chain = Roots::simulation()
        .validate_authentication(
            certificate,
            Realms::simulation(),
            super::now(),
            GraceRule::EligibilityOnly,
        )
        .ok()?;
    caller.proved("certificate", certificate.der());
    Some(chain)
}

pub fn certificate<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut jpki = card.open::<Jpki>().ok()?;
    let read = jpki.authentication_certificate(&mut |_| ()).ok()?;
    believe(&read, caller)?;
    caller.leave(jpki)
}

/// Tries, PIN, signature.
pub fn signature<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut jpki = card.open::<Jpki>().ok()?;
    present_pin(&mut jpki, caller)?;
    let signature = jpki.sign_authentication(&input()).ok()?;
    caller.unproved("signature", signature.bytes());
    caller.leave(jpki)
}

/// Everything of JPKI that a check-in does, in one go, with its proofs.
pub fn session<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let visit = card.binding().visit();
    let mut jpki = card.open::<Jpki>().ok()?;
    let read = jpki.authentication_certificate(&mut |_| ()).ok()?;
    let chain = believe(&read, caller)?;
    let lifetime = SignedDuration::from_mins(5);
    // The same bytes each time, so that the virtual card signs them only once.
    let challenge =
        Challenge::from_centre_bytes(visit, &[0x42; 32], super::now(), lifetime).unwrap();
    present_pin(&mut jpki, caller)?;
    let signature = jpki
        .sign_authentication(&challenge.signature_input())
        .ok()?;
    let signed = challenge.verify(&chain, signature, super::now()).ok()?;
    caller.proved("signed challenge", &signed.signed().signature);
    caller.leave(jpki)
}

/// The same in two openings with something else between, as a check-in goes.
pub fn two_sessions<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let visit = card.binding().visit();
    let mut jpki = card.open::<Jpki>().ok()?;
    let read = jpki.authentication_certificate(&mut |_| ()).ok()?;
    let _ = jpki.tries_left(SecretKind::AuthPin).ok()?;
    caller.leave(jpki)?;
    let chain = believe(&read, caller)?;
    let mut common = card.open::<Common>().ok()?;
    let _ = common.expiry_hint();
    caller.leave(common)?;
    let lifetime = SignedDuration::from_mins(5);
    let challenge =
        Challenge::from_centre_bytes(visit, &[0x42; 32], super::now(), lifetime).unwrap();
    let mut jpki = card.open::<Jpki>().ok()?;
    if jpki.binding() != chain.binding() {
        return None;
    }
    present_pin(&mut jpki, caller)?;
    let signature = jpki
        .sign_authentication(&challenge.signature_input())
        .ok()?;
    let signed = challenge.verify(&chain, signature, super::now()).ok()?;
    caller.proved("signed challenge", &signed.signed().signature);
    caller.leave(jpki)
}

pub fn expiry<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut common = card.open::<Common>().ok()?;
    let date = common.expiry_hint().ok()?;
    caller.unproved("expiry", date.to_string().as_bytes());
    caller.leave(common)
}

/// The counts of every secret, and nothing else.
pub fn counts<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut jpki = card.open::<Jpki>().ok()?;
    for kind in [SecretKind::AuthPin, SecretKind::SignPassword] {
        let tries = jpki.tries_left(kind).ok()?;
        caller.unproved("count", &[tries.count()]);
    }
    caller.leave(jpki)?;
    let mut face = card.open::<CardFace>().ok()?;
    let tries = face.tries_left(SecretKind::ReferenceNumberB).ok()?;
    caller.unproved("count", &[tries.count()]);
    caller.leave(face)
}
