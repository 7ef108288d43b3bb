//! One person at the desk.

use std::error::Error;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use uketsuke::eligibility::armed::{Apart, Awaited, Event, Unbound, Why, Window};
use uketsuke::eligibility::folders::Progress;
use uketsuke::eligibility::message::{Insured, NumberQuestion, Question, Rejection, parse_report};
use uketsuke::eligibility::{
    Advice, AgeGroup, CentreSaid, ConsentKind, Consents, Coverage, Document, Failure, Report,
    Situation, advise,
};
use uketsuke::simulation::{ConnectorMode, FaceCheckIn, FaceOutcome, Patient, Quirk};

use crate::scene::{How, Scene};
use crate::world::World;

/// What the receptionist is told.
pub enum Ending {
    Confirmed(Box<Coverage>),
    Failed {
        advice: Box<Advice>,
        centre: Option<CentreSaid>,
    },
}

pub struct Visit {
    pub patient: Patient,
    pub at: Timestamp,
    pub ending: Ending,
    /// Results that came meanwhile and are somebody else's, or nobody's.
    pub others: usize,
    /// What results without a person in them said.
    pub notes: Vec<Failure>,
}

/// What came beside the person's own result.
#[derive(Default)]
struct Beside {
    others: usize,
    notes: Vec<Failure>,
}

impl Visit {
    pub fn failure(&self) -> Option<Failure> {
        match &self.ending {
            Ending::Confirmed(_) => None,
            Ending::Failed { advice, .. } => Some(advice.failure),
        }
    }
}

impl World {
    pub fn visit(&mut self, scene: &Scene, number: u32) -> Result<Visit, Box<dyn Error>> {
        let patient = Patient::made_up(self.person(number));
        let at = self.now;
        let mut beside = Beside::default();
        let judged = match &scene.how {
            How::Reader {
                outcome,
                quirks,
                stranger,
                twice,
            } => {
                let check_in = FaceCheckIn::new(patient.clone())
                    .with_consents(Consents::none().with(ConsentKind::Medicines))
                    .with_outcome(outcome.clone())
                    .with_quirks(quirks);
                let mut check_ins = vec![check_in];
                if *stranger {
                    let other = Patient::made_up(self.person(number + 50));
                    check_ins.insert(0, FaceCheckIn::new(other).with_quirks(&[]));
                }
                if *twice {
                    let invalid = uketsuke::eligibility::QualificationValidity::Invalid;
                    let again = FaceCheckIn::new(patient.clone())
                        .with_outcome(FaceOutcome::Insurance(invalid))
                        .with_quirks(&[]);
                    check_ins.push(again);
                }
                self.at_the_reader(&patient, &check_ins, *twice, &mut beside)?
            }
            How::Numbers { quirks, mode } => self.by_number(&patient, quirks, *mode)?,
        };
        let ending = match judged {
            Ok(coverage) => Ending::Confirmed(Box::new(coverage)),
            Err((failure, centre)) => Ending::Failed {
                advice: Box::new(self.advice(scene, &patient, failure)),
                centre,
            },
        };
        Ok(Visit {
            patient,
            at,
            ending,
            others: beside.others,
            notes: beside.notes,
        })
    }

    /// They go to the card reader, and the desk awaits their result.
    fn at_the_reader(
        &mut self,
        patient: &Patient,
        check_ins: &[FaceCheckIn],
        before_the_desk: bool,
        beside: &mut Beside,
    ) -> Result<Judged, Box<dyn Error>> {
        for check_in in check_ins {
            self.connector.check_in(check_in, self.now)?;
        }
        if before_the_desk {
            // They went to the reader first; nobody is awaited yet.
            for _ in 0..20 {
                self.connector.step(self.now)?;
                for event in self.results.poll(self.now) {
                    if let Event::Unbound(other) = event {
                        self.keep(*other, beside);
                    }
                }
                self.now += SignedDuration::from_millis(400);
            }
        }
        let awaited = Awaited::by_person(born(patient)?, &patient.kana())?;
        let minutes = SignedDuration::from_mins;
        let window = Window::of(self.now, minutes(1), minutes(3))?;
        let session = self.results.arm(&awaited, window, self.now)?;
        loop {
            self.connector.step(self.now)?;
            let mut judged = None;
            for event in self.results.poll(self.now) {
                match event {
                    Event::Bound(bound) if bound.session() == session => {
                        let id = bound.id().clone();
                        // It came now, or was kept when it was nobody's yet.
                        let kept = self.kept.remove(&id);
                        let result = bound.into_result().or(kept).ok_or("it was kept")?;
                        judged = Some(judge(result.report()));
                        // A real program stores the result with the patient here, and only then:
                        self.results.settle(&id)?;
                    }
                    Event::Unbound(other) => {
                        self.keep(*other, beside);
                    }
                    Event::Ended { end, .. } => judged = Some(Err((end.failure(), None))),
                    _ => {}
                }
            }
            if let Some(judged) = judged {
                return Ok(judged);
            }
            self.now += SignedDuration::from_millis(400);
        }
    }

