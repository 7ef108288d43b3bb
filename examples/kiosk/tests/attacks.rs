//! A PIN prompt is open on a card with three tries, and others want to use them. What counts is what reaches the card.

mod support;

use serde_json::{Value, json};
use support::{Events, Request, Running, Visit};

/// A visit that shows its PIN prompt, and the prompt's number.
fn prompt(kiosk: &Running) -> (Visit<'_>, u64) {
    let mut visit = Visit::of(kiosk, "in-order");
    visit.press("choose-method", "pin");
    let (number, _) = visit.events.screen("enter-pin");
    (visit, number)
}

fn pin(kiosk: &Running, screen: u64, pin: &str) -> Request {
    kiosk
        .request("POST", "/pin")
        .body(json!({ "screen": screen, "pin": pin }).to_string())
}

/// The prompt still stands, nothing reached the card, and the right PIN is taken now.
fn unharmed(kiosk: &Running, mut visit: Visit<'_>, number: u64) {
    assert_eq!(kiosk.app.tray.presented(), 0);
    let shown = kiosk.app.board.snapshot().shown.unwrap();
    assert_eq!((shown.number, shown.screen.name()), (number, "enter-pin"));
    assert_eq!(kiosk.send(&pin(kiosk, number, "1234")).status, 204);
    visit.events.screen("consents");
    assert_eq!(kiosk.app.tray.presented(), 1);
}

#[test]
fn pages_elsewhere_burn_nothing() {
    let kiosk = Running::new();
    let (visit, number) = prompt(&kiosk);
    let wrong = || pin(&kiosk, number, "0000");
    let port = kiosk.address.port();
    let attacks = [
        // A form of another site, the cookie with it or not.
        wrong()
            .with("Origin", "https://evil.example")
            .with("Sec-Fetch-Site", "cross-site")
            .with("Content-Type", "text/plain")
            .without("X-Kiosk")
            .without("Cookie"),
        wrong()
            .with("Origin", "https://evil.example")
            .with("Content-Type", "application/x-www-form-urlencoded")
            .without("Sec-Fetch-Site")
            .without("X-Kiosk"),
        // A sandboxed frame.
        wrong().with("Origin", "null").without("Sec-Fetch-Site"),
        // A browser so old that it sends neither.
        wrong().without("Origin").without("Sec-Fetch-Site"),
        // A name of another site that now points here.
        wrong()
            .with("Host", format!("evil.example:{port}"))
            .with("Origin", format!("http://evil.example:{port}"))
            .without("Cookie"),
        // Another local server's page: the cookie comes along, since ports don't part cookies.
        wrong()
            .with("Origin", "http://127.0.0.1:8080")
            .with("Sec-Fetch-Site", "same-site"),
        // Another program that found the port, and not the address.
        wrong().without("Cookie"),
        // A script that isn't allowed its header.
        wrong().without("X-Kiosk"),
    ];
    for attack in &attacks {
        let answer = kiosk.send(attack);
        assert_eq!(answer.status, 403, "{answer:?}");
    }
    unharmed(&kiosk, visit, number);
}

