//! The line to the simulated centre, which the desk view can cut.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uketsuke::Realm;
use uketsuke::eligibility::{
    Capabilities, EligibilityService, PollResult, Request, ServiceError, Ticket,
};
use uketsuke::simulation::{Centre, CentreFault, Mishap};

use super::Tray;
use crate::settings::{CentreIs, NetworkIs, Shared};

/// How long a slow centre takes for each answer.
const SLOW: SignedDuration = SignedDuration::from_secs(6);

/// The simulated centre, behind the settings of the desk view and the mishaps of the persona whose card lies there.
///
/// Each visit has a centre of its own: what it was told is forgotten, like the tries of a card that is placed again, so
/// every case of the tray can be played twice.
#[derive(Debug)]
pub struct Line {
    settings: Arc<Shared>,
    tray: Arc<Tray>,
    centre: Centre,
    ready: HashMap<Ticket, Timestamp>,
}

impl Line {
    /// One that has heard nothing yet.
    #[must_use]
    pub fn new(settings: Arc<Shared>, tray: Arc<Tray>) -> Self {
        Self {
            settings,
            tray,
            centre: new_centre(),
            ready: HashMap::new(),
        }
    }

    /// A new visit: its centre has heard nothing yet.
    pub fn visit_begins(&mut self) {
        self.centre = new_centre();
        self.ready.clear();
    }

    fn update(&mut self) {
        let settings = self.settings.get();
        let mishap = self.tray.person().and_then(|person| person.mishap);
        self.centre.set_fault(match (settings, mishap) {
            (_, Some(Mishap::NotEquipped)) => Some(CentreFault::NotEquipped),
            (s, m) if s.network == NetworkIs::Down || m == Some(Mishap::NetworkDown) => {
                Some(CentreFault::NetworkDown)
            }
            (s, m) if s.centre == CentreIs::Down || m == Some(Mishap::CentreDown) => {
                Some(CentreFault::CentreDown)
            }
            _ => None,
        });
    }
}

/// Takes every question; which are asked is up to the settings.
fn new_centre() -> Centre {
    Centre::new().with_prescription().with_subsidies()
}

impl EligibilityService for Line {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn capabilities(&self) -> Capabilities {
        let settings = self.settings.get();
        Capabilities {
            registration: settings.registration,
            prescription: settings.prescription,
            subsidies: settings.subsidies,
            ..self.centre.capabilities()
        }
    }

    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        self.update();
        let ticket = self.centre.submit(request, now)?;
        if self.settings.get().centre == CentreIs::Slow {
            let ready = now.saturating_add(SLOW).unwrap_or(now);
            self.ready.insert(ticket, ready);
        }
        Ok(ticket)
    }

    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        self.update();
        match self.ready.get(&ticket) {
            Some(ready) if now < *ready => {
                return Ok(PollResult::Pending { not_before: *ready });
            }
            _ => self.ready.remove(&ticket),
        };
        self.centre.poll(ticket, now)
    }

    fn cancel(&mut self, ticket: Ticket) {
        self.ready.remove(&ticket);
        self.centre.cancel(ticket);
    }
}
