//! Entries in the order of their keys, looked up with few lines of the cache.

/// What an entry is found by.
pub(super) trait Keyed {
    type Key: Copy + Ord;
    fn key(&self) -> Self::Key;
}

/// Sorted entries, and the keys of every [`STEP`](Self::STEP)th of them.
///
/// A search begins among those keys, which are few enough to stay in the cache,
/// and ends in one step of the entries; a search over all of a million entries
/// would wait for memory at most of its twenty comparisons.
pub(super) struct Table<T: Keyed> {
    entries: Vec<T>,
    guide: Vec<T::Key>,
}

impl<T: Keyed + Ord> Table<T> {
    const STEP: usize = 64;

    pub(super) fn new(mut entries: Vec<T>) -> Self {
        entries.shrink_to_fit();
        entries.sort_unstable();
        let guide = entries.iter().step_by(Self::STEP).map(Keyed::key).collect();
        Self { entries, guide }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The first entry with this key.
    pub(super) fn find(&self, key: T::Key) -> Option<&T> {
        // It comes behind the last guide below the key, and at the latest with the next one.
        let step = self.guide.partition_point(|first| *first < key);
        let from = step.saturating_sub(1) * Self::STEP;
        let to = (step * Self::STEP + 1).min(self.entries.len());
        let entries = self.entries.get(from..to)?;
        let at = entries.partition_point(|entry| entry.key() < key);
        entries.get(at).filter(|entry| entry.key() == key)
    }

    /// Bytes on the heap.
    pub(super) const fn heap_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<T>() + self.guide.capacity() * size_of::<T::Key>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
    struct Pair(u32, usize);

    impl Keyed for Pair {
        type Key = u32;
        fn key(&self) -> u32 {
            self.0
        }
    }

    /// Around the borders of the steps, with gaps, and with one key over several steps.
    #[test]
    fn the_first_of_each_key_is_found() {
        for len in (0..=200).chain([640, 641]) {
            for same in [1, 2, 63, 64, 65, 130] {
                let key = |at: usize| u32::try_from(at / same * 2 + 1).unwrap();
                let mut entries: Vec<Pair> = (0..len).map(|at| Pair(key(at), at)).collect();
                entries.reverse();
                let table = Table::new(entries);
                assert_eq!(table.len(), len);
                for at in 0..len {
                    let first = at / same * same;
                    assert_eq!(table.find(key(at)), Some(&Pair(key(at), first)));
                }
                let end = key(len);
                for missing in (0..=end + 1).filter(|missing| missing % 2 == 0) {
                    assert_eq!(table.find(missing), None);
                }
                assert_eq!(table.find(end + 2), None);
            }
        }
    }
}
