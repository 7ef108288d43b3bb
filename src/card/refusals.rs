//! Which values were refused in a visit.
//!
//! A refused value must not cost a second try in the same visit, and a visit
//! outlives a [`Card`](super::Card): the reader may be connected again after the
//! card was pulled, or the transport released and taken anew. So this belongs to
//! the visit and lives in the process, not in `Card`. It's found by
//! [`VisitId`], which needs no argument that a caller could forget to pass on.
//!
//! Nobody says when a visit ends, and a refused PIN is often the right one with
//! a slip, or that of another card. So no value is kept, but a tag of it, under
//! a key that this process drew at random. A tag is no stronger than its key
//! against somebody who reads all of the memory, but it's no PIN that stays
//! behind in a page of it.

use std::collections::VecDeque;
use std::hint::black_box;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use super::SecretKind;
use super::ledger::Place;
use crate::VisitId;

/// Visits kept beyond those that a `Card` is held for, of those in which
/// something was refused.
const VISITS: usize = 32;

/// More than any secret has tries: `63Cx` counts to 15.
const VALUES: usize = 32;

const TAG: usize = 32;

static TABLE: Mutex<VecDeque<(VisitId, Shared)>> = Mutex::new(VecDeque::new());

static KEY: OnceLock<hmac::Key> = OnceLock::new();

/// What values are covered with before they are hashed, drawn at random.
static COVER: OnceLock<[u8; TAG]> = OnceLock::new();

type Shared = Arc<Mutex<Pages>>;

/// What was refused in one visit: shared by all its cards.
pub(super) struct Refusals {
    pages: Shared,
    /// By its label this is a phone, whose secrets aren't the card's: the card's PIN that
    /// was typed for the phone, and refused there, is right where it belongs.
    phone: bool,
}

/// Keeps what a visit's cards refused while none of them is held: a phone is away
/// between two taps.
pub(crate) struct VisitRefusals {
    _kept: Refusals,
}

impl VisitRefusals {
    pub(crate) fn of(visit: VisitId) -> Self {
        Self {
            _kept: Refusals::of(visit),
        }
    }
}

/// That they are kept.
impl std::fmt::Debug for VisitRefusals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VisitRefusals")
    }
}

/// More secrets than any card has, of all applications.
const PAGES: usize = 16;

/// One page for each secret of each application, those of phones apart; never grows
/// beyond its first allocation.
#[derive(Default)]
struct Pages(Vec<Page>);

/// Of one secret.
struct Page {
    place: Place,
    phone: bool,
    /// Never grows beyond its first allocation, which is wiped.
    refused: Vec<Tag>,
    /// Presented, but what became of it isn't known.
    unsettled: Option<Unsettled>,
}

struct Unsettled {
    tag: Tag,
    left_before: u8,
}

struct Tag(Zeroizing<[u8; TAG]>);

impl Refusals {
    pub(super) fn of(visit: VisitId) -> Self {
        let mut table = lock(&TABLE);
        let found = table.iter().position(|(of, _)| *of == visit);
        let pages = match found.and_then(|at| table.remove(at)) {
            Some((_, pages)) => pages,
            None => Shared::default(),
        };
        // A visit that a card is held for isn't forgotten, however many others
        // begin: their number is the caller's. Of the others those in which
        // nothing was refused go first, then the oldest: the latest is last.
        table.retain(|(_, pages)| Arc::strong_count(pages) > 1 || !lock(pages).is_blank());
        // Blank ones don't count: other threads let go of cards meanwhile, and
        // theirs must push out nothing in which something was refused.
        let unused = |(_, pages): &(VisitId, Shared)| {
            Arc::strong_count(pages) == 1 && !lock(pages).is_blank()
        };
        while table.iter().filter(|entry| unused(entry)).count() >= VISITS {
            let Some(oldest) = table.iter().position(unused) else {
                break;
            };
            drop(table.remove(oldest));
        }
        table.push_back((visit, Arc::clone(&pages)));
        Self {
            pages,
            phone: false,
        }
    }

