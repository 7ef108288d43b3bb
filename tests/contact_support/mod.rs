//! A link to a virtual card that the test can look at, too.

use std::cell::RefCell;
use std::rc::Rc;

use uketsuke::simulation::VirtualCard;
use uketsuke::transport::{ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError};
use zeroize::Zeroizing;

/// As PC/SC: what is taken isn't known, and nothing is in the way.
#[derive(Clone)]
pub struct Contact(pub Rc<RefCell<VirtualCard>>);

impl Contact {
    pub fn with(card: VirtualCard) -> Self {
        Self(Rc::new(RefCell::new(card)))
    }
}

impl Transport for Contact {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        Ok(Zeroizing::new(
            self.0.borrow_mut().transmit(command.bytes()),
        ))
    }

    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::Unknown,
            max_response: 65_538,
        }
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        match how {
            Reset::Warm => self.0.borrow_mut().reset(),
            Reset::PowerOff => self.0.borrow_mut().power_off(),
        }
        Ok(())
    }
}
