//! What a program does with the rest of the JPKI application: free files, the
//! signing key, changes of PIN and password, the reader's keypad.

use uketsuke::card::{
    AuthPin, Card, Jpki, Opened, PasswordVerified, SecretKind, SignPassword, VerifyError,
};
use uketsuke::transport::Transport;

use super::caller::{Caller, Claim};
use super::flows::input;

fn present_password<T: Transport>(
    jpki: &mut Opened<'_, T, Jpki>,
    caller: &mut Caller,
) -> Option<PasswordVerified> {
    while caller.waiting("sign") {
        let tries = jpki.tries_left(SecretKind::SignPassword).ok()?;
        let budget = tries.budget(caller.last).ok()?;
        let password = SignPassword::parse(&caller.next("sign")?).unwrap();
        match jpki.verify_sign_password(password, budget) {
            Ok(proof) => {
                caller.claims.push(Claim::Accepted("sign"));
                return Some(proof);
            }
            Err(VerifyError::Wrong { .. } | VerifyError::AlreadyRefused { .. }) => {}
            Err(_) => return None,
        }
    }
    None
}

/// Which token it is, what is on it, and the free certificates.
pub fn free_files<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut jpki = card.open::<Jpki>().ok()?;
    let token = jpki.token().ok()?;
    caller.unproved("token", format!("{token:?}").as_bytes());
    let information = jpki.token_information().ok()?;
    caller.unproved("serial", information.serial().as_bytes());
    let present = jpki.certificates_present().ok()?;
    caller.unproved("present", format!("{present:?}").as_bytes());
    let ca = jpki.authentication_ca_certificate(&mut |_| ()).ok()?;
    caller.unproved("authentication CA", ca.der());
    let ca = jpki.signing_ca_certificate(&mut |_| ()).ok()?;
    caller.unproved("signing CA", ca.der());
    caller.leave(jpki)
}

/// Password, signing certificate, signature.
pub fn signing<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut jpki = card.open::<Jpki>().ok()?;
    let right = present_password(&mut jpki, caller)?;
    let certificate = jpki.signing_certificate(&right, &mut |_| ()).ok()?;
    caller.unproved("signing certificate", certificate.der());
    let signature = jpki.sign_with_signing_key(&right, &input()).ok()?;
    caller.unproved("signature", signature.bytes());
    caller.leave(jpki)
}

/// The PIN is changed; where that went wrong, the new one is tried first.
pub fn change_pin<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut jpki = card.open::<Jpki>().ok()?;
    let budget = jpki.tries_left(SecretKind::AuthPin).ok()?;
    let budget = budget.budget(caller.last).ok()?;
    let pin = AuthPin::parse(&caller.next("auth")?).unwrap();
    let proof = jpki.verify_pin(pin, budget).ok()?;
    caller.claims.push(Claim::Accepted("auth"));
    let new = caller.next_as("auth", "auth-new")?;
    match jpki.change_pin(proof, AuthPin::parse(&new).unwrap()) {
        Ok(()) => caller.claims.push(Claim::Holds("auth", new)),
        Err(error) => {
            if error.old_value_holds() {
                caller
                    .claims
                    .push(Claim::Holds("auth", super::PIN.to_owned()));
            }
            return None;
        }
    }
    caller.leave(jpki)
}

pub fn change_password<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut jpki = card.open::<Jpki>().ok()?;
    let proof = present_password(&mut jpki, caller)?;
    let new = caller.next_as("sign", "sign-new")?;
    match jpki.change_sign_password(proof, SignPassword::parse(&new).unwrap()) {
        Ok(()) => caller.claims.push(Claim::Holds("sign", new)),
        Err(error) => {
            if error.old_value_holds() {
                let old = super::PASSWORD.to_owned();
                caller.claims.push(Claim::Holds("sign", old));
            }
            return None;
        }
    }
    caller.leave(jpki)
}

/// The PIN is typed on the reader; what is typed there is in the slot.
pub fn keypad<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    assert!(card.has_keypad());
    let mut jpki = card.open::<Jpki>().ok()?;
    loop {
        let tries = jpki.tries_left(SecretKind::AuthPin).ok()?;
        let budget = tries.budget(caller.last).ok()?;
        match jpki.verify_pin_on_keypad(budget) {
            Ok(_) => break,
            Err(VerifyError::Wrong { .. }) => {}
            Err(_) => return None,
        }
    }
    caller.claims.push(Claim::Accepted("auth"));
    let signature = jpki.sign_authentication(&input()).ok()?;
    caller.unproved("signature", signature.bytes());
    caller.leave(jpki)
}
