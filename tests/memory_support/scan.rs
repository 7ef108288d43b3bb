//! The memory of another process, as the system shows it to whoever may debug it.

use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::BufRead;
use std::os::unix::fs::FileExt;

/// What the kernel lends to every process; not this one's, and partly unreadable.
const NOT_OURS: [&str; 4] = ["[vvar]", "[vvar_vclock]", "[vdso]", "[vsyscall]"];

/// All that process `id` can read of its own: stacks, heap, code, data. It should be waiting.
pub struct Memory {
    mappings: Vec<(String, Vec<u8>)>,
}

impl Memory {
    /// Panics where the system doesn't show it: a memory that isn't looked at says nothing.
    ///
    /// A heap that a thread gave back in the middle is looked at anew.
    pub fn of(id: u32) -> Self {
        let mut maps = mapped(id);
        loop {
            let problem = match Self::by(&maps, id) {
                Ok(memory) => return memory,
                Err(problem) => problem,
            };
            let now = mapped(id);
            assert_ne!(maps, now, "{problem}");
            maps = now;
        }
    }

    fn by(maps: &str, id: u32) -> Result<Self, String> {
        let memory = File::open(format!("/proc/{id}/mem")).unwrap_or_else(|error| {
            panic!("the memory of a child process can't be read (ptrace_scope, seccomp?): {error}")
        });
        let mut mappings = Vec::new();
        for line in maps.lines() {
            let mut words = line.split_ascii_whitespace();
            let (range, rights) = (words.next().unwrap(), words.next().unwrap());
            let name = words.nth(3).unwrap_or("anonymous").to_owned();
            if !rights.starts_with('r') || NOT_OURS.contains(&name.as_str()) {
                continue;
            }
            let (start, end) = range.split_once('-').unwrap();
            let start = u64::from_str_radix(start, 16).unwrap();
            let end = u64::from_str_radix(end, 16).unwrap();
            let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
            memory
                .read_exact_at(&mut bytes, start)
                .map_err(|error| format!("{name} ({line}) can't be read: {error}"))?;
            mappings.push((name, bytes));
        }
        let memory = Self { mappings };
        for part in ["[heap]", "[stack]"] {
            assert!(memory.mappings.iter().any(|(name, _)| name == part));
        }
        Ok(memory)
    }

    /// The parts in which the bytes are.
    pub fn find(&self, wanted: &[u8]) -> Vec<String> {
        let here = |(name, bytes): &(String, Vec<u8>)| {
            position(bytes, wanted).map(|at| {
                let before = &bytes[at.saturating_sub(16)..at];
                let after = &bytes[at..bytes.len().min(at + 24)];
                format!(
                    "{name} at {at:#x} of {:#x}: {before:02X?} | {after:02X?}",
                    bytes.len()
                )
            })
        };
        self.mappings.iter().filter_map(here).collect()
    }
}

fn mapped(id: u32) -> String {
    std::fs::read_to_string(format!("/proc/{id}/maps")).unwrap()
}

/// The first place. std looks for single bytes fast, even in a test that isn't optimised.
fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    loop {
        rest.skip_until(wanted[0]).unwrap();
        let at = (bytes.len() - rest.len()).checked_sub(1)?;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        if rest.is_empty() {
            return None;
        }
    }
}

/// Below `bound`; the hasher's keys come from the system.
pub fn random(bound: usize) -> usize {
    let number = RandomState::new().build_hasher().finish();
    usize::try_from(number % u64::try_from(bound).unwrap()).unwrap()
}
