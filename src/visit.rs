use std::sync::atomic::{AtomicU64, Ordering};

static VISITS: AtomicU64 = AtomicU64::new(1);
static SESSIONS: AtomicU64 = AtomicU64::new(1);

/// One visit of one person to the desk.
///
/// Minted by [`VisitId::begin`] only, unique within the process. Every proof
/// token carries the visit it was made in, and a token of one visit is refused
/// by every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VisitId(u64);

impl VisitId {
    /// Begins a new visit.
    ///
    /// ```
    /// use uketsuke::VisitId;
    /// assert_ne!(VisitId::begin(), VisitId::begin());
    /// ```
    #[must_use]
    pub fn begin() -> Self {
        Self(VISITS.fetch_add(1, Ordering::Relaxed))
    }

    /// The number, for logs: from 1, counted within the process. It says
    /// nothing about the person or the card.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// One card under power, from power-up to power-off.
///
/// Minted by [`Card::new`](crate::card::Card::new), and again by the same card
/// whenever it was without power or may have been exchanged. So what was proved
/// of one session never counts for another, even in the same visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CardSession(u64);

impl CardSession {
    pub(crate) fn begin() -> Self {
        Self(SESSIONS.fetch_add(1, Ordering::Relaxed))
    }
}

/// Which visit and which card session something belongs to.
///
/// Everything that a card gave or accepted carries one, and what is to be put
/// together must have the same. There is no public constructor.
///
/// ```
/// use uketsuke::card::Card;
/// use uketsuke::transport::Transport;
/// use uketsuke::VisitId;
///
/// fn two_cards_of_one_visit<T: Transport>(one: T, two: T) {
///     let visit = VisitId::begin();
///     let one = Card::new(one, visit).binding();
///     let two = Card::new(two, visit).binding();
///     assert_eq!(one.visit(), two.visit());
///     assert_ne!(one, two);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Binding {
    pub(crate) visit: VisitId,
    pub(crate) session: CardSession,
}

impl Binding {
    /// The visit.
    #[must_use]
    pub const fn visit(self) -> VisitId {
        self.visit
    }

    /// The card session.
    #[must_use]
    pub const fn session(self) -> CardSession {
        self.session
    }
}
