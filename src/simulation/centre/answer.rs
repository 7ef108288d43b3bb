use jiff::Timestamp;

use super::{Centre, CentreFault, Proven};
use crate::eligibility::{
    CertificateStatus, Consents, Personal, ProcessingResultStatus, QualificationValidity,
    ReferenceClassification, Registration, Report, RequestKind,
};
use crate::japan::japan_date;
use crate::simulation::Persona;
use crate::simulation::insured::{Insuree, on_screen, qualification};
use crate::trust::Standing;

impl Centre {
    /// The answer to a question whose proof is good.
    pub(super) fn answer(&mut self, kind: &RequestKind, proven: &Proven, now: Timestamp) -> Report {
        let mut report = Report {
            certificate: Some(CertificateStatus::Unknown),
            reference: Some(ReferenceClassification::MyNumberCard),
            executed: Some(now),
            ..Report::normal()
        };
        let Some(person) = self.holder(proven.serial).cloned() else {
            return match kind {
                RequestKind::Status => report,
                _ => error(
                    report,
                    "SIM-UNKNOWN",
                    "【模擬】この電子証明書は登録がありません。",
                ),
            };
        };
        report.certificate = Some(person.certificate_status);
        if person.certificate_status != CertificateStatus::Good {
            return match kind {
                RequestKind::Status => report,
                _ => error(
                    report,
                    "SIM-REVOKED",
                    "【模擬】この電子証明書は失効しています。",
                ),
            };
        }
        // Idempotent, and bounded: only numbers of known people.
        if *kind == RequestKind::Register {
            self.registered.insert(person.number);
        }
        if let RequestKind::Prescription { issue } = kind {
            self.prescriptions.insert(proven.serial, issue.clone());
            report.prescription_issue = Some(issue.clone());
        }
        report.registration = self.registration(proven.serial);
        match kind {
            RequestKind::Result { consents } => {
                report.prescription_issue = self.prescriptions.get(&proven.serial).cloned();
                let mut report = result(report, &person, *consents, proven.standing, now);
                if self.fault == Some(CentreFault::OtherBirthDate) {
                    for found in &mut report.results {
                        found.birthdate = Personal::new("19010203");
                    }
                }
                report
            }
            _ => report,
        }
    }
}

/// The insurance, with consents and notice.
fn result(
    mut report: Report,
    person: &Persona,
    consents: Consents,
    standing: Standing,
    now: Timestamp,
) -> Report {
    if report.registration != Some(Registration::Registered) {
        return error(
            report,
            "SIM-NOT-REGISTERED",
            "【模擬】利用登録がされていません。",
        );
    }
    let consents = match standing {
        // In grace the centre gives the insurance alone.
        Standing::Grace { .. } => Vec::new(),
        _ => on_screen(consents, now),
    };
    report.validity = Some(person.validity.clone());
    report.results = match person.validity {
        QualificationValidity::Valid
        | QualificationValidity::Invalid
        | QualificationValidity::InvalidNewer
        | QualificationValidity::ValidUnregistered => {
            let today = japan_date(now);
            vec![qualification(&Insuree::from(person), consents, today)]
        }
        // Nothing found, or not known which.
        _ => Vec::new(),
    };
    let notice = match standing {
        Standing::Grace { .. } => Some((
            "SIM-GRACE",
            "【模擬】電子証明書の有効期限が切れています。資格情報のみ提供します。お早めに更新してください。",
        )),
        Standing::Expiring { .. } => Some((
            "SIM-EXPIRING",
            "【模擬】電子証明書の有効期限が3か月以内に切れます。お早めに更新してください。",
        )),
        Standing::InForce => None,
    };
    if let Some((code, message)) = notice {
        report.code = Some(code.to_owned());
        report.message = Some(message.to_owned());
    }
    report
}

fn error(report: Report, code: &str, message: &str) -> Report {
    Report {
        status: Some(ProcessingResultStatus::Error),
        code: Some(code.to_owned()),
        message: Some(message.to_owned()),
        ..report
    }
}
