//! Tomorrow's appointments, all at once.

use std::error::Error;

use jiff::ToSpan as _;
use uketsuke::eligibility::folders::Progress;
use uketsuke::eligibility::message::{
    Accepted, BulkAnswer, NumberQuestion, Question, ReceptionNumber,
};
use uketsuke::eligibility::{Coverage, Failure};
use uketsuke::simulation::Patient;

use crate::show::Bar;
use crate::world::World;

/// How many come tomorrow.
const APPOINTMENTS: u32 = 40;

/// One appointment: who, and what was found.
pub struct Appointment {
    pub patient: Patient,
    pub found: Result<Coverage, Failure>,
}

impl World {
    /// Asks in the two steps of a bulk question: it is taken in, and its answer is
    /// asked for until it is ready.
    pub fn appointments(&mut self, bar: &mut Bar) -> Result<Vec<Appointment>, Box<dyn Error>> {
        let on = self.today().saturating_add(1.day());
        let patients: Vec<Patient> = (60..60 + APPOINTMENTS)
            .map(|number| Patient::made_up(self.person(number)))
            .collect();
        let people: Vec<NumberQuestion> = patients.iter().map(|p| p.question(on)).collect();
        let question = Question::BulkByNumber {
            on,
            people: people.clone(),
        };
        let family = question.family();
        bar.show(0, people.len());
        let reception = self.take_in(&question)?;
        let mut found = Vec::new();
        while found.is_empty() {
            let second = Question::BulkResult {
                family,
                reception: reception.clone(),
            };
            let (id, progress) = self.ask(&second, None, || bar.show(0, people.len()))?;
            if !matches!(progress, Progress::Answered { .. }) {
                return Err(format!("the bulk check ended as {progress:?}").into());
            }
            let mut answer = BulkAnswer::qualifications(self.folders.answer(id)?)?;
            let mut units = Vec::new();
            for unit in &mut answer {
                units.push(unit?);
                bar.show(units.len(), people.len());
            }
            let header = answer.header().ok_or("a whole answer has a header")?;
            if header.is_in_progress() {
                // 処理中: later, in a new question.
                self.folders.settle(id)?;
                self.wait(15);
                continue;
            }
            for ((unit, person), patient) in units.into_iter().zip(&people).zip(&patients) {
                // Each unit says whom it is about; that is compared.
                let report = unit.into_report(header);
                found.push(Appointment {
                    patient: patient.clone(),
                    found: report.found(person).map_err(|not| not.failure()),
                });
            }
            self.folders.settle(id)?;
        }
        bar.done();
        Ok(found)
    }

    fn take_in(&mut self, question: &Question) -> Result<ReceptionNumber, Box<dyn Error>> {
        // Chance is for the people in it, not for the question.
        let (id, progress) = self.ask(question, None, || ())?;
        if !matches!(progress, Progress::Answered { .. }) {
            return Err(format!("the bulk question ended as {progress:?}").into());
        }
        let message = self.folders.answer(id)?.unpacked()?;
        let accepted = Accepted::parse(message.as_bytes())?;
        let reception = accepted.reception().ok_or("it was not taken in")?.clone();
        self.folders.settle(id)?;
        Ok(reception)
    }
}
