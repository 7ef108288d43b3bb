//! A kiosk in this process on a port of its own, and a client that says exactly what it is told to.
#![allow(dead_code)]

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Deref;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use kiosk::app::App;
use kiosk::server::{Kiosk, Setup};
use kiosk::settings::{CardIs, Settings};
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// Nothing in these tests takes that long; who waits longer waits for something that never comes.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// A browser that was let in, so to speak.
pub struct Client {
    pub address: SocketAddr,
    pub cookie: String,
}

pub struct Running {
    pub app: Arc<App>,
    pub url: String,
    client: Client,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// With virtual cards that take no time.
pub fn instant() -> Setup {
    Setup {
        settings: Settings {
            card: CardIs::Instant,
            ..Settings::default()
        },
        ..Setup::default()
    }
}

impl Running {
    pub fn new() -> Self {
        Self::with(instant())
    }

    pub fn with(setup: Setup) -> Self {
        let (ready, opened) = std::sync::mpsc::channel();
        let (end, ended) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(async {
                    let kiosk = Kiosk::open(setup).await.unwrap();
                    ready.send((kiosk.app(), kiosk.url())).unwrap();
                    kiosk
                        .serve(async {
                            let _ended = ended.await;
                        })
                        .await;
                });
        });
        let (app, url) = opened.recv().unwrap();
        let authority = url.split('/').nth(2).unwrap();
        let cookie = app.guard.set_cookie();
        Self {
            app,
            client: Client {
                address: authority.parse().unwrap(),
                cookie: cookie.split(';').next().unwrap().to_owned(),
            },
            url,
            end: Some(end),
            thread: Some(thread),
        }
    }

    /// Ends it as Ctrl-C does, and waits until it has.
    pub fn end(&mut self) {
        if let Some(end) = self.end.take() {
            let _gone = end.send(());
        }
        if let Some(thread) = self.thread.take() {
            let result = thread.join();
            if !std::thread::panicking() {
                result.unwrap();
            }
        }
    }
}

impl Deref for Running {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Client {
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// Sends these bytes, and reads the one answer.
    pub fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(bytes).unwrap();
        Answer::read(&mut BufReader::new(stream))
    }

