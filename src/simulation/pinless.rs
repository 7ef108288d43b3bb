use super::SIMULATED_PINLESS_COMMAND;
use crate::Realm;
use crate::checkin::{PinlessAuthorization, PinlessError, PinlessRight, RawCard};

/// A stand-in for the vendor's PIN-less step, which isn't public.
///
/// It sends one command that only the virtual card knows; a real card refuses
/// it. It says nothing about how certified readers do it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SimulatedPinless;

impl PinlessAuthorization for SimulatedPinless {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn authorize(
        &mut self,
        card: &mut dyn RawCard,
        _right: PinlessRight<'_>,
    ) -> Result<(), PinlessError> {
        let response = card.transmit(SIMULATED_PINLESS_COMMAND)?;
        if response.as_slice() == [0x90, 0x00] {
            Ok(())
        } else {
            Err(PinlessError::Refused)
        }
    }
}
