//! The card's photo.

use super::Seeds;

#[path = "../photo_support/bombs.rs"]
#[allow(dead_code)]
mod bombs;

/// The target has the good files by itself; here are edits of them, and the code streams that ask for too much.
pub fn photo() {
    let seeds = Seeds::of("photo");
    let whole: [&[u8]; 5] = [
        include_bytes!("../../src/simulation/portrait.jp2"),
        include_bytes!("../data/grey-lossless.j2k"),
        include_bytes!("../data/grey-tiles.jp2"),
        include_bytes!("../data/grey-irreversible.jp2"),
        include_bytes!("../data/colour-lossless.jp2"),
    ];
    for (number, good) in (0..).zip(whole) {
        // Nothing is edited by fewer than six bytes.
        seeds.write(&format!("good-{number}"), &[number], &[0]);
        seeds.write(&format!("bytes-{number}"), &[7], good);
        for at in (0..good.len().min(2048)).step_by(37) {
            let place = u16::try_from(at).unwrap().to_le_bytes();
            for kind in 0..4 {
                let edit = [place[0], place[1], 2, kind, 0xFF, 0];
                seeds.write(&format!("edit-{number}-{at}-{kind}"), &[number], &edit);
            }
        }
    }
    for (number, (_, bytes)) in bombs::bombs().into_iter().enumerate() {
        seeds.write(&format!("bomb-{number}"), &[7], &bytes);
    }
}
