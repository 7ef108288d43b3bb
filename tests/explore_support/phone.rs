//! Every way in which the reading of a phone can end.

use uketsuke::card::{
    AuthPin, Card, CardError, Jpki, LastTry, SecretKind, SignatureInput, Token, VerifyError,
};
use uketsuke::checkin::{
    DeviceError, DeviceVerification, DeviceVerified, Identity, PhoneKind, PhoneNotRead, PhoneRead,
    PhoneTaskError, RawCard, Signed, Task, TaskResult,
};
use uketsuke::simulation::{Persona, SimulatedDevice};
use uketsuke::transport::{Reader as _, TransportError, TransportErrorKind};
use uketsuke::{Binding, Realm, VisitId};

use super::answers::{Kind, Rows, card_errors, spare, verify_errors};
use super::world::World;

/// Where the phone is moved away.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moves {
    Not,
    /// After the count was read, before the PIN.
    BeforePin,
    /// After the PIN was presented, its answer lost.
    WithPin,
    /// After the PIN was found right, or the holder identified.
    AfterIt,
}

/// What is different from the plain work.
#[derive(Clone, Copy)]
struct Plan {
    moves: Moves,
    /// Signed in place of the challenge.
    instead: Option<[u8; 32]>,
    device: fn() -> Box<dyn DeviceVerification>,
}

const PLAIN: Plan = Plan {
    moves: Moves::Not,
    instead: None,
    device: || Box::new(SimulatedDevice),
};

/// Says yes and opens nothing, in this world; or opens, in another.
struct Says(Realm);

impl DeviceVerification for Says {
    fn realm(&self) -> Realm {
        self.0
    }

    fn verify(&mut self, phone: &mut dyn RawCard, binding: Binding) -> Result<(), DeviceError> {
        match self.0 {
            Realm::Simulation => Ok(()),
            _ => SimulatedDevice.verify(phone, binding),
        }
    }
}

impl Rows {
    pub(super) fn phone(&mut self) {
        let kind = Kind::PhoneRead;
        self.done(kind, "read", true, |world, task| read(world, task, PLAIN));
        self.done(kind, "moved before the PIN", true, |world, task| {
            let moves = Moves::BeforePin;
            read(world, task, Plan { moves, ..PLAIN })
        });
        self.done(
            kind,
            "moved, and the answer to the PIN lost",
            true,
            |world, task| {
                let moves = Moves::WithPin;
                read(world, task, Plan { moves, ..PLAIN })
            },
        );
        self.done(kind, "moved before the signature", true, |world, task| {
            let moves = Moves::AfterIt;
            read(world, task, Plan { moves, ..PLAIN })
        });
        self.done(kind, "the provider opened nothing", true, |world, task| {
            let device = || Box::new(Says(Realm::Simulation)) as Box<dyn DeviceVerification>;
            read(world, task, Plan { device, ..PLAIN })
        });
        self.done(
            kind,
            "a provider of the real world",
            false,
            |world, task| {
                let device = || Box::new(Says(Realm::Production)) as Box<dyn DeviceVerification>;
                // An Android phone has no use for one.
                let android = chosen(&task) == PhoneKind::Android;
                let instead = android.then_some([7; 32]);
                read(
                    world,
                    task,
                    Plan {
                        instead,
                        device,
                        ..PLAIN
                    },
                )
            },
        );
        self.done(kind, "signed something else", false, |world, task| {
            let instead = Some([7; 32]);
            read(world, task, Plan { instead, ..PLAIN })
        });
        self.done(kind, "something else was there", true, |_, task| {
            let Task::ReadPhone { pin, .. } = task else {
                unreachable!()
            };
            let error = PhoneTaskError::OtherToken(Token::MyNumberCard);
            TaskResult::PhoneRead(Err(PhoneNotRead { error, pin }))
        });
        self.done(kind, "another visit's", false, |_, task| {
            by_another(task, VisitId::begin(), None)
        });
        self.done(kind, "another phone's certificate", false, |world, task| {
            let mut result = read(world, task, PLAIN);
            if let TaskResult::PhoneRead(Ok(read)) = &mut result {
                let mut spare = spare(
                    Persona::phone_named("android-expiring").unwrap(),
                    world.visit(),
                );
                read.certificate = by_pin(&mut spare, &SignatureInput::sha256([7; 32])).certificate;
            }
            result
        });
        self.done(kind, "another phone's identity", false, |world, task| {
            let mut result = read(world, task, PLAIN);
            if let TaskResult::PhoneRead(Ok(read)) = &mut result {
                let mut spare = spare(
                    Persona::phone_named("android-expiring").unwrap(),
                    world.visit(),
                );
                read.signed.identity = by_pin(&mut spare, &SignatureInput::sha256([7; 32]))
                    .signed
                    .identity;
            }
            result
        });
        self.done(kind, "the other kind's", false, |world, task| {
            let other = match chosen(&task) {
                PhoneKind::Android => PhoneKind::Iphone,
                _ => PhoneKind::Android,
            };
            by_another(task, world.visit(), Some(other))
        });
        for token in [
            Token::AndroidPhone,
            Token::Iphone,
            Token::MyNumberCard,
            Token::Unknown,
        ] {
            self.not_read(PhoneTaskError::OtherToken(token));
        }
        let card = |error: &VerifyError| matches!(error, VerifyError::Card(_));
        let of_pin = verify_errors(SecretKind::AuthPin).into_iter();
        of_pin
            .filter(|error| !card(error))
            .for_each(|error| self.not_read(error.into()));
        self.not_read(DeviceError::Refused.into());
        for error in card_errors().into_iter().filter(told_apart) {
            self.not_read(VerifyError::Card(error.clone()).into());
            self.not_read(DeviceError::Card(error.clone()).into());
            self.not_read(PhoneTaskError::Signature(error));
        }
    }

