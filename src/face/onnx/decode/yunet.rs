use super::{DetectionLimits, FaceGeometry, OutputError, cells, factor, length, part, row};

/// A stride's outputs of a detector of the YuNet kind.
///
/// Source: OpenCV, `modules/objdetect/src/face_detect.cpp`.
#[derive(Clone, Copy, Debug)]
pub struct YunetOutput<'a> {
    /// Pixels of a cell each way.
    pub stride: usize,
    /// Cells in a row.
    pub columns: usize,
    /// Rows of cells.
    pub rows: usize,
    /// How sure it is that it's a face, one a cell.
    pub class: &'a [f32],
    /// How sure it is that there is something, one a cell.
    pub object: &'a [f32],
    /// Middle, and logarithms of width and height, four a cell.
    pub boxes: &'a [f32],
    /// x and y of five points, ten a cell.
    pub landmarks: &'a [f32],
}

impl YunetOutput<'_> {
    /// Adds the candidates whose score is high enough.
    ///
    /// # Errors
    ///
    /// [`OutputError`]: a model that says such a thing of one cell is not to be believed
    /// about the others.
    pub fn decode(
        self,
        limits: DetectionLimits,
        found: &mut Vec<FaceGeometry>,
    ) -> Result<(), OutputError> {
        let count = self.columns.saturating_mul(self.rows);
        length(self.class, count, 1)?;
        length(self.object, count, 1)?;
        length(self.boxes, count, 4)?;
        length(self.landmarks, count, 10)?;
        let stride = factor(self.stride);
        for (index, (column, line)) in cells(self.columns, self.rows, 1).enumerate() {
            let score = (part(self.class, index)? * part(self.object, index)?).sqrt();
            if !limits.admits(score) {
                continue;
            }
            let [x, y, width, height] = row::<4>(self.boxes, index)?;
            let (width, height) = (width.exp() * stride, height.exp() * stride);
            let mut landmarks = [[0.0; 2]; 5];
            let (points, _) = row::<10>(self.landmarks, index)?.as_chunks::<2>();
            for (to, [x, y]) in landmarks.iter_mut().zip(points) {
                *to = [(x + column) * stride, (y + line) * stride];
            }
            let face = FaceGeometry {
                left: (column + x) * stride - width / 2.0,
                top: (line + y) * stride - height / 2.0,
                width,
                height,
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
