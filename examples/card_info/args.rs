//! The command line.

use uketsuke::eligibility::Lang;
use uketsuke::simulation::Persona;

pub const USAGE: &str = "\
card_info: what is in the reader; spends no try by itself

  card_info                    a virtual card
  card_info --list             the virtual persons, one a line
  card_info --persona NAME     one of them
  card_info --reader [NAME]    a PC/SC reader (build with --features pcsc)

  --photo                      read the photo and prove where it comes from; of a
                               real card 照合番号B is asked for, and a wrong one
                               costs one of its ten tries
  --lang ja|en                 language (default: by LANG)
  --json                       JSON, for programs
  --trace                      every exchange on standard error, nothing secret in it
  --help                       this text

Exit status: 0 done, 1 the reader or the card failed, 2 the photo was asked for and
isn't proved, 64 usage.";

pub enum Task {
    Help,
    List,
    Virtual(&'static Persona),
    /// An empty name: whichever reader there is.
    Real(String),
}

pub struct Args {
    pub task: Task,
    pub lang: Lang,
    pub json: bool,
    pub trace: bool,
    pub photo: bool,
}

impl Args {
    pub fn parse(words: impl Iterator<Item = String>, locale: &str) -> Result<Self, String> {
        let mut lang = match locale.starts_with("ja") {
            true => Lang::Ja,
            false => Lang::En,
        };
        let (mut persona, mut reader) = (None, None);
        let (mut help, mut list) = (false, false);
        let (mut json, mut trace, mut photo) = (false, false, false);
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--persona" => persona = Some(words.next().ok_or("--persona needs a name")?),
                "--reader" => {
                    let name = words.next_if(|next| !next.starts_with("--"));
                    reader = Some(name.unwrap_or_default());
                }
                "--lang" => {
                    lang = match words.next().as_deref() {
                        Some("ja") => Lang::Ja,
                        Some("en") => Lang::En,
                        _ => return Err("--lang needs ja or en".to_owned()),
                    }
                }
                "--json" => json = true,
                "--trace" => trace = true,
                "--photo" => photo = true,
                "--list" => list = true,
                "--help" | "-h" => help = true,
                other => return Err(format!("unknown option {other:?}")),
            }
        }
        let task = match (help, list, reader, persona) {
            (true, ..) => Task::Help,
            (_, true, ..) => Task::List,
            (_, _, Some(_), Some(_)) => {
                return Err("--persona is for virtual cards, --reader for real readers".to_owned());
            }
            (_, _, Some(_), None) if cfg!(not(feature = "pcsc")) => {
                return Err("this build knows no real readers (add --features pcsc)".to_owned());
            }
            (_, _, Some(name), None) => Task::Real(name),
            (_, _, None, name) => {
                let name = name.as_deref().unwrap_or("in-order");
                Task::Virtual(
                    Persona::named(name)
                        .ok_or_else(|| format!("no persona is called {name:?} (--list)"))?,
                )
            }
        };
        Ok(Self {
            task,
            lang,
            json,
            trace,
            photo,
        })
    }
}
