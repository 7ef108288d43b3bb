//! The screens of the face check (顔認証). Whoever is turned away by a camera has
//! done nothing wrong, and most need one hint; so each reason says what to do, and
//! none says what somebody may have tried.

use super::two::{CANCEL, PIN, Pair, STAFF, Two};
use super::{ChoiceKey, ScreenText};
use crate::checkin::{CardFaceTrouble, FacePaused};
use crate::face::InconclusiveReason;
use crate::japan::JAPAN;

const AGAIN: (ChoiceKey, Pair) = (ChoiceKey::Yes, ("もう一度", "Try again"));

const ASK_STAFF: Pair = (
    "受付の職員にお声がけください。",
    "Please speak to the reception staff.",
);

pub(super) fn look_at_camera(t: Two, attempt: u8, of: u8) -> ScreenText {
    let mut text = t.screen(
        ("カメラを見てください", "Please look at the camera"),
        &[(
            "帽子やサングラスは、外せるときは外してください。",
            "Please take off a hat or sunglasses if you can.",
        )],
        &[CANCEL],
    );
    text.body.push(t.owned(
        format!("{of}回のうち{attempt}回目です。"),
        format!("Attempt {attempt} of {of}."),
    ));
    text
}

/// Beside the methods that are offered.
pub(super) fn paused(t: Two, paused: FacePaused) -> String {
    match paused {
        FacePaused::Until(until) => {
            // A minute that has begun is said as the next one: nobody comes too early.
            let whole = jiff::SignedDuration::from_secs(59);
            let until = JAPAN.to_datetime(until.checked_add(whole).unwrap_or(until));
            let (hour, minute) = (until.hour(), until.minute());
            t.owned(
                format!(
                    "このカードの顔認証は、いまは使えません。{hour}時{minute:02}分から、また使えます。いまは、ほかの方法をお選びください。"
                ),
                format!(
                    "The face check cannot be used with this card until {hour}:{minute:02}. Please choose one of the ways below for now."
                ),
            )
        }
        FacePaused::UsedUp => t
            .one((
                "このカードの顔認証は、いまは使えません。いまは、ほかの方法をお選びください。暗証番号で受付すると、また使えるようになります。",
                "The face check cannot be used with this card for now. Please choose one of the ways below. It can be used again after you check in with the PIN.",
            ))
            .to_owned(),
    }
}

pub(super) fn card_face(
    t: Two,
    why: CardFaceTrouble,
    again: bool,
    (pin, staff): (bool, bool),
) -> ScreenText {
    let (title, body) = card_face_words(why, again);
    let mut text = t.screen(title, body, &[]);
    ways_on(t, &mut text, again, (pin, staff));
    text
}

fn card_face_words(why: CardFaceTrouble, again: bool) -> (Pair, &'static [Pair]) {
    match why {
        CardFaceTrouble::NotRead => (
            (
                "カードの文字を読み取れませんでした",
                "The print on your card could not be read",
            ),
            if again {
                &[
                    // Whoever lifts the card ends the visit.
                    (
                        "カードは置いたまま、上に物がないか、光が反射していないかをご確認ください。",
                        "Please leave the card where it is, and see that nothing covers it and no light is reflected.",
                    ),
                    (
                        "カードケースに入っているときは、いったん「中止する」を押し、ケースから出して始めからお願いします。",
                        "If it is in a sleeve, please press Cancel, take it out, and begin again.",
                    ),
                ]
            } else {
                &[NOT_TODAY]
            },
        ),
        CardFaceTrouble::Refused => (
            (
                "カードの番号を、正しく読み取れませんでした",
                "The number on your card was not read correctly",
            ),
            &[NOT_TODAY, NOT_YOU],
        ),
        CardFaceTrouble::Kept => (
            (
                "このカードでは、いま顔認証を使えません",
                "The face check cannot be used with this card right now",
            ),
            &[
                (
                    "番号の読み取りに使える残りの回数が少ないため、使わずに残しておきます。",
                    "Only a few tries to read its number are left, so we keep them for you.",
                ),
                (
                    "回数は、市区町村の窓口で元に戻せます。",
                    "Your municipal office can set them back.",
                ),
            ],
        ),
        CardFaceTrouble::NotProved => (
            (
                "カードの顔写真を、機械では確認できませんでした",
                "The photo on your card could not be checked by the machine",
            ),
            &[
                NOT_YOU,
                (
                    // Whoever lifts the card ends the visit.
                    "カードは置いたままにしてください。職員がカードを拝見します。",
                    "Please leave the card where it is. The reception staff will look at it.",
                ),
            ],
        ),
    }
}

const NOT_TODAY: Pair = (
    "今回は、顔認証を使えません。",
    "The face check cannot be used this time.",
);
const NOT_YOU: Pair = (
    "操作のせいではありません。",
    "This is not because of anything you did.",
);

