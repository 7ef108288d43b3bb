//! The outcome, as a receptionist wants it, and as JSON.

use std::io::Write;

use serde_json::{Value, json};
use uketsuke::checkin::Outcome;
use uketsuke::eligibility::{Failure, Lang};
use uketsuke::simulation::{Expected, Persona, Scenario};

/// Prints a line. Whoever reads may have gone (`check_in --list | head`): that
/// is no reason to panic.
pub fn say(line: &str) {
    let _nobody_reads = writeln!(std::io::stdout(), "{line}");
}

/// What the receptionist sees.
pub fn print_outcome(outcome: &Outcome, lang: Lang) {
    let word = |ja, en| match lang {
        Lang::Ja => ja,
        Lang::En => en,
    };
    say("");
    say(&format!(
        "  ── {} ──",
        word("受付の画面", "at the reception")
    ));
    match outcome {
        Outcome::Accepted(accepted) => {
            let coverage = accepted.coverage();
            let line = |label: &str, value: &str| say(&format!("    {label}: {value}"));
            say(&format!(
                "    {}",
                word("資格を確認しました", "INSURED, confirmed")
            ));
            line(word("氏名", "name"), coverage.name.reveal());
            line(word("生年月日", "born"), coverage.birthdate.reveal());
            line(
                word("保険者", "insurer"),
                &format!(
                    "{} {}",
                    coverage.insurer_number.reveal(),
                    coverage.insurer_name
                ),
            );
            let number = [&coverage.symbol, &coverage.number, &coverage.branch];
            let number: Vec<&str> = number
                .into_iter()
                .flatten()
                .map(|part| part.reveal())
                .collect();
            line(
                word("記号・番号・枝番", "symbol, number, branch"),
                &number.join(" "),
            );
            if let Some(tenths) = coverage.copayment_tenths {
                line(
                    word("負担割合", "patient pays"),
                    &format!("{tenths}{}", word("割", "0 %")),
                );
            }
            for consent in &coverage.consents {
                let given = if consent.given() {
                    word("同意あり", "yes")
                } else {
                    word("同意なし", "no")
                };
                line(
                    &format!(
                        "{} {}",
                        word("閲覧同意:", "consent to show"),
                        consent.kind.name(lang)
                    ),
                    given,
                );
            }
            if accepted.guardian() {
                say(&format!(
                    "    {}",
                    word(
                        "保護者の方が操作しました",
                        "a parent or guardian operated the reader"
                    )
                ));
            }
            for told in accepted.told() {
                say(&format!("    {}", told.line(lang)));
            }
            for warning in &coverage.warnings {
                line(word("ご確認ください", "please check"), &warning.text(lang));
            }
            if coverage.eligibility_only {
                say(&format!(
                    "    {}",
                    word(
                        "資格情報のみ（電子証明書の期限切れ）",
                        "eligibility only: the certificate has expired"
                    )
                ));
            }
            if let Some(notice) = &coverage.notice {
                say(&format!("    {notice}"));
            }
        }
        Outcome::NotAccepted(refusal) => {
            say(&format!(
                "    [{}] {}",
                refusal.failure.code(),
                refusal.failure.cause(lang)
            ));
            if let Some(tries) = refusal.pin_tries_left {
                say(&format!(
                    "    {}: {tries}",
                    word("暗証番号の残り回数", "PIN tries left")
                ));
            }
            if let Some(said) = &refusal.centre {
                let code = said.code.as_deref().unwrap_or("-");
                let message = said.message.as_deref().unwrap_or("");
                say(&format!(
                    "    {}: {code} {message}",
                    word("センターの返答", "the centre said")
                ));
            }
            for (number, item) in refusal.advice.items.iter().enumerate() {
                say(&format!("    {}. {}", number + 1, item.text(lang)));
            }
            if let Some(caution) = refusal.advice.caution(lang) {
                say(&format!("    {caution}"));
            }
        }
        _ => {}
    }
    say(&format!(
        "    ({})",
        word("すべてシミュレーションです", "everything here is simulated")
    ));
}

/// The same for programs.
pub fn to_json(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Accepted(accepted) => json!({
            "outcome": "accepted",
            "realm": accepted.realm(),
            "identified": accepted.identified(),
            "coverage": accepted.coverage(),
            "told": accepted.told(),
            "guardian": accepted.guardian(),
        }),
        Outcome::NotAccepted(refusal) => {
            let failure = refusal.failure;
            let advice: Vec<Value> = refusal
                .advice
                .items
                .iter()
                .map(|item| {
                    json!({
                        "action": item.action.code(),
                        "ja": item.text(Lang::Ja),
                        "en": item.text(Lang::En),
                        "not_confirmed_since": item.not_confirmed_since,
                    })
                })
                .collect();
            json!({
                "outcome": if failure.is_refusal() { "refused" } else { "broken" },
                "failure": failure.code(),
                "cause": { "ja": failure.cause(Lang::Ja), "en": failure.cause(Lang::En) },
                "pin_tries_left": refusal.pin_tries_left,
                "centre": refusal.centre,
                "advice": advice,
            })
        }
        _ => json!({ "outcome": "broken" }),
    }
}

/// `accepted`, or the code of the failure.
pub fn end(expected: Expected) -> &'static str {
    match expected {
        Expected::Accepted => "accepted",
        Expected::Refused(failure) => failure.code(),
    }
}

/// A scenario and how it must end.
pub fn scenario_json(scenario: &Scenario) -> Value {
    json!({
        "name": scenario.name,
        "ja": scenario.summary(Lang::Ja),
        "en": scenario.summary(Lang::En),
        "persona": scenario.persona.name,
        "ends": end(scenario.ends),
        "card": after_json(scenario.tries_left.into(), scenario.presented),
    })
}

/// What the card has left, and what it was told.
pub fn after_json([pin, password, number]: [u8; 3], presented: u64) -> Value {
    json!({
        "tries_left": { "auth_pin": pin, "sign_password": password, "reference_number_b": number },
        "presented": presented,
    })
}

/// A persona and how its plain visits must end.
pub fn persona_json(persona: &Persona) -> Value {
    json!({
        "name": persona.name,
        "ja": persona.summary(Lang::Ja),
        "en": persona.summary(Lang::En),
        "with_pin": end(persona.with_pin),
        "with_face": end(persona.with_face),
    })
}

/// For programs, where not even a visit could begin.
pub fn broken_json() -> Value {
    json!({ "outcome": "broken", "failure": Failure::ReaderFault.code() })
}

/// 0 accepted, 1 refused, 2 broken.
pub fn exit_status(outcome: &Outcome) -> u8 {
    match outcome.failure() {
        None => 0,
        Some(failure) if failure.is_refusal() => 1,
        Some(_) => 2,
    }
}
