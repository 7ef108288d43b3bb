//! A reader as PC/SC sees it.

use std::ffi::{CStr, CString};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use pcsc::{Context, Error, ReaderState, Scope, ShareMode, State};

use super::codes;
use super::link::{PROTOCOLS, PcscTransport};
use crate::transport::{Cancel, Presence, Reader, TransportError, TransportErrorKind as Kind};

/// How long one call to the system waits at most. SCardCancel ends only a wait that has begun; one that is called just
/// before it is noticed after this time.
pub(super) const SLICE: Duration = Duration::from_millis(250);

/// A PC/SC reader.
///
/// When the service was restarted or the reader unplugged, it stays gone for this value: open it again.
///
/// ```no_run
/// use std::time::Duration;
///
/// use uketsuke::transport::{PcscReader, Presence, Reader};
///
/// for name in PcscReader::list()? {
///     println!("{name}");
/// }
/// let mut reader = PcscReader::open("")?; // the first
/// if reader.wait_for_change(Presence::Absent, Duration::from_secs(30))? == Presence::Present {
///     let card = reader.connect()?;
///     println!("{card:?}");
/// }
/// # Ok::<(), uketsuke::transport::TransportError>(())
/// ```
pub struct PcscReader {
    context: Context,
    name: String,
    system_name: CString,
    cancelled: Arc<AtomicBool>,
    /// What the system said last, with its count of insertions and removals.
    last: Option<Seen>,
}

impl PcscReader {
    /// Names of all readers, in the system's order; none is not an error.
    ///
    /// # Errors
    /// The service isn't running.
    pub fn list() -> Result<Vec<String>, TransportError> {
        let context = establish()?;
        Ok(names(&context)?
            .iter()
            .map(|name| name.to_string_lossy().into_owned())
            .collect())
    }

    /// The reader of that name; if there is none, the first whose name contains it. The empty string takes the first.
    ///
    /// # Errors
    /// The service isn't running, or [`ReaderGone`](Kind::ReaderGone): no such reader.
    pub fn open(name: &str) -> Result<Self, TransportError> {
        Self::open_chosen(|names| choose(names, name))
    }

    /// The reader of that very name.
    pub(super) fn open_exactly(name: &str) -> Result<Self, TransportError> {
        Self::open_chosen(|names| {
            let very = |other: &&CString| other.to_string_lossy() == name;
            names.iter().find(very).map(CString::as_c_str)
        })
    }

    fn open_chosen(
        choose: impl FnOnce(&[CString]) -> Option<&CStr>,
    ) -> Result<Self, TransportError> {
        let context = establish()?;
        let names = names(&context)?;
        let system_name = choose(&names)
            .ok_or(TransportError::before(Kind::ReaderGone))?
            .to_owned();
        Ok(Self {
            context,
            name: system_name.to_string_lossy().into_owned(),
            system_name,
            cancelled: Arc::default(),
            last: None,
        })
    }

    /// What is there now, asked without what was known before.
    fn now(&mut self) -> Result<(ReaderState, Seen), TransportError> {
        let mut state = ReaderState::new(self.system_name.clone(), State::UNAWARE);
        self.look(&mut state, Duration::ZERO)
            .map_err(codes::before)?;
        let seen = self.note(&state)?;
        Ok((state, seen))
    }

    /// One SCardGetStatusChange: waits until something is other than `state` says, and brings `state` up to date, the
    /// count of insertions and removals included. Tells whether anything changed in time.
    fn look(&self, state: &mut ReaderState, timeout: Duration) -> Result<bool, Error> {
        match self
            .context
            .get_status_change(timeout, std::slice::from_mut(state))
        {
            Ok(()) => {
                state.sync_current_state();
                Ok(true)
            }
            Err(Error::Timeout) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn note(&mut self, state: &ReaderState) -> Result<Seen, TransportError> {
        let seen = Seen::of(state);
        self.last = seen.ok();
        seen
    }
}

impl Reader for PcscReader {
    type Transport = PcscTransport;

    fn name(&self) -> &str {
        &self.name
    }

    fn presence(&mut self) -> Result<Presence, TransportError> {
        Ok(self.now()?.1.presence)
    }

    /// Comes back with [`Presence::Absent`] if the card was taken and put back since this was last called: a quick change
    /// of cards isn't missed where the system counts them.
    ///
    /// No clock is read: the time is handed to the system in slices of at most 250 ms, and a slice that ended early (another
    /// program opened the card) counts as a whole one. So this can come back early with `from`, never late.
    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError> {
        let before = self.last;
        let (mut state, mut seen) = self.now()?;
        if swapped(before, seen, from) {
            return Ok(Presence::Absent);
        }
        let mut left = timeout;
        loop {
            if self.cancelled.swap(false, Ordering::AcqRel) {
                return Err(TransportError::before(Kind::Cancelled));
            }
            if seen.presence != from || left.is_zero() {
                return Ok(seen.presence);
            }
            let slice = left.min(SLICE);
            left -= slice;
            match self.look(&mut state, slice) {
                Ok(true) => {
                    let before = seen;
                    seen = self.note(&state)?;
                    if swapped(Some(before), seen, from) {
                        return Ok(Presence::Absent);
                    }
                }
                // Nothing new; or the late end of a cancel that an earlier call reported already. If it is a new one, the
                // flag was set before.
                Ok(false) | Err(Error::Cancelled) => {}
                Err(error) => return Err(codes::before(error)),
            }
        }
    }

    /// Exclusively; where the system refuses that, shared with other programs.
    fn connect(&mut self) -> Result<PcscTransport, TransportError> {
        let connect = |mode| {
            self.context
                .connect(&self.system_name, mode, PROTOCOLS)
                .map(|card| (card, mode))
        };
        let (card, mode) = match connect(ShareMode::Exclusive) {
            Err(Error::SharingViolation) => connect(ShareMode::Shared),
            other => other,
        }
        .map_err(codes::in_connect)?;
        PcscTransport::new(card, mode)
    }

    fn canceller(&self) -> Box<dyn Cancel> {
        Box::new(Canceller::new(Some(&self.context), &self.cancelled))
    }
}

impl fmt::Debug for PcscReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PcscReader")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

pub(super) struct Canceller {
    context: Option<Context>,
    cancelled: Arc<AtomicBool>,
}

impl Canceller {
    pub(super) fn new(context: Option<&Context>, cancelled: &Arc<AtomicBool>) -> Self {
        Self {
            context: context.cloned(),
            cancelled: Arc::clone(cancelled),
        }
    }
}

impl Cancel for Canceller {
    fn cancel(&self) {
        // First the flag, for a wait that hasn't begun; then the one under way.
        self.cancelled.store(true, Ordering::Release);
        if let Some(context) = &self.context {
            let _ = context.cancel();
        }
    }
}

impl fmt::Debug for Canceller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canceller").finish_non_exhaustive()
    }
}

