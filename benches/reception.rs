//! Whole check-ins by PIN at a virtual card, and what of their time is the card's and the centre's.

use std::cell::Cell;
use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use uketsuke::{
    Realm,
    card::AuthPin,
    checkin::{
        AuditRecord, Choice, Desk, Method, Policy, Reception, Screen,
        lanes::{Ended, Lane, Lanes, Next},
    },
    eligibility::{
        Capabilities, EligibilityService, Lang, PollResult, Request, ServiceError, Ticket,
    },
    simulation::{CardOptions, Centre, Persona, VirtualCard, VirtualReader, VirtualTransport},
    transport::{Cancel, Limits, Outgoing, Presence, Reader, Reset, Transport, TransportError},
    trust::TerminalId,
};

thread_local! { static EXCLUDED: Cell<Duration> = const { Cell::new(Duration::ZERO) }; }

/// Does what isn't to be counted; `instructions.sh` knows it by its name.
#[inline(never)]
fn excluded<T>(call: impl FnOnce() -> T) -> T {
    let from = Instant::now();
    let given = call();
    EXCLUDED.set(EXCLUDED.get() + from.elapsed());
    given
}

/// A virtual reader whose every call is excluded.
pub struct Apart<T>(T);

impl Transport for Apart<VirtualTransport> {
    fn transmit(
        &mut self,
        command: Outgoing<'_>,
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, TransportError> {
        excluded(|| self.0.transmit(command))
    }
    fn limits(&self) -> Limits {
        self.0.limits()
    }
    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        excluded(|| self.0.reset(how))
    }
}

impl Reader for Apart<VirtualReader> {
    type Transport = Apart<VirtualTransport>;

    fn name(&self) -> &str {
        self.0.name()
    }
    fn presence(&mut self) -> Result<Presence, TransportError> {
        excluded(|| self.0.presence())
    }
    fn wait_for_change(
        &mut self,
        from: Presence,
        most: Duration,
    ) -> Result<Presence, TransportError> {
        excluded(|| self.0.wait_for_change(from, most))
    }
    fn connect(&mut self) -> Result<Self::Transport, TransportError> {
        excluded(|| self.0.connect()).map(Apart)
    }
    fn canceller(&self) -> Box<dyn Cancel> {
        self.0.canceller()
    }
}

impl EligibilityService for Apart<Centre> {
    fn realm(&self) -> Realm {
        self.0.realm()
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        excluded(|| self.0.submit(request, now))
    }
    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        excluded(|| self.0.poll(ticket, now))
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.0.cancel(ticket);
    }
}

/// A person who presses at once what leads on, before a desk that makes each screen's text.
struct Brisk {
    now: Timestamp,
    pressed: Option<Choice>,
    reader: VirtualReader,
    card: Option<VirtualCard>,
}

impl Desk for Brisk {
    fn now(&mut self) -> Timestamp {
        self.now
    }
    fn show(&mut self, screen: &Screen) {
        black_box(screen.text(Lang::Ja));
        self.pressed = match screen {
            Screen::ChooseMethod { .. } => Some(Choice::Method(Method::Pin)),
            Screen::EnterPin { .. } => AuthPin::parse("1234").ok().map(Choice::Pin),
            Screen::TakeCard { .. } => {
                self.card = excluded(|| self.reader.remove());
                None
            }
            consents if consents.name() == "consents" => Some(Choice::ConsentToAll),
            _ => Some(Choice::Yes),
        };
    }
    fn choice(&mut self, _until: Timestamp) -> Option<Choice> {
        self.pressed.take()
    }
    fn audit(&mut self, record: &AuditRecord) {
        black_box(record);
    }
}

fn now() -> Timestamp {
    "2026-11-23T03:00:00Z".parse().expect("a time")
}

/// With its digest, which is worked out once for all visits.
fn policy() -> Policy {
    let policy = Policy::simulation(TerminalId::new("bench").expect("a name"));
    black_box(policy.digest());
    policy
}

fn card() -> VirtualCard {
    let persona = Persona::named("in-order").expect("a persona");
    VirtualCard::new(persona, CardOptions::default(), now())
}

/// One reception, for one visit after the other.
pub struct CheckIns {
    reader: Apart<VirtualReader>,
    desk: Brisk,
    policy: Policy,
}

impl CheckIns {
    /// With a card.
    pub fn prepare() -> Self {
        let reader = VirtualReader::new();
        let desk = Brisk {
            now: now(),
            pressed: None,
            reader: reader.clone(),
            card: Some(card()),
        };
        Self {
            reader: Apart(reader),
            desk,
            policy: policy(),
        }
    }

    /// One visit to its end, accepted; the time it took without reader, card and centre.
    pub fn one(&mut self) -> Duration {
        let card = self.desk.card.take().expect("the card");
        self.reader.0.insert(card);
        // A new one, so that it doesn't remember more and more.
        let mut centre = Apart(Centre::new());
        EXCLUDED.set(Duration::ZERO);
        let from = Instant::now();
        let accepted = counted_checkin(&self.policy, &mut self.reader, &mut centre, &mut self.desk);
        let all = from.elapsed();
        assert!(accepted);
        all.saturating_sub(EXCLUDED.get())
    }
}

#[inline(never)]
fn counted_checkin(
    policy: &Policy,
    reader: &mut Apart<VirtualReader>,
    centre: &mut Apart<Centre>,
    desk: &mut Brisk,
) -> bool {
    Reception::new(policy.clone(), reader, centre)
        .run(desk)
        .is_accepted()
}

/// Lanes with a card before each, and one centre.
pub struct Full {
    lanes: Lanes<'static>,
    count: usize,
}

impl Full {
    /// This many.
    pub fn prepare(count: usize) -> Self {
        let centre = Arc::new(Mutex::new(Centre::new().with_room(count)));
        let (policy, mut lanes) = (policy(), Lanes::new());
        for _ in 0..count {
            let reader = VirtualReader::new();
            reader.insert(card());
            let desk = Brisk {
                now: now(),
                pressed: None,
                reader: reader.clone(),
                card: None,
            };
            lanes.add(Lane::new(policy.clone(), reader, Arc::clone(&centre), desk));
        }
        Self { lanes, count }
    }

    /// A visit in each, all accepted; the time from the first to the last.
    pub fn run(self, workers: usize) -> Duration {
        let accepted = Mutex::new(0);
        let from = Instant::now();
        self.lanes.run(workers, |_, ended| {
            let yes = matches!(ended, Ended::Visit(outcome) if outcome.is_accepted());
            *accepted.lock().expect("a count") += usize::from(yes);
            Next::Close
        });
        let all = from.elapsed();
        assert_eq!(accepted.into_inner().expect("a count"), self.count);
        all
    }
}
