//! The rules that hold in every visit, whatever happens in it.

use jiff::Timestamp;
use uketsuke::card::LastTry;
use uketsuke::checkin::{AuditEvent, AuditRecord, CheckIn, Choice, Outcome, Screen, TaskResult};
use uketsuke::eligibility::{
    ConsentKind, Consents, Failure, Identified, Lang, PrescriptionIssue, Request, RequestKind,
};
use uketsuke::simulation::{Persona, VirtualCard};
use uketsuke::{Binding, CardSession, VisitId};

use super::answers::Kind;
use super::setup::Setup;
use super::world::allows;

/// What was seen of a visit from outside, and what must be true of it.
pub struct Journal {
    visit: VisitId,
    who: &'static Persona,
    /// Whose phone it is.
    whose_phone: Option<&'static Persona>,
    /// The certificate that was reported last is the phone's.
    pub by_phone: bool,
    /// The card, while it isn't in the reader.
    pub hand: Option<VirtualCard>,
    /// The PIN that is being typed into the screen that asks for one, and its time isn't over.
    pub typed: Option<String>,
    /// The PIN that the task under way presents.
    pub going_out: Option<String>,
    /// The PIN that waits in the machine for a phone.
    pub waiting: Option<String>,
    pub pins_out: usize,
    pub pins_typed: usize,
    pub agreed_to_last_try: bool,
    /// Session of the certificate that was reported last.
    read: Option<CardSession>,
    /// It is that of the card in the reader, read for this visit.
    really_read: bool,
    /// How, and in which session, the person was really identified.
    identified: Option<(Identified, CardSession)>,
    /// The centre's own answer to this visit's question for the result, all of it good.
    confirmed: bool,
    /// A guardian helps.
    guardian: bool,
    /// What was answered on the screens, for the questions to the centre.
    wishes: Wishes,
    records: u32,
    pub outcome: Option<Ended>,
    /// The screen to be shown is there.
    shown: usize,
}

#[derive(Default)]
struct Wishes {
    register: bool,
    consents: Option<Consents>,
    one_by_one: Consents,
    prescription: Option<PrescriptionIssue>,
    subsidies: Option<bool>,
}

/// How the visit was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended(pub Option<Failure>);

impl Journal {
    pub fn new(visit: VisitId, setup: &Setup) -> Self {
        Self {
            visit,
            who: setup.who(),
            whose_phone: setup.whose_phone(),
            by_phone: false,
            hand: None,
            typed: None,
            going_out: None,
            waiting: None,
            pins_out: 0,
            pins_typed: 0,
            agreed_to_last_try: false,
            read: None,
            really_read: false,
            identified: None,
            confirmed: false,
            guardian: false,
            wishes: Wishes::default(),
            records: 0,
            outcome: None,
            shown: 0,
        }
    }

    pub fn begins_to_drain(&mut self) {
        self.shown = 0;
    }

    pub fn drained(&self) {
        assert!(self.shown <= 2, "{} screens at once", self.shown);
    }

    /// Every screen has a title, something below it, and the same keys in both languages; what it says of the person
    /// is on the one screen that is theirs.
    pub fn shown(&mut self, screen: &Screen) {
        self.shown += 1;
        let (taps, reads) = (
            matches!(screen, Screen::TapPhone { .. }),
            matches!(screen, Screen::ReadingPhone { .. }),
        );
        let at_pin = matches!(screen, Screen::EnterPin { .. } | Screen::CheckingPin);
        if !at_pin && !taps && !reads {
            self.agreed_to_last_try = false;
        }
        // It waits while a phone is awaited or read, and nowhere else.
        if taps && let Some(typed) = self.typed.take() {
            self.pins_typed += 1;
            self.waiting = Some(typed);
        } else if !taps && !reads {
            self.waiting = None;
        }
        let (ja, en) = (screen.text(Lang::Ja), screen.text(Lang::En));
        for text in [&ja, &en] {
            let lines = || std::iter::once(&text.title).chain(&text.body);
            let says = !text.body.is_empty() || !text.choices.is_empty();
            assert!(says, "{} is a title and nothing else", screen.name());
            assert!(lines().all(|line| !line.trim().is_empty()), "{text:?}");
            assert!(text.choices.iter().all(|button| !button.label.is_empty()));
            let who = self.who;
            let mut personal = vec![who.my_number, who.reference_number_b, who.address];
            if !matches!(screen, Screen::Accepted { .. }) {
                personal.push(who.holder_name);
            }
            for value in personal {
                assert!(lines().all(|line| !line.contains(value)), "{text:?}");
            }
        }
        let keys = |text: &uketsuke::checkin::ScreenText| -> Vec<_> {
            text.choices.iter().map(|button| button.key).collect()
        };
        let (keys, same) = (keys(&ja), keys(&en));
        assert_eq!(keys, same, "{}", screen.name());
        for (at, key) in keys.iter().enumerate() {
            assert!(
                !keys[..at].contains(key),
                "{} twice on {}",
                key_name(key),
                screen.name()
            );
        }
    }

