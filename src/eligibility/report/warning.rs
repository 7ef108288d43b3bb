//! What is doubtful about an answer that otherwise went well.

use super::elements::{Elements, Slot};
use super::qualification::consent_part;
use super::{
    Body, ElderlyRecipient, Header, LimitCertificate, MedicalTicket, Qualification, Report,
    SearchInfo, SpecificDisease, UnreadElement,
};
use crate::eligibility::{
    BeneficiaryNumber, ConsentKind, InstitutionCode, InsurerNumber, PayerNumber, Personal,
};

mod near;
mod words;

use near::Near;

/// So many elements that weren't understood are named one by one: a real answer has
/// a few, and to look for what is meant by a name takes its time.
const MOST_UNREAD: usize = 100;

/// Something about an answer that a person should look at. None of them refuses
/// anything by itself.
///
/// Elements are named as documents name them; no value is in here, so it may be
/// logged.
///
/// ```
/// use uketsuke::eligibility::{Lang, Qualification, Report, Warning};
///
/// let report = Report {
///     results: vec![Qualification::new("●本　花子", "19800401")],
///     ..Report::normal()
/// };
/// let marked = Warning::Unrepresentable { element: "Name" };
/// assert!(report.warnings().contains(&marked));
/// assert!(marked.text(Lang::En).contains("Name"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Warning {
    /// The last digit of a number doesn't fit the others, or it is no number of
    /// that kind at all: a mistake in writing, or a number that breaks the rule.
    CheckDigit(NumberKind),
    /// A `●` stands for a character that could not be sent.
    Unrepresentable {
        /// Where.
        element: &'static str,
    },
    /// An element that each such answer has was absent or empty.
    Missing {
        /// Which.
        element: &'static str,
    },
    /// A code that this version doesn't know; it counts as no good one.
    UnknownCode {
        /// Of which element.
        element: String,
    },
    /// A known element with a value that can't be read, such as a date that is
    /// none. Kept as text.
    Unreadable {
        /// Which.
        element: String,
    },
    /// An element that this version doesn't know. Kept as text.
    UnknownElement {
        /// Its path; `(..)` if it doesn't look like one.
        element: String,
    },
    /// An element that this version doesn't know, but whose name is nearly that
    /// of a known one, or that stands in the wrong place: what it says is probably
    /// meant, and *isn't* taken into account. Kept as text.
    LooksLike {
        /// Its path.
        element: String,
        /// The name it is probably meant to have.
        known: String,
    },
    /// More elements that weren't understood than are named, as in a document of
    /// another kind.
    MoreUnread,
    /// A consent that was given, but without a time until which it counts: it
    /// allows nothing.
    ConsentWithoutEnd(ConsentKind),
    /// The answer says twice and differently how prescriptions are to be issued.
    PrescriptionIssueDiffers,
}

/// Which number a [`Warning::CheckDigit`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum NumberKind {
    /// 保険者番号.
    Insurer,
    /// 公費負担者番号, of medical assistance.
    Payer,
    /// 受給者番号, of medical assistance.
    Beneficiary,
    /// 医療機関コード.
    Institution,
}

impl Report {
    /// Everything doubtful about this answer, with that of its
    /// [`results`](Self::results).
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let mut found = Found::default();
        missing(&mut found, "SegmentOfResult", &self.segment);
        check::<Header>(self, &mut found);
        check::<Body>(self, &mut found);
        let institution = self.institution_code.as_deref();
        let fits = |code| InstitutionCode::parse(code).is_some_and(|c| c.check_digit_is_right());
        if institution.is_some_and(|code| !fits(code)) {
            found.push(Warning::CheckDigit(NumberKind::Institution));
        }
        let twice = self.prescription_issue.is_some()
            || self.results.iter().any(|r| r.prescription_issue.is_some());
        if twice && self.prescription_choice().is_none() {
            found.push(Warning::PrescriptionIssueDiffers);
        }
        for element in &self.unread {
            let known = match element.path.split_once('/') {
                Some(("MessageHeader", name)) => <Self as Elements<Header>>::NAMES.contains(&name),
                Some(("MessageBody", name)) => <Self as Elements<Body>>::NAMES.contains(&name),
                _ => false,
            };
            unread(&mut found, element, known);
        }
        if let Some(asked) = &self.asked {
            check::<()>(asked, &mut found);
            unread_of::<SearchInfo>(&mut found, &asked.unread);
        }
        for result in &self.results {
            result.warn(&mut found);
        }
        found.warnings
    }
}

