//! Several fields in one digest, so that no two lists of fields are the same bytes.

use ring::digest::{Context, SHA256};

/// SHA-256 over fields behind their lengths, and lists behind their counts.
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
