use jiff::civil::Date;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization as _;

use super::facts::{Person, Relation};
use super::{Apart, Doubt};
use crate::eligibility::Personal;
use crate::eligibility::text::kana_form;

/// Stands in names for what couldn't be sent.
const UNREPRESENTABLE: char = '●';

/// Bytes of a 照会番号 that can be compared: some times the longest.
const LONGEST_NUMBER: usize = 256;

/// The person at the desk, as the clinic's own records know them: birth date and
/// kana, or 照会番号, or all of them. `Debug` shows nothing of it.
///
/// Give what you have. A 照会番号 alone can't tell the result of another patient who has
/// none from one in doubt, so add the birth date where it is known.
///
/// ```
/// use jiff::civil::date;
/// use uketsuke::eligibility::armed::{Awaited, AwaitedError};
///
/// let known = Awaited::by_person(date(1980, 4, 1), "みほん　はなこ")?.and_reference_number("00123")?;
/// assert_eq!(format!("{known:?}"), "Awaited(..)");
/// assert_eq!(Awaited::by_person(date(1980, 4, 1), "ﾐﾎﾝ ●").unwrap_err(), AwaitedError::Kana);
/// # Ok::<(), AwaitedError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Awaited {
    birthdate: Option<Date>,
    kana: Option<Personal>,
    reference_number: Option<Personal>,
}

/// What can't be awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum AwaitedError {
    /// No kana, or with a `●` in it, which stands for any character.
    #[error("no kana of a name, or kana with a ●: use 照会番号, or let a person decide")]
    Kana,
    /// No 照会番号, or one of more than 256 bytes, or with a `●`.
    #[error("no 照会番号 that can be compared: leave it out")]
    ReferenceNumber,
}

impl Awaited {
    /// By birth date and kana, as the clinic writes it: width, blanks, hiragana and
    /// small kana make no difference (as in [`kana_form`]).
    ///
    /// # Errors
    /// [`AwaitedError::Kana`].
    pub fn by_person(birthdate: Date, kana: &str) -> Result<Self, AwaitedError> {
        Ok(Self {
            birthdate: Some(birthdate),
            kana: Some(said_kana(kana).ok_or(AwaitedError::Kana)?),
            reference_number: None,
        })
    }

    /// By 照会番号, the clinic's number of the patient that is registered at the
    /// centre. Width and blanks around it make no difference, everything else does.
    ///
    /// # Errors
    /// [`AwaitedError::ReferenceNumber`].
    pub fn by_reference_number(number: &str) -> Result<Self, AwaitedError> {
        Self {
            birthdate: None,
            kana: None,
            reference_number: None,
        }
        .and_reference_number(number)
    }

    /// With the 照会番号 as well. A result that says another one isn't this person's; one
    /// that says none is judged by the rest.
    ///
    /// # Errors
    /// [`AwaitedError::ReferenceNumber`].
    pub fn and_reference_number(mut self, number: &str) -> Result<Self, AwaitedError> {
        let said = said_reference_number(number).ok_or(AwaitedError::ReferenceNumber)?;
        self.reference_number = Some(said);
        Ok(self)
    }

    /// With the birth date as well.
    #[must_use]
    pub fn and_birthdate(mut self, birthdate: Date) -> Self {
        self.birthdate = Some(birthdate);
        self
    }

    /// Whether it is this person. What decides, in this order:
    ///
    /// - An equal 照会番号 does, unless birth date or kana say otherwise: numbers of
    ///   twins are mixed up easily.
    /// - Another birth date is another person's.
    /// - Equal birth date and kana do, unless there is another 照会番号.
    pub(super) fn compare(&self, person: &Person) -> Relation {
        let doubt = |doubt| Relation::Doubt(doubt);
        let number = facet(&self.reference_number, &person.reference_number);
        let birthdate = facet(&self.birthdate, &person.birthdate);
        let kana = facet(&self.kana, &person.kana);
        match (number, birthdate, kana) {
            (Facet::Agrees, Facet::Differs, _) => doubt(Doubt::BirthdateDiffers),
            (Facet::Agrees, Facet::Unsaid, _) => doubt(Doubt::BirthdateUnsaid),
            (Facet::Agrees, _, Facet::Differs) => doubt(Doubt::KanaDiffers),
            (Facet::Agrees, ..) => Relation::Agrees,
            (_, Facet::Differs, _) | (Facet::Differs, Facet::NotAsked, _) => {
                Relation::Apart(Apart::OtherPerson)
            }
            (Facet::Differs, ..) => doubt(Doubt::ReferenceNumberDiffers),
            (_, Facet::NotAsked, _) => doubt(Doubt::ReferenceNumberUnsaid),
            (_, Facet::Unsaid, _) => doubt(Doubt::BirthdateUnsaid),
            (_, Facet::Agrees, Facet::Agrees) => Relation::Agrees,
            (_, Facet::Agrees, Facet::Differs) => doubt(Doubt::KanaDiffers),
            (_, Facet::Agrees, Facet::Unsaid) => doubt(Doubt::KanaUnsaid),
            (_, Facet::Agrees, Facet::NotAsked) => doubt(Doubt::ReferenceNumberUnsaid),
        }
    }
}

#[derive(Clone, Copy)]
enum Facet {
    Agrees,
    Differs,
    /// The result doesn't say it, or not clearly.
    Unsaid,
    /// It isn't known of the person at the desk.
    NotAsked,
}

fn facet<T: PartialEq>(awaited: &Option<T>, said: &Option<T>) -> Facet {
    match (awaited, said) {
        (None, _) => Facet::NotAsked,
        (Some(_), None) => Facet::Unsaid,
        (Some(awaited), Some(said)) if awaited == said => Facet::Agrees,
        (Some(_), Some(_)) => Facet::Differs,
    }
}

/// `None` if nothing can be compared with it.
pub(super) fn said_kana(kana: &str) -> Option<Personal> {
    let form = kana_form(kana);
    (!form.is_blank() && !kana.contains(UNREPRESENTABLE)).then_some(form)
}

/// Hyphens and zeros stay: 1-23 isn't 12-3, nor 00123 the patient 123.
pub(super) fn said_reference_number(number: &str) -> Option<Personal> {
    if number.len() > LONGEST_NUMBER || number.contains(UNREPRESENTABLE) {
        return None;
    }
    let trimmed = || number.trim().nfkc();
    // Sized first: a growing string would leave copies that aren't wiped.
    let mut form = String::with_capacity(trimmed().map(char::len_utf8).sum());
    form.extend(trimmed());
    let form = Personal::new(form);
    (!form.is_blank()).then_some(form)
}

impl std::fmt::Debug for Awaited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Awaited(..)")
    }
}
