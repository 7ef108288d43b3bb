//! The card in a PC/SC reader. The centre is simulated all the same, so only
//! virtual cards are let in: nobody real is asked about.

use jiff::SignedDuration;
use uketsuke::checkin::{Method, Outcome, Policy, Reception, Timeouts};
use uketsuke::simulation::Centre;
use uketsuke::transport::{PcscReader, Reader};

use crate::Trouble;
use crate::args::Args;
use crate::desk::{Person, Terminal};
use crate::show::say;

pub fn run(args: &Args, name: &str, policy: Policy) -> Result<Outcome, Trouble> {
    if args.method == Method::Face {
        let error = "with --reader this example has no camera: use --method pin";
        return Err(Trouble::Usage(error.to_owned()));
    }
    let mut reader = PcscReader::open(name).map_err(|error| {
        let what = if name.is_empty() {
            String::new()
        } else {
            format!("reader {name:?}: ")
        };
        Trouble::Broken(format!("{what}{error}"))
    })?;
    if !args.json {
        say(&format!("  {}", reader.name()));
    }
    let mut centre = Centre::new();
    // A virtual card in vpcd is never taken: don't wait long for that.
    let timeouts = Timeouts {
        take_card: SignedDuration::from_secs(3),
        abandon: SignedDuration::from_secs(3),
        ..Timeouts::default()
    };
    let person = Person::Real {
        last_try: args.last_try,
        tried: false,
    };
    let mut desk = Terminal::new(
        args.lang,
        args.json,
        uketsuke::checkin::Mode::Normal,
        person,
    );
    Ok(Reception::new(policy.with_timeouts(timeouts), &mut reader, &mut centre).run(&mut desk))
}
