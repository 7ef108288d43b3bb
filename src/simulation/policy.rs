//! What accepts the simulation, and nothing real. Here rather than beside the
//! types, since nothing below may know the simulation.

use super::{Generation, VirtualPki};
use crate::checkin::Policy;
use crate::trust::{Root, Roots, TerminalId};
use crate::{Realm, Realms};

impl Roots {
    /// The three generations of the simulated root, realm
    /// [`Simulation`](Realm::Simulation).
    #[must_use]
    pub fn simulation() -> Self {
        let pki = VirtualPki::new();
        Generation::ALL
            .into_iter()
            .filter_map(|generation| Root::new(pki.root(generation), Realm::Simulation).ok())
            .fold(Self::empty(), Self::with)
    }
}

impl Policy {
    /// The simulation's roots and parts, and nothing real.
    #[must_use]
    pub fn simulation(terminal: TerminalId) -> Self {
        Self::of(Realms::simulation(), Roots::simulation(), terminal)
    }
}
