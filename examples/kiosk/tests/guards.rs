//! Each guard by itself: one thing changed in a request that is good, and it is refused, by that rule.

mod support;

use std::io::{BufReader, ErrorKind, Read, Write};
use std::time::Duration;

use kiosk::limits::Limits;
use kiosk::secret::Secret;
use kiosk::server::Setup;
use serde_json::json;
use support::{Answer, Request, Running, instant};

/// A request that changes something, and is good.
fn good(kiosk: &Running) -> Request {
    kiosk.request("POST", "/settings").body(r#"{"face":false}"#)
}

fn refused(kiosk: &Running, request: &Request, code: &str) {
    let answer = kiosk.send(request);
    let shown = String::from_utf8_lossy(&request.bytes()).into_owned();
    assert_eq!((answer.status, &*answer.error()), (403, code), "{shown}");
    assert!(
        kiosk.app.settings.get().face,
        "it changed something: {shown}"
    );
}

#[test]
fn what_the_page_sends_passes() {
    let kiosk = Running::new();
    assert_eq!(kiosk.send(&good(&kiosk)).status, 204);
    assert!(!kiosk.app.settings.get().face);
    let by_name = format!("localhost:{}", kiosk.address.port());
    let request = good(&kiosk)
        .with("Host", &by_name)
        .with("Origin", format!("http://{by_name}"))
        .without("Sec-Fetch-Site")
        .with("Content-Type", "application/json; charset=utf-8");
    assert_eq!(kiosk.send(&request).status, 204);
    for path in [
        "/",
        "/desk",
        "/guide",
        "/gallery",
        "/style.css",
        "/kiosk.js",
        "/people",
        "/phones",
    ] {
        assert_eq!(kiosk.get(path).status, 200, "{path}");
    }
}

#[test]
fn another_host_is_refused() {
    let kiosk = Running::new();
    let port = kiosk.address.port();
    let other = port.wrapping_add(1);
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.:{port}"),
        format!("LOCALHOST:{port}"),
        format!("Localhost:{port}"),
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        format!("localhost:{other}"),
        format!("127.0.0.1:{other}"),
        format!("127.0.0.1:0{port}"),
        format!("127.1:{port}"),
        format!("127.0.0.2:{port}"),
        format!("0.0.0.0:{port}"),
        format!("2130706433:{port}"),
        format!("0x7f.0.0.1:{port}"),
        format!("[::1]:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!("user@localhost:{port}"),
        format!("localhost:{port},evil.example"),
        String::new(),
    ] {
        for method in ["GET", "POST"] {
            // As a rebinding page would: its own name in both.
            let request = match method {
                "GET" => kiosk.request("GET", "/people"),
                _ => good(&kiosk).with("Origin", format!("http://{host}")),
            };
            refused(&kiosk, &request.with("Host", &host), "host");
        }
    }
    refused(&kiosk, &good(&kiosk).without("Host"), "host");
    refused(&kiosk, &good(&kiosk).and("Host", kiosk.host()), "host");
    // The entry has no cookie to show, but a host.
    let key = kiosk.url.split_once("/enter").unwrap().1.to_owned();
    let entry = kiosk.request("GET", &format!("/enter{key}"));
    refused(&kiosk, &entry.with("Host", "evil.example"), "host");
}

#[test]
fn another_name_in_the_request_line_is_refused() {
    let kiosk = Running::new();
    for (target, passes) in [
        (format!("http://{}/people", kiosk.host()), true),
        ("http://evil.example/people".to_owned(), false),
        (format!("http://user@{}/people", kiosk.host()), false),
    ] {
        let mut request = kiosk.request("GET", "/people");
        request.path = target;
        if passes {
            assert_eq!(kiosk.send(&request).status, 200);
        } else {
            refused(&kiosk, &request, "host");
        }
    }
}

#[test]
fn another_origin_is_refused() {
    let kiosk = Running::new();
    let port = kiosk.address.port();
    for origin in [
        "null".to_owned(),
        String::new(),
        "https://evil.example".to_owned(),
        format!("http://127.0.0.1:{}", port.wrapping_add(1)),
        "http://127.0.0.1".to_owned(),
        format!("https://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}/"),
        format!("http://127.0.0.1:{port}.evil.example"),
        // Its own other name: the page came from the one in Host.
        format!("http://localhost:{port}"),
        format!("HTTP://127.0.0.1:{port}"),
        format!("127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port} http://evil.example"),
    ] {
        refused(&kiosk, &good(&kiosk).with("Origin", &origin), "origin");
        // A script elsewhere that only wants to read.
        let read = kiosk.request("GET", "/events").with("Origin", &origin);
        refused(&kiosk, &read, "origin");
    }
    refused(&kiosk, &good(&kiosk).without("Origin"), "origin");
    let own = format!("http://{}", kiosk.host());
    refused(&kiosk, &good(&kiosk).and("Origin", own), "origin");
}

#[test]
fn a_request_for_another_sites_page_is_refused() {
    let kiosk = Running::new();
    for site in [
        "cross-site",
        "same-site",
        "",
        "Same-Origin",
        "same-origin, none",
        "nonsense",
    ] {
        refused(&kiosk, &good(&kiosk).with("Sec-Fetch-Site", site), "site");
        let read = kiosk.request("GET", "/people").with("Sec-Fetch-Site", site);
        refused(&kiosk, &read, "site");
    }
    let twice = good(&kiosk).and("Sec-Fetch-Site", "none");
    refused(&kiosk, &twice, "site");
    let typed = kiosk
        .request("GET", "/people")
        .with("Sec-Fetch-Site", "none");
    assert_eq!(kiosk.send(&typed).status, 200);
}

#[test]
fn no_form_and_no_plain_script_can_post() {
    let kiosk = Running::new();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "application/json-patch+json",
        "application/jsonp",
        "text/plain; application/json",
        "image/jpeg",
        "",
    ] {
        refused(
            &kiosk,
            &good(&kiosk).with("Content-Type", kind),
            "content-type",
        );
    }
    refused(
        &kiosk,
        &good(&kiosk).without("Content-Type"),
        "content-type",
    );
    let twice = good(&kiosk).and("Content-Type", "application/json");
    refused(&kiosk, &twice, "content-type");
    for mark in ["", "0", "true", "1, 1"] {
        refused(&kiosk, &good(&kiosk).with("X-Kiosk", mark), "mark");
    }
    refused(&kiosk, &good(&kiosk).without("X-Kiosk"), "mark");
    for kind in [
        "text/plain",
        "application/json",
        "image/svg+xml",
        "image/jpeg",
        "application/octet-stream",
        "video/mp4",
    ] {
        let frame = kiosk.request("POST", "/frame").with("Content-Type", kind);
        refused(
            &kiosk,
            &frame.with("X-Screen", "1").body("x"),
            "content-type",
        );
    }
}

