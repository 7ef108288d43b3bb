//! The other process: it does a visit with a card that is behind the pipe, and gets the secrets through the pipe.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use uketsuke::card::{
    Application, AuthPin, BirthDateKey, Card, CardFace, InputPin, InputSupport, Jpki, LastTry,
    Opened, ReferenceNumberB, ReferenceNumberSource, ReferenceSourceError, SecretFormatError,
    SecretKind, SignPassword, SignatureInput, TryBudget, VerifyError,
};
use uketsuke::checkin::{AuditRecord, Choice, Desk, FaceParts, Method, Policy, Reception, Screen};
use uketsuke::simulation::{
    Centre, Persona, SimulatedCamera, SimulatedDetector, SimulatedMatcher, SimulatedPinless,
};
use uketsuke::transport::{
    Cancel, ExtendedLength, Limits, Outgoing, Presence, Reader, Reset, Transport, TransportError,
    TransportErrorKind,
};
use uketsuke::trust::TerminalId;
use uketsuke::{Realm, VisitId};
use zeroize::Zeroizing;

use crate::process_support::Pipes;

// From the client.
pub const COMMAND: u8 = b'C';
pub const POWER_OFF: u8 = b'O';
pub const WANTS_SECRET: u8 = b'W';
pub const DONE: u8 = b'D';
// To the client.
pub const ANSWER: u8 = b'A';
pub const LOST: u8 = b'L';
pub const SECRET: u8 = b'S';
pub const END: u8 = b'E';

/// What the client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The certificate, the PIN, a signature, with the card layer alone.
    Pin,
    /// The password of the signing key, its certificate, a signature.
    SignPassword,
    /// The PIN, and a new one in its place.
    ChangePin,
    /// The PIN of the input support application.
    InputPin,
    /// 照合番号B and the photo.
    ReferenceNumberB,
    /// 照合番号A.
    #[cfg(feature = "my-number")]
    ReferenceNumberA,
    /// The birth date as a key of the card face.
    BirthDate,
    /// A whole check-in by [`Reception`].
    CheckIn,
    /// The same by face: 照合番号B comes from the reader's camera.
    FaceCheckIn,
    /// As `Pin`, and the typed digits stay in a string.
    LeakingDigits,
    /// As `Pin`, and the transport keeps what it sent last.
    LeakingCommand,
}

impl Role {
    const ALL: &[Self] = &[
        Self::Pin,
        Self::SignPassword,
        Self::ChangePin,
        Self::InputPin,
        Self::ReferenceNumberB,
        #[cfg(feature = "my-number")]
        Self::ReferenceNumberA,
        Self::BirthDate,
        Self::CheckIn,
        Self::FaceCheckIn,
        Self::LeakingDigits,
        Self::LeakingCommand,
    ];

    pub fn name(self) -> String {
        format!("{self:?}")
    }
}

type Shared = Rc<RefCell<Pipes>>;

/// The whole life of the process, told for the parent's memory scan when it's over but for the end.
pub fn run(role: &str) {
    let mut roles = Role::ALL.iter().copied();
    let role = roles.find(|known| known.name() == role).unwrap();
    let pipes = Rc::new(RefCell::new(Pipes::open()));
    let kept = Rc::new(RefCell::new(Vec::new()));
    let link = PipeTransport {
        pipes: Rc::clone(&pipes),
        keep: (role == Role::LeakingCommand).then(|| Rc::clone(&kept)),
    };
    let said = match role {
        Role::Pin | Role::LeakingCommand => pin(link, None),
        Role::LeakingDigits => pin(link, Some(&kept)),
        Role::SignPassword => sign_password(link),
        Role::ChangePin => change_pin(link),
        Role::InputPin => input_pin(link),
        Role::ReferenceNumberB => reference_number_b(link),
        #[cfg(feature = "my-number")]
        Role::ReferenceNumberA => reference_number_a(link),
        Role::BirthDate => birth_date(link),
        Role::CheckIn => check_in(link, Method::Pin),
        Role::FaceCheckIn => check_in(link, Method::Face),
    };
    pipes.borrow_mut().tell(DONE, said.as_bytes());
    let end = pipes.borrow_mut().hear();
    assert!(end.is_none_or(|(what, _)| what == END));
    drop(kept);
}

