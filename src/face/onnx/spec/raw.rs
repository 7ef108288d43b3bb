//! The JSON as it stands, and the range of every value.

use serde::Deserialize;

use super::{
    About, Colour, DetectionLimits, DetectorSpec, EmbedderSpec, Input, Kind, Size, SpecError,
    Stride,
};
use crate::{face::named::Named, hex};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDetector {
    sha256: String,
    kind: RawKind,
    vendor: String,
    name: String,
    version: String,
    licence: String,
    input: Named<RawInput<RawSize>>,
    strides: Vec<Named<RawStride>>,
    anchors: Option<usize>,
    score_threshold: f32,
    nms_threshold: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEmbedder {
    sha256: String,
    vendor: String,
    name: String,
    version: String,
    licence: String,
    input: Named<RawInput<[u16; 2]>>,
    output: Named<RawOutput>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawKind {
    Yunet,
    Scrfd,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInput<S> {
    name: String,
    #[expect(dead_code, reason = "one layout, which must be named")]
    layout: RawLayout,
    colour: RawColour,
    mean: [f32; 3],
    std: [f32; 3],
    size: S,
}

#[derive(Deserialize)]
enum RawLayout {
    #[serde(rename = "NCHW")]
    Nchw,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum RawColour {
    Rgb,
    Bgr,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawSize {
    Fixed([usize; 2]),
    Longest(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStride {
    stride: usize,
    class: Option<String>,
    object: Option<String>,
    score: Option<String>,
    #[serde(rename = "box")]
    boxes: String,
    landmarks: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOutput {
    name: String,
    dimension: usize,
}

impl RawDetector {
    pub(super) fn check(self) -> Result<DetectorSpec, SpecError> {
        let about = about(
            self.sha256,
            self.vendor,
            self.name,
            self.version,
            self.licence,
        )?;
        let kind = match (self.kind, self.anchors) {
            (RawKind::Yunet, None) => Kind::Yunet,
            (RawKind::Yunet, Some(_)) => return refused("anchors", "belongs to scrfd alone"),
            (RawKind::Scrfd, Some(anchors @ 1..=8)) => Kind::Scrfd { anchors },
            (RawKind::Scrfd, _) => return refused("anchors", "must be 1 to 8"),
        };
        if !(1..=5).contains(&self.strides.len()) {
            return refused("strides", "must have 1 to 5 entries");
        }
        let strides = self
            .strides
            .into_iter()
            .map(|Named(stride)| stride.check(kind))
            .collect::<Result<Vec<_>, _>>()?;
        if !strides.is_sorted_by(|before, after| before.stride < after.stride) {
            return refused("strides.stride", "must ascend");
        }
        let multiple = strides.last().map_or(1, |stride| stride.stride);
        let within = |side: usize| (32..=2048).contains(&side);
        let Named(raw) = self.input;
        let size = match raw.size {
            RawSize::Fixed([width, height]) => {
                if ![width, height]
                    .into_iter()
                    .all(|side| within(side) && side % multiple == 0)
                {
                    return refused(
                        "input.size.fixed",
                        "must be multiples of the largest stride from 32 to 2048",
                    );
                }
                Size::Fixed(width, height)
            }
            RawSize::Longest(longest) if within(longest) => Size::Longest(longest),
            RawSize::Longest(_) => return refused("input.size.longest", "must be 32 to 2048"),
        };
        let part = |value: f32| value > 0.0 && value < 1.0;
        if !part(self.score_threshold) {
            return refused("score_threshold", "must be more than 0 and less than 1");
        }
        if !part(self.nms_threshold) {
            return refused("nms_threshold", "must be more than 0 and less than 1");
        }
        Ok(DetectorSpec {
            about,
            kind,
            input: input(raw.name, &raw.colour, raw.mean, raw.std)?,
            size,
            strides,
            limits: DetectionLimits {
                score: self.score_threshold,
                overlap: self.nms_threshold,
            },
        })
    }
}

impl RawStride {
    fn check(self, kind: Kind) -> Result<Stride, SpecError> {
        if !(4..=128).contains(&self.stride) || !self.stride.is_power_of_two() {
            return refused("strides.stride", "must be 4, 8, 16, 32, 64 or 128");
        }
        let scores = match (kind, self.class, self.object, self.score) {
            (Kind::Yunet, Some(class), Some(object), None) => vec![class, object],
            (Kind::Scrfd { .. }, None, None, Some(score)) => vec![score],
            (Kind::Yunet, ..) => return refused("strides", "needs class and object for yunet"),
            (Kind::Scrfd { .. }, ..) => return refused("strides", "needs score for scrfd"),
        };
        for name in scores.iter().chain([&self.boxes, &self.landmarks]) {
            text("strides", name, 100)?;
        }
        Ok(Stride {
            stride: self.stride,
            scores,
            boxes: self.boxes,
            landmarks: self.landmarks,
        })
    }
}

impl RawEmbedder {
    pub(super) fn check(self) -> Result<EmbedderSpec, SpecError> {
        let about = about(
            self.sha256,
            self.vendor,
            self.name,
            self.version,
            self.licence,
        )?;
        let (Named(raw), Named(output)) = (self.input, self.output);
        let [width, height] = raw.size;
        let fits = |unit: u16| width % unit == 0 && (1..=4).contains(&(width / unit));
        if width != height || !(fits(112) || fits(128)) {
            return refused(
                "input.size",
                "must be 112 or 128 times 1 to 4, both ways alike",
            );
        }
        if !(16..=4096).contains(&output.dimension) {
            return refused("output.dimension", "must be 16 to 4096");
        }
        text("output.name", &output.name, 100)?;
        Ok(EmbedderSpec {
            about,
            input: input(raw.name, &raw.colour, raw.mean, raw.std)?,
            side: width,
            output: output.name,
            dimension: output.dimension,
        })
    }
}

fn about(
    sha256: String,
    vendor: String,
    name: String,
    version: String,
    licence: String,
) -> Result<About, SpecError> {
    text("vendor", &vendor, 60)?;
    text("name", &name, 60)?;
    text("version", &version, 60)?;
    text("licence", &licence, 400)?;
    let mut digest = [0; 32];
    if hex::read(&sha256, &mut digest).is_none() {
        return refused("sha256", "must be 64 hexadecimal digits");
    }
    Ok(About {
        sha256: digest,
        vendor,
        name,
        version,
        licence,
    })
}

fn input(
    name: String,
    colour: &RawColour,
    mean: [f32; 3],
    std: [f32; 3],
) -> Result<Input, SpecError> {
    text("input.name", &name, 100)?;
    if !mean.iter().all(|value| value.abs() <= 1000.0) {
        return refused("input.mean", "must be -1000 to 1000");
    }
    if !std.iter().all(|value| (1e-3..=1e3).contains(value)) {
        return refused("input.std", "must be 0.001 to 1000");
    }
    Ok(Input {
        name,
        colour: match colour {
            RawColour::Rgb => Colour::Rgb,
            RawColour::Bgr => Colour::Bgr,
        },
        mean,
        std,
    })
}

fn text(key: &'static str, text: &str, longest: usize) -> Result<(), SpecError> {
    let count = text.chars().count();
    if (1..=longest).contains(&count) && !text.chars().any(char::is_control) {
        return Ok(());
    }
    refused(
        key,
        "has an empty text, a control character or one that is too long",
    )
}

const fn refused<T>(key: &'static str, problem: &'static str) -> Result<T, SpecError> {
    Err(SpecError::Value { key, problem })
}
