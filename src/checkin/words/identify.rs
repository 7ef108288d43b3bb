//! The screens on which a person is identified.

use super::phone::CARD;
use super::two::{CANCEL, FACE, GUARDIAN, HOLDER, OTHER_METHOD, PIN, PIN_FORGOTTEN, STAFF, Two};
use super::{ChoiceKey, ScreenText};

const NOT_RIGHT: (&str, &str) = ("暗証番号がちがいます。", "That PIN was not right.");
const CHILDS_PIN: (&str, &str) = (
    "お子さまのカードの暗証番号です。",
    "This is the PIN of your child's card.",
);

/// Many take it for the code that unlocks the screen.
const PHONES_PIN: (&str, &str) = (
    "カードの機能をスマートフォンに入れたときに決めた番号です。画面を開くための番号ではありません。",
    "It is the one you chose when you added the card to it, not the one that unlocks the screen.",
);

/// Whose PIN it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Card,
    /// Their child's card.
    Child,
    /// Of the phone, which has one of its own.
    Phone,
}

impl Whose {
    pub(super) const fn of(guardian: bool, phone: bool) -> Self {
        match (phone, guardian) {
            (true, _) => Self::Phone,
            (false, true) => Self::Child,
            (false, false) => Self::Card,
        }
    }

    /// What another way is called.
    const fn another(self) -> (ChoiceKey, super::two::Pair) {
        match self {
            Self::Phone => CARD,
            Self::Card | Self::Child => OTHER_METHOD,
        }
    }
}

/// What the screen for the PIN says.
pub(super) struct Pin {
    pub(super) tries_left: Option<u8>,
    pub(super) wrong: bool,
    pub(super) same_again: bool,
    /// The phone wasn't read.
    pub(super) unread: bool,
    pub(super) other_ways: bool,
    pub(super) whose: Whose,
}

pub(super) fn choose_method(
    t: Two,
    face: bool,
    pin_tries_left: Option<u8>,
    staff: bool,
    guardian: bool,
) -> ScreenText {
    let title = if guardian {
        (
            "お子さまの本人確認の方法を選んでください",
            "How should your child be identified?",
        )
    } else {
        (
            "本人確認の方法を選んでください",
            "How would you like to be identified?",
        )
    };
    let mut text = t.screen(title, &[], &[]);
    if face {
        t.press(&mut text, FACE);
    }
    if let Some(tries) = pin_tries_left {
        t.press(&mut text, PIN);
        t.press(&mut text, PIN_FORGOTTEN);
        if tries < 3 {
            text.body.push(t.owned(
                format!("暗証番号は、あと{tries}回入力できます。"),
                format!("You have {} for the PIN.", tries_left_en(tries)),
            ));
        }
    } else {
        // Locked, or never set: from outside they look the same.
        t.say(
            &mut text,
            (
                "このカードでは、いま暗証番号を使えません。",
                "The PIN of this card cannot be used right now.",
            ),
        );
    }
    if staff {
        t.press(&mut text, STAFF);
    }
    if guardian {
        t.press(&mut text, HOLDER);
    } else if staff || pin_tries_left.is_some() {
        t.press(&mut text, GUARDIAN);
    }
    t.press(&mut text, CANCEL);
    text
}

pub(super) fn last_try(t: Two, wrong: bool, whose: Whose, other_ways: bool) -> ScreenText {
    let mut text = t.screen(
        (
            "暗証番号を入力できるのは、あと1回です",
            "You can enter the PIN only once more",
        ),
        &[],
        &[(ChoiceKey::Yes, ("入力する", "Enter the PIN"))],
    );
    if wrong {
        t.say(&mut text, NOT_RIGHT);
    }
    match whose {
        Whose::Card => {}
        Whose::Child => t.say(&mut text, CHILDS_PIN),
        Whose::Phone => t.say(&mut text, PHONES_PIN),
    }
    t.say(
        &mut text,
        if whose == Whose::Phone {
            (
                "ちがう番号を入力すると、この暗証番号は使えなくなります。カードでの受付は、そのあともできます。",
                "If the number you enter is not the right one, this PIN stops working. You can still check in with your card.",
            )
        } else {
            (
                "ちがう番号を入力すると、暗証番号は使えなくなり、市区町村の窓口での再設定が必要になります。",
                "If the number you enter is not the right one, the PIN stops working and must be reset at your municipal office.",
            )
        },
    );
    t.say(
        &mut text,
        (
            "自信がないときは、入力しなくても大丈夫です。",
            "If you are not sure, you do not have to enter it.",
        ),
    );
    t.press(
        &mut text,
        if other_ways {
            whose.another()
        } else {
            (ChoiceKey::No, ("入力しない", "Do not enter it"))
        },
    );
    t.press(&mut text, CANCEL);
    text
}

