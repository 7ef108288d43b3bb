use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn card(number: u32) -> CardKeyId {
    CardKeyId::new(&number.to_be_bytes())
}

/// What may happen at a desk.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// An attempt with this card is asked for, and fails if it is made.
    Attempt(u8),
    /// This card's holder is identified.
    Cleared(u8),
    /// So many seconds pass; or the clock goes back.
    Time(i64),
}

/// The policy as it is told, in the plainest way: every attempt that was made since the
/// holder was identified, with its time.
#[derive(Clone, Default)]
struct Model {
    made: [Vec<i64>; 2],
}

impl Model {
    fn allows(&self, card: u8, limits: &FaceLimits, now: i64) -> bool {
        let made = &self.made[usize::from(card)];
        if made.len() < usize::from(limits.attempts().min(limits.overall())) {
            return true;
        }
        made.len() < usize::from(limits.overall())
            && made
                .iter()
                .all(|time| now - time >= limits.pause().as_secs())
    }
}

/// Plays events against the model; two lanes and any number of visits make no
/// difference, since nothing but the card is told.
fn play(limits: &FaceLimits, events: &[Event]) {
    let (tally, mut model, mut now) = (FaceTally::new().unwrap(), Model::default(), 0);
    for (step, event) in events.iter().enumerate() {
        match *event {
            Event::Time(seconds) => now += seconds,
            Event::Cleared(number) => {
                tally.cleared(&card(number.into()));
                model.made[usize::from(number)].clear();
            }
            Event::Attempt(number) => {
                let id = card(number.into());
                let (may, allowed) = (
                    model.allows(number, limits, now),
                    tally.allows(&id, limits, at(now)),
                );
                let spent = tally.spend(&id, limits, at(now));
                let told = (limits, &events[..=step], allowed, spent);
                assert_eq!(spent.is_ok(), may, "{told:?}");
                assert_eq!(allowed.map(|left| left - 1), spent, "{told:?}");
                let made = &mut model.made[usize::from(number)];
                match spent {
                    Ok(left) => {
                        made.push(now);
                        let free = usize::from(limits.attempts().min(limits.overall()));
                        assert_eq!(
                            usize::from(left),
                            free.saturating_sub(made.len()),
                            "{told:?}"
                        );
                    }
                    Err(FaceRefused::Paused { until }) => {
                        let last = made.iter().max().unwrap();
                        assert_eq!(until, at(*last) + limits.pause(), "{told:?}");
                        assert!(made.len() < usize::from(limits.overall()), "{told:?}");
                    }
                    Err(FaceRefused::UsedUp) => {
                        assert!(made.len() >= usize::from(limits.overall()), "{told:?}");
                    }
                    Err(other) => panic!("{other}: {told:?}"),
                }
            }
        }
    }
}

/// Every order of these events, six deep, under limits that are reached within it.
#[test]
fn every_order_of_events_follows_the_policy() {
    let pause = FaceLimits::LEAST_PAUSE;
    let events = [
        Event::Attempt(0),
        Event::Attempt(1),
        Event::Cleared(0),
        Event::Time(29),
        Event::Time(30),
    ];
    let limits = [
        FaceLimits::new(1, pause, 3),
        FaceLimits::new(2, pause, 4),
        FaceLimits::new(2, pause, 2),
    ];
    for limits in limits {
        let mut order = [0; 6];
        loop {
            let played: Vec<_> = order.iter().map(|event| events[*event]).collect();
            play(&limits, &played);
            let Some(at) = order.iter().position(|event| event + 1 < events.len()) else {
                break;
            };
            order[..at].fill(0);
            order[at] += 1;
        }
    }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0..2_u8).prop_map(Event::Attempt),
        1 => (0..2_u8).prop_map(Event::Cleared),
        2 => (0..700_i64).prop_map(Event::Time),
        1 => Just(Event::Time(599)),
        1 => Just(Event::Time(600)),
        1 => (-700..0_i64).prop_map(Event::Time),
    ]
}

proptest! {
    /// Long courses under the real limits, with a clock that also goes back.
    #[test]
    fn long_courses_follow_the_policy(
        limits in prop_oneof![
            Just(FaceLimits::without_pad()),
            Just(FaceLimits::with_pad()),
            (0..12_u8, 0..700_i64, 0..120_u8).prop_map(|(attempts, pause, overall)| {
                FaceLimits::new(attempts, SignedDuration::from_secs(pause), overall)
            }),
        ],
        events in prop::collection::vec(event(), 0..400),
    ) {
        if limits.attempts() > 0 {
            play(&limits, &events);
        }
    }
}

#[test]
fn the_figures_are_those_of_the_standard() {
    for (limits, attempts, overall) in [
        (FaceLimits::without_pad(), 5, 50),
        (FaceLimits::with_pad(), 10, 100),
    ] {
        let (tally, card) = (FaceTally::new().unwrap(), card(0));
        let (mut made, mut now) = (0, 0);
        while tally.allows(&card, &limits, at(now)) != Err(FaceRefused::UsedUp) {
            if tally.spend(&card, &limits, at(now)).is_ok() {
                made += 1;
                assert!(made <= attempts || now == (made - attempts) * 600);
            } else {
                now += 1;
            }
        }
        assert_eq!(made, overall);
        // And not a hundred years later either.
        let later = at(now) + SignedDuration::from_hours(24 * 36_500);
        assert_eq!(tally.spend(&card, &limits, later), Err(FaceRefused::UsedUp));
    }
}

