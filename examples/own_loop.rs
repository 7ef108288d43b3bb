//! An event loop of one's own around [`CheckIn`], for a program that can't hand
//! its thread to `Reception`: a virtual card, its holder's PIN or face
//! (`own_loop face`), a simulated centre. Nothing here waits for a person or the
//! centre; work on the card is done at once, in this thread.

use std::{io::Write, process::ExitCode, time::Duration};

use jiff::Timestamp;
use uketsuke::Realm;
use uketsuke::card::*;
use uketsuke::checkin::*;
use uketsuke::eligibility::{EligibilityService, Lang, PollResult, Ticket};
use uketsuke::face::{FaceCapture, MatchPolicy};
use uketsuke::simulation::*;
use uketsuke::transport::{
    ExtendedLength, Presence, Reader, Transport, TransportError, TransportErrorKind as Kind,
};
use uketsuke::trust::TerminalId;

/// What one visit holds beside the machine.
struct Visit<R: Reader> {
    reader: R,
    presence: Presence,
    reader_failed: bool,
    /// The ONE card of the visit. Proofs of two card sessions don't fit
    /// together, so it is made at the first `ReadCard`, for every task after it.
    card: Option<Card<R::Transport>>,
    /// Read once: 照合番号B is presented once in a visit, however often the
    /// person looks at the camera.
    photo: Option<CardPhoto>,
    centre: Centre,
    /// The question under way: its task, its ticket, when to look again.
    asked: Option<(TaskId, Ticket, Timestamp)>,
    camera: SimulatedCamera,
    reference: SimulatedReferenceSource,
}

impl<R: Reader> Visit<R> {
    fn card(&mut self) -> Result<&mut Card<R::Transport>, CardError> {
        self.card
            .as_mut()
            .ok_or(failed(TransportError::new(Kind::CardRemoved, false)))
    }

    /// Does a task, once, and says how it ended; `None` for those that end later
    /// (`Ask`) or in silence (`ReleaseCard`).
    fn perform(&mut self, machine: &CheckIn, task: TaskId, work: Task) -> Option<TaskResult> {
        Some(match work {
            Task::ReadCard => TaskResult::CardRead(self.read_card(machine)),
            Task::ReadExpiryHint => TaskResult::ExpiryHint(self.expiry_hint().ok()),
            Task::VerifyPin {
                pin,
                last_try,
                input,
                binding,
            } => {
                let mut jpki = match self.card().and_then(Card::open::<Jpki>) {
                    // Present nothing to a card that isn't the certificate's.
                    Ok(jpki) if jpki.binding() != binding => {
                        return Some(TaskResult::SessionRenewed);
                    }
                    Ok(jpki) => jpki,
                    Err(error) => {
                        return Some(TaskResult::PinSigned(Err(VerifyError::from(error).into())));
                    }
                };
                let signed = verify_and_sign(&mut jpki, pin, last_try, &input);
                if signed.is_ok() {
                    // If leaving fails, the card is powered off before its next use.
                    let _left = jpki.close();
                }
                TaskResult::PinSigned(signed)
            }
            Task::ReadPhoto => TaskResult::PhotoRead(self.read_photo()),
            Task::CompareFace => TaskResult::FaceCompared(self.compare_face()),
            Task::SignWithoutPin {
                identity,
                input,
                binding,
            } => {
                let mut jpki = match self.card().and_then(Card::open::<Jpki>) {
                    Ok(jpki) if jpki.binding() != binding => {
                        return Some(TaskResult::SessionRenewed);
                    }
                    Ok(jpki) => jpki,
                    Err(error) => return Some(TaskResult::PinlessSigned(Err(error.into()))),
                };
                // Dropped, not closed: the card is powered off before its next use.
                let identity = identity.authorize(&mut SimulatedPinless, &mut jpki);
                TaskResult::PinlessSigned(identity.and_then(|identity| {
                    let signature = jpki.sign_authentication(&input)?;
                    Ok(Signed {
                        identity,
                        signature,
                    })
                }))
            }
            // Not offered here: the equipment below has no passcodes.
            Task::CheckStaff { staff, .. } => {
                TaskResult::StaffChecked(Err(StaffRefused::Wrong { staff }))
            }
            Task::Ask(request) => {
                let now = Timestamp::now();
                match self.centre.submit(*request, now) {
                    Ok(ticket) => {
                        self.asked = Some((task, ticket, now));
                        return None;
                    }
                    Err(error) => TaskResult::Answered {
                        realm: self.centre.realm(),
                        answer: Err(error),
                    },
                }
            }
            Task::ReleaseCard => {
                self.release();
                return None;
            }
            // A task of a later version: its deadline ends the visit.
            _ => return None,
        })
    }

