//! All readers of the system, as they come and go.

use std::collections::VecDeque;
use std::ffi::{CStr, CString};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, State};

use super::codes;
use super::reader::{Canceller, PcscReader, SLICE, Seen, establish, swapped};
use crate::transport::{Cancel, Presence, TransportError, TransportErrorKind as Kind};

/// All PC/SC readers: which there are, which come and go, and what happens to the cards in them.
///
/// Every reader that is there is told as added first, and its card, if one lies there, as inserted; from then on, what changes.
/// A desk with one reader needs only a [`PcscReader`].
///
/// ```no_run
/// use std::time::Duration;
///
/// use uketsuke::transport::{PcscReaders, Presence, Reader, ReaderEvent};
///
/// let mut readers = PcscReaders::new()?;
/// while let Some(event) = readers.next_event(Duration::from_secs(60))? {
///     match event {
///         ReaderEvent::Added(name) => println!("{name} is there"),
///         ReaderEvent::Removed(name) => println!("{name} is gone"),
///         ReaderEvent::Card { reader, presence: Presence::Present } => {
///             let card = readers.open(&reader)?.connect()?;
///             println!("{card:?} in {reader}");
///         }
///         ReaderEvent::Card { reader, presence } => println!("{reader}: {presence:?}"),
///         _ => {}
///     }
/// }
/// # Ok::<(), uketsuke::transport::TransportError>(())
/// ```
pub struct PcscReaders {
    /// `None` after the service was lost, until it's back.
    context: Option<Context>,
    known: Vec<Known>,
    /// Stands for the list of readers: a reader that comes ends a wait. Where the system has no such thing, the wait ends with
    /// its slice.
    list: ReaderState,
    /// Told one at a time.
    events: VecDeque<ReaderEvent>,
    cancelled: Arc<AtomicBool>,
}

/// What happened to a reader or in it. Readers are named as the system names them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReaderEvent {
    /// A reader is there.
    Added(String),
    /// A reader is gone, and whatever was in it.
    Removed(String),
    /// A card was put in, taken, or doesn't answer. A quick change of cards is told as both, where the system counts them.
    Card {
        /// Where.
        reader: String,
        /// What is there now.
        presence: Presence,
    },
}

struct Known {
    name: CString,
    state: ReaderState,
    seen: Option<Seen>,
}

impl PcscReaders {
    /// Most readers that are watched, in the system's order. pcscd has no more than 16 itself.
    pub const MOST: usize = 64;

    /// Begins to watch.
    ///
    /// # Errors
    /// The service isn't running.
    pub fn new() -> Result<Self, TransportError> {
        Ok(Self {
            context: Some(establish()?),
            ..Self::without_service()
        })
    }

    fn without_service() -> Self {
        Self {
            context: None,
            known: Vec::new(),
            list: unaware(PNP_NOTIFICATION()),
            events: VecDeque::new(),
            cancelled: Arc::default(),
        }
    }

