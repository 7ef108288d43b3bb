use jiff::Timestamp;

use super::{
    CrlIndex, NoAnswer, RevocationAnswer, RevocationError, RevocationQuery, RevocationSource,
};

/// Several lists: of all generations of the root, and of all municipalities.
///
/// A certificate's answer is taken from the lists that are about it: revoked if
/// one says so; good if one is in force and none says otherwise; unknown else.
///
/// ```
/// use uketsuke::Realm;
/// use uketsuke::simulation::{CrlSpec, Generation, VirtualPki};
/// use uketsuke::trust::{CrlIndex, CrlSource, Root};
///
/// let pki = VirtualPki::new();
/// let now = "2026-11-24T00:00:00Z".parse()?;
/// let mut source = CrlSource::new();
/// for generation in [Generation::Second, Generation::Third] {
///     let root = Root::new(pki.root(generation), Realm::Simulation)?;
///     let list = pki.crl(&CrlSpec::new(generation, now));
///     source.add(CrlIndex::build(&list, &root, now)?)?;
/// }
/// assert_eq!(source.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct CrlSource {
    /// In the order of their scopes; one a scope.
    lists: Vec<CrlIndex>,
}

impl CrlSource {
    /// Without any list: every answer is unknown.
    #[must_use]
    pub const fn new() -> Self {
        Self { lists: Vec::new() }
    }

    /// Adds a list. One for the same root and distribution point gives way to it.
    ///
    /// # Errors
    ///
    /// [`RevocationError::Older`] if the one that is there is newer, by its time
    /// or by its number; it stays.
    pub fn add(&mut self, list: CrlIndex) -> Result<(), RevocationError> {
        let place = self
            .lists
            .binary_search_by(|held| held.scope().cmp(&list.scope()));
        match place {
            Ok(at) => {
                let held = self.lists.get_mut(at).ok_or(RevocationError::Older)?;
                if list.this_update() < held.this_update() || goes_back(&list, held) {
                    return Err(RevocationError::Older);
                }
                *held = list;
            }
            Err(at) => self.lists.insert(at, list),
        }
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

    /// The lists.
    pub fn iter(&self) -> impl Iterator<Item = &CrlIndex> {
        self.lists.iter()
    }
}

impl RevocationSource for CrlSource {
    fn ask(&self, query: &RevocationQuery<'_>, now: Timestamp) -> RevocationAnswer {
        let mut said = RevocationAnswer::Unknown(NoAnswer::NotCovered);
        // All of them: a list may have several names, and each certificate may name another.
        for list in self.lists.iter().filter(|list| list.covers(query)) {
            match list.ask(query, now) {
                revoked @ RevocationAnswer::Revoked(_) => return revoked,
                RevocationAnswer::Good => said = RevocationAnswer::Good,
                RevocationAnswer::Unknown(why) if said != RevocationAnswer::Good => {
                    said = RevocationAnswer::Unknown(why);
                }
                RevocationAnswer::Unknown(_) => (),
            }
        }
        said
    }
}

/// Whether the number of `new` is lower than that of `held`. RFC 5280 §5.2.3:
/// it never goes down. Leading zeros are cut, so the longer one is the greater.
fn goes_back(new: &CrlIndex, held: &CrlIndex) -> bool {
    let key = |list: &CrlIndex| list.number().map(|number| (number.len(), number.to_vec()));
    matches!((key(new), key(held)), (Some(new), Some(held)) if new < held)
}
