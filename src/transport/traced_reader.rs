//! A reader whose every connection is traced.

use std::fmt;
use std::time::Duration;

use super::event::LinkEvent;
use super::{Cancel, Presence, Reader, TraceEvent, Traced, TransportError};

/// Wraps any [`Reader`]: every connection it gives is [`Traced`], so that a whole
/// [`Reception`](crate::checkin::Reception) can be traced. That a card was connected to, or could not be, is told too.
///
/// Each connection is traced by itself: that a secret went over an earlier one isn't known to it, so a hostile card that was
/// told a PIN could spell it in the trace of its next connection.
///
/// Each connection gets a clone of the sink. What the clones must have in common (a file, a list) has to be shared: by `Rc`
/// or `Arc`, or by writing to one place.
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
///
/// use uketsuke::VisitId;
/// use uketsuke::card::{Card, Jpki};
/// use uketsuke::simulation::{CardOptions, Persona, VirtualCard, VirtualReader};
/// use uketsuke::transport::{Reader, TraceEvent, TracedReader};
///
/// let log = Rc::new(RefCell::new(Vec::new()));
/// let sink = { let log = Rc::clone(&log); move |event: &TraceEvent| log.borrow_mut().push(event.to_string()) };
///
/// let person = Persona::named("in-order").ok_or("no such persona")?;
/// let reader = VirtualReader::new();
/// reader.insert(VirtualCard::new(person, CardOptions::default(), jiff::Timestamp::now()));
/// let mut reader = TracedReader::new(reader, sink); // goes into Reception::new as well
///
/// let mut card = Card::new(reader.connect()?, VisitId::begin());
/// card.open::<Jpki>()?.close()?;
/// assert_eq!(log.borrow()[0], "= card connected");
/// assert!(log.borrow().iter().any(|line| line.starts_with("> 00 A4 04 0C")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TracedReader<R, S> {
    inner: R,
    sink: S,
}

impl<R: Reader, S: FnMut(&TraceEvent) + Clone> TracedReader<R, S> {
    /// A reader that does what `reader` does, with connections that tell `sink`.
    pub const fn new(reader: R, sink: S) -> Self {
        Self {
            inner: reader,
            sink,
        }
    }

    /// The wrapped reader; what follows is told to nobody.
    pub fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: Reader, S: FnMut(&TraceEvent) + Clone> Reader for TracedReader<R, S> {
    type Transport = Traced<R::Transport, S>;

    fn name(&self) -> &str {
        self.inner.name()
    }

    fn presence(&mut self) -> Result<Presence, TransportError> {
        self.inner.presence()
    }

    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError> {
        self.inner.wait_for_change(from, timeout)
    }

    fn connect(&mut self) -> Result<Self::Transport, TransportError> {
        let connected = self.inner.connect();
        let what = match &connected {
            Ok(_) => LinkEvent::Connected,
            Err(_) => LinkEvent::NotConnected,
        };
        (self.sink)(&TraceEvent::about_link(what, connected.as_ref().err()));
        Ok(Traced::new(connected?, self.sink.clone()))
    }

    fn canceller(&self) -> Box<dyn Cancel> {
        self.inner.canceller()
    }
}

impl<R: fmt::Debug, S> fmt::Debug for TracedReader<R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedReader")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