    /// A PIN goes to the card only when it was just typed into the screen that asks for it, once.
    pub fn pin_goes_out(&mut self, last_try: LastTry, binding: Binding) {
        let typed = self.typed.take();
        assert!(typed.is_some(), "a PIN that nobody typed goes to the card");
        assert!(
            !allows(last_try) || self.agreed_to_last_try,
            "the last try, and nobody agreed to it"
        );
        assert_eq!(binding.visit(), self.visit);
        assert_eq!(
            Some(binding.session()),
            self.read,
            "a session that isn't the certificate's"
        );
        self.pins_typed += 1;
        self.going_out = typed;
    }

    /// A phone is read: with the PIN that waits for it, if it is of the kind that takes one.
    pub fn phone_goes_out(&mut self, pin: bool, last_try: LastTry) {
        assert_eq!(pin, self.waiting.is_some(), "a PIN that nobody typed");
        assert!(
            !allows(last_try) || self.agreed_to_last_try,
            "the last try, and nobody agreed to it"
        );
        self.going_out.clone_from(&self.waiting);
    }

    /// As [`pin_went_out`](Self::pin_went_out). What was presented isn't given back, and what is given back wasn't.
    pub fn phone_pin_went_out(&mut self, presented: &[Vec<u8>], left_before: u8, unused: bool) {
        assert!(!unused || presented.is_empty(), "presented, and given back");
        self.pin_went_out(presented, left_before);
        if !unused {
            self.waiting = None;
        }
    }

    /// A key counts: it is pressed on the screen that is shown, in time.
    pub fn pressed(&mut self, screen: &Screen, choice: &Choice) {
        let wishes = &mut self.wishes;
        match (screen, choice) {
            (Screen::ChooseMethod { .. }, Choice::Guardian) => self.guardian = true,
            (Screen::ChooseMethod { .. }, Choice::Holder) => self.guardian = false,
            (Screen::LastTry { .. }, Choice::Yes) => self.agreed_to_last_try = true,
            (Screen::Register { .. }, Choice::Yes) => wishes.register = true,
            (Screen::Consents { .. }, Choice::ConsentToAll) => {
                wishes.consents = Some(Consents::all());
            }
            (Screen::Consents { .. }, Choice::ConsentToNone) => {
                wishes.consents = Some(Consents::none());
            }
            (Screen::Consents { .. }, Choice::ConsentOneByOne) => {
                wishes.one_by_one = Consents::none();
            }
            (Screen::Consent { kind, .. }, Choice::Yes | Choice::No) => {
                if matches!(choice, Choice::Yes) {
                    wishes.one_by_one = wishes.one_by_one.with(*kind);
                }
                if ConsentKind::ON_SCREEN.last() == Some(kind) {
                    wishes.consents = Some(wishes.one_by_one);
                }
            }
            (Screen::Prescription, Choice::Electronic) => {
                wishes.prescription = Some(PrescriptionIssue::Electronic);
            }
            (Screen::Prescription, Choice::Paper) => {
                wishes.prescription = Some(PrescriptionIssue::Paper);
            }
            (Screen::Subsidies { .. }, Choice::Yes) => wishes.subsidies = Some(true),
            (Screen::Subsidies { .. }, Choice::No) => wishes.subsidies = Some(false),
            _ => {}
        }
    }

    /// What is compared is the photo of the card that is there.
    pub fn compares(&self, photo: Binding, card: Option<Binding>) {
        if let Some(card) = card {
            assert_eq!(photo, card, "the photo of another session is compared");
        }
    }

    /// A guardian's face is nobody's here.
    pub fn looks_at_a_face(&self) {
        assert!(!self.guardian, "a guardian is asked for their face");
    }

    /// The centre is asked nothing and told nothing but what was chosen on the screen, by whoever was identified.
    pub fn asks(&self, request: &Request, in_grace: bool) {
        assert!(
            self.identified.is_some() && self.read.is_some(),
            "asks for nobody"
        );
        let wishes = &self.wishes;
        match request.kind() {
            Some(RequestKind::Status) => {}
            Some(RequestKind::Register) => assert!(wishes.register, "registers unasked"),
            Some(RequestKind::Prescription { issue }) => {
                assert_eq!(Some(issue), wishes.prescription.as_ref());
            }
            Some(RequestKind::Subsidies { consent }) => {
                assert_eq!(Some(*consent), wishes.subsidies);
            }
            Some(RequestKind::Result { consents }) => {
                let chosen = wishes.consents.filter(|_| !in_grace);
                assert!(chosen.is_some() || in_grace, "nobody was asked for consent");
                assert_eq!(*consents, chosen.unwrap_or(Consents::none()));
            }
            other => panic!("a question that isn't known: {other:?}"),
        }
    }

