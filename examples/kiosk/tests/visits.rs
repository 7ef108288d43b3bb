//! Whole visits through the web server, each to its screen.

mod support;

use serde_json::json;
use support::{Running, Visit};

#[test]
fn a_pin_lets_in() {
    let kiosk = Running::new();
    let mut visit = Visit::of(&kiosk, "in-order");
    visit.press("choose-method", "pin");
    visit.pin("1234");
    visit.press("consents", "consent-to-all");
    let (number, state) = visit.events.screen("accepted");
    assert!(
        state["text"]["ja"]["body"][0]
            .as_str()
            .unwrap()
            .contains("見本")
    );
    kiosk.done("/choose", &json!({ "screen": number, "key": "yes" }));
    visit.take_card();
    assert_eq!(kiosk.app.tray.presented(), 1);
}
