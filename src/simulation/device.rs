use super::SIMULATED_DEVICE_COMMAND;
use crate::checkin::{DeviceError, DeviceVerification, RawCard};
use crate::{Binding, Realm};

/// A stand-in for what a vendor's reader and an iPhone say to each other, which
/// isn't public.
///
/// It sends one command that only a virtual iPhone knows; a real one refuses it. It
/// says nothing about how certified readers do it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SimulatedDevice;

impl DeviceVerification for SimulatedDevice {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn verify(&mut self, phone: &mut dyn RawCard, _binding: Binding) -> Result<(), DeviceError> {
        let response = phone.transmit(SIMULATED_DEVICE_COMMAND)?;
        if response.as_slice() == [0x90, 0x00] {
            Ok(())
        } else {
            Err(DeviceError::Refused)
        }
    }
}
