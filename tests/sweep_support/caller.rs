//! A caller who types each secret once, opens again after a failure, and never
//! gives up early; and what it believes in the end.

use std::collections::{HashMap, VecDeque};

use jiff::SignedDuration;
use uketsuke::Realms;
use uketsuke::card::{
    Application, AuthPin, Card, CardCertificate, CardFace, Common, Jpki, LastTry, Opened,
    ReferenceNumberB, ReferenceVerified, SecretKind, SignatureInput, VerifyError,
};
use uketsuke::transport::Transport;
use uketsuke::trust::{ChainValidated, Challenge, GraceRule, Roots};

/// What the library gave the caller to believe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The card accepted this secret.
    Accepted(&'static str),
    /// A value that signatures prove.
    Proved(&'static str, Vec<u8>),
    /// A value that nothing proves.
    Unproved(&'static str, Vec<u8>),
}

pub struct Caller {
    typed: HashMap<&'static str, VecDeque<String>>,
    pub last: LastTry,
    /// Leaves applications as one should, or just drops them.
    pub closes: bool,
    /// Every value that was handed to the library, with its secret's name.
    pub handed: Vec<(&'static str, String)>,
    pub claims: Vec<Claim>,
}

impl Caller {
    pub fn new(typed: &[(&'static str, &str)], last: LastTry) -> Self {
        let mut by_name: HashMap<&'static str, VecDeque<String>> = HashMap::new();
        for (name, value) in typed {
            by_name
                .entry(name)
                .or_default()
                .push_back((*value).to_owned());
        }
        Self {
            typed: by_name,
            last,
            closes: true,
            handed: Vec::new(),
            claims: Vec::new(),
        }
    }

    /// Goes through a flow until it is done, at most [`ATTEMPTS`] times.
    pub fn insist<T: Transport>(&mut self, card: &mut Card<T>, flow: Flow<T>) -> bool {
        (0..ATTEMPTS).any(|_| flow(card, self).is_some())
    }

    fn next(&mut self, name: &'static str) -> Option<String> {
        let value = self.typed.get_mut(name)?.pop_front()?;
        self.handed.push((name, value.clone()));
        Some(value)
    }

    fn leave<T: Transport, A: Application>(&self, opened: Opened<'_, T, A>) -> Option<()> {
        match self.closes {
            true => opened.close().ok(),
            false => Some(()),
        }
    }

    fn waiting(&self, name: &'static str) -> bool {
        self.typed
            .get(name)
            .is_some_and(|values| !values.is_empty())
    }

    fn unproved(&mut self, what: &'static str, value: &[u8]) {
        self.claims.push(Claim::Unproved(what, value.to_vec()));
    }

    fn proved(&mut self, what: &'static str, value: &[u8]) {
        self.claims.push(Claim::Proved(what, value.to_vec()));
    }
}

pub const ATTEMPTS: usize = 3;

/// `None`: something went wrong; from the beginning, if the caller likes.
pub type Flow<T> = fn(&mut Card<T>, &mut Caller) -> Option<()>;

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

fn present_b<T: Transport>(
    face: &mut Opened<'_, T, CardFace>,
    caller: &mut Caller,
) -> Option<ReferenceVerified> {
    while caller.waiting("face-b") {
        let budget = face
            .tries_left(SecretKind::ReferenceNumberB)
            .ok()?
            .budget(caller.last)
            .ok()?;
        let number = ReferenceNumberB::parse(&caller.next("face-b")?).unwrap();
        match face.verify_reference_number_b(number, budget) {
            Ok(right) => {
                caller.claims.push(Claim::Accepted("face-b"));
                return Some(right);
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

/// 照合番号B and the photo as read.
pub fn photo<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut face = card.open::<CardFace>().ok()?;
    let right = present_b(&mut face, caller)?;
    let photo = face.photo(&right, &mut |_| ()).ok()?;
    caller.unproved("photo", photo.jpeg2000());
    caller.leave(face)
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
