//! Answers about many.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::plan::{Draw, Label, Quirks};
use super::single::{STATUS_ERROR, said};
use super::take::Taken;
use super::{Connector, Patient, cut, disk};
use crate::eligibility::message::{
    AnswerHeader, BulkAnswerWriter, BulkUnit, BulkWriteError, Family, FileKind, FileName, Question,
    ReceptionNumber, RegistrationResult,
};
use crate::eligibility::text::Charset;
use crate::eligibility::{
    CardClassification, Consents, MedicalTicket, ProcessingResultStatus, QualificationValidity,
};
use crate::japan::japan_date;
use crate::simulation::insured::on_screen;

/// Bulk questions that are remembered; the oldest go first.
const MOST: usize = 1000;

/// People in them.
const MOST_PEOPLE: u64 = 1_000_000;

/// A bulk question that was accepted.
#[derive(Clone)]
pub(super) struct Bulk {
    question: Arc<Question>,
    /// What is done for each person, if a script says it.
    scripted: Option<Quirks>,
    draw: Draw,
    /// Until then it is worked on.
    pub(super) ready: Timestamp,
    /// Somebody was told to wait for it.
    waited: bool,
    people: u64,
    /// Of the answer.
    pub(super) header: AnswerHeader,
    pub(super) charset: Charset,
    now: Timestamp,
}

impl Bulk {
    pub(super) fn family(&self) -> Family {
        self.question.family()
    }

    pub(super) const fn people(&self) -> u64 {
        self.people
    }

    /// People who are kept in memory: those of lists are made up when needed.
    fn held(&self) -> u64 {
        match &*self.question {
            Question::BulkByNumber { .. } | Question::BulkRegisterReference(_) => self.people,
            _ => 0,
        }
    }

    /// Whether somebody has to ask again.
    pub(super) fn keeps_waiting(&mut self, quirks: &Quirks) -> bool {
        let first = !std::mem::replace(&mut self.waited, true);
        first && quirks.has(super::Quirk::ProcessingFirst)
    }
}

impl Connector {
    /// Takes a bulk question in.
    pub(super) fn new_bulk(&mut self, taken: &Taken, now: Timestamp) -> Option<ReceptionNumber> {
        // Ten digits, so that nobody takes it for a My Number.
        let mut number = taken.draw.below(Label::Reception, 10_000_000_000);
        while self.bulk.contains_key(&format!("{number:010}")) {
            number = (number + 1) % 10_000_000_000;
        }
        let text = format!("{number:010}");
        let reception = ReceptionNumber::new(&text)?;
        let people = match &*taken.question {
            Question::BulkByNumber { people, .. } => people.len() as u64,
            Question::BulkRegisterReference(people) => people.len() as u64,
            _ => u64::from(self.settings.listed),
        };
        let unique = taken.name.unique().to_ascii_lowercase();
        let wait = taken
            .draw
            .within(Label::Again, self.settings.plan.bulk_delay);
        let bulk = Bulk {
            question: taken.shared(),
            scripted: self.scripts.get(&unique).map(|quirks| Quirks::of(quirks)),
            draw: taken.draw,
            ready: now.checked_add(wait).unwrap_or(Timestamp::MAX),
            waited: false,
            people,
            header: AnswerHeader::default(),
            charset: Charset::ShiftJis,
            now,
        };
        self.bulk.insert(text.clone(), bulk);
        self.receptions.push_back(text.clone());
        let mut held: u64 = self.bulk.values().map(Bulk::held).sum();
        while (self.receptions.len() > MOST || held > MOST_PEOPLE)
            && self.receptions.len() > 1
            && let Some(oldest) = self.receptions.pop_front()
        {
            let gone = self.bulk.remove(&oldest);
            held -= gone.as_ref().map_or(0, Bulk::held);
        }
        Some(reception)
    }

    /// Counts what the header says.
    pub(super) fn finish_bulk(&mut self, bulk: &mut Bulk, now: Timestamp) {
        bulk.now = now;
        let people = usize::try_from(bulk.people).unwrap_or(usize::MAX);
        let mut errors = 0;
        for at in 0..people {
            let failed = match &*Arc::clone(&bulk.question) {
                Question::BulkRegisterReference(_) => {
                    let result = self.registration(bulk, at);
                    result.is_some_and(|result| !result.is_registered())
                }
                _ => (self.quirks_of(bulk, at).0).has(super::Quirk::StatusError),
            };
            errors += u64::from(failed);
        }
        bulk.header.processed = Some(bulk.people);
        bulk.header.normal = Some(bulk.people - errors);
        bulk.header.errors = Some(errors);
    }

