//! A picture of the page's camera: pixels, so that nothing here decodes anybody's images.

use uketsuke::face::{Picture, PixelFormat};
use zeroize::Zeroizing;

/// Its media type.
pub const MEDIA_TYPE: &str = "image/x-portable-pixmap";

/// Reads a binary PPM: `P6`, width, height and 255, one byte of white space after each, then red, green and blue of each
/// pixel, and nothing more. Comments aren't taken, nor a size outside `sides`.
#[must_use]
pub fn picture(mut bytes: Zeroizing<Vec<u8>>, sides: (u32, u32)) -> Option<Picture> {
    let mut at = 0;
    if word(&bytes, &mut at)? != b"P6" {
        return None;
    }
    let width = number(&bytes, &mut at)?;
    let height = number(&bytes, &mut at)?;
    let (least, most) = sides;
    let fits = |side: &u32| (least..=most).contains(side);
    if number(&bytes, &mut at)? != 255 || !fits(&width) || !fits(&height) {
        return None;
    }
    // The pixels move to the front, and what they leave behind is wiped with the rest.
    let pixels = bytes.len().checked_sub(at)?;
    bytes.copy_within(at.., 0);
    bytes.truncate(pixels);
    let samples = std::mem::take(&mut *bytes);
    Picture::new(width, height, PixelFormat::Rgb, samples).ok()
}

/// Up to the next white space, which is passed.
fn word<'a>(bytes: &'a [u8], at: &mut usize) -> Option<&'a [u8]> {
    /// A number of more digits isn't a size.
    const LONGEST: usize = 5;
    let rest = bytes.get(*at..)?;
    let end = rest
        .iter()
        .take(LONGEST)
        .position(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r'))?;
    *at += end + 1;
    rest.get(..end)
}

fn number(bytes: &[u8], at: &mut usize) -> Option<u32> {
    let word = word(bytes, at)?;
    let digits =
        word.first().is_some_and(|first| *first != b'0') && word.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(word)
        .ok()
        .filter(|_| digits)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(head: &str, pixels: usize) -> Option<Picture> {
        let bytes = [head.as_bytes(), &vec![7; pixels]].concat();
        picture(Zeroizing::new(bytes), (2, 8))
    }

    #[test]
    fn pixels_are_taken_as_they_are() {
        let bytes = b"P6 2 3\n255\nabcdefghijklmnopqr".to_vec();
        let picture = picture(Zeroizing::new(bytes), (2, 8)).unwrap();
        assert_eq!((picture.width(), picture.height()), (2, 3));
        assert_eq!(picture.samples(), b"abcdefghijklmnopqr");
        // Pixels that look like more white space.
        let spaces = [b"P6\n2\n2\n255\n".as_slice(), &[b' '; 12]].concat();
        assert!(super::picture(Zeroizing::new(spaces), (2, 8)).is_some());
    }

    #[test]
    fn anything_else_is_refused() {
        for (head, pixels) in [
            ("", 0),
            ("P6", 0),
            ("P6\n", 0),
            ("P5\n2 2\n255\n", 12),
            ("P6\n2 2\n255", 12),
            ("P6\n2 2\n255\n", 11),
            ("P6\n2 2\n255\n", 13),
            ("P6\n1 2\n255\n", 6),
            ("P6\n9 2\n255\n", 54),
            ("P6\n2 9\n255\n", 54),
            ("P6\n2 2\n254\n", 12),
            ("P6\n2 2\n65535\n", 24),
            ("P6\n# no\n2 2\n255\n", 12),
            ("P6\n02 2\n255\n", 12),
            ("P6\n+2 2\n255\n", 12),
            ("P6\n-2 2\n255\n", 12),
            ("P6\n2  2\n255\n", 12),
            ("P6\n99999999999 2\n255\n", 12),
            ("\u{FEFF}P6\n2 2\n255\n", 12),
        ] {
            assert!(read(head, pixels).is_none(), "{head:?} {pixels}");
        }
        assert!(read("P6\n2 2\n255\n", 12).is_some());
    }
}