#[test]
fn a_preflight_is_never_answered() {
    let kiosk = Running::new();
    let (visit, number) = prompt(&kiosk);
    for origin in [
        "https://evil.example".to_owned(),
        format!("http://{}", kiosk.host()),
    ] {
        let mut preflight = pin(&kiosk, number, "0000")
            .with("Origin", origin)
            .with("Access-Control-Request-Method", "POST")
            .with("Access-Control-Request-Headers", "x-kiosk,content-type")
            .body("");
        preflight.method = "OPTIONS".to_owned();
        let answer = kiosk.send(&preflight);
        assert_eq!(answer.status, 403);
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    unharmed(&kiosk, visit, number);
}

#[test]
fn a_pin_for_any_other_screen_is_worth_nothing() {
    let kiosk = Running::new();
    let (visit, number) = prompt(&kiosk);
    let others = [0, 1, number - 1, number + 1, number + 2, u64::MAX];
    for other in others.into_iter().filter(|other| *other != number) {
        let answer = kiosk.send(&pin(&kiosk, other, "0000"));
        assert_eq!((answer.status, &*answer.error()), (409, "stale-screen"));
    }
    unharmed(&kiosk, visit, number);
}

#[test]
fn a_replayed_pin_is_worth_nothing() {
    let kiosk = Running::new();
    let (mut visit, first) = prompt(&kiosk);
    let wrong = pin(&kiosk, first, "0000");
    assert_eq!(kiosk.send(&wrong).status, 204);
    visit.events.answered = first;
    let (second, state) = visit.events.screen("enter-pin");
    assert_eq!(
        (&state["extra"]["wrong"], &state["extra"]["tries_left"]),
        (&json!(true), &json!(2))
    );
    assert_ne!(first, second);
    for _ in 0..5 {
        let answer = kiosk.send(&wrong);
        assert_eq!((answer.status, &*answer.error()), (409, "stale-screen"));
    }
    assert_eq!(kiosk.app.tray.presented(), 1);
    kiosk.done("/pin", &json!({ "screen": second, "pin": "1234" }));
    visit.events.screen("consents");
    let answer = kiosk.send(&pin(&kiosk, second, "1234"));
    assert_eq!(answer.error(), "stale-screen");
    // The visit ends, and another begins: no number comes again.
    visit.press("consents", "cancel");
    visit.press("not-accepted", "yes");
    visit.take_card();
    for number in 0..=second {
        assert_eq!(kiosk.send(&pin(&kiosk, number, "0000")).error(), "no-visit");
    }
    let (next, third) = prompt(&kiosk);
    for number in 0..third {
        assert_eq!(
            kiosk.send(&pin(&kiosk, number, "0000")).error(),
            "stale-screen"
        );
    }
    assert_eq!(kiosk.app.tray.presented(), 2);
    drop(next);
}

/// However many send it at the same moment: one is taken.
#[test]
fn a_pin_sent_many_times_at_once_costs_one_try() {
    let kiosk = Running::new();
    let (mut visit, number) = prompt(&kiosk);
    let taken: usize = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| usize::from(kiosk.send(&pin(&kiosk, number, "0000")).status == 204))
            })
            .collect();
        senders
            .into_iter()
            .map(|sender| sender.join().unwrap())
            .sum()
    });
    assert_eq!(taken, 1);
    visit.events.answered = number;
    let (_, state) = visit.events.screen("enter-pin");
    assert_eq!(state["extra"]["tries_left"], 2);
    assert_eq!(kiosk.app.tray.presented(), 1);
}

#[test]
fn a_pin_is_taken_by_a_prompt_alone() {
    let kiosk = Running::new();
    let refused = |number: u64, code: &str| {
        let answer = kiosk.send(&pin(&kiosk, number, "0000"));
        assert_eq!((answer.status, &*answer.error()), (409, code));
    };
    refused(0, "no-visit");
    refused(1, "no-visit");
    let mut events = kiosk.events("kiosk");
    kiosk.done("/begin", &json!({}));
    let (number, _) = events.screen("place-card");
    refused(number, "not-offered");
    // One try left: the warning first, and it takes no PIN.
    kiosk.done("/place", &json!({ "person": "pin-last-try" }));
    let (number, _) = events.screen("choose-method");
    refused(number, "not-offered");
    kiosk.done("/choose", &json!({ "screen": number, "key": "pin" }));
    let (number, _) = events.screen("last-try");
    refused(number, "not-offered");
    events.answered = number;
    kiosk.done(
        "/choose",
        &json!({ "screen": number, "key": "other-method" }),
    );
    let (number, _) = events.screen("choose-method");
    refused(number, "not-offered");
    kiosk.done("/choose", &json!({ "screen": number, "key": "staff" }));
    let (number, _) = events.screen("staff-check");
    refused(number, "not-offered");
    assert_eq!(kiosk.app.tray.presented(), 0);
}

#[test]
fn only_what_a_screen_offers_can_be_chosen_on_it() {
    let kiosk = Running::new();
    let (visit, number) = prompt(&kiosk);
    for key in [
        "yes",
        "no",
        "face",
        "pin",
        "staff",
        "consent-to-all",
        "consent-to-none",
        "consent-one-by-one",
    ] {
        let answer = kiosk.post("/choose", &json!({ "screen": number, "key": key }));
        assert_eq!(
            (answer.status, &*answer.error()),
            (409, "not-offered"),
            "{key}"
        );
    }
    let staff = json!({ "screen": number, "staff": "staff-1", "passcode": "simulated-passcode" });
    assert_eq!(kiosk.post("/staff", &staff).error(), "not-offered");
    let frame = kiosk
        .request("POST", "/frame")
        .with("Content-Type", "image/x-portable-pixmap")
        .with("X-Screen", number.to_string());
    let picture = [&b"P6\n64 64\n255\n"[..], &[128; 3 * 64 * 64]].concat();
    assert_eq!(kiosk.send(&frame.body(picture)).error(), "not-offered");
    unharmed(&kiosk, visit, number);
}

