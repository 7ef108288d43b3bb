//! The words of the screens, in both languages: short sentences, no blame, what
//! to do first.

use crate::eligibility::{Coverage, Lang};
use crate::japan::japan_date;
use crate::trust::Standing;

use super::{NotAccepted, Question, Screen};

mod button;
mod choosing;
mod face;
mod identify;
mod phone;
mod two;

pub use button::{Button, ChoiceKey};
use two::{CANCEL, FINISH, Two};

/// A screen in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ScreenText {
    /// One line, large.
    pub title: String,
    /// Below it: sentences, one a line.
    pub body: Vec<String>,
    /// What can be pressed, in order.
    pub choices: Vec<Button>,
}

impl Screen {
    /// The words of this screen. Nothing in them is personal but the name and the
    /// centre's notice on [`Screen::Accepted`], and the day on
    /// [`Screen::CertificateNotice`]: certificates end on a birthday of their holder.
    ///
    /// ```
    /// use uketsuke::checkin::Screen;
    /// use uketsuke::eligibility::Lang;
    /// let text = Screen::PlaceCard { phone: false }.text(Lang::En);
    /// assert_eq!(text.title, "Place your My Number card on the reader");
    /// ```
    #[must_use]
    pub fn text(&self, lang: Lang) -> ScreenText {
        let t = Two { lang };
        match self {
            Self::PlaceCard { phone } => place_card(t, *phone),
            Self::ReadingCard { .. } => t.screen(
                ("カードを読み取っています", "Reading your card"),
                &[LEAVE_CARD],
                &[],
            ),
            Self::ChoosePhone { iphone } => phone::choose_phone(t, *iphone),
            Self::TapPhone { kind, again } => phone::tap_phone(t, *kind, *again),
            Self::ReadingPhone { .. } => phone::reading_phone(t),
            Self::ChooseMethod {
                face,
                face_paused,
                pin_tries_left,
                staff,
                guardian,
            } => {
                let mut text =
                    identify::choose_method(t, *face, *pin_tries_left, *staff, *guardian);
                if let (Some(paused), false) = (face_paused, *guardian) {
                    text.body.push(face::paused(t, *paused));
                }
                text
            }
            Self::LastTry {
                wrong,
                other_ways,
                guardian,
                phone,
            } => identify::last_try(
                t,
                *wrong,
                identify::Whose::of(*guardian, *phone),
                *other_ways,
            ),
            Self::EnterPin {
                tries_left,
                wrong,
                same_again,
                again,
                other_ways,
                guardian,
                phone,
            } => identify::enter_pin(
                t,
                identify::Pin {
                    tries_left: *tries_left,
                    wrong: *wrong,
                    same_again: *same_again,
                    unread: again.is_some(),
                    other_ways: *other_ways,
                    whose: identify::Whose::of(*guardian, *phone),
                },
            ),
            Self::CheckingPin => t.screen(
                ("暗証番号を確認しています", "Checking your PIN"),
                &[LEAVE_CARD],
                &[],
            ),
            Self::LookAtCamera { attempt, of } => face::look_at_camera(t, *attempt, *of),
            Self::CardFaceUnreadable {
                why,
                again,
                pin,
                staff,
            } => face::card_face(t, *why, *again, (*pin, *staff)),
            Self::FaceFailed {
                why,
                attempts_left,
                pin,
                staff,
            } => face::face_failed(t, *why, *attempts_left, (*pin, *staff)),
            Self::StaffCheck {
                attempts_left,
                wrong,
                guardian,
            } => identify::staff_check(t, *attempts_left, *wrong, *guardian),
            Self::CertificateNotice { standing, phone } => notice(t, *standing, *phone),
            Self::Asking { question, phone } => t.screen(
                match question {
                    Question::Status => ("確認しています", "Checking"),
                    Question::Registration => {
                        ("保険証として登録しています", "Registering your card")
                    }
                    Question::Prescription => (
                        "処方箋の希望を伝えています",
                        "Sending your choice of prescription",
                    ),
                    Question::Subsidies => (
                        "医療費助成について伝えています",
                        "Sending your answer about subsidies",
                    ),
                    Question::Result => ("保険の情報を確認しています", "Checking your insurance"),
                },
                &[if *phone {
                    (
                        "しばらくお待ちください。スマートフォンは、はなして大丈夫です。",
                        "One moment, please. You can take your phone away now.",
                    )
                } else {
                    (
                        "しばらくお待ちください。カードはそのままにしてください。",
                        "One moment, please. Please leave the card where it is.",
                    )
                }],
                &[CANCEL],
            ),
            Self::Register { guardian } => choosing::register(t, *guardian),
            Self::Consents { guardian } => choosing::consents(t, *guardian),
            Self::Consent { kind, guardian } => choosing::consent(t, *kind, *guardian),
            Self::Prescription => choosing::prescription(t),
            Self::Subsidies { guardian } => choosing::subsidies(t, *guardian),
            Self::Accepted { coverage } => accepted(t, coverage),
            Self::NotAccepted(refusal) => not_accepted(t, refusal),
            Self::TakeCard { alarm: false } => t.screen(
                ("カードをお取りください", "Please take your card"),
                &[(
                    "お忘れにならないようご注意ください。",
                    "Please do not leave it behind.",
                )],
                &[],
            ),
            Self::TakeCard { alarm: true } => t.screen(
                ("カードが残っています", "Your card is still here"),
                &[("カードをお取りください。", "Please take your card.")],
                &[],
            ),
        }
    }
}

