//! Whole visits through the web server, each to its screen.

mod support;

use std::time::Duration;

use kiosk::settings::{CardIs, Shared};
use serde_json::{Value, json};
use support::{Client, Running, Visit};
use uketsuke::simulation::{
    CardOptions, Expected, Persona, VirtualCard, VirtualReader, VirtualTransport,
};
use uketsuke::transport::{AnyReader, Cancel, Presence, Reader, TransportError};

/// Any picture: without a model nobody looks at it.
fn picture() -> Vec<u8> {
    [&b"P6\n64 64\n255\n"[..], &[128; 3 * 64 * 64]].concat()
}

fn frame(kiosk: &Client, number: u64) -> support::Request {
    kiosk
        .request("POST", "/frame")
        .with("Content-Type", "image/x-portable-pixmap")
        .with("X-Screen", number.to_string())
        .body(picture())
}

impl Visit<'_> {
    /// Does what leads on, until the card is to be taken; the names of the screens on the way.
    fn goes_on(&mut self, method: &str) -> Vec<String> {
        let mut names = Vec::new();
        loop {
            let answered = self.events.answered;
            let state = self.events.state(|state| match state["screen"].as_u64() {
                None => answered > 0 && state["name"] == "idle",
                Some(number) => {
                    let pass = ["place-card", "reading-card", "checking-pin", "asking"];
                    number > answered && !pass.iter().any(|pass| state["name"] == *pass)
                }
            });
            if state["name"] == "idle" {
                return names; // the card was gone already
            }
            let number = state["screen"].as_u64().unwrap();
            let name = state["name"].as_str().unwrap().to_owned();
            self.events.answered = number;
            let offered = |key: &str| {
                let choices = state["text"]["en"]["choices"].as_array().unwrap();
                choices.iter().any(|choice| choice["key"] == key)
            };
            let key = match name.as_str() {
                "choose-method" if offered(method) => method,
                "choose-method" => "cancel",
                "last-try" | "certificate-notice" | "register" | "accepted" | "not-accepted" => {
                    "yes"
                }
                "consents" => "consent-to-all",
                "enter-pin" => {
                    self.kiosk
                        .done("/pin", &json!({ "screen": number, "pin": "1234" }));
                    names.push(name);
                    continue;
                }
                "look-at-camera" => {
                    self.look(number);
                    names.push(name);
                    continue;
                }
                "face-failed" => "cancel",
                "take-card" => {
                    self.kiosk.done("/remove", &json!({}));
                    return names;
                }
                other => panic!("{other}"),
            };
            names.push(name);
            self.kiosk
                .done("/choose", &json!({ "screen": number, "key": key }));
        }
    }

    /// The screen shows a moment before the camera's picture is awaited.
    fn look(&mut self, number: u64) {
        self.events
            .state(|state| state["name"] != "look-at-camera" || !state["deadline_ms"].is_null());
        assert_eq!(self.kiosk.send(&frame(self.kiosk, number)).status, 204);
    }

    fn refused(&mut self) -> String {
        let (_, state) = self.events.screen("not-accepted");
        state["extra"]["failure"].as_str().unwrap().to_owned()
    }
}

#[test]
fn every_persona_ends_as_their_case_says() {
    let kiosk = Running::new();
    // Where there is a reader for phones, one on the card's reader is sent there.
    kiosk.done("/settings", &json!({ "phones": false }));
    for person in Persona::all() {
        for (method, expected) in [("pin", person.with_pin), ("face", person.with_face)] {
            let mut visit = Visit::of(&kiosk, person.name);
            let screens = visit.goes_on(method);
            visit.events.state(|state| state["name"] == "idle");
            let shown = kiosk.events("desk").until("desk", |_| true);
            let ended = match expected {
                Expected::Accepted => Value::Null,
                Expected::Refused(failure) => json!(failure.code()),
            };
            assert_eq!(
                shown["outcome"]["failure"], ended,
                "{} by {method}: {screens:?} {shown}",
                person.name
            );
            assert_eq!(shown["outcome"]["accepted"], ended.is_null());
        }
    }
}

