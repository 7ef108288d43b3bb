//! How much, and how long, anybody may send.

use std::time::Duration;

/// Sizes, times and counts. Each is far above what the pages need.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a JSON body: the longest is a passcode of 64 bytes with its staff member's id.
    pub json: usize,
    /// Bytes of a picture: a frame of 1280 by 720 is a tenth of this as JPEG.
    pub frame: usize,
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
            frame: 2 * 1024 * 1024,
            head: Duration::from_secs(20),
            stranger: Duration::from_secs(5),
            body: Duration::from_secs(10),
            connections: 64,
            views: 12,
        }
    }
}
