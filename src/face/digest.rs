//! Calibration records and policies in 32 bytes, so that an audit trail can name them.

use std::fmt;

use ring::digest::{Context, SHA256};

macro_rules! digest {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(pub(super) [u8; 32]);

        impl $name {
            /// The 32 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        /// In hexadecimal digits.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                crate::hex::write(&self.0, f)
            }
        }

        /// Its beginning.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let [a, b, c, d, ..] = self.0;
                write!(f, "{}({a:02x}{b:02x}{c:02x}{d:02x}..)", stringify!($name))
            }
        }
    };
}

digest! {
    /// SHA-256 of everything in a [`Calibration`](super::Calibration). `Display` shows 64
    /// hexadecimal digits.
    CalibrationDigest
}

digest! {
    /// SHA-256 of everything in a [`MatchPolicy`](super::MatchPolicy): realm, the rate and
    /// the confidence that are asked for, the calibration record, the threshold taken from
    /// it, and whether staff may stand for a detector.
    ///
    /// Two policies with one digest accept the same. `Display` shows 64 hexadecimal digits.
    MatchPolicyDigest
}

/// SHA-256 over fields behind their lengths, and lists behind their counts: no two lists
/// of fields are the same bytes.
pub(super) struct Fields(Context);

impl Fields {
    pub(super) fn new(label: &str) -> Self {
        let mut fields = Self(Context::new(&SHA256));
        fields.text(label);
        fields
    }

    pub(super) fn field(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.field(text.as_bytes());
    }

    /// Nothing in memory is longer than that.
    pub(super) fn count(&mut self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.0.update(&count.to_be_bytes());
    }

    pub(super) fn finish(self) -> [u8; 32] {
        array(self.0.finish().as_ref())
    }
}

/// The first 32 bytes.
pub(super) fn array(digest: &[u8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = *from;
    }
    bytes
}
