//! The board by itself: what is taken, when nobody is quick enough to take it off.

use std::sync::Arc;
use std::time::Duration;

use kiosk::board::{Board, NotTaken};
use kiosk::clock::Clock;
use uketsuke::card::AuthPin;
use uketsuke::checkin::{Choice, Screen};

fn prompt() -> Screen {
    Screen::EnterPin {
        tries_left: Some(3),
        wrong: false,
        same_again: false,
        again: None,
        other_ways: false,
        guardian: false,
        phone: false,
    }
}

fn pin() -> Choice {
    Choice::Pin(AuthPin::parse("1234").unwrap())
}

#[test]
fn a_screen_takes_one_answer_and_then_another_number() {
    let clock = Arc::new(Clock::new());
    let board = Board::new(Arc::clone(&clock));
    let number = || board.snapshot().shown.unwrap().number;
    let soon = || clock.now() + Duration::from_millis(1);
    assert_eq!(board.choose(1, pin()), Err(NotTaken::NoVisit));
    board.begin().unwrap();
    assert_eq!(board.choose(1, pin()), Err(NotTaken::StaleScreen));
    board.show(&prompt());
    let first = number();
    board.waits_until(soon());
    board.choose(first, Choice::MoreTime).unwrap();
    board.choose(first, pin()).unwrap();
    // Nobody has taken it yet: one answer is enough, and the screen stays as it is.
    for again in [pin(), Choice::Cancel, Choice::MoreTime] {
        assert_eq!(board.choose(first, again), Err(NotTaken::AlreadyAnswered));
    }
    board.waits_until(soon());
    assert_eq!(number(), first);
    assert!(matches!(board.choice(soon()), Some(Choice::Pin(_))));
    assert!(board.choice(soon()).is_none());
    // The visit waits on, so it had no use for it. The person may answer again, but not to the old number.
    board.waits_until(soon());
    assert_ne!(number(), first);
    assert_eq!(board.choose(first, pin()), Err(NotTaken::StaleScreen));
    board.choose(number(), pin()).unwrap();
    // What comes next drops what wasn't taken.
    board.show(&prompt());
    assert!(board.choice(soon()).is_none());
    board.ended(false);
    assert_eq!(board.choose(first, pin()), Err(NotTaken::NoVisit));
}
