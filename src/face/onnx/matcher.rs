use std::fmt;

use super::{
    DetectorSpec, EmbedderSpec, FaceDetector, FaceGeometry, FrameLimits, Network, OnnxError,
    Similarity, Threads, align,
    decode::OutputError,
    embedding::{Embedding, cosine},
    tensor::{Planes, letterbox, on_canvas, rounded},
};
use crate::{
    Realm,
    face::{
        ByTemplate, Comparison, Extraction, FaceEngine, FaceError, FaceMatcher, InconclusiveReason,
        LiveImage, MatcherInfo, Picture, Prepared, Sample, Score, decode_jpeg2000, digest::Fields,
        engine,
    },
    trust::LivePhoto,
};

/// Changes whenever the same models and descriptions would give other scores: how pictures
/// are scaled, faces turned upright, and so on.
const PIPELINE: &str = "uketsuke face match with two models, 1";

/// A model's file and what its vendor says of it.
#[derive(Debug)]
pub struct ModelFile<S> {
    /// The whole file. It isn't secret, and not shown.
    bytes: Bytes,
    spec: S,
}

struct Bytes(Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl<S> ModelFile<S> {
    /// Takes both.
    #[must_use]
    pub const fn new(bytes: Vec<u8>, spec: S) -> Self {
        Self {
            bytes: Bytes(bytes),
            spec,
        }
    }
}

/// A face matcher made of two models in the ONNX format: one that finds faces, one that
/// says what there is to know of one.
///
/// It is a [`FaceEngine`], so a desk takes it as it is. The score is the cosine of the two
/// embeddings, from -1 to 1. What score is a match is no part of it: that is measured
/// ([`Calibration`](crate::face::Calibration)) for
/// [`MatcherInfo::model`], which here is a SHA-256 over both models' digests and all that
/// their descriptions say but who made them and the licence, and [`FrameLimits`]. Whatever changes scores
/// changes it, a new way of this crate to prepare pictures too.
///
/// The card's photo must show exactly one face, and a frame exactly one that is good enough
/// ([`FrameLimits`]). Pixels and values that this crate makes of them are wiped. The
/// runtime (`rten`) works in buffers of its own and frees them unwiped, the picture's
/// features among them; where that matters, compare in a child process or use an allocator
/// that wipes.
///
/// ```
/// # #[cfg(feature = "calibration")] {
/// use std::{fs, num::NonZeroU8};
///
/// use uketsuke::face::onnx::{DetectorSpec, EmbedderSpec, ModelFile, OnnxMatcher, Threads};
/// use uketsuke::face::{Calibration, FaceEngine, Fmr, MatchPolicy};
/// use uketsuke::{Realm, Realms};
///
/// // These models know drawings. With yours it is `Realm::Production`.
/// let detector = DetectorSpec::from_json(&fs::read_to_string("tests/models/yunet.json")?)?;
/// let embedder = EmbedderSpec::from_json(&fs::read_to_string("tests/models/sface.json")?)?;
/// let matcher = OnnxMatcher::load(
///     ModelFile::new(fs::read("tests/models/yunet.onnx")?, detector),
///     ModelFile::new(fs::read("tests/models/sface.onnx")?, embedder),
///     Realm::Simulation,
///     &Threads::new(NonZeroU8::MIN),
/// )?;
/// // Made by `evaluation.calibration(matcher.info().id(), ..)`.
/// let record = Calibration::from_json(&fs::read("tests/models/calibration.json")?)?;
/// let policy = MatchPolicy::new(Realms::simulation(), record, Fmr::ONE_IN_10_000)?;
/// // To be looked at when the desk starts: if not, no face is offered.
/// assert!(policy.is_calibrated_for(&matcher.info()));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct OnnxMatcher(ByTemplate<Models>);

impl OnnxMatcher {
    /// Checks both models against their descriptions and makes them ready.
    ///
    /// `realm` is the world of who builds the desk: [`Realm::Simulation`] for models that
    /// know nobody real.
    ///
    /// # Errors
    ///
    /// [`OnnxError`].
    pub fn load(
        detector: ModelFile<DetectorSpec>,
        embedder: ModelFile<EmbedderSpec>,
        realm: Realm,
        threads: &Threads,
    ) -> Result<Self, OnnxError> {
        let detector = FaceDetector::load(detector.bytes.0, detector.spec, threads.clone())?;
        let ModelFile { bytes, spec } = embedder;
        let network = Network::load(
            bytes.0,
            &spec.about.sha256,
            &spec.input.name,
            &[&spec.output],
            threads.clone(),
        )?;
        let models = Models {
            detector,
            network,
            spec,
            realm,
            limits: FrameLimits::default(),
        };
        models.embed(&Planes::grey_square(models.spec.side))?;
        Ok(Self(ByTemplate::new(models)))
    }

    /// With other limits for frames. They are part of [`MatcherInfo::model`], since they
    /// change which frames have a score: a record that was measured with others doesn't fit.
    ///
    /// # Errors
    ///
    /// [`OnnxError::Limit`] for a limit that is no number, infinite or negative: it would let
    /// everything pass, or nothing.
    pub fn with_limits(mut self, limits: FrameLimits) -> Result<Self, OnnxError> {
        if let Some((name, _)) = limits
            .named()
            .iter()
            .find(|(_, value)| !(0.0..=1e6).contains(value))
        {
            return Err(OnnxError::Limit { name });
        }
        self.0.forget();
        self.0.matcher().limits = limits;
        Ok(self)
    }

    /// Compares each picture of a photo with each frame, for a measurement
    /// ([`evaluation`](crate::face::evaluation)): `compared` is called with the photo's
    /// number, the frame's and what came out. Decides nothing and keeps nothing, and needs a
    /// feature of its own (`onnx-measure`), since a desk compares one card with one frame.
    ///
    /// # Errors
    ///
    /// [`FaceError`] as in a comparison of one card with one frame. A frame without one face
    /// is not comparable. A photo without exactly one face is an error and ends the
    /// measurement: try each by itself first, with no frames, and count those that fail
    /// as [`NotEnrolled`](crate::face::evaluation::Trial::NotEnrolled).
    #[cfg(feature = "onnx-measure")]
    pub fn measure(
        &mut self,
        photos: &[Picture],
        frames: &[Picture],
        mut compared: impl FnMut(usize, usize, Comparison),
    ) -> Result<(), FaceError> {
        let models = self.0.matcher();
        let photos = photos
            .iter()
            .map(|photo| models.card(photo))
            .collect::<Result<Vec<_>, _>>()?;
        for (frame_at, frame) in frames.iter().enumerate() {
            let frame = models.live(frame)?;
            for (photo_at, photo) in photos.iter().enumerate() {
                compared(
                    photo_at,
                    frame_at,
                    match &frame {
                        Extraction::Template(frame) => {
                            Comparison::Score(models.compare(photo, frame)?)
                        }
                        Extraction::NotUsable(reason) => Comparison::NotComparable(*reason),
                    },
                );
            }
        }
        Ok(())
    }
}

impl engine::sealed::Sealed for OnnxMatcher {}

impl FaceEngine for OnnxMatcher {
    fn info(&self) -> MatcherInfo {
        self.0.info()
    }

    fn prepare(&mut self, photo: &LivePhoto) -> Result<Prepared, FaceError> {
        self.0.prepare(photo)
    }

    fn compare(&mut self, photo: &LivePhoto, live: &LiveImage) -> Result<Comparison, FaceError> {
        self.0.compare(photo, live)
    }

    fn forget(&mut self) {
        self.0.forget();
    }
}

impl fmt::Debug for OnnxMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let info = self.info();
        write!(f, "OnnxMatcher({}, {})", info.name, info.version)
    }
}

