//! What a desk holds of a matcher, and how long a template lives.

use std::fmt;

use ring::digest::{SHA256, digest};
use zeroize::{Zeroize, Zeroizing};

use super::{
    Comparison, Extraction, FaceError, FaceMatcher, FaceVerifier, InconclusiveReason, LiveImage,
    MatcherInfo, Sample,
};
use crate::{Binding, trust::LivePhoto};

/// Compares the photo of a card with frames: what a desk holds of a vendor's matcher.
///
/// Sealed: it is made of a [`FaceMatcher`] by [`ByTemplate`], or of a [`FaceVerifier`]
/// by [`ByScore`], or is the `OnnxMatcher` of the feature `onnx`. So how long a template lives is decided here and not by each caller.
pub trait FaceEngine: sealed::Sealed {
    /// Who it is, and what its scores mean.
    fn info(&self) -> MatcherInfo;

    /// Looks at the card's photo, while the person gets ready. It may be left out:
    /// [`compare`](Self::compare) does it then.
    ///
    /// # Errors
    ///
    /// What the matcher reports.
    fn prepare(&mut self, photo: &LivePhoto) -> Result<Prepared, FaceError>;

    /// Compares.
    ///
    /// # Errors
    ///
    /// What the matcher reports. An error is never a match.
    fn compare(&mut self, photo: &LivePhoto, live: &LiveImage) -> Result<Comparison, FaceError>;

    /// Drops and wipes what is kept of the photo: at the end of the face match, however
    /// it ended.
    fn forget(&mut self);
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// What a look at the card's photo gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a photo that isn't usable matches no frame"]
#[non_exhaustive]
pub enum Prepared {
    /// It can be compared.
    Ready,
    /// It can't; no frame will change that. Use another method.
    NotUsable(InconclusiveReason),
}

/// An engine of a closed library, which keeps nothing between two comparisons.
pub struct ByScore<V> {
    verifier: V,
}

impl<V: FaceVerifier> ByScore<V> {
    /// Takes the library.
    pub const fn new(verifier: V) -> Self {
        Self { verifier }
    }
}

impl<V> sealed::Sealed for ByScore<V> {}

impl<V: FaceVerifier> FaceEngine for ByScore<V> {
    fn info(&self) -> MatcherInfo {
        self.verifier.info()
    }

    fn prepare(&mut self, _: &LivePhoto) -> Result<Prepared, FaceError> {
        Ok(Prepared::Ready)
    }

    fn compare(&mut self, photo: &LivePhoto, live: &LiveImage) -> Result<Comparison, FaceError> {
        self.verifier.verify(photo, live)
    }

    fn forget(&mut self) {}
}

impl<V> fmt::Debug for ByScore<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByScore(..)")
    }
}

/// An engine of a matcher with templates. The card's template is kept for the one
/// photo of one visit, that of a frame for one comparison.
///
/// The card's is wiped by [`forget`](FaceEngine::forget), when another photo comes,
/// when anything fails, and when the engine is dropped. Nothing gives it out.
pub struct ByTemplate<M: FaceMatcher> {
    matcher: M,
    card: Option<Kept<M::Template>>,
}

/// The template of which photo, and by whom: another model's can't be compared with it.
struct Kept<T: Zeroize> {
    by: MatcherInfo,
    binding: Binding,
    photo: [u8; 32],
    template: Zeroizing<T>,
}

impl<M: FaceMatcher> ByTemplate<M> {
    /// Takes the matcher.
    pub const fn new(matcher: M) -> Self {
        Self {
            matcher,
            card: None,
        }
    }

    #[cfg(feature = "onnx")]
    pub(super) const fn matcher(&mut self) -> &mut M {
        &mut self.matcher
    }

    /// The card's template, or why there is none. It is taken out, so that it is
    /// dropped whatever fails while it is used.
    fn take(&mut self, photo: &LivePhoto) -> Result<Taken<M::Template>, FaceError> {
        let (name, by) = (name(photo), self.matcher.info());
        if let Some(kept) = self.card.take()
            && kept.binding == photo.binding()
            && kept.photo == name
            && kept.by == by
        {
            return Ok(Taken::Kept(kept));
        }
        Ok(match self.matcher.extract(Sample::Card(photo))? {
            Extraction::Template(template) => Taken::Kept(Kept {
                by,
                binding: photo.binding(),
                photo: name,
                template: Zeroizing::new(template),
            }),
            Extraction::NotUsable(reason) => Taken::NotUsable(reason),
        })
    }
}

enum Taken<T: Zeroize> {
    Kept(Kept<T>),
    NotUsable(InconclusiveReason),
}

/// SHA-256 of the photo.
fn name(photo: &LivePhoto) -> [u8; 32] {
    let mut name = [0; 32];
    for (to, from) in name
        .iter_mut()
        .zip(digest(&SHA256, photo.jpeg2000()).as_ref())
    {
        *to = *from;
    }
    name
}

impl<M: FaceMatcher> sealed::Sealed for ByTemplate<M> {}

impl<M: FaceMatcher> FaceEngine for ByTemplate<M> {
    fn info(&self) -> MatcherInfo {
        self.matcher.info()
    }

    fn prepare(&mut self, photo: &LivePhoto) -> Result<Prepared, FaceError> {
        Ok(match self.take(photo)? {
            Taken::Kept(kept) => {
                self.card = Some(kept);
                Prepared::Ready
            }
            Taken::NotUsable(reason) => Prepared::NotUsable(reason),
        })
    }

    fn compare(&mut self, photo: &LivePhoto, live: &LiveImage) -> Result<Comparison, FaceError> {
        let card = match self.take(photo)? {
            Taken::Kept(kept) => kept,
            Taken::NotUsable(reason) => return Ok(Comparison::NotComparable(reason)),
        };
        let compared = match self.matcher.extract(Sample::Live(live))? {
            Extraction::Template(live) => {
                let live = Zeroizing::new(live);
                Comparison::Score(self.matcher.compare(&card.template, &live)?)
            }
            Extraction::NotUsable(reason) => Comparison::NotComparable(reason),
        };
        self.card = Some(card);
        Ok(compared)
    }

    fn forget(&mut self) {
        self.card = None;
    }
}

/// Shows nothing of a template.
impl<M: FaceMatcher> fmt::Debug for ByTemplate<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByTemplate(..)")
    }
}

#[cfg(test)]
mod tests;