pub(super) fn enter_pin(t: Two, pin: Pin) -> ScreenText {
    let Pin {
        tries_left,
        wrong,
        same_again,
        unread,
        other_ways,
        whose,
    } = pin;
    let title = match whose {
        Whose::Child => (
            "お子さまのカードの、4桁の暗証番号を入力してください",
            "Enter the 4-digit PIN of your child's card",
        ),
        Whose::Card => ("4桁の暗証番号を入力してください", "Enter your 4-digit PIN"),
        Whose::Phone => (
            "スマートフォンのマイナンバーカードの、4桁の暗証番号を入力してください",
            "Enter the 4-digit PIN of the My Number card on your phone",
        ),
    };
    let mut text = t.screen(
        title,
        &[],
        &[(ChoiceKey::EnterPin, ("入力する", "OK")), PIN_FORGOTTEN],
    );
    if other_ways {
        t.press(&mut text, whose.another());
    }
    t.press(&mut text, CANCEL);
    if wrong {
        t.say(&mut text, NOT_RIGHT);
    }
    if same_again {
        t.say(
            &mut text,
            if whose == Whose::Phone {
                (
                    "先ほどと同じ番号です。送らなかったので、残りの回数は減っていません。",
                    "That is the same number as before. It was not sent, so no try was used.",
                )
            } else {
                (
                    "先ほどと同じ番号です。カードには送らなかったので、残りの回数は減っていません。",
                    "That is the same number as before. It was not sent to the card, so no try was used.",
                )
            },
        );
    }
    if unread {
        t.say(
            &mut text,
            (
                "スマートフォンを読み取れませんでした。もう一度、番号の入力からお願いします。",
                "The phone could not be read. Please enter the PIN once more.",
            ),
        );
    }
    if whose == Whose::Phone {
        t.say(&mut text, PHONES_PIN);
    }
    if let Some(tries_left) = tries_left {
        text.body.push(t.owned(
            format!("あと{tries_left}回入力できます。"),
            format!("You have {}.", tries_left_en(tries_left)),
        ));
    }
    text
}

pub(super) fn staff_check(t: Two, attempts_left: u8, wrong: bool, guardian: bool) -> ScreenText {
    let mut text = t.screen(
        ("職員が確認します", "A member of staff will check"),
        &[],
        &[
            (
                ChoiceKey::StaffConfirms,
                ("職員: 確認しました", "Staff: confirmed"),
            ),
            (
                ChoiceKey::No,
                ("職員: 一致しません", "Staff: not the same person"),
            ),
            OTHER_METHOD,
            CANCEL,
        ],
    );
    if wrong {
        text.body.push(t.owned(
            format!("パスコードがちがいます。あと{attempts_left}回入力できます。"),
            format!(
                "That passcode was not right. You have {}.",
                tries_left_en(attempts_left)
            ),
        ));
    }
    t.say(
        &mut text,
        if guardian {
            (
                "職員が、お子さまのお顔とカードの写真を見くらべます。少しお待ちください。",
                "Staff will compare your child with the photo on the card. Please wait a moment.",
            )
        } else {
            (
                "職員が、お顔とカードの写真を見くらべます。少しお待ちください。",
                "Staff will compare you with the photo on the card. Please wait a moment.",
            )
        },
    );
    text
}

fn tries_left_en(count: u8) -> String {
    if count == 1 {
        "1 try left".to_owned()
    } else {
        format!("{count} tries left")
    }
}
