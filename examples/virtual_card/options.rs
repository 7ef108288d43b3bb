//! The command line.

use std::env;
use std::path::PathBuf;
use uketsuke::eligibility::Lang;
use uketsuke::simulation::{CardBody, CardOptions, Mishap, Persona, Scenario, Trouble, Vpcd};
use uketsuke::transport::BitRate;

use crate::line;

const HELP: &str = "\
virtual_card: a virtual My Number card in the virtual reader of PC/SC (vpcd)

  virtual_card [OPTIONS]     until the reader closes; pcscd with vpcd may start later

Whose card:
  --persona NAME     one of the virtual persons, or a phone of theirs
                     (default in-order; --list shows all)
  --scenario NAME    the card of a ready visit, and what goes wrong with it
                     (--list-scenarios shows all)
  --body BODY        put BODY on the reader: my-number, resident (住民基本台帳カード),
                     android, iphone, other
  --state FILE       keep counters and changed PINs in FILE across runs

Its secrets:
  --auth-pin PIN     authentication PIN, 4 digits (default 1234)
  --sign-pin PIN     sign password, 6 to 16 of A-Z and 0-9, both (default ABC123)
  --input-pin PIN    PIN of the input support application, 4 digits (default 5678)

Where cards differ:
  --extended WHICH   extended length: both (default), short-id, plain or none
  --most-per-answer N  bytes that one answer brings of a file at most
  --blocked-status SW  6984 (default) or 6983
  --filler N         bytes after each certificate, up to 255 (default 26)
  --prefix N         bytes before the four attributes, up to 255 (default 0)
  --first-fails      the first command is answered with 6F00

On the way:
  --pull-after N     the card is taken away when it has answered N commands
  --pull-in N        it is taken away while it works on command N
  --latency RATE     answer as slowly as the link model says of 106, 212 or 424
                     kbit/s, a signature 0.4 s
  --count            when the reader closes or the card is taken away (not on
                     Ctrl+C), say how much was said
  --record FILE      then, too, write what the card answered to FILE, in the
                     format of OpenSC's fuzzers
  --replay FILE      no card: answer what FILE says, whatever is asked

  --lang ja|en       language of reports, not of errors (default: by LANG)
  --list, --list-scenarios   what there is, one a line
  --help             this text

Environment: VPCD_HOST (default 127.0.0.1) and VPCD_PORT (default 35963) say where vpcd listens.
Exit status: 0 done, 1 vpcd or the state file failed, 64 usage.
";

/// The card of the persona `card-pulled` goes away when it has answered so many
/// commands.
const PULLED_AFTER: u64 = 3;

pub struct Options {
    pub persona: Persona,
    pub scenario: Option<&'static Scenario>,
    pub card: CardOptions,
    pub troubles: Vec<Trouble>,
    pub state: Option<PathBuf>,
    pub latency: Option<BitRate>,
    pub count: bool,
    pub record: Option<PathBuf>,
    pub replay: Option<PathBuf>,
    pub lang: Lang,
    pub host: String,
    pub port: u16,
    pub pull_after: Option<u64>,
    pub pull_in: Option<u64>,
}

