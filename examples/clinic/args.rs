//! The command line.

use std::path::PathBuf;

use uketsuke::eligibility::Lang;

pub const USAGE: &str = "\
clinic: a clinic's software and the connector's folders, in a terminal

  clinic                 a short day at the reception: tomorrow's appointments are
                         checked at once, people check in at the card reader, or
                         are asked about by the numbers on their papers
  clinic --list          what happens on that day, one a line
  clinic --scene NAME    one of it (may be given several times)

  --folders DIR          make the folders in DIR and leave them there, to look at
                         the files (default: a temporary place)
  --seed N               another day: who comes, and how answers are written
  --all                  everything there is to do, not the first four things
  --lang ja|en           language (default: by LANG)
  --json                 one object a line, for programs

Everything is simulated: the connector, the card reader, the people. Time runs by
itself, so a day takes a few seconds.
Exit status: 0 all ended as written down, 3 something didn't, 2 the folders can't
be used, 64 usage.";

/// What to do.
#[derive(Debug)]
pub struct Args {
    pub scenes: Vec<String>,
    pub folders: Option<PathBuf>,
    pub seed: u64,
    pub lang: Lang,
    pub all: bool,
    pub json: bool,
    pub list: bool,
    pub help: bool,
}

impl Args {
    /// Reads the command line; the error says which word is wrong.
    pub fn parse(words: impl IntoIterator<Item = String>, locale: &str) -> Result<Self, String> {
        let mut args = Self {
            scenes: Vec::new(),
            folders: None,
            seed: 1,
            lang: if locale.starts_with("ja") {
                Lang::Ja
            } else {
                Lang::En
            },
            all: false,
            json: false,
            list: false,
            help: false,
        };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--scene" => args.scenes.push(value()?),
                "--folders" => args.folders = Some(value()?.into()),
                "--seed" => {
                    let text = value()?;
                    let wrong = |_| format!("--seed is a number, not {text:?}");
                    args.seed = text.parse().map_err(wrong)?;
                }
                "--lang" => {
                    args.lang = match value()?.as_str() {
                        "ja" => Lang::Ja,
                        "en" => Lang::En,
                        other => return Err(format!("--lang is ja or en, not {other:?}")),
                    };
                }
                "--all" => args.all = true,
                "--json" => args.json = true,
                "--list" => args.list = true,
                "-h" | "--help" => args.help = true,
                other => return Err(format!("what is {other:?}?")),
            }
        }
        Ok(args)
    }
}
