//! What a vendor says of a model, in JSON beside the file.

mod raw;
#[cfg(test)]
mod tests;

use thiserror::Error;

use super::{decode::DetectionLimits, error::reason};
use crate::face::{digest::Fields, named::Named};
use raw::{RawDetector, RawEmbedder};

/// The longest description, in bytes.
const MAX_JSON: usize = 1 << 16;

/// A description that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SpecError {
    /// Longer than 64 KiB.
    #[error("the model's description has {bytes} bytes, more than {MAX_JSON}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// No JSON, a key that isn't known, one missing or there twice, a value without a key, or
    /// one of another kind.
    #[error("the model's description: {reason}")]
    Json {
        /// What is wrong, with the line and the column.
        reason: String,
    },
    /// A value that can't be right.
    #[error("{key:?} in the model's description {problem}")]
    Value {
        /// The key, with those around it.
        key: &'static str,
        /// What it must be.
        problem: &'static str,
    },
}

/// The order of the colours in a model's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Rgb,
    Bgr,
}

/// A model's input: (sample − mean) / std, per channel in the model's order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) colour: Colour,
    pub(super) mean: [f32; 3],
    pub(super) std: [f32; 3],
}

/// Who made a model, and under what terms it may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    pub(super) sha256: [u8; 32],
    pub(super) vendor: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) licence: String,
}

/// How large a picture a detector takes, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// Always this width and height.
    Fixed(usize, usize),
    /// The longer side is scaled to this; both are filled up to a multiple of the largest
    /// stride.
    Longest(usize),
}

/// A stride's outputs, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stride {
    pub(super) stride: usize,
    /// One score, or class and object.
    pub(super) scores: Vec<String>,
    pub(super) boxes: String,
    pub(super) landmarks: String,
}

/// How the outputs are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Yunet,
    Scrfd { anchors: usize },
}

/// What there is to know of a model that finds faces. Everything about it is said here
/// and nothing guessed from the file.
///
/// ```json
/// {
///   "sha256": "…64 hexadecimal digits…",
///   "kind": "yunet",
///   "vendor": "…", "name": "…", "version": "…", "licence": "…",
///   "input": {
///     "name": "input", "layout": "NCHW", "colour": "BGR",
///     "mean": [0, 0, 0], "std": [1, 1, 1],
///     "size": {"fixed": [320, 320]}
///   },
///   "strides": [
///     {"stride": 8, "class": "cls_8", "object": "obj_8", "box": "bbox_8", "landmarks": "kps_8"}
///   ],
///   "score_threshold": 0.6, "nms_threshold": 0.3
/// }
/// ```
///
/// | key | meaning |
/// |---|---|
/// | `sha256` | of the model's file |
/// | `kind` | `yunet` or `scrfd`: how the outputs are read |
/// | `vendor`, `name`, `version`, `licence` | texts of 1 to 60 characters, the licence 1 to 400 |
/// | `input.layout` | `NCHW` |
/// | `input.colour` | `RGB` or `BGR`, the order of the channels |
/// | `input.mean`, `input.std` | the input is (sample − mean) / std per channel, samples from 0 to 255 |
/// | `input.size` | `{"fixed": [width, height]}`, or `{"longest": pixels}` for a model of any size; 32 to 2048, fixed ones multiples of the largest stride |
/// | `strides` | 1 to 5, ascending; `class` and `object` for `yunet`, `score` for `scrfd`, both with `box` and `landmarks` |
/// | `anchors` | per cell, 1 to 8; for `scrfd` alone |
/// | `score_threshold` | faces with a lower score are none; more than 0, less than 1 |
/// | `nms_threshold` | of two boxes that share more than this part of their union the better one stays; more than 0, less than 1 |
///
/// Other keys are refused. How alike two faces must be is no part of it: that is
/// measured ([`Calibration`](crate::face::Calibration)).
#[derive(Clone, Debug, PartialEq)]
pub struct DetectorSpec {
    pub(super) about: About,
    pub(super) kind: Kind,
    pub(super) input: Input,
    pub(super) size: Size,
    pub(super) strides: Vec<Stride>,
    pub(super) limits: DetectionLimits,
}

