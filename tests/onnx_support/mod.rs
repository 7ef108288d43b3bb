//! The small models.
#![allow(dead_code)] // each test uses its part

use std::{fs, num::NonZeroU8, path::PathBuf};

use uketsuke::{
    Realm,
    face::{
        Comparison, FaceError, Picture,
        onnx::{DetectorSpec, EmbedderSpec, FaceDetector, ModelFile, OnnxMatcher, Threads},
    },
};

pub const PORTRAIT: &[u8] = include_bytes!("../../src/simulation/portrait.jp2");

pub fn threads() -> Threads {
    Threads::new(NonZeroU8::MIN)
}

/// Model and description.
pub fn files(name: &str) -> (Vec<u8>, String) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/models")).join(name);
    let model = fs::read(path.with_extension("onnx")).unwrap();
    (
        model,
        fs::read_to_string(path.with_extension("json")).unwrap(),
    )
}

pub fn detector(name: &str) -> FaceDetector {
    let (model, json) = files(name);
    FaceDetector::load(model, DetectorSpec::from_json(&json).unwrap(), threads()).unwrap()
}

pub fn matcher(finds: &str, knows: &str) -> OnnxMatcher {
    let (detector, finds) = files(finds);
    let (embedder, knows) = files(knows);
    OnnxMatcher::load(
        ModelFile::new(detector, DetectorSpec::from_json(&finds).unwrap()),
        ModelFile::new(embedder, EmbedderSpec::from_json(&knows).unwrap()),
        Realm::Simulation,
        &threads(),
    )
    .unwrap()
}

/// One photo with one frame.
pub fn one(
    matcher: &mut OnnxMatcher,
    photo: Picture,
    frame: Picture,
) -> Result<Comparison, FaceError> {
    let mut found = None;
    matcher.measure(&[photo], &[frame], |_, _, comparison| {
        found = Some(comparison)
    })?;
    Ok(found.unwrap())
}
