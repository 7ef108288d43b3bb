//! Writes what a fake camera shows: drawn faces, as uncompressed video (YUV4MPEG2) that Chromium takes for a camera
//! with `--use-fake-device-for-media-stream --use-file-for-fake-video-capture=FILE`.
//!
//! ```text
//! cargo run --features photo --example drawn_faces -- DIRECTORY
//! cargo run --features photo --example drawn_faces -- --crops FILE PERSONS PICTURES
//! ```
//!
//! The first writes `portrait.y4m` (the person on the virtual card's photo), `another.y4m`, `nobody.y4m`, `two.y4m`,
//! `dark.y4m`, `bright.y4m`, `blurred.y4m`, `far.y4m` and `close.y4m`, 640 x 480, and each as a still picture (`.ppm`).
//!
//! The second writes upright faces in the middle of 224 x 224 grey levels, that the small models of the tests are
//! fitted to (`tests/models/make.py`).

#[path = "../tests/drawing_support/mod.rs"]
mod drawing;

use std::{env, error::Error, fs, path::Path, process::ExitCode};

use drawing::{Numbers, Person, Scene, View};
use uketsuke::face::{Picture, decode_jpeg2000};

const PORTRAIT: &[u8] = include_bytes!("../src/simulation/portrait.jp2");
/// Where the eyes, the nose and the corners of the mouth of an upright face are.
const UPRIGHT: [(f64, f64); 5] = [
    (38.2946, 51.6963),
    (73.5318, 51.5014),
    (56.0252, 71.7366),
    (41.5493, 92.3655),
    (70.7299, 92.2041),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["--crops", file, persons, pictures] => crops(file, persons, pictures),
        [directory] if !directory.starts_with('-') => videos(Path::new(directory)),
        _ => {
            eprintln!("usage: drawn_faces DIRECTORY | --crops FILE PERSONS PICTURES");
            return ExitCode::from(64);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn videos(directory: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(directory)?;
    let portrait = decode_jpeg2000(PORTRAIT)?;
    let room = || Scene::room(640, 480);
    let at = |x: f64, scale: f64| View::new((x, 250.0), scale, 0.0);
    let seen = |scale: f64| room().picture(&portrait, at(320.0, scale));
    let scenes = [
        ("portrait", seen(0.9)),
        ("another", room().person(&Person::new(7), at(320.0, 0.9))),
        ("nobody", room()),
        (
            "two",
            room()
                .picture(&portrait, at(190.0, 0.75))
                .person(&Person::new(7), at(450.0, 0.75)),
        ),
        ("dark", seen(0.9).light(0.12, 0.0)),
        ("bright", seen(0.9).light(0.6, 160.0)),
        ("blurred", seen(0.9).blurred(7)),
        ("far", seen(0.3)),
        ("close", seen(1.7)),
    ];
    for (name, scene) in scenes {
        let picture = scene.noise(2.0, &mut Numbers::new(1)).rgb();
        fs::write(directory.join(name).with_extension("y4m"), y4m(&picture))?;
        let mut ppm = format!("P6\n{} {}\n255\n", picture.width(), picture.height()).into_bytes();
        ppm.extend_from_slice(picture.samples());
        fs::write(directory.join(name).with_extension("ppm"), ppm)?;
    }
    Ok(())
}

/// Two frames of one picture: full samples for brightness, one in four for colour (BT.601, 16 to 235).
fn y4m(picture: &Picture) -> Vec<u8> {
    let (width, height) = (picture.width(), picture.height());
    let pixel = |x, y| picture.pixel(x, y).unwrap_or_default().map(f64::from);
    let mut planes = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let [r, g, b] = pixel(x, y);
            planes.push((16.0 + (65.738 * r + 129.057 * g + 25.064 * b) / 256.0).round() as u8);
        }
    }
    for [of_r, of_g, of_b] in [[-37.945, -74.494, 112.439], [112.439, -94.154, -18.285]] {
        for y in (0..height).step_by(2) {
            for x in (0..width).step_by(2) {
                let mut sum = 0.0;
                for [r, g, b] in [
                    pixel(x, y),
                    pixel(x + 1, y),
                    pixel(x, y + 1),
                    pixel(x + 1, y + 1),
                ] {
                    sum += (of_r * r + of_g * g + of_b * b) / 256.0;
                }
                planes.push((128.0 + sum / 4.0).round() as u8);
            }
        }
    }
    let mut video = format!("YUV4MPEG2 W{width} H{height} F5:1 Ip A1:1 C420jpeg\n").into_bytes();
    for _ in 0..2 {
        video.extend_from_slice(b"FRAME\n");
        video.extend_from_slice(&planes);
    }
    video
}

fn crops(file: &str, persons: &str, pictures: &str) -> Result<(), Box<dyn Error>> {
    let (persons, pictures) = (persons.parse::<u64>()?, pictures.parse::<u64>()?);
    let mut numbers = Numbers::new(5);
    let middle = UPRIGHT.map(|(x, y)| (x + 56.5, y + 56.5));
    let mut all = Vec::new();
    for person in 0..persons {
        // Not those that the tests measure with.
        let person = Person::new(1_000_000 + person);
        for _ in 0..pictures {
            let person = person.in_a_mood(&mut numbers);
            // As far off as a detector may be.
            let wall = numbers.within(60.0, 240.0);
            let (gain, more) = (numbers.within(0.6, 1.1), numbers.within(0.0, 30.0));
            let crop = Scene::plain(224, 224, [wall; 3])
                .person(&person, View::fitting(&person.landmarks(), &middle))
                .light(gain, more)
                .noise(4.0, &mut numbers)
                .grey();
            all.extend_from_slice(crop.samples());
        }
    }
    fs::write(file, all)?;
    Ok(())
}