#[test]
fn without_this_launchs_cookie_nothing_is_said_or_done() {
    let kiosk = Running::new();
    let before = Running::new();
    let (name, value) = kiosk.cookie.split_once('=').unwrap();
    let (_, old) = before.cookie.split_once('=').unwrap();
    let mut flipped = value.to_owned();
    let last = flipped.pop();
    flipped.push(if last == Some('0') { '1' } else { '0' });
    for cookie in [
        String::new(),
        format!("{name}="),
        format!("{name}={old}"),
        format!("{name}={flipped}"),
        format!("{name}={}", &value[1..]),
        format!("{name}={value}0"),
        format!("{name}={}", value.to_uppercase().replace('A', "a")),
        format!("x{name}={value}"),
        format!("kiosk={value}"),
        value.to_owned(),
        // The key of the address opens the door and nothing behind it.
        format!("{name}={}", kiosk.app.key.reveal()),
    ] {
        if cookie == kiosk.cookie {
            continue; // no letter in it to change
        }
        refused(&kiosk, &good(&kiosk).with("Cookie", &cookie), "session");
    }
    refused(&kiosk, &good(&kiosk).without("Cookie"), "session");
    for path in [
        "/",
        "/desk",
        "/guide",
        "/gallery",
        "/kiosk.js",
        "/people",
        "/phones",
        "/screens",
        "/nothing",
        "/events?view=desk",
    ] {
        refused(
            &kiosk,
            &kiosk.request("GET", path).without("Cookie"),
            "session",
        );
    }
    // Beside others, and behind one of the same name that another local server set.
    let among = format!("a=b; {name}={old}; {name}={value}; c");
    assert_eq!(kiosk.send(&good(&kiosk).with("Cookie", among)).status, 204);
}

