//! The folder of the face application.

use super::Seeds;

/// Who checks in, who is awaited, and when is looked; see the target.
pub fn face() {
    let seeds = Seeds::of("face");
    let rounds = [2, 4, 2, 4, 2, 4];
    for how in 0..=255_u8 {
        // A right file of somebody, about whom the desk asks before or after.
        let file = [0, 6, 128, how];
        for (name, step) in [("first", 5), ("other", 13), ("number", 37)] {
            let before = [&[step, 3][..], &file, &rounds, &[4, 7], &rounds].concat();
            let after = [&file[..], &rounds, &[step, 3], &rounds, &[4]].concat();
            seeds.write(&format!("{name}-before-{how}"), &[how & 15], &before);
            seeds.write(&format!("{name}-after-{how}"), &[how & 15], &after);
        }
    }
    for kind in 0..8_u8 {
        for flags in 0..16 {
            let one = [
                kind << 3,
                kind,
                128,
                12,
                0x40,
                0,
                1,
                1,
                7,
                0,
                0x90,
                1,
                2,
                2,
                b'x',
                0,
            ];
            let steps = [
                &one[..],
                &rounds,
                &[0, 6, 130, 0],
                &rounds,
                &[4, 3, 30, 7],
                &rounds,
            ];
            seeds.write(&format!("kind-{kind}-{flags}"), &[flags], &steps.concat());
        }
    }
    // A right result is delivered and settled; before, between and afterwards others do something to the folder.
    let file = [0, 6, 128, 16];
    let again = [7 | 10 << 3];
    let disturb = |kind: u8| match kind {
        1 => vec![
            vec![7 | 1 << 3, 0],
            vec![7 | 1 << 3, 1],
            vec![7 | 1 << 3, 3],
        ],
        8 => vec![vec![7 | 8 << 3, 0], vec![7 | 8 << 3, 1]],
        // For a while, and for too long.
        12 => vec![
            [
                7 | 12 << 3,
                7 | 1 << 3,
                3,
                2,
                4,
                7 | 1 << 3,
                3,
                2,
                4,
                7 | 1 << 3,
                3,
                3,
                9,
            ]
            .to_vec(),
            [
                7 | 12 << 3,
                7 | 1 << 3,
                3,
                2,
                4,
                7 | 1 << 3,
                3,
                2,
                4,
                7 | 13 << 3,
            ]
            .to_vec(),
        ],
        14 => (0..4).map(|how| vec![7 | 14 << 3, how, 16]).collect(),
        5 => vec![vec![7 | 5 << 3, 200]],
        7 => vec![
            vec![7 | 7 << 3, 0],
            vec![7 | 7 << 3, 1],
            vec![7 | 7 << 3, 9],
        ],
        9 => vec![vec![7 | 9 << 3, 30]],
        11 => vec![
            [
                &[7 | 11 << 3, 21][..],
                b"OQSsiquc01res_face_12",
                &[2, b'x', b'x'],
            ]
            .concat(),
            [&[7 | 11 << 3, 14][..], b"OQSsiquc03res_", &[2, b'x', b'x']].concat(),
            [&[7 | 11 << 3, 12][..], b"OQSsiquc01xx", &[0]].concat(),
            [&[7 | 11 << 3, 21][..], b"OQSsiquc01req_1.xml..", &[0]].concat(),
        ],
        // A folder, twice: it comes back.
        kind => vec![vec![7 | kind << 3]],
    };
    for kind in 1..15 {
        for (at, steps) in disturb(kind).into_iter().enumerate() {
            for flags in [1, 2, 8, 0x11, 0x12] {
                for (name, parts) in [
                    (
                        "first",
                        vec![&steps[..], &rounds, &steps, &file, &rounds, &[4], &rounds],
                    ),
                    (
                        "then",
                        vec![
                            &file,
                            &[2, 4],
                            &steps,
                            &rounds,
                            &steps,
                            &rounds,
                            &[4],
                            &rounds,
                        ],
                    ),
                    (
                        "late",
                        vec![
                            &file,
                            &rounds,
                            &steps,
                            &[4],
                            &rounds,
                            &[3, 20],
                            &rounds,
                            &steps,
                            &rounds,
                        ],
                    ),
                    (
                        "after",
                        vec![
                            &file,
                            &rounds,
                            &[4],
                            &rounds,
                            &steps,
                            &file,
                            &rounds,
                            &rounds,
                            &steps,
                            &rounds,
                        ],
                    ),
                    (
                        "again",
                        vec![
                            &file,
                            &rounds,
                            &again,
                            &steps,
                            &rounds,
                            &[4],
                            &again,
                            &rounds,
                            &file,
                            &rounds,
                        ],
                    ),
                    (
                        "other",
                        vec![
                            &file,
                            &rounds,
                            &steps,
                            &[0, 6, 128, 1],
                            &rounds,
                            &[4],
                            &rounds,
                        ],
                    ),
                    ("gone", vec![&file, &[2, 4], &[0, 3, 128], &steps, &rounds]),
                    (
                        "waits",
                        vec![&steps, &file, &[2, 4, 2, 40, 3, 20, 3, 60], &rounds],
                    ),
                ] {
                    let name = format!("disturbed-{kind}-{at}-{name}-{flags}");
                    seeds.write(&name, &[flags], &parts.concat());
                }
            }
        }
    }
    // It changes for longer than is waited for; it takes another thing's place.
    let mut changing = [&file[..], &[2, 4]].concat();
    for second in 0..12_u8 {
        changing.extend([7 | 14 << 3, 1, second, 3, 5]);
    }
    seeds.write("changing", &[1], &changing);
    // Very many, which come and go.
    let many = [7 | 5 << 3, 200];
    let crowd = [
        &many[..],
        &[2, 4, 2, 4, 2, 1, 2, 4],
        &file,
        &rounds,
        &[4],
        &rounds,
        &many,
        &rounds,
    ];
    let opened = [&many[..], &rounds, &[7, 2, 4]].concat();
    seeds.write("too-full", &[8], &opened);
    for flags in [0, 1, 2, 8] {
        seeds.write(&format!("crowd-{flags}"), &[flags], &crowd.concat());
        let mut few = vec![7 | 5 << 3, 63, 2, 4, 2, 4];
        for _ in 0..6 {
            few.extend([&file[..], &rounds, &[4], &rounds].concat());
        }
        seeds.write(&format!("few-{flags}"), &[flags], &few);
    }
    let replaced = [&file[..], &rounds, &[0, 0x0c, 128], &rounds, &[4], &rounds].concat();
    for flags in [0, 1, 2] {
        seeds.write(&format!("replaced-{flags}"), &[flags], &replaced);
    }
}
