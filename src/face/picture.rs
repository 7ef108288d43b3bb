use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

/// How the samples of a [`Picture`] are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PixelFormat {
    /// One sample a pixel, 0 black to 255 white.
    Grey,
    /// Three samples a pixel: red, green, blue.
    Rgb,
}

impl PixelFormat {
    /// Samples, and bytes, of a pixel: 1 or 3.
    #[must_use]
    pub const fn samples(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
        }
    }
}

/// A picture in samples of 8 bits, rows from the top, without padding.
///
/// Wiped when dropped, not Clone; `Debug` prints the size only.
///
/// ```
/// use uketsuke::face::{Picture, PixelFormat};
///
/// let picture = Picture::new(2, 1, PixelFormat::Rgb, vec![255, 0, 0, 0, 0, 255])?;
/// assert_eq!(picture.pixel(1, 0), Some([0, 0, 255]));
/// assert_eq!(format!("{picture:?}"), "Picture(2 x 1, Rgb)");
///
/// let cut_off = Picture::new(2, 1, PixelFormat::Rgb, vec![255, 0, 0]).unwrap_err();
/// assert_eq!(cut_off.to_string(), "a picture of 2 x 1 pixels, Rgb, has 6 bytes, not 3");
/// # Ok::<(), uketsuke::face::PictureError>(())
/// ```
///
/// ```compile_fail,E0599
/// fn twice(picture: uketsuke::face::Picture) -> [uketsuke::face::Picture; 2] {
///     [picture.clone(), picture] // not Clone
/// }
/// ```
pub struct Picture {
    width: u32,
    height: u32,
    format: PixelFormat,
    samples: Zeroizing<Vec<u8>>,
}

/// Bytes that are no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PictureError {
    /// A side is 0, or above [`Picture::MAX_SIDE`].
    #[error(
        "a picture of {width} x {height} pixels is refused: each side must be 1 to {}",
        Picture::MAX_SIDE
    )]
    Size {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The bytes aren't what the size asks for.
    #[error("a picture of {width} x {height} pixels, {format:?}, has {expected} bytes, not {got}")]
    Length {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Layout.
        format: PixelFormat,
        /// Bytes that there must be.
        expected: usize,
        /// Bytes that there are.
        got: usize,
    },
}

impl Picture {
    /// The longest side, in pixels: more than a camera at a desk gives.
    pub const MAX_SIDE: u32 = 4096;

    /// Takes `width * height` pixels of `format`. The bytes are wiped when they are refused, too.
    ///
    /// # Errors
    ///
    /// [`PictureError`].
    pub fn new(
        width: u32,
        height: u32,
        format: PixelFormat,
        samples: Vec<u8>,
    ) -> Result<Self, PictureError> {
        Self::of(width, height, format, Zeroizing::new(samples))
    }

    pub(crate) fn of(
        width: u32,
        height: u32,
        format: PixelFormat,
        samples: Zeroizing<Vec<u8>>,
    ) -> Result<Self, PictureError> {
        let side = |pixels: u32| {
            usize::try_from(pixels)
                .ok()
                .filter(|_| (1..=Self::MAX_SIDE).contains(&pixels))
        };
        let (Some(columns), Some(rows)) = (side(width), side(height)) else {
            return Err(PictureError::Size { width, height });
        };
        let expected = columns * rows * format.samples();
        if samples.len() != expected {
            return Err(PictureError::Length {
                width,
                height,
                format,
                expected,
                got: samples.len(),
            });
        }
        Ok(Self {
            width,
            height,
            format,
            samples,
        })
    }

    /// Pixels in a row, 1 to [`MAX_SIDE`](Self::MAX_SIDE).
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Rows, 1 to [`MAX_SIDE`](Self::MAX_SIDE).
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The layout of [`samples`](Self::samples).
    #[must_use]
    pub const fn format(&self) -> PixelFormat {
        self.format
    }

    /// `width * height * format.samples()` bytes.
    #[must_use]
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// Red, green and blue of a pixel, all alike in a grey picture; `None` outside.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let pixel = usize::try_from(u64::from(y) * u64::from(self.width) + u64::from(x)).ok()?;
        let at = pixel.checked_mul(self.format.samples())?;
        match self.format {
            PixelFormat::Grey => self.samples.get(at).map(|grey| [*grey; 3]),
            PixelFormat::Rgb => self.samples.get(at..)?.first_chunk().copied(),
        }
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Picture({} x {}, {:?})",
            self.width, self.height, self.format
        )
    }
}