fn pin(link: PipeTransport, leak: Option<&RefCell<Vec<u8>>>) -> String {
    let pipes = Rc::clone(&link.pipes);
    let mut card = Card::new(link, VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    jpki.authentication_certificate(&mut |_| ()).unwrap();
    let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let pin = ask(&pipes, |typed| {
        if let Some(leak) = leak {
            leak.borrow_mut().extend_from_slice(typed.as_bytes());
        }
        AuthPin::parse(typed).unwrap()
    });
    let said = match jpki.verify_pin(pin, budget) {
        Ok(_proof) => {
            let signature = jpki.sign_authentication(&SignatureInput::sha256([7; 32]));
            format!("signed, {} bytes", signature.unwrap().bytes().len())
        }
        Err(error) => format!("{error:?}"),
    };
    // After a lost link there is nothing left to leave.
    let _closed = jpki.close();
    let _released = card.release();
    said
}

/// Presents the secret that is asked for behind a fresh count; `present` goes on with what that opened.
fn visit<A: Application, S>(
    link: PipeTransport,
    kind: SecretKind,
    parse: fn(&str) -> Result<S, SecretFormatError>,
    present: impl FnOnce(
        &mut Opened<'_, PipeTransport, A>,
        S,
        TryBudget,
        &Shared,
    ) -> Result<String, VerifyError>,
) -> String {
    let pipes = Rc::clone(&link.pipes);
    let mut card = Card::new(link, VisitId::begin());
    let mut opened = card.open::<A>().unwrap();
    let tries = opened.tries_left(kind).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let secret = ask(&pipes, |typed| parse(typed).unwrap());
    let said = match present(&mut opened, secret, budget, &pipes) {
        Ok(said) => said,
        Err(error) => format!("{error:?}"),
    };
    let _closed = opened.close();
    let _released = card.release();
    said
}

fn sign_password(link: PipeTransport) -> String {
    let (kind, parse) = (SecretKind::SignPassword, SignPassword::parse);
    visit::<Jpki, _>(link, kind, parse, |opened, secret, budget, _| {
        let right = opened.verify_sign_password(secret, budget)?;
        let certificate = opened.signing_certificate(&right, &mut |_| ());
        let input = SignatureInput::sha256([7; 32]);
        let signature = opened.sign_with_signing_key(&right, &input).unwrap();
        let der = certificate.unwrap().der().len();
        let signed = signature.bytes().len();
        Ok(format!("certificate, {der} bytes; signed, {signed} bytes"))
    })
}

fn change_pin(link: PipeTransport) -> String {
    let (kind, parse) = (SecretKind::AuthPin, AuthPin::parse);
    visit::<Jpki, _>(link, kind, parse, |opened, secret, budget, pipes| {
        let right = opened.verify_pin(secret, budget)?;
        let new = ask(pipes, |typed| AuthPin::parse(typed).unwrap());
        Ok(match opened.change_pin(right, new) {
            Ok(()) => "changed".to_owned(),
            Err(error) => format!("{error:?}"),
        })
    })
}

fn input_pin(link: PipeTransport) -> String {
    let (kind, parse) = (SecretKind::InputPin, InputPin::parse);
    visit::<InputSupport, _>(link, kind, parse, |opened, secret, budget, _| {
        let _right = opened.verify_input_pin(secret, budget)?;
        Ok("open".to_owned())
    })
}

fn reference_number_b(link: PipeTransport) -> String {
    let (kind, parse) = (SecretKind::ReferenceNumberB, ReferenceNumberB::parse);
    visit::<CardFace, _>(link, kind, parse, |opened, secret, budget, _| {
        let right = opened.verify_reference_number_b(secret, budget)?;
        let photo = opened.photo(&right, &mut |_| ()).unwrap();
        Ok(format!("photo, {} bytes", photo.jpeg2000().len()))
    })
}

#[cfg(feature = "my-number")]
fn reference_number_a(link: PipeTransport) -> String {
    use uketsuke::card::ReferenceNumberA;

    let (kind, parse) = (SecretKind::ReferenceNumberA, ReferenceNumberA::parse);
    visit::<CardFace, _>(link, kind, parse, |opened, secret, budget, _| {
        let right = opened.verify_reference_number_a(secret, budget)?;
        let _image = opened.my_number_image(&right, &mut |_| ()).unwrap();
        Ok("image".to_owned())
    })
}

fn birth_date(link: PipeTransport) -> String {
    let (kind, parse) = (SecretKind::BirthDate, BirthDateKey::parse);
    visit::<CardFace, _>(link, kind, parse, |opened, secret, budget, _| {
        let right = opened.verify_birth_date(secret, budget)?;
        let _age = opened.age_record(&right, &mut |_| ()).unwrap();
        Ok("age".to_owned())
    })
}

fn check_in(link: PipeTransport, method: Method) -> String {
    let policy = Policy::simulation(TerminalId::new("memory").unwrap());
    let mut centre = Centre::for_persona(&Persona::all()[0]);
    let mut desk = PipeDesk {
        pipes: Rc::clone(&link.pipes),
        present: Rc::new(Cell::new(true)),
        now: crate::now(),
        method,
        pressed: None,
    };
    let (mut camera, mut detector) = (SimulatedCamera::same_person(), SimulatedDetector::new());
    let (mut matcher, mut pinless) = (SimulatedMatcher::new(), SimulatedPinless);
    let mut reference = PipeNumber(Rc::clone(&link.pipes));
    let mut reader = PipeReader {
        link,
        present: Rc::clone(&desk.present),
    };
    let mut reception = Reception::new(policy, &mut reader, &mut centre);
    if method == Method::Face {
        let parts = FaceParts {
            camera: &mut camera,
            engine: &mut matcher,
            detector: &mut detector,
            reference: &mut reference,
            quality: None,
        };
        reception = reception.with_face(parts).with_pinless(&mut pinless);
    }
    let outcome = reception.run(&mut desk);
    match outcome.failure() {
        None => "accepted".to_owned(),
        Some(failure) => failure.code().to_owned(),
    }
}

/// Lets `parse` see what the parent typed; it's wiped then.
fn ask<S>(pipes: &Shared, parse: impl FnOnce(&str) -> S) -> S {
    pipes.borrow_mut().tell(WANTS_SECRET, &[]);
    let (what, typed) = pipes.borrow_mut().hear().unwrap();
    assert_eq!(what, SECRET);
    parse(std::str::from_utf8(&typed).unwrap())
}

/// The link to the card in the parent. It copies nothing.
struct PipeTransport {
    pipes: Shared,
    keep: Option<Rc<RefCell<Vec<u8>>>>,
}

impl Clone for PipeTransport {
    fn clone(&self) -> Self {
        Self {
            pipes: Rc::clone(&self.pipes),
            keep: self.keep.clone(),
        }
    }
}

impl Transport for PipeTransport {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        if let Some(keep) = &self.keep
            && command.bytes().len() > 5
            && command.bytes()[1] == 0x20
        {
            *keep.borrow_mut() = command.bytes().to_vec();
        }
        let mut pipes = self.pipes.borrow_mut();
        pipes.tell(COMMAND, command.bytes());
        match pipes.hear() {
            Some((ANSWER, answer)) => Ok(answer),
            Some((LOST, _)) => Err(TransportError::new(TransportErrorKind::CardRemoved, true)),
            other => panic!("{:?}", other.map(|(what, _)| what)),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::Yes,
            max_response: 65_535,
        }
    }

    fn reset(&mut self, _how: Reset) -> Result<(), TransportError> {
        self.pipes.borrow_mut().tell(POWER_OFF, &[]);
        Ok(())
    }
}