#[test]
fn three_wrong_pins_lock_the_card_and_the_same_one_twice_does_not() {
    let kiosk = Running::new();
    kiosk.done("/settings", &json!({ "face": false, "staff": true }));
    let mut visit = Visit::of(&kiosk, "in-order");
    visit.press("choose-method", "pin");
    visit.pin("0000");
    let (_, state) = visit.events.screen("enter-pin");
    assert_eq!(state["extra"]["tries_left"], 2);
    visit.pin("0000");
    let (_, state) = visit.events.screen("enter-pin");
    assert_eq!(
        (&state["extra"]["same_again"], &state["extra"]["tries_left"]),
        (&json!(true), &json!(2))
    );
    assert_eq!(kiosk.app.tray.presented(), 1);
    visit.pin("0001");
    visit.press("last-try", "yes");
    visit.pin("0002");
    let (_, state) = visit.events.screen("choose-method");
    assert_eq!(state["extra"]["tries_left"], Value::Null);
    assert_eq!(kiosk.app.tray.presented(), 3);
    visit.press("choose-method", "cancel");
    assert_eq!(visit.refused(), "pin-locked");
}

#[test]
fn the_camera_takes_one_picture_for_the_screen_that_asks() {
    let kiosk = Running::new();
    let mut visit = Visit::of(&kiosk, "face-mismatch");
    visit.press("choose-method", "face");
    let (number, _) = visit.events.screen("look-at-camera");
    let waiting = visit.events.state(|state| !state["deadline_ms"].is_null());
    assert_eq!(waiting["screen"], number);
    assert_eq!(
        kiosk.send(&frame(&kiosk, number + 1)).error(),
        "stale-screen"
    );
    assert_eq!(kiosk.send(&frame(&kiosk, number).body("")).error(), "empty");
    // Another format, too small, too large, too little, too much: refused, and the screen waits on.
    let head = |size: &str, pixels: usize| {
        [
            format!("P6\n{size}\n255\n").into_bytes(),
            vec![1; 3 * pixels],
        ]
        .concat()
    };
    for wrong in [
        b"\xFF\xD8\xFF\xE0 a picture".to_vec(),
        head("63 64", 63 * 64),
        head("1025 64", 1025 * 64),
        head("64 64", 64 * 64 - 1),
        head("64 64", 64 * 64 + 1),
        head("60000 60000", 64 * 64),
    ] {
        let answer = kiosk.send(&frame(&kiosk, number).body(wrong));
        assert_eq!((answer.status, &*answer.error()), (400, "picture"));
    }
    assert_eq!(
        kiosk
            .send(&frame(&kiosk, number).without("X-Screen"))
            .error(),
        "screen"
    );
    assert_eq!(kiosk.send(&frame(&kiosk, number)).status, 204);
    let (failed, state) = visit.events.screen("face-failed");
    assert_eq!(state["extra"]["attempts_left"], 4);
    assert_eq!(kiosk.send(&frame(&kiosk, number)).error(), "stale-screen");
    assert_eq!(kiosk.send(&frame(&kiosk, failed)).error(), "not-offered");
    visit.press("face-failed", "yes");
    let (_, state) = visit.events.screen("look-at-camera");
    assert_eq!(state["extra"]["attempt"], 2);
}

#[test]
fn who_does_not_want_to_look_can_cancel() {
    let kiosk = Running::new();
    let mut visit = Visit::of(&kiosk, "in-order");
    visit.press("choose-method", "face");
    visit.press("look-at-camera", "cancel");
    assert_eq!(visit.refused(), "cancelled");
    visit.press("not-accepted", "yes");
    visit.take_card();
}

