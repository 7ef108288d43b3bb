//! Bytes on their way to a card.

use std::fmt;

/// A command on its way to a card, with what a trace may show of it and of its answer.
///
/// Only the card layer knows what a command means, so only it can say that something may be shown. Bytes from anywhere else
/// are [`raw`](Self::raw) and hidden whole. `Debug` shows the two classes and nothing of the bytes.
///
/// ```
/// use uketsuke::transport::{Outgoing, Sensitivity};
///
/// let command = Outgoing::raw(&[0x00, 0x20, 0x00, 0x98, 0x04, 0x31, 0x33, 0x35, 0x37]);
/// assert_eq!(command.command(), Sensitivity::Secret);
/// assert_eq!(format!("{command:?}"), "Outgoing { raw command, hidden }");
/// ```
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    bytes: &'a [u8],
    command: Sensitivity,
    response: Sensitivity,
    classified: bool,
}

impl<'a> Outgoing<'a> {
    /// A whole command APDU of unknown meaning: a trace shows nothing of it or of its answer.
    #[must_use]
    pub const fn raw(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            command: Sensitivity::Secret,
            response: Sensitivity::Secret,
            classified: false,
        }
    }

    /// A whole command APDU whose meaning the card layer knows. A trace shows its header, and data where it is public.
    #[must_use]
    pub(crate) const fn classified(
        bytes: &'a [u8],
        command: Sensitivity,
        response: Sensitivity,
    ) -> Self {
        Self {
            bytes,
            command,
            response,
            classified: true,
        }
    }

    /// The whole command APDU.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether the command data may be shown.
    #[must_use]
    pub const fn command(&self) -> Sensitivity {
        self.command
    }

    /// Whether the response data may be shown.
    #[must_use]
    pub const fn response(&self) -> Sensitivity {
        self.response
    }

    /// Whether the card layer made it, so that its header and status word may be shown.
    #[must_use]
    pub const fn is_classified(&self) -> bool {
        self.classified
    }
}

impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.classified {
            write!(
                f,
                "Outgoing {{ command: {:?}, response: {:?} }}",
                self.command, self.response
            )
        } else {
            f.write_str("Outgoing { raw command, hidden }")
        }
    }
}

/// Whether data may be shown in a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sensitivity {
    /// May be shown: the name of an application, a certificate's issuer, an offset.
    Public,
    /// Never shown: a PIN, a photo, a certificate with a person's number. Neither is its length, but for answers before a
    /// secret went over the link.
    Secret,
}
