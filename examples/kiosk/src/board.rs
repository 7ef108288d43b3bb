//! What shows, and what was pressed: the one place where browser and visit meet.
//!
//! The board numbers the screens, and never uses a number twice in a launch. A choice is taken for the number that
//! is showing, once, and only if that screen has such a button. Everything is decided under one lock, so a choice
//! can't slip from one screen to the next.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use uketsuke::checkin::{AuditRecord, Choice, ChoiceKey, Outcome, Screen};
use uketsuke::eligibility::Lang;
use uketsuke::face::Picture;

use crate::clock::Clock;
use crate::ending::Ending;

/// The longest that anybody waits in one piece, so that a change elsewhere (a card pulled, a clock that a test set)
/// is seen.
const SLICE: Duration = Duration::from_millis(100);

/// Audit records kept of a visit, for the desk view. A visit has a few dozen; one that goes back again and again
/// loses the oldest.
const LOG: usize = 200;

/// Shared between the visit's thread and the web server.
#[derive(Debug)]
pub struct Board {
    inner: Mutex<Inner>,
    /// For the visit's thread.
    changed: Condvar,
    /// For the browsers: counts the changes.
    news: watch::Sender<u64>,
    clock: Arc<Clock>,
}

/// What the kiosk is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody is there.
    Idle,
    /// A visit.
    Visit,
    /// The visit's thread broke; a new visit may be begun.
    OutOfOrder,
}

#[derive(Debug)]
struct Inner {
    phase: Phase,
    /// A visit was asked for and has not begun.
    wanted: bool,
    stopping: bool,
    numbers: u64,
    shown: Option<Shown>,
    pressed: Option<Choice>,
    /// `Some` while the camera is awaited.
    camera: Option<Camera>,
    log: Vec<AuditRecord>,
    ending: Option<Ending>,
}

/// A screen that is showing.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The server's number of it.
    pub number: u64,
    /// The screen.
    pub screen: Screen,
    /// Until when it waits, once it does.
    pub deadline: Option<Timestamp>,
    /// Something was chosen on it; nothing more is taken.
    answered: bool,
}

impl Shown {
    /// Whether the person can ask for more time now.
    #[must_use]
    pub const fn takes_more_time(&self) -> bool {
        self.deadline.is_some() && !self.answered && self.screen.takes_more_time()
    }
}

/// What the camera's part of the screen is waiting for.
#[derive(Debug, Default)]
struct Camera {
    sent: Option<Sent>,
}

/// What came from the page's camera.
#[derive(Debug)]
pub enum Sent {
    /// A picture.
    Picture(Picture),
    /// There is no camera, or the browser may not use it.
    NoCamera,
}

/// Why something isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// No visit is going on.
    NoVisit,
    /// One is.
    VisitRunning,
    /// The kiosk is about to end.
    Stopping,
    /// Another screen than the one showing.
    StaleScreen,
    /// Something was chosen on this screen already.
    AlreadyAnswered,
    /// The screen showing has no such button.
    NotOffered,
}

impl NotTaken {
    /// Stable code for the page.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoVisit => "no-visit",
            Self::VisitRunning => "visit-running",
            Self::Stopping => "stopping",
            Self::StaleScreen => "stale-screen",
            Self::AlreadyAnswered => "already-answered",
            Self::NotOffered => "not-offered",
        }
    }
}

/// All that a view is made of.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What the kiosk is doing.
    pub phase: Phase,
    /// What shows.
    pub shown: Option<Shown>,
    /// Of this visit, or the last one.
    pub log: Vec<AuditRecord>,
    /// How it ended.
    pub ending: Option<Ending>,
}

/// How waiting for the camera ended.
#[derive(Debug)]
pub enum Looked {
    /// A picture.
    Picture(Picture),
    /// The person doesn't want to, or the kiosk ends.
    Cancelled,
    /// Nothing came, or nothing can come any more.
    Nothing,
}

impl Board {
    /// Idle.
    #[must_use]
    pub fn new(clock: Arc<Clock>) -> Self {
        Self {
            inner: Mutex::new(Inner {
                phase: Phase::Idle,
                wanted: false,
                stopping: false,
                numbers: 0,
                shown: None,
                pressed: None,
                camera: None,
                log: Vec::new(),
                ending: None,
            }),
            changed: Condvar::new(),
            news: watch::Sender::new(0),
            clock,
        }
    }

