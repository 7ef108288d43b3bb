//! Command and response APDUs of ISO/IEC 7816-4: pure functions over bytes.
//!
//! | to | use |
//! |---|---|
//! | write or read a command, short or extended | [`Command`] |
//! | split an answer into data and status word | [`Response`] |
//! | ask a status word what it means | [`StatusWord`] |
//! | follow `61xx` and `6Cxx` within a budget | [`Exchange`] |
//!
//! Nothing here does I/O, and nothing here panics on any input. [`Command::decode`] is the exact inverse of
//! [`Command::encode`]: for bytes that are a command, decoding and encoding gives the same bytes back.
//!
//! ```
//! use uketsuke::apdu::{Command, Le, Response, StatusWord};
//!
//! // READ BINARY of the file with short identifier 0A, 256 bytes from offset 0.
//! let command = Command::new(0x00, 0xB0, 0x8A, 0x00).with_le(Le::SHORT_MAX);
//! assert_eq!(command.encode()?.as_slice(), [0x00, 0xB0, 0x8A, 0x00, 0x00]);
//!
//! let response = Response::decode(&[0x30, 0x82, 0x90, 0x00])?;
//! assert_eq!(response.data(), [0x30, 0x82]);
//! assert_eq!(response.status(), StatusWord::OK);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod command;
mod exchange;
mod response;
mod status;

pub use command::{Case, Command, DecodeError, EncodeError, Le, Lengths};
pub use exchange::{Budget, Exchange, ExchangeError, Next};
pub use response::{Response, ResponseError};
pub use status::StatusWord;
