//! 100,000 people of a bulk answer as a stream: `cargo run --release -p uketsuke-benches --bin bulk [ours|events]
//! [utf-8|shift-jis] [people]`. Without arguments all four, each in a process of its own, five times in turn.
//!
//! Against the raw events of `quick-xml` over the same source (with Shift_JIS over a transcoding reader), which keep
//! nothing. Time is what the process had of a processor (Linux, `/proc/self/schedstat`), so that others on the machine
//! count for less; memory is the most that was resident (VmHWM).

use std::io::{BufReader, Read};
use std::process::Command;

use encoding_rs::{Decoder, SHIFT_JIS};
use quick_xml::Reader;
use quick_xml::events::Event;
use uketsuke::eligibility::message::BulkAnswer;
use uketsuke_benches::people::People;

const ALL: [[&str; 2]; 4] = [
    ["ours", "utf-8"],
    ["events", "utf-8"],
    ["ours", "shift-jis"],
    ["events", "shift-jis"],
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let people = args
        .get(2)
        .map_or(100_000, |people| people.parse().expect("a number"));
    match args.first().map(String::as_str) {
        Some("ours") => report(people, args[1] == "shift-jis", ours),
        Some("events") => report(people, args[1] == "shift-jis", events),
        _ => {
            let program = std::env::current_exe().expect("this program");
            for _ in 0..5 {
                for what in ALL {
                    let status = Command::new(&program).args(what).status().expect("started");
                    assert!(status.success());
                }
            }
        }
    }
}

fn report(people: usize, shift_jis: bool, read: fn(People, bool) -> usize) {
    let source = People::new(people, shift_jis);
    let bytes = source.length();
    let begin = on_processor();
    assert_eq!(read(source, shift_jis), people);
    let seconds = on_processor() - begin;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or("VmHWM: unknown");
    let args: Vec<String> = std::env::args().skip(1).take(2).collect();
    println!(
        "{:7} {:9} {:6.1} MB in {seconds:.3} s: {:5.0} MB/s, {peak}",
        args[0],
        args[1],
        bytes as f64 / 1e6,
        bytes as f64 / 1e6 / seconds,
    );
}

fn on_processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").expect("Linux");
    let nanoseconds = stat
        .split(' ')
        .next()
        .and_then(|first| first.parse::<u64>().ok());
    nanoseconds.expect("a number") as f64 / 1e9
}

fn ours(source: People, _: bool) -> usize {
    let mut answer = BulkAnswer::qualifications(source).expect("a source");
    let mut people = 0;
    for unit in &mut answer {
        let unit = unit.expect("a unit");
        assert_eq!(unit.results[0].name.reveal(), "見本　花子");
        people += 1;
    }
    assert_eq!(
        answer.header().and_then(|header| header.processed),
        Some(people as u64)
    );
    people
}

fn events(source: People, shift_jis: bool) -> usize {
    match shift_jis {
        true => count(Transcoding::new(source)),
        false => count(source),
    }
}

/// Counts the names in it.
fn count(source: impl Read) -> usize {
    let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, source));
    let mut buffer = Vec::new();
    let mut people = 0;
    loop {
        match reader.read_event_into(&mut buffer).expect("an event") {
            Event::Text(text) => people += usize::from(&*text == "見本　花子"),
            Event::Eof => return people,
            _ => {}
        }
        buffer.clear();
    }
}

/// Shift_JIS as UTF-8.
struct Transcoding<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
}

impl<R: Read> Transcoding<R> {
    fn new(source: R) -> Self {
        Self {
            source,
            decoder: SHIFT_JIS.new_decoder_without_bom_handling(),
            raw: vec![0; 64 * 1024],
            from: 0,
            to: 0,
            ended: false,
        }
    }
}

impl<R: Read> Read for Transcoding<R> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        loop {
            if self.from == self.to {
                if self.ended {
                    return Ok(0);
                }
                (self.from, self.to) = (0, self.source.read(&mut self.raw)?);
                self.ended = self.to == 0;
            }
            let bytes = &self.raw[self.from..self.to];
            let (_, read, written, bad) = self.decoder.decode_to_utf8(bytes, room, self.ended);
            assert!(!bad);
            self.from += read;
            if written > 0 {
                return Ok(written);
            }
        }
    }
}