#[test]
fn the_launchs_key_alone_lets_in() {
    let kiosk = Running::new();
    let other = Running::new();
    let key = kiosk.app.key.reveal().to_owned();
    let enter = |query: &str| {
        let request = kiosk.request("GET", &format!("/enter{query}"));
        kiosk.send(&request.without("Cookie").with("Sec-Fetch-Site", "none"))
    };
    for wrong in [
        String::new(),
        "?key=".to_owned(),
        "?key".to_owned(),
        format!("?key={}", other.app.key.reveal()),
        format!("?key={}", &key[1..]),
        format!("?key={key}0"),
        format!("?Key={key}"),
        format!("?keys={key}"),
        format!("?key=x&key={key}"),
        format!("?key={}", kiosk.cookie.split_once('=').unwrap().1),
    ] {
        let answer = enter(&wrong);
        assert_eq!((answer.status, &*answer.error()), (403, "key"), "{wrong}");
        assert_eq!(answer.header("set-cookie"), None);
    }
    for (more, to) in [
        ("", "/"),
        ("&to=desk", "/desk"),
        ("&lang=en", "/?lang=en"),
        ("&to=guide&lang=ja", "/guide?lang=ja"),
        // Nowhere else.
        ("&to=https://evil.example", "/"),
        ("&to=//evil.example", "/"),
        ("&lang=%0d%0aSet-Cookie:x=y", "/"),
    ] {
        let answer = enter(&format!("?key={key}{more}"));
        assert_eq!(answer.status, 303);
        assert_eq!(answer.header("location"), Some(to));
        let cookie = answer.header("set-cookie").unwrap();
        for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains(&key), "the key isn't the session");
        assert!(cookie.starts_with(&kiosk.cookie));
    }
    // A page elsewhere that knows the address by accident still can't log a browser in.
    let elsewhere = kiosk.request("GET", &format!("/enter?key={key}"));
    refused(
        &kiosk,
        &elsewhere.with("Sec-Fetch-Site", "cross-site"),
        "site",
    );
}

#[test]
fn an_address_for_a_command_line_opens_once() {
    let kiosk = Running::new();
    let enter = |key: &str| {
        let request = kiosk.request("GET", &format!("/enter?key={key}"));
        kiosk.send(&request.without("Cookie").with("Sec-Fetch-Site", "none"))
    };
    let (first, second) = (Secret::random().unwrap(), Secret::random().unwrap());
    let keys = [first.reveal().to_owned(), second.reveal().to_owned()];
    assert_eq!(enter(&keys[0]).status, 403);
    kiosk.app.once.set(first);
    assert_eq!(enter(&keys[1]).status, 403);
    let answer = enter(&keys[0]);
    assert_eq!(answer.status, 303);
    assert!(
        answer
            .header("set-cookie")
            .unwrap()
            .starts_with(&kiosk.cookie)
    );
    let again = enter(&keys[0]);
    assert_eq!(
        (again.status, again.header("connection")),
        (403, Some("close"))
    );
    assert_eq!(again.header("set-cookie"), None);
    kiosk.app.once.set(second);
    assert_eq!(enter(&keys[0]).status, 403);
    assert_eq!(enter(&keys[1]).status, 303);
}

