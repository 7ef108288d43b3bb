//! The first inputs, by what the targets read.

pub mod calibration;
pub mod checkin;
pub mod face;
pub mod folders;
pub mod messages;
pub mod photo;
pub mod trust;

use std::path::Path;

/// A target's folder.
pub struct Seeds(std::path::PathBuf);

impl Seeds {
    pub fn of(target: &str) -> Self {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
        let folder = seeds.join(target);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub fn write(&self, name: &str, head: &[u8], bytes: &[u8]) {
        assert!(!bytes.is_empty(), "{name}");
        std::fs::write(self.0.join(name), [head, bytes].concat()).unwrap();
    }
}
