//! The desks at which visits are explored.

use std::sync::{Arc, LazyLock};

use jiff::SignedDuration;
use uketsuke::Realm;
use uketsuke::checkin::{Equipment, Mode, PhoneKind, Phones, Policy, Timeouts};
use uketsuke::eligibility::RuleTable;
use uketsuke::face::{Attempts, FaceTally};
use uketsuke::simulation::{CardBody, Centre, Persona};
use uketsuke::trust::TerminalId;

/// The long ones first, since two threads take them in this order. Together they reach every state; each by itself is small enough to be closed.
pub static SETUPS: &[Setup] = &[
    Setup::pin("face, to the last attempt", "pin-locked").with_face(2),
    Setup::pin("staff check, to the last attempt", "pin-locked").with_staff(1),
    Setup::pin("PIN, to the lock", "in-order"),
    Setup::pin("registration and wishes", "not-registered")
        .with_tries(1)
        .with_wishes(),
    Setup::pin("seconds", "in-order").ticking().with_tries(1),
    Setup::pin("certificate that ends soon", "expiring").with_tries(1),
    Setup::pin("grace", "grace").with_tries(1).with_wishes(),
    Setup::pin("guardian", "in-order")
        .with_tries(1)
        .with_guardian(),
    Setup::pin("no registration", "not-registered")
        .with_tries(1)
        .without_registration(),
    Setup::pin("lapsed", "lapsed"),
    Setup::pin("locked, and nothing else", "pin-locked"),
    Setup::pin("a phone on the card's reader", "android-phone"),
    Setup::pin("seconds with a phone", "other-card")
        .ticking()
        .with_phone("android-in-order", 1)
        .without_card(),
    Setup::pin("seconds with an iPhone", "other-card")
        .ticking()
        .with_phone("iphone-in-order", 3),
    Setup::pin("outage", "in-order").in_mode(Mode::SystemOutage),
    Setup::pin("disaster", "in-order").in_mode(Mode::Disaster),
];

/// A phone that isn't read is held there again, so hardly anything ends a visit with one: too many states to close in a
/// test of a minute. Walks go there.
pub static LARGE: &[Setup] = &[
    Setup::pin("an Android phone", "other-card")
        .with_phone("android-in-order", 1)
        .without_card(),
    Setup::pin("an iPhone, or a card", "other-card").with_phone("iphone-in-order", 3),
    Setup::pin("an Android phone, to the lock", "other-card")
        .with_phone("android-in-order", 3)
        .without_card(),
    Setup::pin("an Android phone that ends soon, or a card", "other-card")
        .with_phone("android-expiring", 1)
        .with_wishes(),
];

/// All ways to be identified at once: too many states to close in a test, so walks go there.
pub static EVERYTHING: Setup = Setup::pin("everything", "not-registered")
    .with_face(3)
    .with_staff(5)
    .with_guardian()
    .with_wishes()
    .with_phone("android-in-order", 3);

/// A desk, and whose card is placed there.
#[derive(Clone, Debug)]
pub struct Setup {
    pub name: &'static str,
    pub persona: &'static str,
    /// Camera and matcher.
    pub face: bool,
    pub staff: bool,
    /// The provider without which neither of the two is offered.
    pub pinless: bool,
    pub registration: bool,
    /// Prescriptions and subsidies are asked about.
    pub wishes: bool,
    /// A guardian may help: that doubles every state before the identity, so it has a desk of its own.
    pub guardian: bool,
    /// Whose phone is held to a reader of its own, where there is one.
    pub phone: Option<&'static str>,
    /// Tries that its PIN has left at the beginning.
    pub phone_tries: u8,
    /// Nobody has a card: what comes of both at one desk has a desk of its own.
    pub no_card: bool,
    pub mode: Mode,
    pub face_attempts: u8,
    /// Tries that the card's PIN has left at the beginning.
    pub tries: u8,
    /// How many wrong passcodes are typed at most: each is a state of its own.
    pub wrong_passcodes: u8,
    /// Time goes by in steps of a second, and the time-outs are so short that every order of them comes up.
    pub ticking: bool,
}

