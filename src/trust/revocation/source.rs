use std::{collections::HashMap, fmt};

use jiff::Timestamp;

use super::{
    CrlIndex, NoAnswer, RevocationAnswer, RevocationError, RevocationQuery, RevocationSource,
};

/// Several lists: of all generations of the root, and of all municipalities.
///
/// A certificate's answer is taken from the lists that are about it, those of
/// its distribution points and those of all certificates of its root:
/// revoked if one says so; good if one is in force and none says otherwise;
/// unknown else ([`RevocationAnswer::and`]).
///
/// For a check-in that goes on while lists come, see
/// [`Policy::with_revocation`](crate::checkin::Policy::with_revocation).
///
/// ```
/// use jiff::{SignedDuration, Timestamp};
/// use uketsuke::trust::{CrlIndex, CrlSource, RevocationError, Roots};
///
/// /// Under whichever root signed the list; they all bear one name.
/// fn read(list: &[u8], roots: &Roots, now: Timestamp) -> Result<CrlIndex, RevocationError> {
///     let mut why = RevocationError::OtherIssuer;
///     for root in roots.iter() {
///         match CrlIndex::build(list, root, now) {
///             Err(other @ (RevocationError::OtherIssuer | RevocationError::BadSignature)) => why = other,
///             read => return read,
///         }
///     }
///     Err(why)
/// }
///
/// # use uketsuke::simulation::{CrlScope, CrlSpec, Generation, VirtualPki};
/// # let now: Timestamp = "2026-11-24T00:00:00Z".parse()?;
/// # let mut fetched = Vec::new();
/// # for generation in [Generation::Second, Generation::Third] {
/// #     for scope in [CrlScope::Municipality, CrlScope::OtherMunicipality] {
/// #         let mut spec = CrlSpec::new(generation, now);
/// #         spec.scope = scope;
/// #         fetched.push(VirtualPki::new().crl(&spec));
/// #     }
/// # }
/// let roots = Roots::simulation(); // production: Roots::jpki_authentication()
/// let mut source = CrlSource::new();
/// for list in &fetched {
///     source.add(read(list, &roots, now)?)?;
/// }
/// assert_eq!(source.len(), 4);
///
/// // Which of them are to be fetched again within the hour, and where each is.
/// let soon = "2026-11-24T23:30:00Z".parse::<Timestamp>()? + SignedDuration::from_hours(1);
/// let due: Vec<_> = source.iter().filter(|list| list.next_update() < soon).collect();
/// assert_eq!(due.len(), 4);
/// assert!(due.iter().all(|list| list.distribution_points().count() == 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct CrlSource {
    lists: Vec<CrlIndex>,
    /// By the SHA-256 of the root.
    roots: HashMap<[u8; 32], OfRoot>,
}

/// Places in the lists of one root.
#[derive(Default)]
struct OfRoot {
    everyone: Vec<usize>,
    /// Each name of a distribution point, with the lists that bear it.
    points: HashMap<Vec<u8>, Vec<usize>>,
}

impl CrlSource {
    /// Without any list: every answer is unknown.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a list. One for the same root and distribution points gives way to it;
    /// the same list once more changes nothing.
    ///
    /// # Errors
    ///
    /// [`RevocationError::Older`] if the one that is there is newer, by its time
    /// or by its number; it stays.
    pub fn add(&mut self, list: CrlIndex) -> Result<(), RevocationError> {
        let root = self.roots.entry(*list.root_sha256()).or_default();
        // Lists of one scope have all names in common, so the first one finds them.
        let alike = match list.points().first() {
            Some(name) => root.points.get(name).map_or(&[][..], Vec::as_slice),
            None => &root.everyone,
        };
        for at in alike {
            let Some(held) = self.lists.get_mut(*at) else {
                continue;
            };
            if held.points() == list.points() {
                if list.this_update() < held.this_update() || goes_back(&list, held) {
                    return Err(RevocationError::Older);
                }
                *held = list;
                return Ok(());
            }
        }
        let at = self.lists.len();
        if list.points().is_empty() {
            root.everyone.push(at);
        }
        for name in list.points() {
            root.points.entry(name.clone()).or_default().push(at);
        }
        self.lists.push(list);
        Ok(())
    }

    /// How many lists there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lists.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The lists, in the order in which their scopes came.
    pub fn iter(&self) -> impl Iterator<Item = &CrlIndex> {
        self.lists.iter()
    }
}

/// As long as a certificate names few points and a point has few lists, the
/// number of all lists doesn't matter.
impl RevocationSource for CrlSource {
    fn ask(&self, query: &RevocationQuery<'_>, now: Timestamp) -> RevocationAnswer {
        let nothing = RevocationAnswer::Unknown(NoAnswer::NotCovered);
        let Some(root) = self.roots.get(query.root_sha256()) else {
            return nothing;
        };
        let named = query
            .distribution_points()
            .filter_map(|name| root.points.get(name));
        named
            .chain([&root.everyone])
            .flatten()
            .filter_map(|at| self.lists.get(*at))
            .map(|list| list.ask(query, now))
            .fold(nothing, RevocationAnswer::and)
    }
}

/// Whether the number of `new` is lower than that of `held`. RFC 5280 §5.2.3:
/// it never goes down. Leading zeros are cut, so the longer one is the greater.
fn goes_back(new: &CrlIndex, held: &CrlIndex) -> bool {
    fn key(number: &[u8]) -> (usize, &[u8]) {
        (number.len(), number)
    }
    matches!((new.number(), held.number()), (Some(new), Some(held)) if key(new) < key(held))
}

/// Shows no name of a municipality.
impl fmt::Debug for CrlSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CrlSource").field(&self.lists).finish()
    }
}
