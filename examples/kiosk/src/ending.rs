//! How a visit ended, for the receptionist. Personal: on the desk view only.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};
use uketsuke::checkin::{NotAccepted, Outcome};
use uketsuke::eligibility::{Coverage, Failure, Lang};

use crate::view::Both;

/// As the desk view shows it.
#[derive(Clone, Serialize)]
pub struct Ending {
    accepted: bool,
    failure: Option<&'static str>,
    title: Both<&'static str>,
    lines: Both<Vec<String>>,
    coverage: Value,
}

impl Ending {
    /// Of an outcome.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Accepted(accepted) => {
                let coverage = accepted.coverage();
                Self {
                    accepted: true,
                    failure: None,
                    title: Both {
                        ja: "資格を確認しました",
                        en: "Insurance confirmed",
                    },
                    lines: Both::of(|lang| {
                        let mut lines = accepted_lines(coverage, lang);
                        if accepted.guardian() {
                            lines.push(
                                match lang {
                                    Lang::Ja => "保護者の方が操作しました。",
                                    Lang::En => "A parent or guardian operated the reader.",
                                }
                                .to_owned(),
                            );
                        }
                        lines.extend(accepted.told().iter().map(|told| told.line(lang)));
                        lines
                    }),
                    coverage: facts(coverage),
                }
            }
            Outcome::NotAccepted(refusal) => Self {
                accepted: false,
                failure: Some(refusal.failure.code()),
                title: Both::of(|lang| refusal.failure.cause(lang)),
                lines: Both::of(|lang| refused_lines(refusal, lang)),
                coverage: Value::Null,
            },
            // An outcome that this program doesn't know lets nobody in.
            _ => Self {
                accepted: false,
                failure: Some(Failure::Internal.code()),
                title: Both::of(|lang| Failure::Internal.cause(lang)),
                lines: Both::default(),
                coverage: Value::Null,
            },
        }
    }
}

/// Nothing of the person.
impl fmt::Debug for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ending")
            .field("accepted", &self.accepted)
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

fn facts(coverage: &Coverage) -> Value {
    let known = |value: &Option<uketsuke::eligibility::Personal>| {
        value.as_ref().map(|value| value.reveal().to_owned())
    };
    json!({
        "name": coverage.name.reveal(),
        "kana": known(&coverage.kana),
        "birthdate": coverage.birthdate.reveal(),
        "insurer_number": coverage.insurer_number.reveal(),
        "insurer_name": coverage.insurer_name,
        "symbol": known(&coverage.symbol),
        "number": known(&coverage.number),
        "branch": known(&coverage.branch),
        "copayment_tenths": coverage.copayment_tenths,
        "valid_until": coverage.valid_until.map(|day| day.to_string()),
        "eligibility_only": coverage.eligibility_only,
        "consents": coverage
            .consents
            .iter()
            .map(|consent| json!({
                "ja": consent.kind.name(Lang::Ja),
                "en": consent.kind.name(Lang::En),
                "given": consent.given(),
            }))
            .collect::<Vec<_>>(),
    })
}

fn accepted_lines(coverage: &Coverage, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    if coverage.eligibility_only {
        lines.push(
            match lang {
                Lang::Ja => "電子証明書の期限が切れているため、資格情報だけを確認しました。",
                Lang::En => "The certificate has expired: only the insurance was confirmed.",
            }
            .to_owned(),
        );
    }
    lines.extend(coverage.warnings.iter().map(|warning| warning.text(lang)));
    lines.extend(coverage.notice.clone());
    lines
}

fn refused_lines(refusal: &NotAccepted, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    if refusal.failure == Failure::WrongRealm {
        lines.push(
            match lang {
                Lang::Ja => {
                    "本物のカードのようです。このキオスクのセンターは模擬なので、証明書を読んだところで終わりました。\
                     暗証番号は使っていません。"
                }
                Lang::En => {
                    "This seems to be a real card. The centre of this kiosk is simulated, so the visit ended when the \
                     certificate was read. No PIN was used."
                }
            }
            .to_owned(),
        );
    }
    if let Some(tries) = refusal.pin_tries_left {
        lines.push(match lang {
            Lang::Ja => format!("暗証番号の残り回数: {tries}"),
            Lang::En => format!("PIN tries left: {tries}"),
        });
    }
    if let Some(said) = &refusal.centre {
        let code = said.code.as_deref().unwrap_or("-");
        let message = said.message.as_deref().unwrap_or("");
        lines.push(match lang {
            Lang::Ja => format!("センターの返答: {code} {message}"),
            Lang::En => format!("The centre said: {code} {message}"),
        });
    }
    let advice = &refusal.advice;
    lines.extend(
        (1..)
            .zip(&advice.items)
            .map(|(number, item)| format!("{number}. {}", item.text(lang))),
    );
    lines.extend(advice.caution(lang));
    lines
}
