use std::cell::Cell;
use std::rc::Rc;

use super::*;
use crate::face::Score;
use crate::{CardSession, Realm, VisitId};

/// What happened to all templates of one matcher.
#[derive(Default)]
struct Counts {
    made: Cell<u32>,
    wiped: Cell<u32>,
    dropped: Cell<u32>,
}

impl Counts {
    /// Templates that are still there.
    fn alive(&self) -> u32 {
        assert_eq!(
            self.wiped.get(),
            self.dropped.get(),
            "each is wiped before it is dropped"
        );
        self.made.get() - self.dropped.get()
    }
}

fn more(count: &Cell<u32>) {
    count.set(count.get() + 1);
}

/// Tells when it is wiped and when it is dropped.
struct Template {
    of: Vec<u8>,
    counts: Rc<Counts>,
}

impl Zeroize for Template {
    fn zeroize(&mut self) {
        self.of.zeroize();
        more(&self.counts.wiped);
    }
}

impl Drop for Template {
    fn drop(&mut self) {
        assert!(self.of.is_empty(), "dropped unwiped");
        more(&self.counts.dropped);
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wrong {
    Nothing,
    CardFails,
    CardUnusable,
    LiveFails,
    LiveUnusable,
    CompareFails,
    ComparePanics,
}

struct Matcher {
    counts: Rc<Counts>,
    wrong: Wrong,
    cards: u32,
    model: [u8; 32],
}

impl FaceMatcher for Matcher {
    type Template = Template;

    fn info(&self) -> MatcherInfo {
        MatcherInfo {
            vendor: "v".into(),
            name: "n".into(),
            version: "1".into(),
            model: self.model,
            lowest: Score::ZERO,
            highest: Score::ONE,
            realm: Realm::Production,
        }
    }

    fn extract(&mut self, sample: Sample<'_>) -> Result<Extraction<Template>, FaceError> {
        let (of, fails, unusable) = match sample {
            Sample::Card(photo) => {
                self.cards += 1;
                (photo.jpeg2000(), Wrong::CardFails, Wrong::CardUnusable)
            }
            Sample::Live(live) => (live.bytes(), Wrong::LiveFails, Wrong::LiveUnusable),
        };
        if self.wrong == fails {
            return Err(FaceError::Matcher);
        }
        if self.wrong == unusable {
            return Ok(Extraction::NotUsable(InconclusiveReason::NoFace));
        }
        more(&self.counts.made);
        Ok(Extraction::Template(Template {
            of: of.to_vec(),
            counts: self.counts.clone(),
        }))
    }

    fn compare(&mut self, card: &Template, live: &Template) -> Result<Score, FaceError> {
        assert_eq!(self.counts.alive(), 2, "only the two that are compared");
        assert_ne!(self.wrong, Wrong::ComparePanics, "as asked");
        if self.wrong == Wrong::CompareFails {
            return Err(FaceError::Matcher);
        }
        Ok(if card.of == live.of {
            Score::ONE
        } else {
            Score::ZERO
        })
    }
}

fn engine(wrong: Wrong) -> (ByTemplate<Matcher>, Rc<Counts>) {
    let counts = Rc::new(Counts::default());
    let matcher = Matcher {
        counts: counts.clone(),
        wrong,
        cards: 0,
        model: [1; 32],
    };
    (ByTemplate::new(matcher), counts)
}

fn session() -> Binding {
    Binding {
        visit: VisitId::begin(),
        session: CardSession::begin(),
    }
}

fn photo(of: &[u8], binding: Binding) -> LivePhoto {
    LivePhoto::for_test(of, binding, Realm::Production)
}

fn frame(of: &[u8]) -> LiveImage {
    LiveImage::new(Realm::Production, of.to_vec())
}

#[test]
fn the_cards_template_is_made_once_and_the_frames_never_stay() {
    let (mut engine, counts) = engine(Wrong::Nothing);
    let photo = photo(b"a", session());
    assert_eq!(engine.prepare(&photo), Ok(Prepared::Ready));
    assert_eq!(engine.prepare(&photo), Ok(Prepared::Ready));
    for (shown, score) in [(b"a", Score::ONE), (b"b", Score::ZERO), (b"a", Score::ONE)] {
        let compared = engine.compare(&photo, &frame(shown));
        assert_eq!(compared, Ok(Comparison::Score(score)));
        assert_eq!((engine.matcher.cards, counts.alive()), (1, 1));
    }
    engine.forget();
    assert_eq!(counts.alive(), 0);
    // Forgotten is forgotten: it is made again.
    assert!(engine.compare(&photo, &frame(b"a")).is_ok());
    assert_eq!((engine.matcher.cards, counts.alive()), (2, 1));
    drop(engine);
    assert_eq!((counts.alive(), counts.made.get()), (0, 6));
}

/// The same visit and session with another photo, and the same photo in another session
/// or visit: each is another one.
#[test]
fn another_photo_gets_a_template_of_its_own() {
    let first = session();
    let (visit, card) = (
        Binding {
            visit: VisitId::begin(),
            ..first
        },
        Binding {
            session: CardSession::begin(),
            ..first
        },
    );
    for other in [photo(b"b", first), photo(b"a", visit), photo(b"a", card)] {
        for prepared in [false, true] {
            let (mut engine, counts) = engine(Wrong::Nothing);
            assert_eq!(
                engine.prepare(&photo(b"a", first)).unwrap(),
                Prepared::Ready
            );
            if prepared {
                assert_eq!(engine.prepare(&other).unwrap(), Prepared::Ready);
            }
            let compared = engine.compare(&other, &frame(other.jpeg2000()));
            assert_eq!(compared, Ok(Comparison::Score(Score::ONE)));
            assert_eq!((engine.matcher.cards, counts.alive()), (2, 1));
        }
    }
}

/// Templates of two models can't be compared.
#[test]
fn another_model_makes_a_template_of_its_own() {
    let (mut engine, counts) = engine(Wrong::Nothing);
    let photo = photo(b"a", session());
    assert_eq!(engine.prepare(&photo).unwrap(), Prepared::Ready);
    engine.matcher.model = [2; 32];
    engine.compare(&photo, &frame(b"a")).unwrap();
    assert_eq!((engine.matcher.cards, counts.alive()), (2, 1));
}

#[test]
fn nothing_stays_when_anything_fails() {
    for (wrong, compared, kept) in [
        (Wrong::CardFails, Err(FaceError::Matcher), 0),
        (
            Wrong::CardUnusable,
            Ok(Comparison::NotComparable(InconclusiveReason::NoFace)),
            0,
        ),
        (Wrong::LiveFails, Err(FaceError::Matcher), 0),
        (
            Wrong::LiveUnusable,
            Ok(Comparison::NotComparable(InconclusiveReason::NoFace)),
            1,
        ),
        (Wrong::CompareFails, Err(FaceError::Matcher), 0),
    ] {
        let (mut engine, counts) = engine(wrong);
        let photo = photo(b"a", session());
        assert_eq!(engine.compare(&photo, &frame(b"a")), compared);
        assert_eq!(counts.alive(), kept, "{wrong:?}");
        // Prepared before, it goes all the same.
        engine.matcher.wrong = Wrong::Nothing;
        assert_eq!(engine.prepare(&photo).unwrap(), Prepared::Ready);
        engine.matcher.wrong = wrong;
        let _ = engine.compare(&photo, &frame(b"a"));
        let kept = kept.max(u32::from(
            wrong == Wrong::CardUnusable || wrong == Wrong::CardFails,
        ));
        assert!(counts.alive() <= kept, "{wrong:?}");
    }
    let (mut engine, counts) = engine(Wrong::CardUnusable);
    let prepared = engine.prepare(&photo(b"a", session()));
    assert_eq!(
        prepared,
        Ok(Prepared::NotUsable(InconclusiveReason::NoFace))
    );
    assert_eq!(counts.made.get(), 0);
}

#[test]
fn nothing_stays_when_the_matcher_panics() {
    let (mut engine, counts) = engine(Wrong::ComparePanics);
    let photo = photo(b"a", session());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        engine.compare(&photo, &frame(b"a"))
    }));
    assert!(panicked.is_err());
    assert_eq!((counts.made.get(), counts.alive()), (2, 0));
}

#[test]
fn debug_shows_no_template() {
    let (mut engine, _) = engine(Wrong::Nothing);
    assert_eq!(
        engine.prepare(&photo(b"a", session())).unwrap(),
        Prepared::Ready
    );
    assert_eq!(format!("{engine:?}"), "ByTemplate(..)");
    let extraction: Extraction<u8> = Extraction::Template(77);
    assert_eq!(format!("{extraction:?}"), "Template(..)");
}