/// Whoever says nothing, or says it slowly, keeps nobody out who has the cookie.
#[test]
fn strangers_take_no_places() {
    // Long enough that none of them goes by itself.
    let kiosk = Running::with(Setup {
        limits: Limits {
            head: support::PATIENCE * 4,
            stranger: support::PATIENCE * 4,
            ..Limits::default()
        },
        ..instant()
    });
    let most = kiosk.app.limits.connections;
    let mut events = kiosk.events("kiosk");
    events.screen("idle");
    let mut silent: Vec<_> = (0..3 * most).map(|_| kiosk.connect()).collect();
    for stream in silent.iter_mut().rev().take(most) {
        let _dribbled = stream.write_all(b"GET / HTTP/1.1\r\nX-Slow: ");
    }
    for _ in 0..3 {
        assert_eq!(kiosk.get("/people").status, 200);
        silent.push(kiosk.connect());
    }
    // Who was let in keeps their place through all of it.
    kiosk.done("/begin", &json!({}));
    events.screen("place-card");
    // The oldest had to go.
    let mut rest = Vec::new();
    let ended = silent[0]
        .read_to_end(&mut rest)
        .map_err(|error| error.kind());
    assert!(
        !matches!(ended, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)) && rest.is_empty(),
        "{ended:?}"
    );
}

#[test]
fn a_stranger_has_little_time() {
    let kiosk = Running::with(Setup {
        limits: Limits {
            stranger: Duration::from_millis(300),
            ..Limits::default()
        },
        ..instant()
    });
    let mut events = kiosk.events("kiosk");
    let mut silent = kiosk.connect();
    let mut rest = Vec::new();
    let _reset = silent.read_to_end(&mut rest);
    assert!(rest.is_empty());
    // Well after that time, who was let in is still there.
    kiosk.done("/begin", &json!({}));
    events.screen("place-card");
}

#[test]
fn a_page_can_tell_this_launch_from_another() {
    let (kiosk, other) = (Running::new(), Running::new());
    let launch = |kiosk: &Running| kiosk.events("kiosk").screen("idle").1["launch"].clone();
    let this = launch(&kiosk);
    assert_eq!(this.as_str().unwrap().len(), 64);
    assert_eq!(launch(&kiosk), this);
    assert_ne!(launch(&other), this);
    for secret in [kiosk.app.key.reveal(), &kiosk.cookie] {
        assert!(!secret.contains(this.as_str().unwrap()));
    }
}

#[test]
fn looking_changes_nothing() {
    let kiosk = Running::new();
    for path in [
        "/begin",
        "/choose",
        "/pin",
        "/staff",
        "/frame",
        "/place",
        "/remove",
        "/hold",
        "/lift",
        "/settings",
    ] {
        for method in ["GET", "HEAD"] {
            let mut request = kiosk.request("GET", path);
            request.method = method.to_owned();
            assert_eq!(kiosk.send_head(&request), 405, "{method} {path}");
        }
    }
    for method in [
        "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "BREW",
    ] {
        let mut request = good(&kiosk);
        request.method = method.to_owned();
        refused(&kiosk, &request, "method");
    }
    for path in ["/", "/people", "/events", "/enter"] {
        let answer = kiosk.post(path, &json!({}));
        assert_eq!(answer.status, 405, "{path}");
    }
    assert_eq!(kiosk.get("/nothing").status, 404);
    assert_eq!(kiosk.get("/../Cargo.toml").status, 404);
}

