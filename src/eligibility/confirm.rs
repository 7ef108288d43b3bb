use thiserror::Error;

use super::codes::loggable;
use super::message::NumberQuestion;
use super::{
    Answer, Asked, CertificateStatus, Coverage, Failure, Identified, Presented,
    ProcessingResultStatus, QualificationValidity, Registration, Report, Request, RequestKind,
    SearchInfo, SegmentOfResult,
};
use crate::trust::{CertificateDigest, Standing};
use crate::{Binding, Realm, VisitId};

/// Judges the answer to `request`. `service` is the realm of the service that
/// answered.
///
/// Good is only: a question for the result, an answer with its number, both of
/// one realm, and every layer of the answer — transport normal, processing
/// normal, certificate not revoked, insurance valid, exactly one result.
///
/// # Errors
/// The first thing that is not so; see [`NotConfirmed`].
pub fn confirm(
    request: &Request,
    answer: &Answer,
    service: Realm,
) -> Result<EligibilityConfirmed, NotConfirmed> {
    let report = belongs(request, answer)?;
    let Asked::WithProof {
        presented,
        kind: RequestKind::Result { .. },
    } = request.asked()
    else {
        return Err(NotConfirmed::NotAResult);
    };
    arrived(presented, report, service)?;
    // As with the certificate: it explains more than an opaque code does.
    if report.registration == Some(Registration::NotRegistered) {
        return Err(NotConfirmed::NotRegistered);
    }
    processed(report)?;
    let eligibility_only = matches!(presented.standing(), Standing::Grace { .. });
    Ok(EligibilityConfirmed {
        binding: presented.binding(),
        digest: presented.digest(),
        identified: presented.identified(),
        realm: service,
        coverage: Coverage::from_report(report, eligibility_only)?,
    })
}

/// Judges the answer to a question of kind [`RequestKind::Status`] or
/// [`RequestKind::Register`]: whether the card is registered for use (利用登録).
///
/// The layers are looked at in the order of [`confirm`], so that one report
/// means the same whatever was asked: a revoked certificate is named as such,
/// even where the processing layer says no as well. `service` is the realm of
/// the service that answered.
///
/// # Errors
/// The first thing that is not so; see [`NotConfirmed`]. That a card isn't
/// registered is no error here but the answer.
pub fn status(
    request: &Request,
    answer: &Answer,
    service: Realm,
) -> Result<Registration, NotConfirmed> {
    let report = belongs(request, answer)?;
    let Asked::WithProof {
        presented,
        kind: RequestKind::Status | RequestKind::Register,
    } = request.asked()
    else {
        return Err(NotConfirmed::NotAStatus);
    };
    arrived(presented, report, service)?;
    processed(report)?;
    report.registration.ok_or(NotConfirmed::RegistrationUnsaid)
}

/// Judges the answer to a question of kind [`RequestKind::Prescription`] or
/// [`RequestKind::Subsidies`]: whether the centre took the choice. The layers are
/// looked at in the order of [`confirm`]; of a prescription the very choice must be
/// repeated ([`Report::prescription_issue`]).
///
/// # Errors
/// The first thing that is not so; see [`NotConfirmed`].
pub fn noted(request: &Request, answer: &Answer, service: Realm) -> Result<(), NotConfirmed> {
    let report = belongs(request, answer)?;
    let Asked::WithProof { presented, kind } = request.asked() else {
        return Err(NotConfirmed::NotAChoice);
    };
    let chosen = match kind {
        RequestKind::Prescription { issue } => Some(issue),
        RequestKind::Subsidies { .. } => None,
        _ => return Err(NotConfirmed::NotAChoice),
    };
    arrived(presented, report, service)?;
    processed(report)?;
    if chosen.is_some() && report.prescription_choice() != chosen {
        return Err(NotConfirmed::ChoiceUnsaid);
    }
    Ok(())
}

/// Judges the answer to a question by number ([`Request::by_number`]): the one
/// valid insurance of the person who was asked about.
///
/// It shows that there is such an insurance, not who stands at the desk: nothing
/// in a check-in can be made of it.
///
/// # Errors
/// The first thing that is not so; see [`NotConfirmed`]. An echo or a result of
/// another person is [`NotConfirmed::OtherPerson`], an answer for another day than
/// was asked [`NotConfirmed::OtherDay`].
pub fn found(request: &Request, answer: &Answer) -> Result<Coverage, NotConfirmed> {
    let report = belongs(request, answer)?;
    let Asked::ByNumber { on, person } = request.asked() else {
        return Err(NotConfirmed::NotByNumber);
    };
    if report.confirmation_date.is_some_and(|day| day != *on) {
        return Err(NotConfirmed::OtherDay);
    }
    report.found(person)
}