/// The kiosk has one policy for all visits.
#[test]
fn attempts_are_the_cards_and_not_the_visits() {
    let kiosk = Running::new();
    let mut visit = Visit::of(&kiosk, "face-mismatch");
    visit.press("choose-method", "face");
    for left in [4, 3, 2] {
        let (number, _) = visit.events.screen("look-at-camera");
        visit.look(number);
        visit.events.answered = number;
        let (_, state) = visit.events.screen("face-failed");
        assert_eq!(
            (&state["extra"]["attempts_left"], &state["extra"]["why"]),
            (&json!(left), &Value::Null)
        );
        visit.press("face-failed", if left == 2 { "cancel" } else { "yes" });
    }
    assert_eq!(visit.refused(), "face-not-recognised");
    visit.press("not-accepted", "yes");
    visit.take_card();

    // The same card, put back: two attempts are left, and then none.
    let mut visit = Visit::of(&kiosk, "face-mismatch");
    visit.press("choose-method", "face");
    for left in [1, 0] {
        let (number, _) = visit.events.screen("look-at-camera");
        visit.look(number);
        visit.events.answered = number;
        let (_, state) = visit.events.screen("face-failed");
        assert_eq!(state["extra"]["attempts_left"], left);
        visit.press("face-failed", if left == 0 { "cancel" } else { "yes" });
    }
    assert_eq!(visit.refused(), "face-not-recognised");
    visit.press("not-accepted", "yes");
    visit.take_card();

    let offered = |state: &Value| {
        let extra = &state["extra"];
        (extra["face"] == true, extra["face_paused"] == true)
    };
    let mut visit = Visit::of(&kiosk, "face-mismatch");
    let (_, state) = visit.events.screen("choose-method");
    assert_eq!(offered(&state), (false, true));
    // Another card's face is another matter.
    visit.press("choose-method", "cancel");
    assert_eq!(visit.refused(), "cancelled");
    visit.press("not-accepted", "yes");
    visit.take_card();
    let mut other = Visit::of(&kiosk, "in-order");
    let (_, state) = other.events.screen("choose-method");
    assert_eq!(offered(&state), (true, false));
    other.press("choose-method", "cancel");
    assert_eq!(other.refused(), "cancelled");
    other.press("not-accepted", "yes");
    other.take_card();

    // Whoever knows the PIN is let in, and has their face's attempts again.
    let mut visit = Visit::of(&kiosk, "face-mismatch");
    visit.press("choose-method", "pin");
    visit.pin("1234");
    visit.press("consents", "consent-to-none");
    visit.press("accepted", "yes");
    visit.take_card();
    let mut visit = Visit::of(&kiosk, "face-mismatch");
    let (_, state) = visit.events.screen("choose-method");
    assert_eq!(offered(&state), (true, false));
}

#[test]
fn without_a_camera_there_are_the_other_ways() {
    let kiosk = Running::new();
    let mut visit = Visit::of(&kiosk, "in-order");
    visit.press("choose-method", "face");
    let (number, _) = visit.events.screen("look-at-camera");
    visit.events.state(|state| !state["deadline_ms"].is_null());
    let none = frame(&kiosk, number)
        .with("X-Frame-Error", "denied")
        .body("");
    assert_eq!(kiosk.send(&none).status, 204);
    visit.events.answered = number;
    let (_, state) = visit.events.screen("choose-method");
    assert_eq!(state["extra"]["face"], false);
}

#[test]
fn a_card_taken_before_the_camera_looks_ends_the_waiting() {
    let kiosk = Running::new();
    let mut visit = Visit::of(&kiosk, "in-order");
    visit.press("choose-method", "face");
    visit.events.screen("look-at-camera");
    kiosk.done("/remove", &json!({}));
    assert_eq!(visit.refused(), "card-removed");
}

#[test]
fn a_card_pulled_in_the_middle_of_reading_is_told() {
    let kiosk = Running::new();
    kiosk.done(
        "/settings",
        &json!({ "pull": "mid-read", "card": "lifelike" }),
    );
    let mut desk = kiosk.events("desk");
    let mut visit = Visit::of(&kiosk, "in-order");
    let progress = visit.events.screen("reading-card").1["extra"]["progress"].clone();
    assert!(progress["read"].is_u64() && progress["total"].is_u64());
    assert_eq!(visit.refused(), "card-removed");
    let shown = desk.until("desk", |desk| desk["outcome"]["failure"] == "card-removed");
    assert_eq!(shown["card"], Value::Null);
    visit.press("not-accepted", "yes");
    visit.events.screen("idle");
    // The next one is fine, and pulled no more.
    kiosk.done("/settings", &json!({ "pull": "never" }));
    Visit::of(&kiosk, "in-order").events.screen("choose-method");
}

#[test]
fn centre_and_network_fail_as_they_are_set() {
    let kiosk = Running::new();
    for (settings, failure) in [
        (json!({ "centre": "down" }), "centre-down"),
        (json!({ "network": "down", "centre": "up" }), "network-down"),
        (
            json!({ "network": "up", "registration": false }),
            "not-registered",
        ),
    ] {
        kiosk.done("/settings", &settings);
        let mut visit = Visit::of(&kiosk, "not-registered");
        visit.press("choose-method", "pin");
        visit.pin("1234");
        assert_eq!(visit.refused(), failure);
        visit.press("not-accepted", "yes");
        visit.take_card();
    }
}

