//! How a scenario ended, beside how it must end.

use serde_json::{Value, json};
use uketsuke::checkin::Outcome;
use uketsuke::eligibility::Lang;
use uketsuke::simulation::{Expected, Scenario, VirtualCard};

use crate::show::{after_json, end, say};

/// The end, the tries left, and how many secrets reached the card.
type End = (Expected, [u8; 3], u64);

pub struct Ending {
    scenario: &'static Scenario,
    found: End,
}

impl Ending {
    pub fn of(scenario: &'static Scenario, outcome: &Outcome, card: Option<&VirtualCard>) -> Self {
        let ended = match outcome.failure() {
            None => Expected::Accepted,
            Some(failure) => Expected::Refused(failure),
        };
        let tries = card.map_or([0; 3], VirtualCard::tries_left);
        let presented = card.map_or(0, VirtualCard::presented);
        Self {
            scenario,
            found: (ended, tries, presented),
        }
    }

    fn written(&self) -> End {
        let Scenario {
            ends,
            tries_left,
            presented,
            ..
        } = self.scenario;
        (*ends, (*tries_left).into(), *presented)
    }

    pub fn is_as_written(&self) -> bool {
        self.found == self.written()
    }

    pub fn to_json(&self) -> Value {
        json!({
            "name": self.scenario.name,
            "ends": end(self.found.0),
            "card": after_json(self.found.1, self.found.2),
            "as_written": self.is_as_written(),
        })
    }

    pub fn print(&self, lang: Lang) {
        let (_, [pin, password, number], presented) = self.found;
        say(&match lang {
            Lang::Ja => format!(
                "    カードの残り回数: 暗証番号 {pin}、署名用 {password}、照合番号B {number}（照合 {presented} 回）"
            ),
            Lang::En => format!(
                "    left on the card: PIN {pin}, sign password {password}, 照合番号B {number} ({presented} presented)"
            ),
        });
        let (ended, must) = (end(self.found.0), end(self.written().0));
        say(&match (lang, self.is_as_written()) {
            (Lang::Ja, true) => format!("    シナリオのとおりに終わりました: {ended}"),
            (Lang::En, true) => format!("    ended as the scenario says: {ended}"),
            (Lang::Ja, false) => {
                format!("    シナリオと違う終わり方です: {ended}（シナリオでは {must}）")
            }
            (Lang::En, false) => {
                format!("    ended otherwise than the scenario says: {ended}, not {must}")
            }
        });
    }
}
