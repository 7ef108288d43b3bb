//! The runtime behind a trait, so that another can take its place.
// What is `pub` here is so with that feature only.
#![cfg_attr(not(feature = "onnx-measure"), allow(unreachable_pub))]

use std::{
    fmt,
    num::NonZeroU8,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use ring::digest::{SHA256, digest};
use rten::{Model, NodeId, RunOptions, ThreadPool, ValueView};
use zeroize::Zeroizing;

use super::{OnnxError, decode::OutputError, error::reason};

/// The largest model that is taken, in bytes: four times the largest that is known to be
/// used for faces (174 MB).
pub const MAX_MODEL: usize = 1 << 29;

/// An output's values, the last dimension's first. Wiped when dropped.
pub struct Tensor(pub(super) Zeroizing<Vec<f32>>);

impl Tensor {
    /// The values.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.0
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tensor({} values)", self.0.len())
    }
}

/// Threads that models run on; clones are the same threads.
#[derive(Clone)]
pub struct Threads(Arc<ThreadPool>);

impl Threads {
    /// So many, asleep until a model runs.
    #[must_use]
    pub fn new(threads: NonZeroU8) -> Self {
        Self(Arc::new(ThreadPool::with_num_threads(usize::from(
            threads.get(),
        ))))
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Threads(..)")
    }
}

/// What is asked of a runtime: one input of 32-bit floats in NCHW layout, and outputs of
/// such floats, by name.
trait Backend: Sized {
    fn load(
        model: Vec<u8>,
        input: &str,
        outputs: &[&str],
        threads: Threads,
    ) -> Result<Self, OnnxError>;

    fn run(&self, shape: [usize; 4], values: &[f32]) -> Result<Vec<Option<Tensor>>, String>;
}

struct Rten {
    model: Model,
    input: NodeId,
    outputs: Vec<NodeId>,
    threads: Threads,
}

impl Backend for Rten {
    fn load(
        model: Vec<u8>,
        input: &str,
        outputs: &[&str],
        threads: Threads,
    ) -> Result<Self, OnnxError> {
        // From memory only: data in other files is refused, since there are none.
        let model = Model::load(model).map_err(|error| OnnxError::Unreadable {
            reason: reason(&error),
        })?;
        let find = |among: &[NodeId], what, name: &str| {
            among
                .iter()
                .copied()
                .find(|id| {
                    let info = model.node_info(*id);
                    info.is_some_and(|info| info.name() == Some(name))
                })
                .ok_or_else(|| OnnxError::NoSuch {
                    what,
                    name: name.to_owned(),
                })
        };
        let input = find(model.input_ids(), "input", input)?;
        let outputs = outputs
            .iter()
            .map(|name| find(model.output_ids(), "output", name))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            model,
            input,
            outputs,
            threads,
        })
    }

    fn run(&self, shape: [usize; 4], values: &[f32]) -> Result<Vec<Option<Tensor>>, String> {
        let view = ValueView::from_shape(shape, values).map_err(|error| reason(&error))?;
        let options = RunOptions::default().with_thread_pool(Some(self.threads.0.clone()));
        let found = self
            .model
            .run(
                vec![(self.input, view.into())],
                &self.outputs,
                Some(options),
            )
            .map_err(|error| reason(&error))?;
        Ok(found
            .into_iter()
            .map(|value| {
                let tensor = value.into_tensor::<f32>()?;
                Some(Tensor(Zeroizing::new(tensor.into_data())))
            })
            .collect())
    }
}

/// A model that is ready to run.
pub struct Network {
    runtime: Rten,
    input: String,
    outputs: Vec<String>,
}

impl Network {
    /// Compares the file with its digest, and only then reads it.
    ///
    /// # Errors
    ///
    /// [`OnnxError`].
    pub fn load(
        model: Vec<u8>,
        sha256: &[u8; 32],
        input: &str,
        outputs: &[&str],
        threads: Threads,
    ) -> Result<Self, OnnxError> {
        if model.len() > MAX_MODEL {
            return Err(OnnxError::TooLarge { bytes: model.len() });
        }
        if digest(&SHA256, &model).as_ref() != sha256 {
            return Err(OnnxError::Digest);
        }
        // No panic is known in the runtime for a file, but it isn't written for files
        // of strangers: one must not take the desk with it.
        let loaded = catch_unwind(AssertUnwindSafe(|| {
            Rten::load(model, input, outputs, threads)
        }));
        let runtime = loaded.unwrap_or_else(|_| {
            Err(OnnxError::Unreadable {
                reason: "the runtime broke off".to_owned(),
            })
        })?;
        Ok(Self {
            runtime,
            input: input.to_owned(),
            outputs: outputs.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    /// Runs it; the outputs in the order in which they were named.
    ///
    /// # Errors
    ///
    /// [`OnnxError::Run`], and [`OnnxError::Output`] for one that holds no floats.
    pub fn run(&self, shape: [usize; 4], values: &[f32]) -> Result<Vec<Tensor>, OnnxError> {
        let ran = catch_unwind(AssertUnwindSafe(|| self.runtime.run(shape, values)));
        let found = ran
            .unwrap_or_else(|_| Err("the runtime broke off".to_owned()))
            .map_err(|reason| OnnxError::Run { reason })?;
        if found.len() != self.outputs.len() {
            return Err(OnnxError::Run {
                reason: "outputs are missing".to_owned(),
            });
        }
        found
            .into_iter()
            .zip(&self.outputs)
            .map(|(tensor, name)| {
                tensor.ok_or_else(|| OnnxError::Output {
                    name: name.clone(),
                    problem: OutputError::NoFloats,
                })
            })
            .collect()
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Network({:?} to {:?})", self.input, self.outputs)
    }
}
