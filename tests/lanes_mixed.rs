//! What belongs to one visit is nothing in another: results, proofs, choices and
//! answers of one lane, handed to its neighbour at each step of the way.

mod support;

use std::sync::{Arc, Mutex};

use support::{now, persona, terminal};
use uketsuke::Realm;
use uketsuke::card::{AuthPin, Card, CardError, Jpki, LastTry, SecretKind, VerifyError};
use uketsuke::checkin::{
    AuditEvent, CardRead, CheckIn, Choice, Equipment, Identity, Input, Method, Outcome, Output,
    PinTaskError, Policy, Screen, ScreenId, Signed, Task, TaskId, TaskResult,
};
use uketsuke::eligibility::{EligibilityService, Failure, PollResult};
use uketsuke::simulation::{CardOptions, Centre, VirtualCard, VirtualReader, VirtualTransport};
use uketsuke::transport::Reader;

/// A visit by PIN, whose results are in our hand.
struct Hand {
    machine: CheckIn,
    card: Card<VirtualTransport>,
    centre: Arc<Mutex<Centre>>,
    screen: Option<(ScreenId, Choice)>,
    outcome: Option<Outcome>,
    stale: usize,
    finished: bool,
}

/// What the next thing to hand over is.
enum Next {
    Result(TaskId, TaskResult),
    Choice(ScreenId, Choice),
}

impl Hand {
    fn of(name: &str, centre: &Arc<Mutex<Centre>>) -> Self {
        let mut reader = VirtualReader::new();
        reader.insert(VirtualCard::new(
            persona(name),
            CardOptions::default(),
            now(),
        ));
        let policy = Policy::simulation(terminal());
        let mut machine = CheckIn::new(policy, Equipment::pin_only(Realm::Simulation), now());
        let card = Card::new(reader.connect().unwrap(), machine.visit());
        machine.handle(Input::CardPlaced, now());
        Self {
            machine,
            card,
            centre: Arc::clone(centre),
            screen: None,
            outcome: None,
            stale: 0,
            finished: false,
        }
    }

    /// Polls until there is a result or a choice to hand over.
    fn next(&mut self) -> Option<Next> {
        let mut result = None;
        loop {
            match self.machine.poll() {
                Output::Show { number, screen } => {
                    self.screen = chosen(&screen).map(|choice| (number, choice));
                }
                Output::Start { task, work } => {
                    result = self.perform(*work).map(|result| (task, result));
                }
                Output::Audit(record) => {
                    self.stale += usize::from(matches!(record.event, AuditEvent::StaleDropped));
                }
                Output::Decided(outcome) => self.outcome = Some(*outcome),
                Output::Idle { .. } => break,
                Output::Finished => {
                    self.finished = true;
                    return None;
                }
                _ => {}
            }
        }
        if self.outcome.is_some() {
            return None;
        }
        let result = result.map(|(task, result)| Next::Result(task, result));
        result.or_else(|| {
            let (screen, choice) = self.screen.take()?;
            Some(Next::Choice(screen, choice))
        })
    }

    fn hand(&mut self, next: Next) {
        let input = match next {
            Next::Result(task, result) => Input::Done { task, result },
            Next::Choice(screen, choice) => Input::Chosen { screen, choice },
        };
        self.machine.handle(input, now());
    }

    fn perform(&mut self, work: Task) -> Option<TaskResult> {
        Some(match work {
            Task::ReadCard => TaskResult::CardRead(self.read()),
            Task::VerifyPin { pin, input, .. } => {
                let sign = || -> Result<Signed, PinTaskError> {
                    let mut jpki = self.card.open::<Jpki>().map_err(VerifyError::from)?;
                    let tries = jpki
                        .tries_left(SecretKind::AuthPin)
                        .map_err(VerifyError::from)?;
                    let verified = jpki.verify_pin(pin, tries.budget(LastTry::Refuse)?)?;
                    let signature = jpki
                        .sign_authentication(&input)
                        .map_err(PinTaskError::Signature)?;
                    let _left = jpki.close();
                    Ok(Signed {
                        identity: Identity::Pin(verified),
                        signature,
                    })
                };
                TaskResult::PinSigned(sign())
            }
            Task::Ask(request) => {
                let mut centre = Arc::clone(&self.centre);
                let ticket = centre.submit(*request, now()).unwrap();
                let Ok(PollResult::Ready(answer)) = centre.poll(ticket, now()) else {
                    panic!("the centre answers at once")
                };
                TaskResult::Answered {
                    realm: Realm::Simulation,
                    answer: Ok(answer),
                }
            }
            _ => return None,
        })
    }