    /// What is done about the person at this place.
    fn quirks_of(&self, bulk: &Bulk, at: usize) -> (Quirks, Draw) {
        let draw = bulk.draw.of_person(at as u64);
        let scripted = bulk.scripted.clone();
        let quirks = scripted.unwrap_or_else(|| self.settings.plan.drawn(draw));
        (quirks, draw)
    }

    fn bulk_unit(&self, bulk: &Bulk, at: usize) -> BulkUnit {
        let (quirks, _) = self.quirks_of(bulk, at);
        let mut unit = BulkUnit::default();
        if let Question::BulkByNumber { on, people } = &*bulk.question {
            let Some(person) = people.get(at) else {
                return unit;
            };
            let found = self.found(person, *on, &quirks);
            unit.asked = Some(found.asked);
            unit.status = Some(found.status);
            (unit.code, unit.message) = said(found.told);
            unit.validity = found.validity;
            unit.results = found.results;
            return unit;
        }
        let today = japan_date(bulk.now);
        if quirks.has(super::Quirk::StatusError) {
            unit.status = Some(ProcessingResultStatus::Error);
            (unit.code, unit.message) = said(Some(STATUS_ERROR));
            return unit;
        }
        let patient = Patient::made_up(u32::try_from(at).unwrap_or_default());
        let mut result = self.insurance(&patient, today, &quirks);
        match &*bulk.question {
            Question::MedicalAidTickets { month } => {
                result.card_classification = CardClassification::MedicalAid;
                result.tickets.push(MedicalTicket {
                    month: Some(month.to_string()),
                    valid_from: Some(today.first_of_month()),
                    valid_until: Some(today.last_of_month()),
                    ..MedicalTicket::default()
                });
            }
            _ => result.consents = on_screen(Consents::all(), bulk.now),
        }
        unit.status = Some(ProcessingResultStatus::Normal);
        unit.validity = Some(QualificationValidity::Valid);
        unit.results.push(result);
        unit
    }

    fn registration(&mut self, bulk: &Bulk, at: usize) -> Option<RegistrationResult> {
        let (quirks, _) = self.quirks_of(bulk, at);
        let Question::BulkRegisterReference(people) = &*bulk.question else {
            return None;
        };
        let errs = quirks.has(super::Quirk::StatusError);
        Some(self.register(people.get(at)?, errs, bulk.now).0)
    }

    /// Writes an answer about many.
    pub(super) fn write_bulk(&mut self, path: &Path, bulk: &Bulk, how: cut::How) -> io::Result<()> {
        let made = cut::made(path);
        let parts = matches!(how, cut::How::Half | cut::How::Broken);
        let target = if parts { &made } else { path };
        let Some(file) = disk::create(target)? else {
            return Ok(());
        };
        if how == cut::How::Zipped {
            let mut zip = ZipWriter::new(file);
            let name = path.file_name().and_then(|name| name.to_str());
            let entry = name.and_then(FileName::parse);
            let entry = entry.map(|name| name.with_kind(FileKind::Xml).to_string());
            zip.start_file(entry.unwrap_or_default(), SimpleFileOptions::default())?;
            self.stream(bulk, &mut zip)?;
            return zip.finish().map(drop).map_err(Into::into);
        }
        let mut out = BufWriter::new(file);
        self.stream(bulk, &mut out)?;
        out.flush()?;
        drop::<BufWriter<File>>(out);
        match how {
            cut::How::Half => cut::write_half(path, &made),
            cut::How::Broken => {
                cut::write_half(path, &made)?;
                std::fs::remove_file(&made)
            }
            cut::How::Whole | cut::How::Zipped => Ok(()),
        }
    }

    fn stream(&mut self, bulk: &Bulk, out: &mut dyn Write) -> io::Result<()> {
        let people = usize::try_from(bulk.people).unwrap_or(usize::MAX);
        let (header, charset) = (&bulk.header, bulk.charset);
        if let Question::BulkRegisterReference(_) = &*bulk.question {
            let mut writer = BulkAnswerWriter::registrations(out, header, charset).map_err(cant)?;
            for at in 0..people {
                if let Some(result) = self.registration(bulk, at) {
                    writer.unit(&result).map_err(cant)?;
                }
            }
            return writer.finish().map(drop).map_err(cant);
        }
        let mut writer = BulkAnswerWriter::qualifications(out, header, charset).map_err(cant)?;
        for at in 0..people {
            writer.unit(&self.bulk_unit(bulk, at)).map_err(cant)?;
        }
        writer.finish().map(drop).map_err(cant)
    }
}

fn cant(error: BulkWriteError) -> io::Error {
    match error {
        BulkWriteError::Io(kind) => kind.into(),
        BulkWriteError::Message(error) => io::Error::new(ErrorKind::InvalidData, error),
    }
}
