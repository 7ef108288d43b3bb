//! What is in the reader: kind of card, tries left of each secret (none is
//! spent), and where the authentication certificate is in its life.
//!
//!     card_info                    a virtual card
//!     card_info --persona NAME     one of the virtual persons
//!     card_info --reader [NAME]    a PC/SC reader (build with --features pcsc)
//!
//! `--trace` shows every exchange, with nothing secret in it.

use std::process::ExitCode;

use jiff::Timestamp;
use uketsuke::VisitId;
use uketsuke::card::{Card, CardError, CardFace, Common, Jpki, SecretKind};
use uketsuke::simulation::{CardOptions, Persona, VirtualCard, VirtualReader};
use uketsuke::transport::{Reader, TraceEvent, Traced, Transport};
use uketsuke::trust::{Certificate, GraceRule, Roots, Standing};
use uketsuke::{Realm, Realms};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut persona = "in-order".to_owned();
    let mut reader = None;
    let mut trace = false;
    let mut words = std::env::args().skip(1).peekable();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--persona" => persona = words.next().ok_or("--persona needs a name")?,
            "--reader" => {
                reader = Some(
                    words
                        .next_if(|next| !next.starts_with("--"))
                        .unwrap_or_default(),
                )
            }
            "--trace" => trace = true,
            other => {
                return Err(format!(
                    "unknown option {other:?}; options: --persona NAME, --reader [NAME], --trace"
                ));
            }
        }
    }
    if let Some(name) = reader {
        return with_reader(&name, trace);
    }
    let persona =
        Persona::named(&persona).ok_or_else(|| format!("no persona is called {persona:?}"))?;
    let mut reader = VirtualReader::new();
    reader.insert(VirtualCard::new(
        persona,
        CardOptions::default(),
        Timestamp::now(),
    ));
    println!("reader              {} (simulated)", reader.name());
    let transport = reader.connect().map_err(|error| error.to_string())?;
    show(transport, trace)
}

#[cfg(feature = "pcsc")]
fn with_reader(name: &str, trace: bool) -> Result<(), String> {
    use uketsuke::transport::PcscReader;

    let mut reader = PcscReader::open(name).map_err(|error| format!("reader {name:?}: {error}"))?;
    println!("reader              {}", reader.name());
    let transport = reader.connect().map_err(|error| error.to_string())?;
    show(transport, trace)
}

#[cfg(not(feature = "pcsc"))]
fn with_reader(_name: &str, _trace: bool) -> Result<(), String> {
    Err("this build knows no real readers: add --features pcsc".to_owned())
}

fn show<T: Transport>(transport: T, trace: bool) -> Result<(), String> {
    let sink = move |event: &TraceEvent| {
        if trace {
            eprintln!("    {event}");
        }
    };
    let mut card = Card::new(Traced::new(transport, sink), VisitId::begin());
    show_card(&mut card).map_err(|error| error.to_string())?;
    card.release().map_err(|error| error.to_string())?;
    Ok(())
}

fn show_card<T: Transport>(card: &mut Card<T>) -> Result<(), CardError> {
    let mut jpki = match card.open::<Jpki>() {
        Err(CardError::NoApplication { .. }) => {
            println!("card                not a My Number card: it has no JPKI application");
            return Ok(());
        }
        jpki => jpki?,
    };
    println!("card                has the JPKI application");
    println!(
        "authentication PIN  {} tries left",
        jpki.tries_left(SecretKind::AuthPin)?.count()
    );
    println!(
        "sign password       {} tries left",
        jpki.tries_left(SecretKind::SignPassword)?.count()
    );
    let certificate = match jpki.authentication_certificate(&mut |_| {}) {
        Ok(certificate) => Some(certificate),
        Err(CardError::NotVerified { .. }) => None,
        Err(error) => return Err(error),
    };
    jpki.close()?;
    match card.open::<CardFace>() {
        Ok(mut face) => {
            println!(
                "照合番号B           {} tries left",
                face.tries_left()?.count()
            );
            face.close()?;
        }
        Err(CardError::NoApplication { .. }) => {
            println!("照合番号B           no card face: a phone, probably")
        }
        Err(error) => return Err(error),
    }
    match card
        .open::<Common>()
        .and_then(|mut common| common.expiry_hint())
    {
        Ok(date) => println!("card's own expiry   {date} (unsigned, a hint)"),
        Err(error) => println!("card's own expiry   not readable: {error}"),
    }
    match &certificate {
        Some(certificate) => println!("certificate         {}", standing(certificate.der())),
        None => println!("certificate         wants a PIN first: a phone"),
    }
    Ok(())
}

fn standing(der: &[u8]) -> String {
    let now = Timestamp::now();
    let worlds = [
        (
            Roots::jpki_authentication(),
            Realms::production(),
            Realm::Production,
        ),
        (Roots::simulation(), Realms::simulation(), Realm::Simulation),
    ];
    let mut answer = String::new();
    for (roots, realms, realm) in worlds {
        answer = match roots.check_authentication(der, realms, now, GraceRule::EligibilityOnly) {
            Ok((Standing::InForce, _)) => return format!("in force ({realm:?})"),
            Ok((Standing::Expiring { not_after }, _)) => {
                return format!("ends soon, {not_after} ({realm:?})");
            }
            Ok((Standing::Grace { until }, _)) => {
                return format!("lapsed, eligibility only until {until} ({realm:?})");
            }
            Ok((standing, _)) => return format!("{standing:?} ({realm:?})"),
            Err(error) => error.to_string(),
        };
    }
    match Certificate::parse(der) {
        Ok(certificate) => format!(
            "{answer} (valid {} to {})",
            certificate.not_before(),
            certificate.not_after()
        ),
        Err(error) => error.to_string(),
    }
}