    /// After the card was asked to verify: what reached it, and how many tries it had.
    pub fn pin_went_out(&mut self, presented: &[Vec<u8>], left_before: u8) {
        assert!(
            presented.len() <= 1,
            "one PIN, presented {} times",
            presented.len()
        );
        for value in presented {
            let typed = self.going_out.as_deref().map(str::as_bytes);
            assert_eq!(value.get(1..), typed, "another PIN than the one typed");
            assert!(
                left_before > 1 || self.agreed_to_last_try,
                "the last try went unasked"
            );
            self.pins_out += 1;
        }
        self.going_out = None;
        assert!(self.pins_out <= self.pins_typed);
    }

    /// A result for the task that the machine waits for. `genuine` is what it really proves.
    pub fn delivers(
        &mut self,
        genuine: Option<Kind>,
        request: Option<&Request>,
        session: Option<CardSession>,
        result: &TaskResult,
    ) {
        match (genuine, result) {
            (_, TaskResult::CardRead(Ok(read))) => {
                self.read = Some(read.certificate.binding().session());
                self.really_read = genuine == Some(Kind::CardRead);
                self.identified = None;
                self.by_phone = false;
            }
            (_, TaskResult::PhoneRead(Ok(read))) => {
                let session = read.certificate.binding().session();
                self.read = Some(session);
                self.really_read = genuine == Some(Kind::PhoneRead);
                self.by_phone = true;
                let method = read.signed.identity.method();
                self.identified = self.really_read.then_some((method, session));
            }
            (
                Some(Kind::PinSigned | Kind::PinlessSigned),
                TaskResult::PinSigned(Ok(signed)) | TaskResult::PinlessSigned(Ok(signed)),
            ) => self.identified = session.map(|session| (signed.identity.method(), session)),
            (Some(Kind::Answered), TaskResult::Answered { .. }) => {
                let kind = request.and_then(Request::kind);
                self.confirmed = matches!(kind, Some(RequestKind::Result { .. }));
            }
            _ => {}
        }
    }

    /// Decided once; let in with all of the proofs alone.
    pub fn decided(&mut self, outcome: &Outcome) {
        assert!(self.outcome.is_none(), "decided twice");
        self.outcome = Some(Ended(outcome.failure()));
        match outcome {
            Outcome::Accepted(accepted) => {
                assert_eq!(accepted.visit(), self.visit);
                let read = self.read.filter(|_| self.really_read);
                let read = read.expect("let in without a certificate");
                let (how, session) = self.identified.expect("let in without an identity");
                assert_eq!(session, read, "identified in another session");
                assert_eq!(accepted.identified(), how);
                assert!(self.confirmed, "let in without the centre's answer");
                let who = match self.by_phone {
                    true => self.whose_phone.expect("a desk for phones"),
                    false => self.who,
                };
                assert_eq!(accepted.coverage().name.reveal(), who.holder_name);
            }
            Outcome::NotAccepted(refusal) => {
                assert_eq!(refusal.visit, self.visit);
                assert!(!refusal.advice.items.is_empty(), "no advice: {refusal:?}");
            }
            other => panic!("an outcome that isn't known: {other:?}"),
        }
    }

    pub fn audited(&mut self, record: &AuditRecord, now: Timestamp) {
        assert_eq!(record.visit, self.visit);
        assert_eq!(record.number, self.records, "a record is missing");
        assert_eq!(record.at, now);
        self.records += 1;
        let said = match &record.event {
            AuditEvent::Accepted => Some(Ended(None)),
            AuditEvent::NotAccepted(failure) => Some(Ended(Some(*failure))),
            _ => None,
        };
        if let Some(said) = said {
            assert!(self.outcome.is_none_or(|outcome| outcome == said));
        }
    }
}

fn key_name(key: &uketsuke::checkin::ChoiceKey) -> String {
    format!("{key:?}")
}

/// Left alone, every visit comes to its end by time, and its screens with it.
pub fn ends_by_itself(mut world: super::world::World) -> usize {
    for ticks in 0..20 {
        if world.finished {
            assert!(world.journal.outcome.is_some(), "over, and never decided");
            return ticks;
        }
        world.now = world.now.max(world.deadline.expect("a deadline"));
        world.handle(uketsuke::checkin::Input::Tick);
    }
    panic!("no end by time alone: {:?}", summary(&world.machine));
}

fn summary(machine: &CheckIn) -> uketsuke::checkin::Summary {
    machine.summary()
}