    fn read_card(&mut self, machine: &CheckIn) -> Result<CardRead, CardError> {
        if self.card.is_none() {
            let transport = self.reader.connect().map_err(failed)?;
            self.card = Some(Card::new(transport, machine.visit()));
        }
        let mut jpki = self.card()?.open::<Jpki>()?;
        let certificate = jpki.authentication_certificate(&mut |_| {})?;
        let pin_tries_left = jpki.tries_left(SecretKind::AuthPin)?.count();
        jpki.close()?;
        Ok(CardRead {
            certificate,
            pin_tries_left,
        })
    }

    fn expiry_hint(&mut self) -> Result<jiff::civil::Date, CardError> {
        self.card()?.open::<Common>()?.expiry_hint()
    }

    fn read_photo(&mut self) -> Result<(), FaceTaskError> {
        // The number comes first: nothing is held while it is looked for.
        let number = self.reference.read().map_err(VerifyError::from)?;
        let card = self.card()?;
        let unknown = card.extended_length_at_offset() == ExtendedLength::Unknown;
        let mut face = card.open::<CardFace>()?;
        if unknown {
            // A free file, from which is learnt how the photo may be read: behind the
            // number nothing is tried.
            let _certificate = face.issuer_certificate(&mut |_| {});
        }
        // Its last try is never used: nobody could be asked.
        let budget = face
            .tries_left(SecretKind::ReferenceNumberB)?
            .budget(LastTry::Refuse)?;
        let right = face.verify_reference_number_b(number, budget)?;
        let photo = face.photo(&right, &mut |_| {})?;
        let _left = face.close();
        self.photo = Some(photo);
        Ok(())
    }

    fn compare_face(&mut self) -> Result<uketsuke::face::Decision, FaceTaskError> {
        let photo = self.photo.as_ref().ok_or(FaceTaskError::NoParts)?;
        let live = self.camera.capture()?;
        let (mut matcher, mut detector) = (SimulatedMatcher::new(), SimulatedDetector::new());
        Ok(MatchPolicy::simulation().decide(photo, live, &mut matcher, &mut detector)?)
    }

    /// Lets go of the card (powered off if a secret was presented) and the photo.
    fn release(&mut self) {
        self.photo = None;
        if let Some(card) = self.card.take() {
            drop(card.release());
        }
    }

    /// News of the reader.
    fn reader_news(&mut self, patience: Duration) -> Option<Input> {
        if self.reader_failed {
            std::thread::sleep(patience);
            return None;
        }
        let presence = match self.reader.wait_for_change(self.presence, patience) {
            Ok(presence) if presence == self.presence => return None,
            Ok(presence) => presence,
            Err(error) => {
                // Told once: it ends the visit.
                self.reader_failed = true;
                self.release();
                return Some(Input::ReaderFailed(error));
            }
        };
        self.presence = presence;
        Some(match presence {
            Presence::Present => Input::CardPlaced,
            Presence::Mute => Input::ReaderFailed(TransportError::new(Kind::Mute, false)),
            Presence::Absent => {
                self.release();
                Input::CardRemoved
            }
        })
    }

    /// News of the centre. What answers another question is told to the machine,
    /// which drops it, and ours stays open.
    fn centre_news(&mut self, now: Timestamp) -> Option<Input> {
        let (task, ticket, _) = self.asked.filter(|(_, _, not_before)| now >= *not_before)?;
        let answer = match self.centre.poll(ticket, now) {
            Ok(PollResult::Ready(answer)) => {
                let ours = ticket.number();
                self.asked = match answer.number == ours {
                    true => None,
                    false => Some((task, ticket, now + Duration::from_millis(200))),
                };
                Ok(answer)
            }
            Ok(PollResult::Pending { not_before }) => {
                self.asked = Some((task, ticket, not_before));
                return None;
            }
            Ok(_) => return None,
            Err(error) => {
                self.asked = None;
                Err(error)
            }
        };
        let result = TaskResult::Answered {
            realm: self.centre.realm(),
            answer,
        };
        Some(Input::Done { task, result })
    }
}

