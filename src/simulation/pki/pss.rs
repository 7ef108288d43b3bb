//! RSASSA-PSS with SHA-256, as form 04 and 05 of the card's signing command: RFC 8017, sections 9.1.1 and B.2.1.

use ring::digest::{SHA256, digest};

/// Salt as long as the hash.
pub(super) const SALT: usize = 32;
const HASH: usize = 32;
const EM: usize = 256;
const DB: usize = EM - HASH - 1;

/// EMSA-PSS-ENCODE of a hash, for a modulus of 2,048 bits.
pub(super) fn encode(hash: &[u8; HASH], salt: &[u8; SALT]) -> Vec<u8> {
    let h = digest(&SHA256, &[&[0; 8], hash.as_slice(), salt].concat());
    let mut db = vec![0; DB - SALT - 1];
    db.push(0x01);
    db.extend_from_slice(salt);
    for (byte, mask) in db.iter_mut().zip(mask(h.as_ref())) {
        *byte ^= mask;
    }
    // One bit less than the modulus has.
    if let Some(first) = db.first_mut() {
        *first &= 0x7F;
    }
    db.extend_from_slice(h.as_ref());
    db.push(0xBC);
    db
}

/// MGF1.
fn mask(seed: &[u8]) -> impl Iterator<Item = u8> {
    (0_u32..).flat_map(move |counter| {
        digest(&SHA256, &[seed, &counter.to_be_bytes()].concat())
            .as_ref()
            .to_vec()
    })
}
