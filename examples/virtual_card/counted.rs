//! A card that counts what is said to it, and answers as slowly as a real one might.

use std::thread;
use uketsuke::eligibility::Lang;
use uketsuke::simulation::SoftwareCard;
use uketsuke::transport::{BitRate, ExchangeSize, LinkModel, Tally};

pub struct Counted<C> {
    pub card: C,
    latency: Option<LinkModel>,
    tallies: [(BitRate, Tally); 3],
}

impl<C: SoftwareCard> Counted<C> {
    pub fn new(card: C, latency: Option<BitRate>) -> Self {
        Self {
            card,
            latency: latency.map(LinkModel::at),
            tallies: BitRate::ALL.map(|rate| (rate, Tally::default())),
        }
    }

    /// What was said so far, and how long a card would have been held for it.
    pub fn report(&self, lang: Lang) -> String {
        let (_, tally) = &self.tallies[0];
        let (exchanges, up, down) = (tally.exchanges, tally.up, tally.down);
        let signatures = tally.signatures;
        let times = self.tallies.map(|(rate, tally)| {
            let (rate, time) = (rate.kbit_per_second(), tally.hold_time.as_millis());
            format!("{rate} kbit/s {time} ms")
        });
        let times = times.join(", ");
        match lang {
            Lang::Ja => format!(
                "やりとり {exchanges} 回、送信 {up} バイト、受信 {down} バイト、署名 {signatures} 回。計算上の所要時間: {times}"
            ),
            Lang::En => format!(
                "{exchanges} exchanges, {up} bytes up, {down} bytes down, {signatures} signatures. Predicted: {times}"
            ),
        }
    }
}

impl<C: SoftwareCard> SoftwareCard for Counted<C> {
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
        let answer = self.card.transmit(command);
        let size = ExchangeSize::of(command, &answer);
        for (rate, tally) in &mut self.tallies {
            tally.add(&LinkModel::at(*rate), size);
        }
        if let Some(model) = &self.latency {
            thread::sleep(model.exchange_time(size));
        }
        answer
    }

    fn transmissions(&self) -> u64 {
        self.card.transmissions()
    }
}
