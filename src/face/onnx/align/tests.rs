use proptest::prelude::*;

use super::{Similarity, UPRIGHT, upright, warp};
use crate::face::{Picture, PixelFormat};

/// What scikit-image's `SimilarityTransform` gives for the same points.
#[test]
fn known_answers() {
    let check = |from: [[f64; 2]; 5], [a, b, x, y]: [f64; 4]| {
        let found = Similarity::between(&from, &UPRIGHT).unwrap();
        for (found, known) in [found.a, found.b, found.x, found.y]
            .iter()
            .zip([a, b, x, y])
        {
            assert!(
                (found - known).abs() < 1e-8 * known.abs().max(1.0),
                "{found} {known}"
            );
        }
    };
    check(
        [
            [87.0, 140.0],
            [152.0, 139.0],
            [120.0, 178.0],
            [94.0, 216.0],
            [147.0, 215.0],
        ],
        [0.539090021, 0.00484955461, -7.80336158, -24.4235542],
    );
    check(
        [
            [301.2, 188.4],
            [372.9, 205.7],
            [330.1, 240.3],
            [289.5, 263.8],
            [349.0, 279.9],
        ],
        [0.489173398, -0.122414211, -133.530105, -3.14029103],
    );
    check(UPRIGHT, [1.0, 0.0, 0.0, 0.0]);
}

#[test]
fn eyes_taken_for_each_other_lie_far_off() {
    let [left, right, nose, left_mouth, right_mouth] = UPRIGHT;
    let swapped = [right, left, nose, right_mouth, left_mouth];
    let found = Similarity::between(&swapped, &UPRIGHT).unwrap();
    let off = found.residual(&swapped, &UPRIGHT);
    assert!((off - 22.6).abs() < 0.05, "{off}");
}

#[test]
fn points_without_extent_or_out_of_reach_are_refused() {
    assert!(Similarity::between(&[[7.0, 7.0]; 5], &UPRIGHT).is_none());
    assert!(Similarity::between(&UPRIGHT, &[[7.0, 7.0]; 5]).is_none());
    for bad in [f64::NAN, f64::INFINITY, 1e9] {
        for at in 0..5 {
            let mut points = UPRIGHT;
            points[at][1] = bad;
            assert!(Similarity::between(&points, &UPRIGHT).is_none());
            assert!(Similarity::between(&UPRIGHT, &points).is_none());
        }
    }
}

#[test]
fn larger_crops() {
    assert_eq!(upright(112), UPRIGHT);
    for (at, [x, y]) in UPRIGHT.into_iter().enumerate() {
        assert_eq!(upright(224)[at], [2.0 * x, 2.0 * y]);
        assert_eq!(upright(128)[at], [x + 8.0, y]);
        assert_eq!(upright(384)[at], [3.0 * (x + 8.0), 3.0 * y]);
    }
}

/// Each pixel says where it is: bilinear is exact then, and nothing is left outside.
#[test]
fn a_crop_shows_what_is_there() {
    let (width, height) = (120_u8, 100_u8);
    let samples = (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| [x, y, 255]))
        .collect();
    let picture = Picture::new(120, 100, PixelFormat::Rgb, samples).unwrap();
    let to = Similarity {
        a: 1.6,
        b: 0.9,
        x: -80.0,
        y: -60.0,
    };
    let crop = warp(&picture, &to, 112);
    let mut inside = 0;
    for row in 0..112_usize {
        for column in 0..112_usize {
            let [x, y] = to.inverse().apply([column as f64, row as f64]);
            let [red, green, blue] =
                [0, 1, 2].map(|c| f64::from(crop.planes[c][row * 112 + column]));
            if x < -1.0 || y < -1.0 || x > 120.0 || y > 100.0 {
                assert_eq!([red, green, blue], [0.0; 3]);
            } else if x > 0.0 && y > 0.0 && x < 119.0 && y < 99.0 {
                assert!(
                    (red - x).abs() < 1e-3
                        && (green - y).abs() < 1e-3
                        && (blue - 255.0).abs() < 1e-3
                );
                inside += 1;
            }
        }
    }
    assert!(inside > 2000, "{inside}");
}

proptest! {
    #[test]
    fn what_a_similarity_made_is_found_again(
        scale in 0.01_f64..50.0, angle in -3.2_f64..3.2, x in -1e3_f64..1e3, y in -1e3_f64..1e3,
        points in prop::array::uniform5(prop::array::uniform2(-500.0_f64..500.0)),
    ) {
        let spread = points.iter().map(|p| (p[0] - points[0][0]).abs() + (p[1] - points[0][1]).abs()).fold(0.0, f64::max);
        prop_assume!(spread > 1.0);
        let made = Similarity { a: scale * angle.cos(), b: scale * angle.sin(), x, y };
        let to = points.map(|point| made.apply(point));
        let found = Similarity::between(&points, &to).unwrap();
        prop_assert!(found.residual(&points, &to) < 1e-6);
        prop_assert!((found.a - made.a).abs() < 1e-6 && (found.b - made.b).abs() < 1e-6);
        for point in points {
            let back = found.inverse().apply(found.apply(point));
            prop_assert!((back[0] - point[0]).abs() < 1e-5 && (back[1] - point[1]).abs() < 1e-5);
        }
    }

    /// No other similarity near it brings the points nearer.
    #[test]
    fn it_is_the_best(
        points in prop::array::uniform5(prop::array::uniform2(0.0_f64..500.0)),
        change in prop::array::uniform4(-0.01_f64..0.01),
    ) {
        let Some(found) = Similarity::between(&points, &UPRIGHT) else { return Ok(()) };
        let other = Similarity {
            a: found.a + change[0], b: found.b + change[1], x: found.x + change[2], y: found.y + change[3],
        };
        prop_assert!(found.residual(&points, &UPRIGHT) <= other.residual(&points, &UPRIGHT) + 1e-9);
    }
}
