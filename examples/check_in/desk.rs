//! The desk of this example: a terminal, and a person who answers by the
//! command line's flags.

use std::io::{BufRead, IsTerminal, Write};

use jiff::{SignedDuration, Timestamp};
use uketsuke::card::AuthPin;
use uketsuke::checkin::{AuditRecord, Choice, ChoiceKey, Desk, Method, Mode, Outcome, Screen};
use uketsuke::eligibility::Lang;
use uketsuke::simulation::{Deed, VirtualCard, VirtualPerson, VirtualReader};
use zeroize::Zeroizing;

use crate::show::say;

/// Who stands at the desk.
pub enum Person {
    /// A virtual one, before a virtual reader.
    Virtual(Box<Virtual>),
    /// A real one, who types the PIN without echo, or on standard input.
    #[cfg_attr(
        not(feature = "pcsc"),
        expect(dead_code, reason = "real readers need the feature")
    )]
    Real {
        /// Whether the last try may be used.
        last_try: bool,
        /// Whether the PIN was chosen already.
        tried: bool,
    },
}

/// Time passes as fast as it can.
pub struct Virtual {
    pub person: VirtualPerson,
    pub reader: VirtualReader,
    /// In the hand.
    pub card: Option<VirtualCard>,
    /// How long was waited for nothing.
    pub skipped: SignedDuration,
}

pub struct Terminal {
    pub lang: Lang,
    pub quiet: bool,
    pub person: Person,
    mode: Mode,
    pending: Option<Choice>,
    last_screen: &'static str,
}

impl Terminal {
    pub fn new(lang: Lang, quiet: bool, mode: Mode, person: Person) -> Self {
        Self {
            lang,
            quiet,
            person,
            mode,
            pending: None,
            last_screen: "",
        }
    }

    /// The virtual card, wherever it is at the end.
    pub fn card(&mut self) -> Option<VirtualCard> {
        match &mut self.person {
            Person::Virtual(here) => here.reader.remove().or(here.card.take()),
            Person::Real { .. } => None,
        }
    }

    fn say(&self, line: &str) {
        if !self.quiet {
            say(line);
        }
    }

    /// What the person does at this screen.
    fn decide(&mut self, screen: &Screen) -> Option<Choice> {
        match &mut self.person {
            Person::Virtual(here) => match here.person.does(screen) {
                Deed::Chooses(choice) => Some(choice),
                Deed::PlacesCard => {
                    if let Some(card) = here.card.take() {
                        here.reader.insert(card);
                    }
                    None
                }
                Deed::TakesCard => {
                    here.card = here.reader.remove().or(here.card.take());
                    None
                }
                _ => None,
            },
            Person::Real { last_try, tried } => match screen {
                Screen::ChooseMethod { pin_tries_left, .. } => {
                    let first = !std::mem::replace(tried, true);
                    Some(match pin_tries_left.is_some() && first {
                        true => Choice::Method(Method::Pin),
                        false => Choice::Cancel,
                    })
                }
                Screen::LastTry { .. } if !*last_try => Some(Choice::No),
                Screen::EnterPin { .. } => Some(type_pin(self.lang)),
                Screen::Consents { .. } => Some(Choice::ConsentToAll),
                Screen::Prescription => Some(Choice::Paper),
                Screen::Subsidies { .. } => Some(Choice::No),
                Screen::LastTry { .. }
                | Screen::CertificateNotice { .. }
                | Screen::Register { .. }
                | Screen::Consent { .. }
                | Screen::Accepted { .. }
                | Screen::NotAccepted(_) => Some(Choice::Yes),
                Screen::StaffCheck { .. }
                | Screen::CardFaceUnreadable { .. }
                | Screen::FaceFailed { .. } => Some(Choice::Cancel),
                _ => None,
            },
        }
    }

    fn draw_bar(&mut self, read: usize, total: usize) {
        if self.quiet || total == 0 {
            return;
        }
        const WIDTH: usize = 32;
        let full = (read * WIDTH / total).min(WIDTH);
        let bar = format!(
            "      [{}{}] {read} / {total} bytes",
            "#".repeat(full),
            " ".repeat(WIDTH - full)
        );
        let mut out = std::io::stdout();
        if out.is_terminal() {
            print!("\r{bar}");
            if read >= total {
                say("");
            }
            let _ = out.flush();
        } else if read >= total {
            say(&bar);
        }
    }
}

impl Desk for Terminal {
    fn mode(&mut self) -> Mode {
        self.mode
    }

    fn now(&mut self) -> Timestamp {
        match &self.person {
            Person::Virtual(here) => Timestamp::now() + here.skipped,
            Person::Real { .. } => Timestamp::now(),
        }
    }

    fn show(&mut self, screen: &Screen) {
        if let Screen::ReadingCard { progress } = screen
            && progress.total > 0
        {
            return self.draw_bar(progress.read, progress.total);
        }
        if self.last_screen == screen.name() && matches!(screen, Screen::ReadingCard { .. }) {
            return;
        }
        self.last_screen = screen.name();
        let text = screen.text(self.lang);
        self.say("");
        self.say(&format!("  ■ {}", text.title));
        for line in &text.body {
            self.say(&format!("    {line}"));
        }
        if !text.choices.is_empty() {
            let labels: Vec<_> = text.choices.iter().map(|button| button.label).collect();
            self.say(&format!("    [ {} ]", labels.join(" | ")));
        }
        self.pending = self.decide(screen);
        if let Some(key) = self.pending.as_ref().map(Choice::key) {
            let button = text.choices.iter().find(|button| button.key == key);
            let label = button.map_or("", |button| button.label);
            let typed = match key {
                ChoiceKey::EnterPin => "**** ",
                _ => "",
            };
            self.say(&format!("    → {typed}{label}"));
        }
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        if self.pending.is_none() {
            // Nothing to press: let the time pass that the driver allows.
            let left = until.duration_since(self.now()).max(SignedDuration::ZERO);
            match &mut self.person {
                Person::Virtual(here) => here.skipped += left,
                Person::Real { .. } => {
                    let pause = left.min(SignedDuration::from_millis(50));
                    std::thread::sleep(pause.unsigned_abs());
                }
            }
        }
        self.pending.take()
    }

    fn audit(&mut self, _record: &AuditRecord) {}

    fn decided(&mut self, _outcome: &Outcome) {}
}

fn type_pin(lang: Lang) -> Choice {
    match read_pin(lang).map(|typed| AuthPin::parse(&typed)) {
        Some(Ok(pin)) => Choice::Pin(pin),
        Some(Err(error)) => {
            eprintln!("{error}");
            Choice::PinForgotten
        }
        None => Choice::PinForgotten,
    }
}

/// Without echo from a terminal, else a line of standard input.
fn read_pin(lang: Lang) -> Option<Zeroizing<String>> {
    if std::io::stdin().is_terminal() {
        let prompt = match lang {
            Lang::Ja => "      暗証番号: ",
            Lang::En => "      PIN: ",
        };
        return rpassword::prompt_password(prompt).ok().map(Zeroizing::new);
    }
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line).ok()?;
    Some(Zeroizing::new(
        line.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}