pub(super) fn face_failed(
    t: Two,
    why: Option<InconclusiveReason>,
    attempts_left: u8,
    (pin, staff): (bool, bool),
) -> ScreenText {
    // A hint for the next attempt is no use where there is none.
    let (title, hint) = match why {
        Some(why) if attempts_left > 0 => reason(why),
        _ => NOT_RECOGNISED,
    };
    let mut text = t.screen(title, &[hint], &[]);
    ways_on(t, &mut text, attempts_left > 0, (pin, staff));
    text
}

const NOT_RECOGNISED: (Pair, Pair) = (
    (
        "お顔を確認できませんでした",
        "We could not recognise your face",
    ),
    (
        "めがね・マスク・照明の影響で、うまくいかないことがあります。",
        "Glasses, a mask or the light can be the reason.",
    ),
);

/// Title, and what to do.
const fn reason(why: InconclusiveReason) -> (Pair, Pair) {
    use InconclusiveReason as Why;
    match why {
        Why::NoFace => (
            (
                "お顔がカメラに写りませんでした",
                "The camera could not see your face",
            ),
            (
                "カメラの正面で、少しのあいだカメラを見てください。",
                "Please come in front of the camera and look at it for a moment.",
            ),
        ),
        Why::SeveralFaces => (
            (
                "ほかの方も写っているようです",
                "Somebody else seems to be in the picture",
            ),
            (
                "おひとりで写るように、ほかの方は少し離れてください。",
                "Please let only one person be seen; others may stand aside for a moment.",
            ),
        ),
        Why::TooDark => (
            ("少し暗いようです", "It is a little dark"),
            (
                "お顔に光が当たるように、少し動いてください。帽子は、外せるときは外してください。",
                "Please move a little so that light falls on your face, and take off a hat if you can.",
            ),
        ),
        Why::TooBright => (
            ("少しまぶしいようです", "It is a little bright"),
            (
                "強い光や窓を避けて、少し動いてください。",
                "Please move a little, away from a strong light or a window.",
            ),
        ),
        Why::Blurred => (
            ("少しぶれてしまいました", "The picture was a little blurred"),
            (
                "少しのあいだ、動かずにカメラを見てください。",
                "Please hold still for a moment and look at the camera.",
            ),
        ),
        Why::TooFar => (
            ("少し遠いようです", "You are a little far away"),
            (
                "もう少しカメラに近づいてください。",
                "Please come a little closer to the camera.",
            ),
        ),
        Why::TooClose => (
            ("少し近いようです", "You are a little close"),
            (
                "もう少しカメラから離れてください。",
                "Please move a little away from the camera.",
            ),
        ),
        Why::NotCentred => (
            (
                "お顔が画面の端に写っていました",
                "Your face was at the edge of the picture",
            ),
            (
                "お顔が真ん中に写るように、少し動いてください。",
                "Please move so that your face is in the middle.",
            ),
        ),
        Why::TurnedAway => (
            (
                "お顔が横を向いているようです",
                "Your face was turned a little",
            ),
            (
                "お顔をまっすぐカメラに向けてください。",
                "Please face the camera straight on.",
            ),
        ),
        Why::Covered => (
            (
                "お顔の一部が隠れているようです",
                "Part of your face was covered",
            ),
            (
                "マスクやサングラスは、外せるときは外してください。お顔にかかる髪をよけてください。",
                "Please take off a mask or sunglasses if you can, and keep hair off your face.",
            ),
        ),
        Why::PresentationAttack | Why::PadInconclusive => (
            (
                "カメラでうまく確認できませんでした",
                "The camera could not see you well enough",
            ),
            (
                "光の反射や、近くの画面・写真の影響のことがあります。カメラを直接見てください。",
                "Reflections, or a screen or picture nearby, can be the reason. Please look straight at the camera.",
            ),
        ),
        _ => (
            (
                "お顔がはっきり写りませんでした",
                "Your face was not quite clear in the picture",
            ),
            (
                "明るいところで、動かずにカメラを見てください。",
                "Please look at the camera in good light, and hold still.",
            ),
        ),
    }
}

fn ways_on(t: Two, text: &mut ScreenText, again: bool, (pin, staff): (bool, bool)) {
    if pin || staff {
        t.say(
            text,
            (
                "別の方法でも受付できます。",
                "Other ways work just as well.",
            ),
        );
    } else if !again {
        t.say(text, ASK_STAFF);
    }
    if again {
        t.press(text, AGAIN);
    }
    if pin {
        t.press(text, PIN);
    }
    if staff {
        t.press(text, STAFF);
    }
    t.press(text, CANCEL);
}
