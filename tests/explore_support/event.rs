//! What can happen, by name: an event can be written down, and done again in another visit.

use std::fmt;
use std::sync::LazyLock;

use jiff::SignedDuration;
use uketsuke::Realm;
use uketsuke::checkin::{
    CheckIn, Choice, ChoiceKey, Equipment, Input, Method, Output, Policy, ScreenId, Task, TaskId,
};
use uketsuke::eligibility::Lang;
use uketsuke::trust::TerminalId;

use super::answers::{ANOTHER_CARD, Kind, Make, Row, rows, transport_kinds};
use super::setup::Setup;
use super::start;
use super::world::World;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Event {
    Place,
    Remove,
    /// The reader fails, by index into [`transport_kinds`].
    Fails(usize),
    /// A phone is held to the reader for phones.
    Tap,
    /// That reader fails.
    PhonesFail(usize),
    /// A key, what is typed with it, on which screen.
    Press(ChoiceKey, u8, On),
    /// A way in which a task ends, by index into [`rows`], for which task.
    Result(usize, For),
    /// Time goes by.
    Tick(When),
    /// The same as without it, when the time is over.
    OverduePress(ChoiceKey),
    OverdueResult(usize),
    OverdueRemove,
}

/// On which screen a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum On {
    /// The one that is shown.
    This,
    /// The one before.
    Before,
    /// One that wasn't shown yet.
    Next,
}

/// For which task a result comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum For {
    /// The one that is waited for.
    Awaited,
    /// One that was answered, or given up: doubled, or late without its work.
    Old,
    /// One of another visit.
    Other,
    /// One that was given up, with the real work done now.
    Late,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    /// No time at all.
    Now,
    /// A nanosecond before the deadline.
    Before,
    /// At it.
    At,
    /// One second on: for desks where it is a long time.
    Second,
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place => write!(f, "Place"),
            Self::Remove => write!(f, "Remove"),
            Self::Fails(kind) => write!(f, "Fails({:?})", transport_kinds()[*kind]),
            Self::Tap => write!(f, "Tap"),
            Self::PhonesFail(kind) => write!(f, "PhonesFail({:?})", transport_kinds()[*kind]),
            Self::Press(key, variant, on) => write!(f, "Press({key:?} {variant} {on:?})"),
            Self::Result(row, of) => {
                let row = &rows()[*row];
                write!(f, "Result({:?} {:?} {of:?})", row.kind, row.name)
            }
            Self::Tick(when) => write!(f, "Tick({when:?})"),
            Self::OverduePress(key) => write!(f, "OverduePress({key:?})"),
            Self::OverdueResult(row) => {
                let row = &rows()[*row];
                write!(f, "OverdueResult({:?} {:?})", row.kind, row.name)
            }
            Self::OverdueRemove => write!(f, "OverdueRemove"),
        }
    }
}

impl Event {
    /// Said rather than done, or stale: it carries nothing but its name.
    pub fn is_interchangeable(self) -> bool {
        match self {
            Self::Fails(_) | Self::PhonesFail(_) | Self::Press(_, _, On::Before | On::Next) => true,
            Self::Result(row, _) => !matches!(rows()[row].make, Make::Done(..)),
            _ => false,
        }
    }

    /// Of the same sort.
    pub fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Result(_, one), Self::Result(_, other)) => one == other,
            (Self::Press(_, _, one), Self::Press(_, _, other)) => one == other,
            _ => std::mem::discriminant(&self) == std::mem::discriminant(&other),
        }
    }

    /// Whether time goes by in it: after it, two visits in the same abstract state may differ in how much is left.
    pub const fn takes_time(self) -> bool {
        matches!(
            self,
            Self::Tick(When::Before | When::At | When::Second)
                | Self::OverduePress(_)
                | Self::OverdueResult(_)
                | Self::OverdueRemove
        )
    }
}