#[test]
fn a_slow_centre_is_waited_for() {
    let kiosk = Running::new();
    kiosk.done("/settings", &json!({ "centre": "slow" }));
    let mut visit = Visit::of(&kiosk, "in-order");
    visit.press("choose-method", "pin");
    visit.pin("1234");
    let (_, state) = visit.events.screen("asking");
    assert_eq!(state["extra"]["question"], "status");
    visit.events.state(|state| !state["deadline_ms"].is_null());
    kiosk.app.clock.skip(Duration::from_secs(7));
    visit.press("consents", "consent-to-none");
    let (number, state) = visit.events.screen("asking");
    assert_eq!(state["extra"]["question"], "result");
    // … or not.
    kiosk.done("/choose", &json!({ "screen": number, "key": "cancel" }));
    assert_eq!(visit.refused(), "cancelled");
}

#[test]
fn the_form_of_prescriptions_and_subsidies_are_asked_where_the_centre_takes_them() {
    let kiosk = Running::new();
    kiosk.done(
        "/settings",
        &json!({ "prescription": true, "subsidies": true }),
    );
    let mut desk = kiosk.events("desk");
    let mut visit = Visit::of(&kiosk, "in-order");
    visit.press("choose-method", "pin");
    visit.pin("1234");
    visit.press("consents", "consent-to-all");
    visit.press("prescription", "paper");
    visit.press("subsidies", "no");
    visit.press("accepted", "yes");
    visit.take_card();
    desk.until("desk", |desk| desk["outcome"]["accepted"] == true);
}

#[test]
fn a_guardian_can_help() {
    let kiosk = Running::new();
    let mut desk = kiosk.events("desk");
    let mut visit = Visit::of(&kiosk, "in-order");
    visit.press("choose-method", "guardian");
    let (_, state) = visit.events.screen("choose-method");
    assert_eq!(state["extra"]["guardian"], true);
    visit.press("choose-method", "pin");
    visit.pin("1234");
    visit.press("consents", "consent-to-none");
    visit.press("accepted", "yes");
    visit.take_card();
    let shown = desk.until("desk", |desk| desk["outcome"]["accepted"] == true);
    let lines = shown["outcome"]["lines"]["en"].to_string();
    assert!(lines.contains("guardian"), "{lines}");
}

#[test]
fn in_an_outage_or_a_disaster_no_card_is_asked_for() {
    let kiosk = Running::new();
    for mode in ["system-outage", "disaster"] {
        kiosk.done("/settings", &json!({ "mode": mode }));
        let mut events = kiosk.events("kiosk");
        kiosk.done("/begin", &json!({}));
        let (number, state) = events.screen("not-accepted");
        assert_eq!(state["extra"]["failure"], mode);
        kiosk.done("/choose", &json!({ "screen": number, "key": "yes" }));
        events.state(|state| state["name"] == "idle");
    }
    kiosk.done("/settings", &json!({ "mode": "normal" }));
    Visit::of(&kiosk, "in-order").events.screen("choose-method");
}

#[test]
fn the_staff_can_confirm() {
    let kiosk = Running::new();
    let mut visit = Visit::of(&kiosk, "no-pin");
    visit.press("choose-method", "staff");
    let (number, _) = visit.events.screen("staff-check");
    let typed = |number: u64, passcode: &str| json!({ "screen": number, "staff": "staff-1", "passcode": passcode });
    let mut desk = kiosk.events("desk");
    // Into the wrong field: it may be a passcode or a PIN, and is on no screen.
    let swapped = json!({ "screen": number, "staff": "simulated-passcode", "passcode": "staff-1" });
    kiosk.done("/staff", &swapped);
    let shown = desk.until("desk", |desk| {
        desk["log"].to_string().contains("staff-refused")
    });
    assert!(
        !shown["log"].to_string().contains("simulated-passcode"),
        "{shown}"
    );
    visit.events.answered = number;
    let (number, state) = visit.events.screen("staff-check");
    assert_eq!(
        (&state["extra"]["wrong"], &state["extra"]["attempts_left"]),
        (&json!(true), &json!(4))
    );
    assert_eq!(
        kiosk
            .post("/staff", &typed(number - 1, "simulated-passcode"))
            .error(),
        "stale-screen"
    );
    kiosk.done("/staff", &typed(number, "simulated-passcode"));
    visit.press("consents", "consent-one-by-one");
    for answer in ["yes", "no", "yes", "no"] {
        visit.press("consent", answer);
    }
    visit.press("accepted", "yes");
    visit.take_card();
    assert_eq!(kiosk.app.tray.presented(), 0);
}

