use std::fmt;

/// The world that a part belongs to.
///
/// Roots, matchers, detectors, services, PIN-less providers and passcode
/// sources each state theirs, and the tokens they lead to carry it on. It comes
/// from the pinned key or from the part itself, never from a name in a
/// certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Realm {
    /// Real cards, real people, the real centre.
    Production,
    /// The public JPKI test hierarchy (`O=JPKI-TEST`) and what goes with it.
    /// Its X.509 root isn't embedded: the caller adds it with
    /// [`Root::new`](crate::trust::Root::new). The keys for the card face and the
    /// input support are: [`CvRoots::jpki_test`](crate::trust::CvRoots::jpki_test).
    JpkiTest,
    /// The `simulation` module of this crate, or any other stand-in. Its keys
    /// are public, so whatever it proves, it proves in this realm only.
    Simulation,
}

/// In lower-case words, for logs and messages.
///
/// ```
/// assert_eq!(uketsuke::Realm::JpkiTest.to_string(), "jpki test");
/// ```
impl fmt::Display for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Production => "production",
            Self::JpkiTest => "jpki test",
            Self::Simulation => "simulation",
        })
    }
}

/// The realm that a policy accepts.
///
/// A proof of another realm is refused wherever it comes in, so a simulated
/// card is never checked in at a real desk, nor a real card at a simulated one.
///
/// ```
/// use uketsuke::{Realm, Realms};
///
/// assert!(Realms::production().contains(Realm::Production));
/// assert!(!Realms::production().contains(Realm::Simulation));
/// assert!(Realms::simulation().contains(Realm::Simulation));
/// assert!(!Realms::simulation().contains(Realm::Production));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Realms(Realm);

impl Realms {
    /// Only [`Realm::Production`].
    #[must_use]
    pub const fn production() -> Self {
        Self(Realm::Production)
    }

    /// Only [`Realm::JpkiTest`].
    #[must_use]
    pub const fn jpki_test() -> Self {
        Self(Realm::JpkiTest)
    }

    /// Only [`Realm::Simulation`].
    #[must_use]
    pub const fn simulation() -> Self {
        Self(Realm::Simulation)
    }

    /// Whether a part of `realm` may take part. One policy accepts one realm:
    /// a mixture of worlds is never right.
    #[must_use]
    pub fn contains(self, realm: Realm) -> bool {
        self.0 == realm
    }

    pub(crate) const fn realm(self) -> Realm {
        self.0
    }
}
