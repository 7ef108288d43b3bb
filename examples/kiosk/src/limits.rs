//! How much, and how long, anybody may send.

use std::time::Duration;

/// Sizes, times and counts. Each is far above what the pages need.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a JSON body: the longest is a passcode of 64 bytes with its staff member's id.
    pub json: usize,
    /// Bytes of a picture: pixels of three bytes, and a head. The page sends 640 by 480 or less.
    pub frame: usize,
    /// Pixels of each of a picture's sides, at least and at most.
    pub sides: (u32, u32),
    /// For a request's head, and for the next request on an open connection.
    pub head: Duration,
    /// For a connection until a request of it passes the guard.
    pub stranger: Duration,
    /// For a request's body.
    pub body: Duration,
    /// Connections at the same time; a browser opens six.
    pub connections: usize,
    /// Browsers (tabs) that look at the same time.
    pub views: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            json: 512,
            frame: 3 * 1024 * 768 + 16,
            sides: (64, 1024),
            head: Duration::from_secs(20),
            stranger: Duration::from_secs(5),
            body: Duration::from_secs(10),
            connections: 64,
            views: 12,
        }
    }
}
