use crate::checkin::{Choice, Method, PhoneKind};

/// Something that can be pressed on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Button {
    /// What it does: the same in every language.
    pub key: ChoiceKey,
    /// What is written on it.
    pub label: &'static str,
}

impl Button {
    pub(super) const fn new(key: ChoiceKey, label: &'static str) -> Self {
        Self { key, label }
    }
}

/// What a [`Button`] does. The table on [`Screen`](crate::checkin::Screen) says
/// which screen has which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum ChoiceKey {
    /// The check by face (顔認証).
    Face,
    /// The check by PIN (暗証番号).
    Pin,
    /// The check by staff (目視確認).
    Staff,
    /// A phone in place of the card.
    Phone,
    /// It is an Android phone.
    Android,
    /// It is an iPhone.
    Iphone,
    /// A parent or guardian (保護者) helps.
    Guardian,
    /// The card's holder acts alone after all.
    Holder,
    /// The PIN was typed. Needs the PIN.
    EnterPin,
    /// The person doesn't know the PIN.
    PinForgotten,
    /// Yes, go on, again, finish: what the label says.
    Yes,
    /// No: what the label says.
    No,
    /// Consent to everything.
    ConsentToAll,
    /// Consent to nothing.
    ConsentToNone,
    /// Decide one by one.
    ConsentOneByOne,
    /// Prescriptions electronically.
    Electronic,
    /// Prescriptions on paper.
    Paper,
    /// Back to the choice of methods; with a phone, to the card.
    OtherMethod,
    /// More time, please. On no screen's list: a kiosk offers it beside its countdown,
    /// on every screen that waits for a person.
    MoreTime,
    /// The staff confirms. Needs the staff member's id and the passcode.
    StaffConfirms,
    /// Stop here.
    Cancel,
}

impl ChoiceKey {
    /// All.
    pub const ALL: &'static [Self] = &[
        Self::Face,
        Self::Pin,
        Self::Staff,
        Self::Phone,
        Self::Android,
        Self::Iphone,
        Self::Guardian,
        Self::Holder,
        Self::EnterPin,
        Self::PinForgotten,
        Self::Yes,
        Self::No,
        Self::ConsentToAll,
        Self::ConsentToNone,
        Self::ConsentOneByOne,
        Self::Electronic,
        Self::Paper,
        Self::OtherMethod,
        Self::MoreTime,
        Self::StaffConfirms,
        Self::Cancel,
    ];

    /// The choice to hand to the machine. `None` where something was typed that
    /// belongs to it: [`EnterPin`](Self::EnterPin) becomes a [`Choice::Pin`] with
    /// the PIN, [`StaffConfirms`](Self::StaffConfirms) a
    /// [`Choice::StaffConfirms`] with id and passcode.
    ///
    /// ```
    /// use uketsuke::checkin::{Choice, ChoiceKey, Screen};
    /// use uketsuke::eligibility::Lang;
    ///
    /// let buttons = Screen::Consents { guardian: false }.text(Lang::En).choices;
    /// assert_eq!(buttons[0].label, "Yes to all");
    /// assert!(matches!(buttons[0].key.choice(), Some(Choice::ConsentToAll)));
    /// assert!(ChoiceKey::EnterPin.choice().is_none());
    /// ```
    #[must_use]
    pub const fn choice(self) -> Option<Choice> {
        Some(match self {
            Self::Face => Choice::Method(Method::Face),
            Self::Pin => Choice::Method(Method::Pin),
            Self::Staff => Choice::Method(Method::Staff),
            Self::Phone => Choice::Phone,
            Self::Android => Choice::PhoneKind(PhoneKind::Android),
            Self::Iphone => Choice::PhoneKind(PhoneKind::Iphone),
            Self::Guardian => Choice::Guardian,
            Self::Holder => Choice::Holder,
            Self::PinForgotten => Choice::PinForgotten,
            Self::Yes => Choice::Yes,
            Self::No => Choice::No,
            Self::ConsentToAll => Choice::ConsentToAll,
            Self::ConsentToNone => Choice::ConsentToNone,
            Self::ConsentOneByOne => Choice::ConsentOneByOne,
            Self::Electronic => Choice::Electronic,
            Self::Paper => Choice::Paper,
            Self::OtherMethod => Choice::OtherMethod,
            Self::MoreTime => Choice::MoreTime,
            Self::Cancel => Choice::Cancel,
            Self::EnterPin | Self::StaffConfirms => return None,
        })
    }
}

impl Choice {
    /// What was pressed for it: the same in every language, and nothing of what
    /// was typed.
    ///
    /// ```
    /// use uketsuke::card::AuthPin;
    /// use uketsuke::checkin::{Choice, ChoiceKey};
    ///
    /// let typed = Choice::Pin(AuthPin::parse("1234")?);
    /// assert_eq!(typed.key(), ChoiceKey::EnterPin);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn key(&self) -> ChoiceKey {
        match self {
            Self::Method(Method::Face) => ChoiceKey::Face,
            Self::Method(Method::Pin) => ChoiceKey::Pin,
            Self::Method(Method::Staff) => ChoiceKey::Staff,
            Self::Pin(_) => ChoiceKey::EnterPin,
            Self::Phone => ChoiceKey::Phone,
            Self::PhoneKind(PhoneKind::Android) => ChoiceKey::Android,
            Self::PhoneKind(PhoneKind::Iphone) => ChoiceKey::Iphone,
            Self::Guardian => ChoiceKey::Guardian,
            Self::Holder => ChoiceKey::Holder,
            Self::PinForgotten => ChoiceKey::PinForgotten,
            Self::Yes => ChoiceKey::Yes,
            Self::No => ChoiceKey::No,
            Self::ConsentToAll => ChoiceKey::ConsentToAll,
            Self::ConsentToNone => ChoiceKey::ConsentToNone,
            Self::ConsentOneByOne => ChoiceKey::ConsentOneByOne,
            Self::Electronic => ChoiceKey::Electronic,
            Self::Paper => ChoiceKey::Paper,
            Self::OtherMethod => ChoiceKey::OtherMethod,
            Self::MoreTime => ChoiceKey::MoreTime,
            Self::StaffConfirms { .. } => ChoiceKey::StaffConfirms,
            Self::Cancel => ChoiceKey::Cancel,
        }
    }
}
