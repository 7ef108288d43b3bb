//! The facts for people, and as JSON.

use serde_json::{Value, json};
use uketsuke::card::{CertificatesPresent, Token};
use uketsuke::eligibility::Lang;

use crate::face::FaceFacts;
use crate::facts::{Facts, Found};

impl Facts {
    pub fn text(&self, lang: Lang) -> String {
        let word = |ja, en| match lang {
            Lang::Ja => ja,
            Lang::En => en,
        };
        let none = word("なし", "none");
        let tries = |count: Option<u8>| match (lang, count) {
            (_, None) => none.to_owned(),
            (Lang::Ja, Some(0)) => "ロックされています".to_owned(),
            (Lang::En, Some(0)) => "locked".to_owned(),
            (Lang::Ja, Some(count)) => format!("残り{count}回"),
            (Lang::En, Some(1)) => "1 try left".to_owned(),
            (Lang::En, Some(count)) => format!("{count} tries left"),
        };
        let simulated = match self.simulated {
            true => word("（模擬）", " (simulated)"),
            false => "",
        };
        let mut lines = vec![(
            word("リーダー", "reader"),
            format!("{}{simulated}", self.reader),
        )];
        let Some(card) = &self.card else {
            let other = word(
                "マイナンバーカードではありません（JPKIアプリケーションなし）",
                "not a My Number card: it has no JPKI application",
            );
            lines.push((word("カード", "card"), other.to_owned()));
            return aligned(&lines);
        };
        lines.extend([
            (word("カード", "card"), token(card.token, lang).to_owned()),
            (
                word("入っている電子証明書", "certificates"),
                present(card.present, lang),
            ),
            (
                word("利用者証明用の暗証番号", "authentication PIN"),
                tries(card.auth_pin),
            ),
            (
                word("署名用の暗証番号", "sign password"),
                tries(card.sign_password),
            ),
            (
                "照合番号B",
                card.face.as_ref().map_or_else(
                    || word("券面アプリケーションなし", "no card face").to_owned(),
                    |face| tries(Some(face.reference_number_b)),
                ),
            ),
            (
                word("カードの有効期限", "card's own expiry"),
                match &card.expiry_hint {
                    None => none.to_owned(),
                    Some(Ok(date)) => format!(
                        "{date}{}",
                        word("（署名なし、目安）", " (unsigned, a hint)")
                    ),
                    Some(Err(error)) => {
                        format!("{}: {error}", word("読めません", "not readable"))
                    }
                },
            ),
            (
                word("利用者証明用電子証明書", "authentication certificate"),
                match &card.certificate {
                    Found::Here(certificate) => certificate.text(lang),
                    Found::BehindPin => word(
                        "先に暗証番号が必要（スマートフォン）",
                        "wants the PIN first, as phones do",
                    )
                    .to_owned(),
                    Found::Nowhere => none.to_owned(),
                },
            ),
        ]);
        if let Some(face) = &card.face {
            lines.push((word("券面の署名", "card face"), face.issuer_text(lang)));
            let photo = face.photo_text(lang);
            lines.extend(photo.map(|text| (word("顔写真", "photo"), text)));
        }
        aligned(&lines)
    }

    pub fn json(&self) -> Value {
        json!({
            "reader": self.reader,
            "simulated": self.simulated,
            "my_number_card": self.card.as_ref().is_some_and(|card| {
                // Real cards may have labels that aren't known here.
                matches!(card.token, Token::MyNumberCard | Token::Unknown)
            }),
            "card": self.card.as_ref().map(|card| json!({
                "token": token_code(card.token),
                "certificates_present": card.present.map(|present| json!({
                    "authentication": present.authentication(),
                    "signing": present.signing(),
                })),
                "tries_left": {
                    "auth_pin": card.auth_pin,
                    "sign_password": card.sign_password,
                    "reference_number_b": card.face.as_ref().map(|face| face.reference_number_b),
                },
                "expiry_hint": card.expiry_hint.as_ref().and_then(|hint| hint.as_ref().ok()),
                "face": card.face.as_ref().map(FaceFacts::json),
                "certificate": match &card.certificate {
                    Found::Here(certificate) => Some(certificate.json()),
                    _ => None,
                },
            })),
        })
    }
}

fn token(token: Token, lang: Lang) -> &'static str {
    match (token, lang) {
        (Token::MyNumberCard, Lang::Ja) => "マイナンバーカード",
        (Token::MyNumberCard, Lang::En) => "My Number card",
        (Token::ResidentRegistrationCard, Lang::Ja) => "住民基本台帳カード（旧）",
        (Token::ResidentRegistrationCard, Lang::En) => {
            "old resident registration card (住基カード)"
        }
        (Token::AndroidPhone, Lang::Ja) => "Androidのスマートフォン",
        (Token::AndroidPhone, Lang::En) => "Android phone",
        (Token::Iphone, _) => "iPhone",
        (_, Lang::Ja) => "JPKIアプリケーションあり（種類は不明）",
        (_, Lang::En) => "has the JPKI application, of a kind not known here",
    }
}

fn token_code(token: Token) -> &'static str {
    match token {
        Token::MyNumberCard => "my-number-card",
        Token::ResidentRegistrationCard => "resident-registration-card",
        Token::AndroidPhone => "android-phone",
        Token::Iphone => "iphone",
        _ => "unknown",
    }
}

fn present(present: Option<CertificatesPresent>, lang: Lang) -> String {
    let Some(present) = present else {
        return match lang {
            Lang::Ja => "カードが応答しません".to_owned(),
            Lang::En => "the card does not say".to_owned(),
        };
    };
    let kinds = [
        (present.authentication(), "利用者証明用", "authentication"),
        (present.signing(), "署名用", "signing"),
    ];
    let there = kinds.iter().filter(|(there, ..)| *there);
    match lang {
        Lang::Ja => {
            let names: Vec<_> = there.map(|(_, ja, _)| *ja).collect();
            if names.is_empty() {
                "なし".to_owned()
            } else {
                names.join("、")
            }
        }
        Lang::En => {
            let names: Vec<_> = there.map(|(.., en)| *en).collect();
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        }
    }
}

/// Labels in one column. A character beyond ASCII takes two places.
fn aligned(lines: &[(&str, String)]) -> String {
    let width =
        |label: &str| -> usize { label.chars().map(|c| 1 + usize::from(!c.is_ascii())).sum() };
    let widest = lines
        .iter()
        .map(|(label, _)| width(label))
        .max()
        .unwrap_or(0);
    let line = |(label, value): &(&str, String)| {
        format!("{label}{:1$}  {value}", "", widest - width(label))
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}
