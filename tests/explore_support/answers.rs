//! Every way in which a task can end: the real work with the real card, the real work in the wrong place, and every
//! error that a result can carry.

use jiff::SignedDuration;
use jiff::civil::date;
use uketsuke::apdu::{ExchangeError, StatusWord};
use uketsuke::card::{
    AuthPin, Card, CardError, CardFace, CardSignature, Common, Jpki, LastTry, Opened,
    ReferenceNumberB, ReferenceNumberSource, ReferenceSourceError, SecretKind, SignatureInput,
    VerifyError,
};
use uketsuke::checkin::{
    FaceTaskError, Identity, Passcode, PhotoRead, PinTaskError, PinlessAuthorization, PinlessError,
    PinlessRight, RawCard, Signed, StaffConfirmed, StaffId, StaffRefused, Task, TaskResult,
};
use uketsuke::eligibility::{
    Answer, CertificateStatus, EligibilityService, PollResult, ProcessingResultStatus,
    QualificationValidity, Registration, Report, Request, RequestNumber, SegmentOfResult,
    ServiceError, ServiceErrorKind,
};
use uketsuke::face::{
    Decision, FaceCapture, FaceError, FacePart, InconclusiveReason, Judges, MatchPolicy,
};
use uketsuke::simulation::{
    CardBody, Persona, PinCondition, SimulatedCamera, SimulatedDetector, SimulatedMatcher,
    SimulatedPinless, SimulatedReferenceSource, VirtualReader, VirtualTransport,
};
use uketsuke::tlv::{TlvError, TlvErrorKind};
use uketsuke::transport::{Reader, TransportError, TransportErrorKind};
use uketsuke::trust::{Challenge, CvError, CvRoots, IssuedPhoto, LivePhoto, Purpose, TerminalId};
use uketsuke::{Realm, Realms, VisitId};

use super::world::{Passcodes, World, read_card};
use super::{cards, start};

/// The kinds of results, one for each variant of [`TaskResult`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    CardRead,
    ExpiryHint,
    PinSigned,
    SessionRenewed,
    PhotoRead,
    FaceCompared,
    StaffChecked,
    PinlessSigned,
    PhoneRead,
    Answered,
}

impl Kind {
    /// What the task is answered with; `None` where nothing is awaited.
    pub fn of(task: &Task) -> Option<Self> {
        Some(match task {
            Task::ReadCard => Self::CardRead,
            Task::ReadExpiryHint => Self::ExpiryHint,
            Task::VerifyPin { .. } => Self::PinSigned,
            Task::ReadPhoto { .. } => Self::PhotoRead,
            Task::CompareFace { .. } => Self::FaceCompared,
            Task::CheckStaff { .. } => Self::StaffChecked,
            Task::SignWithoutPin { .. } => Self::PinlessSigned,
            Task::ReadPhone { .. } => Self::PhoneRead,
            Task::Ask(_) => Self::Answered,
            Task::ReleaseCard => return None,
            other => panic!("a task that isn't driven: {other:?}"),
        })
    }

    /// Which it is.
    pub fn of_result(result: &TaskResult) -> Self {
        match result {
            TaskResult::CardRead(_) => Self::CardRead,
            TaskResult::ExpiryHint(_) => Self::ExpiryHint,
            TaskResult::PinSigned(_) => Self::PinSigned,
            TaskResult::SessionRenewed => Self::SessionRenewed,
            TaskResult::PhotoRead(_) => Self::PhotoRead,
            TaskResult::FaceCompared(_) => Self::FaceCompared,
            TaskResult::StaffChecked(_) => Self::StaffChecked,
            TaskResult::PinlessSigned(_) => Self::PinlessSigned,
            TaskResult::PhoneRead(_) => Self::PhoneRead,
            TaskResult::Answered { .. } => Self::Answered,
            other => panic!("a result that isn't driven: {other:?}"),
        }
    }
}

/// One way to end.
pub struct Row {
    pub name: String,
    pub kind: Kind,
    pub make: Make,
}

