use std::fmt;

use zeroize::Zeroizing;

use super::Picture;
use crate::Realm;

/// One frame of the person at the desk: a [`Picture`], or bytes in whatever form a
/// camera and a closed matcher agree on, into which the crate doesn't look.
///
/// It is wiped when dropped, can't be cloned, and `Debug` prints its size only.
///
/// A frame carries the [`Realm`] of the camera that took it, so that a policy
/// refuses a simulated frame even among real parts.
///
/// ```
/// use uketsuke::Realm;
/// use uketsuke::face::{LiveImage, Picture, PixelFormat};
///
/// let frame = LiveImage::new(Realm::Simulation, vec![1, 2, 3]);
/// assert_eq!(format!("{frame:?}"), "LiveImage(Simulation, 3 bytes)");
/// assert!(frame.picture().is_none());
///
/// let picture = Picture::new(2, 1, PixelFormat::Grey, vec![0, 255])?;
/// let frame = LiveImage::of_picture(Realm::Production, picture);
/// assert_eq!(format!("{frame:?}"), "LiveImage(Production, 2 x 1, Grey)");
/// assert_eq!(frame.bytes(), [0, 255]);
/// # Ok::<(), uketsuke::face::PictureError>(())
/// ```
///
/// ```compile_fail,E0599
/// fn twice(frame: uketsuke::face::LiveImage) -> [uketsuke::face::LiveImage; 2] {
///     [frame.clone(), frame] // not Clone
/// }
/// ```
pub struct LiveImage {
    realm: Realm,
    content: Content,
}

enum Content {
    Opaque(Zeroizing<Vec<u8>>),
    Picture(Picture),
}

impl LiveImage {
    /// Takes the bytes of a frame from a camera of `realm`.
    #[must_use]
    pub fn new(realm: Realm, bytes: Vec<u8>) -> Self {
        Self {
            realm,
            content: Content::Opaque(Zeroizing::new(bytes)),
        }
    }

    /// Takes a frame in pixels from a camera of `realm`.
    #[must_use]
    pub const fn of_picture(realm: Realm, picture: Picture) -> Self {
        Self {
            realm,
            content: Content::Picture(picture),
        }
    }

    /// The world of the camera.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// The bytes, for the matcher and the detector; the samples, if it is a picture.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Opaque(bytes) => bytes,
            Content::Picture(picture) => picture.samples(),
        }
    }

    /// The picture, if the camera gives pixels.
    #[must_use]
    pub const fn picture(&self) -> Option<&Picture> {
        match &self.content {
            Content::Opaque(_) => None,
            Content::Picture(picture) => Some(picture),
        }
    }
}

impl fmt::Debug for LiveImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let realm = self.realm;
        match &self.content {
            Content::Opaque(bytes) => write!(f, "LiveImage({realm:?}, {} bytes)", bytes.len()),
            Content::Picture(picture) => write!(
                f,
                "LiveImage({realm:?}, {} x {}, {:?})",
                picture.width(),
                picture.height(),
                picture.format()
            ),
        }
    }
}
