//! What the receptionist reads, and the same for programs.

use std::io::{IsTerminal as _, Write as _};

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Value, json};
use uketsuke::eligibility::{Consent, Coverage, Lang};

use crate::bulk::Appointment;
use crate::scene::Scene;
use crate::visit::{Ending, Visit};

/// Prints a line. Whoever reads may have gone (`clinic | head`): that is no reason
/// to panic.
pub fn say(line: &str) {
    let _nobody_reads = writeln!(std::io::stdout(), "{line}");
}

/// A word in the language of the screen.
pub fn word(lang: Lang, ja: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

fn clock(at: Timestamp) -> String {
    Offset::constant(9)
        .to_datetime(at)
        .strftime("%H:%M")
        .to_string()
}

fn day_and_clock(at: Timestamp, lang: Lang) -> String {
    let format = word(lang, "%-m月%-d日 %H:%M", "%-d %b %H:%M");
    Offset::constant(9)
        .to_datetime(at)
        .strftime(format)
        .to_string()
}

/// Full-width characters take two columns.
fn width(text: &str) -> usize {
    let columns = |c: char| match c {
        '\u{1100}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' => 2,
        _ => 1,
    };
    text.chars().map(columns).sum()
}

fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

pub fn scene_head(scene: &Scene, visit: &Visit, lang: Lang) {
    say("");
    say(&format!("{}  {}", clock(visit.at), scene.title(lang)));
    let at_desk = word(lang, "受付の方", "at the desk");
    say(&format!("       {at_desk}: {}", visit.patient.name()));
}

/// So many things to do are shown at first.
const SHOWN: usize = 4;

pub fn ending(visit: &Visit, lang: Lang, now: Timestamp, all: bool) {
    if visit.others > 0 {
        let text = match lang {
            Lang::Ja => format!(
                "ほかに{}件の結果がありました（この方には結び付けていません）",
                visit.others
            ),
            Lang::En => format!(
                "{} other result(s) came; not taken for this person's",
                visit.others
            ),
        };
        say(&format!("       · {text}"));
    }
    for failure in &visit.notes {
        let text = word(lang, "氏名のない結果の内容", "a result without a name says");
        say(&format!("       · {text}: {}", failure.cause(lang)));
    }
    match &visit.ending {
        Ending::Confirmed(coverage) => confirmed(coverage, lang, now),
        Ending::Failed { advice, centre } => {
            say(&format!("       ✗ {}", advice.failure.cause(lang)));
            if let Some(said) = centre {
                let told = said.message.as_deref().unwrap_or_default();
                say(&format!("         {told}"));
            }
            let shown = if all { advice.items.len() } else { SHOWN };
            for (number, item) in advice.items.iter().take(shown).enumerate() {
                say(&format!("         {}. {}", number + 1, item.text(lang)));
            }
            let more = advice.items.len().saturating_sub(shown);
            if more > 0 {
                let text = match lang {
                    Lang::Ja => format!("（ほか{more}件。--all ですべて表示）"),
                    Lang::En => format!("(and {more} more; --all shows them)"),
                };
                say(&format!("         {text}"));
            }
            if let Some(caution) = advice.caution(lang) {
                say(&format!("         {caution}"));
            }
        }
    }
}

fn confirmed(coverage: &Coverage, lang: Lang, now: Timestamp) {
    let label = |ja, en, value: &str| {
        let label = padded(word(lang, ja, en), 14);
        say(&format!("         {label} {value}"));
    };
    say(&format!(
        "       ✓ {}",
        word(lang, "資格を確認しました", "insured")
    ));
    label("氏名", "name", coverage.name.reveal());
    let insurer = format!(
        "{} {}",
        coverage.insurer_number.reveal(),
        coverage.insurer_name
    );
    label("保険者", "insurer", &insurer);
    let numbers = [&coverage.symbol, &coverage.number, &coverage.branch];
    let numbers: Vec<&str> = numbers
        .into_iter()
        .flatten()
        .map(|part| part.reveal())
        .collect();
    label("記号・番号", "numbers", &numbers.join(" "));
    if let Some(tenths) = coverage.copayment_tenths {
        let share = match lang {
            Lang::Ja => format!("{tenths}割"),
            Lang::En => format!("{tenths}0 %"),
        };
        label("負担割合", "patient pays", &share);
    }
    for consent in coverage.consents.iter().filter(|consent| consent.given()) {
        label("閲覧の同意", "agreed to", &consent_text(consent, lang, now));
    }
    for warning in &coverage.warnings {
        label("ご確認ください", "please check", &warning.text(lang));
    }
    if let Some(notice) = &coverage.notice {
        label("お知らせ", "notice", notice);
    }
}

fn consent_text(consent: &Consent, lang: Lang, now: Timestamp) -> String {
    let kind = consent.kind.name(lang);
    match consent.available_until.filter(|_| consent.allows_at(now)) {
        Some(until) => {
            let until = day_and_clock(until, lang);
            match lang {
                Lang::Ja => format!("{kind}（{until}まで）"),
                Lang::En => format!("{kind} (until {until})"),
            }
        }
        None => format!("{kind} {}", word(lang, "（期限切れ）", "(no longer valid)")),
    }
}

/// Only those who need a call before they come.
pub fn appointments(all: &[Appointment], lang: Lang) {
    let failed = all.iter().filter(|one| one.found.is_err()).count();
    let text = match lang {
        Lang::Ja => format!(
            "{}名中{}名は資格を確認済み。",
            all.len(),
            all.len() - failed
        ),
        Lang::En => format!("{} of {} are insured.", all.len() - failed, all.len()),
    };
    say(&format!("       {text}"));
    if failed > 0 {
        let call = word(lang, "来院前にご連絡ください:", "Call before they come:");
        say(&format!("       {call}"));
    }
    for one in all {
        if let Err(failure) = &one.found {
            let name = padded(&one.patient.name(), 16);
            say(&format!("         {name} {}", failure.cause(lang)));
        }
    }
}

pub fn scene_json(scene: &Scene) -> Value {
    json!({
        "name": scene.name,
        "ja": scene.title(Lang::Ja),
        "en": scene.title(Lang::En),
        "ends": scene.ends.map_or("confirmed", |failure| failure.code()),
    })
}

pub fn visit_json(scene: &Scene, visit: &Visit) -> Value {
    let failure = visit.failure();
    let ends = failure.map_or("confirmed", |failure| failure.code());
    let mut value = json!({
        "scene": scene.name,
        "ends": ends,
        "as_written": failure == scene.ends,
        "others": visit.others,
        "notes": visit.notes,
    });
    match &visit.ending {
        Ending::Confirmed(coverage) => value["coverage"] = json!(coverage),
        Ending::Failed { advice, centre } => {
            value["centre"] = json!(centre);
            value["advice"] = json!(advice);
        }
    }
    value
}

pub fn appointments_json(all: &[Appointment]) -> Value {
    let failed: Vec<Value> = all
        .iter()
        .filter_map(|one| one.found.as_ref().err().map(|f| json!(f.code())))
        .collect();
    json!({ "appointments": all.len(), "failed": failed })
}

/// Progress of something long, on a line that is written over. Nothing is written
/// where nobody looks.
pub struct Bar {
    label: &'static str,
    shown: bool,
    turns: usize,
}

impl Bar {
    pub fn new(label: &'static str, wanted: bool) -> Self {
        let shown = wanted && std::io::stderr().is_terminal();
        Self {
            label,
            shown,
            turns: 0,
        }
    }

    pub fn show(&mut self, done: usize, of: usize) {
        const WIDTH: usize = 30;
        if !self.shown {
            return;
        }
        self.turns += 1;
        let full = WIDTH * done / of.max(1);
        let mut bar: String = "█".repeat(full) + &"·".repeat(WIDTH - full);
        if done == 0 {
            // Waiting: something moves all the same.
            let at = self.turns % WIDTH;
            bar = format!("{}>{}", "·".repeat(at), "·".repeat(WIDTH - 1 - at));
        }
        let _nobody_looks = write!(
            std::io::stderr(),
            "\r       {} {bar} {done}/{of} ",
            self.label
        );
    }

    pub fn done(&mut self) {
        if self.shown {
            let _nobody_looks = writeln!(std::io::stderr());
        }
    }
}