    // For the browsers

    /// Counts the changes of what shows.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// What shows now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let inner = self.lock();
        Snapshot {
            phase: inner.phase,
            shown: inner.shown.clone(),
            log: inner.log.clone(),
            ending: inner.ending.clone(),
        }
    }

    /// Asks for a visit.
    ///
    /// # Errors
    /// One is going on.
    pub fn begin(&self) -> Result<(), NotTaken> {
        let mut inner = self.lock();
        if inner.stopping {
            return Err(NotTaken::Stopping);
        }
        if inner.phase == Phase::Visit {
            return Err(NotTaken::VisitRunning);
        }
        inner.phase = Phase::Visit;
        inner.wanted = true;
        inner.shown = None;
        inner.pressed = None;
        inner.forget();
        self.tell(inner);
        Ok(())
    }

    /// Takes what was chosen on a screen, if that is showing, has such a button, and has no answer yet. What isn't
    /// taken is dropped here, which wipes a PIN.
    ///
    /// # Errors
    /// Nothing was taken.
    pub fn choose(&self, number: u64, choice: Choice) -> Result<(), NotTaken> {
        let mut inner = self.lock();
        let key = choice.key();
        inner.offered(number, key)?;
        // More time is no answer: the screen waits for one all the same.
        if key != ChoiceKey::MoreTime
            && let Some(shown) = &mut inner.shown
        {
            shown.answered = true;
        }
        inner.pressed = Some(choice);
        drop(inner);
        self.changed.notify_all();
        Ok(())
    }

    /// Takes what the camera sent, while the screen of this number waits for it.
    ///
    /// # Errors
    /// It doesn't: nothing was taken.
    pub fn look_at(&self, number: u64, picture: Sent) -> Result<(), NotTaken> {
        let mut inner = self.lock();
        inner.showing(number)?;
        match &mut inner.camera {
            Some(Camera { sent: sent @ None }) => *sent = Some(picture),
            Some(_) => return Err(NotTaken::AlreadyAnswered),
            None => return Err(NotTaken::NotOffered),
        }
        drop(inner);
        self.changed.notify_all();
        Ok(())
    }

    /// Something else that views show has changed.
    pub fn touch(&self) {
        let inner = self.lock();
        self.tell(inner);
        self.changed.notify_all();
    }

    /// Ends the visit, if there is one, and takes no other.
    pub fn stop(&self) {
        let mut inner = self.lock();
        inner.stopping = true;
        self.tell(inner);
        self.changed.notify_all();
    }

    // For the visit's thread

    /// Waits until a visit is wanted (`true`) or the kiosk ends (`false`). What the last visit left on the desk view
    /// is forgotten after `keep`.
    pub fn wait_for_visit(&self, keep: Duration) -> bool {
        let forget_at = self.clock.now().saturating_add(keep);
        let mut inner = self.lock();
        loop {
            if inner.stopping {
                return false;
            }
            if inner.wanted {
                inner.wanted = false;
                return true;
            }
            let full = !inner.log.is_empty() || inner.ending.is_some();
            if full
                && forget_at
                    .as_ref()
                    .is_ok_and(|time| self.clock.now() >= *time)
            {
                inner.forget();
                self.tell(inner);
                inner = self.lock();
            }
            inner = self.wait(inner, SLICE);
        }
    }

    /// Shows a screen. What was pressed before belongs to the screen before, and is dropped.
    pub fn show(&self, screen: &Screen) {
        let mut inner = self.lock();
        inner.pressed = None;
        inner.camera = None;
        match &mut inner.shown {
            // Progress on the same screen: a new number would move the reader's focus at every step.
            Some(shown) if is_progress(&shown.screen, screen) => shown.screen = screen.clone(),
            _ => inner.put(screen.clone()),
        }
        self.tell(inner);
    }

    /// The screen showing waits until then.
    pub fn waits_until(&self, deadline: Timestamp) {
        let mut inner = self.lock();
        let waiting = inner.pressed.is_none();
        let Some(shown) = &mut inner.shown else {
            return;
        };
        if shown.answered && waiting {
            // The choice was taken, and the visit waits at the same screen: it had no use for it. The person may
            // choose again, under a new number.
            let screen = shown.screen.clone();
            inner.put(screen);
        }
        let shown = inner.shown.as_mut();
        let news = shown.is_some_and(|shown| shown.deadline.replace(deadline) != Some(deadline));
        if news {
            self.tell(inner);
        }
    }

    /// Waits for a choice, or for the time, or for the end.
    pub fn choice(&self, until: Timestamp) -> Option<Choice> {
        let mut inner = self.lock();
        loop {
            if let Some(choice) = inner.pressed.take() {
                return Some(choice);
            }
            let left = self.clock.now().duration_until(until);
            let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
            if inner.stopping || left.is_zero() {
                return None;
            }
            inner = self.wait(inner, left.min(SLICE));
        }
    }

    /// Waits for a picture at most until then, while `goes_on`.
    pub fn look(&self, until: Timestamp, mut goes_on: impl FnMut() -> bool) -> Looked {
        let mut inner = self.lock();
        inner.camera = Some(Camera::default());
        if let Some(shown) = &mut inner.shown {
            shown.deadline = Some(until);
        }
        self.tell(inner);
        inner = self.lock();
        let looked = loop {
            match inner.camera.as_mut().and_then(|camera| camera.sent.take()) {
                Some(Sent::Picture(picture)) => break Looked::Picture(picture),
                Some(Sent::NoCamera) => break Looked::Nothing,
                None => {}
            }
            if inner.pressed.take().is_some() || inner.stopping {
                break Looked::Cancelled;
            }
            if self.clock.now() >= until || !goes_on() {
                break Looked::Nothing;
            }
            inner = self.wait(inner, SLICE);
        };
        inner.camera = None;
        looked
    }

    /// Whether the kiosk is to end.
    #[must_use]
    pub fn stopping(&self) -> bool {
        self.lock().stopping
    }

    /// Keeps a record for the desk view.
    pub fn audit(&self, record: &AuditRecord) {
        let mut inner = self.lock();
        if inner.log.len() >= LOG {
            inner.log.remove(0);
        }
        inner.log.push(record.clone());
        self.tell(inner);
    }

    /// Keeps how the visit ended for the desk view.
    pub fn decided(&self, outcome: &Outcome) {
        let mut inner = self.lock();
        inner.ending = Some(Ending::of(outcome));
        self.tell(inner);
    }

    /// The visit is over: `broken` if it ended by a fault of this program.
    pub fn ended(&self, broken: bool) {
        let mut inner = self.lock();
        inner.phase = if broken {
            Phase::OutOfOrder
        } else {
            Phase::Idle
        };
        inner.shown = None;
        inner.pressed = None;
        inner.camera = None;
        self.tell(inner);
    }

    /// What a panic elsewhere left half done here is only what shows, and that is replaced by the next screen.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, inner: MutexGuard<'a, Inner>, time: Duration) -> MutexGuard<'a, Inner> {
        self.changed
            .wait_timeout(inner, time)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    fn tell(&self, inner: MutexGuard<'_, Inner>) {
        self.news.send_modify(|count| *count += 1);
        drop(inner);
        self.changed.notify_all();
    }
}

