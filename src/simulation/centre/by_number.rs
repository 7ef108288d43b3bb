use jiff::Timestamp;
use jiff::civil::Date;

use super::Centre;
use crate::eligibility::message::NumberQuestion;
use crate::eligibility::{QualificationValidity, ReferenceClassification, Report, SearchInfo};
use crate::japan::japan_date;
use crate::simulation::insured::{Insuree, has, qualification};

impl Centre {
    /// The answer to a question by number: whoever has these numbers, as the real
    /// centre seems to look them up. It needs no certificate and says nothing of one.
    pub(super) fn answer_by_number(
        &self,
        on: Date,
        question: &NumberQuestion,
        now: Timestamp,
    ) -> Report {
        let asked = SearchInfo::from(question);
        let today = japan_date(now);
        let birthdate = asked.birthdate.as_ref();
        let mut matching = self.people.iter().filter_map(|person| {
            let found = qualification(&Insuree::from(person), Vec::new(), today);
            let same = has(&found, question.insured()) && birthdate == Some(&found.birthdate);
            same.then_some((found, person.validity.clone()))
        });
        let (validity, mut results) = match (matching.next(), matching.next()) {
            (None, _) => (QualificationValidity::NotFound, Vec::new()),
            (Some(_), Some(_)) => (QualificationValidity::Several, Vec::new()),
            (Some((found, validity)), None) => (validity, vec![found]),
        };
        if matches!(
            validity,
            QualificationValidity::NotFound | QualificationValidity::Several
        ) {
            results.clear();
        }
        for found in &mut results {
            found.identifier.clone_from(&asked.identifier);
            found.limit_consent.clone_from(&asked.limit_consent);
        }
        Report {
            executed: Some(now),
            confirmation_date: Some(on),
            reference: Some(ReferenceClassification::InsuranceCard),
            validity: Some(validity),
            results,
            asked: Some(asked),
            ..Report::normal()
        }
    }
}