impl Setup {
    /// A PIN, and nothing else.
    pub const fn pin(name: &'static str, persona: &'static str) -> Self {
        Self {
            name,
            persona,
            face: false,
            staff: false,
            pinless: false,
            registration: true,
            wishes: false,
            guardian: false,
            phone: None,
            phone_tries: 0,
            no_card: false,
            mode: Mode::Normal,
            face_attempts: 0,
            tries: 3,
            wrong_passcodes: 0,
            ticking: false,
        }
    }

    pub const fn with_face(self, attempts: u8) -> Self {
        Self {
            face: true,
            pinless: true,
            face_attempts: attempts,
            ..self
        }
    }

    pub const fn with_staff(self, wrong_passcodes: u8) -> Self {
        Self {
            staff: true,
            pinless: true,
            wrong_passcodes,
            ..self
        }
    }

    pub const fn with_wishes(self) -> Self {
        Self {
            wishes: true,
            ..self
        }
    }

    pub const fn without_registration(self) -> Self {
        Self {
            registration: false,
            ..self
        }
    }

    pub const fn with_guardian(self) -> Self {
        Self {
            guardian: true,
            ..self
        }
    }

    pub const fn with_phone(self, name: &'static str, tries: u8) -> Self {
        Self {
            phone: Some(name),
            phone_tries: tries,
            ..self
        }
    }

    pub const fn without_card(self) -> Self {
        Self {
            no_card: true,
            ..self
        }
    }

    pub fn whose_phone(&self) -> Option<&'static Persona> {
        self.phone.map(|name| Persona::phone_named(name).unwrap())
    }

    pub fn phone_kind(&self) -> Option<PhoneKind> {
        let body = self.whose_phone()?.body;
        Some(match body {
            CardBody::AndroidPhone => PhoneKind::Android,
            _ => PhoneKind::Iphone,
        })
    }

    pub const fn in_mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    pub const fn with_tries(self, tries: u8) -> Self {
        Self { tries, ..self }
    }

    pub const fn ticking(self) -> Self {
        Self {
            ticking: true,
            ..self
        }
    }

    pub fn who(&self) -> &'static Persona {
        Persona::named(self.persona).unwrap()
    }

    pub fn policy(&self) -> Policy {
        // No rules of advice: which state a visit is in doesn't depend on them, and printing them costs more than all
        // the rest. Advice for every situation is looked at elsewhere.
        static BASE: LazyLock<Policy> = LazyLock::new(|| {
            Policy::simulation(TerminalId::new("explored").unwrap())
                .with_rules(RuleTable::new(Vec::new()))
        });
        // Every visit of a path is the first one of its card.
        let tally = Arc::new(FaceTally::new().expect("random bytes"));
        let policy = BASE
            .clone()
            .with_face_attempts(Attempts::new(self.face_attempts))
            .with_face_tally(tally);
        if self.ticking {
            policy.with_timeouts(short())
        } else {
            policy
        }
    }

    pub fn centre(&self) -> Centre {
        let centre = Centre::for_persona(self.who());
        if self.wishes {
            centre.with_prescription().with_subsidies()
        } else {
            centre
        }
    }

    pub fn equipment(&self) -> Equipment {
        let here = |there: bool| there.then_some(Realm::Simulation);
        Equipment {
            service: here(true),
            pinless: here(self.pinless),
            face: here(self.face),
            staff: here(self.staff),
            phone: self.phone.map(|_| Phones { device: here(true) }),
            registration: self.registration,
            prescription: self.wishes,
            subsidies: self.wishes,
            mode: self.mode,
        }
    }
}

/// Of a few seconds each, in an order of length that a clinic's have too.
fn short() -> Timeouts {
    let s = SignedDuration::from_secs;
    Timeouts {
        place_card: s(2),
        person: s(3),
        pin: s(3),
        card: s(2),
        centre: s(2),
        result: s(1),
        advice: s(2),
        take_card: s(1),
        abandon: s(1),
        challenge: s(4),
        visit: s(6),
    }
}