pub enum Make {
    /// Out of nothing: may come at any time, for any task.
    Said(Box<dyn Fn() -> TaskResult + Send + Sync>),
    /// The real work of the awaited task, or something that needs what the task carries. `true`: what it proves is
    /// true.
    Done(bool, fn(&mut World, Task) -> TaskResult),
    /// As [`Done`](Self::Done), without the task: what it carries stays for another answer.
    Aside(Aside),
}

type Aside = fn(&mut World, &Request) -> TaskResult;

/// A result that a first reading can't have.
pub const ANOTHER_CARD: &str = "another person's card";

/// All rows.
pub fn rows() -> &'static [Row] {
    static ROWS: std::sync::LazyLock<Vec<Row>> = std::sync::LazyLock::new(make);
    &ROWS
}

fn make() -> Vec<Row> {
    let mut rows = Rows(Vec::new());
    rows.card();
    rows.pin();
    rows.face();
    rows.staff();
    rows.pinless();
    rows.phone();
    rows.centre();
    rows.0
}

pub(super) struct Rows(Vec<Row>);

impl Rows {
    pub(super) fn said(
        &mut self,
        kind: Kind,
        name: impl Into<String>,
        result: impl Fn() -> TaskResult + Send + Sync + 'static,
    ) {
        let name = name.into();
        let make = Make::Said(Box::new(result));
        self.0.push(Row { name, kind, make });
    }

    pub(super) fn done(
        &mut self,
        kind: Kind,
        name: &str,
        genuine: bool,
        work: fn(&mut World, Task) -> TaskResult,
    ) {
        let name = name.to_owned();
        let make = Make::Done(genuine, work);
        self.0.push(Row { name, kind, make });
    }

    fn card(&mut self) {
        let kind = Kind::CardRead;
        self.done(kind, "read", true, |world, _| {
            TaskResult::CardRead(world.connected().and_then(read_card))
        });
        self.done(kind, "read in a new session", true, |world, _| {
            world.renew();
            TaskResult::CardRead(world.connected().and_then(read_card))
        });
        self.done(kind, "read in another visit", false, |world, _| {
            let mut spare = spare(world.setup.who(), VisitId::begin());
            TaskResult::CardRead(read_card(&mut spare))
        });
        self.done(kind, ANOTHER_CARD, false, |world, _| {
            let mut spare = spare(other(world), world.visit());
            TaskResult::CardRead(read_card(&mut spare))
        });
        for error in card_errors() {
            self.said(kind, format!("{error:?}"), move || {
                TaskResult::CardRead(Err(error.clone()))
            });
        }
        let kind = Kind::ExpiryHint;
        self.done(kind, "read", true, |world, _| {
            let hint = world
                .present()
                .and_then(|card| card.open::<Common>()?.expiry_hint());
            TaskResult::ExpiryHint(hint.ok())
        });
        for (name, hint) in [
            ("none", None),
            ("past", Some(date(2020, 1, 1))),
            ("to come", Some(date(2040, 1, 1))),
        ] {
            self.said(kind, name, move || TaskResult::ExpiryHint(hint));
        }
        self.said(Kind::SessionRenewed, "said", || TaskResult::SessionRenewed);
    }

