use crate::Realm;
use crate::checkin::{Choice, Passcode, StaffId, StaffPasscodeSource};

/// The passcodes of a simulated clinic: one member of staff, `staff-1`, and one passcode that anybody can read here.
///
/// ```
/// use uketsuke::checkin::{StaffId, StaffPasscodeSource};
/// use uketsuke::simulation::SimulatedStaff;
///
/// assert!(SimulatedStaff.passcode(&StaffId::new("staff-1")?).is_some());
/// assert!(SimulatedStaff.passcode(&StaffId::new("visitor")?).is_none());
/// # Ok::<(), uketsuke::checkin::StaffIdError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SimulatedStaff;

const ID: &str = "staff-1";
const PASSCODE: &str = "simulated-passcode";

impl SimulatedStaff {
    /// What the member of staff enters.
    pub(super) fn confirms(right: bool) -> Choice {
        let typed = if right { PASSCODE } else { "something else" };
        match (StaffId::new(ID), Passcode::new(typed)) {
            (Ok(staff), Ok(passcode)) => Choice::StaffConfirms { staff, passcode },
            _ => Choice::Cancel,
        }
    }
}

impl StaffPasscodeSource for SimulatedStaff {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn passcode(&mut self, staff: &StaffId) -> Option<Passcode> {
        (staff.as_str() == ID)
            .then(|| Passcode::new(PASSCODE).ok())
            .flatten()
    }
}
