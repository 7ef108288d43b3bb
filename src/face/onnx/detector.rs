use super::{
    DetectorSpec, FaceGeometry, Network, OnnxError, ScrfdOutput, Threads, YunetOutput,
    align::single,
    backend::Tensor,
    decode::OutputError,
    spec::{Kind, Size, Stride},
    suppress,
    tensor::{letterbox, rounded},
};
use crate::face::{Picture, PixelFormat};

/// Finds faces in pictures with a model of the YuNet or SCRFD kind.
#[derive(Debug)]
pub struct FaceDetector {
    spec: DetectorSpec,
    network: Network,
}

impl FaceDetector {
    /// Checks the file against its description, and runs it once on a grey picture, so that
    /// a model that isn't as described is found when a desk starts.
    ///
    /// # Errors
    ///
    /// [`OnnxError`].
    pub fn load(model: Vec<u8>, spec: DetectorSpec, threads: Threads) -> Result<Self, OnnxError> {
        let network = Network::load(
            model,
            &spec.about.sha256,
            &spec.input.name,
            &spec.outputs(),
            threads,
        )?;
        let detector = Self { spec, network };
        if let Ok(grey) = Picture::new(64, 64, PixelFormat::Grey, vec![128; 64 * 64]) {
            detector.detect(&grey)?;
        }
        Ok(detector)
    }

    pub(super) const fn spec(&self) -> &DetectorSpec {
        &self.spec
    }

    /// All faces, the surest first.
    ///
    /// # Errors
    ///
    /// [`OnnxError::Run`] and [`OnnxError::Output`].
    pub fn detect(&self, picture: &Picture) -> Result<Vec<FaceGeometry>, OnnxError> {
        let (wide, high) = (f64::from(picture.width()), f64::from(picture.height()));
        let side = |pixels: usize| u32::try_from(pixels).map_or(1.0, f64::from);
        let (scale, width, height) = match self.spec.size {
            Size::Fixed(width, height) => {
                let scale = (side(width) / wide).min(side(height) / high);
                (scale, width, height)
            }
            Size::Longest(longest) => {
                let scale = side(longest) / wide.max(high);
                let fill = |pixels: f64| {
                    let multiple = self.spec.multiple();
                    rounded(pixels * scale).max(1).next_multiple_of(multiple)
                };
                (scale, fill(wide), fill(high))
            }
        };
        let planes = letterbox(picture, scale, width, height);
        let tensor = planes.tensor(&self.spec.input);
        let outputs = self.network.run([1, 3, height, width], &tensor)?;
        let mut found = Vec::new();
        let mut rest = outputs.as_slice();
        for stride in &self.spec.strides {
            let (of_stride, others) = rest
                .split_at_checked(stride.scores.len() + 2)
                .unwrap_or_default();
            rest = others;
            self.decode(stride, of_stride, width, height, &mut found)?;
        }
        // Pixels' middles are at a half, in the picture as in what it was scaled to.
        let back = single(1.0 / scale);
        let half = (back - 1.0) / 2.0;
        Ok(suppress(found, self.spec.limits)
            .into_iter()
            .map(|face| face.mapped(back, half, half))
            .collect())
    }

    fn decode(
        &self,
        stride: &Stride,
        outputs: &[Tensor],
        width: usize,
        height: usize,
        found: &mut Vec<FaceGeometry>,
    ) -> Result<(), OnnxError> {
        let (columns, rows) = (width / stride.stride, height / stride.stride);
        let limits = self.spec.limits;
        let done = match (self.spec.kind, outputs) {
            (Kind::Yunet, [class, object, boxes, landmarks]) => YunetOutput {
                stride: stride.stride,
                columns,
                rows,
                class: class.values(),
                object: object.values(),
                boxes: boxes.values(),
                landmarks: landmarks.values(),
            }
            .decode(limits, found),
            (Kind::Scrfd { anchors }, [scores, boxes, landmarks]) => ScrfdOutput {
                stride: stride.stride,
                columns,
                rows,
                anchors,
                scores: scores.values(),
                boxes: boxes.values(),
                landmarks: landmarks.values(),
            }
            .decode(limits, found),
            _ => Err(OutputError::NoFloats),
        };
        done.map_err(|problem| OnnxError::Output {
            name: stride.boxes.clone(),
            problem,
        })
    }
}
