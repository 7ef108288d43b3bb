//! The place where the virtual card is, and where it's counted.

use crate::Tally;
use std::cell::RefCell;
use std::rc::Rc;
use uketsuke::simulation::{CardOptions, Persona, VirtualCard};
use uketsuke::transport::{
    ExchangeSize, ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError,
};
use zeroize::Zeroizing;

/// Every certificate is made for this day, so that the counts are the same on every machine.
pub(crate) const TODAY: &str = "2026-11-23T03:00:00Z";

/// Whether the wire carries extended length fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extended {
    /// Reader and card are known to take them.
    Yes,
    /// The card does; that has to be found out, as with a PC/SC reader.
    Unknown,
    /// They are known not to.
    No,
}

/// The virtual card of one client. Clones are the same card.
#[derive(Clone, Debug)]
pub struct Wire {
    inside: Rc<RefCell<Inside>>,
    extended: Extended,
}

#[derive(Debug)]
struct Inside {
    card: VirtualCard,
    tally: Tally,
}

impl Wire {
    /// A fresh card, powered on, nothing counted.
    #[must_use]
    pub fn new(persona: &Persona, options: CardOptions, extended: Extended) -> Self {
        let today = TODAY.parse().unwrap_or_default();
        let mut card = VirtualCard::new(persona, options, today);
        card.power_on();
        let inside = Inside {
            card,
            tally: Tally::default(),
        };
        Self {
            inside: Rc::new(RefCell::new(inside)),
            extended,
        }
    }

    /// One command to the card, counted.
    #[must_use]
    pub fn exchange(&self, command: &[u8]) -> Vec<u8> {
        let mut inside = self.inside.borrow_mut();
        let response = inside.card.transmit(command);
        inside.tally.0.push(ExchangeSize::of(command, &response));
        response
    }

    /// What was counted so far. The card's own count is compared with it.
    ///
    /// # Panics
    ///
    /// If the card answered more or fewer commands than were counted.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let inside = self.inside.borrow();
        assert_eq!(
            u64::try_from(inside.tally.exchanges()),
            Ok(inside.card.transmissions())
        );
        inside.tally.clone()
    }

    /// A look at the card itself.
    #[must_use]
    pub fn with_card<R>(&self, look: impl FnOnce(&VirtualCard) -> R) -> R {
        look(&self.inside.borrow().card)
    }
}

impl Transport for Wire {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        Ok(Zeroizing::new(self.exchange(command.bytes())))
    }

    fn limits(&self) -> Limits {
        let (extended, max_response) = match self.extended {
            Extended::Yes => (ExtendedLength::Yes, 65_538),
            Extended::Unknown => (ExtendedLength::Unknown, 65_538),
            Extended::No => (ExtendedLength::No, 258),
        };
        Limits {
            extended,
            max_response,
        }
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        let mut inside = self.inside.borrow_mut();
        match how {
            Reset::Warm => inside.card.reset(),
            Reset::PowerOff => {
                inside.card.power_off();
                inside.card.power_on();
            }
        }
        Ok(())
    }
}
