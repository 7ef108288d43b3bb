//! An event loop of one's own around [`CheckIn`], for a program that can't hand
//! its thread to `Reception`: a virtual card, its holder's PIN or face
//! (`own_loop face`), or a virtual phone on a reader of its own (`own_loop android`,
//! `own_loop iphone`), and a simulated centre. Nothing here waits for a person or the
//! centre; work on the card is done at once, in this thread.

use std::{io::Write, process::ExitCode, time::Duration};

use jiff::Timestamp;
use uketsuke::card::*;
use uketsuke::checkin::*;
use uketsuke::eligibility::{EligibilityService, Lang, PollResult, Ticket};
use uketsuke::face::{Decision, FaceCapture, FaceEngine, FaceError, Judges, Prepared};
use uketsuke::simulation::*;
use uketsuke::transport::{
    Presence, Reader, Transport, TransportError, TransportErrorKind as Kind,
};
use uketsuke::trust::{LivePhoto, TerminalId};
use uketsuke::{Binding, Realm, VisitId};

/// What one visit holds beside the machine.
struct Visit<R: Reader> {
    reader: R,
    presence: Presence,
    reader_failed: bool,
    /// The reader for phones.
    phones: R,
    /// What was on it when a phone was asked for, or lately; `None` while none is
    /// asked for, and then nobody looks.
    awaited: Option<Result<Presence, TransportError>>,
    /// The ONE card of the visit. Proofs of two card sessions don't fit
    /// together, so it is made at the first `ReadCard`, for every task after it.
    card: Option<Card<R::Transport>>,
    matcher: SimulatedMatcher,
    centre: Centre,
    /// The question under way: its task, its ticket, when to look again.
    asked: Option<(TaskId, Ticket, Timestamp)>,
    camera: SimulatedCamera,
    reference: SimulatedReferenceSource,
    /// The machine's own.
    policy: Policy,
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
            Task::ReadPhoto { input, binding } => self.read_photo(&input, binding),
            Task::CompareFace { photo } => TaskResult::FaceCompared(self.compare_face(&photo)),
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
            Task::ReadPhone {
                kind,
                mut pin,
                last_try,
                input,
            } => {
                let read = self.read_phone(machine.visit(), kind, &mut pin, last_try, &input);
                // A PIN that is still here was presented to nothing, and serves the next tap.
                TaskResult::PhoneRead(read.map_err(|error| PhoneNotRead { error, pin }))
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

    fn read_photo(&mut self, input: &SignatureInput, binding: Binding) -> TaskResult {
        // The number comes first: nothing is held while it is looked for.
        let number = match self.reference.read() {
            Ok(number) => number,
            Err(error) => return TaskResult::PhotoRead(Err(VerifyError::from(error).into())),
        };
        let policy = self.policy.clone();
        let mut face = match self.card().and_then(Card::open::<CardFace>) {
            Ok(face) if face.binding() != binding => return TaskResult::SessionRenewed,
            Ok(face) => face,
            Err(error) => return TaskResult::PhotoRead(Err(error.into())),
        };
        let read = read_face(&mut face, &policy, number, input);
        if read.is_ok() {
            let _left = face.close();
        }
        TaskResult::PhotoRead(read)
    }

    /// The photo came proved, from the machine. Its template is made while the person, who
    /// was just told to, looks up.
    fn compare_face(&mut self, photo: &LivePhoto) -> Result<Decision, FaceTaskError> {
        match self.matcher.prepare(photo)? {
            Prepared::Ready => {}
            // No frame will help.
            _ => return Err(FaceError::Photo.into()),
        }
        let live = self.camera.capture()?;
        let judges = Judges {
            engine: &mut self.matcher,
            detector: &mut SimulatedDetector::new(),
            quality: None,
        };
        // The machine takes no match of another.
        let policy = self.policy.match_policy().ok_or(FaceTaskError::NoParts)?;
        Ok(policy.decide(photo, live, judges)?)
    }

    /// One tap, from the connection to the signature. The phone isn't needed after it.
    fn read_phone(
        &mut self,
        visit: VisitId,
        kind: PhoneKind,
        pin: &mut Option<AuthPin>,
        last_try: LastTry,
        input: &SignatureInput,
    ) -> Result<PhoneRead, PhoneTaskError> {
        let transport = self.phones.connect().map_err(failed).map_err(unpresented)?;
        // A card of its own for each tap, and all of them of the machine's visit: by that
        // a PIN that one phone refused is known when the next is there.
        let mut card = Card::new(transport, visit);
        let read = read_held(&mut card, kind, pin, last_try, input);
        drop(card.release());
        read
    }

    /// Before a screen is shown: a phone counts when it comes while it is asked for.
    /// One that lies there already may be somebody else's, and gets no PIN.
    fn look_at_phones(&mut self, screen: &Screen) {
        let asked_for = matches!(screen, Screen::TapPhone { .. });
        self.awaited = asked_for.then(|| self.phones.presence());
    }

    /// News of the reader for phones.
    fn phone_news(&mut self) -> Option<Input> {
        let news = self.awaited.take()?.and_then(|before| {
            let there = self.phones.wait_for_change(before, Duration::ZERO)?;
            Ok((before, there))
        });
        match news {
            Ok((Presence::Absent, Presence::Present | Presence::Mute)) => Some(Input::PhonePlaced),
            Ok((_, there)) => {
                self.awaited = Some(Ok(there));
                None
            }
            Err(error) => Some(Input::PhoneReaderFailed(error)),
        }
    }

    /// Lets go of the card (powered off if a secret was presented).
    fn release(&mut self) {
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

/// One session of the card face. The machine proves what is read.
fn read_face<T: Transport>(
    face: &mut Opened<'_, T, CardFace>,
    policy: &Policy,
    number: ReferenceNumberB,
    input: &SignatureInput,
) -> Result<Box<PhotoRead>, FaceTaskError> {
    // Free, and first: what it teaches of card and reader isn't tried behind the number.
    let certificate = face.issuer_certificate(&mut |_| {})?;
    // No try for a photo that the machine won't take as proved.
    let roots = policy.card_face_roots();
    roots.validate(&certificate, policy.realms())?;
    // A camera may misread it, and nobody can be asked: most tries are kept.
    let budget = face
        .tries_left(SecretKind::ReferenceNumberB)?
        .budget_keeping(Task::RESERVE)?;
    let right = face.verify_reference_number_b(number, budget)?;
    let (photo, record) = face.signed_photo_with_key(&right, &mut |_| {})?;
    let signature = face.sign_live(input)?;
    Ok(Box::new(PhotoRead {
        certificate,
        photo,
        record,
        signature,
    }))
}

/// What is held to the reader for phones. Nothing is presented before the label says
/// that it is the kind of phone that was chosen.
fn read_held<T: Transport>(
    card: &mut Card<T>,
    kind: PhoneKind,
    pin: &mut Option<AuthPin>,
    last_try: LastTry,
    input: &SignatureInput,
) -> Result<PhoneRead, PhoneTaskError> {
    let mut jpki = card.open::<Jpki>().map_err(unpresented)?;
    let token = jpki.token().map_err(unpresented)?;
    if token != kind.token() {
        return Err(PhoneTaskError::OtherToken(token));
    }
    let identity = match kind {
        PhoneKind::Android => {
            let tries = jpki.tries_left(SecretKind::AuthPin).map_err(unpresented)?;
            // Where one is left and nobody was asked, this ends here.
            let budget = tries.budget(last_try)?;
            let what = "an Android phone was to be read without a PIN";
            let pin = pin.take();
            let pin = pin.ok_or_else(|| unpresented(CardError::Misuse { what }))?;
            Identity::Pin(jpki.verify_pin(pin, budget)?)
        }
        // With yours in place of `SimulatedDevice`.
        PhoneKind::Iphone => {
            Identity::Device(DeviceVerified::verify(&mut SimulatedDevice, &mut jpki)?)
        }
        // A kind of a later version: this loop's equipment doesn't offer it.
        _ => return Err(PhoneTaskError::OtherToken(token)),
    };
    let certificate = jpki
        .authentication_certificate(&mut |_| {})
        .map_err(PhoneTaskError::Signature)?;
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

fn failed(source: TransportError) -> CardError {
    CardError::Transport {
        what: "the connection",
        source,
    }
}

/// A phone that failed before anything was presented to it.
fn unpresented(error: CardError) -> PhoneTaskError {
    PhoneTaskError::Verify(error.into())
}

/// The person: the way they take, and what they have with them.
struct Person {
    way: Way,
    /// On the card reader at first, where they come with a card.
    card_slot: VirtualReader,
    phone_slot: VirtualReader,
    /// Taken out when it is asked for.
    phone: Option<VirtualCard>,
}

#[derive(Clone, Copy)]
enum Way {
    Card(Method),
    Phone(PhoneKind),
}

impl Person {
    /// With the card or the phone that this way needs.
    fn coming(way: Way) -> Option<Self> {
        let in_hand = |persona: Option<&Persona>| {
            Some(VirtualCard::new(
                persona?,
                CardOptions::default(),
                Timestamp::now(),
            ))
        };
        let mut person = Self {
            way,
            card_slot: VirtualReader::new(),
            phone_slot: VirtualReader::new(),
            phone: None,
        };
        match way {
            Way::Card(_) => person.card_slot.insert(in_hand(Persona::named(OWNER))?),
            Way::Phone(kind) => {
                let name = match kind {
                    PhoneKind::Iphone => "iphone-in-order",
                    _ => "android-in-order",
                };
                person.phone = Some(in_hand(Persona::phone_named(name))?);
            }
        }
        Some(person)
    }

    /// Where a person would look at the screen and press something.
    fn looks_at(&mut self, screen: &Screen) -> Option<Choice> {
        match (screen, self.way) {
            (Screen::PlaceCard { phone: true }, Way::Phone(_)) => Some(Choice::Phone),
            (Screen::ChoosePhone { .. }, Way::Phone(kind)) => Some(Choice::PhoneKind(kind)),
            (Screen::TapPhone { .. }, _) => {
                // An iPhone's holder was identified on it before.
                self.phone_slot.insert(self.phone.take()?);
                None
            }
            (Screen::ChooseMethod { .. }, Way::Card(method)) => Some(Choice::Method(method)),
            (Screen::EnterPin { .. }, _) => AuthPin::parse("1234").ok().map(Choice::Pin),
            (Screen::Consents { .. }, _) => Some(Choice::ConsentToNone),
            (Screen::Prescription, _) => Some(Choice::Paper),
            (Screen::TakeCard { .. }, _) => {
                self.card_slot.remove();
                None
            }
            _ => Some(Choice::Yes),
        }
    }
}

/// Whose card it is, and whose phones.
const OWNER: &str = "in-order";

/// Prints a line, whether or not somebody reads it.
fn say(line: &str) {
    let _nobody_reads = writeln!(std::io::stdout(), "{line}");
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let way = match std::env::args().nth(1).as_deref() {
        None | Some("pin") => Way::Card(Method::Pin),
        Some("face") => Way::Card(Method::Face),
        Some("android") => Way::Phone(PhoneKind::Android),
        Some("iphone") => Way::Phone(PhoneKind::Iphone),
        Some("--help") => {
            say("own_loop [pin|face|android|iphone]: a check-in by an event loop of its own,");
            say("of a virtual card with the PIN (as if nothing is said) or the face, or of a");
            say("virtual phone. Exit status: 0 accepted, 1 not accepted, 64 usage.");
            return Ok(ExitCode::SUCCESS);
        }
        Some(_) => {
            eprintln!("own_loop [pin|face|android|iphone]");
            return Ok(ExitCode::from(64));
        }
    };
    let owner = Persona::named(OWNER).ok_or("no such persona")?;
    let mut person = Person::coming(way).ok_or("no such persona")?;
    let mut visit = Visit {
        reader: person.card_slot.clone(),
        presence: Presence::Absent,
        reader_failed: false,
        phones: person.phone_slot.clone(),
        awaited: None,
        card: None,
        matcher: SimulatedMatcher::new(),
        centre: Centre::new(),
        asked: None,
        camera: SimulatedCamera::of(owner),
        reference: SimulatedReferenceSource::of(owner),
        policy: Policy::simulation(TerminalId::new("own-loop")?),
    };
    // No face where none could match.
    let judged = visit.policy.match_policy();
    let judged = judged.is_some_and(|judged| judged.is_calibrated_for(&visit.matcher.info()));
    let equipment = Equipment {
        pinless: Some(Realm::Simulation),
        face: judged.then_some(Realm::Simulation),
        // A reader for phones, and a provider of this realm for iPhones.
        phone: Some(Phones {
            device: Some(SimulatedDevice.realm()),
        }),
        ..Equipment::pin_only(Realm::Simulation)
    };
    let mut machine = CheckIn::new(visit.policy.clone(), equipment, Timestamp::now());
    let mut shown = None;
    let mut accepted = false;
    loop {
        // Nothing made of the photo stays longer than the machine keeps the photo.
        if !machine.keeps_photo() {
            visit.matcher.forget();
        }
        match machine.poll() {
            Output::Show { number, screen } => {
                visit.look_at_phones(&screen);
                say(&format!("[{}]", screen.text(Lang::En).title));
                // A choice carries the number of the screen it was made on.
                shown = person.looks_at(&screen).map(|choice| (number, choice));
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
            // Whatever comes first: the card, a phone, the person, the centre, the time.
            Output::Idle { .. } => {
                let now = Timestamp::now();
                let chosen = |(screen, choice)| Input::Chosen { screen, choice };
                let input = visit.reader_news(Duration::ZERO);
                let input = input.or_else(|| visit.phone_news());
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