impl Report {
    /// Judges the answer to a question about this person as [`found`] does: an answer
    /// that came as a file, or one person of a bulk answer
    /// ([`into_report`](super::message::BulkUnit::into_report)).
    ///
    /// ```
    /// use jiff::civil::date;
    /// use uketsuke::eligibility::message::{Insured, NumberQuestion};
    /// use uketsuke::eligibility::{
    ///     InsurerNumber, NotConfirmed, Qualification, QualificationValidity, Report,
    /// };
    ///
    /// let report = Report {
    ///     validity: Some(QualificationValidity::Valid),
    ///     results: vec![Qualification::new("見本　花子", "19800401")],
    ///     ..Report::normal()
    /// };
    /// let insurer = InsurerNumber::parse("139998").ok_or("no insurer's number")?;
    /// let insured = Insured::new(insurer, "1234")?;
    /// let person = NumberQuestion::new(insured.clone(), date(1980, 4, 1));
    /// assert_eq!(report.found(&person)?.name.reveal(), "見本　花子");
    ///
    /// let another = NumberQuestion::new(insured, date(1980, 4, 2));
    /// assert_eq!(report.found(&another), Err(NotConfirmed::OtherPerson));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The first thing that is not so; see [`NotConfirmed`]. An echo or a result of
    /// another person is [`NotConfirmed::OtherPerson`].
    pub fn found(&self, person: &NumberQuestion) -> Result<Coverage, NotConfirmed> {
        let judged = Coverage::from_report(self, false);
        // With 複数該当 all of them may come, and one at most is the person.
        let several = NotConfirmed::Validity(Some(QualificationValidity::Several));
        let echoed = |echo: &SearchInfo| echo.is_for(person);
        let several = judged.as_ref() == Err(&several) && self.asked.as_ref().is_some_and(echoed);
        if self.is_about(person) || several {
            judged
        } else {
            Err(NotConfirmed::OtherPerson)
        }
    }
}

/// The report, if it answers this very request.
fn belongs<'a>(request: &Request, answer: &'a Answer) -> Result<&'a Report, NotConfirmed> {
    let report = &answer.report;
    if answer.number != request.number() {
        return Err(NotConfirmed::OtherRequest);
    }
    Ok(report)
}

/// Realm, transport layer, and a certificate that the centre calls bad: what it
/// says about that explains an error of the processing layer better than the
/// opaque code does.
fn arrived(presented: &Presented, report: &Report, service: Realm) -> Result<(), NotConfirmed> {
    let proof = presented.realm();
    if proof != service {
        return Err(NotConfirmed::OtherRealm { proof, service });
    }
    if report.segment != SegmentOfResult::Normal {
        return Err(NotConfirmed::Segment(report.segment.clone()));
    }
    match report.certificate {
        Some(status @ (CertificateStatus::Revoked | CertificateStatus::Unknown)) => {
            Err(NotConfirmed::Certificate(status))
        }
        Some(CertificateStatus::Good) | None => Ok(()),
    }
}

/// Processing layer, then that the certificate was called good at all.
fn processed(report: &Report) -> Result<(), NotConfirmed> {
    if report.status != Some(ProcessingResultStatus::Normal) {
        return Err(NotConfirmed::Processing {
            code: loggable(report.code.as_deref()).map(str::to_owned),
        });
    }
    if report.certificate.is_none() {
        return Err(NotConfirmed::Certificate(CertificateStatus::Unknown));
    }
    Ok(())
}

/// Proof that the centre confirmed one valid insurance, for this certificate, in
/// this visit. Made by [`confirm`] only; not `Clone`.
#[derive(Debug)]
pub struct EligibilityConfirmed {
    binding: Binding,
    digest: CertificateDigest,
    identified: Identified,
    realm: Realm,
    coverage: Coverage,
}

impl EligibilityConfirmed {
    /// The visit.
    #[must_use]
    pub const fn visit(&self) -> VisitId {
        self.binding.visit()
    }