/// The count is read, the PIN presented once with the budget it gives, then the
/// challenge signed. Whatever comes back, nothing is sent again.
fn verify_and_sign<T: Transport>(
    jpki: &mut Opened<'_, T, Jpki>,
    pin: AuthPin,
    last_try: LastTry,
    input: &SignatureInput,
) -> Result<Signed, PinTaskError> {
    let tries = jpki
        .tries_left(SecretKind::AuthPin)
        .map_err(VerifyError::from)?;
    let budget = tries.budget(last_try)?;
    let verified = jpki.verify_pin(pin, budget)?;
    let signature = jpki
        .sign_authentication(input)
        .map_err(PinTaskError::Signature)?;
    Ok(Signed {
        identity: Identity::Pin(verified),
        signature,
    })
}

fn failed(source: TransportError) -> CardError {
    CardError::Transport {
        what: "the connection",
        source,
    }
}

/// Where a person would look at the screen and press something.
fn pressed(screen: &Screen, method: Method, card_slot: &VirtualReader) -> Option<Choice> {
    match screen {
        Screen::ChooseMethod { .. } => Some(Choice::Method(method)),
        Screen::EnterPin { .. } => AuthPin::parse("1234").ok().map(Choice::Pin),
        Screen::Consents { .. } => Some(Choice::ConsentToNone),
        Screen::Prescription => Some(Choice::Paper),
        Screen::TakeCard { .. } => {
            card_slot.remove();
            None
        }
        _ => Some(Choice::Yes),
    }
}

/// Prints a line, whether or not somebody reads it.
fn say(line: &str) {
    let _nobody_reads = writeln!(std::io::stdout(), "{line}");
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let method = match std::env::args().nth(1).as_deref() {
        None | Some("pin") => Method::Pin,
        Some("face") => Method::Face,
        Some("--help") => {
            say("own_loop [pin|face]: a check-in of a virtual card by an event loop of its own,");
            say("with the PIN (as if nothing is said) or the face. Exit status: 0 accepted,");
            say("1 not accepted, 64 usage.");
            return Ok(ExitCode::SUCCESS);
        }
        Some(_) => {
            eprintln!("own_loop [pin|face]");
            return Ok(ExitCode::from(64));
        }
    };
    let person = Persona::named("in-order").ok_or("no such persona")?;
    let reader = VirtualReader::new();
    reader.insert(VirtualCard::new(
        person,
        CardOptions::default(),
        Timestamp::now(),
    ));
    let mut visit = Visit {
        reader: reader.clone(),
        presence: Presence::Absent,
        reader_failed: false,
        card: None,
        photo: None,
        centre: Centre::new(),
        asked: None,
        camera: SimulatedCamera::of(person),
        reference: SimulatedReferenceSource::of(person),
    };
    let equipment = Equipment {
        pinless: Some(Realm::Simulation),
        face: Some(Realm::Simulation),
        ..Equipment::pin_only(Realm::Simulation)
    };
    let policy = Policy::simulation(TerminalId::new("own-loop")?);
    let mut machine = CheckIn::new(policy, equipment, Timestamp::now());
    let mut shown = None;
    let mut accepted = false;
    loop {
        match machine.poll() {
            Output::Show { number, screen } => {
                say(&format!("[{}]", screen.text(Lang::En).title));
                // A choice carries the number of the screen it was made on.
                shown = pressed(&screen, method, &reader).map(|choice| (number, choice));
            }
            Output::Start { task, work } => {
                if let Some(result) = visit.perform(&machine, task, *work) {
                    machine.handle(Input::Done { task, result }, Timestamp::now());
                }
            }
            // Nobody waits for this answer any more.
            Output::Forget { task, .. } => {
                if let Some((_, ticket, _)) = visit.asked.take_if(|asked| asked.0 == task) {
                    visit.centre.cancel(ticket);
                }
            }
            Output::Audit(record) => say(&format!("    {:?}", record.event)),
            Output::Decided(outcome) => accepted = outcome.is_accepted(),
            // Whatever comes first: the card, the person, the centre, the time.
            Output::Idle { .. } => {
                let now = Timestamp::now();
                let chosen = |(screen, choice)| Input::Chosen { screen, choice };
                let input = visit.reader_news(Duration::ZERO);
                let input = input.or_else(|| shown.take().map(chosen));
                let input = input.or_else(|| visit.centre_news(now));
                let input = input.or_else(|| visit.reader_news(Duration::from_millis(50)));
                machine.handle(input.unwrap_or(Input::Tick), Timestamp::now());
            }
            Output::Finished => break,
            _ => {}
        }
    }
    visit.release();
    Ok(ExitCode::from(u8::from(!accepted)))
}
