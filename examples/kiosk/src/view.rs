//! What goes to the pages, as JSON.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use uketsuke::checkin::{Screen, ScreenText};
use uketsuke::eligibility::Lang;

use crate::board::{Phase, Snapshot};
use crate::{log, screens};

/// The same in both languages, so that a page can switch without asking.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Both<T> {
    /// 日本語.
    pub ja: T,
    /// English.
    pub en: T,
}

impl<T> Both<T> {
    /// Made twice.
    pub fn of(make: impl Fn(Lang) -> T) -> Self {
        Self {
            ja: make(Lang::Ja),
            en: make(Lang::En),
        }
    }
}

/// The event `state`: what the person sees.
#[must_use]
pub fn state(snapshot: &Snapshot, serial: u64, now: Timestamp) -> Value {
    let Some(shown) = &snapshot.shown else {
        return json!({
            "serial": serial,
            "screen": null,
            "name": match snapshot.phase {
                Phase::Idle => "idle",
                Phase::Visit => "beginning",
                Phase::OutOfOrder => "out-of-order",
            },
            "text": between_visits(snapshot.phase),
            "deadline_ms": null,
            "more_time": false,
            "extra": {},
            "visit": snapshot.phase == Phase::Visit,
        });
    };
    let left = shown
        .deadline
        .map(|deadline| now.duration_until(deadline).as_millis().max(0));
    json!({
        "serial": serial,
        "screen": shown.number,
        "name": shown.screen.name(),
        "text": text(&shown.screen),
        "deadline_ms": left.and_then(|left| u64::try_from(left).ok()),
        "more_time": shown.takes_more_time(),
        "extra": screens::extra(&shown.screen),
        "visit": true,
    })
}

/// The words of a screen in both languages.
#[must_use]
pub fn text(screen: &Screen) -> Both<ScreenText> {
    Both::of(|lang| screen.text(lang))
}

/// Idle, the page has its own words.
fn between_visits(phase: Phase) -> Option<Both<Value>> {
    let (ja, en) = match phase {
        Phase::Idle => return None,
        Phase::Visit => (
            ["はじめています", "しばらくお待ちください。"],
            ["Starting", "One moment, please."],
        ),
        Phase::OutOfOrder => (
            [
                "手続きを続けられませんでした",
                "申し訳ありません。カードをお取りになり、受付の職員に声をおかけください。",
            ],
            [
                "This could not be continued",
                "We are sorry. Please take your card, and speak to the reception.",
            ],
        ),
    };
    let text = |[title, line]: [&str; 2]| json!({ "title": title, "body": [line], "choices": [] });
    Some(Both {
        ja: text(ja),
        en: text(en),
    })
}

/// The visit's part of the event `desk`: what the receptionist sees beside it.
#[must_use]
pub fn desk(snapshot: &Snapshot) -> Value {
    let log: Vec<Value> = snapshot.log.iter().map(log::line).collect();
    json!({ "outcome": snapshot.ending, "log": log })
}
