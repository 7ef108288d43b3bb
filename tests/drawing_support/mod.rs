//! Drawn faces: persons made of ellipses and lines, as a camera or a card would show them. Nobody real.
#![allow(dead_code)] // each test uses its part

mod person;
mod scene;

pub use person::Person;
#[allow(unused_imports)] // each test uses its part
pub use scene::{Scene, View};

/// Numbers that come again with the same seed (splitmix64).
#[derive(Clone)]
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In [from, to).
    pub fn within(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn happens(&mut self, chance: f64) -> bool {
        self.within(0.0, 1.0) < chance
    }
}