#[test]
fn no_attempts_means_no_face() {
    let tally = FaceTally::new().unwrap();
    for limits in [(0, 10), (5, 0)] {
        let limits = FaceLimits::new(limits.0, FaceLimits::PAUSE, limits.1);
        let refused = tally.spend(&card(0), &limits, at(0));
        assert_eq!(refused, Err(FaceRefused::UsedUp));
    }
    assert_eq!(format!("{tally:?}"), "FaceTally(0 cards)");
}

#[test]
fn the_end_of_time_is_a_pause_without_end() {
    let (tally, limits, card) = (
        FaceTally::new().unwrap(),
        FaceLimits::without_pad(),
        card(0),
    );
    while tally.spend(&card, &limits, Timestamp::MAX).is_ok() {}
    for now in [Timestamp::MIN, Timestamp::MAX] {
        let refused = tally.allows(&card, &limits, now);
        assert_eq!(
            refused,
            Err(FaceRefused::Paused {
                until: Timestamp::MAX
            })
        );
    }
}

/// Attempts that others make fail win nothing for a card that has to pause, nor more
/// than it would have had anyway for one that doesn't.
#[test]
fn a_flood_of_cards_flushes_out_nobody_who_pauses() {
    let (tally, limits) = (FaceTally::new().unwrap(), FaceLimits::without_pad());
    let paused = card(0);
    while tally.spend(&paused, &limits, at(0)).is_ok() {}
    for _ in 0..4 {
        tally.spend(&card(1), &limits, at(0)).unwrap();
    }
    let flood = u32::try_from(FaceTally::MOST_CARDS * 2).unwrap();
    for number in 2..flood {
        tally
            .spend(&card(number), &limits, at(i64::from(number)))
            .unwrap();
    }
    assert_eq!(format!("{tally:?}"), "FaceTally(4096 cards)");
    assert!(tally.allows(&paused, &limits, at(1)).is_err());
    assert_eq!(tally.allows(&card(1), &limits, at(1)), Ok(1));
    // The first of the flood are the ones that were forgotten.
    assert_eq!(tally.allows(&card(2), &limits, at(1)), Ok(5));
    assert_eq!(tally.allows(&card(flood - 1), &limits, at(1)), Ok(4));
}

/// A desk with more attempts forgets none that pauses at one with fewer.
#[test]
fn a_flood_at_a_desk_with_more_attempts_flushes_out_nobody_either() {
    let tally = FaceTally::new().unwrap();
    let (few, many) = (FaceLimits::without_pad(), FaceLimits::with_pad());
    while tally.spend(&card(0), &few, at(0)).is_ok() {}
    let full = u32::try_from(FaceTally::MOST_CARDS).unwrap();
    for number in 1..full {
        for _ in 0..6 {
            tally.spend(&card(number), &many, at(0)).unwrap();
        }
    }
    assert_eq!(
        tally.spend(&card(full), &many, at(1)),
        Err(FaceRefused::Full)
    );
    assert!(tally.allows(&card(0), &few, at(1)).is_err());
}

#[test]
fn if_all_have_to_pause_a_new_card_gets_nothing() {
    let (tally, limits) = (
        FaceTally::new().unwrap(),
        FaceLimits::new(1, FaceLimits::PAUSE, 50),
    );
    let full = u32::try_from(FaceTally::MOST_CARDS).unwrap();
    for number in 0..full {
        assert_eq!(tally.spend(&card(number), &limits, at(0)), Ok(0));
    }
    assert_eq!(
        tally.allows(&card(full), &limits, at(0)),
        Err(FaceRefused::Full)
    );
    assert_eq!(
        tally.spend(&card(full), &limits, at(0)),
        Err(FaceRefused::Full)
    );
    // Those who are counted go on as they did.
    assert_eq!(tally.spend(&card(7), &limits, at(600)), Ok(0));
    assert!(tally.spend(&card(7), &limits, at(600)).is_err());
    // And there is room once somebody was identified.
    tally.cleared(&card(3));
    assert_eq!(tally.spend(&card(full), &limits, at(0)), Ok(0));
}

#[test]
fn lanes_share_one_count() {
    fn shared<T: Send + Sync>(_: &T) {}
    let (tally, limits) = (FaceTally::new().unwrap(), FaceLimits::with_pad());
    shared(&tally);
    let made: usize = std::thread::scope(|lanes| {
        let lane = || {
            (0..50)
                .filter(|_| tally.spend(&card(0), &limits, at(0)).is_ok())
                .count()
        };
        let lanes: Vec<_> = (0..4).map(|_| lanes.spawn(lane)).collect();
        lanes.into_iter().map(|lane| lane.join().unwrap()).sum()
    });
    assert_eq!(made, 10);
}

/// Neither the key identifier nor a hash of it that somebody else could work out.
#[test]
fn nothing_names_the_card() {
    let (one, other) = (FaceTally::new().unwrap(), FaceTally::new().unwrap());
    let limits = FaceLimits::without_pad();
    for tally in [&one, &other] {
        tally.spend(&card(7), &limits, at(0)).unwrap();
    }
    let name = |tally: &FaceTally| *tally.cards().keys().next().unwrap();
    assert_ne!(name(&one), name(&other));
    let plain = ring::digest::digest(&ring::digest::SHA256, &7_u32.to_be_bytes());
    assert_ne!(&name(&one)[..], plain.as_ref());
    assert_eq!(format!("{:?}", card(7)), "CardKeyId(..)");
}
