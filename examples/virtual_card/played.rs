//! A card, a card of which a recording is made, or a recording.

use uketsuke::simulation::{Recorder, Replayed, SoftwareCard, VirtualCard};

pub enum Played {
    Card(Box<VirtualCard>),
    Recorded(Box<Recorder>),
    Replayed(Replayed),
}

impl Played {
    fn card(&self) -> &dyn SoftwareCard {
        match self {
            Self::Card(card) => card.as_ref(),
            Self::Recorded(card) => card.as_ref(),
            Self::Replayed(card) => card,
        }
    }

    fn card_mut(&mut self) -> &mut dyn SoftwareCard {
        match self {
            Self::Card(card) => card.as_mut(),
            Self::Recorded(card) => card.as_mut(),
            Self::Replayed(card) => card,
        }
    }
}

impl SoftwareCard for Played {
    fn atr(&self) -> Vec<u8> {
        self.card().atr()
    }

    fn power_on(&mut self) {
        self.card_mut().power_on();
    }

    fn power_off(&mut self) {
        self.card_mut().power_off();
    }

    fn reset(&mut self) {
        self.card_mut().reset();
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        self.card_mut().transmit(command)
    }

    fn transmissions(&self) -> u64 {
        self.card().transmissions()
    }
}
