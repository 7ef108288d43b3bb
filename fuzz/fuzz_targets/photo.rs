//! A card's photo that is anything: no panic, no more memory than a portrait's limits allow, and what comes out has the size that the
//! headers say.
//!
//! The first byte chooses: the rest is the photo, or edits of a good one (with its structure kept right or not).

#![no_main]

use libfuzzer_sys::fuzz_target;
use uketsuke::face::{PhotoProblem, Picture, decode_jpeg2000};
use uketsuke_fuzz::{counted, edited};

const GOOD: [&[u8]; 5] = [
    include_bytes!("../../src/simulation/portrait.jp2"),
    include_bytes!("../../tests/data/grey-lossless.j2k"),
    include_bytes!("../../tests/data/grey-tiles.jp2"),
    include_bytes!("../../tests/data/grey-irreversible.jp2"),
    include_bytes!("../../tests/data/colour-lossless.jp2"),
];

/// Between two bytes of image data and the limits of `decode_jpeg2000`.
const MOST: usize = 64 << 20;

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    match GOOD.get(usize::from(kind % 8)) {
        Some(good) => decode(&edited(good, rest)),
        None => decode(rest),
    }
});

/// Larger ones only take longer.
const MOST_SAMPLES: u32 = 1 << 18;

fn decode(bytes: &[u8]) {
    if is_large(bytes) {
        return;
    }
    let (found, held) = counted(|| decode_jpeg2000(bytes));
    assert!(held <= MOST, "{held} bytes for {}", bytes.len());
    match found {
        Ok(picture) => whole(&picture, bytes),
        Err(error) => {
            assert!(error.position <= bytes.len());
            assert!(error.to_string().len() < 200);
            // What is refused by its structure doesn't get to the decoder.
            assert!(held == 0 || error.problem == PhotoProblem::Undecodable);
        }
    }
}

/// An image that is within the limits, and larger than needed here.
fn is_large(bytes: &[u8]) -> bool {
    let number = |siz: &[u8], at: usize| {
        siz.get(at..at + 4).map_or(0, |four| {
            four.iter()
                .fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte))
        })
    };
    let mut starts = bytes.windows(4).enumerate();
    starts.any(|(at, four)| {
        let (width, height) = (number(&bytes[at..], 8), number(&bytes[at..], 12));
        let components = number(&bytes[at..], 38) & 0xFFFF;
        four == b"\xFF\x4F\xFF\x51"
            && width <= 1024
            && height <= 1024
            && width * height * components.min(3) > MOST_SAMPLES
    })
}

/// As large as the first SIZ says, and nothing printed of it.
fn whole(picture: &Picture, bytes: &[u8]) {
    let pixels = usize::try_from(picture.width() * picture.height()).expect("at most 2^20");
    assert_eq!(picture.samples().len(), pixels * picture.format().samples());
    assert!((64..=1024).contains(&picture.width()) && (64..=1024).contains(&picture.height()));
    let size = [
        picture.width().to_be_bytes(),
        picture.height().to_be_bytes(),
    ]
    .concat();
    let said = |at: &[u8]| at.starts_with(b"\xFF\x4F\xFF\x51") && at.get(8..16) == Some(&size);
    assert!(bytes.windows(16).any(said));
    assert!(format!("{picture:?}").len() < 40);
}
