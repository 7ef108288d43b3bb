//! What is in the reader: kind of card, tries left of each secret (none is
//! spent), and where the authentication certificate is in its life.
//! `card_info --help` shows the options.

use std::io::{self, Write as _};
use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::{Value, json};
use uketsuke::VisitId;
use uketsuke::card::{Card, CardError, CardFace, Common, Jpki, SecretKind};
use uketsuke::eligibility::Lang;
use uketsuke::simulation::{CardOptions, Persona, VirtualCard, VirtualReader};
use uketsuke::transport::{Reader, TraceEvent, TracedReader, Transport};
use uketsuke::trust::{Certificate, CertificateError, GraceRule, Roots, Standing, TrustError};
use uketsuke::{Realm, Realms};

const USAGE: &str = "\
card_info: what is in the reader; spends no try

  card_info                    a virtual card
  card_info --list             the virtual persons, one a line
  card_info --persona NAME     one of them
  card_info --reader [NAME]    a PC/SC reader (build with --features pcsc)

  --lang ja|en                 language (default: by LANG)
  --json                       JSON, for programs
  --trace                      every exchange on standard error, nothing secret in it
  --help                       this text

Exit status: 0 done, 1 the reader or the card failed, 64 usage.";

/// EX_USAGE of sysexits.h.
const USAGE_ERROR: u8 = 64;

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
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

enum Task {
    Help,
    List,
    Virtual(&'static Persona),
    /// An empty name: whichever reader there is.
    Real(String),
}

struct Args {
    task: Task,
    lang: Lang,
    json: bool,
    trace: bool,
}

impl Args {
    fn parse(words: impl Iterator<Item = String>, locale: &str) -> Result<Self, String> {
        let mut lang = match locale.starts_with("ja") {
            true => Lang::Ja,
            false => Lang::En,
        };
        let (mut persona, mut reader) = (None, None);
        let (mut help, mut list, mut json, mut trace) = (false, false, false, false);
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
        })
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
    look(reader, true, args)
}

#[cfg(feature = "pcsc")]
fn with_reader(name: &str, args: &Args) -> Result<Facts, String> {
    use uketsuke::transport::PcscReader;

    let reader = PcscReader::open(name).map_err(|error| match name {
        "" => error.to_string(),
        name => format!("reader {name:?}: {error}"),
    })?;
    look(reader, false, args)
}

#[cfg(not(feature = "pcsc"))]
fn with_reader(_: &str, _: &Args) -> Result<Facts, String> {
    Err("this build knows no real readers (add --features pcsc)".to_owned())
}

fn look<R: Reader>(reader: R, simulated: bool, args: &Args) -> Result<Facts, String> {
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
    facts.card = CardFacts::of(&mut card).map_err(|error| error.to_string())?;
    card.release().map_err(|error| error.to_string())?;
    Ok(facts)
}

struct Facts {
    reader: String,
    simulated: bool,
    /// `None`: a card without the JPKI application.
    card: Option<CardFacts>,
}

struct CardFacts {
    auth_pin: u8,
    sign_password: u8,
    /// `None`: no card face, so probably a phone.
    reference_number_b: Option<u8>,
    expiry_hint: Result<String, String>,
    /// `None`: wants a PIN first, so a phone.
    certificate: Option<Judged>,
}

impl CardFacts {
    fn of<T: Transport>(card: &mut Card<T>) -> Result<Option<Self>, CardError> {
        let mut jpki = match card.open::<Jpki>() {
            Err(CardError::NoApplication { .. }) => return Ok(None),
            jpki => jpki?,
        };
        let auth_pin = jpki.tries_left(SecretKind::AuthPin)?.count();
        let sign_password = jpki.tries_left(SecretKind::SignPassword)?.count();
        let certificate = match jpki.authentication_certificate(&mut |_| {}) {
            Ok(certificate) => Some(Judged::of(certificate.der())),
            Err(CardError::NotVerified { .. }) => None,
            Err(error) => return Err(error),
        };
        jpki.close()?;
        let reference_number_b = match card.open::<CardFace>() {
            Ok(mut face) => {
                let count = face.tries_left(SecretKind::ReferenceNumberB)?.count();
                face.close()?;
                Some(count)
            }
            Err(CardError::NoApplication { .. }) => None,
            Err(error) => return Err(error),
        };
        let expiry_hint = card
            .open::<Common>()
            .and_then(|mut common| common.expiry_hint())
            .map(|date| date.to_string())
            .map_err(|error| error.to_string());
        Ok(Some(Self {
            auth_pin,
            sign_password,
            reference_number_b,
            expiry_hint,
            certificate,
        }))
    }
}

/// Where a certificate is in its life.
struct Judged {
    /// The realm whose root it leads to, or why to none.
    standing: Result<(Realm, Standing), String>,
    /// First and last instant.
    valid: Result<(Timestamp, Timestamp), CertificateError>,
}

impl Judged {
    fn of(der: &[u8]) -> Self {
        let now = Timestamp::now();
        let judge = |roots: &Roots, realms, realm| {
            roots
                .check_authentication(der, realms, now, GraceRule::EligibilityOnly)
                .map(|(standing, _)| (realm, standing))
        };
        let standing = judge(
            &Roots::jpki_authentication(),
            Realms::production(),
            Realm::Production,
        )
        .or_else(|real| {
            let simulated = judge(
                &Roots::simulation(),
                Realms::simulation(),
                Realm::Simulation,
            );
            // Of two refusals, that of the world it is from tells more.
            simulated.map_err(|error| match error {
                TrustError::UnknownIssuer => real,
                error => error,
            })
        });
        Self {
            standing: standing.map_err(|error| error.to_string()),
            valid: Certificate::parse(der)
                .map(|certificate| (certificate.not_before(), certificate.not_after())),
        }
    }

