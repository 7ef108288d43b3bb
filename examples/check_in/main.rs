//! A whole check-in in a terminal: the screens a person sees, and what the
//! receptionist learns. See `--help`.

mod args;
mod desk;
#[cfg(feature = "pcsc")]
mod real;
mod show;

use std::process::ExitCode;

use args::Args;
use desk::{Terminal, Typist};
use jiff::Timestamp;
use show::say;
use uketsuke::checkin::{FaceParts, Method, Outcome, Policy, Reception};
use uketsuke::face::MatchPolicy;
use uketsuke::simulation::{
    CardOptions, Centre, Fault, Mishap, Persona, SimulatedCamera, SimulatedDetector,
    SimulatedMatcher, SimulatedPinless, SimulatedReferenceSource, VirtualCard, VirtualReader,
};
use uketsuke::trust::TerminalId;

const USAGE_ERROR: u8 = 64;
const BROKEN: u8 = 2;

fn main() -> ExitCode {
    let locale = std::env::var("LC_ALL")
        .or_else(|_| std::env::var("LANG"))
        .unwrap_or_default();
    let args = match Args::parse(std::env::args().skip(1), &locale) {
        Ok(args) => args,
        Err(error) => {
            eprintln!("{error}\n\n{}", args::USAGE);
            return ExitCode::from(USAGE_ERROR);
        }
    };
    if args.help {
        say(args::USAGE);
        return ExitCode::SUCCESS;
    }
    if args.list {
        for persona in Persona::all() {
            if args.json {
                say(&show::persona_json(persona).to_string());
            } else {
                say(&format!(
                    "{:20} {}",
                    persona.name,
                    persona.summary(args.lang)
                ));
            }
        }
        return ExitCode::SUCCESS;
    }
    let outcome = match &args.reader {
        Some(name) => with_reader(&args, name),
        None => with_persona(&args),
    };
    match outcome {
        Ok(outcome) => {
            if args.json {
                say(&show::to_json(&outcome).to_string());
            } else {
                show::print_outcome(&outcome, args.lang);
            }
            ExitCode::from(show::exit_status(&outcome))
        }
        Err(Trouble::Usage(error)) => {
            eprintln!("{error}");
            ExitCode::from(USAGE_ERROR)
        }
        Err(Trouble::Broken(error)) => {
            if args.json {
                say(&show::broken_json().to_string());
            }
            eprintln!("{error}");
            ExitCode::from(BROKEN)
        }
    }
}

/// Why no visit took place.
enum Trouble {
    Usage(String),
    #[cfg_attr(
        not(feature = "pcsc"),
        expect(dead_code, reason = "real readers need the feature")
    )]
    Broken(String),
}

impl From<String> for Trouble {
    fn from(error: String) -> Self {
        Self::Usage(error)
    }
}

fn policy() -> Result<Policy, String> {
    let terminal = TerminalId::new("check-in-example").map_err(|error| error.to_string())?;
    Ok(Policy::simulation(terminal))
}

/// A virtual card in a virtual reader.
fn with_persona(args: &Args) -> Result<Outcome, Trouble> {
    let persona = Persona::named(&args.persona)
        .ok_or_else(|| format!("no persona is called {:?}; --list shows them", args.persona))?;
    let mut reader = VirtualReader::new();
    match persona.mishap {
        Some(Mishap::CardPulled) => reader.plan(Fault::RemovedBefore(4)),
        Some(Mishap::ReaderFault) => reader.plan(Fault::ReaderGone(2)),
        _ => {}
    }
    let mut centre = Centre::for_persona(persona);

    let options = CardOptions::default();
    let pin = args.pin.clone().unwrap_or_else(|| options.auth_pin.clone());
    let mut desk = Terminal::new(
        args.lang,
        args.json,
        args.method,
        Typist::Virtual(Some(pin)),
    );
    desk.virtual_reader = Some(reader.clone());
    desk.card_in_hand = Some(VirtualCard::new(persona, options, Timestamp::now()));

    let mut camera = SimulatedCamera::of(persona);
    let mut matcher = SimulatedMatcher::new();
    let mut detector = SimulatedDetector::new();
    let mut reference = SimulatedReferenceSource::of(persona);
    let match_policy = MatchPolicy::simulation();
    let face = FaceParts {
        camera: &mut camera,
        matcher: &mut matcher,
        detector: &mut detector,
        reference: &mut reference,
        policy: &match_policy,
    };
    let mut pinless = SimulatedPinless;
    let mut reception = Reception::new(policy()?, &mut reader, &mut centre);
    if args.method == Method::Face {
        reception = reception.with_face(face).with_pinless(&mut pinless);
    }
    Ok(reception.run(&mut desk))
}

#[cfg(feature = "pcsc")]
fn with_reader(args: &Args, name: &str) -> Result<Outcome, Trouble> {
    real::run(args, name, policy()?)
}

#[cfg(not(feature = "pcsc"))]
fn with_reader(_args: &Args, _name: &str) -> Result<Outcome, Trouble> {
    Err(Trouble::Usage(
        "this build knows no real readers: cargo run --release --features pcsc --example check_in -- --reader"
            .to_owned(),
    ))
}
