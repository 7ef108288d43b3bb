//! The words of the screens, in both languages: short sentences, no blame, what
//! to do first.

use crate::eligibility::Lang;
use crate::trust::Standing;

use super::{NotAccepted, Question, Screen};

/// Lines of advice on the person's screen.
const ADVICE_LINES: usize = 4;

/// A screen in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScreenText {
    /// One line, large.
    pub title: String,
    /// Below it: sentences, one a line.
    pub body: Vec<String>,
    /// What can be pressed, in order.
    pub choices: Vec<&'static str>,
}

impl Screen {
    /// The words of this screen. Nothing in them is personal but the name on
    /// [`Screen::Accepted`].
    ///
    /// ```
    /// use uketsuke::checkin::Screen;
    /// use uketsuke::eligibility::Lang;
    /// assert_eq!(Screen::PlaceCard.text(Lang::En).title, "Place your My Number card on the reader");
    /// ```
    #[must_use]
    pub fn text(&self, lang: Lang) -> ScreenText {
        let t = Two { lang };
        match self {
            Self::PlaceCard => t.screen(
                ("マイナンバーカードを置いてください", "Place your My Number card on the reader"),
                &[("カードケースから出して、顔写真が見える向きに置いてください。", "Take it out of its sleeve, with the photo facing up.")],
                &[("中止する", "Cancel")],
            ),
            Self::ReadingCard { .. } => t.screen(
                ("カードを読み取っています", "Reading your card"),
                &[("カードを動かさないでください。", "Please leave the card where it is.")],
                &[],
            ),
            Self::ChooseMethod { face, pin_tries_left, staff } => choose_method(t, *face, *pin_tries_left, *staff),
            Self::LastTry => t.screen(
                ("暗証番号を入力できるのは、あと1回です", "You can enter the PIN only once more"),
                &[
                    ("もう一度まちがえると暗証番号がロックされ、市区町村の窓口での再設定が必要になります。",
                     "If it is wrong once more, the PIN is locked and must be reset at your municipal office."),
                    ("自信がないときは、入力しなくても大丈夫です。", "If you are not sure, you do not have to enter it."),
                ],
                &[("入力する", "Enter the PIN"), ("別の方法にする", "Use another way"), ("中止する", "Cancel")],
            ),
            Self::EnterPin { tries_left, wrong, same_again } => enter_pin(t, *tries_left, *wrong, *same_again),
            Self::LookAtCamera { attempt, of } => {
                let mut text = t.screen(
                    ("カメラを見てください", "Please look at the camera"),
                    &[("帽子やサングラスは外してください。", "Please take off hats and sunglasses.")],
                    &[],
                );
                text.body.push(t.owned(format!("{of}回のうち{attempt}回目です。"), format!("Attempt {attempt} of {of}.")));
                text
            }
            Self::FaceFailed { attempts_left, pin, staff } => face_failed(t, *attempts_left, *pin, *staff),
            Self::StaffCheck { attempts_left, wrong } => {
                let mut text = t.screen(
                    ("職員が確認します", "A member of staff will check"),
                    &[("職員が、お顔とカードの写真を見くらべます。少しお待ちください。",
                       "Staff will compare you with the photo on the card. Please wait a moment.")],
                    &[("職員: 確認しました", "Staff: confirmed"), ("別の方法にする", "Use another way"), ("中止する", "Cancel")],
                );
                if *wrong {
                    text.body.insert(0, t.owned(
                        format!("パスコードがちがいます。あと{attempts_left}回入力できます。"),
                        format!("That passcode is not right. {attempts_left} left."),
                    ));
                }
                text
            }
            Self::CertificateNotice { standing } => notice(t, *standing),
            Self::Asking { question } => t.screen(
                match question {
                    Question::Status => ("確認しています", "Checking"),
                    Question::Registration => ("保険証として登録しています", "Registering your card"),
                    Question::Result => ("保険の情報を確認しています", "Checking your insurance"),
                },
                &[("しばらくお待ちください。カードはそのままにしてください。", "One moment please. Leave the card where it is.")],
                &[("中止する", "Cancel")],
            ),
            Self::Register => t.screen(
                ("このカードを保険証として使えるようにしますか", "Use this card as your insurance card?"),
                &[
                    ("初めてお使いの方は、ここで登録できます。登録は1回だけで、費用はかかりません。",
                     "If this is your first time, you can register here. Once is enough, and it is free."),
                ],
                &[("登録する", "Register"), ("登録しない", "Do not register")],
            ),
            Self::Consents => t.screen(
                ("過去の医療情報を、この医療機関に見せてもよいですか", "May this clinic see your past medical information?"),
                &[("手術・診療・お薬・健診の情報です。見せなくても受診できます。",
                   "Surgery, treatment, medicines and check-ups. You are seen either way.")],
                &[("すべて同意する", "Yes to all"), ("すべて同意しない", "No to all"), ("1つずつ選ぶ", "One by one")],
            ),
            Self::Consent { kind } => {
                let (ja, en) = (kind.name(Lang::Ja), kind.name(Lang::En));
                ScreenText {
                    title: t.owned(format!("{ja}を見せてもよいですか"), format!("May the clinic see your {en}?")),
                    body: vec![t.one(("見せなくても受診できます。", "You are seen either way.")).to_owned()],
                    choices: vec![t.one(("同意する", "Yes")), t.one(("同意しない", "No"))],
                }
            }
            Self::Accepted { coverage } => {
                let name = coverage.name.reveal();
                let mut text = t.screen(("受付できました", "You are checked in"), &[], &[("終わる", "Finish")]);
                text.body.push(t.owned(format!("{name} さん"), name.to_owned()));
                if coverage.eligibility_only {
                    text.body.push(t.one((
                        "電子証明書の期限が切れているため、保険の資格だけを確認しました。",
                        "Your certificate has expired, so only your insurance was confirmed.",
                    )).to_owned());
                }
                text.body.extend(coverage.notice.clone());
                text
            }
            Self::NotAccepted(refusal) => not_accepted(t, refusal),
            Self::TakeCard { alarm: false } => t.screen(
                ("カードをお取りください", "Please take your card"),
                &[("お忘れにならないようご注意ください。", "Please do not leave it behind.")],
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

fn choose_method(t: Two, face: bool, pin_tries_left: Option<u8>, staff: bool) -> ScreenText {
    let mut text = t.screen(
        (
            "本人確認の方法を選んでください",
            "How would you like to be identified?",
        ),
        &[],
        &[],
    );
    if face {
        text.choices.push(t.one(("顔認証", "Face")));
    }
    if let Some(tries) = pin_tries_left {
        text.choices
            .push(t.one(("暗証番号（4桁）", "PIN (4 digits)")));
        text.choices
            .push(t.one(("暗証番号がわからない", "I do not know my PIN")));
        if tries < 3 {
            text.body.push(t.owned(
                format!("暗証番号は、あと{tries}回入力できます。"),
                format!("The PIN can be entered {} more.", times(tries)),
            ));
        }
    } else {
        text.body.push(
            t.one((
                "暗証番号はロックされているため使えません。",
                "The PIN is locked and cannot be used.",
            ))
            .to_owned(),
        );
    }
    if staff {
        text.choices
            .push(t.one(("職員による確認", "Check by staff")));
    }
    text.choices.push(t.one(("中止する", "Cancel")));
    text
}

fn enter_pin(t: Two, tries_left: u8, wrong: bool, same_again: bool) -> ScreenText {
    let mut text = t.screen(
        ("4桁の暗証番号を入力してください", "Enter your 4-digit PIN"),
        &[],
        &[
            ("暗証番号がわからない", "I do not know my PIN"),
            ("別の方法にする", "Use another way"),
            ("中止する", "Cancel"),
        ],
    );
    if wrong {
        text.body.push(
            t.one(("暗証番号がちがいます。", "That PIN was not right."))
                .to_owned(),
        );
    }
    if same_again {
        text.body.push(t.one((
            "先ほどと同じ番号です。カードには送らなかったので、残りの回数は減っていません。",
            "That is the same number as before. It was not sent to the card, so no try was used.",
        )).to_owned());
    }
    text.body.push(t.owned(
        format!("あと{tries_left}回入力できます。"),
        format!("You can enter it {} more.", times(tries_left)),
    ));
    text
}

fn face_failed(t: Two, attempts_left: u8, pin: bool, staff: bool) -> ScreenText {
    let mut text = t.screen(
        (
            "お顔を確認できませんでした",
            "We could not recognise your face",
        ),
        &[(
            "めがね・マスク・照明の影響でうまくいかないことがあります。別の方法でも受付できます。",
            "Glasses, masks or the light can be the reason. Other ways work just as well.",
        )],
        &[],
    );
    if attempts_left > 0 {
        text.choices.push(t.one(("もう一度", "Try again")));
    }
    if pin {
        text.choices
            .push(t.one(("暗証番号（4桁）", "PIN (4 digits)")));
    }
    if staff {
        text.choices
            .push(t.one(("職員による確認", "Check by staff")));
    }
    text.choices.push(t.one(("中止する", "Cancel")));
    text
}

fn notice(t: Two, standing: Standing) -> ScreenText {
    let last_day = |end| super::machine::japan_date(end);
    let mut text = t.screen(("お知らせ", "Notice"), &[], &[("次に進む", "Go on")]);
    match standing {
        Standing::Expiring { not_after } => {
            let day = last_day(not_after);
            text.body.push(t.owned(
                format!("カードの電子証明書は {day} で期限が切れます。市区町村の窓口で更新してください。"),
                format!("The certificate on your card ends on {day}. Please renew it at your municipal office."),
            ));
        }
        Standing::Grace { until } => {
            let day = last_day(until);
            text.body.push(t.owned(
                format!("カードの電子証明書の期限が切れています。{day} までは、保険の資格の確認だけができます。市区町村の窓口で更新してください。"),
                format!("The certificate on your card has expired. Until {day} it still confirms your insurance, and nothing else. Please renew it at your municipal office."),
            ));
        }
        _ => {}
    }
    text
}

fn not_accepted(t: Two, refusal: &NotAccepted) -> ScreenText {
    let advice = &refusal.advice;
    // A person who was just refused reads four lines, not nine; the outcome has
    // them all for the receptionist.
    let lines = (1..).zip(&advice.items).take(ADVICE_LINES);
    let lines = lines.map(|(number, item)| format!("{number}. {}", item.text(t.lang)));
    ScreenText {
        title: refusal.failure.cause(t.lang).to_owned(),
        body: lines.chain(advice.caution(t.lang)).collect(),
        choices: vec![t.one(("終わる", "Finish"))],
    }
}

fn times(count: u8) -> String {
    if count == 1 {
        "once".to_owned()
    } else {
        format!("{count} times")
    }
}

/// Picks one of two languages.
#[derive(Clone, Copy)]
struct Two {
    lang: Lang,
}

impl Two {
    const fn one(self, (ja, en): (&'static str, &'static str)) -> &'static str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    fn owned(self, ja: String, en: String) -> String {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    fn screen(
        self,
        title: (&'static str, &'static str),
        body: &[(&'static str, &'static str)],
        choices: &[(&'static str, &'static str)],
    ) -> ScreenText {
        ScreenText {
            title: self.one(title).to_owned(),
            body: body.iter().map(|pair| self.one(*pair).to_owned()).collect(),
            choices: choices.iter().map(|pair| self.one(*pair)).collect(),
        }
    }
}
