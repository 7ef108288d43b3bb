//! What was typed, and what the camera saw, isn't in the memory of the program once it was used.
//!
//! The program runs in a process of its own, whose whole memory is looked at: while half of a body has come, when it must
//! be found (else the looking would prove nothing), and afterwards, when it must be found nowhere.
#![cfg(target_os = "linux")]

#[path = "../../../tests/memory_support/scan.rs"]
mod scan;
mod support;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use scan::{Memory, random};
use serde_json::json;
use support::{Answer, Client, Request, Visit};

struct Program {
    process: Child,
    client: Client,
}

impl Program {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_kiosk"))
            .args(["--card", "instant"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut said)
            .unwrap();
        let (_, url) = said.trim().split_once("http://").unwrap();
        let (host, path) = url.split_once('/').unwrap();
        let mut client = Client {
            address: host.parse().unwrap(),
            cookie: String::new(),
        };
        let entered = client.get(&format!("/{path}"));
        let cookie = entered.header("set-cookie").unwrap();
        client.cookie = cookie.split(';').next().unwrap().to_owned();
        Self { process, client }
    }

    fn find(&self, what: &[u8]) -> Vec<String> {
        Memory::of(self.process.id()).find(what)
    }

    /// Where it still is, when the program had the time to be done with it: the answer comes before the connection ends.
    fn left(&self, what: &[u8]) -> Vec<String> {
        let began = std::time::Instant::now();
        loop {
            let found = self.find(what);
            if found.is_empty() || began.elapsed() > Duration::from_secs(3) {
                return found;
            }
        }
    }

    /// Sends a request in two halves, and looks for what is in the first one in between. The answer's status.
    fn send(&self, request: &Request, what: &[u8]) -> u16 {
        let bytes = request.bytes();
        let at = bytes
            .windows(what.len())
            .position(|bytes| bytes == what)
            .unwrap();
        let (first, second) = bytes.split_at(at + what.len());
        let mut stream = self.client.connect();
        stream.write_all(first).unwrap();
        let began = std::time::Instant::now();
        while self.find(what).is_empty() {
            assert!(
                began.elapsed() < support::PATIENCE,
                "not found while it must be there"
            );
        }
        stream.write_all(second).unwrap();
        Answer::read(&mut BufReader::new(stream)).status
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// Letters and digits that stand nowhere yet.
fn marked(length: usize) -> String {
    let letters = b"abcdefghijklmnopqrstuvwxyz0123456789";
    (0..length)
        .map(|_| char::from(letters[random(letters.len())]))
        .collect()
}

#[test]
fn nothing_typed_or_seen_is_left_behind() {
    let program = Program::start();
    let kiosk = &program.client;
    let post = |path: &str, body: String| kiosk.request("POST", path).body(body);
    let mut visit = Visit::of(kiosk, "in-order");

    // A PIN, as it is sent: wrong, so the visit goes on to another prompt.
    visit.press("choose-method", "pin");
    let (number, _) = visit.events.screen("enter-pin");
    let pin = format!(r#""pin":"{:04}"#, 2_000 + random(8_000));
    assert_eq!(program.find(pin.as_bytes()), [""; 0]);
    let body = format!(r#"{{"screen":{number},{pin}"}}"#);
    assert_eq!(program.send(&post("/pin", body), pin.as_bytes()), 204);
    visit.events.answered = number;
    visit.press("enter-pin", "other-method");

    // A passcode, wrong too.
    visit.press("choose-method", "staff");
    let (number, _) = visit.events.screen("staff-check");
    let passcode = marked(64);
    let body = json!({ "passcode": passcode, "screen": number, "staff": "staff-1" }).to_string();
    assert_eq!(
        program.send(&post("/staff", body), passcode.as_bytes()),
        204
    );
    visit.events.answered = number;
    visit.press("staff-check", "other-method");

    // A picture.
    visit.press("choose-method", "face");
    let (number, _) = visit.events.screen("look-at-camera");
    visit.events.state(|state| !state["deadline_ms"].is_null());
    let face = marked(64);
    let mut picture = b"P6\n640 480\n255\n".to_vec();
    picture.resize(picture.len() + 640 * 480 * 3, 0xFF);
    let middle = picture.len() / 2;
    picture[middle..middle + face.len()].copy_from_slice(face.as_bytes());
    let frame = kiosk
        .request("POST", "/frame")
        .with("Content-Type", "image/x-portable-pixmap")
        .with("X-Screen", number.to_string())
        .body(picture);
    assert_eq!(program.send(&frame, face.as_bytes()), 204);
    visit.events.answered = number;
    visit.events.screen("consents");

    for what in [&pin, &passcode, &face] {
        assert_eq!(program.left(what.as_bytes()), [""; 0], "{what}");
    }
}

/// Too long to be a PIN, for no screen: what isn't taken isn't kept either. Several times, since where the web server's
/// buffers lie differs; without an allocator that wipes, nine of ten are left.
#[test]
fn what_is_refused_is_wiped_as_well() {
    let program = Program::start();
    for _ in 0..5 {
        let typed = marked(64);
        let request = program
            .client
            .request("POST", "/pin")
            .body(format!(r#"{{"screen":1,"pin":"{typed}"}}"#));
        assert_eq!(program.client.send(&request).status, 400);
        assert_eq!(program.left(typed.as_bytes()), [""; 0]);
        assert_eq!(program.send(&request, typed.as_bytes()), 400);
        assert_eq!(program.left(typed.as_bytes()), [""; 0]);
    }
}
