use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan, tz};

use crate::eligibility::{
    CardClassification, Consent, Personal, Qualification, QualificationValidity, Sex,
};
use crate::simulation::Persona;

/// The insurance of a persona. All of it is invented; the insurers' numbers
/// exist nowhere, but their check digits are right.
pub(super) fn qualification(
    person: &Persona,
    consents: Vec<Consent>,
    now: Timestamp,
) -> Qualification {
    let today = now.to_zoned(tz::TimeZone::fixed(tz::offset(9))).date();
    let age = age(person.birthdate, today);
    let insurer = insurer(person.number, age);
    let valid = person.validity == QualificationValidity::Valid;
    Qualification {
        card_classification: CardClassification::General,
        insurer_number: Personal::new(insurer.number),
        insurer_name: insurer.name.to_owned(),
        symbol: insurer.branches.then(|| Personal::new("模擬")),
        number: Some(Personal::new((10_000 + person.number).to_string())),
        branch: insurer.branches.then(|| Personal::new("01")),
        kana: Some(Personal::new(person.holder_kana)),
        sex: Sex::from_code(person.sex),
        qualified_from: Some(date(2024, 4, 1)),
        valid_until: if valid {
            insurer.ends_in_july.then(|| end_of_july(today))
        } else {
            today.checked_sub(1.month()).ok()
        },
        contribution_ratio: Some(ratio(age).to_owned()),
        consents,
        ..Qualification::new(person.holder_name, person.birthdate)
    }
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
fn age(birthdate: &str, today: Date) -> i16 {
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