impl DetectorSpec {
    /// Reads a description.
    ///
    /// # Errors
    ///
    /// [`SpecError`].
    pub fn from_json(json: &str) -> Result<Self, SpecError> {
        parse::<RawDetector>(json)?.check()
    }

    /// The terms under which the model may be used, as its vendor says.
    #[must_use]
    pub fn licence(&self) -> &str {
        &self.about.licence
    }

    pub(super) fn outputs(&self) -> Vec<&str> {
        self.strides
            .iter()
            .flat_map(|stride| {
                let scores = stride.scores.iter();
                scores.chain([&stride.boxes, &stride.landmarks])
            })
            .map(String::as_str)
            .collect()
    }

    /// What both sides are filled up to a multiple of.
    pub(super) fn multiple(&self) -> usize {
        self.strides.last().map_or(1, |stride| stride.stride)
    }

    /// All that changes what is found.
    pub(super) fn digest(&self, fields: &mut Fields) {
        fields.field(&self.about.sha256);
        match self.kind {
            Kind::Yunet => fields.text("yunet"),
            Kind::Scrfd { anchors } => {
                fields.text("scrfd");
                fields.count(anchors);
            }
        }
        self.input.digest(fields);
        match self.size {
            Size::Fixed(width, height) => {
                fields.text("fixed");
                fields.count(width);
                fields.count(height);
            }
            Size::Longest(longest) => {
                fields.text("longest");
                fields.count(longest);
            }
        }
        fields.count(self.strides.len());
        for stride in &self.strides {
            fields.count(stride.stride);
        }
        fields.count(self.outputs().len());
        for output in self.outputs() {
            fields.text(output);
        }
        fields.field(&self.limits.score.to_be_bytes());
        fields.field(&self.limits.overlap.to_be_bytes());
    }
}

/// What there is to know of a model that makes an embedding of an upright face.
///
/// ```json
/// {
///   "sha256": "…64 hexadecimal digits…",
///   "vendor": "…", "name": "…", "version": "…", "licence": "…",
///   "input": {
///     "name": "data", "layout": "NCHW", "colour": "RGB",
///     "mean": [0, 0, 0], "std": [1, 1, 1],
///     "size": [112, 112]
///   },
///   "output": {"name": "fc1", "dimension": 128}
/// }
/// ```
///
/// The keys are those of [`DetectorSpec`], but for `input.size`, which is 112 or 128
/// times 1 to 4, both ways alike, and `output.dimension`, 16 to 4096 values.
#[derive(Clone, Debug, PartialEq)]
pub struct EmbedderSpec {
    pub(super) about: About,
    pub(super) input: Input,
    /// Pixels each way.
    pub(super) side: u16,
    pub(super) output: String,
    pub(super) dimension: usize,
}

impl EmbedderSpec {
    /// Reads a description.
    ///
    /// # Errors
    ///
    /// [`SpecError`].
    pub fn from_json(json: &str) -> Result<Self, SpecError> {
        parse::<RawEmbedder>(json)?.check()
    }

    /// The terms under which the model may be used, as its vendor says.
    #[must_use]
    pub fn licence(&self) -> &str {
        &self.about.licence
    }

    /// All that changes an embedding.
    pub(super) fn digest(&self, fields: &mut Fields) {
        fields.field(&self.about.sha256);
        self.input.digest(fields);
        fields.count(usize::from(self.side));
        fields.text(&self.output);
        fields.count(self.dimension);
    }
}

impl Input {
    fn digest(&self, fields: &mut Fields) {
        fields.text(&self.name);
        fields.text(match self.colour {
            Colour::Rgb => "RGB",
            Colour::Bgr => "BGR",
        });
        for value in self.mean.iter().chain(&self.std) {
            fields.field(&value.to_be_bytes());
        }
    }
}

fn parse<'a, T: serde::Deserialize<'a>>(json: &'a str) -> Result<T, SpecError> {
    if json.len() > MAX_JSON {
        return Err(SpecError::TooLong { bytes: json.len() });
    }
    let read = serde_json::from_str(json).map_err(|error| SpecError::Json {
        reason: reason(&error),
    });
    read.map(|Named(read)| read)
}
