//! A real face matcher: models in the ONNX format that a vendor supplies, run by a runtime
//! in Rust (`rten`).
//!
//! | step | what | source |
//! |---|---|---|
//! | find | a detector of the YuNet or SCRFD kind ([`FaceDetector`]) | [`YunetOutput`], [`ScrfdOutput`] |
//! | turn upright | five landmarks, a similarity in closed form ([`Similarity`]) | [`UPRIGHT`] |
//! | look | is the face large, lit and sharp enough ([`FrameLimits`]) | ISO/IEC 29794-5 names more |
//! | know | an embedder of the SFace or ArcFace kind | [`EmbedderSpec`] |
//! | compare | the cosine of two embeddings ([`cosine`]) | |
//!
//! No model that knows a real face comes with the crate (those of its tests know drawings),
//! none is downloaded, and no threshold is known here: what
//! a score means must be measured ([`evaluation`](super::evaluation)) and is handed to
//! [`MatchPolicy`](super::MatchPolicy) as a [`Calibration`](super::Calibration).
//!
//! All that must be known of a model is data beside its file ([`DetectorSpec`],
//! [`EmbedderSpec`]); nothing is guessed. The file's SHA-256 is compared before it is read,
//! files of more than [`MAX_MODEL`] bytes are refused, and so is one whose data lie in other
//! files.
//!
//! # Licences of known models
//!
//! Read them before a model is used; this is what their publishers said when this was
//! written.
//!
//! - YuNet (OpenCV model zoo): MIT. SFace (OpenCV model zoo): Apache-2.0. What they were
//!   trained on is a separate question.
//! - InsightFace: the code is MIT, but all of its models (`buffalo_l`, `buffalo_s`,
//!   `antelopev2` and others, with SCRFD and ArcFace in them) are for non-commercial
//!   research only. **A clinic must not use them** without a licence.
//!
//! # What a model's file can do
//!
//! It is as trusted as the program that it comes with, and its digest makes sure that it is
//! that file. One that isn't what its vendor says can make a comparison wrong, and it can ask
//! for more memory than there is, which ends the process: no limit is set to what a model
//! needs while it runs. Nor is the runtime's reader made for files of strangers: a number of
//! ten bytes that each say that another follows keeps it busy for ever (`rten-onnx` 0.27.0,
//! `read_varint`). No file whose digest is another than the described one gets that far.
//!
//! # Threads
//!
//! Models run on the threads of [`Threads`], which sleep in between. The runtime starts
//! a pool of its own, too, with a thread for each core, in which nothing is run and which
//! sleeps as well. It writes nothing, unless the environment variable `RTEN_TIMING` is set:
//! then it prints names of operators, sizes and times.

mod align;
mod backend;
mod decode;
mod detector;
mod embedding;
mod error;
mod frame;
mod matcher;
mod spec;
mod tensor;

pub use align::{Similarity, UPRIGHT, upright};
#[cfg(not(feature = "onnx-measure"))]
use backend::Network;
pub use backend::{MAX_MODEL, Threads};
// For the comparison with another runtime and the benches. A product gets at no output of a
// model: what an embedder says of a face is a template.
#[cfg(feature = "onnx-measure")]
#[doc(hidden)]
pub use backend::{Network, Tensor};
pub use decode::{
    DetectionLimits, FaceGeometry, MAX_CANDIDATES, OutputError, ScrfdOutput, YunetOutput, suppress,
};
pub use detector::FaceDetector;
pub use embedding::cosine;
pub use error::OnnxError;
pub use frame::FrameLimits;
pub use matcher::{ModelFile, OnnxMatcher};
pub use spec::{DetectorSpec, EmbedderSpec, SpecError};