#[test]
fn time_runs_out_with_a_way_on() {
    let kiosk = Running::new();
    let mut visit = Visit::of(&kiosk, "in-order");
    let state = visit
        .events
        .state(|state| state["name"] == "choose-method" && !state["deadline_ms"].is_null());
    let left = state["deadline_ms"].as_u64().unwrap();
    assert!((20_000..=90_000).contains(&left), "{left}");
    kiosk.app.clock.skip(Duration::from_millis(left));
    assert_eq!(visit.refused(), "person-timed-out");
    visit.press("not-accepted", "yes");
    let (_, state) = visit.events.screen("take-card");
    assert_eq!(state["extra"]["alarm"], false);
    kiosk.app.clock.skip(Duration::from_secs(11));
    visit.events.state(|state| state["extra"]["alarm"] == true);
    // Nobody takes it. It isn't the next person's.
    kiosk.app.clock.skip(Duration::from_secs(301));
    visit.events.screen("idle");
    kiosk.done("/begin", &json!({}));
    visit
        .events
        .state(|state| state["name"] == "place-card" && !state["deadline_ms"].is_null());
    let occupied = kiosk.post("/place", &json!({ "person": "grace" }));
    assert_eq!((occupied.status, &*occupied.error()), (409, "occupied"));
    kiosk.done("/remove", &json!({}));
    kiosk.done("/place", &json!({ "person": "grace" }));
    visit.events.screen("choose-method");
}

#[test]
fn who_needs_more_time_gets_it() {
    let kiosk = Running::new();
    let mut visit = Visit::of(&kiosk, "in-order");
    visit.press("choose-method", "pin");
    let (number, _) = visit.events.screen("enter-pin");
    for _ in 0..3 {
        visit
            .events
            .state(|state| state["deadline_ms"].as_u64() > Some(80_000));
        kiosk.app.clock.skip(Duration::from_secs(70));
        kiosk.done("/choose", &json!({ "screen": number, "key": "more-time" }));
        let state = visit.events.until("state", |state| {
            state["deadline_ms"].as_u64() > Some(80_000)
        });
        // The same prompt, still open.
        assert_eq!(
            (&state["screen"], &state["more_time"]),
            (&json!(number), &json!(true))
        );
    }
    visit.pin("1234");
    visit.events.screen("consents");
    let late = kiosk.post("/choose", &json!({ "screen": number, "key": "more-time" }));
    assert_eq!(late.error(), "stale-screen");
    // Where nobody is waited for, there is nothing to give.
    visit.press("consents", "consent-to-all");
    visit.press("accepted", "yes");
    let (number, state) = visit.events.screen("take-card");
    assert_eq!(state["more_time"], false);
    let answer = kiosk.post("/choose", &json!({ "screen": number, "key": "more-time" }));
    assert_eq!(answer.error(), "not-offered");
}

#[test]
fn a_card_that_waits_is_taken_for_the_visit_that_begins() {
    let kiosk = Running::new();
    kiosk.done("/place", &json!({ "person": "in-order" }));
    kiosk.done("/begin", &json!({}));
    kiosk.events("kiosk").screen("choose-method");
}

#[test]
fn ending_the_kiosk_ends_the_visit_and_lets_go_of_the_card() {
    for step in [
        "place-card",
        "choose-method",
        "enter-pin",
        "look-at-camera",
        "reading-card",
    ] {
        let mut kiosk = Running::new();
        if step == "reading-card" {
            kiosk.done("/settings", &json!({ "card": "lifelike" }));
        }
        let mut events = kiosk.events("desk");
        kiosk.done("/begin", &json!({}));
        if step != "place-card" {
            kiosk.done("/place", &json!({ "person": "in-order" }));
        }
        let method = match step {
            "enter-pin" => Some("pin"),
            "look-at-camera" => Some("face"),
            _ => None,
        };
        if let Some(method) = method {
            let (number, _) = events.screen("choose-method");
            kiosk.done("/choose", &json!({ "screen": number, "key": method }));
        }
        events.screen(step);
        kiosk.end();
        // The streams end.
        while events.next().is_some() {}
        let ending = kiosk.app.board.snapshot().ending.unwrap();
        assert!(
            format!("{ending:?}").contains("cancelled"),
            "{step}: {ending:?}"
        );
        assert_eq!(kiosk.app.board.snapshot().phase, kiosk::board::Phase::Idle);
        let mut reader = kiosk::devices::TrayReader::new(
            std::sync::Arc::clone(&kiosk.app.tray),
            std::sync::Arc::new(Shared::default()),
        );
        assert_eq!(reader.connect().is_ok(), step != "place-card", "{step}");
    }
}

