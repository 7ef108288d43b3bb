//! The camera of the browser.

use std::sync::Arc;

use jiff::SignedDuration;
use uketsuke::Realm;
use uketsuke::face::{FaceCapture, FaceError, LiveImage};
use uketsuke::simulation::SimulatedCamera;

use super::Tray;
use crate::board::{Board, Looked};
use crate::clock::Clock;

/// How long a picture is waited for.
const PATIENCE: SignedDuration = SignedDuration::from_secs(50);

/// Waits for a picture from the page.
///
/// **Simulated**, unless a model looks at it: then the picture is wiped as soon as it came, nobody looks at it, and no
/// face is recognised. It stands for the moment at which a person looks into a camera. What goes to the matcher is the
/// simulated camera's frame of this persona.
#[derive(Debug)]
pub struct BrowserCamera {
    /// Where the page's pictures arrive.
    pub board: Arc<Board>,
    /// Whose card it is.
    pub tray: Arc<Tray>,
    /// The time.
    pub clock: Arc<Clock>,
    /// The picture goes to the matcher.
    pub looked_at: bool,
}

impl FaceCapture for BrowserCamera {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn capture(&mut self) -> Result<LiveImage, FaceError> {
        let now = self.clock.now();
        let until = now.saturating_add(PATIENCE).unwrap_or(now);
        let tray = Arc::clone(&self.tray);
        match self.board.look(until, || tray.card().is_some()) {
            Looked::Picture(picture) if self.looked_at => {
                return Ok(LiveImage::of_picture(self.realm(), picture));
            }
            Looked::Picture(picture) => drop(picture),
            Looked::Cancelled => return Err(FaceError::Cancelled),
            Looked::Nothing => return Err(FaceError::Camera),
        }
        let person = self.tray.person().ok_or(FaceError::Camera)?;
        SimulatedCamera::of(person).capture()
    }
}