    fn read(&mut self) -> Result<CardRead, CardError> {
        let mut jpki = self.card.open::<Jpki>()?;
        let certificate = jpki.authentication_certificate(&mut |_| ())?;
        let pin_tries_left = jpki.tries_left(SecretKind::AuthPin)?.count();
        jpki.close()?;
        Ok(CardRead {
            certificate,
            pin_tries_left,
        })
    }

    /// To the end, in order.
    fn end(&mut self) -> Option<Failure> {
        while let Some(next) = self.next() {
            self.hand(next);
        }
        let outcome = self.outcome.as_ref().expect("decided");
        assert_eq!(outcome.is_accepted(), outcome.failure().is_none());
        outcome.failure()
    }
}

fn chosen(screen: &Screen) -> Option<Choice> {
    Some(match screen {
        Screen::ChooseMethod { .. } => Choice::Method(Method::Pin),
        Screen::EnterPin { .. } => Choice::Pin(AuthPin::parse("1234").unwrap()),
        asks if asks.name() == "consents" => Choice::ConsentToAll,
        asks if asks.name() == "register" => Choice::Yes,
        _ => return None,
    })
}

/// Two visits, both so many steps on their way; of one person even, whose
/// certificate, PIN and answers are the same.
fn both(steps: usize, names: [&str; 2]) -> [Hand; 2] {
    let centre = Arc::new(Mutex::new(Centre::new()));
    names.map(|name| {
        let mut hand = Hand::of(name, &centre);
        for _ in 0..steps {
            let next = hand.next().expect("as many steps as that");
            hand.hand(next);
        }
        hand
    })
}

const PAIRS: [[&str; 2]; 3] = [
    ["in-order", "in-order"],
    ["in-order", "not-registered"],
    ["not-registered", "in-order"],
];

/// Steps of a visit by PIN: read, method, PIN, signature, status, consents, result;
/// and two for a registration.
fn steps_of(name: &str) -> usize {
    let [mut hand, _] = both(0, [name, name]);
    let mut steps = 0;
    while let Some(next) = hand.next() {
        hand.hand(next);
        steps += 1;
    }
    assert!(hand.outcome.as_ref().is_some_and(Outcome::is_accepted));
    steps
}

#[test]
fn under_its_own_number_nothing_of_a_neighbour_is_taken() {
    assert_eq!(steps_of("in-order"), 7);
    assert_eq!(steps_of("not-registered"), 9);
    for names in PAIRS {
        let most = steps_of(names[0]).min(steps_of(names[1]));
        for steps in 0..most {
            // Each step of the neighbour's, at each step of this one's.
            for ahead in 0..most {
                let [_, mut this] = both(steps, names);
                let own = this.next().unwrap();
                let before = this.machine.summary();
                let mut neighbour = Hand::of(names[0], &this.centre);
                for _ in 0..ahead {
                    let next = neighbour.next().unwrap();
                    neighbour.hand(next);
                }
                let strange = neighbour.next().unwrap();
                this.hand(strange);
                assert_eq!(
                    this.machine.summary(),
                    before,
                    "{names:?}, {steps}, {ahead}"
                );
                assert!(this.next().is_none(), "nothing comes of it");
                assert_eq!(this.stale, 1, "and it is on record");
                this.hand(own);
                assert_eq!(this.end(), None, "{names:?}, {steps}, {ahead}");
            }
        }
    }
}

/// A driver that confuses its lanes: the neighbour's result under this one's number.
#[test]
fn under_anothers_number_no_proof_fits() {
    for names in PAIRS {
        let most = steps_of(names[0]).min(steps_of(names[1]));
        let mut refused = 0;
        for steps in 0..most {
            let [mut other, mut this] = both(steps, names);
            let (Some(Next::Result(_, strange)), Some(Next::Result(task, own))) =
                (other.next(), this.next())
            else {
                continue;
            };
            let answer = matches!(strange, TaskResult::Answered { .. });
            this.hand(Next::Result(task, strange));
            if answer {
                // An answer names its question: this one still waits for its own.
                assert!(this.next().is_none() && this.outcome.is_none());
                assert_eq!(this.stale, 1);
                this.hand(Next::Result(task, own));
                assert_eq!(this.end(), None, "{names:?}, {steps}");
            } else {
                assert_eq!(this.end(), Some(Failure::Internal), "{names:?}, {steps}");
                refused += 1;
            }
        }
        assert_eq!(refused, 2, "certificate; PIN and signature");
    }
}