const LEAVE_CARD: two::Pair = (
    "カードを動かさないでください。",
    "Please leave the card where it is.",
);

fn place_card(t: Two, phone: bool) -> ScreenText {
    let mut text = t.screen(
        (
            "マイナンバーカードを置いてください",
            "Place your My Number card on the reader",
        ),
        &[(
            "カードケースから出して、顔写真が見える向きに置いてください。",
            "Please take it out of its sleeve, and place it with the photo facing up.",
        )],
        &[],
    );
    if phone {
        t.press(&mut text, phone::PHONE);
    }
    t.press(&mut text, CANCEL);
    text
}

fn notice(t: Two, standing: Standing, phone: bool) -> ScreenText {
    let last_day = |end| t.lang.date(japan_date(end));
    let mut text = t.screen(
        ("お知らせ", "Notice"),
        &[],
        &[(ChoiceKey::Yes, ("次に進む", "Go on")), CANCEL],
    );
    match standing {
        Standing::Expiring { not_after } => {
            let day = last_day(not_after);
            let (ja, en) = if phone {
                ("スマートフォン", "phone")
            } else {
                ("カード", "card")
            };
            text.body.push(t.owned(
                format!("{ja}の電子証明書の有効期限は、{day}です。"),
                format!("The certificate on the {en} ends on {day}."),
            ));
        }
        Standing::Grace { until } => {
            let day = last_day(until);
            text.body.push(t.owned(
                format!(
                    "カードの電子証明書の期限が切れています。{day}までは、保険の資格の確認だけができます。"
                ),
                format!(
                    "The certificate on the card has expired. Until {day} it still confirms your insurance, and nothing else."
                ),
            ));
        }
        Standing::InForce => return text,
    }
    t.say(
        &mut text,
        if phone {
            // Where is not said: it was not looked up.
            ("お早めに更新してください。", "Please renew it soon.")
        } else {
            (
                "お早めに、市区町村の窓口で更新してください。",
                "Please renew it soon at your municipal office.",
            )
        },
    );
    text
}

fn accepted(t: Two, coverage: &Coverage) -> ScreenText {
    let name = coverage.name.reveal();
    let mut text = t.screen(("受付できました", "You are checked in"), &[], &[FINISH]);
    text.body
        .push(t.owned(format!("{name} さん"), name.to_owned()));
    if coverage.eligibility_only {
        t.say(
            &mut text,
            (
                "電子証明書の期限が切れているため、保険の資格だけを確認しました。",
                "Your certificate has expired, so only your insurance was confirmed.",
            ),
        );
    }
    text.body.extend(coverage.notice.clone());
    text
}

/// The best three ways on, then the reception; all of them, and how sure the
/// rules are, is in the outcome for the receptionist.
fn not_accepted(t: Two, refusal: &NotAccepted) -> ScreenText {
    let mut text = t.screen(("", ""), &[], &[FINISH]);
    text.title = refusal.failure.cause(t.lang).to_owned();
    let lines = refusal.advice.for_person(t.lang);
    let ways = lines.len().saturating_sub(1);
    text.body = (1..)
        .zip(lines)
        .map(|(number, line)| {
            if number <= ways {
                format!("{number}. {line}")
            } else {
                line.to_owned()
            }
        })
        .collect();
    text
}
