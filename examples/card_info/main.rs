//! What is in the reader: kind of card, tries left of each secret (none is
//! spent), where the authentication certificate is in its life, and whether the
//! card face was issued. `card_info --help` shows the options.

mod args;
mod face;
mod facts;
mod judged;
mod show;

use std::io::{self, Write as _};
use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::{Value, json};
use uketsuke::VisitId;
use uketsuke::card::Card;
use uketsuke::eligibility::Lang;
use uketsuke::simulation::{CardOptions, Persona, VirtualCard, VirtualReader};
use uketsuke::transport::{Reader, TraceEvent, TracedReader};
use zeroize::Zeroizing;

use args::{Args, Task, USAGE};
use facts::{CardFacts, Facts};

/// EX_USAGE of sysexits.h.
const USAGE_ERROR: u8 = 64;

/// The photo was asked for, and isn't proved.
const NOT_PROVED: u8 = 2;

fn main() -> ExitCode {
    let locale = std::env::var("LC_ALL")
        .or_else(|_| std::env::var("LANG"))
        .unwrap_or_default();
    let args = match Args::parse(std::env::args().skip(1), &locale) {
        Ok(args) => args,
        Err(error) => {
            complain(&format!("{error}; --help shows the options"));
            return ExitCode::from(USAGE_ERROR);
        }
    };
    let found = match &args.task {
        Task::Help => {
            say(USAGE);
            return ExitCode::SUCCESS;
        }
        Task::List => {
            list(&args);
            return ExitCode::SUCCESS;
        }
        Task::Virtual(persona) => with_persona(persona, &args),
        Task::Real(name) => with_reader(name, &args),
    };
    match found {
        Ok(facts) => {
            say(&if args.json {
                facts.json().to_string()
            } else {
                facts.text(args.lang)
            });
            if args.photo && !facts.photo_proved() {
                return ExitCode::from(NOT_PROVED);
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// A line to standard output. Whoever reads it may have gone: `card_info | head`.
fn say(text: &str) {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => complain(&error.to_string()),
        _ => {}
    }
}

fn complain(text: &str) {
    let _nobody_listens = writeln!(io::stderr(), "card_info: {text}");
}

fn list(args: &Args) {
    let personas = Persona::all();
    if args.json {
        let all = personas.iter().map(|persona| {
            json!({
                "name": persona.name,
                "ja": persona.summary(Lang::Ja),
                "en": persona.summary(Lang::En),
            })
        });
        return say(&all.collect::<Value>().to_string());
    }
    let lines = personas
        .iter()
        .map(|persona| format!("{:18} {}", persona.name, persona.summary(args.lang)));
    say(&lines.collect::<Vec<_>>().join("\n"));
}

fn with_persona(persona: &Persona, args: &Args) -> Result<Facts, String> {
    let reader = VirtualReader::new();
    reader.insert(VirtualCard::new(
        persona,
        CardOptions::default(),
        Timestamp::now(),
    ));
    let number = persona.reference_number_b;
    look(reader, true, args, &mut || Some(number.to_owned().into()))
}

#[cfg(feature = "pcsc")]
fn with_reader(name: &str, args: &Args) -> Result<Facts, String> {
    use uketsuke::transport::PcscReader;

    let reader = PcscReader::open(name).map_err(|error| match name {
        "" => error.to_string(),
        name => format!("reader {name:?}: {error}"),
    })?;
    look(reader, false, args, &mut ask_number)
}

/// 照合番号B, without echo from a terminal, else a line of standard input.
#[cfg(feature = "pcsc")]
fn ask_number() -> Option<Zeroizing<String>> {
    use std::io::IsTerminal as _;

    if io::stdin().is_terminal() {
        let typed = rpassword::prompt_password("照合番号B: ");
        return typed.ok().map(Zeroizing::new);
    }
    // With room, so that it doesn't grow and leave a copy behind.
    let mut line = Zeroizing::new(String::with_capacity(256));
    io::stdin().read_line(&mut line).ok()?;
    Some(line.trim_end().to_owned().into())
}

#[cfg(not(feature = "pcsc"))]
fn with_reader(_: &str, _: &Args) -> Result<Facts, String> {
    Err("this build knows no real readers (add --features pcsc)".to_owned())
}

fn look<R: Reader>(
    reader: R,
    simulated: bool,
    args: &Args,
    number: &mut dyn FnMut() -> Option<Zeroizing<String>>,
) -> Result<Facts, String> {
    let trace = args.trace;
    let mut reader = TracedReader::new(reader, move |event: &TraceEvent| {
        if trace {
            let _nobody_listens = writeln!(io::stderr(), "    {event}");
        }
    });
    let mut facts = Facts {
        reader: reader.name().to_owned(),
        simulated,
        card: None,
    };
    let transport = reader.connect().map_err(|error| error.to_string())?;
    let mut card = Card::new(transport, VisitId::begin());
    let number = args.photo.then_some(number);
    facts.card = CardFacts::of(&mut card, number).map_err(|error| error.to_string())?;
    card.release().map_err(|error| error.to_string())?;
    Ok(facts)
}
