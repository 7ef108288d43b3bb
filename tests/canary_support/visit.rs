//! A whole visit, driven by hand: every input, output, task and result of the
//! machine is printed, and every screen in both languages.

use jiff::Timestamp;
use uketsuke::card::*;
use uketsuke::checkin::*;
use uketsuke::eligibility::*;
use uketsuke::simulation::Centre;
use uketsuke::transport::Transport;
use uketsuke::trust::TerminalId;
use uketsuke::{Realm, VisitId};

use super::*;

pub struct Visit<'a> {
    pub machine: CheckIn,
    pub sink: &'a mut Sink,
    pub centre: Centre,
    pub now: Timestamp,
    /// Typed one after the other, then nothing.
    pub pins: Vec<&'static str>,
    screen: Option<(ScreenId, Screen)>,
    asked: Option<(TaskId, Request, Ticket)>,
    pub records: Vec<AuditRecord>,
}

impl<'a> Visit<'a> {
    pub fn new(sink: &'a mut Sink, centre: Centre, now: Timestamp, pins: &[&'static str]) -> Self {
        let policy = Policy::simulation(TerminalId::new("canary").unwrap());
        sink.debug(&policy);
        let equipment = Equipment::pin_only(Realm::Simulation);
        let machine = CheckIn::new(policy, equipment, now);
        Self {
            machine,
            sink,
            centre,
            now,
            pins: pins.to_vec(),
            screen: None,
            asked: None,
            records: Vec::new(),
        }
    }

    pub fn visit(&self) -> VisitId {
        self.machine.visit()
    }

    fn handle(&mut self, input: Input) {
        self.sink.debug(&input);
        self.machine.handle(input, self.now);
        self.sink.debug(&self.machine.summary());
        self.sink.debug(&self.machine);
    }

    /// To the end; `None` if it doesn't come to one in a thousand steps.
    pub fn run<T: Transport>(&mut self, card: &mut Card<T>) -> Option<Outcome> {
        self.handle(Input::CardPlaced);
        let mut outcome = None;
        for _ in 0..1_000 {
            let output = self.machine.poll();
            self.sink.debug(&output);
            match output {
                Output::Show { number, screen } => {
                    self.show(&screen);
                    self.screen = Some((number, *screen));
                }
                Output::Start { task, work } => self.start(task, *work, card),
                Output::Audit(record) => {
                    self.sink.debug(&record);
                    self.records.push(record);
                }
                Output::Decided(decided) => {
                    self.decided(&decided);
                    outcome = Some(*decided);
                }
                Output::Idle { .. } => {
                    self.now += jiff::SignedDuration::from_secs(5);
                    match outcome {
                        None => self.idle(),
                        Some(_) => self.handle(Input::CardRemoved),
                    }
                    self.handle(Input::Tick);
                }
                Output::Finished => return outcome,
                _ => {}
            }
        }
        eprintln!("no end: {:?}", self.machine.summary());
        None
    }

    fn show(&mut self, screen: &Screen) {
        self.sink.debug(screen);
        for lang in [Lang::Ja, Lang::En] {
            let text = screen.text(lang);
            // What the person is to read at the end: their own name, on their
            // own screen.
            if !matches!(screen, Screen::Accepted { .. }) {
                self.sink.debug(&text);
                self.sink.json(&text);
                for button in &text.choices {
                    self.sink.debug(button);
                }
            }
        }
    }

    fn decided(&mut self, outcome: &Outcome) {
        self.sink.debug(outcome);
        match outcome {
            Outcome::Accepted(accepted) => {
                self.sink.debug(&**accepted);
                self.sink.debug(accepted.coverage());
                self.sink.debug(&accepted.coverage().name);
            }
            Outcome::NotAccepted(refusal) => {
                self.sink.debug(&**refusal);
                self.sink.debug(&refusal.advice);
                self.sink.json(&refusal.advice);
                for item in &refusal.advice.items {
                    self.sink.debug(item);
                    self.sink.json(item);
                    self.sink
                        .text("advice", &format!("{:?}", item.caution(Lang::Ja)));
                    self.sink.text("advice", item.text(Lang::En));
                }
            }
            _ => {}
        }
    }

    fn idle(&mut self) {
        if let Some((task, request, ticket)) = self.asked.take() {
            let result = match self.centre.poll(ticket, self.now) {
                Ok(PollResult::Pending { not_before }) => {
                    self.now = not_before;
                    self.asked = Some((task, request, ticket));
                    return;
                }
                Ok(PollResult::Ready(answer)) => {
                    self.sink.debug(&*answer);
                    self.sink.debug(&answer.report);
                    for qualification in &answer.report.results {
                        self.sink.debug(qualification);
                        self.sink.debug(&qualification.insurer_number);
                    }
                    let confirmed = confirm(&request, &answer, Realm::Simulation);
                    self.sink.debug(&confirmed);
                    Ok(answer)
                }
                Ok(_) => return,
                Err(error) => Err(error),
            };
            let result = TaskResult::Answered {
                realm: Realm::Simulation,
                answer: result,
            };
            return self.handle(Input::Done { task, result });
        }
        let Some((number, screen)) = self.screen.take() else {
            return self.handle(Input::CardRemoved);
        };
        let choice = match screen {
            Screen::ChooseMethod { .. } if self.pins.is_empty() => Choice::Cancel,
            Screen::ChooseMethod { .. } => Choice::Method(Method::Pin),
            Screen::EnterPin { .. } => match self.pins.is_empty() {
                true => Choice::PinForgotten,
                false => Choice::Pin(AuthPin::parse(self.pins.remove(0)).unwrap()),
            },
            Screen::Consents { .. } => Choice::ConsentToAll,
            Screen::TakeCard { .. } => return self.handle(Input::CardRemoved),
            _ => Choice::Yes,
        };
        self.sink.debug(&choice);
        let screen = number;
        self.handle(Input::Chosen { screen, choice });
    }

    fn start<T: Transport>(&mut self, task: TaskId, work: Task, card: &mut Card<T>) {
        self.sink.debug(&work);
        let result = match work {
            Task::ReadCard => TaskResult::CardRead(read_card(card)),
            Task::ReadExpiryHint => TaskResult::ExpiryHint(None),
            Task::VerifyPin {
                pin,
                last_try,
                input,
                binding,
            } => {
                let signed = sign(card, pin, last_try, &input, binding);
                TaskResult::PinSigned(signed)
            }
            Task::Ask(request) => {
                self.sink.debug(&*request);
                match self.centre.submit((*request).clone(), self.now) {
                    Ok(ticket) => {
                        self.sink.debug(&ticket);
                        self.asked = Some((task, *request, ticket));
                        return;
                    }
                    Err(error) => {
                        self.sink.error(&error);
                        TaskResult::Answered {
                            realm: Realm::Simulation,
                            answer: Err(error),
                        }
                    }
                }
            }
            _ => return,
        };
        match &result {
            TaskResult::CardRead(Ok(read)) => self.sink.debug(read),
            TaskResult::CardRead(Err(error)) => self.sink.error(error),
            TaskResult::PinSigned(Ok(signed)) => self.sink.debug(signed),
            TaskResult::PinSigned(Err(error)) => self.sink.error(error),
            _ => {}
        }
        self.handle(Input::Done { task, result });
    }
}

fn read_card<T: Transport>(card: &mut Card<T>) -> Result<CardRead, CardError> {
    let mut jpki = card.open::<Jpki>()?;
    let certificate = jpki.authentication_certificate(&mut |_| ())?;
    let pin_tries_left = jpki.tries_left(SecretKind::AuthPin)?.count();
    jpki.close()?;
    Ok(CardRead {
        certificate,
        pin_tries_left,
    })
}

fn sign<T: Transport>(
    card: &mut Card<T>,
    pin: AuthPin,
    last: LastTry,
    input: &SignatureInput,
    binding: uketsuke::Binding,
) -> Result<Signed, PinTaskError> {
    let mut jpki = card.open::<Jpki>().map_err(VerifyError::from)?;
    assert_eq!(jpki.binding(), binding);
    let tries = jpki
        .tries_left(SecretKind::AuthPin)
        .map_err(VerifyError::from)?;
    let identity = Identity::Pin(jpki.verify_pin(pin, tries.budget(last)?)?);
    let signature = jpki
        .sign_authentication(input)
        .map_err(PinTaskError::Signature)?;
    jpki.close().map_err(PinTaskError::Signature)?;
    Ok(Signed {
        identity,
        signature,
    })
}