/// A PIN that was taken and then overtaken by the card's removal goes nowhere.
#[test]
fn a_pin_for_a_card_that_is_gone_reaches_no_card() {
    let kiosk = Running::new();
    let (mut visit, number) = prompt(&kiosk);
    kiosk.done("/remove", &json!({}));
    let late = kiosk.send(&pin(&kiosk, number, "0000"));
    assert!(matches!(late.status, 204 | 409), "{late:?}");
    let ended = visit.events.until("state", |state| {
        state["name"] == "place-card" || state["name"] == "not-accepted"
    });
    assert_ne!(ended["screen"], json!(number));
    assert_eq!(kiosk.app.tray.presented(), 0);
}

#[test]
fn two_browsers_see_the_same_and_one_of_them_is_late() {
    let kiosk = Running::new();
    let mut second = kiosk.events("kiosk");
    let (mut visit, number) = prompt(&kiosk);
    let (seen, _) = second.screen("enter-pin");
    assert_eq!(seen, number);
    assert_eq!(kiosk.post("/begin", &json!({})).error(), "visit-running");
    kiosk.done(
        "/choose",
        &json!({ "screen": number, "key": "other-method" }),
    );
    let (next, _) = visit.events.screen("choose-method");
    let late = kiosk.post("/choose", &json!({ "screen": seen, "key": "cancel" }));
    assert_eq!((late.status, &*late.error()), (409, "stale-screen"));
    assert_eq!(second.screen("choose-method").0, next);
    assert_eq!(kiosk.app.tray.presented(), 0);
}

#[test]
fn views_are_few_and_are_given_back() {
    let kiosk = Running::new();
    let most = kiosk.app.limits.views;
    let mut views: Vec<Events> = (0..most).map(|_| kiosk.events("kiosk")).collect();
    for view in ["kiosk", "desk"] {
        let answer = kiosk.get(&format!("/events?view={view}"));
        assert_eq!((answer.status, &*answer.error()), (503, "too-many-views"));
    }
    // The kiosk itself goes on working.
    kiosk.done("/begin", &json!({}));
    views[0].screen("place-card");
    // A browser that leaves gives its place back, without being sent anything: it is noticed.
    views.truncate(most - 2);
    let patience = std::time::Instant::now() + support::PATIENCE;
    while kiosk.app.seats.available_permits() < 2 {
        assert!(std::time::Instant::now() < patience, "nobody noticed");
        std::thread::yield_now();
    }
    drop(kiosk.events("desk"));
    assert_eq!(kiosk.get("/events?view=other").error(), "bad-view");
}

#[test]
fn the_kiosks_view_has_nothing_that_is_the_desks() {
    let kiosk = Running::new();
    let mut desk = kiosk.events("desk");
    let mut seen = kiosk.events("kiosk");
    let visit = Visit::of(&kiosk, "in-order");
    let mut visit = visit;
    visit.press("choose-method", "pin");
    visit.pin("1234");
    visit.press("consents", "consent-to-all");
    visit.press("accepted", "yes");
    visit.take_card();
    let shown = desk.until("desk", |desk| {
        desk["outcome"]["accepted"] == true && desk["card"].is_null()
    });
    let coverage = &shown["outcome"]["coverage"];
    let birthdate = coverage["birthdate"].as_str().unwrap();
    let number = coverage["number"].as_str().unwrap();
    assert_eq!((birthdate, number), ("19800217", "10001"));
    let mut names = Vec::new();
    while let Some((event, state)) = seen.next() {
        assert_eq!(event, "state");
        let text = state.to_string();
        assert!(
            !text.contains(birthdate) && !text.contains(number),
            "{text}"
        );
        names.push(state["name"].as_str().unwrap().to_owned());
        if state["name"] == "idle" && names.len() > 1 {
            break;
        }
    }
    assert_eq!(names.last().map(String::as_str), Some("idle"));
    // The log has no PIN, no name, no number of the person.
    let log = shown["log"].to_string();
    assert!(
        log.contains("identified") && log.contains("accepted"),
        "{log}"
    );
    for personal in ["1234", "見本", birthdate, number] {
        assert!(!log.contains(personal), "{log}");
    }
    let events: Vec<_> = shown["log"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["event"].as_str().unwrap(), line["fields"].to_string()))
        .collect();
    let has = |event, fields: Value| events.contains(&(event, fields.to_string()));
    assert!(has("began", json!({})), "{events:?}");
    assert!(has(
        "certificate-validated",
        json!({ "standing": "in-force" })
    ));
    assert!(has("method-chosen", json!({ "method": "pin" })));
    assert!(has("identified", json!({ "method": "pin", "staff": null })));
    assert!(has("accepted", json!({})));
    // With the next visit, the last one is forgotten.
    kiosk.done("/begin", &json!({}));
    let next = desk.until("desk", |desk| desk["outcome"].is_null());
    assert_ne!(next["outcome"], Value::Bool(true));
    assert!(!next.to_string().contains("見本"));
}