    /// Keeps a result that isn't the awaited person's. It may be that of somebody who
    /// comes to the desk later. A real program stores it as nobody's, where staff see it;
    /// until then it isn't settled, and its file stays where it is.
    fn keep(&mut self, other: Unbound, beside: &mut Beside) {
        beside.others += 1;
        if let Why::Apart(Apart::NotNormal | Apart::NoPerson) = other.why() {
            let judged = judge(other.result().report());
            beside
                .notes
                .extend(judged.err().map(|(failure, _)| failure));
        }
        let result = other.into_result();
        self.kept.insert(result.id().clone(), result);
    }

    fn by_number(
        &mut self,
        patient: &Patient,
        quirks: &[Quirk],
        mode: ConnectorMode,
    ) -> Result<Judged, Box<dyn Error>> {
        let on = self.today();
        let person = on_paper(patient, on, quirks)?;
        self.connector.set_mode(mode);
        let question = Question::ByNumber {
            on,
            person: person.clone(),
        };
        let asked = self.ask(&question, Some(quirks), || ());
        self.connector.set_mode(ConnectorMode::Normal);
        let (id, progress) = asked?;
        if let Some(failure) = progress.failure() {
            // Without an answer there is nothing to settle: one that comes late is told
            // of when it is looked for again.
            let Progress::Rejected { .. } = progress else {
                return Ok(Err((failure, None)));
            };
            let why = self.folders.answer(id)?.unpacked()?;
            let why = Rejection::parse(why.as_bytes())?;
            self.folders.settle(id)?;
            return Ok(Err((failure, why.said())));
        }
        let message = self.folders.answer(id)?.unpacked()?;
        let report = parse_report(message.as_bytes(), 4 << 20)?.report;
        // Stored first, in a real program.
        self.folders.settle(id)?;
        Ok(report
            .found(&person)
            .map_err(|not| (not.failure(), report.centre_said())))
    }

    fn advice(&self, scene: &Scene, patient: &Patient, failure: Failure) -> Advice {
        let (card, documents): (bool, &[Document]) = match scene.how {
            How::Reader { .. } => (true, &[Document::Card]),
            How::Numbers { .. } => (false, &[]),
        };
        let situation = Situation {
            card_here: Some(card),
            age: born(patient)
                .ok()
                .and_then(|born| AgeGroup::on(born, self.today())),
            staff_offered: card,
            ..Situation::of(failure)
        };
        advise(&situation, self.today(), documents, &self.rules)
    }
}

/// Confirmed, or why not and what the centre said with it.
pub type Judged = Result<Coverage, (Failure, Option<CentreSaid>)>;

/// A result of the card reader. The person was bound to it by the feed.
fn judge(report: &Report) -> Judged {
    Coverage::from_report(report, false).map_err(|not| (not.failure(), report.centre_said()))
}

fn born(patient: &Patient) -> Result<Date, Box<dyn Error>> {
    Ok(Date::strptime("%Y%m%d", patient.birthdate())?)
}

/// What stands on their papers; without the branch number where several fit.
fn on_paper(
    patient: &Patient,
    on: Date,
    quirks: &[Quirk],
) -> Result<NumberQuestion, Box<dyn Error>> {
    let insured = patient.insured(on);
    let insured = if quirks.contains(&Quirk::Several) {
        let mut without = Insured::new(insured.insurer().clone(), insured.number().reveal())?;
        if let Some(symbol) = insured.symbol() {
            without = without.with_symbol(symbol.reveal())?;
        }
        without
    } else {
        insured
    };
    Ok(NumberQuestion::new(insured, born(patient)?))
}
