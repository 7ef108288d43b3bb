//! Client of vpcd: puts a virtual card into the virtual reader that PC/SC services load (vsmartcard project).
//!
//! The card is the TCP client. Each message, both ways, is a length of two bytes (big-endian) and that many bytes. A
//! message of one byte to the card is a control byte: `0` power off, `1` power on, `2` reset, `4` send the ATR; only
//! `4` is answered. Every other message is a command APDU and is answered with one response APDU. An empty answer
//! would count as the card's removal, so none is ever sent.

use super::SoftwareCard;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use zeroize::Zeroizing;

/// A card's connection to one slot of a vpcd virtual reader.
///
/// ```no_run
/// use uketsuke::simulation::{CardOptions, Persona, VirtualCard, Vpcd};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let persona = Persona::named("in-order").ok_or("no such persona")?;
/// let mut card = VirtualCard::new(persona, CardOptions::default(), "2026-11-24T00:00:00Z".parse()?);
/// let mut reader = Vpcd::connect("127.0.0.1", Vpcd::DEFAULT_PORT)?;
/// reader.serve(&mut card)?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Vpcd {
    stream: TcpStream,
    /// The command, by the card's own count, whose answer gets lost.
    pulled_in: Option<u64>,
}

/// What the reader asked for last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VpcdStep {
    /// Power on.
    PoweredOn,
    /// Power off.
    PoweredOff,
    /// A warm reset.
    Reset,
    /// The ATR, which also is how the reader looks whether the card is still there.
    AskedForAtr,
    /// A command was answered.
    Answered,
    /// A control byte that this version doesn't know; nothing was done.
    Ignored,
    /// The reader closed the connection.
    Closed,
}

/// The link to vpcd failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VpcdError {
    /// The connection could not be made or broke.
    #[error("the connection to the virtual reader: {0}")]
    Io(#[from] io::Error),
    /// The reader closed the connection within a message.
    #[error("the virtual reader closed the connection within a message")]
    Cut,
}

impl Vpcd {
    /// The port that vpcd listens on unless told otherwise; a second slot has the next one.
    pub const DEFAULT_PORT: u16 = 35_963;

    /// Connects: the reader sees the card from now on.
    ///
    /// # Errors
    ///
    /// Nothing listens there, or the address can't be found.
    pub fn connect(host: &str, port: u16) -> Result<Self, VpcdError> {
        let stream = TcpStream::connect((host, port))?;
        // Answers go out at once, not after a timer that waits for more.
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            pulled_in: None,
        })
    }

    /// Plans that the card is pulled away while it works on a command: it acts on
    /// it, but the answer is lost. Commands count from 1, by
    /// [`SoftwareCard::transmissions`].
    #[must_use]
    pub fn pulled_in(self, command: u64) -> Self {
        Self {
            pulled_in: Some(command),
            ..self
        }
    }

    /// Serves one message after the other until the reader closes.
    ///
    /// # Errors
    ///
    /// The connection broke.
    pub fn serve<C: SoftwareCard>(&mut self, card: &mut C) -> Result<(), VpcdError> {
        while self.serve_one(card)? != VpcdStep::Closed {}
        Ok(())
    }

    /// Waits for one message and serves it, so that a program can stop in between.
    ///
    /// # Errors
    ///
    /// The connection broke.
    pub fn serve_one<C: SoftwareCard>(&mut self, card: &mut C) -> Result<VpcdStep, VpcdError> {
        let Some(message) = self.receive()? else {
            card.power_off();
            return Ok(VpcdStep::Closed);
        };
        match message.as_slice() {
            [0] => {
                card.power_off();
                Ok(VpcdStep::PoweredOff)
            }
            [1] => {
                card.power_on();
                Ok(VpcdStep::PoweredOn)
            }
            [2] => {
                card.reset();
                Ok(VpcdStep::Reset)
            }
            [4] => {
                self.send(&card.atr())?;
                Ok(VpcdStep::AskedForAtr)
            }
            [_] => Ok(VpcdStep::Ignored),
            command => {
                let response = Zeroizing::new(card.transmit(command));
                if response.is_empty() || self.pulled_in == Some(card.transmissions()) {
                    card.power_off();
                    self.stream.shutdown(Shutdown::Both)?;
                    return Ok(VpcdStep::Closed);
                }
                self.send(&response)?;
                Ok(VpcdStep::Answered)
            }
        }
    }

    /// One message, `None` if the reader closed before it. At most 65,535 bytes, as the length field has it.
    fn receive(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, VpcdError> {
        let mut length = [0; 2];
        if !self.fill(&mut length, true)? {
            return Ok(None);
        }
        let mut body = Zeroizing::new(vec![0; usize::from(u16::from_be_bytes(length))]);
        self.fill(&mut body, false)?;
        Ok(Some(body))
    }

    /// Reads until `bytes` is full, however many pieces come. `false` if the connection was closed before the first
    /// byte, where that `may_end`.
    fn fill(&mut self, bytes: &mut [u8], may_end: bool) -> Result<bool, VpcdError> {
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            self.acknowledge_quickly();
            match self.stream.read(rest) {
                Ok(0) if may_end && filled == 0 => return Ok(false),
                Ok(0) => return Err(VpcdError::Cut),
                Ok(count) => filled = filled.saturating_add(count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // A service that is stopped closes without ceremony.
                Err(error)
                    if error.kind() == ErrorKind::ConnectionReset && may_end && filled == 0 =>
                {
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// vpcd writes length and body in two sends, and its second one waits for our acknowledgement of the first: some
    /// 45 ms for each command unless it is sent at once. The setting lasts for one receive only.
    #[cfg(target_os = "linux")]
    fn acknowledge_quickly(&self) {
        use std::os::linux::net::TcpStreamExt as _;
        // Slow is all that a refusal means.
        let _ = self.stream.set_quickack(true);
    }

    #[cfg(not(target_os = "linux"))]
    fn acknowledge_quickly(&self) {}

    /// Length and body in one write.
    fn send(&mut self, bytes: &[u8]) -> Result<(), VpcdError> {
        // One response of this card can't be longer; if it were, the reader gets "no precise diagnosis".
        let (length, bytes) = match u16::try_from(bytes.len()) {
            Ok(length) if length > 0 => (length, bytes),
            _ => (2, [0x6F, 0x00].as_slice()),
        };
        let mut message = Zeroizing::new(length.to_be_bytes().to_vec());
        message.extend_from_slice(bytes);
        self.stream.write_all(&message)?;
        Ok(())
    }
}
