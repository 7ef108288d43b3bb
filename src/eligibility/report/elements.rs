//! How the fields of a report meet the elements of a document: one table for
//! each type, read in both directions.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::eligibility::{Personal, UnreadElement};
use crate::japan::JAPAN;

/// What one element holds. Absent and empty are alike.
pub(crate) trait Slot {
    /// Takes the text of an element. `false` if it can't be read as such a
    /// value: then nothing is changed.
    fn set(&mut self, text: &str) -> bool;

    /// The text to write; `None` if the element is absent, or can't be written.
    fn text(&self) -> Option<Cow<'_, str>>;

    /// Whether it holds something that can't be written: a year of more than four digits.
    fn unwritable(&self) -> bool {
        false
    }

    /// Whether it is a code that no table knows.
    fn unknown_code(&self) -> bool {
        false
    }

    /// Whether a `●` is in it.
    fn unrepresentable(&self) -> bool {
        false
    }

    /// Whether the element is there.
    fn is_set(&self) -> bool {
        self.text().is_some() || self.unwritable()
    }
}

/// A value of a code table.
pub(crate) trait Code: Sized {
    fn from_text(text: &str) -> Self;
    fn as_text(&self) -> &str;
    fn known(&self) -> bool;
}

/// The fields of a type by the names of their elements. `Part` tells the tables of
/// one type apart, where it has several.
pub(crate) trait Elements<Part = ()> {
    /// The names, in the order in which they are written.
    const NAMES: &'static [&'static str];

    /// The field of this element, with the name as the table has it.
    fn slot(&mut self, name: &str) -> Option<(&'static str, &mut dyn Slot)>;

    /// All fields with their names, in the order of [`NAMES`](Self::NAMES).
    fn each(&self, visit: &mut dyn FnMut(&'static str, &dyn Slot));
}

/// A part of a report that stands in an element of its own, where what isn't
/// understood in it is kept.
pub(crate) trait Record: Elements + Default + PartialEq {
    fn unread(&self) -> &[UnreadElement];
    fn keep_unread(&mut self, unread: Vec<UnreadElement>);
}

macro_rules! records {
    ($($type:ident),+) => { $(
        impl $crate::eligibility::report::elements::Record for $type {
            fn unread(&self) -> &[$crate::eligibility::UnreadElement] {
                &self.unread
            }

            fn keep_unread(&mut self, unread: Vec<$crate::eligibility::UnreadElement>) {
                self.unread = unread;
            }
        }
    )+ };
}
pub(crate) use records;

macro_rules! elements {
    ($type:ident { $($rest:tt)* }) => {
        $crate::eligibility::report::elements::elements!($type as () { $($rest)* });
    };
    ($type:ident as $part:ty { $($name:literal: $($field:ident).+),* $(,)? }) => {
        impl $crate::eligibility::report::elements::Elements<$part> for $type {
            const NAMES: &'static [&'static str] = &[$($name),*];

            fn slot(
                &mut self,
                name: &str,
            ) -> Option<(&'static str, &mut dyn $crate::eligibility::report::elements::Slot)> {
                match name {
                    $($name => Some(($name, &mut self.$($field).+)),)*
                    _ => None,
                }
            }

            fn each(
                &self,
                visit: &mut dyn FnMut(&'static str, &dyn $crate::eligibility::report::elements::Slot),
            ) {
                $(visit($name, &self.$($field).+);)*
            }
        }
    };
}
pub(crate) use elements;

fn filled(text: &str) -> Option<Cow<'_, str>> {
    (!text.trim().is_empty()).then_some(Cow::Borrowed(text))
}

impl Slot for Personal {
    fn set(&mut self, text: &str) -> bool {
        *self = Self::new(text);
        true
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        filled(self.reveal())
    }

    fn unrepresentable(&self) -> bool {
        self.has_unrepresentable()
    }
}

impl Slot for String {
    fn set(&mut self, text: &str) -> bool {
        text.clone_into(self);
        true
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        filled(self)
    }
}

/// A code that must be there; an absent one is an `Other` without text.
impl<C: Code> Slot for C {
    fn set(&mut self, text: &str) -> bool {
        *self = C::from_text(text);
        true
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        filled(self.as_text())
    }

    fn unknown_code(&self) -> bool {
        self.is_set() && !self.known()
    }
}

/// A value that may be absent.
pub(crate) trait Value: Sized {
    /// `None` if the text is no such value.
    fn read(text: &str) -> Option<Self>;
    fn write(&self) -> Option<Cow<'_, str>>;
    /// Whether it says anything: [`write`](Self::write) without the writing.
    fn is_filled(&self) -> bool {
        true
    }
    fn unwritable(&self) -> bool {
        false
    }
    fn unknown_code(&self) -> bool {
        false
    }
    fn unrepresentable(&self) -> bool {
        false
    }
}

impl<V: Value> Slot for Option<V> {
    fn set(&mut self, text: &str) -> bool {
        let value = V::read(text);
        let read = value.is_some();
        if read {
            *self = value;
        }
        read
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        self.as_ref().and_then(V::write)
    }

    fn is_set(&self) -> bool {
        self.as_ref().is_some_and(V::is_filled)
    }

    fn unwritable(&self) -> bool {
        self.as_ref().is_some_and(V::unwritable)
    }

    fn unknown_code(&self) -> bool {
        self.as_ref().is_some_and(V::unknown_code)
    }

    fn unrepresentable(&self) -> bool {
        self.as_ref().is_some_and(V::unrepresentable)
    }
}

impl Value for Personal {
    fn read(text: &str) -> Option<Self> {
        Some(Self::new(text))
    }

    fn write(&self) -> Option<Cow<'_, str>> {
        filled(self.reveal())
    }

    fn is_filled(&self) -> bool {
        filled(self.reveal()).is_some()
    }

    fn unrepresentable(&self) -> bool {
        self.has_unrepresentable()
    }
}