    /// Names of the readers that are there, as far as events were made of them.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.known.iter().map(|known| readable(&known.name))
    }

    /// The reader of that very name, to connect to its card. It has a connection to the service of its own.
    ///
    /// # Errors
    /// [`ReaderGone`](Kind::ReaderGone) if there is none, or the service isn't running.
    pub fn open(&self, name: &str) -> Result<PcscReader, TransportError> {
        PcscReader::open_exactly(name)
    }

    /// Waits for the next event, at most `timeout`; `None` if nothing happened. It can come back early with `None`; a caller
    /// with a deadline asks again.
    ///
    /// No clock is read: the time is handed to the system in slices of at most 250 ms, and a slice that ended early (another
    /// program opened a card) counts as a whole one.
    ///
    /// # Errors
    /// The service is gone, after its readers were told as removed: ask again later, it is looked for anew. And
    /// [`Cancelled`](Kind::Cancelled).
    pub fn next_event(&mut self, timeout: Duration) -> Result<Option<ReaderEvent>, TransportError> {
        let mut left = timeout;
        let mut first = true;
        loop {
            if self.cancelled.swap(false, Ordering::AcqRel) {
                return Err(TransportError::before(Kind::Cancelled));
            }
            if let Some(event) = self.events.pop_front() {
                return Ok(Some(event));
            }
            // What is there is looked at once even with no time at all.
            let slice = if first {
                Duration::ZERO
            } else {
                left.min(SLICE)
            };
            if !first && slice.is_zero() {
                return Ok(None);
            }
            left = left.saturating_sub(slice);
            first = false;
            match self.look(slice) {
                // A cancel that an earlier call reported already, or a new one, whose flag was set before.
                Ok(()) | Err(Error::Cancelled) => {}
                Err(error) => {
                    self.lose_service();
                    if self.events.is_empty() {
                        return Err(codes::before(error));
                    }
                }
            }
        }
    }

    /// A handle that ends a [`next_event`](Self::next_event) from another thread, at once or within 250 ms. If none is under
    /// way, the next one ends as soon as it begins.
    #[must_use]
    pub fn canceller(&self) -> Box<dyn Cancel> {
        Box::new(Canceller::new(self.context.as_ref(), &self.cancelled))
    }

    /// Waits for one slice, and makes events of what changed.
    fn look(&mut self, slice: Duration) -> Result<(), Error> {
        let context = match &self.context {
            Some(context) => context.clone(),
            None => {
                let context = Context::establish(pcsc::Scope::User)?;
                self.context.insert(context).clone()
            }
        };
        self.listed(context.list_readers_owned()?);
        if !self.events.is_empty() {
            return Ok(());
        }
        let places = self.known.iter_mut().map(|known| &mut known.state);
        let mut states: Vec<_> = places
            .chain([&mut self.list])
            .map(|state| std::mem::replace(state, unaware(c"")))
            .collect();
        let waited = context.get_status_change(slice, &mut states);
        let places = self.known.iter_mut().map(|known| &mut known.state);
        for (place, state) in places.chain([&mut self.list]).zip(states) {
            *place = state;
        }
        match waited {
            Ok(()) => self.note(),
            Err(Error::Timeout) => {}
            // Gone between the list and the wait; or there is no list to wait for.
            Err(Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Which readers came and went.
    fn listed(&mut self, mut names: Vec<CString>) {
        names.truncate(Self::MOST);
        let (events, known) = (&mut self.events, &mut self.known);
        known.retain(|known| {
            let there = names.contains(&known.name);
            if !there {
                events.push_back(ReaderEvent::Removed(readable(&known.name)));
            }
            there
        });
        for name in names {
            if known.iter().all(|known| known.name != name) {
                events.push_back(ReaderEvent::Added(readable(&name)));
                known.push(Known {
                    state: unaware(&name),
                    name,
                    seen: None,
                });
            }
        }
    }

    /// What happened in the readers.
    fn note(&mut self) {
        // With its count of readers, or Windows would never wait again.
        self.list.sync_current_state();
        for known in &mut self.known {
            // A reader that says it is gone is so once the list says it too.
            let Ok(now) = Seen::of(&known.state) else {
                continue;
            };
            known.state.sync_current_state();
            let before = known.seen.replace(now);
            let events = changes(before, now).into_iter().flatten();
            self.events.extend(events.map(|presence| ReaderEvent::Card {
                reader: readable(&known.name),
                presence,
            }));
        }
    }

    /// Without the service there are no readers.
    fn lose_service(&mut self) {
        self.context = None;
        for known in self.known.drain(..) {
            self.events
                .push_back(ReaderEvent::Removed(readable(&known.name)));
        }
    }
}

impl fmt::Debug for PcscReaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PcscReaders")
            .field("names", &self.names().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// What to tell of a slot: a card that was taken and put back, or another one, as both.
fn changes(before: Option<Seen>, now: Seen) -> [Option<Presence>; 2] {
    let presence = before.map_or(Presence::Absent, |before| before.presence);
    if presence != now.presence {
        [Some(now.presence), None]
    } else if swapped(before, now, presence) {
        [Some(Presence::Absent), Some(presence)]
    } else {
        [None, None]
    }
}

fn unaware(name: &CStr) -> ReaderState {
    ReaderState::new(name, State::UNAWARE)
}

fn readable(name: &CStr) -> String {
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the system lists becomes events; a reader of the same name that comes back is a new one.
    #[test]
    fn readers_come_and_go_as_they_are_listed() {
        let mut readers = PcscReaders::without_service();
        let mut told = |names: &[&str]| {
            let names = names.iter().map(|name| CString::new(*name).unwrap());
            readers.listed(names.collect());
            readers.events.drain(..).collect::<Vec<_>>()
        };
        let added = |name: &str| ReaderEvent::Added(name.to_owned());
        let removed = |name: &str| ReaderEvent::Removed(name.to_owned());
        assert_eq!(told(&[]), []);
        assert_eq!(told(&["a", "b"]), [added("a"), added("b")]);
        assert_eq!(told(&["b", "a"]), []);
        assert_eq!(told(&["b", "c"]), [removed("a"), added("c")]);
        assert_eq!(told(&["a", "b", "c"]), [added("a")]);
        assert_eq!(told(&[]), [removed("b"), removed("c"), removed("a")]);
        let many: Vec<_> = (0..=PcscReaders::MOST).map(|n| n.to_string()).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        assert_eq!(told(&many).len(), PcscReaders::MOST);
    }

    #[test]
    fn a_lost_service_takes_its_readers_with_it() {
        let mut readers = PcscReaders::without_service();
        readers.listed(vec![c"a".to_owned()]);
        readers.lose_service();
        assert_eq!(readers.names().count(), 0);
        assert_eq!(
            readers.events.pop_back(),
            Some(ReaderEvent::Removed("a".to_owned()))
        );
    }

    #[test]
    fn a_quick_change_of_cards_is_two_events() {
        let seen = |presence, events| Seen { presence, events };
        let empty = seen(Presence::Absent, 0);
        let (first, second) = (seen(Presence::Present, 1), seen(Presence::Present, 3));
        assert_eq!(changes(None, empty), [None, None]);
        assert_eq!(changes(None, first), [Some(Presence::Present), None]);
        assert_eq!(changes(Some(empty), first), [Some(Presence::Present), None]);
        assert_eq!(changes(Some(first), first), [None, None]);
        let both = [Some(Presence::Absent), Some(Presence::Present)];
        assert_eq!(changes(Some(first), second), both);
        assert_eq!(
            changes(Some(second), seen(Presence::Absent, 4)),
            [Some(Presence::Absent), None]
        );
        assert_eq!(
            changes(Some(empty), seen(Presence::Absent, 2)),
            [None, None]
        );
    }
}