    /// Visit and card session.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// The certificate that was asked about.
    #[must_use]
    pub const fn digest(&self) -> CertificateDigest {
        self.digest
    }

    /// How the person was identified, as the centre was told.
    #[must_use]
    pub const fn identified(&self) -> Identified {
        self.identified
    }

    /// World of the service that answered.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// What a receptionist needs.
    #[must_use]
    pub const fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Gives it away.
    #[must_use]
    pub fn into_coverage(self) -> Coverage {
        self.coverage
    }
}

/// Why an answer doesn't confirm.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotConfirmed {
    /// Nothing changes by it: go on waiting for the right one.
    #[error("the answer belongs to another request")]
    OtherRequest,
    /// The question was not one for the result.
    #[error("the question was not one for the result")]
    NotAResult,
    /// The question was not one for the status or the registration.
    #[error("the question was not one for the status or the registration")]
    NotAStatus,
    /// The question was not one that tells a choice of the person.
    #[error("the question was not one that tells a choice")]
    NotAChoice,
    /// The centre didn't repeat the choice that it was told.
    #[error("the choice was not repeated")]
    ChoiceUnsaid,
    /// The question was not one by number.
    #[error("the question was not one by number")]
    NotByNumber,
    /// The answer to a question by number is about another person, or doesn't say
    /// about whom.
    #[error("the answer is about another person")]
    OtherPerson,
    /// The answer to a question by number is for another day than was asked.
    #[error("the answer is for another day than was asked")]
    OtherDay,
    /// The centre didn't say whether the card is registered for use.
    #[error("nothing was said about the registration for use")]
    RegistrationUnsaid,
    /// Proof and service are of different worlds.
    #[error("proof of realm {proof}, service of realm {service}")]
    OtherRealm {
        /// Of the certificate.
        proof: Realm,
        /// Of the service.
        service: Realm,
    },
    /// The transport layer said no.
    #[error("transport layer: {0:?}")]
    Segment(SegmentOfResult),
    /// The certificate is revoked, or the centre didn't say that it isn't.
    #[error("certificate: {0:?}")]
    Certificate(CertificateStatus),
    /// The card is not registered as an insurance card.
    #[error("the card is not registered for use")]
    NotRegistered,
    /// The processing layer said no.
    #[error("processing layer: code {code:?}")]
    Processing {
        /// The centre's code; left out where it doesn't look like one.
        code: Option<String>,
    },
    /// The insurance is not valid, or nothing was said about that.
    #[error("validity of the insurance: {0:?}")]
    Validity(Option<QualificationValidity>),
    /// Not exactly one result.
    #[error("{0} results where exactly one was expected")]
    Results(usize),
}

impl NotConfirmed {
    /// The end of a check-in that this makes.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            // The right answer is still missing, and the question was sent.
            Self::OtherRequest => Failure::OutcomeUnknown,
            Self::OtherPerson => Failure::PersonUnclear,
            Self::NotAResult | Self::NotAStatus | Self::NotAChoice | Self::NotByNumber => {
                Failure::Internal
            }
            Self::OtherRealm { .. } => Failure::WrongRealm,
            Self::Segment(SegmentOfResult::InProgress) => Failure::StillProcessing,
            Self::OtherDay
            | Self::Segment(_)
            | Self::Processing { .. }
            | Self::RegistrationUnsaid
            | Self::ChoiceUnsaid
            | Self::Validity(None) => Failure::AbnormalAnswer,
            Self::Certificate(CertificateStatus::Revoked) => Failure::CertificateRevoked,
            Self::Certificate(_) => Failure::CertificateInvalid,
            Self::NotRegistered => Failure::NotRegistered,
            Self::Validity(Some(validity)) => match validity {
                QualificationValidity::Invalid => Failure::InsuranceInvalid,
                QualificationValidity::InvalidNewer => Failure::InsuranceReplaced,
                QualificationValidity::NotFound => Failure::NoSuchInsured,
                QualificationValidity::Several => Failure::SeveralInsured,
                QualificationValidity::ValidUnregistered => Failure::MedicalAidUnregistered,
                QualificationValidity::Other(_) => Failure::AbnormalAnswer,
                // A valid one isn't refused for its validity.
                QualificationValidity::Valid => Failure::Internal,
            },
            Self::Results(0) => Failure::NoSuchInsured,
            Self::Results(_) => Failure::SeveralInsured,
        }
    }
}

#[cfg(test)]
mod tests;
