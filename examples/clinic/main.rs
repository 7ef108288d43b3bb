//! A clinic's software in a terminal: it awaits the result of the person at the desk,
//! asks by number, checks tomorrow's appointments, and says what to do where there is
//! no insurance to be found. See `--help`.

mod args;
mod bulk;
mod scene;
mod show;
mod visit;
mod world;

use std::error::Error;
use std::process::ExitCode;

use args::Args;
use scene::{DAY, Scene};
use show::{Bar, say, word};
use world::World;

const USAGE_ERROR: u8 = 64;
const BROKEN: u8 = 2;
/// Something ended otherwise than written down.
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
        for scene in DAY {
            if args.json {
                say(&show::scene_json(scene).to_string());
            } else {
                say(&format!("{:22} {}", scene.name, scene.title(args.lang)));
            }
        }
        return ExitCode::SUCCESS;
    }
    let mut scenes = Vec::new();
    for name in &args.scenes {
        match Scene::named(name) {
            Some(scene) => scenes.push(scene),
            None => {
                eprintln!("no scene is called {name:?}; --list shows them");
                return ExitCode::from(USAGE_ERROR);
            }
        }
    }
    match day(&args, &scenes) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(OTHERWISE),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(BROKEN)
        }
    }
}

/// Plays the day, or these scenes of it. `true` if all ended as written down.
fn day(args: &Args, scenes: &[&'static Scene]) -> Result<bool, Box<dyn Error>> {
    let mut world = World::new(args.folders.as_deref(), args.seed)?;
    let whole = scenes.is_empty();
    let lang = args.lang;
    if !args.json {
        let note = word(
            lang,
            "すべてシミュレーションです。登場する人物は架空です。",
            "Everything here is simulated, and nobody in it exists.",
        );
        say(&format!("  {note}"));
    }
    if whole {
        let label = word(lang, "明日の予約を一括照会", "tomorrow's appointments");
        if !args.json {
            say("");
            say(&format!("08:40  {label}"));
        }
        let found = world.appointments(&mut Bar::new(label, !args.json))?;
        if args.json {
            say(&show::appointments_json(&found).to_string());
        } else {
            show::appointments(&found, lang);
        }
    }
    let mut as_written = true;
    for (number, scene) in (1..).zip(DAY) {
        if !whole && !scenes.iter().any(|wanted| wanted.name == scene.name) {
            continue;
        }
        world.wait(300);
        let visit = world.visit(scene, number)?;
        if args.json {
            say(&show::visit_json(scene, &visit).to_string());
        } else {
            show::scene_head(scene, &visit, lang);
            show::ending(&visit, lang, world.now, args.all);
        }
        as_written &= visit.failure() == scene.ends;
    }
    if let (Some(folder), false) = (&args.folders, args.json) {
        say("");
        let left = word(lang, "フォルダー:", "the folders are in");
        say(&format!("  {left} {}", folder.display()));
    }
    Ok(as_written)
}