impl Options {
    /// `None`: everything asked for was shown.
    pub fn parse(args: impl Iterator<Item = String>, locale: &str) -> Result<Option<Self>, String> {
        let mut given = Given::default();
        if !given.read(args)? {
            line(HELP.trim_end());
            return Ok(None);
        }
        let lang = given.lang.unwrap_or(match locale.starts_with("ja") {
            true => Lang::Ja,
            false => Lang::En,
        });
        if given.list || given.list_scenarios {
            given.show_lists(lang);
            return Ok(None);
        }
        let card = given.persona.is_some() || given.scenario.is_some() || given.record.is_some();
        if given.replay.is_some() && (card || given.state.is_some()) {
            return Err("--replay has no card, so nothing can be said about one".to_owned());
        }
        let scenario = match &given.scenario {
            None => None,
            Some(_) if given.persona.is_some() => {
                return Err("--scenario says by itself whose card it is".to_owned());
            }
            Some(name) => Some(
                Scenario::named(name)
                    .ok_or(format!("no scenario is called {name:?} (--list-scenarios)"))?,
            ),
        };
        let mut persona = match (scenario, given.persona.as_deref().unwrap_or("in-order")) {
            (Some(scenario), _) => scenario.persona.clone(),
            (None, name) => Persona::named(name)
                .or_else(|| Persona::phone_named(name))
                .ok_or(format!("no persona is called {name:?} (--list)"))?
                .clone(),
        };
        if let Some(body) = given.body {
            persona.body = body;
        }
        let mut card = scenario.map_or_else(CardOptions::default, |s| s.options.clone());
        for change in given.changes {
            change(&mut card);
        }
        let port = match env::var("VPCD_PORT") {
            Err(_) => Vpcd::DEFAULT_PORT,
            Ok(text) => text
                .parse()
                .map_err(|_| format!("VPCD_PORT is a port number, not {text:?}"))?,
        };
        let pulled = persona.mishap == Some(Mishap::CardPulled);
        Ok(Some(Self {
            persona,
            scenario,
            card,
            troubles: scenario.map_or_else(Vec::new, |s| s.troubles.clone()),
            state: given.state,
            latency: given.latency,
            count: given.count,
            record: given.record,
            replay: given.replay,
            lang,
            host: env::var("VPCD_HOST").unwrap_or_else(|_| "127.0.0.1".to_owned()),
            port,
            pull_after: given.pull_after.or(pulled.then_some(PULLED_AFTER)),
            pull_in: given.pull_in,
        }))
    }
}

type Change = Box<dyn FnOnce(&mut CardOptions)>;

/// What was on the command line.
#[derive(Default)]
struct Given {
    persona: Option<String>,
    scenario: Option<String>,
    body: Option<CardBody>,
    changes: Vec<Change>,
    state: Option<PathBuf>,
    latency: Option<BitRate>,
    count: bool,
    record: Option<PathBuf>,
    replay: Option<PathBuf>,
    lang: Option<Lang>,
    list: bool,
    list_scenarios: bool,
    pull_after: Option<u64>,
    pull_in: Option<u64>,
}

impl Given {
    /// `false`: help is wanted.
    fn read(&mut self, mut args: impl Iterator<Item = String>) -> Result<bool, String> {
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match arg.as_str() {
                "--persona" => self.persona = Some(value()?),
                "--scenario" => self.scenario = Some(value()?),
                "--body" => self.body = Some(body(&value()?)?),
                "--auth-pin" => {
                    let pin = four_digits(&arg, value()?)?;
                    self.change(|card| card.auth_pin = pin);
                }
                "--sign-pin" => {
                    let password = sign_password(value()?)?;
                    self.change(|card| card.sign_password = password);
                }
                "--input-pin" => {
                    let pin = four_digits(&arg, value()?)?;
                    self.change(|card| card.input_pin = pin);
                }
                "--extended" => {
                    let (short_identifier, plain) = extended(&value()?)?;
                    self.change(move |card| {
                        card.extended_by_short_identifier = short_identifier;
                        card.extended_plain = plain;
                    });
                }
                "--most-per-answer" => {
                    let most = number(&arg, &value()?)?;
                    self.change(move |card| card.most_per_answer = Some(most));
                }
                "--blocked-status" => {
                    let status = match value()?.as_str() {
                        "6983" => 0x6983,
                        "6984" => 0x6984,
                        other => return Err(format!("{arg} is 6983 or 6984, not {other:?}")),
                    };
                    self.change(move |card| card.blocked_status = status);
                }
                "--filler" => {
                    let filler = number(&arg, &value()?)?;
                    self.change(move |card| card.filler = filler);
                }
                "--prefix" => {
                    let prefix = number(&arg, &value()?)?;
                    self.change(move |card| card.prefix = prefix);
                }
                "--first-fails" => self.change(|card| card.first_command_fails = true),
                "--state" => self.state = Some(PathBuf::from(value()?)),
                "--latency" => self.latency = Some(rate(&value()?)?),
                "--count" => self.count = true,
                "--record" => self.record = Some(PathBuf::from(value()?)),
                "--replay" => self.replay = Some(PathBuf::from(value()?)),
                "--lang" => {
                    self.lang = Some(match value()?.as_str() {
                        "ja" => Lang::Ja,
                        "en" => Lang::En,
                        other => return Err(format!("--lang is ja or en, not {other:?}")),
                    });
                }
                "--pull-after" => self.pull_after = Some(number(&arg, &value()?)?),
                "--pull-in" => self.pull_in = Some(number(&arg, &value()?)?),
                "--list" => self.list = true,
                "--list-scenarios" => self.list_scenarios = true,
                "--help" | "-h" => return Ok(false),
                other => return Err(format!("unknown option {other:?}")),
            }
        }
        Ok(true)
    }

    fn change(&mut self, change: impl FnOnce(&mut CardOptions) + 'static) {
        self.changes.push(Box::new(change));
    }

    fn show_lists(&self, lang: Lang) {
        if self.list {
            for persona in Persona::all().iter().chain(Persona::phones()) {
                line(&format!("{:22} {}", persona.name, persona.summary(lang)));
            }
        }
        if self.list_scenarios {
            for scenario in Scenario::all() {
                line(&format!("{:32} {}", scenario.name, scenario.summary(lang)));
            }
        }
    }
}

