//! The card's photo as samples.

mod check;
mod error;
#[cfg(test)]
mod tests;

use std::panic;

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use zeroize::Zeroizing;

use super::{Picture, PixelFormat};
use crate::card::CardPhoto;
use check::Checked;
pub use error::{PhotoError, PhotoProblem};

/// Decodes the photo that was read from the card. See [`decode_jpeg2000`].
///
/// # Errors
///
/// [`PhotoError`].
pub fn decode_photo(photo: &CardPhoto) -> Result<Picture, PhotoError> {
    decode_jpeg2000(photo.jpeg2000())
}

/// Decodes a JPEG 2000 portrait: a JP2 file or a bare code stream, grey or RGB,
/// 8 bits a sample. Bytes after the image are ignored.
///
/// A card is not to be trusted, and a few hundred bytes of JPEG 2000 can ask a
/// decoder for gigabytes. So the structure is checked before the decoder sees it:
/// at most 64 KiB; 64 to 1024 pixels each way, no offset, no subsampling; 1 or 3
/// components; at most 64 tiles, 32 layers, 6 decomposition levels, 18 bit planes;
/// code blocks not below 16, at most 4096 precincts; only the marker segments that
/// a portrait needs; every tile there, and nothing cut off. A test card in a public project has
/// 378 x 472 pixels, grey, JP2, reversible 5/3, one layer, five levels, blocks of
/// 64 x 64; nobody here has seen the photo of a production card, so these limits
/// are guesses with room around that.
///
/// The dearest images that we could make within them took 43 MB and 0.9 s (two
/// shared cores, 2026-11); a photo like the test card's takes milliseconds. What is
/// refused by its headers costs neither. A file whose last packets were taken out
/// and whose lengths were put right is a coarser image by the standard, or one with
/// grey parts, and is decoded as such: only the signature over the photo tells.
///
/// Colour stays colour, though chip photos are publicly reported to be grey.
///
/// The samples are wiped when dropped, but the decoder's inner buffers are freed
/// unwiped. Where that matters, decode in a child process.
///
/// ```
/// # #[cfg(feature = "photo")] {
/// use uketsuke::face::{PhotoProblem, decode_jpeg2000};
///
/// let error = decode_jpeg2000(b"\x89PNG\r\n").unwrap_err();
/// assert_eq!((error.position, error.problem), (0, PhotoProblem::NotJpeg2000));
/// # }
/// ```
///
/// # Errors
///
/// [`PhotoError`], with the position in `bytes`.
pub fn decode_jpeg2000(bytes: &[u8]) -> Result<Picture, PhotoError> {
    let checked = check::check(bytes)?;
    let undecodable = PhotoError {
        position: checked.position,
        problem: PhotoProblem::Undecodable,
    };
    // The decoder forbids unsafe code and no panic is known in it. Should one be
    // left, it must cost this photo and not the reception desk.
    panic::catch_unwind(|| decode_checked(&checked))
        .ok()
        .flatten()
        .ok_or(undecodable)
}

fn decode_checked(checked: &Checked<'_>) -> Option<Picture> {
    // The lenient mode turns a photo that was cut off into half a face.
    let settings = DecodeSettings {
        resolve_palette_indices: false,
        strict: true,
        target_resolution: None,
    };
    let image = Image::new(checked.codestream, &settings).ok()?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).ok()?;
    let pixels = usize::try_from(checked.width).ok()? * usize::try_from(checked.height).ok()?;
    let components = decoded.components();
    let as_checked = components.len() == usize::from(checked.components)
        && components.iter().all(|c| c.samples().len() == pixels);
    if !as_checked {
        return None;
    }
    let mut samples = Zeroizing::new(vec![0; pixels * components.len()]);
    decoded.store_u8_into(&mut samples);
    let format = match checked.components {
        1 => PixelFormat::Grey,
        _ => PixelFormat::Rgb,
    };
    Picture::of(checked.width, checked.height, format, samples).ok()
}