struct PipeReader {
    link: PipeTransport,
    present: Rc<Cell<bool>>,
}

#[derive(Debug)]
struct Nobody;

impl Cancel for Nobody {
    fn cancel(&self) {}
}

impl Reader for PipeReader {
    type Transport = PipeTransport;

    fn name(&self) -> &str {
        "pipe"
    }

    fn presence(&mut self) -> Result<Presence, TransportError> {
        Ok(match self.present.get() {
            true => Presence::Present,
            false => Presence::Absent,
        })
    }

    fn wait_for_change(&mut self, _: Presence, _: Duration) -> Result<Presence, TransportError> {
        self.presence()
    }

    fn connect(&mut self) -> Result<PipeTransport, TransportError> {
        Ok(self.link.clone())
    }

    fn canceller(&self) -> Box<dyn Cancel> {
        Box::new(Nobody)
    }
}

/// What the reader makes of the number printed on the card.
struct PipeNumber(Shared);

impl ReferenceNumberSource for PipeNumber {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn read(&mut self) -> Result<ReferenceNumberB, ReferenceSourceError> {
        Ok(ask(&self.0, |typed| {
            ReferenceNumberB::parse(typed).unwrap()
        }))
    }
}

/// Somebody who knows their PIN once, and then not any more.
struct PipeDesk {
    pipes: Shared,
    present: Rc<Cell<bool>>,
    now: Timestamp,
    method: Method,
    pressed: Option<Choice>,
}

impl Desk for PipeDesk {
    fn now(&mut self) -> Timestamp {
        self.now
    }

    fn show(&mut self, screen: &Screen) {
        self.pressed = match screen {
            Screen::ChooseMethod { face: false, .. } if self.method == Method::Face => {
                Some(Choice::Cancel)
            }
            Screen::ChooseMethod { .. } => Some(Choice::Method(self.method)),
            Screen::CardFaceUnreadable { .. } => Some(Choice::Cancel),
            Screen::EnterPin { wrong: true, .. } => Some(Choice::Cancel),
            Screen::EnterPin { .. } => Some(Choice::Pin(ask(&self.pipes, |typed| {
                AuthPin::parse(typed).unwrap()
            }))),
            Screen::Consents { .. } => Some(Choice::ConsentToNone),
            Screen::TakeCard { .. } => {
                self.present.set(false);
                None
            }
            _ => Some(Choice::Yes),
        };
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        let choice = self.pressed.take();
        if choice.is_none() {
            self.now = self.now.max(until) + SignedDuration::from_millis(1);
        }
        choice
    }

    fn audit(&mut self, _record: &AuditRecord) {}
}