fn body(text: &str) -> Result<CardBody, String> {
    match text {
        "my-number" => Ok(CardBody::MyNumberCard),
        "resident" => Ok(CardBody::ResidentRegistrationCard),
        "android" => Ok(CardBody::AndroidPhone),
        "iphone" => Ok(CardBody::Iphone),
        "other" => Ok(CardBody::OtherCard),
        unknown => Err(format!(
            "--body is my-number, resident, android, iphone or other, not {unknown:?}"
        )),
    }
}

/// By short identifier, and with a plain offset.
fn extended(text: &str) -> Result<(bool, bool), String> {
    match text {
        "both" => Ok((true, true)),
        "short-id" => Ok((true, false)),
        "plain" => Ok((false, true)),
        "none" => Ok((false, false)),
        other => Err(format!(
            "--extended is both, short-id, plain or none, not {other:?}"
        )),
    }
}

fn rate(text: &str) -> Result<BitRate, String> {
    let named = |rate: &BitRate| rate.kbit_per_second().to_string() == text;
    BitRate::ALL
        .into_iter()
        .find(named)
        .ok_or(format!("--latency is 106, 212 or 424, not {text:?}"))
}

fn number<N: std::str::FromStr>(option: &str, text: &str) -> Result<N, String> {
    text.parse().map_err(|_| {
        let most = (u128::MAX >> (128 - 8 * size_of::<N>())).to_string();
        format!("{option} takes a whole number from 0 to {most}, not {text:?}")
    })
}

// What was typed isn't shown in these errors: it may be somebody's real PIN.

fn four_digits(option: &str, typed: String) -> Result<String, String> {
    if typed.len() == 4 && typed.bytes().all(|b| b.is_ascii_digit()) {
        Ok(typed)
    } else {
        Err(format!("{option} takes four digits"))
    }
}

fn sign_password(typed: String) -> Result<String, String> {
    let allowed = typed
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let both =
        typed.bytes().any(|b| b.is_ascii_digit()) && typed.bytes().any(|b| b.is_ascii_uppercase());
    if (6..=16).contains(&typed.len()) && allowed && both {
        Ok(typed)
    } else {
        Err(
            "--sign-pin takes 6 to 16 characters of A-Z and 0-9, with at least one of each"
                .to_owned(),
        )
    }
}
