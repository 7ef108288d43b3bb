//! What an embedder says of a face, and how alike two such are.

use zeroize::{Zeroize, Zeroizing};

/// A template: wiped when dropped, never shown, and no way out of this module.
pub(super) struct Embedding(pub(super) Zeroizing<Vec<f32>>);

impl Zeroize for Embedding {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// The cosine of the angle between two embeddings, from -1 to 1.
///
/// `None`, and so never a match, if their lengths differ or are 0, if a value is NaN or
/// infinite, or if one has no length. Sums are in double precision.
///
/// ```
/// # #[cfg(feature = "onnx")] {
/// use uketsuke::face::onnx::cosine;
///
/// assert_eq!(cosine(&[3.0, 4.0], &[3.0, 4.0]), Some(1.0));
/// assert_eq!(cosine(&[3.0, 4.0], &[0.0, 0.0]), None);
/// assert_eq!(cosine(&[3.0, f32::NAN], &[3.0, 4.0]), None);
/// assert_eq!(cosine(&[3.0, 4.0, 0.0], &[3.0, 4.0]), None);
/// # }
/// ```
#[must_use]
pub fn cosine(a: &[f32], b: &[f32]) -> Option<f32> {
    if a.len() != b.len() {
        return None;
    }
    let (mut dot, mut of_a, mut of_b) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (f64::from(*a), f64::from(*b));
        dot += a * b;
        of_a += a * a;
        of_b += b * b;
    }
    let lengths = of_a.sqrt() * of_b.sqrt();
    // NaN and infinite values show in a length; squares of single precision stay within
    // double. Smaller than this there is no direction left.
    let sound = |square: f64| square.is_finite() && square > 1e-30;
    (sound(of_a) && sound(of_b) && dot.is_finite())
        .then(|| super::align::single((dot / lengths).clamp(-1.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::cosine;

    #[test]
    fn what_is_no_embedding_is_never_alike() {
        let good = vec![0.5_f32; 128];
        for at in [0, 63, 127] {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let mut broken = good.clone();
                broken[at] = bad;
                assert_eq!(cosine(&broken, &good), None);
                assert_eq!(cosine(&good, &broken), None);
                assert_eq!(cosine(&broken, &broken), None);
            }
        }
        assert_eq!(cosine(&vec![0.0; 128], &good), None);
        assert_eq!(cosine(&vec![1e-30; 128], &good), None);
        assert_eq!(cosine(&good[1..], &good), None);
        assert_eq!(cosine(&[], &[]), None);
        assert_eq!(cosine(&vec![f32::MAX; 128], &good), Some(1.0));
    }

    proptest! {
        #[test]
        fn it_is_the_cosine(a in prop::collection::vec(-1e4_f32..1e4, 64), b in prop::collection::vec(-1e4_f32..1e4, 64), scale in 1e-3_f32..1e3) {
            let found = cosine(&a, &b).unwrap();
            prop_assert!((-1.0..=1.0).contains(&found));
            prop_assert_eq!(cosine(&b, &a), Some(found));
            let scaled: Vec<f32> = a.iter().map(|v| v * scale).collect();
            prop_assert!((cosine(&scaled, &b).unwrap() - found).abs() < 1e-5);
            let turned: Vec<f32> = a.iter().map(|v| -v).collect();
            prop_assert_eq!(cosine(&turned, &b), Some(-found));
            prop_assert!(cosine(&a, &a).unwrap() > 0.999_999);
        }

        #[test]
        fn whatever_comes_it_is_a_number_or_nothing(a in prop::collection::vec(any::<f32>(), 0..9), b in prop::collection::vec(any::<f32>(), 0..9)) {
            prop_assert!(cosine(&a, &b).is_none_or(|found| (-1.0..=1.0).contains(&found)));
        }
    }
}