impl Qualification {
    /// Everything doubtful about this one.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let mut found = Found::default();
        self.warn(&mut found);
        found.warnings
    }

    fn warn(&self, found: &mut Found) {
        missing(
            found,
            "InsuredCardClassification",
            &self.card_classification,
        );
        missing(found, "Name", &self.name);
        missing(found, "Sex1", &self.sex);
        missing(found, "Birthdate", &self.birthdate);
        missing(found, "InsurerName", &self.insurer_name);
        check::<()>(self, found);
        self.check_numbers(found);
        for consent in &self.consents {
            if consent.given() && consent.available_until.is_none() {
                found.push(Warning::ConsentWithoutEnd(consent.kind));
            }
            if Slot::unknown_code(&consent.flag) {
                let [flag, ..] = consent.kind.elements().map(str::to_owned);
                found.push(Warning::UnknownCode { element: flag });
            }
        }
        for element in &self.unread {
            let name = element.path.as_str();
            let known = <Self as Elements>::NAMES.contains(&name) || consent_part(name).is_some();
            unread(found, element, known);
        }
        if let Some(elderly) = &self.elderly_recipient {
            check::<()>(elderly, found);
            unread_of::<ElderlyRecipient>(found, &elderly.unread);
        }
        if let Some(limit) = &self.limit {
            check::<()>(limit, found);
            unread_of::<LimitCertificate>(found, &limit.unread);
        }
        for disease in &self.specific_diseases {
            check::<()>(disease, found);
            unread_of::<SpecificDisease>(found, &disease.unread);
        }
        for ticket in &self.tickets {
            check::<()>(ticket, found);
            unread_of::<MedicalTicket>(found, &ticket.unread);
        }
    }

    fn check_numbers(&self, found: &mut Found) {
        let number = self.insurer_number.reveal();
        if !self.is_medical_aid() {
            let fits = InsurerNumber::parse(number).is_some_and(|n| n.check_digit_is_right());
            if !self.insurer_number.is_blank() && !fits {
                found.push(Warning::CheckDigit(NumberKind::Insurer));
            }
            return;
        }
        let fits = PayerNumber::parse(number).is_some_and(|n| n.check_digit_is_right());
        if !self.insurer_number.is_blank() && !fits {
            found.push(Warning::CheckDigit(NumberKind::Payer));
        }
        let fits = |number: &Personal| {
            BeneficiaryNumber::parse(number.reveal()).is_some_and(|n| n.check_digit_is_right())
        };
        if self.number.as_ref().is_some_and(|number| !fits(number)) {
            found.push(Warning::CheckDigit(NumberKind::Beneficiary));
        }
    }
}

/// The warnings so far.
#[derive(Default)]
struct Found {
    warnings: Vec<Warning>,
    unread: usize,
    near: Near,
}

impl Found {
    fn push(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }
}

fn missing(found: &mut Found, element: &'static str, slot: &dyn Slot) {
    if !slot.is_set() {
        found.push(Warning::Missing { element });
    }
}

/// What the values of the fields themselves tell.
fn check<Part>(fields: &impl Elements<Part>, found: &mut Found) {
    fields.each(&mut |element, slot| {
        if slot.unrepresentable() {
            found.push(Warning::Unrepresentable { element });
        }
        if slot.unknown_code() {
            let element = element.to_owned();
            found.push(Warning::UnknownCode { element });
        }
    });
}

fn unread_of<T: Elements>(found: &mut Found, elements: &[UnreadElement]) {
    for element in elements {
        unread(found, element, T::NAMES.contains(&element.path.as_str()));
    }
}

/// `known`: the name is right and stands in its place, so its value is at fault.
fn unread(found: &mut Found, element: &UnreadElement, known: bool) {
    found.unread += 1;
    if found.unread > MOST_UNREAD {
        if found.unread == MOST_UNREAD + 1 {
            found.push(Warning::MoreUnread);
        }
        return;
    }
    let path = element.loggable_path().to_owned();
    let warning = if known {
        Warning::Unreadable { element: path }
    } else if let Some(known) = found.near.known_name(&path) {
        Warning::LooksLike {
            element: path,
            known: known.to_owned(),
        }
    } else {
        Warning::UnknownElement { element: path }
    };
    found.push(warning);
}

/// All names that are known anywhere in an answer.
fn known_names() -> impl Iterator<Item = &'static str> {
    let tables = [
        <Report as Elements<Header>>::NAMES,
        <Report as Elements<Body>>::NAMES,
        SearchInfo::NAMES,
        Qualification::NAMES,
        ElderlyRecipient::NAMES,
        LimitCertificate::NAMES,
        SpecificDisease::NAMES,
        MedicalTicket::NAMES,
        super::CONTAINERS,
    ];
    let consents = ConsentKind::ALL.iter().flat_map(|kind| kind.elements());
    tables.into_iter().flatten().copied().chain(consents)
}