    fn pin(&mut self) {
        let kind = Kind::PinSigned;
        self.done(kind, "done", true, |world, task| {
            verify_pin(world, task, None)
        });
        self.done(kind, "done in a new session", true, |world, task| {
            world.renew();
            verify_pin(world, task, None)
        });
        self.done(kind, "signed something else", false, |world, task| {
            verify_pin(world, task, Some(SignatureInput::sha256([7; 32])))
        });
        self.done(
            kind,
            "signed by another session's card",
            false,
            |world, task| {
                let mut result = verify_pin(world, task, None);
                if let TaskResult::PinSigned(Ok(signed)) = &mut result {
                    let mut spare = signer(world, world.visit());
                    signed.signature = by_pin(&mut spare, &SignatureInput::sha256([7; 32])).1;
                }
                result
            },
        );
        // All of it in another session of the same visit, with the very input.
        self.done(kind, "another session's", false, |world, task| {
            let Task::VerifyPin { input, .. } = task else {
                unreachable!()
            };
            let mut spare = signer(world, world.visit());
            let (identity, signature) = by_pin(&mut spare, &input);
            TaskResult::PinSigned(Ok(Signed {
                identity,
                signature,
            }))
        });
        self.done(
            kind,
            "another person's PIN, this card's signature",
            false,
            |world, task| {
                let mut result = verify_pin(world, task, None);
                if let TaskResult::PinSigned(Ok(signed)) = &mut result {
                    let mut spare = spare(other(world), world.visit());
                    signed.identity = by_pin(&mut spare, &SignatureInput::sha256([7; 32])).0;
                }
                result
            },
        );
        self.done(kind, "another visit's", false, |world, task| {
            let Task::VerifyPin { input, .. } = task else {
                unreachable!()
            };
            let mut spare = signer(world, VisitId::begin());
            let (identity, signature) = by_pin(&mut spare, &input);
            TaskResult::PinSigned(Ok(Signed {
                identity,
                signature,
            }))
        });
        for error in verify_errors(SecretKind::AuthPin) {
            self.said(kind, format!("{error:?}"), move || {
                TaskResult::PinSigned(Err(error.clone().into()))
            });
        }
        for error in card_errors() {
            self.said(kind, format!("no signature: {error:?}"), move || {
                TaskResult::PinSigned(Err(PinTaskError::Signature(error.clone())))
            });
        }
    }

    fn face(&mut self) {
        let kind = Kind::PhotoRead;
        self.done(kind, "read", true, |world, task| {
            let source = SimulatedReferenceSource::of(world.setup.who());
            read_photo(world, task, source)
        });
        self.done(kind, "read in a new session", true, |world, task| {
            world.renew();
            let source = SimulatedReferenceSource::of(world.setup.who());
            read_photo(world, task, source)
        });
        self.done(kind, "number misread", true, |world, task| {
            let source = SimulatedReferenceSource::wrong(world.setup.who());
            read_photo(world, task, source)
        });
        self.done(kind, "number not found", true, |world, task| {
            read_photo(world, task, SimulatedReferenceSource::unreadable())
        });
        self.done(kind, "another challenge signed", false, |world, task| {
            let Task::ReadPhoto { binding, .. } = task else {
                unreachable!()
            };
            let input = SignatureInput::sha256([7; 32]);
            let source = SimulatedReferenceSource::of(world.setup.who());
            read_photo(world, Task::ReadPhoto { input, binding }, source)
        });
        self.done(kind, "another session's", false, |world, task| {
            let mut spare = spare(world.setup.who(), world.visit());
            TaskResult::PhotoRead(Ok(Box::new(photo_of(&mut spare, &input_of(&task)))))
        });
        self.done(kind, "another visit's", false, |world, task| {
            let mut spare = spare(world.setup.who(), VisitId::begin());
            TaskResult::PhotoRead(Ok(Box::new(photo_of(&mut spare, &input_of(&task)))))
        });
        self.done(kind, "another person's photo", false, |world, task| {
            let (mut spare, input) = (spare(other(world), world.visit()), input_of(&task));
            let source = SimulatedReferenceSource::of(world.setup.who());
            let mut result = read_photo(world, task, source);
            if let TaskResult::PhotoRead(Ok(read)) = &mut result {
                read.photo = photo_of(&mut spare, &input).photo;
            }
            result
        });
        for error in face_errors() {
            self.said(kind, format!("{error:?}"), move || {
                TaskResult::PhotoRead(Err(error.clone()))
            });
        }
        let kind = Kind::FaceCompared;
        self.done(kind, "the holder", true, |_, task| {
            compare(&task, SimulatedCamera::same_person())
        });
        self.done(kind, "somebody else", true, |_, task| {
            compare(&task, SimulatedCamera::someone_else())
        });
        self.done(kind, "nobody", true, |_, task| {
            compare(&task, SimulatedCamera::nobody())
        });
        self.done(kind, "a picture", true, |_, task| {
            compare(&task, SimulatedCamera::picture())
        });
        self.done(kind, "no camera", true, |_, task| {
            compare(&task, SimulatedCamera::broken())
        });
        self.done(kind, "matched in another session", false, |world, _| {
            matched_with(world.setup.who(), world.visit(), MatchPolicy::simulation())
        });
        self.done(kind, "another person matched", false, |world, _| {
            matched_with(other(world), world.visit(), MatchPolicy::simulation())
        });
        self.done(kind, "judged by another policy", false, |_, task| {
            let Task::CompareFace { photo } = &task else {
                unreachable!()
            };
            let lax = MatchPolicy::simulation().accept_attended();
            TaskResult::FaceCompared(decide(&lax, photo, SimulatedCamera::same_person()))
        });
        for reason in [
            InconclusiveReason::Quality,
            InconclusiveReason::NotCalibrated,
        ] {
            self.said(kind, format!("{reason:?}"), move || {
                TaskResult::FaceCompared(Ok(Decision::Inconclusive(reason)))
            });
        }
        for error in face_errors() {
            self.said(kind, format!("{error:?}"), move || {
                TaskResult::FaceCompared(Err(error.clone()))
            });
        }
    }

