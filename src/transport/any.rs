//! Readers of different kinds in one place.

use std::fmt;
use std::time::Duration;

use super::{Cancel, Presence, Reader, Transport, TransportError};

/// A reader of any kind, chosen while the program runs: PC/SC or virtual, say. Its links are boxes.
///
/// ```
/// use uketsuke::simulation::VirtualReader;
/// use uketsuke::transport::{AnyReader, Presence, Reader};
/// # #[cfg(feature = "pcsc")]
/// use uketsuke::transport::PcscReader;
///
/// fn reader(real: bool) -> Result<AnyReader, Box<dyn std::error::Error>> {
///     Ok(match real {
/// #       #[cfg(feature = "pcsc")]
///         true => AnyReader::new(PcscReader::open("")?),
///         _ => AnyReader::new(VirtualReader::new()),
///     })
/// }
///
/// let mut reader = reader(false)?; // goes into Reception::new as any other
/// assert_eq!(reader.name(), "virtual reader");
/// assert_eq!(reader.presence()?, Presence::Absent);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct AnyReader(Box<dyn Reader<Transport = Box<dyn Transport + Send>> + Send>);

impl AnyReader {
    /// Takes a reader. It and its links can go to another thread, so they have to be able to.
    pub fn new<R>(reader: R) -> Self
    where
        R: Reader<Transport: Transport + Send + 'static> + Send + 'static,
    {
        Self(Box::new(Boxing(reader)))
    }
}

impl Reader for AnyReader {
    type Transport = Box<dyn Transport + Send>;

    fn name(&self) -> &str {
        self.0.name()
    }

    fn presence(&mut self) -> Result<Presence, TransportError> {
        self.0.presence()
    }

    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError> {
        self.0.wait_for_change(from, timeout)
    }

    fn connect(&mut self) -> Result<Self::Transport, TransportError> {
        self.0.connect()
    }

    fn canceller(&self) -> Box<dyn Cancel> {
        self.0.canceller()
    }
}

impl fmt::Debug for AnyReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyReader").field(&self.name()).finish()
    }
}

/// A reader whose links are boxed.
struct Boxing<R>(R);

impl<R: Reader<Transport: Transport + Send + 'static>> Reader for Boxing<R> {
    type Transport = Box<dyn Transport + Send>;

    fn name(&self) -> &str {
        self.0.name()
    }

    fn presence(&mut self) -> Result<Presence, TransportError> {
        self.0.presence()
    }

    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError> {
        self.0.wait_for_change(from, timeout)
    }

    fn connect(&mut self) -> Result<Self::Transport, TransportError> {
        Ok(Box::new(self.0.connect()?))
    }

    fn canceller(&self) -> Box<dyn Cancel> {
        self.0.canceller()
    }
}