impl Value for String {
    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn write(&self) -> Option<Cow<'_, str>> {
        filled(self)
    }

    fn is_filled(&self) -> bool {
        filled(self).is_some()
    }
}

impl<C: Code> Value for C {
    fn read(text: &str) -> Option<Self> {
        Some(C::from_text(text))
    }

    fn write(&self) -> Option<Cow<'_, str>> {
        filled(self.as_text())
    }

    fn is_filled(&self) -> bool {
        filled(self.as_text()).is_some()
    }

    fn unknown_code(&self) -> bool {
        !self.known()
    }
}

/// `yyyyMMdd`.
impl Value for Date {
    fn read(text: &str) -> Option<Self> {
        day(digits(text)?)
    }

    fn write(&self) -> Option<Cow<'_, str>> {
        let text = format!("{:04}{:02}{:02}", self.year(), self.month(), self.day());
        (!Value::unwritable(self)).then_some(Cow::Owned(text))
    }

    fn unwritable(&self) -> bool {
        self.year() < 0
    }
}

/// `yyyyMMddHHmmss`, Japan's time.
impl Value for Timestamp {
    fn read(text: &str) -> Option<Self> {
        let [date @ .., h1, h2, m1, m2, s1, s2]: [i8; 14] = digits(text)?;
        let time = Time::new(small([h1, h2]), small([m1, m2]), small([s1, s2]), 0).ok()?;
        let date = day(date)?;
        JAPAN.to_timestamp(date.to_datetime(time)).ok()
    }

    fn write(&self) -> Option<Cow<'_, str>> {
        let at = JAPAN.to_datetime(*self);
        let date = at.date();
        let date = date.write()?;
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        Some(Cow::Owned(format!("{date}{hour:02}{minute:02}{second:02}")))
    }

    fn unwritable(&self) -> bool {
        Value::unwritable(&JAPAN.to_datetime(*self).date())
    }
}

/// Exactly so many ASCII digits, as numbers; blanks around them don't matter.
fn digits<const N: usize>(text: &str) -> Option<[i8; N]> {
    let text = if text.len() == N { text } else { text.trim() };
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    let digits = bytes.map(|byte| byte.wrapping_sub(b'0'));
    let all = digits.iter().all(|digit| *digit < 10);
    all.then(|| digits.map(u8::cast_signed))
}

fn day([year @ .., m1, m2, d1, d2]: [i8; 8]) -> Option<Date> {
    Date::new(number(year), small([m1, m2]), small([d1, d2])).ok()
}

