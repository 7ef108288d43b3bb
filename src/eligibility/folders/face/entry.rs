//! What is remembered of one file, while the program runs.

use jiff::Timestamp;
use jiff::civil::DateTime;
use ring::{digest, hmac};

use super::super::files::Stamp;
use super::look::Look;
use crate::eligibility::{FeedTrouble, ResultId};
use crate::japan::JAPAN;

/// Stands for a name where there may be very many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct NameKey([u8; 16]);

impl NameKey {
    pub(super) fn of(name: &str) -> Self {
        let mut key = [0; 16];
        let digest = digest::digest(&digest::SHA256, name.as_bytes());
        for (to, from) in key.iter_mut().zip(digest.as_ref()) {
            *to = *from;
        }
        Self(key)
    }

    /// A number that nobody can foresee to be small in every round.
    pub(super) fn lot(self, round: u64) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        let drawn = u64::from_be_bytes([a, b, c, d, e, f, g, h]) ^ round;
        // The finalizer of SplitMix64.
        let drawn = (drawn ^ (drawn >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let drawn = (drawn ^ (drawn >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        drawn ^ (drawn >> 31)
    }
}

/// Of a file's bytes, under its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(name: &str, bytes: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, name.as_bytes());
        let mut digest = [0; 32];
        for (to, from) in digest.iter_mut().zip(hmac::sign(&key, bytes).as_ref()) {
            *to = *from;
        }
        Self(digest)
    }

    /// Thirty-two bits of it: enough to notice that the bytes are others, not enough
    /// to find out what they were.
    pub(super) fn result_id(self, name: &str) -> Option<ResultId> {
        let [a, b, c, d, ..] = self.0;
        let check = u32::from_be_bytes([a, b, c, d]);
        ResultId::new(&format!("{name}:{check:08x}"))
    }
}

#[derive(Debug)]
pub(super) struct Entry {
    /// In which poll it was listed last.
    pub(super) round: u64,
    /// Trouble that was told last.
    pub(super) told: Option<FeedTrouble>,
    pub(super) state: State,
}

#[derive(Debug)]
pub(super) enum State {
    /// Looked at in each round.
    Following(Look),
    Delivered(Delivered),
    /// Found wanting; looked at in turn. With what it looked like.
    Troubled(Option<Stamp>),
}

#[derive(Debug)]
pub(super) struct Delivered {
    pub(super) id: ResultId,
    pub(super) digest: Digest,
    pub(super) stamp: Stamp,
    pub(super) put: Put,
    /// It isn't any more what was delivered.
    pub(super) contradicted: bool,
}

/// Whether it is put away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// The caller hasn't said that it has the result.
    Open,
    /// It has. Since when that fails, if it was tried.
    Settling(Option<Timestamp>),
    /// Nothing is to be done any more.
    Done,
}

/// The time in a name, which is Japan's.
pub(super) fn in_japan(time: DateTime) -> Option<Timestamp> {
    JAPAN.to_timestamp(time).ok()
}