    fn staff(&mut self) {
        let kind = Kind::StaffChecked;
        self.done(kind, "checked", true, |world, task| {
            let Task::CheckStaff { staff, passcode } = task else {
                unreachable!()
            };
            let wrong = StaffRefused::Wrong {
                staff: staff.clone(),
            };
            TaskResult::StaffChecked(match world.binding() {
                Some(binding) => StaffConfirmed::check(&mut Passcodes, staff, &passcode, binding),
                None => Err(wrong),
            })
        });
        self.done(kind, "for another session", false, |world, _| {
            let binding = spare(world.setup.who(), world.visit()).binding();
            let staff = StaffId::new("nurse-7").unwrap();
            let passcode = Passcode::new("open-sesame").unwrap();
            TaskResult::StaffChecked(StaffConfirmed::check(
                &mut Passcodes,
                staff,
                &passcode,
                binding,
            ))
        });
        self.said(kind, "wrong", || {
            let staff = StaffId::new("nurse-7").unwrap();
            TaskResult::StaffChecked(Err(StaffRefused::Wrong { staff }))
        });
    }

    fn pinless(&mut self) {
        let kind = Kind::PinlessSigned;
        self.done(kind, "done", true, |world, task| {
            without_pin(world, task, &mut SimulatedPinless, None)
        });
        self.done(kind, "done in a new session", true, |world, task| {
            world.renew();
            without_pin(world, task, &mut SimulatedPinless, None)
        });
        self.done(kind, "said yes, and opened nothing", true, |world, task| {
            without_pin(world, task, &mut SaysYes, None)
        });
        self.done(kind, "signed something else", false, |world, task| {
            let input = SignatureInput::sha256([7; 32]);
            without_pin(world, task, &mut SimulatedPinless, Some(input))
        });
        self.done(
            kind,
            "signed by another session's card",
            false,
            |world, task| {
                let Task::SignWithoutPin { input, .. } = &task else {
                    unreachable!()
                };
                let mut spare = signer(world, world.visit());
                let signature = by_pin(&mut spare, input).1;
                let mut result = without_pin(world, task, &mut SimulatedPinless, None);
                if let TaskResult::PinlessSigned(Ok(signed)) = &mut result {
                    signed.signature = signature;
                }
                result
            },
        );
        self.done(kind, "another session's PIN", false, |world, task| {
            let Task::SignWithoutPin { input, .. } = task else {
                unreachable!()
            };
            let mut spare = signer(world, world.visit());
            let (identity, signature) = by_pin(&mut spare, &input);
            TaskResult::PinlessSigned(Ok(Signed {
                identity,
                signature,
            }))
        });
        self.said(kind, "refused", || {
            TaskResult::PinlessSigned(Err(PinlessError::Refused))
        });
        for error in card_errors() {
            self.said(kind, format!("{error:?}"), move || {
                TaskResult::PinlessSigned(Err(PinlessError::Card(error.clone())))
            });
        }
    }

