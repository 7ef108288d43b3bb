use super::{letterbox, on_canvas};
use crate::face::{
    Picture, PixelFormat,
    onnx::spec::{Colour, Input},
};

fn picture(width: u8, height: u8, pixel: impl Fn(u8, u8) -> [u8; 3]) -> Picture {
    let samples = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| pixel(x, y))
        .collect();
    Picture::new(
        u32::from(width),
        u32::from(height),
        PixelFormat::Rgb,
        samples,
    )
    .unwrap()
}

#[test]
fn a_picture_of_the_right_size_stays_as_it_is() {
    let picture = picture(7, 5, |x, y| [x, 10 * y, 200]);
    let planes = letterbox(&picture, 1.0, 8, 8);
    for y in 0..8_u8 {
        for x in 0..8_u8 {
            let at = usize::from(y) * 8 + usize::from(x);
            let found = [0, 1, 2].map(|c| planes.planes[c][at]);
            let inside = x < 7 && y < 5;
            let there = if inside {
                [x, 10 * y, 200].map(f32::from)
            } else {
                [0.0; 3]
            };
            assert_eq!(found, there, "{x} {y}");
        }
    }
}

/// Scaled down by any factor, means stay what they are, and what ascends ascends in a line.
#[test]
fn scaled_down_by_any_factor() {
    let plain = picture(200, 150, |_, _| [90, 91, 92]);
    let ramp = picture(200, 150, |x, y| [x, y, 0]);
    for per_mille in (40..1000).step_by(37) {
        let scale = f64::from(per_mille) / 1000.0;
        let (width, height) = (
            (200.0 * scale).round() as usize,
            (150.0 * scale).round() as usize,
        );
        let planes = letterbox(&plain, scale, width, height);
        for (plane, value) in planes.planes.iter().zip([90.0, 91.0, 92.0]) {
            assert!(plane.iter().all(|v| (v - value).abs() < 1e-3), "{scale}");
        }
        let planes = letterbox(&ramp, scale, width, height);
        for y in 0..height {
            for x in 0..width {
                // Away from the edges the mean of what a pixel covers is its middle.
                let expected = |at: usize| (at as f64 + 0.5) / scale - 0.5;
                let reach = 1.0 / scale + 1.0;
                let [at_x, at_y] = [expected(x), expected(y)];
                if at_x > reach && at_x < 199.0 - reach {
                    assert!(
                        (f64::from(planes.planes[0][y * width + x]) - at_x).abs() < 0.6,
                        "{scale} {x}"
                    );
                }
                if at_y > reach && at_y < 149.0 - reach {
                    assert!(
                        (f64::from(planes.planes[1][y * width + x]) - at_y).abs() < 0.6,
                        "{scale} {y}"
                    );
                }
            }
        }
    }
}

#[test]
fn colours_mean_and_deviation_as_the_model_wants_them() {
    let planes = letterbox(&picture(1, 1, |_, _| [10, 20, 30]), 1.0, 1, 1);
    let input = |colour| Input {
        name: "x".to_owned(),
        colour,
        mean: [1.0, 2.0, 3.0],
        std: [1.0, 2.0, 4.0],
    };
    assert_eq!(*planes.tensor(&input(Colour::Rgb)), [9.0, 9.0, 6.75]);
    assert_eq!(*planes.tensor(&input(Colour::Bgr)), [29.0, 9.0, 1.75]);
    assert!((planes.grey()[0] - (2.99 + 11.74 + 3.42)).abs() < 1e-4);
}

#[test]
fn a_grey_picture_has_three_equal_planes() {
    let grey = Picture::new(2, 1, PixelFormat::Grey, vec![7, 200]).unwrap();
    let planes = letterbox(&grey, 1.0, 2, 1);
    assert!(planes.planes.iter().all(|plane| **plane == [7.0, 200.0]));
}

#[test]
fn a_photo_lies_in_the_middle_of_its_canvas() {
    let photo = picture(40, 60, |x, y| [x, y, 9]);
    let (canvas, left, top) = on_canvas(&photo).unwrap();
    assert_eq!(
        (canvas.width(), canvas.height(), left, top),
        (90, 90, 25, 15)
    );
    for y in 0..90 {
        for x in 0..90 {
            let inside = (25..65).contains(&x) && (15..75).contains(&y);
            let there = if inside {
                [x - 25, y - 15, 9]
            } else {
                [128; 3]
            };
            assert_eq!(canvas.pixel(x, y).unwrap().map(u32::from), there);
        }
    }
}
