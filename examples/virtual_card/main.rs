//! Puts a virtual My Number card into the virtual PC/SC reader of vpcd (vsmartcard), so that any PC/SC program can
//! use it: `pcscd` with `vsmartcard-vpcd` has to run.
//!
//! ```text
//! cargo run --release --example virtual_card -- --persona pin-last-try --lang en
//! ```

mod counted;
mod options;
mod played;

use std::env;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;
use uketsuke::eligibility::Lang;
use uketsuke::simulation::{
    CardBody, CardSecret, Recorder, Recording, Replayed, SoftwareCard as _, TroubledCard,
    VirtualCard, Vpcd, VpcdError, VpcdStep,
};

use counted::Counted;
use options::Options;
use played::Played;

macro_rules! out {
    ($($words:tt)*) => { line(&format!($($words)*)) };
}

/// EX_USAGE of sysexits.h.
const USAGE_ERROR: u8 = 64;
/// How often connecting is tried, and how long between.
const CONNECT_TRIES: u32 = 20;
const CONNECT_PAUSE: Duration = Duration::from_millis(500);
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

fn run(options: &Options) -> Result<(), String> {
    let card = match &options.replay {
        Some(path) => replayed(path)?,
        None => new_card(options)?,
    };
    let mut reader = connect(options)?;
    say(
        options.lang,
        "カードがリーダーに置かれました。終了: Ctrl+C",
        "The card is on the reader. Stop with Ctrl+C.",
    );
    if let Some(command) = options.pull_in {
        reader = reader.pulled_in(command);
    }
    let card = TroubledCard::new(card, &options.troubles);
    let mut card = Counted::new(card, options.latency);
    let served = serve(options, &mut reader, &mut card);
    if options.count {
        line(&card.report(options.lang));
    }
    if let (Some(path), Played::Recorded(recorder)) = (&options.record, card.card.into_inner()) {
        let wrong = |error: &dyn std::error::Error| format!("{}: {error}", path.display());
        let (recording, _) = recorder.finish().map_err(|error| wrong(&error))?;
        std::fs::write(path, recording.to_bytes()).map_err(|error| wrong(&error))?;
    }
    served
}

fn new_card(options: &Options) -> Result<Played, String> {
    let now = jiff::Timestamp::now();
    let mut card = VirtualCard::new(&options.persona, options.card.clone(), now);
    if let Some(path) = &options.state {
        card = card
            .with_state_file(path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    introduce(options, &card);
    Ok(match options.record {
        Some(_) => Played::Recorded(Box::new(Recorder::new(card))),
        None => Played::Card(Box::new(card)),
    })
}

fn replayed(path: &Path) -> Result<Played, String> {
    let wrong = |error: &dyn std::error::Error| format!("{}: {error}", path.display());
    let mut bytes = Vec::new();
    // One byte more than a recording has, so that a longer file is told.
    let most = u64::try_from(Recording::MOST_BYTES + 1).unwrap_or(u64::MAX);
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| wrong(&error))?;
    let recording = Recording::from_bytes(&bytes).map_err(|error| wrong(&error))?;
    out!("uketsuke virtual card: {}", path.display());
    Ok(Played::Replayed(Replayed::new(recording)))
}

fn serve(
    options: &Options,
    reader: &mut Vpcd,
    card: &mut Counted<TroubledCard<Played>>,
) -> Result<(), String> {
    let pulled = || {
        say(
            options.lang,
            "カードがリーダーから離れました。",
            "The card was taken away.",
        );
    };
    loop {
        let step = reader.serve_one(card).map_err(|error| error.to_string())?;
        if step == VpcdStep::Closed {
            match card.card.is_gone() || options.pull_in == Some(card.transmissions()) {
                true => pulled(),
                false => say(
                    options.lang,
                    "リーダーが接続を閉じました。",
                    "The reader closed the connection.",
                ),
            }
            return Ok(());
        }
        let answered = card.transmissions();
        if options.pull_after.is_some_and(|most| answered >= most) {
            pulled();
            return Ok(());
        }
    }
}

fn introduce(options: &Options, card: &VirtualCard) {
    let (persona, lang) = (&options.persona, options.lang);
    match options.scenario {
        Some(scenario) => out!(
            "uketsuke virtual card: {} ({})",
            scenario.name,
            scenario.summary(lang)
        ),
        None => out!(
            "uketsuke virtual card: {} ({})",
            persona.name,
            persona.summary(lang)
        ),
    }
    if persona.body == CardBody::OtherCard {
        return;
    }
    let none = match lang {
        Lang::Ja => "なし",
        Lang::En => "none",
    };
    let left = match lang {
        Lang::Ja => "残り",
        Lang::En => "tries left",
    };
    match lang {
        Lang::Ja => out!("  氏名（架空）: {}", persona.holder_name),
        Lang::En => out!("  holder (fictional): {}", persona.holder_name),
    }
    let secrets = [
        (
            "利用者証明用の暗証番号",
            "authentication PIN",
            card.auth_pin(),
            CardSecret::AuthPin,
        ),
        (
            "署名用の暗証番号",
            "sign password",
            card.sign_password(),
            CardSecret::SignPassword,
        ),
        (
            "券面事項入力補助用の暗証番号",
            "input support PIN",
            card.input_pin(),
            CardSecret::InputPin,
        ),
        (
            "照合番号B",
            "照合番号B",
            Some(persona.reference_number_b).filter(|_| persona.body == CardBody::MyNumberCard),
            CardSecret::FaceReferenceB,
        ),
    ];
    for (ja, en, value, secret) in secrets {
        if value.is_none() && persona.body != CardBody::MyNumberCard {
            // Such a one hasn't got it at all.
            continue;
        }
        let name = if lang == Lang::Ja { ja } else { en };
        let (value, tries) = (value.unwrap_or(none), card.tries(secret));
        out!("  {name}: {value} ({left} {tries})");
    }
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
