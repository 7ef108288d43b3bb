//! Medicines and health check-ups, within consent.

use jiff::Timestamp;

use super::reply::{Replied, Reply};
use super::single::{Told, abnormal, charset, said};
use super::take::Taken;
use super::{Connector, Patient, Quirk, Said};
use crate::eligibility::message::{
    CheckupItem, FileKind, HealthCheckup, HealthCheckups, MedicalAnswer, MedicalForm,
    MedicalHolder, MedicalInformation, MedicineDay, MedicineItem, MedicineMonth, MedicineSource,
    Medicines, MessageFile, Month,
};
use crate::eligibility::{ConsentKind, Personal};
use crate::japan::japan_date;

const NOBODY: Told = ("SIM-NOBODY", "【模擬】該当する資格がありません。");
const NO_CONSENT: Told = ("SIM-NO-CONSENT", "【模擬】有効な同意がありません。");

/// The smallest thing that a reader of PDF takes.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

impl Connector {
    pub(super) fn medicines(
        &mut self,
        taken: &Taken,
        about: &MedicalInformation,
        (first, last): (Month, Month),
        now: Timestamp,
    ) -> Replied {
        let kinds = [ConsentKind::Medicines, ConsentKind::Treatment];
        let (answer, said, patient) = self.asked(taken, about, &kinds, now);
        if said == Said::Medical && about.form() == MedicalForm::Pdf {
            return (Some(pdf()), said, patient);
        }
        let mut file = Medicines {
            answer,
            ..Medicines::default()
        };
        if said == Said::Medical {
            file.months = [first, last]
                .into_iter()
                .take(if first == last { 1 } else { 2 })
                .map(month)
                .collect();
        }
        let file = file.write(charset(&taken.quirks)).ok();
        (file.map(Into::into), said, patient)
    }

    pub(super) fn health_checkups(
        &mut self,
        taken: &Taken,
        about: &MedicalInformation,
        now: Timestamp,
    ) -> Replied {
        let kinds = [ConsentKind::HealthCheckups];
        let (answer, said, patient) = self.asked(taken, about, &kinds, now);
        if said == Said::Medical && about.form() == MedicalForm::Pdf {
            return (Some(pdf()), said, patient);
        }
        let mut file = HealthCheckups {
            answer,
            ..HealthCheckups::default()
        };
        if said == Said::Medical {
            file.checkups.push(checkup());
        }
        let file = file.write(charset(&taken.quirks)).ok();
        (file.map(Into::into), said, patient)
    }

    /// Whose it is, and whether they agreed.
    fn asked(
        &self,
        taken: &Taken,
        about: &MedicalInformation,
        kinds: &[ConsentKind],
        now: Timestamp,
    ) -> (MedicalAnswer, Said, Option<Patient>) {
        let mut answer = MedicalAnswer {
            header: self.answer_header(&taken.header, (&taken.quirks, taken.draw), now),
            ..MedicalAnswer::default()
        };
        let patient = self.find(about.insured(), None, japan_date(now));
        if let Some(failure) = self.failure(&taken.quirks) {
            return (answer, abnormal(failure), patient);
        }
        let agreed = |patient: &Patient| {
            let consents = self.consents.get(&patient.number());
            consents
                .into_iter()
                .flatten()
                .any(|consent| kinds.contains(&consent.kind) && consent.allows_at(now))
        };
        let told = match &patient {
            _ if taken.quirks.has(Quirk::StatusError) => Some(super::single::STATUS_ERROR),
            None => Some(NOBODY),
            Some(patient) if !agreed(patient) => Some(NO_CONSENT),
            Some(_) => None,
        };
        if let Some((code, _)) = told {
            (answer.result_code, answer.message) = said(told);
            return (answer, Said::Error { code }, patient);
        }
        answer.result_code = Some("1".to_owned());
        answer.holder = patient.as_ref().map(holder);
        (answer, Said::Medical, patient)
    }
}

fn pdf() -> Reply {
    Reply::File {
        file: MessageFile::new(PDF.to_vec()),
        kind: FileKind::Pdf,
    }
}

fn holder(patient: &Patient) -> MedicalHolder {
    MedicalHolder {
        name: Some(Personal::new(patient.name())),
        kana: Some(Personal::new(patient.kana())),
        birthdate: Some(Personal::new(patient.birthdate())),
        sex: Some(Personal::new(patient.sex().code())),
        ..MedicalHolder::default()
    }
}

/// One medicine, which doesn't exist.
fn month(of: Month) -> MedicineMonth {
    let text = |text: &str| Some(Personal::new(text));
    let item = MedicineItem {
        name: text("模擬錠１０ｍｇ"),
        amount: text("1"),
        unit: text("錠"),
        times: text("14"),
        ..MedicineItem::default()
    };
    let mut day = MedicineDay {
        dispensed: text(&format!("{of}10")),
        ..MedicineDay::default()
    };
    day.items.push(item);
    let mut month = MedicineMonth {
        source: MedicineSource::default(),
        month: text(&of.to_string()),
        place_name: text("模擬薬局"),
        ..MedicineMonth::default()
    };
    month.days.push(day);
    month
}

/// One value, of nobody.
fn checkup() -> HealthCheckup {
    let text = |text: &str| Some(Personal::new(text));
    let item = CheckupItem {
        name: text("身長"),
        value: text("160.0"),
        unit: text("cm"),
        ..CheckupItem::default()
    };
    let mut checkup = HealthCheckup {
        effective: text("20260610"),
        ..HealthCheckup::default()
    };
    checkup.items.push(item);
    checkup
}