    fn centre(&mut self) {
        let kind = Kind::Answered;
        self.done(kind, "answered", true, |world, task| {
            let Task::Ask(request) = task else {
                unreachable!()
            };
            answered(Realm::Simulation, asked(world, *request))
        });
        self.done(
            kind,
            "answered from the real world",
            false,
            |world, task| {
                let Task::Ask(request) = task else {
                    unreachable!()
                };
                answered(Realm::Production, asked(world, *request))
            },
        );
        self.done(
            kind,
            "answered, without the results",
            false,
            |world, task| {
                let Task::Ask(request) = task else {
                    unreachable!()
                };
                let answer = asked(world, *request).map(|mut answer| {
                    answer.report.results.clear();
                    answer
                });
                answered(Realm::Simulation, answer)
            },
        );
        for (name, make) in defects() {
            let make = Make::Aside(make);
            let name = name.to_owned();
            self.0.push(Row { name, kind, make });
        }
        for error in service_errors() {
            self.said(kind, format!("{error:?}"), move || {
                answered(Realm::Simulation, Err(error))
            });
        }
    }
}

fn answered(realm: Realm, answer: Result<Box<Answer>, ServiceError>) -> TaskResult {
    TaskResult::Answered { realm, answer }
}

/// Answers with the right number and one layer wrong, and an answer with the wrong number and no layer wrong.
fn defects() -> Vec<(&'static str, Aside)> {
    fn with(request: &Request, change: fn(&mut Report)) -> TaskResult {
        let mut report = Report {
            certificate: Some(CertificateStatus::Good),
            registration: Some(Registration::Registered),
            validity: Some(QualificationValidity::Valid),
            results: vec![uketsuke::eligibility::Qualification::new(
                "別人　某",
                "19700101",
            )],
            ..Report::normal()
        };
        change(&mut report);
        let number = request.number();
        answered(Realm::Simulation, Ok(Box::new(Answer { number, report })))
    }
    vec![
        ("to another question", |world, request| {
            let mut answer = asked(world, request.clone());
            if let Ok(answer) = &mut answer {
                answer.number = RequestNumber::next();
            }
            answered(Realm::Simulation, answer)
        }),
        ("still processing", |_, request| {
            with(request, |report| {
                report.segment = SegmentOfResult::InProgress
            })
        }),
        ("message failed", |_, request| {
            with(request, |report| report.segment = SegmentOfResult::Abnormal)
        }),
        ("processing unsaid", |_, request| {
            with(request, |report| report.status = None)
        }),
        ("processing failed", |_, request| {
            with(request, |report| {
                report.status = Some(ProcessingResultStatus::Error)
            })
        }),
        ("certificate unsaid", |_, request| {
            with(request, |report| report.certificate = None)
        }),
        ("certificate unknown", |_, request| {
            with(request, |report| {
                report.certificate = Some(CertificateStatus::Unknown)
            })
        }),
        ("certificate revoked", |_, request| {
            with(request, |report| {
                report.certificate = Some(CertificateStatus::Revoked)
            })
        }),
        ("not registered", |_, request| {
            with(request, |report| {
                report.registration = Some(Registration::NotRegistered)
            })
        }),
        ("registration unsaid, insurance invalid", |_, request| {
            with(request, |report| {
                report.registration = None;
                report.validity = Some(QualificationValidity::Invalid);
            })
        }),
        ("two results", |_, request| {
            with(request, |report| {
                report.results.extend(report.results.clone());
                report.registration = None;
            })
        }),
    ]
}

/// The centre's own answer.
fn asked(world: &mut World, request: Request) -> Result<Box<Answer>, ServiceError> {
    let ticket = world.centre.submit(request, world.now)?;
    match world.centre.poll(ticket, world.now)? {
        PollResult::Ready(answer) => Ok(answer),
        other => panic!("this centre answers at once: {other:?}"),
    }
}

