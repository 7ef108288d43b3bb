//! The face application: results of check-ins at a reader.

use jiff::Timestamp;

use super::plan::{Draw, Label, Quirks};
use super::settings::failed;
use super::shuffle::shuffled;
use super::single::{Told, charset, said};
use super::{Connector, ConnectorError, ConnectorMode, Patient, Quirk};
use crate::eligibility::message::{FileName, MessageFile, write_report};
use crate::eligibility::{
    Consents, QualificationValidity, ReferenceClassification, Report, SegmentOfResult,
};
use crate::japan::{JAPAN, japan_date};
use crate::simulation::insured::on_screen;

/// A check-in that somebody made at the reader, for
/// [`Connector::check_in`].
///
/// ```
/// use uketsuke::eligibility::Consents;
/// use uketsuke::simulation::{FaceCheckIn, FaceOutcome, Patient};
///
/// let check_in = FaceCheckIn::new(Patient::made_up(7)).with_consents(Consents::all());
/// let late = FaceCheckIn::new(Patient::made_up(7)).with_outcome(FaceOutcome::Grace);
/// assert_ne!(check_in, late);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceCheckIn {
    patient: Patient,
    consents: Consents,
    outcome: FaceOutcome,
    quirks: Option<Vec<Quirk>>,
}

/// How a check-in at the reader ends, and what the clinic's folder gets of it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FaceOutcome {
    /// One file: the insurance as it is, and the consents.
    #[default]
    Completed,
    /// The certificate lapsed up to three months ago: the insurance alone, and a
    /// notice.
    Grace,
    /// One file with this validity: the insurer hasn't told the centre yet, or the
    /// insurance ended. With 該当資格なし and 複数該当 there is no result in it.
    Insurance(QualificationValidity),
    /// The centre couldn't be reached: one file with `SegmentOfResult` 9. Whether
    /// readers write one at all isn't public; see [`NoFile`](Self::NoFile).
    CentreDown,
    /// PIN locked, face not recognised, another card, cancelled, pulled: nothing but
    /// the reader's own screen.
    NoFile,
}

const GRACE: Told = (
    "SIM-GRACE",
    "【模擬】電子証明書の有効期限が切れています。資格情報のみ提供します。お早めに更新してください。",
);
const NOT_REACHED: Told = (
    "SIM-CENTRE-DOWN",
    "【模擬】実施機関のシステムに接続できません。",
);

impl FaceCheckIn {
    /// Of this person, who agreed to nothing.
    #[must_use]
    pub fn new(patient: Patient) -> Self {
        Self {
            patient,
            consents: Consents::none(),
            outcome: FaceOutcome::default(),
            quirks: None,
        }
    }

    /// What the person agreed to on the screen. Medicines and check-ups can be
    /// asked for within it for 24 hours.
    #[must_use]
    pub fn with_consents(mut self, consents: Consents) -> Self {
        self.consents = consents;
        self
    }

    /// How it ends.
    #[must_use]
    pub fn with_outcome(mut self, outcome: FaceOutcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// What happens to the file, instead of what chance would choose.
    #[must_use]
    pub fn with_quirks(mut self, quirks: &[Quirk]) -> Self {
        self.quirks = Some(quirks.to_vec());
        self
    }
}

impl Connector {
    /// Lets somebody check in at the reader. The name of the file that comes of it
    /// is told at once; the file is written by [`step`](Self::step), when it is due.
    /// `None` if there is none: because of how it ended, or as the connector is
    /// [stopped](ConnectorMode::Stopped).
    ///
    /// # Errors
    /// [`ConnectorError::NoFaceFolder`].
    pub fn check_in(
        &mut self,
        check_in: &FaceCheckIn,
        now: Timestamp,
    ) -> Result<Option<FileName>, ConnectorError> {
        let folder = self.settings.face.clone();
        let folder = folder.ok_or(ConnectorError::NoFaceFolder)?;
        if check_in.outcome == FaceOutcome::NoFile || self.mode == ConnectorMode::Stopped {
            return Ok(None);
        }
        self.check_ins += 1;
        let draw = Draw::new(self.settings.seed, &format!("face-{}", self.check_ins));
        let scripted = check_in.quirks.as_deref().map(Quirks::of);
        let quirks = scripted.unwrap_or_else(|| self.settings.plan.drawn(draw));
        let institution = self.settings.institution.as_ref();
        let institution = institution.map_or("", |code| code.digits());
        let middle = format!("{institution}{:020}", draw.number(Label::Nth(0)));
        let at = JAPAN.to_datetime(now);
        let name = FileName::face(&middle, at).ok_or_else(|| {
            // Before the year 0, or after 9999.
            failed(&folder, &std::io::ErrorKind::InvalidInput.into())
        })?;
        let report = self.face_report(check_in, &quirks, draw, now);
        let Ok(mut file) = write_report(&report, charset(&quirks)) else {
            return Ok(None);
        };
        if quirks.has(Quirk::Shuffled) {
            file = MessageFile::new(shuffled(file.as_bytes(), draw));
        }
        let wait = draw.within(Label::Delay, self.settings.plan.delay);
        let due = now.checked_add(wait).unwrap_or(Timestamp::MAX);
        let path = folder.join(name.to_string());
        let whole = self.write_file(&path, &file, &quirks, draw, due);
        if quirks.has(Quirk::Deleted)
            && let Some(whole) = whole
        {
            let after = draw.within(Label::Deletion, self.settings.plan.deletion);
            let at = whole.checked_add(after).unwrap_or(Timestamp::MAX);
            self.at(at, super::job::Job::Delete { path });
        }
        Ok(Some(name))
    }

    fn face_report(
        &mut self,
        check_in: &FaceCheckIn,
        quirks: &Quirks,
        draw: Draw,
        now: Timestamp,
    ) -> Report {
        let institution = self.settings.institution.as_ref();
        let mut report = Report {
            executed: Some(now),
            confirmation_date: Some(japan_date(now)),
            institution_code: institution.map(|code| code.digits().to_owned()),
            file_identifier: Some(format!("{:016x}", draw.number(Label::Nth(1)))),
            reference: Some(ReferenceClassification::MyNumberCard),
            ..Report::normal()
        };
        let down = self.mode == ConnectorMode::CentreDown
            || self.mode == ConnectorMode::SystemFailure
            || check_in.outcome == FaceOutcome::CentreDown;
        if down {
            let (error_code, error_message) = said(Some(NOT_REACHED));
            return Report {
                segment: SegmentOfResult::Abnormal,
                status: None,
                error_code,
                error_message,
                ..report
            };
        }
        let patient = &check_in.patient;
        let validity = match &check_in.outcome {
            FaceOutcome::Insurance(validity) => validity.clone(),
            _ => patient.validity(),
        };
        let nothing = matches!(
            validity,
            QualificationValidity::NotFound | QualificationValidity::Several
        );
        report.validity = Some(validity);
        if !nothing {
            let grace = check_in.outcome == FaceOutcome::Grace;
            let mut found = self.insurance(patient, japan_date(now), quirks);
            if grace {
                (report.code, report.message) = said(Some(GRACE));
            } else {
                found.consents = on_screen(check_in.consents, now);
                self.consents
                    .insert(patient.number(), found.consents.clone());
            }
            report.results.push(found);
        }
        report
    }
}