/// Both models. Private, since it gives out templates.
struct Models {
    detector: FaceDetector,
    network: Network,
    spec: EmbedderSpec,
    realm: Realm,
    limits: FrameLimits,
}

impl FaceMatcher for Models {
    type Template = Embedding;

    fn info(&self) -> MatcherInfo {
        let (finds, knows) = (&self.detector.spec().about, &self.spec.about);
        let mut fields = Fields::new(PIPELINE);
        self.detector.spec().digest(&mut fields);
        self.spec.digest(&mut fields);
        for (_, limit) in self.limits.named() {
            fields.field(&limit.to_be_bytes());
        }
        MatcherInfo {
            vendor: knows.vendor.clone(),
            name: format!("{} after {}", knows.name, finds.name),
            version: format!("{} after {}", knows.version, finds.version),
            model: fields.finish(),
            lowest: Score::MINUS_ONE,
            highest: Score::ONE,
            realm: self.realm,
        }
    }

    fn extract(&mut self, sample: Sample<'_>) -> Result<Extraction<Embedding>, FaceError> {
        match sample {
            Sample::Card(photo) => {
                let photo = decode_jpeg2000(photo.jpeg2000()).map_err(|_| FaceError::Photo)?;
                self.card(&photo).map(Extraction::Template)
            }
            Sample::Live(live) => self.live(live.picture().ok_or(FaceError::NotPixels)?),
        }
    }

