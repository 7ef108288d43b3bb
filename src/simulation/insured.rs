//! Who is insured how: the same for the centre and for the connector.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::Persona;
use crate::eligibility::message::Insured;
use crate::eligibility::text::comparison_form;
use crate::eligibility::{
    CardClassification, Consent, ConsentFlag, ConsentKind, Consents, InsurerNumber, Personal,
    Qualification, QualificationValidity, Sex,
};

/// How long a consent lasts for outpatients. Publicly seen in a sample answer,
/// where the time of availability is 24 hours after the consent.
pub(super) const CONSENT_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// What an insurance is made of.
pub(super) struct Insuree<'a> {
    /// Which insurer, where age doesn't decide it.
    pub(super) number: u32,
    /// 番号.
    pub(super) insured_number: u32,
    pub(super) name: &'a str,
    pub(super) kana: &'a str,
    pub(super) sex: &'a str,
    pub(super) birthdate: &'a str,
    pub(super) validity: &'a QualificationValidity,
}

/// 番号 of the persona of number 0.
pub(super) const FIRST_PERSONA: u32 = 10_000;

impl<'a> From<&'a Persona> for Insuree<'a> {
    fn from(person: &'a Persona) -> Self {
        Self {
            number: person.number,
            insured_number: FIRST_PERSONA.saturating_add(person.number),
            name: person.holder_name,
            kana: person.holder_kana,
            sex: person.sex,
            birthdate: person.birthdate,
            validity: &person.validity,
        }
    }
}

/// The insurance on this day. All of it is invented; the insurers' numbers exist
/// nowhere, but their check digits are right.
pub(super) fn qualification(
    person: &Insuree<'_>,
    consents: Vec<Consent>,
    today: Date,
) -> Qualification {
    let age = age(person.birthdate, today);
    let insurer = insurer(person.number, age);
    let valid = *person.validity == QualificationValidity::Valid;
    Qualification {
        card_classification: CardClassification::General,
        insurer_number: Personal::new(insurer.number),
        insurer_name: insurer.name.to_owned(),
        symbol: insurer.branches.then(|| Personal::new("模擬")),
        number: Some(Personal::new(person.insured_number.to_string())),
        branch: insurer.branches.then(|| Personal::new("01")),
        kana: Some(Personal::new(person.kana)),
        sex: Sex::from_code(person.sex),
        qualified_from: Some(date(2024, 4, 1)),
        valid_until: if valid {
            insurer.ends_in_july.then(|| end_of_july(today))
        } else {
            today.checked_sub(1.month()).ok()
        },
        contribution_ratio: Some(ratio(age).to_owned()),
        consents,
        ..Qualification::new(person.name, person.birthdate)
    }
}

/// Whether the insurance has these numbers. What wasn't asked doesn't tell people
/// apart.
pub(super) fn has(found: &Qualification, asked: &Insured) -> bool {
    let insurer = InsurerNumber::parse(found.insurer_number.reveal());
    let form = |value: &Personal| comparison_form(value.reveal());
    let same = |has: Option<&Personal>, asked: Option<&Personal>| match asked {
        Some(asked) => has.map(form) == Some(form(asked)),
        None => true,
    };
    insurer.as_ref() == Some(asked.insurer())
        && same(found.number.as_ref(), Some(asked.number()))
        && same(found.symbol.as_ref(), asked.symbol())
        && same(found.branch.as_ref(), asked.branch())
}

/// What a person chose on the screen, as the centre reports it.
pub(super) fn on_screen(chosen: Consents, now: Timestamp) -> Vec<Consent> {
    let consent = |kind| {
        let given = chosen.contains(kind);
        let at = given.then_some(now);
        Consent {
            kind,
            flag: if given {
                ConsentFlag::Given
            } else {
                ConsentFlag::NotGiven
            },
            at,
            available_until: at.and_then(|at| at.saturating_add(CONSENT_LASTS).ok()),
        }
    };
    ConsentKind::ON_SCREEN.into_iter().map(consent).collect()
}

struct Insurer {
    /// As it is sent: municipal numbers have two blanks before them.
    number: &'static str,
    name: &'static str,
    branches: bool,
    ends_in_july: bool,
}

fn insurer(number: u32, age: i16) -> Insurer {
    if age >= 75 {
        let name = "模擬県後期高齢者医療広域連合";
        return Insurer {
            number: "39139993",
            name,
            branches: false,
            ends_in_july: true,
        };
    }
    let (number, name) = match number % 3 {
        0 => ("06139992", "模擬健康保険組合"),
        1 => ("01139997", "模擬健康保険協会"),
        _ => ("  139998", "模擬市"),
    };
    Insurer {
        number,
        name,
        branches: true,
        ends_in_july: number.starts_with(' '),
    }
}

/// Three digits as the centre sends them: 1 tenth from 75, 2 from 70 and before
/// school, else 3. (Income is left out.)
const fn ratio(age: i16) -> &'static str {
    match age {
        75.. => "010",
        70..=74 | ..=6 => "020",
        _ => "030",
    }
}

/// In full years; that of a grown person where the birth date is no date.
pub(super) fn age(birthdate: &str, today: Date) -> i16 {
    let Ok(born) = Date::strptime("%Y%m%d", birthdate) else {
        return 40;
    };
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i16::from(before_birthday)
}

fn end_of_july(today: Date) -> Date {
    let this_year = date(today.year(), 7, 31);
    if today <= this_year {
        this_year
    } else {
        this_year.checked_add(1.year()).unwrap_or(this_year)
    }
}
