//! PC/SC: the operating system's smart card service.
//!
//! The same calls everywhere, with differences that are worth knowing:
//!
//! - Linux: pcscd. Readers come and go while it runs.
//! - Windows: WinSCard. The service runs only while a reader is attached, so [`TransportErrorKind::ServiceUnavailable`] can
//!   also mean that there is none; and a card whose transaction idles for five seconds is reset.
//! - macOS: CryptoTokenKit keeps its own eye on cards, so an exclusive connection is refused more often.
//!
//! [`TransportErrorKind::ServiceUnavailable`]: super::TransportErrorKind::ServiceUnavailable

mod codes;
mod features;
mod keypad;
mod link;
mod reader;
mod readers;
mod shared;

pub use link::PcscTransport;
pub use reader::PcscReader;
pub use readers::{PcscReaders, ReaderEvent};
