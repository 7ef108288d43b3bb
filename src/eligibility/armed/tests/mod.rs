mod every;
mod forms;
mod sessions;

use std::collections::VecDeque;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

use super::{ArmedFeed, Awaited, Event, SessionId, Unbound, Why, Window};
use crate::Realm;
use crate::eligibility::{
    FeedError, FeedItem, FeedResult, Personal, Qualification, Report, ResultFeed, ResultId,
};

/// Tells what a test put in.
#[derive(Debug, Default)]
struct Queue {
    items: VecDeque<FeedItem>,
    away: Option<FeedError>,
    settled: Vec<ResultId>,
}

impl ResultFeed for Queue {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn poll(&mut self, _: Timestamp) -> Result<Vec<FeedItem>, FeedError> {
        match self.away {
            Some(error) => Err(error),
            None => Ok(self.items.drain(..).collect()),
        }
    }

    fn settle(&mut self, id: &ResultId) -> Result<(), FeedError> {
        self.settled.push(id.clone());
        Ok(())
    }
}

/// Seconds from nine o'clock.
fn at(seconds: i64) -> Timestamp {
    let nine: Timestamp = "2026-11-22T09:00:00+09:00".parse().unwrap();
    nine + SignedDuration::from_secs(seconds)
}

/// From nine o'clock to two minutes past.
fn window() -> Window {
    Window::new(at(0), at(120)).unwrap()
}

fn hanako() -> Awaited {
    Awaited::by_person(date(1980, 4, 1), "みほん　はなこ").unwrap()
}

/// What a file says.
fn said(birthdate: &str, kana: &str, number: &str) -> Qualification {
    let some = |text: &str| (!text.is_empty()).then(|| Personal::new(text));
    Qualification {
        kana: some(kana),
        reference_number: some(number),
        ..Qualification::new("見本　花子", birthdate)
    }
}

fn of_hanako() -> Qualification {
    said("19800401", "ﾐﾎﾝ ﾊﾅｺ", "")
}

fn id(text: &str) -> ResultId {
    ResultId::new(text).unwrap()
}

fn result(name: &str, executed: i64, persons: Vec<Qualification>) -> FeedResult {
    let report = Report {
        executed: Some(at(executed)),
        results: persons,
        ..Report::normal()
    };
    FeedResult::new(id(name), report)
}

struct Desk {
    armed: ArmedFeed<Queue>,
}

impl Desk {
    fn new() -> Self {
        Self {
            armed: ArmedFeed::new(Queue::default()),
        }
    }

    fn with_session(awaited: &Awaited) -> (Self, SessionId) {
        let mut desk = Self::new();
        let session = desk.armed.arm(awaited, window(), at(0)).unwrap();
        (desk, session)
    }

    fn put(&mut self, result: FeedResult) {
        self.item(FeedItem::Result(Box::new(result)));
    }

    fn item(&mut self, item: FeedItem) {
        self.armed.feed.items.push_back(item);
    }

    fn poll(&mut self, now: i64) -> Vec<Event> {
        self.armed.poll(at(now))
    }

    /// Delivers one, and says what became of it.
    fn came(&mut self, result: FeedResult) -> Vec<Event> {
        self.put(result);
        self.poll(60)
    }
}

fn why(event: &Event) -> &Why {
    match event {
        Event::Unbound(unbound) => unbound.why(),
        other => panic!("{other:?}"),
    }
}

fn bound(event: &Event) -> &ResultId {
    match event {
        Event::Bound(bound) => bound.id(),
        other => panic!("{other:?}"),
    }
}

fn unbound(result: FeedResult, why: Why) -> Event {
    Event::Unbound(Box::new(Unbound { why, result }))
}
