use super::{Button, ChoiceKey, ScreenText};
use crate::eligibility::Lang;

/// A sentence in Japanese and in English.
pub(super) type Pair = (&'static str, &'static str);

pub(super) const CANCEL: (ChoiceKey, Pair) = (ChoiceKey::Cancel, ("中止する", "Cancel"));
pub(super) const FINISH: (ChoiceKey, Pair) = (ChoiceKey::Yes, ("終わる", "Finish"));
pub(super) const FACE: (ChoiceKey, Pair) = (ChoiceKey::Face, ("顔認証", "Face"));
pub(super) const PIN: (ChoiceKey, Pair) = (ChoiceKey::Pin, ("暗証番号（4桁）", "PIN (4 digits)"));
pub(super) const STAFF: (ChoiceKey, Pair) =
    (ChoiceKey::Staff, ("職員による確認", "Check by staff"));
pub(super) const PIN_FORGOTTEN: (ChoiceKey, Pair) = (
    ChoiceKey::PinForgotten,
    ("暗証番号がわからない", "I do not know the PIN"),
);
pub(super) const OTHER_METHOD: (ChoiceKey, Pair) = (
    ChoiceKey::OtherMethod,
    ("別の方法にする", "Use another way"),
);

pub(super) const GUARDIAN: (ChoiceKey, Pair) = (
    ChoiceKey::Guardian,
    ("保護者の方が操作する", "I am the parent or guardian"),
);
pub(super) const HOLDER: (ChoiceKey, Pair) = (
    ChoiceKey::Holder,
    ("お子さまが操作する", "My child will do it"),
);

/// Picks one of two languages.
#[derive(Clone, Copy)]
pub(super) struct Two {
    pub(super) lang: Lang,
}

impl Two {
    pub(super) const fn one(self, (ja, en): Pair) -> &'static str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    pub(super) fn owned(self, ja: String, en: String) -> String {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    pub(super) fn screen(
        self,
        title: Pair,
        body: &[Pair],
        choices: &[(ChoiceKey, Pair)],
    ) -> ScreenText {
        ScreenText {
            title: self.one(title).to_owned(),
            body: body.iter().map(|pair| self.one(*pair).to_owned()).collect(),
            choices: choices
                .iter()
                .map(|(key, label)| Button::new(*key, self.one(*label)))
                .collect(),
        }
    }

    pub(super) fn press(self, text: &mut ScreenText, (key, label): (ChoiceKey, Pair)) {
        text.choices.push(Button::new(key, self.one(label)));
    }

    pub(super) fn say(self, text: &mut ScreenText, sentence: Pair) {
        text.body.push(self.one(sentence).to_owned());
    }
}
