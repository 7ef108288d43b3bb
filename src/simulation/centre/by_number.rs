use jiff::Timestamp;
use jiff::civil::Date;

use super::Centre;
use super::insured::qualification;
use crate::eligibility::message::NumberQuestion;
use crate::eligibility::text::comparison_form;
use crate::eligibility::{
    InsurerNumber, Personal, Qualification, QualificationValidity, ReferenceClassification, Report,
    SearchInfo,
};

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
        let mut matching = self.people.iter().filter_map(|person| {
            let found = qualification(person, Vec::new(), now);
            has(&found, question, &asked).then_some((found, person.validity.clone()))
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

/// Whether the person has these numbers. What wasn't asked doesn't tell people
/// apart.
fn has(found: &Qualification, question: &NumberQuestion, asked: &SearchInfo) -> bool {
    let insurer = InsurerNumber::parse(found.insurer_number.reveal());
    let form = |value: &Personal| comparison_form(value.reveal());
    let same = |has: &Option<Personal>, asked: &Option<Personal>| match asked {
        Some(asked) => has.as_ref().map(form) == Some(form(asked)),
        None => true,
    };
    insurer.as_ref() == Some(question.insured().insurer())
        && same(&found.number, &asked.number)
        && same(&found.symbol, &asked.symbol)
        && same(&found.branch, &asked.branch)
        && same(&Some(found.birthdate.clone()), &asked.birthdate)
}
