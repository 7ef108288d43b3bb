//! A card to which things happen, for readers that aren't in this process.

use super::Trouble;
use crate::simulation::reader::Plan;
use crate::simulation::{Fault, SoftwareCard, Tamper};
use zeroize::Zeroizing;

/// A card with a scenario's troubles, for [`Vpcd`](crate::simulation::Vpcd): as much of them as a card by itself can show.
///
/// A card that is pulled answers nothing any more, and that is also all that a broken reader, a lost answer or one that
/// comes too late look like from here. Where another program resets the card it forgets what was selected and unlocked,
/// and nobody is told. [`Fault::Mute`] and [`Fault::Held`] can't be shown. Exchanges are counted from the beginning.
#[derive(Debug)]
pub struct TroubledCard<C> {
    card: C,
    plan: Plan,
    exchanges: u64,
    gone: bool,
}

impl<C: SoftwareCard> TroubledCard<C> {
    /// The card and what happens to it.
    #[must_use]
    pub fn new(card: C, troubles: &[Trouble]) -> Self {
        let mut plan = Plan::default();
        for trouble in troubles {
            match *trouble {
                Trouble::Standing(fault) => plan.add(fault),
                Trouble::At(moment, nth, fault) => plan.add_at(moment, nth, fault),
            }
        }
        Self {
            card,
            plan,
            exchanges: 0,
            gone: false,
        }
    }

    /// The card itself.
    #[must_use]
    pub const fn card(&self) -> &C {
        &self.card
    }

    /// Gives the card back.
    #[must_use]
    pub fn into_inner(self) -> C {
        self.card
    }

    /// Whether a trouble took it away.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        self.gone
    }

    fn leaves(&mut self) -> Vec<u8> {
        self.gone = true;
        self.card.power_off();
        Vec::new()
    }

    fn answers(&mut self, command: &[u8], tamper: Tamper) -> Vec<u8> {
        let mut answer = match tamper.instead() {
            Some(instead) => instead,
            None => Zeroizing::new(self.card.transmit(command)),
        };
        tamper.change(&mut answer);
        match answer.len() {
            0 | 1 => self.leaves(),
            _ => std::mem::take(&mut *answer),
        }
    }
}

impl<C: SoftwareCard> SoftwareCard for TroubledCard<C> {
    fn atr(&self) -> Vec<u8> {
        self.card.atr()
    }

    fn power_on(&mut self) {
        self.card.power_on();
    }

    fn power_off(&mut self) {
        self.card.power_off();
    }

    fn reset(&mut self) {
        self.card.reset();
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        if self.gone {
            return Vec::new();
        }
        self.exchanges = self.exchanges.saturating_add(1);
        match self.plan.take(command, self.exchanges) {
            Some(Fault::RemovedBefore(_) | Fault::ReaderGone(_)) => self.leaves(),
            Some(
                Fault::RemovedAfter(_)
                | Fault::AnswerCut(_)
                | Fault::TimedOut(_)
                | Fault::CardResetAfter(_),
            ) => {
                let _lost = Zeroizing::new(self.card.transmit(command));
                self.leaves()
            }
            Some(Fault::CardResetBefore(_)) => {
                self.card.power_off();
                self.card.power_on();
                self.card.transmit(command)
            }
            Some(Fault::Answer(_, tamper) | Fault::AnswersFrom(_, tamper)) => {
                self.answers(command, tamper)
            }
            Some(Fault::Mute | Fault::Held) | None => self.card.transmit(command),
        }
    }

    fn transmissions(&self) -> u64 {
        self.card.transmissions()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::Scenario;

    const SELECT: [u8; 15] = [
        0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01,
    ];
    const COUNT: [u8; 4] = [0x00, 0x20, 0x00, 0x98];
    const WRONG: [u8; 9] = *b"\x00\x20\x00\x98\x040000";

    fn said(name: &str) -> ([Vec<u8>; 4], [u8; 3], u64) {
        let scenario = Scenario::named(name).unwrap();
        let now = "2026-11-24T00:00:00Z".parse().unwrap();
        let mut card = TroubledCard::new(scenario.card(now), &scenario.troubles);
        let answers = [
            SELECT.to_vec(),
            COUNT.to_vec(),
            WRONG.to_vec(),
            COUNT.to_vec(),
        ];
        let answers = answers.map(|command| card.transmit(&command));
        (answers, card.card().tries_left(), card.card().presented())
    }

    #[test]
    fn a_pulled_card_says_nothing_more() {
        let (answers, left, presented) = said("pulled-before-verify");
        assert_eq!(answers, [vec![0x90, 0], vec![0x63, 0xC3], vec![], vec![]]);
        assert_eq!((left[0], presented), (3, 0));
        let (answers, left, presented) = said("pulled-after-verify");
        assert_eq!(answers, [vec![0x90, 0], vec![0x63, 0xC3], vec![], vec![]]);
        assert_eq!((left[0], presented), (2, 1));
    }

    #[test]
    fn a_reset_card_has_forgotten() {
        let (answers, left, presented) = said("reset-before-verify");
        assert_eq!(answers[..2], [vec![0x90, 0], vec![0x63, 0xC3]]);
        assert_ne!(answers[2], [0x63, 0xC2]);
        assert_eq!((left[0], presented), (3, 0));
    }

    #[test]
    fn an_answer_is_changed() {
        let (answers, ..) = said("locked-6983");
        assert_eq!(answers[1], [0x69, 0x83]);
    }
}
