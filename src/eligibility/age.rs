use jiff::{ToSpan, civil::Date};

/// The age groups that the rules tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum AgeGroup {
    /// 未就学児: up to 31 March after the sixth birthday. Pays 2 tenths.
    Preschool,
    /// From then on, not yet 15: a guardian may act for the child.
    Child,
    /// 15 to 69.
    Adult,
    /// 70 to 74 (高齢受給者): 2 or 3 tenths.
    From70,
    /// 75 and over (後期高齢者医療): 1 to 3 tenths.
    From75,
}

impl AgeGroup {
    /// All.
    pub const ALL: &'static [Self] = &[
        Self::Preschool,
        Self::Child,
        Self::Adult,
        Self::From70,
        Self::From75,
    ];

    /// The group on a day (Japan). `None` if the person isn't born yet.
    ///
    /// The law counts an age as reached on the day before the birthday. So who is
    /// born on 1 April goes to school with those born in March, and the group of
    /// 70 begins on the first day of the month after the birthday's month, or of
    /// the birthday's own month for who is born on the first. 75 alone begins on
    /// the birthday itself (高齢者の医療の確保に関する法律 第52条).
    ///
    /// ```
    /// use jiff::civil::date;
    /// use uketsuke::eligibility::AgeGroup;
    ///
    /// let born = date(2020, 4, 1);
    /// assert_eq!(AgeGroup::on(born, date(2026, 3, 31)), Some(AgeGroup::Preschool));
    /// assert_eq!(AgeGroup::on(born, date(2026, 4, 1)), Some(AgeGroup::Child));
    /// assert_eq!(AgeGroup::on(born, date(2020, 3, 31)), None);
    /// ```
    #[must_use]
    pub fn on(born: Date, day: Date) -> Option<Self> {
        if day < born {
            return None;
        }
        let is_past = |turn: Option<Date>| turn.is_some_and(|turn| day >= turn);
        Some(if is_past(birthday(born, 75)) {
            Self::From75
        } else if is_past(birthday(born, 70).and_then(month_after)) {
            Self::From70
        } else if is_past(birthday(born, 15)) {
            Self::Adult
        } else if is_past(birthday(born, 6).and_then(school)) {
            Self::Child
        } else {
            Self::Preschool
        })
    }
}

/// `None` beyond the calendar. Who is born on 29 February has it on 1 March in
/// other years.
fn birthday(born: Date, years: i16) -> Option<Date> {
    let day = born.checked_add(years.years()).ok()?;
    if day.day() == born.day() {
        Some(day)
    } else {
        day.tomorrow().ok()
    }
}

/// The first day of the month after the one in which an age is reached.
fn month_after(birthday: Date) -> Option<Date> {
    birthday.yesterday().ok()?.last_of_month().tomorrow().ok()
}

/// The first 1 April after an age is reached.
fn school(birthday: Date) -> Option<Date> {
    let reached = birthday.yesterday().ok()?;
    let year = reached.year().checked_add(i16::from(reached.month() > 3))?;
    Date::new(year, 4, 1).ok()
}