    fn text(&self, lang: Lang) -> String {
        let word = |ja, en| match lang {
            Lang::Ja => ja,
            Lang::En => en,
        };
        match (&self.standing, &self.valid) {
            (Ok((realm, Standing::InForce)), _) => {
                format!("{} ({realm})", word("有効", "in force"))
            }
            (Ok((realm, Standing::Expiring { not_after })), _) => {
                format!(
                    "{} {not_after} ({realm})",
                    word("まもなく期限:", "ends soon:")
                )
            }
            (Ok((realm, Standing::Grace { until })), _) => {
                let lapsed = word(
                    "期限切れ、資格確認のみ可:",
                    "lapsed, eligibility only until",
                );
                format!("{lapsed} {until} ({realm})")
            }
            (Err(error), Ok((from, to))) => format!("{error} ({from} – {to})"),
            (Err(error), Err(unreadable)) => format!("{error} ({unreadable})"),
            (Ok((realm, standing)), _) => format!("{standing:?} ({realm})"),
        }
    }

    fn json(&self) -> Value {
        let (standing, until) = match &self.standing {
            Ok((_, Standing::InForce)) => ("in-force", None),
            Ok((_, Standing::Expiring { not_after })) => ("expiring", Some(*not_after)),
            Ok((_, Standing::Grace { until })) => ("grace", Some(*until)),
            _ => ("not-accepted", None),
        };
        let valid = self.valid.as_ref().ok();
        json!({
            "standing": standing,
            "until": until.map(|time| time.to_string()),
            "realm": self.standing.as_ref().ok().map(|(realm, _)| realm),
            "error": self.standing.as_ref().err(),
            "not_before": valid.map(|(from, _)| from.to_string()),
            "not_after": valid.map(|(_, to)| to.to_string()),
        })
    }
}

impl Facts {
    fn text(&self, lang: Lang) -> String {
        let word = |ja, en| match lang {
            Lang::Ja => ja,
            Lang::En => en,
        };
        let tries = |count: u8| match (lang, count) {
            (Lang::Ja, 0) => "ロックされています".to_owned(),
            (Lang::En, 0) => "locked".to_owned(),
            (Lang::Ja, count) => format!("残り{count}回"),
            (Lang::En, 1) => "1 try left".to_owned(),
            (Lang::En, count) => format!("{count} tries left"),
        };
        let simulated = match self.simulated {
            true => word("（模擬）", " (simulated)"),
            false => "",
        };
        let mut lines = vec![(
            word("リーダー", "reader"),
            format!("{}{simulated}", self.reader),
        )];
        let Some(card) = &self.card else {
            let other = word(
                "マイナンバーカードではありません（JPKIアプリケーションなし）",
                "not a My Number card: it has no JPKI application",
            );
            lines.push((word("カード", "card"), other.to_owned()));
            return aligned(&lines);
        };
        lines.extend([
            (
                word("カード", "card"),
                word("JPKIアプリケーションあり", "has the JPKI application").to_owned(),
            ),
            (
                word("利用者証明用の暗証番号", "authentication PIN"),
                tries(card.auth_pin),
            ),
            (
                word("署名用の暗証番号", "sign password"),
                tries(card.sign_password),
            ),
            (
                "照合番号B",
                card.reference_number_b.map_or_else(
                    || {
                        word(
                            "券面なし（スマートフォンなど）",
                            "no card face: a phone, probably",
                        )
                        .to_owned()
                    },
                    tries,
                ),
            ),
            (
                word("カードの有効期限", "card's own expiry"),
                match &card.expiry_hint {
                    Ok(date) => format!(
                        "{date}{}",
                        word("（署名なし、目安）", " (unsigned, a hint)")
                    ),
                    Err(error) => format!("{}: {error}", word("読めません", "not readable")),
                },
            ),
            (
                word("電子証明書", "certificate"),
                card.certificate.as_ref().map_or_else(
                    || {
                        word(
                            "先に暗証番号が必要（スマートフォンなど）",
                            "wants a PIN first: a phone, probably",
                        )
                        .to_owned()
                    },
                    |certificate| certificate.text(lang),
                ),
            ),
        ]);
        aligned(&lines)
    }

    fn json(&self) -> Value {
        json!({
            "reader": self.reader,
            "simulated": self.simulated,
            "my_number_card": self.card.is_some(),
            "card": self.card.as_ref().map(|card| json!({
                "tries_left": {
                    "auth_pin": card.auth_pin,
                    "sign_password": card.sign_password,
                    "reference_number_b": card.reference_number_b,
                },
                "expiry_hint": card.expiry_hint.as_ref().ok(),
                "certificate": card.certificate.as_ref().map(Judged::json),
            })),
        })
    }
}

/// Labels in one column. A character beyond ASCII takes two places.
fn aligned(lines: &[(&str, String)]) -> String {
    let width =
        |label: &str| -> usize { label.chars().map(|c| 1 + usize::from(!c.is_ascii())).sum() };
    let widest = lines
        .iter()
        .map(|(label, _)| width(label))
        .max()
        .unwrap_or(0);
    let line = |(label, value): &(&str, String)| {
        format!("{label}{:1$}  {value}", "", widest - width(label))
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}
