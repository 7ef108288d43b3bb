use std::fmt;

use zeroize::Zeroizing;

use crate::Realm;

/// One frame of the person at the desk.
///
/// The bytes are in whatever form the camera and the matcher agree on; the crate
/// doesn't look into them. They are wiped when the frame is dropped, the type
/// can't be cloned, and `Debug` prints the length only.
///
/// A frame carries the [`Realm`] of the camera that took it, so that a policy
/// refuses a simulated frame even among real parts.
///
/// ```
/// use uketsuke::{Realm, face::LiveImage};
///
/// let frame = LiveImage::new(Realm::Simulation, vec![1, 2, 3]);
/// assert_eq!(format!("{frame:?}"), "LiveImage(Simulation, 3 bytes)");
/// ```
pub struct LiveImage {
    realm: Realm,
    bytes: Zeroizing<Vec<u8>>,
}

impl LiveImage {
    /// Takes the bytes of a frame from a camera of `realm`.
    #[must_use]
    pub fn new(realm: Realm, bytes: Vec<u8>) -> Self {
        Self {
            realm,
            bytes: Zeroizing::new(bytes),
        }
    }

    /// The world of the camera.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// The bytes, for the matcher and the detector.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for LiveImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LiveImage({:?}, {} bytes)", self.realm, self.bytes.len())
    }
}
