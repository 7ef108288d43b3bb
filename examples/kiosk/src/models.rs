//! Model files that the command line names.

use std::fs::File;
use std::io::Read;
use std::num::NonZeroU8;
use std::path::Path;

use uketsuke::face::onnx::{
    DetectorSpec, EmbedderSpec, MAX_MODEL, ModelFile, OnnxMatcher, Threads,
};
use uketsuke::face::{Calibration, FaceEngine, Fmr, MatchPolicy};
use uketsuke::{Realm, Realms};

use crate::args::ModelPaths;
use crate::matching::Matching;

/// A description is a page of text.
const LONGEST_SPEC: u64 = 64 * 1024;

/// Reads the descriptions, the models beside them and the calibration record.
///
/// # Errors
/// Which file isn't as it must be, and why.
pub fn load(paths: &ModelPaths) -> Result<Matching, String> {
    let detector = spec(&paths.detector, DetectorSpec::from_json)?;
    let embedder = spec(&paths.embedder, EmbedderSpec::from_json)?;
    let threads = Threads::new(NonZeroU8::MIN);
    let engine = OnnxMatcher::load(
        ModelFile::new(model(&paths.detector)?, detector),
        ModelFile::new(model(&paths.embedder)?, embedder),
        Realm::Simulation,
        &threads,
    )
    .map_err(|error| format!("the models: {error}"))?;
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", paths.calibration.display());
    let record = read(&paths.calibration, LONGEST_SPEC)?;
    let record = Calibration::from_json(&record).map_err(|error| named(&error))?;
    let (measured, given) = (record.matcher(), engine.info().id());
    if *measured != given {
        // Rather than turn everybody away.
        return Err(named(&format_args!(
            "measured with another matcher; the record has to name {:?}, {:?}, version {:?}, model {}",
            given.vendor,
            given.name,
            given.version,
            given.model.map(|byte| format!("{byte:02x}")).concat(),
        )));
    }
    let policy = MatchPolicy::new(Realms::simulation(), record, Fmr::ONE_IN_10_000)
        .map_err(|error| named(&error))?;
    Ok(Matching::by(Box::new(engine), policy))
}

fn spec<S, E: std::fmt::Display>(
    path: &Path,
    parse: impl FnOnce(&str) -> Result<S, E>,
) -> Result<S, String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = String::from_utf8(read(path, LONGEST_SPEC)?).map_err(|error| named(&error))?;
    parse(&text).map_err(|error| named(&error))
}

/// `face.onnx` beside `face.json`.
fn model(spec: &Path) -> Result<Vec<u8>, String> {
    let most = u64::try_from(MAX_MODEL).unwrap_or(u64::MAX);
    read(&spec.with_extension("onnx"), most)
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| named(&error))?;
    let read = file
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| named(&error))?;
    if u64::try_from(read).is_ok_and(|read| read > most) {
        return Err(named(&format_args!("longer than {most} bytes")));
    }
    Ok(bytes)
}