    fn compare(&mut self, card: &Embedding, live: &Embedding) -> Result<Score, FaceError> {
        cosine(&card.0, &live.0)
            .and_then(Score::new)
            .ok_or(FaceError::Matcher)
    }
}

impl Models {
    /// Exactly one face is expected on a card's photo.
    fn card(&self, photo: &Picture) -> Result<Embedding, FaceError> {
        let (canvas, _, _) = on_canvas(photo).ok_or(FaceError::Photo)?;
        let faces = self
            .detector
            .detect(&canvas)
            .map_err(|_| FaceError::Matcher)?;
        let [face] = faces.as_slice() else {
            return Err(FaceError::Photo);
        };
        let crop = self.upright(&canvas, face).ok_or(FaceError::Photo)?;
        self.embed(&crop).map_err(|_| FaceError::Matcher)
    }

    fn live(&self, frame: &Picture) -> Result<Extraction<Embedding>, FaceError> {
        let faces = self
            .detector
            .detect(frame)
            .map_err(|_| FaceError::Matcher)?;
        let face = match faces.as_slice() {
            [face] => face,
            [] => {
                // In the dark there is somebody whom nobody sees.
                let light = self.limits.brightness(&small(frame).grey());
                return Ok(Extraction::NotUsable(
                    light.unwrap_or(InconclusiveReason::NoFace),
                ));
            }
            _ => return Ok(Extraction::NotUsable(InconclusiveReason::SeveralFaces)),
        };
        if let Some(reason) = self.limits.placed(face, frame) {
            return Ok(Extraction::NotUsable(reason));
        }
        let Some(crop) = self.upright(frame, face) else {
            return Ok(Extraction::NotUsable(InconclusiveReason::Quality));
        };
        if let Some(reason) = self.limits.lit(&crop) {
            return Ok(Extraction::NotUsable(reason));
        }
        let embedding = self.embed(&crop).map_err(|_| FaceError::Matcher)?;
        Ok(Extraction::Template(embedding))
    }

    /// `None` if the landmarks aren't a face's.
    fn upright(&self, picture: &Picture, face: &FaceGeometry) -> Option<Planes> {
        let from = face.landmarks.map(|point| point.map(f64::from));
        let to = align::upright(self.spec.side);
        let similarity = Similarity::between(&from, &to)?;
        let off = similarity.residual(&from, &to) * 112.0 / f64::from(self.spec.side);
        if off > f64::from(self.limits.landmarks) {
            return None;
        }
        Some(align::warp(picture, &similarity, self.spec.side))
    }

    fn embed(&self, crop: &Planes) -> Result<Embedding, OnnxError> {
        let tensor = crop.tensor(&self.spec.input);
        let mut outputs = self
            .network
            .run([1, 3, crop.height, crop.width], &tensor)?
            .into_iter();
        let values = outputs.next().map(|tensor| tensor.0);
        let values = values.unwrap_or_default();
        if values.len() != self.spec.dimension {
            return Err(OnnxError::Output {
                name: self.spec.output.clone(),
                problem: OutputError::Length {
                    expected: self.spec.dimension,
                    got: values.len(),
                },
            });
        }
        if let Some(index) = values.iter().position(|value| !value.is_finite()) {
            return Err(OnnxError::Output {
                name: self.spec.output.clone(),
                problem: OutputError::Value { index },
            });
        }
        Ok(Embedding(values))
    }
}

/// A picture of few pixels, of the same brightness.
fn small(picture: &Picture) -> Planes {
    let scale = 64.0 / f64::from(picture.width().max(picture.height()));
    let side = |pixels: u32| rounded(f64::from(pixels) * scale).max(1);
    letterbox(
        picture,
        scale,
        side(picture.width()),
        side(picture.height()),
    )
}
