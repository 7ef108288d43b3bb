//! The screens on which a person consents and chooses.

use super::two::{CANCEL, Pair, Two};
use super::{ChoiceKey, ScreenText};
use crate::eligibility::{ConsentKind, Lang};

const EITHER_WAY: Pair = (
    "見せなくても受診できます。",
    "You can see the doctor either way.",
);
const CHILD_EITHER_WAY: Pair = (
    "見せなくても受診できます。",
    "Your child can see the doctor either way.",
);

const fn either_way(guardian: bool) -> Pair {
    if guardian {
        CHILD_EITHER_WAY
    } else {
        EITHER_WAY
    }
}

pub(super) fn register(t: Two, guardian: bool) -> ScreenText {
    let title = if guardian {
        (
            "このカードを、お子さまの保険証として使えるようにしますか",
            "Use this card as your child's insurance card?",
        )
    } else {
        (
            "マイナンバーカードを保険証として使えるようにしますか",
            "Use your My Number card as your insurance card?",
        )
    };
    t.screen(
        title,
        &[(
            "初めてお使いの方は、ここで登録できます。登録は1回だけで、費用はかかりません。",
            "If this is the first time, you can register here. Once is enough, and it is free.",
        )],
        &[
            (ChoiceKey::Yes, ("登録する", "Register")),
            (ChoiceKey::No, ("登録しない", "Do not register")),
            CANCEL,
        ],
    )
}

pub(super) fn consents(t: Two, guardian: bool) -> ScreenText {
    let title = if guardian {
        (
            "お子さまの過去の医療情報を、この医療機関に見せてもよいですか",
            "May this clinic see your child's past medical information?",
        )
    } else {
        (
            "過去の医療情報を、この医療機関に見せてもよいですか",
            "May this clinic see your past medical information?",
        )
    };
    t.screen(
        title,
        &[
            (
                "手術・診療・お薬・健診の情報です。",
                "Surgery, treatment, medicines and check-ups.",
            ),
            either_way(guardian),
        ],
        &[
            (ChoiceKey::ConsentToAll, ("すべて同意する", "Yes to all")),
            (ChoiceKey::ConsentToNone, ("すべて同意しない", "No to all")),
            (ChoiceKey::ConsentOneByOne, ("1つずつ選ぶ", "One by one")),
            CANCEL,
        ],
    )
}

pub(super) fn consent(t: Two, kind: ConsentKind, guardian: bool) -> ScreenText {
    let mut text = t.screen(("", ""), &[either_way(guardian)], &yes_or_no());
    let (ja, en) = if guardian {
        ("お子さまの", "your child's")
    } else {
        ("", "your")
    };
    text.title = t.owned(
        format!("{ja}{}を見せてもよいですか", kind.name(Lang::Ja)),
        format!("May the clinic see {en} {}?", kind.name(Lang::En)),
    );
    text
}

pub(super) fn prescription(t: Two) -> ScreenText {
    t.screen(
        (
            "処方箋の受け取り方を選んでください",
            "How would you like the prescription?",
        ),
        &[
            (
                "お薬が出るときの、処方箋の形です。",
                "This is for when medicine is prescribed.",
            ),
            (
                "電子処方箋は、対応している薬局で使えます。",
                "An electronic prescription works at pharmacies that take them.",
            ),
        ],
        &[
            (ChoiceKey::Electronic, ("電子処方箋", "Electronic")),
            (ChoiceKey::Paper, ("紙の処方箋", "On paper")),
            CANCEL,
        ],
    )
}

pub(super) fn subsidies(t: Two, guardian: bool) -> ScreenText {
    let title = if guardian {
        (
            "お子さまの医療費助成の情報を、この医療機関に伝えてもよいですか",
            "May this clinic be told of help with your child's medical costs?",
        )
    } else {
        (
            "医療費助成の情報を、この医療機関に伝えてもよいですか",
            "May this clinic be told of help with your medical costs?",
        )
    };
    t.screen(
        title,
        &[
            (
                "自治体などの医療費助成を受けている方のための確認です。",
                "This is for people whose medical costs are subsidised (医療費助成).",
            ),
            (
                "伝えないときは、受給者証を受付でお見せください。",
                "If you say no, please show the subsidy certificate at the reception.",
            ),
        ],
        &yes_or_no(),
    )
}

const fn yes_or_no() -> [(ChoiceKey, Pair); 3] {
    [
        (ChoiceKey::Yes, ("同意する", "Yes")),
        (ChoiceKey::No, ("同意しない", "No")),
        CANCEL,
    ]
}
