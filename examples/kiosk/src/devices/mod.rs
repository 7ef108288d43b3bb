//! The devices of the kiosk. All are simulated but for a reader named on the command line, and say so by their realm.

mod camera;
mod centre;
mod left;
mod tray;

pub use camera::BrowserCamera;
pub use centre::Line;
pub use left::LeftBehind;
pub use tray::{Occupied, PrintedNumber, Tray, TrayReader};
