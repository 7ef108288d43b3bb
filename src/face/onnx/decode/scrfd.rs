use super::{DetectionLimits, FaceGeometry, OutputError, cells, factor, length, part, row};

/// A stride's outputs of a detector of the SCRFD kind.
///
/// Source: InsightFace, `python-package/insightface/model_zoo/scrfd.py`.
#[derive(Clone, Copy, Debug)]
pub struct ScrfdOutput<'a> {
    /// Pixels of a cell each way.
    pub stride: usize,
    /// Cells in a row.
    pub columns: usize,
    /// Rows of cells.
    pub rows: usize,
    /// Candidates of a cell.
    pub anchors: usize,
    /// How sure it is, one a candidate.
    pub scores: &'a [f32],
    /// From the cell's corner to the left, up, to the right and down, four a candidate.
    pub boxes: &'a [f32],
    /// x and y of five points, ten a candidate.
    pub landmarks: &'a [f32],
}

impl ScrfdOutput<'_> {
    /// Adds the candidates whose score is high enough.
    ///
    /// # Errors
    ///
    /// [`OutputError`]: a model that says such a thing of one candidate is not to be
    /// believed about the others.
    pub fn decode(
        self,
        limits: DetectionLimits,
        found: &mut Vec<FaceGeometry>,
    ) -> Result<(), OutputError> {
        let count = self
            .columns
            .saturating_mul(self.rows)
            .saturating_mul(self.anchors);
        length(self.scores, count, 1)?;
        length(self.boxes, count, 4)?;
        length(self.landmarks, count, 10)?;
        let stride = factor(self.stride);
        for (index, (column, line)) in cells(self.columns, self.rows, self.anchors).enumerate() {
            let score = part(self.scores, index)?;
            if !limits.admits(score) {
                continue;
            }
            let [left, up, right, down] = row::<4>(self.boxes, index)?;
            let mut landmarks = [[0.0; 2]; 5];
            let (points, _) = row::<10>(self.landmarks, index)?.as_chunks::<2>();
            for (to, [x, y]) in landmarks.iter_mut().zip(points) {
                *to = [(x + column) * stride, (y + line) * stride];
            }
            let face = FaceGeometry {
                left: (column - left) * stride,
                top: (line - up) * stride,
                width: (left + right) * stride,
                height: (up + down) * stride,
                landmarks,
                score,
            };
            if !face.is_sound() {
                return Err(OutputError::Value { index });
            }
            found.push(face);
        }
        Ok(())
    }
}
