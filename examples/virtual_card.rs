//! Puts a virtual My Number card into the virtual PC/SC reader of vpcd (vsmartcard), so that any PC/SC program can
//! use it: `pcscd` with `vsmartcard-vpcd` has to run.
//!
//! ```text
//! cargo run --features simulation --example virtual_card -- --persona pin-last-try --lang en
//! ```

use std::env;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;
use uketsuke::eligibility::Lang;
use uketsuke::simulation::{
    CardBody, CardOptions, Mishap, Persona, VirtualCard, Vpcd, VpcdError, VpcdStep,
};

macro_rules! out {
    ($($words:tt)*) => { line(&format!($($words)*)) };
}

const HELP: &str = "\
Usage: virtual_card [OPTIONS]

  --persona NAME     whose card (default in-order; --list shows all)
  --auth-pin PIN     authentication PIN, 4 digits (default 1234)
  --sign-pin PIN     sign password, 6 to 16 of A-Z and 0-9, both (default ABC123)
  --state FILE       keep counters and changed PINs in FILE across runs
  --pull-after N     the card is taken away when it has answered N commands
  --pull-in N        it is taken away while it works on command N
  --lang ja|en       language of messages (default: by LANG)
  --list             list the personas and end
  --help             this text

Environment: VPCD_HOST (default 127.0.0.1) and VPCD_PORT (default 35963) say where vpcd listens.
Exit status: 0 done, 1 vpcd or the state file failed, 64 usage.
";

/// EX_USAGE of sysexits.h.
const USAGE_ERROR: u8 = 64;
/// How often connecting is tried, and how long between.
const CONNECT_TRIES: u32 = 20;
const CONNECT_PAUSE: Duration = Duration::from_millis(500);
/// The card of the persona `card-pulled` goes away when it has answered so many
/// commands.
const PULLED_AFTER: u64 = 3;

fn main() -> ExitCode {
    let locale = env::var("LC_ALL")
        .or_else(|_| env::var("LANG"))
        .unwrap_or_default();
    match Options::parse(env::args().skip(1), &locale) {
        Ok(Some(options)) => match run(&options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(message) => {
                complain(&message);
                ExitCode::FAILURE
            }
        },
        Ok(None) => ExitCode::SUCCESS,
        Err(message) => {
            complain(&format!("{message}; --help shows the options"));
            ExitCode::from(USAGE_ERROR)
        }
    }
}

struct Options {
    persona: &'static Persona,
    card: CardOptions,
    state: Option<PathBuf>,
    lang: Lang,
    host: String,
    port: u16,
    pull_after: Option<u64>,
    pull_in: Option<u64>,
}

impl Options {
    /// `None`: everything asked for was shown.
    fn parse(mut args: impl Iterator<Item = String>, locale: &str) -> Result<Option<Self>, String> {
        let mut name = "in-order".to_owned();
        let mut card = CardOptions::default();
        let mut state = None;
        let mut lang = match locale.starts_with("ja") {
            true => Lang::Ja,
            false => Lang::En,
        };
        let mut list = false;
        let (mut pull_after, mut pull_in) = (None, None);
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match arg.as_str() {
                "--persona" => name = value()?,
                "--auth-pin" => card.auth_pin = auth_pin(value()?)?,
                "--sign-pin" => card.sign_password = sign_password(value()?)?,
                "--state" => state = Some(PathBuf::from(value()?)),
                "--lang" => {
                    lang = match value()?.as_str() {
                        "ja" => Lang::Ja,
                        "en" => Lang::En,
                        other => return Err(format!("--lang is ja or en, not {other:?}")),
                    }
                }
                "--pull-after" => pull_after = Some(count(&arg, &value()?)?),
                "--pull-in" => pull_in = Some(count(&arg, &value()?)?),
                "--list" => list = true,
                "--help" | "-h" => {
                    line(HELP.trim_end());
                    return Ok(None);
                }
                other => return Err(format!("unknown option {other:?}")),
            }
        }
        if list {
            for persona in Persona::all() {
                line(&format!("{:18} {}", persona.name, persona.summary(lang)));
            }
            return Ok(None);
        }
        let persona =
            Persona::named(&name).ok_or(format!("no persona is called {name:?} (--list)"))?;
        let port = match env::var("VPCD_PORT") {
            Err(_) => Vpcd::DEFAULT_PORT,
            Ok(text) => text
                .parse()
                .map_err(|_| format!("VPCD_PORT is a port number, not {text:?}"))?,
        };
        let host = env::var("VPCD_HOST").unwrap_or_else(|_| "127.0.0.1".to_owned());
        Ok(Some(Self {
            persona,
            card,
            state,
            lang,
            host,
            port,
            pull_after: pull_after
                .or((persona.mishap == Some(Mishap::CardPulled)).then_some(PULLED_AFTER)),
            pull_in,
        }))
    }
}