fn small([tens, ones]: [i8; 2]) -> i8 {
    tens * 10 + ones
}

fn number(digits: [i8; 4]) -> i16 {
    digits
        .into_iter()
        .fold(0, |number, digit| number * 10 + i16::from(digit))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::eligibility::{ConsentFlag, ConsentKind, Qualification, Sex};

    #[test]
    fn dates_and_times_are_digits_of_japan() {
        let mut day: Option<Date> = None;
        assert!(day.set(" 20240229\n") && day == Some(date(2024, 2, 29)));
        for wrong in [
            "20230229",
            "2024022",
            "202402291",
            "2024-2-9",
            "２０２４０２２９",
            "+2024229",
        ] {
            assert!(!day.set(wrong), "{wrong}");
        }
        assert_eq!(day, Some(date(2024, 2, 29)), "nothing changed");
        assert_eq!(day.text().as_deref(), Some("20240229"));

        let mut at: Option<Timestamp> = None;
        assert!(at.set("20261105091502"));
        assert_eq!(at, "2026-11-05T00:15:02Z".parse().ok());
        for wrong in [
            "",
            "20261105",
            "20261105091560",
            "20261105241500",
            "２0261105091502",
            "20261105é0915",
            "20261105 091502",
        ] {
            assert!(!at.set(wrong), "{wrong}");
        }
        at = Some(Timestamp::MIN);
        assert!(at.text().is_none() && at.unwritable() && at.is_set());
        at = Some(Timestamp::MAX);
        assert_eq!(at.text().map(|text| text.len()), Some(14));
    }

    #[test]
    fn every_element_of_a_qualification_has_its_own_place() {
        let consents = ConsentKind::ALL.iter().flat_map(|kind| {
            ["ConsFlg", "ConsTime", "AvailableTime"].map(|part| format!("{}{part}", kind.element()))
        });
        let names = Qualification::NAMES.iter().map(|name| (*name).to_owned());
        for name in names.chain(consents) {
            let mut qualification = Qualification::new("", "");
            // One of these is a value of every kind of element.
            let value = ["20261105091502", "20261105", "1"]
                .into_iter()
                .find(|value| {
                    qualification
                        .leaf(&name)
                        .is_some_and(|(_, slot)| slot.set(value))
                });
            assert!(value.is_some(), "{name}");
            let mut set = Vec::new();
            qualification.each(&mut |name, slot| {
                if slot.is_set() {
                    set.push(name.to_owned());
                }
            });
            for consent in &qualification.consents {
                consent.each(&mut |part, slot| {
                    if slot.is_set() {
                        set.push(format!("{}{part}", consent.kind.element()));
                    }
                });
            }
            assert_eq!(set, [name]);
        }
        assert!(Qualification::new("", "").leaf("Foo").is_none());
    }

    #[test]
    fn a_consent_of_which_nothing_was_read_is_none() {
        let mut qualification = Qualification::new("", "");
        assert!(
            !qualification
                .leaf("TestInfoConsTime")
                .is_none_or(|(_, slot)| slot.set("?"))
        );
        qualification.forget_empty_consents();
        assert!(qualification.consents.is_empty());
        let flag = qualification
            .leaf("TestInfoConsFlg")
            .is_some_and(|(_, slot)| slot.set("1"));
        qualification.forget_empty_consents();
        assert!(flag && qualification.consents[0].flag == ConsentFlag::Given);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(second in -62_135_596_800_i64..253_402_200_000, sex in "[0-9A-Z]{0,3}") {
            let at = Timestamp::from_second(second).ok();
            let mut again: Option<Timestamp> = None;
            prop_assert!(again.set(&at.text().unwrap()));
            prop_assert_eq!(again, at);
            let day = at.map(|at| JAPAN.to_datetime(at).date());
            let mut again: Option<Date> = None;
            prop_assert!(again.set(&day.text().unwrap()));
            prop_assert_eq!(again, day);
            let (code, mut again) = (Sex::from_code(&sex), Sex::Male);
            again.set(&code.text().unwrap_or_default());
            prop_assert_eq!(again, code);
        }
    }
}