fn verify_pin(world: &mut World, task: Task, instead: Option<SignatureInput>) -> TaskResult {
    let Task::VerifyPin {
        pin,
        last_try,
        input,
        binding,
    } = task
    else {
        unreachable!()
    };
    let left = world.tries_of_the_card();
    let before = world.wire.lock().unwrap().len();
    let input = instead.unwrap_or(input);
    let result = match world.present().and_then(|card| card.open::<Jpki>()) {
        Ok(jpki) if jpki.binding() != binding => TaskResult::SessionRenewed,
        Err(error) => TaskResult::PinSigned(Err(VerifyError::from(error).into())),
        Ok(mut jpki) => {
            let sign = || {
                let tries = jpki
                    .tries_left(SecretKind::AuthPin)
                    .map_err(VerifyError::from)?;
                let identity = Identity::Pin(jpki.verify_pin(pin, tries.budget(last_try)?)?);
                let signature = jpki
                    .sign_authentication(&input)
                    .map_err(PinTaskError::Signature)?;
                Ok(Signed {
                    identity,
                    signature,
                })
            };
            let signed = sign();
            if signed.is_ok() {
                let _left = jpki.close();
            }
            TaskResult::PinSigned(signed)
        }
    };
    let presented = world.wire.lock().unwrap()[before..].to_vec();
    if let TaskResult::PinSigned(Err(PinTaskError::Verify(
        VerifyError::Wrong { .. } | VerifyError::Locked { .. },
    ))) = &result
        && let Some(value) = presented.first()
    {
        let value = String::from_utf8(value[1..].to_vec()).unwrap();
        world.wrong_pins.push(value);
    }
    world.journal.pin_went_out(&presented, left);
    result
}

fn without_pin(
    world: &mut World,
    task: Task,
    provider: &mut dyn PinlessAuthorization,
    instead: Option<SignatureInput>,
) -> TaskResult {
    let Task::SignWithoutPin {
        identity,
        input,
        binding,
    } = task
    else {
        unreachable!()
    };
    let input = instead.unwrap_or(input);
    let mut jpki = match world.present().and_then(|card| card.open::<Jpki>()) {
        Ok(jpki) if jpki.binding() != binding => return TaskResult::SessionRenewed,
        Ok(jpki) => jpki,
        Err(error) => return TaskResult::PinlessSigned(Err(error.into())),
    };
    let sign = || {
        let identity = identity.authorize(provider, &mut jpki as &mut dyn RawCard)?;
        let signature = jpki.sign_authentication(&input)?;
        Ok(Signed {
            identity,
            signature,
        })
    };
    TaskResult::PinlessSigned(sign())
}

/// A provider that opens nothing and says that it did.
struct SaysYes;

impl PinlessAuthorization for SaysYes {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn authorize(
        &mut self,
        _card: &mut dyn RawCard,
        _right: PinlessRight<'_>,
    ) -> Result<(), PinlessError> {
        Ok(())
    }
}

fn input_of(task: &Task) -> SignatureInput {
    match task {
        Task::ReadPhoto { input, .. } => *input,
        _ => unreachable!(),
    }
}

fn read_photo(world: &mut World, task: Task, mut source: SimulatedReferenceSource) -> TaskResult {
    let Task::ReadPhoto { input, binding } = task else {
        unreachable!()
    };
    let number = match source.read() {
        Ok(number) => number,
        Err(error) => return TaskResult::PhotoRead(Err(VerifyError::from(error).into())),
    };
    let mut face = match world.present().and_then(|card| card.open::<CardFace>()) {
        Ok(face) if face.binding() != binding => return TaskResult::SessionRenewed,
        Ok(face) => face,
        Err(error) => return TaskResult::PhotoRead(Err(error.into())),
    };
    let read = face_of(&mut face, number, &input);
    let _left = face.close();
    TaskResult::PhotoRead(read.map(Box::new))
}

fn face_of(
    face: &mut Opened<'_, VirtualTransport, CardFace>,
    number: ReferenceNumberB,
    input: &SignatureInput,
) -> Result<PhotoRead, FaceTaskError> {
    let certificate = face.issuer_certificate(&mut |_| ())?;
    let budget = face
        .tries_left(SecretKind::ReferenceNumberB)?
        .budget_keeping(Task::RESERVE)?;
    let right = face.verify_reference_number_b(number, budget)?;
    let (photo, record) = face.signed_photo_with_key(&right, &mut |_| ())?;
    let signature = face.sign_live(input)?;
    Ok(PhotoRead {
        certificate,
        photo,
        record,
        signature,
    })
}

