//! The screens on which a phone is used in place of the card.

use super::two::{CANCEL, Pair, Two};
use super::{ChoiceKey, ScreenText};
use crate::checkin::{PhoneKind, TapAgain};

pub(super) const PHONE: (ChoiceKey, Pair) = (ChoiceKey::Phone, ("スマートフォン", "Phone"));

/// What "another way" is with a phone.
pub(super) const CARD: (ChoiceKey, Pair) = (
    ChoiceKey::OtherMethod,
    ("カードを使う", "Use the card instead"),
);

const LEAVE_PHONE: Pair = (
    "読み取りが終わるまで、動かさないでください。",
    "Please hold it still until it has been read.",
);

pub(super) fn choose_phone(t: Two, iphone: bool) -> ScreenText {
    let mut text = t.screen(
        (
            "スマートフォンの種類を選んでください",
            "Which phone do you have?",
        ),
        &[(
            "マイナンバーカードの機能を入れたスマートフォンを使えます。",
            "Your My Number card must have been added to it.",
        )],
        &[(ChoiceKey::Android, ("Android", "Android"))],
    );
    if iphone {
        t.press(&mut text, (ChoiceKey::Iphone, ("iPhone", "iPhone")));
    } else {
        t.say(
            &mut text,
            (
                "こちらでは、iPhoneは使えません。カードを使ってください。",
                "iPhones cannot be used here. Please use your card.",
            ),
        );
    }
    t.press(&mut text, CARD);
    t.press(&mut text, CANCEL);
    text
}

pub(super) fn tap_phone(t: Two, kind: PhoneKind, again: Option<TapAgain>) -> ScreenText {
    let title = match kind {
        PhoneKind::Android => (
            "スマートフォンを、専用のリーダーにかざしてください",
            "Hold your phone to the phone reader",
        ),
        PhoneKind::Iphone => (
            "iPhoneで本人確認をしてから、専用のリーダーにかざしてください",
            "Confirm on your iPhone that it is you, then hold it to the phone reader",
        ),
    };
    let mut text = t.screen(title, &[], &[CARD, CANCEL]);
    if let Some(again) = again {
        t.say(&mut text, once_more(kind, again));
    }
    t.say(&mut text, LEAVE_PHONE);
    t.say(
        &mut text,
        (
            "すでに置いているときは、一度はなしてから、かざしてください。",
            "If it is lying there already, please lift it and hold it there again.",
        ),
    );
    text
}

const fn once_more(kind: PhoneKind, again: TapAgain) -> Pair {
    match (again, kind) {
        (TapAgain::Moved, _) => (
            "読み取りの途中で、はなれました。もう一度かざしてください。",
            "It moved away before it was read. Please hold it there once more.",
        ),
        (TapAgain::OtherKind, PhoneKind::Android) => (
            "iPhoneのようです。「カードを使う」を押してはじめに戻ると、選び直せます。",
            "That looks like an iPhone. Press \"Use the card instead\" to go back and choose again.",
        ),
        (TapAgain::OtherKind, PhoneKind::Iphone) => (
            "Androidのようです。「カードを使う」を押してはじめに戻ると、選び直せます。",
            "That looks like an Android phone. Press \"Use the card instead\" to go back and choose again.",
        ),
        (TapAgain::NotAPhone, _) => (
            "マイナンバーカードの機能を読み取れませんでした。カードは、カード用のリーダーに置いてください。",
            "No My Number card was found on it. A plastic card goes on the card reader.",
        ),
        (TapAgain::NotIdentified, _) => (
            "スマートフォンでの本人確認が、まだできていません。",
            "Your phone has not confirmed yet that it is you.",
        ),
    }
}

pub(super) fn reading_phone(t: Two) -> ScreenText {
    t.screen(
        ("スマートフォンを読み取っています", "Reading your phone"),
        &[LEAVE_PHONE],
        &[],
    )
}
