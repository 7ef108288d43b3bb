use thiserror::Error;

use super::report::loggable;
use super::{
    Answer, CertificateStatus, Coverage, Failure, ProcessingResultStatus, QualificationValidity,
    Registration, Request, RequestKind, SegmentOfResult,
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
    let report = &answer.report;
    if answer.number != request.number() || report.answered != request.number() {
        return Err(NotConfirmed::OtherRequest);
    }
    if !matches!(request.kind(), RequestKind::Result { .. }) {
        return Err(NotConfirmed::NotAResult);
    }
    let presented = request.presented();
    if presented.realm() != service {
        return Err(NotConfirmed::OtherRealm {
            proof: presented.realm(),
            service,
        });
    }
    if report.segment != SegmentOfResult::Normal {
        return Err(NotConfirmed::Segment(report.segment.clone()));
    }
    // What the centre says about the certificate or the registration explains an
    // error of the processing layer better than its opaque code does.
    match report.certificate {
        Some(status @ (CertificateStatus::Revoked | CertificateStatus::Unknown)) => {
            return Err(NotConfirmed::Certificate(status));
        }
        Some(CertificateStatus::Good) | None => {}
    }
    if report.registration == Some(Registration::NotRegistered) {
        return Err(NotConfirmed::NotRegistered);
    }
    if report.status != ProcessingResultStatus::Normal {
        return Err(NotConfirmed::Processing {
            code: loggable(report.code.as_deref()).map(str::to_owned),
        });
    }
    if report.certificate.is_none() {
        return Err(NotConfirmed::Certificate(CertificateStatus::Unknown));
    }
    if report.validity != Some(QualificationValidity::Valid) {
        return Err(NotConfirmed::Validity(report.validity.clone()));
    }
    let [qualification] = report.results.as_slice() else {
        return Err(NotConfirmed::Results(report.results.len()));
    };
    let eligibility_only = matches!(presented.standing(), Standing::Grace { .. });
    Ok(EligibilityConfirmed {
        binding: presented.binding(),
        digest: presented.digest(),
        realm: service,
        coverage: Coverage::from_qualification(
            qualification,
            report.message.as_deref(),
            eligibility_only,
        ),
    })
}

/// Proof that the centre confirmed one valid insurance, for this certificate, in
/// this visit. Made by [`confirm`] only; not `Clone`.
#[derive(Debug)]
pub struct EligibilityConfirmed {
    binding: Binding,
    digest: CertificateDigest,
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
    /// Proof and service are of different worlds.
    #[error("proof of realm {proof:?}, service of realm {service:?}")]
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
            Self::NotAResult => Failure::Internal,
            Self::OtherRealm { .. } => Failure::WrongRealm,
            Self::Segment(_) | Self::Processing { .. } | Self::Validity(None) => {
                Failure::CentreDown
            }
            Self::Certificate(CertificateStatus::Revoked) => Failure::CertificateRevoked,
            Self::Certificate(_) => Failure::CertificateInvalid,
            Self::NotRegistered => Failure::NotRegistered,
            Self::Validity(Some(QualificationValidity::NotFound)) | Self::Results(0) => {
                Failure::NoSuchInsured
            }
            Self::Validity(Some(QualificationValidity::Several)) | Self::Results(_) => {
                Failure::SeveralInsured
            }
            Self::Validity(Some(_)) => Failure::InsuranceInvalid,
        }
    }
}

#[cfg(test)]
mod tests;
