//! Long lists of revoked certificates, for what is measured of them.

use jiff::Timestamp;
use uketsuke::{
    Realm,
    simulation::{CrlEntry, CrlScope, CrlSpec, Generation, VirtualPki},
    trust::{CrlIndex, Root},
};

/// When the lists are made.
const NOW: &str = "2026-11-22T03:00:00Z";

/// A list with entries whose numbers are all of one length.
pub struct List {
    der: Vec<u8>,
    root: Root,
    now: Timestamp,
    count: u64,
    bytes: usize,
}

impl List {
    /// Of `count` entries, with serial numbers of `bytes` bytes (8 to 20), in no order.
    pub fn new(count: u64, bytes: usize) -> Self {
        let now: Timestamp = NOW.parse().expect("a time");
        let mut spec = CrlSpec::new(Generation::Third, now);
        spec.scope = CrlScope::Everyone;
        spec.entries = (0..count)
            .map(|index| CrlEntry {
                serial: serial(index, bytes),
                at: now,
                reason: None,
            })
            .collect();
        Self::read(VirtualPki::new().crl(&spec), count, bytes)
    }

    /// The one that [`new`](Self::new) made, from its DER.
    pub fn read(der: Vec<u8>, count: u64, bytes: usize) -> Self {
        let root = VirtualPki::new().root(Generation::Third);
        Self {
            der,
            root: Root::new(root, Realm::Simulation).expect("a root"),
            now: NOW.parse().expect("a time"),
            count,
            bytes,
        }
    }

    /// CertificateList, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Verifies it and makes the index.
    pub fn index(&self) -> CrlIndex {
        let index = CrlIndex::build(&self.der, &self.root, self.now).expect("a list");
        assert_eq!(index.len() as u64, self.count);
        index
    }

    /// Number of the entry `index`, counted round: as it is in the list.
    pub fn listed(&self, index: u64) -> Vec<u8> {
        serial(index % self.count, self.bytes)
    }

    /// A number that isn't in the list, of the same length; another one for each `index`.
    pub fn unlisted(&self, index: u64) -> Vec<u8> {
        serial(self.count + index % self.count, self.bytes)
    }
}

/// Another one for each `index`: an odd factor only changes the order modulo 2^62. The first byte is 0x40 to 0x7f.
fn serial(index: u64, bytes: usize) -> Vec<u8> {
    let mixed = index.wrapping_mul(0x9e37_79b9_7f4a_7c15) & ((1 << 62) - 1);
    let mut serial = (1 << 62 | mixed).to_be_bytes().to_vec();
    serial.resize(bytes, 0x5a);
    serial
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_is_found_and_nothing_else() {
        for bytes in [8, 20] {
            let list = List::new(1000, bytes);
            let index = list.index();
            for at in 0..1000 {
                assert_eq!(list.listed(at).len(), bytes);
                assert!(index.revoked(&list.listed(at)).is_some());
                assert!(index.revoked(&list.unlisted(at)).is_none());
            }
        }
    }
}