/// A virtual reader that does something else when a card is to be read.
struct Faulty(VirtualReader, fn());

impl Reader for Faulty {
    type Transport = VirtualTransport;

    fn name(&self) -> &str {
        "faulty"
    }
    fn presence(&mut self) -> Result<Presence, TransportError> {
        self.0.presence()
    }
    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError> {
        self.0.wait_for_change(from, timeout)
    }
    fn connect(&mut self) -> Result<VirtualTransport, TransportError> {
        (self.1)();
        self.0.connect()
    }
    fn canceller(&self) -> Box<dyn Cancel> {
        self.0.canceller()
    }
}

fn with_faulty(fault: fn()) -> (Running, VirtualReader) {
    let reader = VirtualReader::new();
    let mut setup = support::instant();
    setup.reader = Some(AnyReader::new(Faulty(reader.clone(), fault)));
    (Running::with(setup), reader)
}

fn insert(reader: &VirtualReader) {
    let person = Persona::named("in-order").unwrap();
    let now = jiff::Timestamp::now();
    reader.insert(VirtualCard::new(person, CardOptions::default(), now));
}

#[test]
fn a_fault_of_the_program_hangs_nothing() {
    let (kiosk, reader) = with_faulty(|| panic!("as this test wants it"));
    assert_eq!(kiosk.get("/people").json(), json!([]));
    let answer = kiosk.post("/place", &json!({ "person": "in-order" }));
    assert_eq!(answer.error(), "real-reader");
    // Nor is there a virtual one for phones beside it.
    assert_eq!(kiosk.get("/phones").json(), json!([]));
    let answer = kiosk.post("/hold", &json!({ "phone": "android-in-order" }));
    assert_eq!((answer.status, &*answer.error()), (409, "real-reader"));
    let mut events = kiosk.events("kiosk");
    for _ in 0..2 {
        kiosk.done("/begin", &json!({}));
        // It waits, so it has seen that the reader is empty.
        let state =
            events.state(|state| state["name"] == "place-card" && !state["deadline_ms"].is_null());
        assert_eq!(state["extra"]["phone"], false);
        insert(&reader);
        let state = events.state(|state| state["name"] == "out-of-order");
        assert_eq!(
            (&state["visit"], &state["screen"]),
            (&json!(false), &Value::Null)
        );
        assert!(state["text"]["ja"]["title"].is_string());
        reader.remove();
    }
}

#[test]
fn a_reader_that_hangs_does_not_keep_the_kiosk_from_ending() {
    let (mut kiosk, reader) = with_faulty(|| {
        loop {
            std::thread::park();
        }
    });
    insert(&reader);
    let mut events = kiosk.events("kiosk");
    kiosk.done("/begin", &json!({}));
    events.screen("reading-card");
    // Whoever else looks or asks is answered.
    assert_eq!(kiosk.post("/begin", &json!({})).error(), "visit-running");
    kiosk.events("desk").screen("reading-card");
    kiosk.end();
    while events.next().is_some() {}
}

#[test]
fn a_lifelike_card_takes_its_time() {
    let kiosk = Running::new();
    assert_eq!(kiosk.app.settings.get().card, CardIs::Instant);
    kiosk.done("/settings", &json!({ "card": "lifelike" }));
    let mut visit = Visit::of(&kiosk, "in-order");
    let began = std::time::Instant::now();
    let some = visit.events.state(|state| {
        let progress = &state["extra"]["progress"];
        progress["read"].as_u64() > Some(0)
            && progress["read"].as_u64() < progress["total"].as_u64()
    });
    let (number, _) = visit.events.screen("choose-method");
    assert!(began.elapsed() > Duration::from_millis(200));
    // Progress doesn't renumber the screen.
    assert_eq!(some["screen"].as_u64().unwrap() + 1, number);
}