    /// What the label said that the secrets are on.
    pub(super) const fn on_phone(&mut self, phone: bool) {
        self.phone = phone;
    }

    /// A lost answer to VERIFY that cost a try was a refusal; one that cost
    /// none was a success or never arrived, and the value may be typed again.
    pub(super) fn counted(&self, place: Place, left: Option<u8>) {
        let mut pages = lock(&self.pages);
        let Some(page) = pages.find(place, self.phone) else {
            return;
        };
        if let Some(unsettled) = page.unsettled.take()
            && left.is_some_and(|now| now < unsettled.left_before)
        {
            page.refuse(unsettled.tag);
        }
    }

    /// Whether this value was refused, by whichever application, or may have
    /// been: presented with an answer that was lost, and no count since. With
    /// [`VALUES`] refused ones each is: a card that took so many isn't one.
    ///
    /// A phone is spared what anything refused, since its label may not have been read
    /// when it did; a card what no phone did.
    pub(super) fn contains(&self, kind: SecretKind, value: &[u8]) -> bool {
        let tag = Tag::of(kind, value);
        let pages = lock(&self.pages);
        // No early end: all are compared.
        pages.of(kind, self.phone).fold(false, |found, page| {
            let refused = &page.refused;
            let unsettled = page.unsettled.iter().map(|unsettled| &unsettled.tag);
            let found = refused
                .iter()
                .chain(unsettled)
                .fold(found, |found, old| found | old.same(&tag));
            found | (refused.len() >= VALUES)
        })
    }

    pub(super) fn unsettled(&self, place: Place, value: &[u8], before: Option<u8>) {
        let unsettled = before.map(|left_before| Unsettled {
            tag: Tag::of(place.kind, value),
            left_before,
        });
        if let Some(page) = lock(&self.pages).page(place, self.phone) {
            page.unsettled = unsettled;
        }
    }

    pub(super) fn settled(&self, place: Place) {
        if let Some(page) = lock(&self.pages).find(place, self.phone) {
            page.unsettled = None;
        }
    }

    pub(super) fn refused(&self, place: Place, value: &[u8]) {
        if let Some(page) = lock(&self.pages).page(place, self.phone) {
            page.refuse(Tag::of(place.kind, value));
        }
    }

    /// The secret was changed to this value, or may have been: if it was wrong
    /// before, it may be right now. Every other one is as wrong as it was.
    pub(super) fn forget(&self, kind: SecretKind, value: &[u8]) {
        let tag = Tag::of(kind, value);
        let mut pages = lock(&self.pages);
        let theirs = |page: &&mut Page| page.place.kind == kind && page.phone == self.phone;
        for page in pages.0.iter_mut().filter(theirs) {
            page.refused.retain(|old| !old.same(&tag));
            page.unsettled = None;
        }
    }
}

impl Pages {
    fn is_blank(&self) -> bool {
        self.0
            .iter()
            .all(|page| page.refused.is_empty() && page.unsettled.is_none())
    }

    fn of(&self, kind: SecretKind, phone: bool) -> impl Iterator<Item = &Page> {
        let pages = self.0.iter();
        pages.filter(move |page| page.place.kind == kind && (phone || !page.phone))
    }

    fn find(&mut self, place: Place, phone: bool) -> Option<&mut Page> {
        let mut pages = self.0.iter_mut();
        pages.find(|page| page.place == place && page.phone == phone)
    }

    /// A new one where there is none; none beyond [`PAGES`], which no card has.
    fn page(&mut self, place: Place, phone: bool) -> Option<&mut Page> {
        if self.find(place, phone).is_none() && self.0.len() < PAGES {
            if self.0.capacity() == 0 {
                self.0.reserve_exact(PAGES);
            }
            self.0.push(Page {
                place,
                phone,
                refused: Vec::new(),
                unsettled: None,
            });
        }
        self.find(place, phone)
    }
}

