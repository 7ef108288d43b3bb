//! Whole visits with a phone in place of the card, and what a PIN for it is guarded by.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Client, Running, Visit};
use uketsuke::simulation::{CardBody, Expected, Persona};

/// Begun, with a phone of this kind chosen.
fn with_phone<'a>(kiosk: &'a Client, kind: &str) -> Visit<'a> {
    let events = kiosk.events("kiosk");
    kiosk.done("/begin", &json!({}));
    let mut visit = Visit { kiosk, events };
    visit.press("place-card", "phone");
    visit.press("choose-phone", kind);
    visit
}

impl Visit<'_> {
    /// Waits until a phone is asked for, and holds this one there.
    fn hold(&mut self, phone: &str) -> Value {
        let asked = self.asked_for_phone();
        self.kiosk.done("/hold", &json!({ "phone": phone }));
        asked
    }

    fn asked_for_phone(&mut self) -> Value {
        let (number, state) = self.events.screen("tap-phone");
        self.events.answered = number;
        state
    }

    fn lift(&self) {
        self.kiosk.done("/lift", &json!({}));
    }

    fn refused(&mut self) -> Value {
        let (number, state) = self.events.screen("not-accepted");
        self.kiosk
            .done("/choose", &json!({ "screen": number, "key": "yes" }));
        self.events.screen("idle");
        state["extra"]["failure"].clone()
    }

    /// From the consents to the end: there is no card to be taken.
    fn accepted(&mut self) {
        self.press("consents", "consent-to-all");
        self.press("accepted", "yes");
        self.events.screen("idle");
    }

    fn accepted_with_a_card_there(&mut self) {
        self.press("consents", "consent-to-none");
        self.press("accepted", "yes");
        self.take_card();
    }
}

#[test]
fn every_phone_ends_as_its_case_says() {
    let kiosk = Running::new();
    for phone in Persona::phones() {
        let kind = match phone.body {
            CardBody::AndroidPhone => "android",
            _ => "iphone",
        };
        let mut visit = with_phone(&kiosk, kind);
        if kind == "android" {
            visit.pin(phone.own_pin().unwrap_or("1234"));
        }
        visit.hold(phone.name);
        let mut taps = 1;
        let ended = loop {
            let answered = visit.events.answered;
            let state = visit.events.state(|state| {
                let pass = ["reading-phone", "asking"];
                state["screen"]
                    .as_u64()
                    .is_some_and(|number| number > answered)
                    && !pass.iter().any(|pass| state["name"] == *pass)
            });
            let number = state["screen"].as_u64().unwrap();
            visit.events.answered = number;
            let key = match state["name"].as_str().unwrap() {
                // It didn't know its holder, or is asked for again after another PIN.
                "tap-phone" => {
                    visit.lift();
                    taps += 1;
                    kiosk.done("/hold", &json!({ "phone": phone.name }));
                    continue;
                }
                "enter-pin" => {
                    kiosk.done("/pin", &json!({ "screen": number, "pin": "1234" }));
                    continue;
                }
                "consents" => "consent-to-all",
                "last-try" | "certificate-notice" | "accepted" => "yes",
                "not-accepted" => break state["extra"]["failure"].clone(),
                other => panic!("{other}"),
            };
            kiosk.done("/choose", &json!({ "screen": number, "key": key }));
            if state["name"] == "accepted" {
                break Value::Null;
            }
        };
        let expected = match phone.with_pin {
            Expected::Accepted => Value::Null,
            Expected::Refused(failure) => json!(failure.code()),
        };
        assert_eq!(ended, expected, "{}", phone.name);
        // Once more after the question whether to use the last try; and no more than three times in vain.
        let expected = match phone.name {
            "android-last-try" => 2,
            "iphone-not-recognised" => 3,
            _ => 1,
        };
        assert_eq!(taps, expected, "{}", phone.name);
        if !ended.is_null() {
            let number = visit.events.answered;
            kiosk.done("/choose", &json!({ "screen": number, "key": "yes" }));
        }
        visit.events.state(|state| state["name"] == "idle");
        visit.lift();
    }
}