    fn not_read(&mut self, error: PhoneTaskError) {
        self.said(Kind::PhoneRead, format!("{error:?}"), move || {
            let error = error.clone();
            TaskResult::PhoneRead(Err(PhoneNotRead { error, pin: None }))
        });
    }
}

/// One of each sort: none of them ends the visit, so each is tried in every state.
const fn told_apart(error: &CardError) -> bool {
    match error {
        CardError::Transport { source, .. } => {
            matches!(source.kind, TransportErrorKind::CardRemoved)
        }
        error => matches!(
            error,
            CardError::NoApplication { .. } | CardError::NotVerified { .. } | CardError::Dirty
        ),
    }
}

fn chosen(task: &Task) -> PhoneKind {
    let Task::ReadPhone { kind, .. } = task else {
        unreachable!()
    };
    *kind
}

fn moved(outcome_unknown: bool) -> TransportError {
    TransportError::new(TransportErrorKind::CardRemoved, outcome_unknown)
}

fn gone() -> CardError {
    let what = "a file";
    let source = moved(false);
    CardError::Transport { what, source }
}

/// The driver's work, with the phone in the reader.
fn read(world: &mut World, task: Task, plan: Plan) -> TaskResult {
    let Task::ReadPhone {
        kind,
        mut pin,
        last_try,
        input,
    } = task
    else {
        unreachable!()
    };
    let left = world.tries_of_the_phone();
    let before = world.wire.lock().unwrap().len();
    let input = plan.instead.map_or(input, SignatureInput::sha256);
    let visit = world.visit();
    let read = match world.phones.connect() {
        Ok(link) => {
            let mut card = Card::new(link, visit);
            work(&mut card, kind, &mut pin, last_try, &input, plan)
        }
        Err(source) => {
            let what = "the connection";
            Err(VerifyError::from(CardError::Transport { what, source }).into())
        }
    };
    let presented = world.wire.lock().unwrap()[before..].to_vec();
    if let Err(PhoneTaskError::Verify(VerifyError::Wrong { .. } | VerifyError::Locked { .. })) =
        &read
        && let Some(value) = presented.first()
    {
        let value = String::from_utf8(value[1..].to_vec()).unwrap();
        world.wrong_pins.push(value);
    }
    world
        .journal
        .phone_pin_went_out(&presented, left, pin.is_some());
    TaskResult::PhoneRead(read.map_err(|error| PhoneNotRead { error, pin }))
}

fn work<T: uketsuke::transport::Transport>(
    card: &mut Card<T>,
    kind: PhoneKind,
    pin: &mut Option<AuthPin>,
    last_try: LastTry,
    input: &SignatureInput,
    plan: Plan,
) -> Result<PhoneRead, PhoneTaskError> {
    let mut jpki = card.open::<Jpki>().map_err(VerifyError::from)?;
    let token = jpki.token().map_err(VerifyError::from)?;
    if token != kind.token() {
        return Err(PhoneTaskError::OtherToken(token));
    }
    let identity = match kind {
        PhoneKind::Android => {
            let tries = jpki
                .tries_left(SecretKind::AuthPin)
                .map_err(VerifyError::from)?;
            if plan.moves == Moves::BeforePin {
                return Err(VerifyError::from(gone()).into());
            }
            let budget = tries.budget(last_try)?;
            let verified = jpki.verify_pin(pin.take().expect("a PIN"), budget);
            if plan.moves == Moves::WithPin {
                let (kind, source) = (SecretKind::AuthPin, moved(true));
                return Err(VerifyError::OutcomeUnknown { kind, source }.into());
            }
            Identity::Pin(verified?)
        }
        PhoneKind::Iphone => {
            if plan.moves != Moves::Not {
                return Err(DeviceError::Card(gone()).into());
            }
            Identity::Device(DeviceVerified::verify(&mut *(plan.device)(), &mut jpki)?)
        }
        other => panic!("a kind of phone that isn't driven: {other:?}"),
    };
    let certificate = jpki
        .authentication_certificate(&mut |_| ())
        .map_err(PhoneTaskError::Signature)?;
    if plan.moves == Moves::AfterIt {
        return Err(PhoneTaskError::Signature(gone()));
    }
    let signature = jpki
        .sign_authentication(input)
        .map_err(PhoneTaskError::Signature)?;
    let _left = jpki.close();
    Ok(PhoneRead {
        certificate,
        signed: Signed {
            identity,
            signature,
        },
    })
}

/// All of it, the very input signed, by a phone that isn't the one in the reader: in another visit, or of another kind.
fn by_another(task: Task, visit: VisitId, kind: Option<PhoneKind>) -> TaskResult {
    let kind = kind.unwrap_or(chosen(&task));
    let Task::ReadPhone { input, .. } = task else {
        unreachable!()
    };
    let name = match kind {
        PhoneKind::Iphone => "iphone-in-order",
        _ => "android-in-order",
    };
    let mut spare = spare(Persona::phone_named(name).unwrap(), visit);
    let mut pin = AuthPin::parse("1234").ok();
    let read = work(&mut spare, kind, &mut pin, LastTry::Refuse, &input, PLAIN);
    TaskResult::PhoneRead(Ok(read.unwrap()))
}

fn by_pin<T: uketsuke::transport::Transport>(
    card: &mut Card<T>,
    input: &SignatureInput,
) -> PhoneRead {
    let mut pin = AuthPin::parse("1234").ok();
    work(
        card,
        PhoneKind::Android,
        &mut pin,
        LastTry::Refuse,
        input,
        PLAIN,
    )
    .unwrap()
}
