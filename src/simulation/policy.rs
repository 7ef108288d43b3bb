//! What accepts the simulation, and nothing real. Here rather than beside the
//! types, since nothing below may know the simulation.

use super::{Generation, VirtualPki};
use crate::card::SignedApplication;
use crate::checkin::Policy;
use crate::face::MatchPolicy;
use crate::trust::{CertificateUse, CvRoot, CvRoots, Root, Roots, TerminalId};
use crate::{Realm, Realms};

impl Roots {
    /// The three generations of the simulated root, realm
    /// [`Simulation`](Realm::Simulation), with the policy of simulated phones.
    #[must_use]
    pub fn simulation() -> Self {
        let pki = VirtualPki::new();
        let cards = Generation::ALL
            .into_iter()
            .filter_map(|generation| Root::new(pki.root(generation), Realm::Simulation).ok())
            .fold(Self::empty(), Self::with);
        cards.and_phones(
            CertificateUse::Authentication,
            VirtualPki::PHONE_AUTHENTICATION_POLICY,
        )
    }

    /// The three generations of the simulated root for signatures, same realm.
    #[must_use]
    pub fn simulation_signing() -> Self {
        let pki = VirtualPki::new();
        Generation::ALL
            .into_iter()
            .filter_map(|generation| {
                Root::new(pki.signing_root(generation), Realm::Simulation).ok()
            })
            .fold(Self::empty(), Self::with)
            .and_phones(CertificateUse::Signing, VirtualPki::PHONE_SIGNING_POLICY)
    }

    fn and_phones(self, usage: CertificateUse, policy: &str) -> Self {
        let cards = self.clone();
        // An identifier that is none would leave the cards alone.
        self.with_policy(usage, Realm::Simulation, policy)
            .unwrap_or(cards)
    }
}

impl CvRoots {
    /// The simulated keys above those of the municipalities and of the card itself, realm
    /// [`Simulation`](Realm::Simulation).
    #[must_use]
    pub fn simulation() -> Self {
        let pki = VirtualPki::new();
        [
            (SignedApplication::CardFace, pki.card_face_issuer_key()),
            (
                SignedApplication::InputSupport,
                pki.input_support_issuer_key(),
            ),
            (SignedApplication::CardLevel, pki.master_issuer_key()),
        ]
        .into_iter()
        .filter_map(|(application, (id, modulus))| {
            CvRoot::new(application, id, &modulus, Realm::Simulation).ok()
        })
        .fold(Self::empty(), Self::with)
    }
}

impl Policy {
    /// The simulation's roots and parts, and nothing real; faces are judged by
    /// [`MatchPolicy::simulation`].
    #[must_use]
    pub fn simulation(terminal: TerminalId) -> Self {
        Self::of(Realms::simulation(), Roots::simulation(), terminal)
            .with_card_face_roots(CvRoots::simulation())
            .with_match_policy(MatchPolicy::simulation())
    }
}