#[test]
fn the_phone_and_not_the_card_is_told_of_at_the_desk() {
    let kiosk = Running::new();
    let mut desk = kiosk.events("desk");
    let mut visit = with_phone(&kiosk, "android");
    visit.pin("1234");
    visit.hold("android-in-order");
    visit.accepted();
    let shown = desk.until("desk", |desk| desk["outcome"]["accepted"] == true);
    assert_eq!(
        (&shown["card"], &shown["phone"]),
        (&Value::Null, &json!("android-in-order"))
    );
    let log = shown["log"].to_string();
    assert!(log.contains(r#""kind":"android""#), "{log}");
    visit.lift();
    desk.until("desk", |desk| desk["phone"].is_null());
}

/// What goes wrong around a card stays with whoever brought it.
#[test]
fn the_mishap_of_the_card_before_is_not_the_phones() {
    let kiosk = Running::new();
    let mut visit = Visit::of(&kiosk, "network-down");
    visit.press("choose-method", "pin");
    visit.pin("1234");
    let (number, state) = visit.events.screen("not-accepted");
    assert_eq!(state["extra"]["failure"], "network-down");
    kiosk.done("/choose", &json!({ "screen": number, "key": "yes" }));
    visit.take_card();
    let mut visit = with_phone(&kiosk, "iphone");
    visit.hold("iphone-in-order");
    visit.accepted();
}

#[test]
fn a_wrong_pin_costs_one_try_and_the_same_one_none() {
    let kiosk = Running::new();
    let mut visit = with_phone(&kiosk, "android");
    let (_, state) = visit.events.screen("enter-pin");
    assert_eq!(
        (&state["extra"]["tries_left"], &state["extra"]["phone"]),
        (&Value::Null, &json!(true))
    );
    visit.pin("0000");
    visit.hold("android-in-order");
    let (_, state) = visit.events.screen("enter-pin");
    assert_eq!(
        (&state["extra"]["tries_left"], &state["extra"]["wrong"]),
        (&json!(2), &json!(true))
    );
    visit.lift();
    visit.pin("0000");
    visit.hold("android-in-order");
    let (_, state) = visit.events.screen("enter-pin");
    assert_eq!(state["extra"]["same_again"], true);
    assert_eq!(kiosk.app.phones.presented(), 1);
    visit.lift();
    visit.pin("1234");
    visit.hold("android-in-order");
    visit.accepted();
    assert_eq!(kiosk.app.phones.presented(), 2);
    assert_eq!(kiosk.app.tray.presented(), 0);
}

/// It may be the phone of whoever came before.
#[test]
fn a_phone_that_lay_there_before_it_was_asked_for_is_not_read() {
    let kiosk = Running::new();
    kiosk.done("/hold", &json!({ "phone": "android-in-order" }));
    let mut visit = with_phone(&kiosk, "android");
    visit.events.screen("enter-pin");
    // Another in its place, before one is asked for: that wasn't either.
    visit.lift();
    kiosk.done("/hold", &json!({ "phone": "android-other-pin" }));
    visit.pin("1234");
    let state = visit.asked_for_phone();
    assert_eq!(state["extra"]["again"], Value::Null);
    let waiting = visit.events.state(|state| !state["deadline_ms"].is_null());
    let long = waiting["deadline_ms"].as_u64().unwrap();
    // Each time that it takes a key it has looked at the reader as well.
    for _ in 0..3 {
        kiosk.app.clock.skip(Duration::from_secs(5));
        let more = json!({ "screen": state["screen"], "key": "more-time" });
        kiosk.done("/choose", &more);
        let waiting = visit.events.until("state", |state| {
            state["deadline_ms"]
                .as_u64()
                .is_none_or(|left| left + 2_000 > long)
        });
        assert_eq!(waiting["name"], "tap-phone");
    }
    // Where another is held there now, that one is read: nothing else was asked.
    visit.lift();
    kiosk.done("/hold", &json!({ "phone": "android-in-order" }));
    visit.accepted();
    assert_eq!(kiosk.app.phones.presented(), 1);
}

#[test]
fn a_phone_that_moves_away_is_held_there_again() {
    let kiosk = Running::new();
    // Before the PIN reached it: that is kept.
    kiosk.done("/settings", &json!({ "pull": "at-once" }));
    let mut visit = with_phone(&kiosk, "android");
    visit.pin("1234");
    let first = visit.hold("android-in-order");
    assert_eq!(first["extra"]["again"], Value::Null);
    // After it: the phone has taken it, and a new one is typed.
    kiosk.done("/settings", &json!({ "pull": "mid-read" }));
    let second = visit.hold("android-in-order");
    assert_eq!(second["extra"]["again"], "moved");
    assert_eq!(second["extra"]["kind"], "android");
    kiosk.done("/settings", &json!({ "pull": "never" }));
    let (_, state) = visit.events.screen("enter-pin");
    assert_eq!(
        (&state["extra"]["again"], &state["extra"]["wrong"]),
        (&json!("moved"), &json!(false))
    );
    visit.pin("1234");
    assert_eq!(kiosk.app.phones.presented(), 1);
    visit.hold("android-in-order");
    visit.accepted();
}

#[test]
fn an_iphone_that_does_not_know_who_holds_it_is_told_and_the_card_serves() {
    let kiosk = Running::new();
    let mut visit = with_phone(&kiosk, "iphone");
    visit.asked_for_phone();
    kiosk.done(
        "/hold",
        &json!({ "phone": "iphone-in-order", "identified": false }),
    );
    let state = visit.asked_for_phone();
    assert_eq!(state["extra"]["again"], "not-identified");
    visit.lift();
    kiosk.done("/hold", &json!({ "phone": "android-in-order" }));
    let (number, state) = visit.events.screen("tap-phone");
    assert_eq!(state["extra"]["again"], "other-kind");
    kiosk.done(
        "/choose",
        &json!({ "screen": number, "key": "other-method" }),
    );
    kiosk.done("/place", &json!({ "person": "in-order" }));
    visit.press("choose-method", "pin");
    visit.pin("1234");
    visit.accepted_with_a_card_there();
    assert_eq!(kiosk.app.phones.presented(), 0);
}

#[test]
fn a_phone_on_the_cards_reader_is_sent_to_its_own() {
    let kiosk = Running::new();
    let phone = Persona::all()
        .iter()
        .find(|person| person.body == CardBody::AndroidPhone);
    let mut visit = Visit::of(&kiosk, phone.unwrap().name);
    visit.press("choose-phone", "android");
    visit.pin("1234");
    visit.hold("android-in-order");
    visit.accepted_with_a_card_there();
}

#[test]
fn where_no_phone_is_taken_none_is_offered() {
    let kiosk = Running::new();
    kiosk.done("/settings", &json!({ "phones": false }));
    let mut events = kiosk.events("kiosk");
    kiosk.done("/begin", &json!({}));
    let (number, state) = events.screen("place-card");
    assert_eq!(state["extra"]["phone"], false);
    let chosen = kiosk.post("/choose", &json!({ "screen": number, "key": "phone" }));
    assert_eq!((chosen.status, &*chosen.error()), (409, "not-offered"));
}

/// The number of another prompt, of the screen before or after it, or of none: nothing reaches the phone, and nothing waits
/// for one.
#[test]
fn a_pin_is_taken_for_the_prompt_that_shows_and_once() {
    let kiosk = Running::new();
    let pin = |number: u64, pin: &str| kiosk.post("/pin", &json!({ "screen": number, "pin": pin }));
    let mut events = kiosk.events("kiosk");
    kiosk.done("/begin", &json!({}));
    for (screen, key) in [("place-card", "phone"), ("choose-phone", "android")] {
        let (number, _) = events.screen(screen);
        assert_eq!(pin(number, "0000").error(), "not-offered");
        assert_eq!(pin(number + 1, "0000").error(), "stale-screen");
        kiosk.done("/choose", &json!({ "screen": number, "key": key }));
    }
    let mut visit = Visit {
        kiosk: &kiosk,
        events,
    };
    let first = visit.pin("0000");
    let state = visit.asked_for_phone();
    let tap = state["screen"].as_u64().unwrap();
    // One that waits for its phone isn't changed any more.
    for (number, error) in [(first, "stale-screen"), (tap, "not-offered")] {
        assert_eq!(pin(number, "1234").error(), error);
    }
    kiosk.done("/hold", &json!({ "phone": "android-in-order" }));
    let (second, _) = visit.events.screen("enter-pin");
    assert_eq!(kiosk.app.phones.presented(), 1);
    for number in [first, tap, second + 1, 0] {
        assert_eq!(pin(number, "1111").error(), "stale-screen");
    }
    let key = kiosk.post("/choose", &json!({ "screen": second, "key": "enter-pin" }));
    assert_eq!(key.error(), "key-needs-more");
    kiosk.done("/pin", &json!({ "screen": second, "pin": "1234" }));
    assert!(["already-answered", "stale-screen"].contains(&&*pin(second, "1111").error()));
    // Given up: nothing is left to be presented to a phone that comes now.
    visit.events.answered = second;
    visit.press("tap-phone", "cancel");
    visit.lift();
    kiosk.done("/hold", &json!({ "phone": "android-in-order" }));
    assert_eq!(visit.refused(), "cancelled");
    assert_eq!(kiosk.app.phones.presented(), 1);
}

#[test]
fn holding_and_lifting_are_guarded_like_the_rest() {
    let kiosk = Running::new();
    for (path, body) in [
        ("/hold", r#"{"phone":"android-in-order"}"#),
        ("/lift", "{}"),
    ] {
        let good = kiosk.request("POST", path).body(body);
        for (bad, code) in [
            (good.clone().with("Host", "evil.example"), "host"),
            (good.clone().with("Sec-Fetch-Site", "same-site"), "site"),
            (good.clone().with("Origin", "null"), "origin"),
            (good.clone().without("Origin"), "origin"),
            (good.clone().without("X-Kiosk"), "mark"),
            (
                good.clone().with("Content-Type", "text/plain"),
                "content-type",
            ),
            (
                good.clone().with("Content-Type", "image/png"),
                "content-type",
            ),
            (good.clone().without("Cookie"), "session"),
        ] {
            let answer = kiosk.send(&bad);
            assert_eq!((answer.status, &*answer.error()), (403, code), "{path}");
            assert_eq!(kiosk.app.phones.card().is_some(), path == "/lift");
        }
        assert_eq!(kiosk.send(&good).status, 204);
        assert_eq!(kiosk.app.phones.card().is_some(), path == "/hold");
    }
    kiosk.done("/hold", &json!({ "phone": "iphone-in-order" }));
    let again = kiosk.post("/hold", &json!({ "phone": "android-in-order" }));
    assert_eq!((again.status, &*again.error()), (409, "occupied"));
    assert_eq!(kiosk.app.phones.card().unwrap().name, "iphone-in-order");
    for (body, code) in [
        // Cards lie on the card's reader, and phones on the other one.
        (r#"{"phone":"in-order"}"#, "unknown-phone"),
        (r#"{"phone":"nobody"}"#, "unknown-phone"),
        (
            r#"{"phone":"android-in-order","identified":true}"#,
            "identifies-nobody",
        ),
        (r#"{"phone":"iphone-in-order","identified":1}"#, "bad-field"),
        (r#"{"phone":"iphone-in-order","pin":"1234"}"#, "bad-field"),
        (r#"{"person":"in-order"}"#, "bad-field"),
        ("{}", "bad-field"),
    ] {
        let answer = kiosk.send(&kiosk.request("POST", "/hold").body(body));
        assert_eq!((answer.status, &*answer.error()), (400, code), "{body}");
    }
    let card = kiosk.post("/place", &json!({ "person": "android-in-order" }));
    assert_eq!(card.error(), "unknown-person");
}

#[test]
fn the_phones_are_listed_with_what_opens_them() {
    let kiosk = Running::new();
    let phones = kiosk.get("/phones").json();
    let phones = phones.as_array().unwrap();
    assert_eq!(phones.len(), Persona::phones().len());
    for phone in phones {
        let android = phone["kind"] == "android";
        assert_eq!(phone["pin"].is_string(), android, "{phone}");
        assert_eq!(phone["identifies"].is_boolean(), !android, "{phone}");
    }
}