impl Page {
    fn refuse(&mut self, tag: Tag) {
        if self.refused.capacity() == 0 {
            self.refused.reserve_exact(VALUES);
        }
        if self.refused.len() < VALUES {
            self.refused.push(tag);
        }
    }
}

impl Tag {
    fn of(kind: SecretKind, value: &[u8]) -> Self {
        let mut context = hmac::Context::with_key(key());
        context.update(&[match kind {
            SecretKind::AuthPin => 1,
            SecretKind::SignPassword => 2,
            SecretKind::ReferenceNumberB => 3,
            SecretKind::InputPin => 4,
            SecretKind::BirthDate => 5,
            #[cfg(feature = "my-number")]
            SecretKind::ReferenceNumberA => 6,
        }]);
        // `ring` leaves the last block that it hashed on the stack, so it isn't shown the value itself.
        let covered = value.iter().zip(cover().iter().cycle());
        let covered: Zeroizing<Vec<u8>> = Zeroizing::new(covered.map(|(v, c)| v ^ c).collect());
        context.update(&covered);
        let mut tag = Zeroizing::new([0; TAG]);
        for (to, from) in tag.iter_mut().zip(context.sign().as_ref()) {
            *to = *from;
        }
        Self(tag)
    }

    /// Equality whose time doesn't depend on the values.
    fn same(&self, other: &Self) -> bool {
        let difference = self
            .0
            .iter()
            .zip(other.0.iter())
            .fold(0u8, |sum, (x, y)| black_box(sum | (x ^ y)));
        black_box(difference) == 0
    }
}

fn key() -> &'static hmac::Key {
    KEY.get_or_init(|| {
        // Without random numbers the tags hide nothing, but what they are for,
        // sparing the person a try, still works.
        hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new())
            .unwrap_or_else(|_| hmac::Key::new(hmac::HMAC_SHA256, &[0; TAG]))
    })
}

fn cover() -> &'static [u8; TAG] {
    COVER.get_or_init(|| {
        let mut cover = [0; TAG];
        // Not random, it still isn't the value that stays behind.
        if SystemRandom::new().fill(&mut cover).is_err() {
            cover = [0xA5; TAG];
        }
        cover
    })
}