const fn is_progress(before: &Screen, now: &Screen) -> bool {
    matches!(
        (before, now),
        (Screen::ReadingCard { .. }, Screen::ReadingCard { .. })
            | (Screen::ReadingPhone { .. }, Screen::ReadingPhone { .. })
    )
}

impl Inner {
    fn put(&mut self, screen: Screen) {
        self.numbers += 1;
        self.shown = Some(Shown {
            number: self.numbers,
            screen,
            deadline: None,
            answered: false,
        });
    }

    fn forget(&mut self) {
        self.log.clear();
        self.ending = None;
    }

    fn showing(&self, number: u64) -> Result<&Shown, NotTaken> {
        match &self.shown {
            Some(shown) if shown.number == number => Ok(shown),
            _ if self.phase != Phase::Visit => Err(NotTaken::NoVisit),
            _ => Err(NotTaken::StaleScreen),
        }
    }

    fn offered(&self, number: u64, key: ChoiceKey) -> Result<(), NotTaken> {
        let shown = self.showing(number)?;
        if shown.answered {
            return Err(NotTaken::AlreadyAnswered);
        }
        if key == ChoiceKey::MoreTime && shown.screen.takes_more_time() {
            return Ok(());
        }
        let text = shown.screen.text(Lang::En);
        if text.choices.iter().any(|button| button.key == key) {
            Ok(())
        } else {
            Err(NotTaken::NotOffered)
        }
    }
}