#[test]
fn every_answer_keeps_to_itself() {
    let kiosk = Running::new();
    let mut answers = vec![
        kiosk.get("/"),
        kiosk.get("/kiosk.js"),
        kiosk.get("/people"),
        kiosk.get("/nothing"),
        kiosk.send(&good(&kiosk)),
        kiosk.send(&good(&kiosk).without("Origin")),
        kiosk.send(&kiosk.request("GET", "/").without("Cookie")),
        kiosk.get(&format!("/enter?key={}", kiosk.app.key.reveal())),
        kiosk.get("/begin"),
        kiosk.post("/begin", &json!([])),
    ];
    answers.push(kiosk.raw(good(&kiosk).with("Host", "evil.example").bytes().as_slice()));
    for answer in answers {
        let policy = answer.header("content-security-policy").unwrap();
        for rule in [
            "default-src 'none'",
            "script-src 'self';",
            "frame-ancestors 'none'",
            "form-action 'none'",
        ] {
            assert!(policy.contains(rule), "{answer:?}");
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert!(
            answer
                .headers
                .iter()
                .all(|(name, _)| !name.starts_with("access-control")),
            "{answer:?}"
        );
    }
}

#[test]
fn bodies_are_bounded() {
    let kiosk = Running::new();
    let limits = Limits::default();
    // Just fits: blanks behind the JSON.
    let fits = format!("{:limit$}", r#"{"face":true}"#, limit = limits.json);
    assert_eq!(kiosk.send(&good(&kiosk).body(fits.clone())).status, 204);
    let answer = kiosk.send(&good(&kiosk).body(fits + " "));
    assert_eq!((answer.status, &*answer.error()), (413, "too-long"));
    // Said to be huge, and not even begun.
    let huge = good(&kiosk).with("Content-Length", "4000000000");
    assert_eq!(
        kiosk.raw(&[huge.head(), b"\r\n".to_vec()].concat()).status,
        413
    );
    // In pieces without a length.
    let mut pieces = good(&kiosk).with("Transfer-Encoding", "chunked").head();
    pieces.extend(b"\r\n");
    for _ in 0..3 {
        pieces.extend(format!("c8\r\n{:200}\r\n", "").into_bytes());
    }
    assert_eq!(kiosk.raw(&pieces).status, 413);
    let frame = kiosk
        .request("POST", "/frame")
        .with("Content-Type", "image/x-portable-pixmap")
        .with("X-Screen", "1")
        .with("Content-Length", (limits.frame + 1).to_string());
    assert_eq!(
        kiosk.raw(&[frame.head(), b"\r\n".to_vec()].concat()).status,
        413
    );
    // A head too large.
    let large = good(&kiosk).with("X-Large", "x".repeat(64 * 1024));
    assert_eq!(kiosk.raw_status(&large.bytes()), Some(431));
}

#[test]
fn bad_bodies_are_told_what_is_wrong_and_nothing_of_themselves() {
    let kiosk = Running::new();
    for (path, body, code) in [
        ("/begin", "", "bad-json"),
        ("/begin", "[]", "bad-field"),
        ("/begin", r#"{"x":1}"#, "bad-field"),
        ("/begin", "{", "bad-json"),
        ("/begin", "{}{}", "bad-json"),
        ("/begin", "\u{feff}{}", "bad-json"),
        ("/choose", "{}", "bad-field"),
        ("/choose", r#"{"screen":1}"#, "bad-field"),
        ("/choose", r#"{"screen":"1","key":"pin"}"#, "bad-field"),
        ("/choose", r#"{"screen":-1,"key":"pin"}"#, "bad-field"),
        ("/choose", r#"{"screen":1.0,"key":"pin"}"#, "bad-field"),
        (
            "/choose",
            r#"{"screen":1,"key":"pin","key":"face"}"#,
            "bad-field",
        ),
        (
            "/choose",
            r#"{"screen":1,"key":"open-sesame"}"#,
            "unknown-key",
        ),
        (
            "/choose",
            r#"{"screen":1,"key":"enter-pin"}"#,
            "key-needs-more",
        ),
        (
            "/choose",
            r#"{"screen":1,"key":"staff-confirms"}"#,
            "key-needs-more",
        ),
        ("/pin", r#"{"screen":1,"pin":1234}"#, "bad-field"),
        (
            "/pin",
            r#"{"screen":1,"pin":"9876","again":"9876"}"#,
            "bad-field",
        ),
        ("/pin", r#"{"screen":1,"pin":""}"#, "pin-is-four-digits"),
        ("/pin", r#"{"screen":1,"pin":"987"}"#, "pin-is-four-digits"),
        (
            "/pin",
            r#"{"screen":1,"pin":"98765"}"#,
            "pin-is-four-digits",
        ),
        ("/pin", r#"{"screen":1,"pin":"98 6"}"#, "pin-is-four-digits"),
        (
            "/pin",
            r#"{"screen":1,"pin":"９８７６"}"#,
            "pin-is-four-digits",
        ),
        ("/pin", r#"{"screen":1,"pin":"987\u0036"}"#, "bad-field"),
        (
            "/staff",
            r#"{"screen":1,"staff":"staff 1","passcode":"98769876"}"#,
            "staff-id",
        ),
        (
            "/staff",
            r#"{"screen":1,"staff":"staff-1","passcode":"987"}"#,
            "passcode-length",
        ),
        ("/place", r#"{"person":"nobody"}"#, "unknown-person"),
        ("/settings", r#"{"centre":"sideways"}"#, "bad-field"),
        ("/settings", r#"{"colour":"red"}"#, "bad-field"),
    ] {
        let answer = kiosk.send(&kiosk.request("POST", path).body(body));
        assert_eq!(
            (answer.status, &*answer.error()),
            (400, code),
            "{path} {body}"
        );
        assert!(!answer.body.contains("987"), "{answer:?}");
    }
    let not_text = kiosk.request("POST", "/begin").body([0xFF, 0xFE, 0x00]);
    assert_eq!(kiosk.send(&not_text).status, 400);
}

/// With little patience, so that running out of it can be waited for.
fn impatient() -> Setup {
    Setup {
        limits: Limits {
            head: Duration::from_millis(300),
            stranger: Duration::from_millis(300),
            body: Duration::from_millis(300),
            ..Limits::default()
        },
        ..instant()
    }
}

#[test]
fn slow_and_half_requests_end() {
    let kiosk = Running::with(impatient());
    // Half a head, and no more: the connection ends.
    let head = good(&kiosk).head();
    for half in [&head[..0], &head[..5], &head[..head.len() - 1]] {
        let mut stream = kiosk.connect();
        stream.write_all(half).unwrap();
        let mut rest = Vec::new();
        // Nothing, or 408, then the end; a reset is an end too.
        let _ended = stream.read_to_end(&mut rest);
        let rest = String::from_utf8_lossy(&rest).into_owned();
        assert!(rest.is_empty() || rest.starts_with("HTTP/1.1 4"), "{rest}");
    }
    // A body that stops in the middle.
    let half = good(&kiosk).with("Content-Length", "20").bytes();
    let answer = kiosk.raw(&half);
    assert_eq!((answer.status, &*answer.error()), (408, "too-slow"));
    // … and one whose sender leaves.
    let mut stream = kiosk.connect();
    stream.write_all(&half).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut rest = Vec::new();
    let _ended = stream.read_to_end(&mut rest);
    assert!(kiosk.app.settings.get().face, "half a body isn't taken");
    // Nobody else was kept waiting.
    assert_eq!(kiosk.send(&good(&kiosk)).status, 204);
}

#[test]
fn what_is_refused_is_refused_before_its_body_comes() {
    let kiosk = Running::new();
    let request = good(&kiosk)
        .with("Origin", "https://evil.example")
        .with("Content-Length", "100");
    let mut stream = kiosk.connect();
    stream.write_all(&request.head()).unwrap();
    stream.write_all(b"\r\n").unwrap();
    let answer = Answer::read(&mut BufReader::new(stream));
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("connection"), Some("close"));
}

#[test]
fn two_requests_in_one_are_two_requests() {
    let kiosk = Running::new();
    // Both a length and pieces: what a proxy and a server could read differently. There is no proxy, and no second
    // request comes out of it.
    let inner = good(&kiosk).bytes();
    let mut outer = kiosk
        .request("POST", "/remove")
        .with("Transfer-Encoding", "chunked")
        .with("Content-Length", "4")
        .head();
    outer.extend(b"\r\n2\r\n{}\r\n0\r\n\r\n");
    outer.extend(b"GET / HTTP/1.1\r\n\r\n");
    let status = kiosk.raw_status(&outer);
    assert!(matches!(status, Some(400 | 204)), "{status:?}");
    // A second one on the same connection is judged by itself.
    let mut stream = kiosk.connect();
    stream
        .write_all(&good(&kiosk).body(r#"{"face":true}"#).bytes())
        .unwrap();
    let second = String::from_utf8(inner).unwrap();
    let second = second.replace("Origin: http://127.0.0.1", "Origin: http://127.0.0.2");
    stream.write_all(second.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    assert_eq!(Answer::read(&mut reader).status, 204);
    assert_eq!(Answer::read(&mut reader).status, 403);
    assert!(kiosk.app.settings.get().face);
}