/// All that can happen now. What is asked for more often is listed first.
pub fn events(world: &World) -> Vec<Event> {
    let mut events = Vec::new();
    let setup = world.setup;
    let awaited = world.held.as_ref();
    // The awaited result, in all its ways; the others, one of each kind, since the kind alone is wrong.
    let mut seen: Vec<Kind> = Vec::new();
    for (index, row) in rows().iter().enumerate() {
        let first = !seen.contains(&row.kind);
        let fits = awaited.is_some_and(|held| {
            held.kind == row.kind
                || (row.kind == Kind::SessionRenewed
                    && matches!(held.kind, Kind::PinSigned | Kind::PinlessSigned))
        });
        // The first card is whose it is; that it isn't another one is looked at when it is read again.
        let swapped = row.name == ANOTHER_CARD && world.fields.contains("chain: None");
        if fits && !swapped {
            events.push(Event::Result(index, For::Awaited));
        }
        if matches!(row.make, Make::Said(_)) && first {
            seen.push(row.kind);
            if awaited.is_some() && !fits {
                events.push(Event::Result(index, For::Awaited));
            }
            if world.old_task.is_some() {
                events.push(Event::Result(index, For::Old));
            }
            events.push(Event::Result(index, For::Other));
        }
    }
    if let Some(late) = &world.late {
        events.push(Event::Result(work_of(late.kind), For::Late));
    }
    events.extend([Event::Place, Event::Remove]);
    // Each kind of failure while it matters; then one is like another.
    let kinds = if world.journal.outcome.is_some() {
        3
    } else {
        transport_kinds().len()
    };
    // With a phone what became of the card's reader is kept, each kind a state of its own.
    let kept = if setup.phone.is_some() { 3 } else { kinds };
    events.extend((0..kinds.min(kept)).map(Event::Fails));
    if setup.phone.is_some() {
        events.push(Event::Tap);
        events.extend((0..kinds.min(4)).map(Event::PhonesFail));
    }
    let keys = ChoiceKey::ALL.iter().copied();
    for key in keys.filter(|key| setup.guardian || *key != ChoiceKey::Guardian) {
        for variant in 0..variants(world, key) {
            events.push(Event::Press(key, variant, On::This));
        }
        if world.old_screen.is_some() {
            events.push(Event::Press(key, 0, On::Before));
        }
        events.push(Event::Press(key, 0, On::Next));
    }
    if setup.ticking {
        // Every order of steps and seconds; what else can happen is looked at where time doesn't matter.
        let offered = offered(world);
        events.retain(|event| match event {
            Event::Place | Event::Remove | Event::Tap | Event::Result(_, For::Late) => true,
            Event::Result(row, For::Awaited) => works(rows()[*row].kind) == Some(*row),
            Event::Press(key, _, On::This) => offered.contains(key) || *key == ChoiceKey::MoreTime,
            _ => false,
        });
    }
    if setup.no_card {
        events.retain(|event| !matches!(event, Event::Place | Event::Remove | Event::Fails(_)));
    }
    events.push(Event::Tick(When::Now));
    if world.deadline.is_some() {
        if setup.ticking {
            events.push(Event::Tick(When::Second));
        } else {
            events.extend([
                Event::Tick(When::Before),
                Event::Tick(When::At),
                Event::OverdueRemove,
            ]);
            events.extend(offered(world).into_iter().map(Event::OverduePress));
            events.extend(awaited.map(|held| Event::OverdueResult(work_of(held.kind))));
        }
    }
    events
}

/// What a person, a card and a centre would do next.
pub fn sensible(world: &World) -> Vec<Event> {
    if let Some(held) = &world.held {
        return vec![Event::Result(work_of(held.kind), For::Awaited)];
    }
    match (world.machine.summary().state, world.setup.phone) {
        ("waiting-for-card", None) => return vec![Event::Place],
        ("waiting-for-card", Some(_)) => {
            let phone = Event::Press(ChoiceKey::Phone, 0, On::This);
            return vec![Event::Place, phone];
        }
        ("awaiting-phone", _) => return vec![Event::Tap],
        _ => {}
    }
    let mut offered = offered(world);
    offered.retain(|key| *key != ChoiceKey::Cancel);
    let right = offered.iter().map(|key| Event::Press(*key, 0, On::This));
    let wrong = offered
        .iter()
        .filter(|key| matches!(key, ChoiceKey::EnterPin | ChoiceKey::StaffConfirms))
        .map(|key| Event::Press(*key, 1, On::This));
    let more_time = (!offered.is_empty()).then_some(Event::Press(ChoiceKey::MoreTime, 0, On::This));
    right.chain(wrong).chain(more_time).collect()
}

/// An event of two bytes, after some time if they say so; `None` where nothing can happen.
pub fn of_bytes(world: &mut World, [what, which]: [u8; 2]) -> Option<Event> {
    if what & 0x40 != 0 {
        world.now += SignedDuration::from_secs(i64::from(what & 0x1F));
    }
    let events = match sensible(world) {
        sensible if what & 0x80 == 0 && !sensible.is_empty() => sensible,
        _ => events(world),
    };
    events
        .get(usize::from(which) % events.len().max(1))
        .copied()
}

/// The real work.
pub fn work_of(kind: Kind) -> usize {
    works(kind).unwrap_or_else(|| panic!("no work gives {kind:?}"))
}

fn works(kind: Kind) -> Option<usize> {
    let work = |row: &Row| row.kind == kind && matches!(row.make, Make::Done(true, _));
    rows().iter().position(work)
}

/// The keys on the screen.
pub fn offered(world: &World) -> Vec<ChoiceKey> {
    let Some((_, screen)) = &world.screen else {
        return Vec::new();
    };
    let buttons = screen.text(Lang::En).choices;
    buttons.iter().map(|button| button.key).collect()
}

fn variants(world: &World, key: ChoiceKey) -> u8 {
    match key {
        ChoiceKey::EnterPin if world.wrong_pins.is_empty() => 2,
        ChoiceKey::EnterPin => 3,
        ChoiceKey::StaffConfirms if world.wrong_passcodes < world.setup.wrong_passcodes => 3,
        _ => 1,
    }
}

