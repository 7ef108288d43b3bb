//! The thread that runs the visits, one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use uketsuke::checkin::{FaceParts, Policy, Reception, Timeouts};
use uketsuke::face::PresentationAttackDetector;
use uketsuke::simulation::{SimulatedDetector, SimulatedDevice, SimulatedPinless, SimulatedStaff};
use uketsuke::transport::AnyReader;
use uketsuke::trust::{TerminalId, TerminalIdError};

use crate::board::Board;
use crate::clock::Clock;
use crate::desk::WebDesk;
use crate::devices::{BrowserCamera, LeftBehind, Line, PrintedNumber, Tray, TrayReader};
use crate::matching::{Matching, StaffStandsBy};
use crate::settings::Shared;

/// How long the desk view keeps a visit that is over, if no other begins.
const KEPT: Duration = Duration::from_secs(600);

/// What the visits run with.
#[derive(Debug)]
pub struct Visits {
    /// Where they show.
    pub board: Arc<Board>,
    /// The time.
    pub clock: Arc<Clock>,
    /// The cards.
    pub tray: Arc<Tray>,
    /// The phones.
    pub phones: Arc<Tray>,
    /// The desk's settings.
    pub settings: Arc<Shared>,
    /// One for all visits: it counts the attempts of each card's face.
    pub policy: Policy,
    /// A real reader has no camera over it that knows whose card it is.
    pub real: bool,
}

impl Visits {
    /// Runs visits until the board stops. A visit that panics says so on the board, and the next one starts anew.
    pub fn run(&self, reader: AnyReader, mut matching: Matching) {
        let mut reader = LeftBehind::new(reader);
        let phones = TrayReader::for_phones(Arc::clone(&self.phones), Arc::clone(&self.settings));
        // Of the same type as the card's. Nothing is left behind on it: a reception takes no phone that was there before.
        let mut phones = LeftBehind::new(AnyReader::new(phones));
        let mut centre = Line::new(Arc::clone(&self.settings), Arc::clone(&self.tray));
        while self.board.wait_for_visit(KEPT) {
            self.clock.set();
            self.tray.visit_begins();
            centre.visit_begins();
            let visit = AssertUnwindSafe(|| {
                self.visit(&mut reader, &mut phones, &mut centre, &mut matching);
            });
            let broken = catch_unwind(visit).is_err();
            self.tray.mend();
            self.phones.mend();
            let left = AssertUnwindSafe(|| reader.visit_ended());
            let broken = catch_unwind(left).is_err() || broken;
            self.board.ended(broken);
        }
    }

    fn visit(
        &self,
        reader: &mut LeftBehind<AnyReader>,
        phones: &mut LeftBehind<AnyReader>,
        centre: &mut Line,
        matching: &mut Matching,
    ) {
        let settings = self.settings.get();
        let mut camera = BrowserCamera {
            board: Arc::clone(&self.board),
            tray: Arc::clone(&self.tray),
            clock: Arc::clone(&self.clock),
            looked_at: matching.name.is_some(),
        };
        let mut reference = PrintedNumber(Arc::clone(&self.tray));
        let (mut simulated, mut staff_stands_by) = (SimulatedDetector::new(), StaffStandsBy);
        let detector: &mut dyn PresentationAttackDetector = match matching.name {
            Some(_) => &mut staff_stands_by,
            None => &mut simulated,
        };
        let (mut pinless, mut staff, mut device) =
            (SimulatedPinless, SimulatedStaff, SimulatedDevice);
        let mut reception =
            Reception::new(self.policy.clone(), reader, centre).with_pinless(&mut pinless);
        if settings.face && !self.real {
            reception = reception.with_face(FaceParts {
                camera: &mut camera,
                engine: &mut *matching.engine,
                detector,
                reference: &mut reference,
                quality: None,
            });
        }
        if settings.staff {
            reception = reception.with_staff(&mut staff);
        }
        if settings.phones && !self.real {
            reception = reception.with_phone_reader(phones).with_device(&mut device);
        }
        // The outcome went to the board when it was decided.
        reception.run(&mut WebDesk {
            board: Arc::clone(&self.board),
            clock: Arc::clone(&self.clock),
            settings: Arc::clone(&self.settings),
        });
    }
}

/// The simulation alone. A real card is read up to its certificate, which shows that it is real; the visit then ends by
/// saying that this desk can't use it, before any PIN is asked for.
///
/// # Errors
/// Never: the terminal's name is one.
pub fn policy(timeouts: Timeouts, matching: &Matching) -> Result<Policy, TerminalIdError> {
    Ok(Policy::simulation(TerminalId::new("kiosk-example")?)
        .with_timeouts(timeouts)
        .with_match_policy(matching.policy.clone()))
}
