//! The command line.

use std::path::PathBuf;

use uketsuke::eligibility::Lang;

/// What `--help` prints.
pub const USAGE: &str = "\
kiosk: the card reader's screen as a web page on this computer, and the desk beside it

  kiosk                   virtual cards from a tray; prints the address to open
  kiosk --reader [NAME]   the card in a PC/SC reader (build with --features pcsc)

  --port N                port on 127.0.0.1 (default: any that is free)
  --lang ja|en            language to begin with (default: ja)
  --open                  open the page in the browser
  --timeouts short        every step ends soon, to see how
  --card instant          virtual cards as fast as this computer

  --detector SPEC.json    \
  --embedder SPEC.json     compare faces by these models (build with
  --calibration FILE.json /  --features onnx): descriptions with SPEC.onnx
                          beside them, and the calibration record

The address holds the key of this launch: whoever has it can use the kiosk.
Everything behind the screen is simulated; without models the face match is,
too, and recognises nobody. A real card is read up to its
certificate, and the visit ends there: no PIN is asked for. A virtual card in
the reader (example virtual_card) is let in.
Ctrl-C ends the visit and the program.";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Args {
    /// On 127.0.0.1; 0 for any.
    pub port: u16,
    /// `Some("")`: whichever reader there is.
    pub reader: Option<String>,
    /// Of the page that opens first.
    pub lang: Lang,
    /// Open the browser.
    pub open: bool,
    /// Little time for each step.
    pub short: bool,
    /// Virtual cards take no time.
    pub instant: bool,
    /// What compares faces; `None`: nothing does.
    pub models: Option<ModelPaths>,
    /// Print the usage.
    pub help: bool,
}

/// Files of a face matcher.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelPaths {
    /// Description of the model that finds faces.
    pub detector: PathBuf,
    /// Description of the one that tells them apart.
    pub embedder: PathBuf,
    /// What was measured with both.
    pub calibration: PathBuf,
}

impl Args {
    /// Reads the command line.
    ///
    /// # Errors
    /// Which word is wrong.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut args = Self {
            port: 0,
            reader: None,
            lang: Lang::Ja,
            open: false,
            short: false,
            instant: false,
            models: None,
            help: false,
        };
        let mut words = words.into_iter().peekable();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--port" => {
                    let port = words.next().unwrap_or_default();
                    args.port = match port.parse() {
                        // Browsers leave port 80 out of `Host`, and the system keeps those below 1024 for itself.
                        Ok(number @ (0 | 1024..)) => number,
                        _ => return Err(format!("--port is 0 or 1024 to 65535, not {port:?}")),
                    };
                }
                "--reader" => {
                    args.reader = Some(
                        words
                            .next_if(|next| !next.starts_with("--"))
                            .unwrap_or_default(),
                    );
                }
                "--lang" => {
                    args.lang = match words.next().unwrap_or_default().as_str() {
                        "ja" => Lang::Ja,
                        "en" => Lang::En,
                        other => return Err(format!("--lang is ja or en, not {other:?}")),
                    };
                }
                "--open" => args.open = true,
                "--timeouts" => match words.next().unwrap_or_default().as_str() {
                    "short" => args.short = true,
                    other => return Err(format!("--timeouts takes short, not {other:?}")),
                },
                "--card" => match words.next().unwrap_or_default().as_str() {
                    "instant" => args.instant = true,
                    other => return Err(format!("--card takes instant, not {other:?}")),
                },
                "--detector" | "--embedder" | "--calibration" => {
                    let path = words.next().filter(|path| !path.starts_with("--"));
                    let path = path.ok_or_else(|| format!("{word} takes a file"))?;
                    let models = args.models.get_or_insert_default();
                    let place = match word.as_str() {
                        "--detector" => &mut models.detector,
                        "--embedder" => &mut models.embedder,
                        _ => &mut models.calibration,
                    };
                    *place = path.into();
                }
                "--help" | "-h" => args.help = true,
                other => return Err(format!("unknown option {other:?}")),
            }
        }
        if let Some(models) = &args.models {
            for (name, path) in [
                ("--detector", &models.detector),
                ("--embedder", &models.embedder),
                ("--calibration", &models.calibration),
            ] {
                if path.as_os_str().is_empty() {
                    return Err(format!("{name} is missing: models go with all three"));
                }
            }
        }
        Ok(args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, String> {
        Args::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn words_are_taken_or_named() {
        let plain = parse("").unwrap();
        assert_eq!((plain.port, plain.lang, plain.reader), (0, Lang::Ja, None));
        let all = parse("--port 8080 --lang en --open --timeouts short --card instant --reader X")
            .unwrap();
        assert_eq!(
            (all.port, all.lang, all.reader.as_deref()),
            (8080, Lang::En, Some("X"))
        );
        assert!(all.open && all.short && all.instant && !all.help);
        assert_eq!(all.models, None);
        let models = parse("--embedder e.json --calibration c.json --detector d.json").unwrap();
        let [detector, embedder, calibration] = ["d.json", "e.json", "c.json"].map(PathBuf::from);
        let paths = ModelPaths {
            detector,
            embedder,
            calibration,
        };
        assert_eq!(models.models, Some(paths));
        assert_eq!(
            parse("--reader --open").unwrap().reader.as_deref(),
            Some("")
        );
        for (line, named) in [
            ("--port", "--port"),
            ("--port 65536", "65536"),
            ("--port -1", "-1"),
            ("--port 80", "80"),
            ("--lang fr", "fr"),
            ("--host 0.0.0.0", "--host"),
            ("--timeouts none", "none"),
            ("--card slow", "slow"),
            ("--detector", "--detector"),
            ("--detector --open", "--detector"),
            ("--detector a --embedder b", "--calibration"),
            ("--calibration c", "--detector"),
            ("extra", "extra"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(named), "{line}: {error}");
        }
    }
}
