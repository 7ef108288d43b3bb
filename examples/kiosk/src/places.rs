//! The places for connections, and who loses theirs when there are too many.
//!
//! Any program of this computer, and any page, can open connections and say nothing. So one that wasn't let in yet lasts a
//! few seconds, and gives way to a newer one where all places are taken: the oldest first. A browser needs its place for
//! some milliseconds until its first request is let in.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Who is connected, by the order in which they came.
#[derive(Debug)]
pub struct Places {
    most: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    last: u64,
    guests: BTreeMap<u64, Arc<Guest>>,
}

/// One connection.
#[derive(Debug, Default)]
pub struct Guest {
    let_in: AtomicBool,
    give_way: Notify,
}

impl Guest {
    /// A request of it passed the guard: it keeps its place.
    pub fn let_in(&self) {
        self.let_in.store(true, Ordering::SeqCst);
    }

    /// Whether one did.
    #[must_use]
    pub fn is_let_in(&self) -> bool {
        self.let_in.load(Ordering::SeqCst)
    }

    /// Comes when its place goes to another.
    pub async fn has_to_go(&self) {
        self.give_way.notified().await;
    }
}

/// A place taken, given back when dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    number: u64,
    /// Whose it is.
    pub guest: Arc<Guest>,
}

impl Places {
    /// This many.
    #[must_use]
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            taken: Mutex::default(),
        })
    }

    /// A place for a new connection; `None` where all are taken by ones that were let in.
    #[must_use]
    pub fn take(self: &Arc<Self>) -> Option<Place> {
        let mut taken = self.lock();
        if taken.guests.len() >= self.most {
            let oldest = taken.guests.iter().find(|(_, guest)| !guest.is_let_in());
            let number = *oldest?.0;
            if let Some(guest) = taken.guests.remove(&number) {
                guest.give_way.notify_one();
            }
        }
        taken.last += 1;
        let number = taken.last;
        let guest = Arc::new(Guest::default());
        taken.guests.insert(number, Arc::clone(&guest));
        Some(Place {
            places: Arc::clone(self),
            number,
            guest,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().guests.remove(&self.number);
    }
}
