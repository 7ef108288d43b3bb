//! A whole check-in in a terminal: the screens a person sees, and what the
//! receptionist learns. See `--help`.

mod args;
mod desk;
mod ending;
#[cfg(feature = "pcsc")]
mod real;
mod show;

use std::process::ExitCode;

use args::Args;
use desk::{Person, Terminal, Virtual};
use ending::Ending;
use jiff::{SignedDuration, Timestamp};
use show::say;
use uketsuke::checkin::{FaceParts, Method, Mode, Outcome, Policy, Reception};
use uketsuke::simulation::{
    Behaviour, CardOptions, Centre, Fault, Mishap, Persona, Scenario, SimulatedCamera,
    SimulatedDetector, SimulatedMatcher, SimulatedPinless, SimulatedReferenceSource,
    SimulatedStaff, VirtualCard, VirtualPerson, VirtualReader,
};
use uketsuke::trust::TerminalId;

const USAGE_ERROR: u8 = 64;
const BROKEN: u8 = 2;
/// A scenario ended otherwise than written down.
const OTHERWISE: u8 = 3;

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
    if args.list_scenarios {
        for scenario in Scenario::all() {
            if args.json {
                say(&show::scenario_json(scenario).to_string());
            } else {
                say(&format!(
                    "{:32} {}",
                    scenario.name,
                    scenario.summary(args.lang)
                ));
            }
        }
        return ExitCode::SUCCESS;
    }
    let outcome = match (&args.reader, &args.scenario) {
        (Some(name), _) => with_reader(&args, name).map(|outcome| (outcome, None)),
        (None, Some(name)) => with_scenario(&args, name),
        (None, None) => with_persona(&args).map(|outcome| (outcome, None)),
    };
    match outcome {
        Ok((outcome, ending)) => {
            if args.json {
                let mut json = show::to_json(&outcome);
                if let Some(ending) = &ending {
                    json["scenario"] = ending.to_json();
                }
                say(&json.to_string());
            } else {
                show::print_outcome(&outcome, args.lang);
                if let Some(ending) = &ending {
                    ending.print(args.lang);
                }
            }
            match ending {
                Some(ending) if !ending.is_as_written() => ExitCode::from(OTHERWISE),
                _ => ExitCode::from(show::exit_status(&outcome)),
            }
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
    Ok(Policy::simulation(terminal()?))
}

fn terminal() -> Result<TerminalId, String> {
    TerminalId::new("check-in-example").map_err(|error| error.to_string())
}

/// A virtual card in a virtual reader.
fn with_persona(args: &Args) -> Result<Outcome, Trouble> {
    let persona = Persona::named(&args.persona)
        .ok_or_else(|| format!("no persona is called {:?}; --list shows them", args.persona))?;
    let reader = VirtualReader::new();
    match persona.mishap {
        Some(Mishap::CardPulled) => reader.plan(Fault::RemovedBefore(4)),
        Some(Mishap::ReaderFault) => reader.plan(Fault::ReaderGone(2)),
        _ => {}
    }
    let mut behaviour = Behaviour::default();
    behaviour.methods = vec![args.method];
    behaviour
        .pins
        .splice(.., args.pin.clone().or(behaviour.pins.first().cloned()));
    let visit = VirtualVisit {
        reader,
        card: VirtualCard::new(persona, CardOptions::default(), Timestamp::now()),
        person: VirtualPerson::new(behaviour),
        centre: Centre::for_persona(persona),
        camera: SimulatedCamera::of(persona),
        reference: SimulatedReferenceSource::of(persona),
        face: args.method == Method::Face,
        staff: false,
        mode: Mode::Normal,
        policy: policy()?,
    };
    visit.run(args).map(|(outcome, _)| outcome)
}

/// A visit as it is written down.
fn with_scenario(args: &Args, name: &str) -> Result<(Outcome, Option<Ending>), Trouble> {
    let scenario = Scenario::named(name)
        .ok_or_else(|| format!("no scenario is called {name:?}; --list-scenarios shows them"))?;
    if !args.json {
        say(&format!(
            "  {}: {}",
            scenario.name,
            scenario.summary(args.lang)
        ));
    }
    let visit = VirtualVisit {
        reader: scenario.reader(),
        card: scenario.card(Timestamp::now()),
        person: scenario.person(),
        centre: scenario.centre(),
        camera: scenario.camera.clone(),
        reference: scenario.reference.clone(),
        face: scenario.clinic.face,
        staff: scenario.clinic.staff,
        mode: scenario.clinic.mode,
        policy: scenario.policy(terminal()?, Timestamp::now()),
    };
    let (outcome, card) = visit.run(args)?;
    let ending = Ending::of(scenario, &outcome, card.as_ref());
    Ok((outcome, Some(ending)))
}

/// Everything that a visit needs, and nothing real.
struct VirtualVisit {
    reader: VirtualReader,
    card: VirtualCard,
    person: VirtualPerson,
    centre: Centre,
    camera: SimulatedCamera,
    reference: SimulatedReferenceSource,
    face: bool,
    staff: bool,
    mode: Mode,
    policy: Policy,
}

impl VirtualVisit {
    fn run(mut self, args: &Args) -> Result<(Outcome, Option<VirtualCard>), Trouble> {
        let mut desk = Terminal::new(
            args.lang,
            args.json,
            self.mode,
            Person::Virtual(Box::new(Virtual {
                person: self.person,
                reader: self.reader.clone(),
                card: Some(self.card),
                skipped: SignedDuration::ZERO,
            })),
        );
        let (mut matcher, mut detector) = (SimulatedMatcher::new(), SimulatedDetector::new());
        let (mut pinless, mut staff) = (SimulatedPinless, SimulatedStaff);
        let mut reception = Reception::new(self.policy, &mut self.reader, &mut self.centre);
        if self.face {
            reception = reception.with_face(FaceParts {
                camera: &mut self.camera,
                engine: &mut matcher,
                detector: &mut detector,
                reference: &mut self.reference,
                quality: None,
            });
        }
        if self.staff {
            reception = reception.with_staff(&mut staff);
        }
        if self.face || self.staff {
            reception = reception.with_pinless(&mut pinless);
        }
        let outcome = reception.run(&mut desk);
        Ok((outcome, desk.card()))
    }
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