    /// A request by the kiosk's own page.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let mut headers = vec![
            ("Host", self.host()),
            ("Cookie", self.cookie.clone()),
            ("Sec-Fetch-Site", "same-origin".to_owned()),
        ];
        if method != "GET" {
            headers.extend([
                ("Origin", format!("http://{}", self.host())),
                ("X-Kiosk", "1".to_owned()),
                ("Content-Type", "application/json".to_owned()),
            ]);
        }
        Request {
            method: method.to_owned(),
            path: path.to_owned(),
            headers,
            body: Vec::new(),
        }
    }

    pub fn send(&self, request: &Request) -> Answer {
        self.raw(&request.bytes())
    }

    /// The status alone: an answer to HEAD has a length and no body.
    pub fn send_head(&self, request: &Request) -> u16 {
        self.raw_status(&request.bytes()).unwrap()
    }

    /// `None` if the connection ended without an answer.
    pub fn raw_status(&self, bytes: &[u8]) -> Option<u16> {
        let mut stream = self.connect();
        // The server may close before it has read everything.
        let _written = stream.write_all(bytes);
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).ok()?;
        line.split(' ').nth(1)?.parse().ok()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(&self.request("GET", path))
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(&self.request("POST", path).body(body.to_string()))
    }

    /// Posts what must be taken.
    pub fn done(&self, path: &str, body: &Value) {
        let answer = self.post(path, body);
        assert_eq!(answer.status, 204, "{path} {body}: {answer:?}");
    }

    pub fn events(&self, view: &str) -> Events {
        let request = self.request("GET", &format!("/events?view={view}"));
        let mut stream = self.connect();
        stream.write_all(&request.bytes()).unwrap();
        let mut reader = BufReader::new(stream);
        let (status, headers) = Answer::head(&mut reader);
        assert_eq!(status, 200, "{headers:?}");
        Events {
            reader,
            text: Vec::new(),
            events: VecDeque::new(),
            patience: Instant::now() + PATIENCE,
            state: Value::Null,
            answered: 0,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

#[derive(Clone)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// In place of what there is under this name.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self = self.without(name);
        self.headers.push((name, value.into()));
        self
    }

    /// Beside what there is.
    pub fn and(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(has, _)| *has != name);
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        if self.method == "POST"
            && !self
                .headers
                .iter()
                .any(|(name, _)| *name == "Content-Length")
        {
            bytes.extend(format!("Content-Length: {}\r\n", self.body.len()).into_bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }

    /// Without the empty line at its end.
    pub fn head(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head.into_bytes()
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn read(reader: &mut impl BufRead) -> Self {
        let (status, headers) = Self::head(reader);
        let length = headers
            .iter()
            .find(|(name, _)| name == "content-length")
            .map_or(0, |(_, value)| value.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        Self {
            status,
            headers,
            body: String::from_utf8(body).unwrap(),
        }
    }

    fn head(reader: &mut impl BufRead) -> (u16, Vec<(String, String)>) {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let status = line
            .split(' ')
            .nth(1)
            .unwrap_or_else(|| panic!("no answer: {line:?}"));
        let status = status.parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            match line.trim_end().split_once(": ") {
                Some((name, value)) => {
                    headers.push((name.to_ascii_lowercase(), value.to_owned()));
                }
                None => return (status, headers),
            }
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(has, _)| has == name);
        let (_, value) = named.next()?;
        assert!(named.next().is_none(), "{name} twice");
        Some(value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap().to_owned()
    }
}

/// An open stream of server-sent events.
pub struct Events {
    reader: BufReader<TcpStream>,
    text: Vec<u8>,
    events: VecDeque<(String, Value)>,
    patience: Instant,
    /// The last state that came.
    state: Value,
    /// The last screen on which something was chosen: it isn't waited for again.
    pub answered: u64,
}

impl Events {
    /// The next event, whatever it is; `None` when the server ended the stream.
    pub fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            let piece = self.chunk()?;
            self.text.extend(piece);
            while let Some(end) = self.text.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = self.text.drain(..end + 2).collect();
                let event = String::from_utf8(event).unwrap();
                let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
                if let (Some(name), Some(data)) = (line("event: "), line("data: ")) {
                    let data = serde_json::from_str(data).unwrap();
                    self.events.push_back((name.to_owned(), data));
                }
            }
        }
    }

    fn chunk(&mut self) -> Option<Vec<u8>> {
        // The stream is never silent for long, so its own time-out doesn't come.
        assert!(
            Instant::now() < self.patience,
            "what is awaited doesn't come; last: {}",
            self.state
        );
        let mut size = String::new();
        if self.reader.read_line(&mut size).unwrap() == 0 {
            return None;
        }
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        let mut piece = vec![0; size + 2];
        self.reader.read_exact(&mut piece).unwrap();
        piece.truncate(size);
        (size > 0).then_some(piece)
    }

    /// The next event of this name that is as wanted.
    pub fn until(&mut self, name: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.patience = Instant::now() + PATIENCE;
        while let Some((has, data)) = self.next() {
            if has == "state" {
                self.state = data.clone();
            }
            if has == name && wanted(&data) {
                return data;
            }
            assert!(Instant::now() < self.patience, "last: {data}");
        }
        panic!("the stream ended; last: {}", self.state);
    }

    /// The state that is as wanted, now or next: changes that come quickly may come as one.
    pub fn state(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        match wanted(&self.state) {
            true => self.state.clone(),
            false => self.until("state", wanted),
        }
    }

    /// The state with this screen, now or next, and its number. A screen that was answered counts no more.
    pub fn screen(&mut self, name: &str) -> (u64, Value) {
        let number = |state: &Value| state["screen"].as_u64();
        let answered = self.answered;
        let fits = |state: &Value| {
            state["name"] == name && number(state).is_none_or(|number| number > answered)
        };
        let state = self.state(fits);
        (number(&state).unwrap_or(0), state)
    }
}

/// A visit under way, seen by one browser.
pub struct Visit<'a> {
    pub kiosk: &'a Client,
    pub events: Events,
}

impl<'a> Visit<'a> {
    /// Begun, with this person's card on the reader.
    pub fn of(kiosk: &'a Client, person: &str) -> Self {
        let events = kiosk.events("kiosk");
        kiosk.done("/begin", &json!({}));
        kiosk.done("/place", &json!({ "person": person }));
        Self { kiosk, events }
    }

    pub fn press(&mut self, screen: &str, key: &str) {
        let (number, _) = self.events.screen(screen);
        self.events.answered = number;
        self.kiosk
            .done("/choose", &json!({ "screen": number, "key": key }));
    }

    pub fn pin(&mut self, pin: &str) -> u64 {
        let (number, _) = self.events.screen("enter-pin");
        self.events.answered = number;
        self.kiosk
            .done("/pin", &json!({ "screen": number, "pin": pin }));
        number
    }

    pub fn take_card(&mut self) {
        self.events.screen("take-card");
        self.kiosk.done("/remove", &json!({}));
        self.events.screen("idle");
    }
}