/// What the system said about the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) presence: Presence,
    /// Insertions and removals so far; 0 where the system doesn't count.
    pub(super) events: u32,
}

impl Seen {
    pub(super) fn of(state: &ReaderState) -> Result<Self, TransportError> {
        Ok(Self {
            presence: presence(state.event_state())?,
            events: state.event_count(),
        })
    }
}

fn presence(state: State) -> Result<Presence, TransportError> {
    if state.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE) {
        Err(TransportError::before(Kind::ReaderGone))
    } else if !state.contains(State::PRESENT) {
        Ok(Presence::Absent)
    } else if state.contains(State::MUTE) {
        Ok(Presence::Mute)
    } else {
        Ok(Presence::Present)
    }
}

/// There was something, there is something, and in between it was taken.
pub(super) fn swapped(before: Option<Seen>, now: Seen, from: Presence) -> bool {
    before.is_some_and(|before| {
        from != Presence::Absent
            && before.presence == from
            && now.presence == from
            && before.events != now.events
    })
}

pub(super) fn establish() -> Result<Context, TransportError> {
    Context::establish(Scope::User).map_err(codes::before)
}

fn names(context: &Context) -> Result<Vec<CString>, TransportError> {
    context.list_readers_owned().map_err(codes::before)
}

fn choose<'a>(names: &'a [CString], wanted: &str) -> Option<&'a CStr> {
    let exact = names
        .iter()
        .find(|name| name.to_bytes() == wanted.as_bytes());
    let part = || {
        names
            .iter()
            .find(|name| name.to_string_lossy().contains(wanted))
    };
    exact.or_else(part).map(CString::as_c_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_become_presence() {
        assert_eq!(
            presence(State::EMPTY | State::CHANGED),
            Ok(Presence::Absent)
        );
        assert_eq!(
            presence(State::PRESENT | State::INUSE | State::EXCLUSIVE),
            Ok(Presence::Present)
        );
        assert_eq!(presence(State::PRESENT | State::MUTE), Ok(Presence::Mute));
        assert_eq!(
            presence(State::PRESENT | State::UNPOWERED),
            Ok(Presence::Present)
        );
        for gone in [
            State::UNKNOWN,
            State::UNAVAILABLE,
            State::UNKNOWN | State::UNAVAILABLE | State::CHANGED,
        ] {
            assert_eq!(presence(gone).unwrap_err().kind, Kind::ReaderGone);
        }
    }

    #[test]
    fn a_quick_change_of_cards_is_seen() {
        let seen = |presence, events| Seen { presence, events };
        let (first, second) = (seen(Presence::Present, 1), seen(Presence::Present, 3));
        assert!(swapped(Some(first), second, Presence::Present));
        assert!(!swapped(Some(first), first, Presence::Present));
        assert!(!swapped(None, second, Presence::Present));
        let (empty, still_empty) = (seen(Presence::Absent, 0), seen(Presence::Absent, 2));
        assert!(!swapped(Some(empty), still_empty, Presence::Absent));
        assert!(!swapped(Some(first), empty, Presence::Present));
    }

    #[test]
    fn a_reader_is_chosen_by_name_then_by_part() {
        let names: Vec<CString> = ["ACS ACR1252 01", "ACS ACR1252", "Sony FeliCa"]
            .map(|name| CString::new(name).unwrap())
            .into();
        let choose = |wanted| choose(&names, wanted).map(|name| name.to_str().unwrap());
        assert_eq!(choose("ACS ACR1252"), Some("ACS ACR1252"));
        assert_eq!(choose("ACR1252"), Some("ACS ACR1252 01"));
        assert_eq!(choose("Sony"), Some("Sony FeliCa"));
        assert_eq!(choose(""), Some("ACS ACR1252 01"));
        assert_eq!(choose("SCM"), None);
    }
}
