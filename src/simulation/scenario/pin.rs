//! The PIN: known, forgotten, wrong, locked. And people who stop.

use super::{Case, Consenting, Interruption, case};
use crate::checkin::Method;
use crate::eligibility::Failure;

pub(super) const CASES: &[Case] = &[
    case(
        "guardian-types-the-pin",
        "in-order",
        "保護者がお子さまのカードの暗証番号を入力する",
        "A parent types the PIN of a child's card",
        |s| s.behaves(|b| b.guardian = true),
    ),
    case(
        "guardian-then-the-childs-face",
        "in-order",
        "保護者が暗証番号を知らず、お子さまの顔認証にする",
        "A parent doesn't know the PIN, and the child looks at the camera",
        |s| {
            s.by(&[Method::Pin, Method::Face])
                .types(&[])
                .behaves(|b| b.guardian = true)
        },
    ),
    case(
        "in-order",
        "in-order",
        "暗証番号が正しく、すべて正常",
        "The PIN is right and everything is in order",
        |s| s,
    ),
    case(
        "one-wrong-pin",
        "in-order",
        "暗証番号を一度まちがえ、次は正しい",
        "One wrong PIN, then the right one",
        |s| s.types(&["0000", "1234"]).presents(2),
    ),
    case(
        "two-wrong-pins-then-stops",
        "in-order",
        "二度まちがえ、最後の1回は使わない",
        "Two wrong PINs, then the person keeps the last try",
        |s| {
            s.types(&["0000", "4321"])
                .behaves(|b| b.uses_last_try = false)
                .ends(Failure::LastTryDeclined)
                .leaves(1)
                .presents(2)
        },
    ),
    case(
        "three-wrong-pins",
        "in-order",
        "最後の1回も同意のうえでまちがえ、ロックされる",
        "Three wrong PINs, the last one agreed to: the PIN is locked",
        |s| {
            s.types(&["0000", "4321", "1111"])
                .ends(Failure::PinLocked)
                .leaves(0)
                .presents(3)
        },
    ),
    case(
        "same-wrong-pin-again",
        "in-order",
        "同じ誤った番号を何度入力しても、カードへは一度しか送られない",
        "The same wrong PIN again and again: it reaches the card once",
        |s| {
            s.types(&["0000", "0000", "0000", "0000"])
                .ends(Failure::PinForgotten)
                .leaves(2)
        },
    ),
    case(
        "pin-forgotten",
        "in-order",
        "暗証番号を忘れている",
        "The person does not know the PIN",
        |s| s.types(&[]).ends(Failure::PinForgotten).presents(0),
    ),
    case(
        "pin-forgotten-then-face",
        "in-order",
        "暗証番号を忘れ、顔認証に切り替える",
        "The person does not know the PIN and uses the camera instead",
        |s| s.types(&[]).by(&[Method::Pin, Method::Face]),
    ),
    case(
        "last-try-refused",
        "pin-last-try",
        "残り1回のカードで、最後の1回を使わない",
        "One try is left, and the person does not use it",
        |s| {
            s.behaves(|b| b.uses_last_try = false)
                .ends(Failure::LastTryDeclined)
                .leaves(1)
                .presents(0)
        },
    ),
    case(
        "last-try-right",
        "pin-last-try",
        "残り1回で正しく入力し、回数が戻る",
        "One try is left, and it is the right PIN: all tries are back",
        |s| s,
    ),
    case(
        "last-try-wrong",
        "pin-last-try",
        "残り1回でまちがえ、ロックされる",
        "One try is left, and it is wrong: the PIN is locked",
        |s| s.types(&["0000"]).ends(Failure::PinLocked).leaves(0),
    ),
    case(
        "pin-locked",
        "pin-locked",
        "暗証番号がロック済みで、暗証番号しか選ばない",
        "The PIN is locked, and the person wants nothing else",
        |s| s.ends(Failure::PinLocked).leaves(0).presents(0),
    ),
    case(
        "pin-locked-pin-only-desk",
        "pin-locked",
        "暗証番号がロック済みで、ほかの方法がない窓口",
        "The PIN is locked, and the desk has no other way",
        |s| {
            s.desk(false, false)
                .ends(Failure::PinLocked)
                .leaves(0)
                .presents(0)
        },
    ),
    case(
        "pin-locked-then-face",
        "pin-locked",
        "暗証番号がロック済みで、顔認証を使う",
        "The PIN is locked, and the camera does instead",
        |s| s.by(&[Method::Pin, Method::Face]).leaves(0),
    ),
    case(
        "cancelled",
        "in-order",
        "暗証番号の画面で中止する",
        "The person cancels where the PIN is asked for",
        |s| {
            s.behaves(|b| b.interrupts = Some(("enter-pin", Interruption::Cancels)))
                .ends(Failure::Cancelled)
                .presents(0)
        },
    ),
    case(
        "walks-away",
        "in-order",
        "カードを置いたまま立ち去る",
        "The person walks away and leaves the card",
        |s| {
            s.behaves(|b| b.interrupts = Some(("enter-pin", Interruption::WalksAway)))
                .ends(Failure::PersonTimedOut)
                .presents(0)
        },
    ),
    case(
        "card-taken-at-the-pin",
        "in-order",
        "暗証番号の画面でカードを取る",
        "The card is taken where the PIN is asked for",
        |s| {
            s.behaves(|b| b.interrupts = Some(("enter-pin", Interruption::TakesCard)))
                .ends(Failure::CardRemoved)
                .presents(0)
        },
    ),
    case(
        "card-taken-at-the-consents",
        "in-order",
        "同意の画面でカードを取る",
        "The card is taken where consents are asked for",
        |s| {
            s.behaves(|b| b.interrupts = Some(("consents", Interruption::TakesCard)))
                .ends(Failure::CardRemoved)
        },
    ),
    case(
        "no-consent",
        "in-order",
        "資格確認だけ行い、情報の閲覧にはすべて同意しない",
        "Insurance only: the person agrees to nothing else",
        |s| s.behaves(|b| b.consents = Consenting::ToNone),
    ),
    case(
        "consents-one-by-one",
        "in-order",
        "閲覧の同意を一つずつ選ぶ",
        "The consents are given one by one",
        |s| s.behaves(|b| b.consents = Consenting::OneByOne),
    ),
];
