use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::eligibility::message::{Insured, NumberQuestion};
use crate::eligibility::{Consent, InsurerNumber, Qualification, QualificationValidity, Sex};
use crate::simulation::Persona;
use crate::simulation::insured::{FIRST_PERSONA, Insuree, qualification};

/// A person whom the simulated connector knows by the numbers of an insurance:
/// one of the [personas](Persona), or one of nine million who are made up by
/// their number.
///
/// Nobody of these names and birth dates is meant, and the insurers' numbers
/// exist nowhere. `Debug` shows which one it is and nothing else.
///
/// ```
/// use jiff::civil::date;
/// use uketsuke::simulation::{Patient, Persona};
///
/// let persona = Persona::named("in-order").ok_or("no such persona")?;
/// let patient = Patient::from(persona);
/// assert_eq!(patient.name(), "見本　花子");
/// // What clinic software would ask about them:
/// let question = patient.question(date(2026, 11, 22));
/// assert_eq!(question.birthdate(), date(1980, 2, 17));
///
/// assert_ne!(Patient::made_up(1), Patient::made_up(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Patient(Who);

#[derive(Clone, PartialEq, Eq)]
enum Who {
    Persona(Box<Persona>),
    MadeUp(u32),
}

/// 番号 of the first who is made up; the personas' have five digits.
const FIRST_MADE_UP: u32 = 1_000_000;

const FAMILY_NAMES: [(&str, &str); 12] = [
    ("見本", "ﾐﾎﾝ"),
    ("例示", "ﾚｲｼﾞ"),
    ("仮名", "ｶﾒｲ"),
    ("試験", "ｼｹﾝ"),
    ("模擬", "ﾓｷﾞ"),
    ("架空", "ｶｸｳ"),
    ("雛形", "ﾋﾅｶﾞﾀ"),
    ("仮想", "ｶｿｳ"),
    ("標本", "ﾋｮｳﾎﾝ"),
    ("虚構", "ｷｮｺｳ"),
    ("髙例", "ﾀｶﾚｲ"),
    ("創作", "ｿｳｻｸ"),
];

/// Even ones are women's.
const GIVEN_NAMES: [(&str, &str); 14] = [
    ("花子", "ﾊﾅｺ"),
    ("太郎", "ﾀﾛｳ"),
    ("桜", "ｻｸﾗ"),
    ("次郎", "ｼﾞﾛｳ"),
    ("節子", "ｾﾂｺ"),
    ("三郎", "ｻﾌﾞﾛｳ"),
    ("あおい", "ｱｵｲ"),
    ("四郎", "ｼﾛｳ"),
    ("美咲", "ﾐｻｷ"),
    ("五郎", "ｺﾞﾛｳ"),
    ("和子", "ｶｽﾞｺ"),
    ("健", "ｹﾝ"),
    ("楓", "ｶｴﾃﾞ"),
    ("翔", "ｼｮｳ"),
];

impl Patient {
    /// How many there are who are made up.
    pub const MADE_UP: u32 = 9_000_000;

    /// The one of this number, all of whom are insured and valid. Numbers from
    /// [`MADE_UP`](Self::MADE_UP) on begin again.
    #[must_use]
    pub const fn made_up(number: u32) -> Self {
        Self(Who::MadeUp(number % Self::MADE_UP))
    }

    /// The persona, if it is one.
    #[must_use]
    pub fn persona(&self) -> Option<&Persona> {
        match &self.0 {
            Who::Persona(persona) => Some(persona),
            Who::MadeUp(_) => None,
        }
    }

    /// Name (氏名).
    #[must_use]
    pub fn name(&self) -> String {
        self.with(|insuree| insuree.name.to_owned())
    }

    /// The name in half-width katakana.
    #[must_use]
    pub fn kana(&self) -> String {
        self.with(|insuree| insuree.kana.to_owned())
    }

    /// Birth date, `yyyyMMdd`.
    #[must_use]
    pub fn birthdate(&self) -> String {
        self.with(|insuree| insuree.birthdate.to_owned())
    }

    /// Sex.
    #[must_use]
    pub fn sex(&self) -> Sex {
        self.with(|insuree| Sex::from_code(insuree.sex))
    }

    /// What is to be said of the insurance (資格有効性).
    #[must_use]
    pub fn validity(&self) -> QualificationValidity {
        self.with(|insuree| insuree.validity.clone())
    }

    /// The numbers of the insurance on this day: it changes when somebody turns 75.
    #[must_use]
    pub fn insured(&self, on: Date) -> Insured {
        let found = self.qualification(Vec::new(), on);
        Insured::known(
            InsurerNumber::known(found.insurer_number.reveal()),
            found.symbol,
            found.number.unwrap_or_default(),
            found.branch,
        )
    }

    /// The question about this person by number.
    #[must_use]
    pub fn question(&self, on: Date) -> NumberQuestion {
        let born = Date::strptime("%Y%m%d", self.birthdate()).unwrap_or(Date::ZERO);
        NumberQuestion::new(self.insured(on), born)
    }

    /// The insurance.
    pub(super) fn qualification(&self, consents: Vec<Consent>, on: Date) -> Qualification {
        self.with(|insuree| qualification(insuree, consents, on))
    }

    /// 番号, which tells them all apart.
    pub(super) fn number(&self) -> u32 {
        self.with(|insuree| insuree.insured_number)
    }

    /// Whose 番号 this is.
    pub(super) fn of_number(number: u32) -> Option<Self> {
        if let Some(made_up) = number.checked_sub(FIRST_MADE_UP) {
            return (made_up < Self::MADE_UP).then(|| Self::made_up(made_up));
        }
        let persona = number.checked_sub(FIRST_PERSONA)?;
        Persona::all()
            .iter()
            .find(|known| known.number == persona)
            .map(Self::from)
    }

    fn with<T>(&self, then: impl FnOnce(&Insuree<'_>) -> T) -> T {
        match &self.0 {
            Who::Persona(persona) => then(&Insuree::from(persona.as_ref())),
            Who::MadeUp(number) => {
                // Spread, so that neighbours are unlike; 7919 is prime to all of these.
                let mixed = u64::from(*number) * 7919;
                let pick = |from: u64| usize::try_from(mixed % from).unwrap_or_default();
                let (family, family_kana) = at(&FAMILY_NAMES, pick(12));
                let (given, given_kana) = at(&GIVEN_NAMES, pick(14));
                // From 1930 to early in 2020.
                let days = i64::try_from(mixed % 32_900).unwrap_or_default();
                let born = date(1930, 1, 2).saturating_add(days.days());
                then(&Insuree {
                    number: *number,
                    insured_number: FIRST_MADE_UP + number,
                    name: &format!("{family}\u{3000}{given}"),
                    kana: &format!("{family_kana} {given_kana}"),
                    sex: if pick(14).is_multiple_of(2) { "2" } else { "1" },
                    birthdate: &born.strftime("%Y%m%d").to_string(),
                    validity: &QualificationValidity::Valid,
                })
            }
        }
    }
}

fn at<T: Copy + Default, const N: usize>(all: &[T; N], index: usize) -> T {
    all.get(index).copied().unwrap_or_default()
}

impl From<&Persona> for Patient {
    fn from(persona: &Persona) -> Self {
        Self(Who::Persona(Box::new(persona.clone())))
    }
}

/// Which one.
impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Who::Persona(persona) => write!(f, "Patient({})", persona.name),
            Who::MadeUp(number) => write!(f, "Patient(made up, {number})"),
        }
    }
}