fn count(option: &str, text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("{option} takes a number of commands, not {text:?}"))
}

// What was typed isn't shown in these errors: it may be somebody's real PIN.

fn auth_pin(typed: String) -> Result<String, String> {
    if typed.len() == 4 && typed.bytes().all(|b| b.is_ascii_digit()) {
        Ok(typed)
    } else {
        Err("--auth-pin takes four digits".to_owned())
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

fn run(options: &Options) -> Result<(), String> {
    let now = jiff::Timestamp::now();
    let mut card = VirtualCard::new(options.persona, options.card.clone(), now);
    if let Some(path) = &options.state {
        card = card
            .with_state_file(path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    introduce(options, &card);
    let mut reader = connect(options)?;
    say(
        options.lang,
        "カードがリーダーに置かれました。終了: Ctrl+C",
        "The card is on the reader. Stop with Ctrl+C.",
    );
    if let Some(command) = options.pull_in {
        reader = reader.pulled_in(command);
    }
    loop {
        if reader
            .serve_one(&mut card)
            .map_err(|error| error.to_string())?
            == VpcdStep::Closed
        {
            say(
                options.lang,
                "リーダーが接続を閉じました。",
                "The reader closed the connection.",
            );
            return Ok(());
        }
        if options
            .pull_after
            .is_some_and(|commands| card.transmissions() >= commands)
        {
            say(
                options.lang,
                "カードが抜かれました。",
                "The card was taken away.",
            );
            return Ok(());
        }
    }
}

fn introduce(options: &Options, card: &VirtualCard) {
    let (persona, lang) = (options.persona, options.lang);
    out!(
        "uketsuke virtual card: {} ({})",
        persona.name,
        persona.summary(lang)
    );
    if persona.body == CardBody::OtherCard {
        return;
    }
    let none = match lang {
        Lang::Ja => "なし",
        Lang::En => "none",
    };
    let [auth, sign, reference] = card.tries_left();
    let lines = match lang {
        Lang::Ja => [
            "氏名（架空）",
            "利用者証明用の暗証番号",
            "署名用の暗証番号",
            "照合番号B",
            "残り",
        ],
        Lang::En => [
            "holder (fictional)",
            "authentication PIN",
            "sign password",
            "照合番号B",
            "tries left",
        ],
    };
    out!("  {}: {}", lines[0], persona.holder_name);
    out!(
        "  {}: {} ({} {auth})",
        lines[1],
        card.auth_pin().unwrap_or(none),
        lines[4]
    );
    out!(
        "  {}: {} ({} {sign})",
        lines[2],
        card.sign_password().unwrap_or(none),
        lines[4]
    );
    out!(
        "  {}: {} ({} {reference})",
        lines[3],
        persona.reference_number_b,
        lines[4]
    );
    if let Some(path) = &options.state {
        out!("  state: {}", path.display());
    }
}

fn connect(options: &Options) -> Result<Vpcd, String> {
    let place = format!("{}:{}", options.host, options.port);
    let mut tries = 1;
    loop {
        match Vpcd::connect(&options.host, options.port) {
            Ok(reader) => return Ok(reader),
            Err(VpcdError::Io(error)) if tries < CONNECT_TRIES => {
                if tries == 1 {
                    say(
                        options.lang,
                        &format!("{place} の仮想リーダーを待っています（{error}）…"),
                        &format!("waiting for a virtual reader at {place} ({error}) …"),
                    );
                }
                tries += 1;
                thread::sleep(CONNECT_PAUSE);
            }
            Err(error) => {
                return Err(format!(
                    "no virtual reader at {place}: {error}. Is pcscd running, with vsmartcard-vpcd installed?"
                ));
            }
        }
    }
}

/// A line to standard output. Whoever reads it may have gone; the card stays.
fn line(text: &str) {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => complain(&error.to_string()),
        _ => {}
    }
}

fn complain(text: &str) {
    let _nobody_listens = writeln!(io::stderr(), "virtual_card: {text}");
}

fn say(lang: Lang, ja: &str, en: &str) {
    match lang {
        Lang::Ja => out!("{ja}"),
        Lang::En => out!("{en}"),
    }
}