/// Of a card in order.
fn photo_of(spare: &mut Spare, input: &SignatureInput) -> PhotoRead {
    let number = SimulatedReferenceSource::of(spare.who).read().unwrap();
    let mut face = spare.open::<CardFace>().unwrap();
    let read = face_of(&mut face, number, input).unwrap();
    let _left = face.close();
    read
}

/// A match of another session, proved by a driver by itself.
fn matched_with(who: &'static Persona, visit: VisitId, policy: MatchPolicy) -> TaskResult {
    let mut spare = spare(who, visit);
    let terminal = TerminalId::new("desk-1").unwrap();
    let (now, life) = (start(), SignedDuration::from_secs(60));
    let challenge = Challenge::generate(visit, &terminal, Purpose::LivePhoto, now, life).unwrap();
    let read = photo_of(&mut spare, &challenge.signature_input());
    let issuer = CvRoots::simulation()
        .validate(&read.certificate, Realms::simulation())
        .unwrap();
    let issued = IssuedPhoto::verify(read.photo, &issuer).unwrap();
    let photo = LivePhoto::verify(issued, read.record, challenge, read.signature, now).unwrap();
    TaskResult::FaceCompared(decide(&policy, &photo, SimulatedCamera::same_person()))
}

fn compare(task: &Task, camera: SimulatedCamera) -> TaskResult {
    let Task::CompareFace { photo } = task else {
        unreachable!()
    };
    TaskResult::FaceCompared(decide(&MatchPolicy::simulation(), photo, camera))
}

fn decide(
    policy: &MatchPolicy,
    photo: &LivePhoto,
    mut camera: SimulatedCamera,
) -> Result<Decision, FaceTaskError> {
    let live = camera.capture()?;
    let (mut engine, mut detector) = (SimulatedMatcher::new(), SimulatedDetector::new());
    let judges = Judges {
        engine: &mut engine,
        detector: &mut detector,
        quality: None,
    };
    Ok(policy.decide(photo, live, judges)?)
}

/// Somebody else, whose card is in order as well.
fn other(world: &World) -> &'static Persona {
    let name = if world.setup.persona == "expiring" {
        "in-order"
    } else {
        "expiring"
    };
    Persona::named(name).unwrap()
}

/// A card of its own in a reader of its own, for this visit.
pub(super) struct Spare {
    who: &'static Persona,
    reader: VirtualReader,
    card: Option<Card<VirtualTransport>>,
}

pub(super) fn spare(who: &'static Persona, visit: VisitId) -> Spare {
    let mut reader = VirtualReader::new();
    reader.insert(cards::take(who, 3));
    let card = Some(Card::new(reader.connect().unwrap(), visit));
    Spare { who, reader, card }
}

/// The same person's, or another's where theirs signs nothing.
fn signer(world: &World, visit: VisitId) -> Spare {
    let who = world.setup.who();
    let signs = who.pin == PinCondition::Fresh && who.body == CardBody::MyNumberCard;
    spare(if signs { who } else { other(world) }, visit)
}

impl std::ops::Deref for Spare {
    type Target = Card<VirtualTransport>;

    fn deref(&self) -> &Self::Target {
        self.card.as_ref().unwrap()
    }
}

impl std::ops::DerefMut for Spare {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.card.as_mut().unwrap()
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        self.card = None;
        if let Some(card) = self.reader.remove() {
            cards::give_back(card);
        }
    }
}

fn by_pin(card: &mut Card<VirtualTransport>, input: &SignatureInput) -> (Identity, CardSignature) {
    let mut jpki = card.open::<Jpki>().unwrap();
    let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let pin = AuthPin::parse("1234").unwrap();
    let verified = jpki.verify_pin(pin, budget).unwrap();
    let signature = jpki.sign_authentication(input).unwrap();
    (Identity::Pin(verified), signature)
}