/// A thread that panicked in here left at worst one value unrecorded; what is
/// there is still right.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: SecretKind = SecretKind::AuthPin;
    const PLACE: Place = Place {
        application: b"one",
        kind: KIND,
    };

    #[test]
    fn belongs_to_the_visit_and_the_secret() {
        let visit = VisitId::begin();
        // Held, since tests beside this one begin many visits.
        let first = Refusals::of(visit);
        first.refused(PLACE, b"1111");
        let again = Refusals::of(visit);
        assert!(again.contains(KIND, b"1111"));
        assert!(!again.contains(KIND, b"1112"));
        assert!(!again.contains(KIND, b"111"));
        assert!(!again.contains(SecretKind::SignPassword, b"1111"));
        assert!(!Refusals::of(VisitId::begin()).contains(KIND, b"1111"));
    }

    #[test]
    fn a_held_visit_is_not_forgotten_others_are() {
        let (held, left) = (VisitId::begin(), VisitId::begin());
        let holding = Refusals::of(held);
        holding.refused(PLACE, b"1111");
        Refusals::of(left).refused(PLACE, b"1111");
        for _ in 0..4 * VISITS {
            Refusals::of(VisitId::begin()).refused(PLACE, b"1111");
        }
        assert!(Refusals::of(held).contains(KIND, b"1111"));
        assert!(!Refusals::of(left).contains(KIND, b"1111"));
    }

    #[test]
    fn a_visit_without_refusals_is_blank() {
        let pages = Pages::default();
        assert!(pages.is_blank());
        let refusals = Refusals::of(VisitId::begin());
        refusals.unsettled(PLACE, b"1111", Some(3));
        assert!(!lock(&refusals.pages).is_blank());
        refusals.settled(PLACE);
        assert!(lock(&refusals.pages).is_blank());
        refusals.refused(PLACE, b"1111");
        assert!(!lock(&refusals.pages).is_blank());
    }

    #[test]
    fn an_unsettled_value_is_refused_if_a_later_card_counts_less() {
        for (now, refused) in [(3, false), (2, true), (0, true), (4, false)] {
            let visit = VisitId::begin();
            let first = Refusals::of(visit);
            first.unsettled(PLACE, b"1111", Some(3));
            let later = Refusals::of(visit);
            later.counted(PLACE, Some(now));
            assert_eq!(later.contains(KIND, b"1111"), refused, "{now}");
            // One count settles it.
            later.counted(PLACE, Some(1));
            assert_eq!(later.contains(KIND, b"1111"), refused, "{now}");
        }
    }

    #[test]
    fn two_applications_share_what_was_refused_but_not_the_count() {
        let other = Place {
            application: b"two",
            kind: KIND,
        };
        let refusals = Refusals::of(VisitId::begin());
        refusals.refused(PLACE, b"1111");
        assert!(refusals.contains(KIND, b"1111"));
        refusals.unsettled(PLACE, b"2222", Some(10));
        assert!(refusals.contains(KIND, b"2222"), "until its count is read");
        refusals.counted(other, Some(3));
        refusals.counted(PLACE, Some(10));
        assert!(!refusals.contains(KIND, b"2222"), "another's count");
        refusals.unsettled(PLACE, b"2222", Some(10));
        refusals.counted(PLACE, Some(9));
        assert!(refusals.contains(KIND, b"2222"));
        refusals.forget(KIND, b"2222");
        assert!(refusals.contains(KIND, b"1111") && !refusals.contains(KIND, b"2222"));
    }

    #[test]
    fn a_phones_secrets_are_not_the_cards() {
        let mut refusals = Refusals::of(VisitId::begin());
        refusals.refused(PLACE, b"1111");
        refusals.on_phone(true);
        assert!(refusals.contains(KIND, b"1111"));
        refusals.refused(PLACE, b"2222");
        refusals.unsettled(PLACE, b"3333", Some(3));
        for (phone, here) in [(true, true), (false, false)] {
            refusals.on_phone(phone);
            for value in [b"2222", b"3333"] {
                assert_eq!(refusals.contains(KIND, value), here);
            }
            assert!(refusals.contains(KIND, b"1111"));
        }
        // The card's count settles nothing of a phone.
        refusals.counted(PLACE, Some(2));
        refusals.forget(KIND, b"2222");
        refusals.on_phone(true);
        refusals.counted(PLACE, Some(2));
        assert!(refusals.contains(KIND, b"2222") && refusals.contains(KIND, b"3333"));
    }

    #[test]
    fn too_many_refusals_refuse_every_value() {
        let refusals = Refusals::of(VisitId::begin());
        for value in 0..VALUES as u16 {
            assert!(!refusals.contains(KIND, b"9999"));
            refusals.refused(PLACE, &value.to_be_bytes());
        }
        assert!(refusals.contains(KIND, b"9999"));
        refusals.refused(PLACE, b"9999");
        assert_eq!(
            lock(&refusals.pages)
                .find(PLACE, false)
                .unwrap()
                .refused
                .len(),
            VALUES
        );
    }

    #[test]
    fn survives_a_thread_that_panicked() {
        let visit = VisitId::begin();
        let refusals = Refusals::of(visit);
        refusals.refused(PLACE, b"1111");
        let pages = Arc::clone(&refusals.pages);
        let thread = std::thread::spawn(move || {
            let _table = lock(&TABLE);
            let _held = pages.lock();
            panic!("on purpose");
        });
        assert!(thread.join().is_err());
        assert!(Refusals::of(visit).contains(KIND, b"1111"));
    }
}
