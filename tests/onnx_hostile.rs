//! Broken models and descriptions: each is refused with an error, or is one that works. Models with single bytes changed
//! aren't tried: the runtime's reader never ends with some (src/face/onnx/mod.rs), which is why the digest comes first.
#![cfg(feature = "onnx-measure")]

mod drawing_support;

mod onnx_support;

use drawing_support::Numbers;
use onnx_support::{files, threads};
use ring::digest::{SHA256, digest};
use uketsuke::face::onnx::{DetectorSpec, EmbedderSpec, FaceDetector, Network, OnnxError};

/// The digest of whatever it is, so that the runtime gets to see it.
fn load(model: Vec<u8>) -> Result<Network, OnnxError> {
    let sha256: [u8; 32] = digest(&SHA256, &model).as_ref().try_into().unwrap();
    Network::load(model, &sha256, "data", &["fc1"], threads())
}

fn run(network: &Network) -> Result<Vec<f32>, OnnxError> {
    let picture = vec![100.0; 3 * 112 * 112];
    let outputs = network.run([1, 3, 112, 112], &picture)?;
    Ok(outputs[0].values().to_vec())
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let (model, _) = files("sface");
    assert!(run(&load(model.clone()).unwrap()).is_ok());
    // What is cut off may be what says little, such as the version of its operators; then it runs or it doesn't.
    let mut refused = 0;
    for long in (0..model.len())
        .step_by(97)
        .chain(model.len() - 64..model.len())
    {
        match load(model[..long].to_vec()).and_then(|network| run(&network)) {
            Ok(_) => {}
            Err(
                OnnxError::Unreadable { .. } | OnnxError::NoSuch { .. } | OnnxError::Run { .. },
            ) => {
                refused += 1;
            }
            Err(other) => panic!("{long}: {other}"),
        }
    }
    assert!(refused > 300, "{refused}");
}

/// A file with another digest isn't looked at: this one would be refused with other words.
#[test]
fn the_digest_comes_first() {
    let (model, json) = files("yunet");
    let spec = || DetectorSpec::from_json(&json).unwrap();
    let refused = |model: Vec<u8>| FaceDetector::load(model, spec(), threads()).unwrap_err();
    assert_eq!(refused(Vec::new()), OnnxError::Digest);
    assert_eq!(refused(b"no model".to_vec()), OnnxError::Digest);
    for at in (0..model.len()).step_by(1009) {
        let mut changed = model.clone();
        changed[at] ^= 1;
        assert_eq!(refused(changed), OnnxError::Digest);
    }
    assert!(FaceDetector::load(model, spec(), threads()).is_ok());
}

/// What the description says and the file isn't shows when it is loaded.
#[test]
fn a_file_that_is_not_as_described_is_refused_at_once() {
    let (model, json) = files("yunet");
    let refused = |from: &str, to: &str| {
        let changed = json.replace(from, to);
        assert_ne!(changed, json);
        let spec = DetectorSpec::from_json(&changed).unwrap();
        FaceDetector::load(model.clone(), spec, threads()).unwrap_err()
    };
    assert!(matches!(
        refused("\"name\": \"input\"", "\"name\": \"data\""),
        OnnxError::NoSuch { what: "input", .. }
    ));
    assert!(matches!(
        refused("kps_16", "kps_17"),
        OnnxError::NoSuch { what: "output", .. }
    ));
    assert!(matches!(
        refused("kps_16", "kps_32"),
        OnnxError::Output { .. } | OnnxError::Run { .. }
    ));
    assert!(matches!(
        refused("320,\n    320", "640,\n    640"),
        OnnxError::Run { .. }
    ));
}

/// Whatever is written into a description: an error, or a description.
#[test]
fn changed_descriptions() {
    let mut numbers = Numbers::new(3);
    for name in ["yunet", "scrfd", "sface", "arcface"] {
        let (_, json) = files(name);
        let read = |json: &str| match name {
            "yunet" | "scrfd" => DetectorSpec::from_json(json).map(drop),
            _ => EmbedderSpec::from_json(json).map(drop),
        };
        read(&json).unwrap();
        for long in 0..json.trim_end().len() {
            assert!(read(&json[..long]).is_err(), "{name} {long}");
        }
        for _ in 0..3000 {
            let mut changed = json.clone().into_bytes();
            let at = numbers.next() as usize % changed.len();
            changed[at] = (numbers.next() % 128) as u8;
            if let Err(error) = read(std::str::from_utf8(&changed).unwrap()) {
                let text = error.to_string();
                assert!(
                    !text.contains(char::is_control) && text.len() < 2000,
                    "{text}"
                );
            }
        }
    }
}