/// Does it. `false` where it can't happen now.
pub fn apply(world: &mut World, event: Event) -> bool {
    match event {
        Event::Place => world.place(),
        Event::Remove => world.remove(),
        Event::Fails(kind) => world.reader_fails(transport_kinds()[kind]),
        Event::Tap => world.tap(),
        Event::PhonesFail(kind) => world.phones_reader_fails(transport_kinds()[kind]),
        Event::Press(key, variant, on) => {
            let screen = match on {
                On::This => world.screen.as_ref().map(|(number, _)| *number),
                On::Before => world.old_screen,
                On::Next => world.screen.as_ref().and_then(|(number, _)| next(*number)),
            };
            let Some(screen) = screen else { return false };
            let before = world.machine.summary().staff_attempts_left;
            world.press(screen, key, variant);
            if key == ChoiceKey::StaffConfirms && variant > 0 {
                let spent = before.saturating_sub(world.machine.summary().staff_attempts_left);
                world.wrong_passcodes += spent;
            }
        }
        Event::Result(row, of) => return result(world, row, of),
        Event::Tick(when) => {
            let deadline = world.deadline;
            world.now = match (when, deadline) {
                (When::Now, _) | (_, None) => world.now,
                (When::Before, Some(deadline)) => {
                    world.now.max(deadline - SignedDuration::from_nanos(1))
                }
                (When::At, Some(deadline)) => world.now.max(deadline),
                (When::Second, _) => world.now + SignedDuration::from_secs(1),
            };
            world.handle(Input::Tick);
        }
        Event::OverduePress(key) => {
            late(world);
            return apply(world, Event::Press(key, 0, On::This));
        }
        Event::OverdueResult(row) => {
            late(world);
            return apply(world, Event::Result(row, For::Awaited));
        }
        Event::OverdueRemove => {
            late(world);
            world.remove();
        }
    }
    true
}

fn late(world: &mut World) {
    if let Some(deadline) = world.deadline {
        world.now = world.now.max(deadline);
    }
}

fn result(world: &mut World, row: usize, of: For) -> bool {
    let row = &rows()[row];
    let task = match of {
        For::Awaited => world.held.as_ref().map(|held| held.id),
        For::Old => world.old_task,
        For::Other => Some(another_visits_task()),
        For::Late => world.late.as_ref().map(|held| held.id),
    };
    let Some(task) = task else { return false };
    let (result, genuine) = match (&row.make, of) {
        (Make::Said(result), _) => (result(), None),
        (Make::Done(genuine, work), For::Awaited | For::Late) => {
            let held = match of {
                For::Late => world.late.take(),
                _ => world.held.take(),
            };
            let Some(mut held) = held else { return false };
            let Some(task) = held.work.take() else {
                return false;
            };
            if Kind::of(&task) != Some(row.kind) {
                held.work = Some(task);
                put_back(world, held, of);
                return false;
            }
            let kept = held.request.clone();
            let result = work(world, task);
            held.work = kept.map(|request| Task::Ask(Box::new(request)));
            put_back(world, held, of);
            let genuine = genuine.then(|| Kind::of_result(&result));
            (result, genuine)
        }
        (Make::Aside(answer), For::Awaited) => {
            let request = world.held.as_ref().and_then(|held| held.request.clone());
            let Some(request) = request else { return false };
            (answer(world, &request), None)
        }
        _ => return false,
    };
    world.report(task, result, genuine);
    if matches!(of, For::Late) {
        world.late = None;
    }
    true
}

fn put_back(world: &mut World, held: super::world::Held, of: For) {
    match of {
        For::Late => world.late = Some(held),
        _ => world.held = Some(held),
    }
}

/// Numbers of screens, by their order: made by a visit that shows many.
fn next(screen: ScreenId) -> Option<ScreenId> {
    static NUMBERS: LazyLock<Vec<ScreenId>> = LazyLock::new(|| {
        let mut world = World::new(&FREE);
        apply(&mut world, Event::Place);
        apply(
            &mut world,
            Event::Result(work_of(Kind::CardRead), For::Awaited),
        );
        let mut numbers = Vec::new();
        while numbers.len() < 400 {
            let number = world.screen.as_ref().map(|(number, _)| *number).unwrap();
            numbers.push(number);
            let choice = match world.machine.summary().state {
                "choosing" => Choice::Method(Method::Pin),
                _ => Choice::OtherMethod,
            };
            world.handle(Input::Chosen {
                screen: number,
                choice,
            });
        }
        numbers
    });
    let at = NUMBERS.iter().position(|number| *number == screen);
    match at {
        Some(at) => NUMBERS.get(at + 1).copied(),
        // Those before the visit that counted had come to its second screen.
        None => NUMBERS.first().copied(),
    }
}

static FREE: Setup = Setup::pin("counting screens", "in-order");

fn another_visits_task() -> TaskId {
    static TASK: LazyLock<TaskId> = LazyLock::new(|| {
        let policy = Policy::simulation(TerminalId::new("another").unwrap());
        let mut machine = CheckIn::new(policy, Equipment::pin_only(Realm::Simulation), start());
        machine.handle(Input::CardPlaced, start());
        loop {
            if let Output::Start { task, work } = machine.poll() {
                assert!(matches!(*work, Task::ReadCard));
                break task;
            }
        }
    });
    *TASK
}
