//! Calibration records.

use super::Seeds;

/// The target has the good files by itself; here are edits of them, and figures.
pub fn records() {
    let seeds = Seeds::of("calibration");
    let whole = include_bytes!("../data/calibration.json");
    for asks in 0..40 {
        seeds.write(&format!("good-{asks}"), &[2, asks], &[0]);
    }
    seeds.write("file", &[0, 0], whole);
    for at in (0..whole.len()).step_by(3) {
        let place = u16::try_from(at).unwrap().to_le_bytes();
        for (kind, byte) in [(0, 0), (1, b'9'), (2, b'0'), (2, b'-'), (3, 0)] {
            let edit = [place[0], place[1], 1, kind, byte, 0];
            seeds.write(&format!("edit-{at}-{kind}-{byte}"), &[2, 0], &edit);
        }
    }
    // Threshold up by a tenth; claimed 1e-4 to 1e-6; trials and errors of all sizes.
    for (number, (trials, errors)) in [(16_094_u64, 0_u64), (29_950, 1), (1 << 40, 9000), (9, 9)]
        .into_iter()
        .enumerate()
    {
        for claimed in 2..5 {
            let point = [
                &[40, claimed, 1, 0][..],
                &trials.to_le_bytes(),
                &errors.to_le_bytes(),
                &[0, 0],
            ]
            .concat();
            for asks in [0, 2, 16] {
                let name = format!("figures-{number}-{claimed}-{asks}");
                seeds.write(&name, &[1, asks], &point.repeat(3));
            }
        }
    }
}
