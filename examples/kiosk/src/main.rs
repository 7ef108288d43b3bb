//! The card reader's screen as a web page on this computer, and the receptionist's desk beside it.
//!
//! ```sh
//! cargo run --release -p kiosk            # prints the address to open
//! cargo run --release -p kiosk -- --help
//! ```
//!
//! `/` is the kiosk, `/desk` the desk view with the persona tray, `/guide` the guide that plays a visit,
//! `/gallery` every screen.
//!
//! Only this computer can reach it, and only browsers that came in by the printed address; see the table in `guard.rs`.
//! The address's key lets in to the kiosk and to the desk: this is an example, with both on one computer.
//! Nothing is written to disk, and nothing is logged: what the desk view shows of a visit is forgotten with the next
//! one, or after ten minutes.

use std::io::Write;
use std::process::{Command, ExitCode, Stdio};

use kiosk::args::{Args, ModelPaths, USAGE};
use kiosk::matching::Matching;
use kiosk::server::{Kiosk, Setup, short};
use kiosk::settings::CardIs;
use kiosk::wiping::Wiping;
use uketsuke::eligibility::Lang;
use uketsuke::transport::AnyReader;

#[global_allocator]
static MEMORY: Wiping = Wiping;

const USAGE_ERROR: u8 = 64;
const BROKEN: u8 = 2;

fn main() -> ExitCode {
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            return ExitCode::from(USAGE_ERROR);
        }
    };
    if args.help {
        say(USAGE);
        return ExitCode::SUCCESS;
    }
    let reader = match args.reader.as_deref().map(open_reader).transpose() {
        Ok(reader) => reader,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(BROKEN);
        }
    };
    let matching = match args.models.as_ref().map(load_models).transpose() {
        Ok(matching) => matching.unwrap_or_else(Matching::simulated),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(BROKEN);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let served = runtime.and_then(|runtime| runtime.block_on(run(&args, reader, matching)));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the kiosk could not start: {error}");
            ExitCode::from(BROKEN)
        }
    }
}

async fn run(args: &Args, reader: Option<AnyReader>, matching: Matching) -> std::io::Result<()> {
    let faces = match &matching.name {
        Some(name) => format!(
            "compared by {name}, a match from {} on",
            matching.policy.threshold().get()
        ),
        None => "simulated, nobody is recognised".to_owned(),
    };
    let mut setup = Setup {
        port: args.port,
        reader,
        matching,
        ..Setup::default()
    };
    if args.short {
        setup.timeouts = short();
    }
    if args.instant {
        setup.settings.card = CardIs::Instant;
    }
    let kiosk = Kiosk::open(setup).await?;
    let language = match args.lang {
        Lang::Ja => "ja",
        Lang::En => "en",
    };
    let url = format!("{}&lang={language}", kiosk.url());
    say(&format!("kiosk: {url}"));
    say(&format!("desk:  {url}&to=desk"));
    say(&format!("faces: {faces}"));
    if args.open {
        open_browser(&format!("{}&lang={language}", kiosk.url_once()?));
    }
    kiosk.serve(ended()).await;
    Ok(())
}

/// Ctrl-C, or the end that a service manager asks for.
async fn ended() {
    #[cfg(unix)]
    if let Ok(mut asked) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = asked.recv() => {}
        }
        return;
    }
    let _pressed = tokio::signal::ctrl_c().await;
}

#[cfg(feature = "pcsc")]
fn open_reader(name: &str) -> Result<AnyReader, String> {
    uketsuke::transport::PcscReader::open(name)
        .map(AnyReader::new)
        .map_err(|error| format!("reader {name:?}: {error}"))
}

#[cfg(not(feature = "pcsc"))]
fn open_reader(_name: &str) -> Result<AnyReader, String> {
    Err(
        "this build knows no real readers: cargo run --release -p kiosk --features pcsc -- --reader"
            .to_owned(),
    )
}

#[cfg(feature = "onnx")]
fn load_models(paths: &ModelPaths) -> Result<Matching, String> {
    kiosk::models::load(paths)
}

#[cfg(not(feature = "onnx"))]
fn load_models(_paths: &ModelPaths) -> Result<Matching, String> {
    Err("this build runs no models: cargo run --release -p kiosk --features onnx -- …".to_owned())
}

/// As the desktop does it. If that fails, the address is on the screen.
fn open_browser(url: &str) {
    let (program, first) = match std::env::consts::OS {
        "macos" => ("open", None),
        "windows" => ("rundll32", Some("url.dll,FileProtocolHandler")),
        _ => ("xdg-open", None),
    };
    let _started = Command::new(program)
        .args(first)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}

/// A line that may be lost, where the output is closed.
fn say(line: &str) {
    let mut out = std::io::stdout();
    let _written = writeln!(out, "{line}").and_then(|()| out.flush());
}
