//! The command line.

use uketsuke::card::AuthPin;
use uketsuke::checkin::Method;
use uketsuke::eligibility::Lang;

pub const USAGE: &str = "\
check_in: a whole check-in with the My Number card, in a terminal

  check_in                     a virtual card, everything in order
  check_in --list              the virtual persons, one a line
  check_in --persona NAME      one of them
  check_in --list-scenarios    ready visits: what goes wrong, what people do
  check_in --scenario NAME     one of them
  check_in --reader [NAME]     the card in a PC/SC reader (build with --features
                               pcsc); only virtual cards are let in

  --method pin|face            how to be identified (default: pin)
  --pin DIGITS                 PIN of a virtual card (default: the right one)
  --last-try                   with --reader: use the last try of the PIN too
  --lang ja|en                 language of the screens (default: by LANG)
  --json                       only the outcome (or the list), as JSON

With --reader the PIN is asked for without echo, or read from standard input.
Exit status: 0 accepted, 1 refused, 2 broken (reader, network, centre), 64 usage;
3 if a scenario did not end as written down.";

/// What to do.
#[derive(Debug)]
pub struct Args {
    pub persona: String,
    pub scenario: Option<String>,
    /// `Some("")`: whichever reader there is.
    pub reader: Option<String>,
    pub method: Method,
    pub pin: Option<String>,
    pub last_try: bool,
    pub lang: Lang,
    pub json: bool,
    pub list: bool,
    pub list_scenarios: bool,
    pub help: bool,
}

impl Args {
    /// Reads the command line; the error says which word is wrong.
    pub fn parse(words: impl IntoIterator<Item = String>, locale: &str) -> Result<Self, String> {
        let mut args = Self {
            persona: "in-order".to_owned(),
            scenario: None,
            reader: None,
            method: Method::Pin,
            pin: None,
            last_try: false,
            lang: if locale.starts_with("ja") {
                Lang::Ja
            } else {
                Lang::En
            },
            json: false,
            list: false,
            list_scenarios: false,
            help: false,
        };
        let mut words = words.into_iter().peekable();
        let (mut persona_given, mut method_given) = (false, false);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--persona" => {
                    args.persona = value()?;
                    persona_given = true;
                }
                "--scenario" => args.scenario = Some(value()?),
                "--method" => {
                    method_given = true;
                    args.method = match value()?.as_str() {
                        "pin" => Method::Pin,
                        "face" => Method::Face,
                        other => return Err(format!("--method is pin or face, not {other:?}")),
                    };
                }
                // What was typed isn't repeated: it may be somebody's real PIN.
                "--pin" => {
                    let pin = value()?;
                    AuthPin::parse(&pin).map_err(|_| "--pin takes four digits".to_owned())?;
                    args.pin = Some(pin);
                }
                "--lang" => {
                    args.lang = match value()?.as_str() {
                        "ja" => Lang::Ja,
                        "en" => Lang::En,
                        other => return Err(format!("--lang is ja or en, not {other:?}")),
                    };
                }
                "--reader" => {
                    args.reader = Some(
                        words
                            .next_if(|next| !next.starts_with("--"))
                            .unwrap_or_default(),
                    )
                }
                "--last-try" => args.last_try = true,
                "--json" => args.json = true,
                "--list" => args.list = true,
                "--list-scenarios" => args.list_scenarios = true,
                "--help" | "-h" => args.help = true,
                other => return Err(format!("unknown option {other:?}")),
            }
        }
        if args.reader.is_some() && args.pin.is_some() {
            return Err(
                "--pin is for virtual cards; with --reader the PIN is asked for".to_owned(),
            );
        }
        if args.reader.is_some() && persona_given {
            return Err(
                "--persona is for virtual cards; with --reader the card in the reader counts"
                    .to_owned(),
            );
        }
        let more = persona_given || method_given || args.pin.is_some() || args.reader.is_some();
        if args.scenario.is_some() && more {
            return Err(
                "--scenario says by itself whose card it is and what the person does".to_owned(),
            );
        }
        if args.last_try && args.reader.is_none() {
            return Err("--last-try is for real readers".to_owned());
        }
        Ok(args)
    }
}