pub fn transport_kinds() -> [TransportErrorKind; 14] {
    use TransportErrorKind as K;
    [
        K::ReaderGone,
        K::CardRemoved,
        K::Mute,
        K::HeldByAnother,
        K::Cancelled,
        K::AnswerCut,
        K::NoCard,
        K::CardReset,
        K::ServiceUnavailable,
        K::TimedOut,
        K::KeypadLength,
        K::Unsupported,
        K::InvalidCommand,
        K::Fault(0x1234),
    ]
}

pub(super) fn card_errors() -> Vec<CardError> {
    let what = "a file";
    let link = |kind| CardError::Transport {
        what,
        source: TransportError::new(kind, true),
    };
    vec![
        link(TransportErrorKind::CardRemoved),
        CardError::NoApplication {
            application: "JPKI",
        },
        CardError::Refused {
            what,
            status: StatusWord::NOT_FOUND,
        },
        CardError::Refused {
            what,
            status: StatusWord::EXECUTION_ERROR,
        },
        CardError::NotVerified { what },
        CardError::Malformed { what, why: "odd" },
        CardError::Tlv {
            what,
            source: TlvError {
                position: 3,
                kind: TlvErrorKind::TagTooLong,
            },
        },
        CardError::Exchange {
            what,
            source: ExchangeError::NoProgress,
        },
        CardError::TooLong {
            what,
            len: 9,
            max: 8,
        },
        CardError::Dirty,
        CardError::Misuse { what },
        link(TransportErrorKind::TimedOut),
        link(TransportErrorKind::HeldByAnother),
        link(TransportErrorKind::Cancelled),
    ]
}

pub(super) fn verify_errors(kind: SecretKind) -> Vec<VerifyError> {
    let lost = TransportError::new(TransportErrorKind::AnswerCut, true);
    let mut errors = vec![
        VerifyError::Wrong { kind, left: 2 },
        VerifyError::Wrong { kind, left: 1 },
        VerifyError::Locked {
            kind,
            by_this_try: true,
        },
        VerifyError::Locked {
            kind,
            by_this_try: false,
        },
        VerifyError::LastTryNotAllowed { kind },
        VerifyError::KeptInReserve {
            kind,
            left: 5,
            reserve: 5,
        },
        VerifyError::AlreadyRefused { kind },
        VerifyError::ForeignBudget { kind },
        VerifyError::OutcomeUnknown { kind, source: lost },
        VerifyError::Refused {
            kind,
            status: StatusWord::EXECUTION_ERROR,
        },
        VerifyError::Unclear {
            kind,
            source: CardError::Dirty,
        },
        VerifyError::Source(ReferenceSourceError::Unreadable),
        VerifyError::Source(ReferenceSourceError::Device),
    ];
    errors.extend(card_errors().into_iter().map(VerifyError::Card));
    errors
}

fn face_errors() -> Vec<FaceTaskError> {
    let realm = FaceError::Realm {
        part: FacePart::Camera,
        realm: Realm::Production,
    };
    let mut errors = vec![
        FaceTaskError::NoParts,
        FaceTaskError::Certificate(CvError::UnknownIssuer),
    ];
    errors.extend(
        [
            FaceError::Camera,
            FaceError::Cancelled,
            FaceError::Photo,
            FaceError::Matcher,
            FaceError::Detector,
            realm,
            FaceError::ScoreOutOfRange,
        ]
        .map(FaceTaskError::Face),
    );
    errors.extend(
        verify_errors(SecretKind::ReferenceNumberB)
            .into_iter()
            .map(FaceTaskError::Verify),
    );
    errors
}

fn service_errors() -> Vec<ServiceError> {
    use ServiceErrorKind as K;
    let mut errors: Vec<_> = [
        K::Network,
        K::CentreDown,
        K::TimedOut,
        K::NotEquipped,
        K::UnknownTicket,
        K::ProofRefused,
        K::Unsupported,
        K::Rejected,
        K::ConnectorSilent,
        K::Folder,
        K::OtherPerson,
    ]
    .map(ServiceError::not_sent)
    .to_vec();
    errors.push(ServiceError::maybe_sent(K::TimedOut));
    errors
}
