//! The desk of this example: a terminal, and a person who answers by the
//! command line's flags.

use std::io::{BufRead, IsTerminal, Write};

use jiff::Timestamp;
use uketsuke::card::AuthPin;
use uketsuke::checkin::{AuditRecord, Choice, Desk, Method, Outcome, Screen};
use uketsuke::eligibility::Lang;
use uketsuke::simulation::{VirtualCard, VirtualReader};
use zeroize::Zeroizing;

use crate::show::say;

/// Who types the PIN.
pub enum Typist {
    /// A virtual person, with this PIN, once.
    Virtual(Option<String>),
    /// A real one, without echo, or standard input, once.
    #[cfg_attr(
        not(feature = "pcsc"),
        expect(dead_code, reason = "real readers need the feature")
    )]
    Real {
        /// Whether the last try may be used.
        last_try: bool,
    },
}

pub struct Terminal {
    pub lang: Lang,
    pub quiet: bool,
    pub method: Method,
    pub typist: Typist,
    /// The virtual reader, and the card that the person puts there.
    pub virtual_reader: Option<VirtualReader>,
    pub card_in_hand: Option<VirtualCard>,
    pending: Option<Choice>,
    last_screen: &'static str,
    method_tried: bool,
}

impl Terminal {
    pub fn new(lang: Lang, quiet: bool, method: Method, typist: Typist) -> Self {
        Self {
            lang,
            quiet,
            method,
            typist,
            virtual_reader: None,
            card_in_hand: None,
            pending: None,
            last_screen: "",
            method_tried: false,
        }
    }

    fn say(&self, line: &str) {
        if !self.quiet {
            say(line);
        }
    }

    fn word(&self, ja: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    /// What the person does at this screen.
    fn decide(&mut self, screen: &Screen) -> Option<Choice> {
        match screen {
            Screen::PlaceCard => {
                if let (Some(reader), Some(card)) = (&self.virtual_reader, self.card_in_hand.take())
                {
                    reader.insert(card);
                }
                None
            }
            Screen::ChooseMethod {
                face,
                pin_tries_left,
                ..
            } => {
                let offered = match self.method {
                    Method::Face => *face,
                    _ => pin_tries_left.is_some(),
                };
                if offered && !self.method_tried {
                    self.method_tried = true;
                    return Some(Choice::Method(self.method));
                }
                Some(Choice::Cancel)
            }
            Screen::LastTry { .. } => Some(match &self.typist {
                Typist::Virtual(Some(_)) | Typist::Real { last_try: true } => Choice::Yes,
                _ => Choice::No,
            }),
            Screen::EnterPin { .. } => Some(self.type_pin()),
            Screen::FaceFailed { attempts_left, .. } => Some(if *attempts_left > 0 {
                Choice::Yes
            } else {
                Choice::Cancel
            }),
            Screen::StaffCheck { .. } => Some(Choice::Cancel),
            Screen::CertificateNotice { .. } | Screen::Register => Some(Choice::Yes),
            Screen::Consents => Some(Choice::ConsentToAll),
            Screen::Consent { .. } | Screen::Accepted { .. } | Screen::NotAccepted(_) => {
                Some(Choice::Yes)
            }
            Screen::TakeCard { .. } => {
                if let Some(reader) = &self.virtual_reader {
                    reader.remove();
                }
                None
            }
            _ => None,
        }
    }

    /// Each PIN is typed once: what was wrong before isn't tried again.
    fn type_pin(&mut self) -> Choice {
        let typed = match &mut self.typist {
            Typist::Virtual(pin) => pin.take().map(Zeroizing::new),
            Typist::Real { .. } => read_pin(self.lang),
        };
        match typed.as_deref().map(|typed| AuthPin::parse(typed)) {
            Some(Ok(pin)) => {
                self.say("      ****");
                Choice::Pin(pin)
            }
            Some(Err(error)) => {
                eprintln!("{error}");
                Choice::PinForgotten
            }
            None => Choice::PinForgotten,
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
    fn now(&mut self) -> Timestamp {
        Timestamp::now()
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
        if let Some(choice) = &self.pending {
            let pressed = pressed(choice, self);
            if !pressed.is_empty() {
                self.say(&format!("    → {pressed}"));
            }
        }
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        if self.pending.is_none() {
            // Nothing to press: let the time pass that the driver allows.
            let left = until.duration_since(Timestamp::now());
            if let Ok(left) = std::time::Duration::try_from(left) {
                std::thread::sleep(left.min(std::time::Duration::from_millis(50)));
            }
        }
        self.pending.take()
    }

    fn audit(&mut self, _record: &AuditRecord) {}

    fn decided(&mut self, _outcome: &Outcome) {}
}

fn pressed(choice: &Choice, desk: &Terminal) -> &'static str {
    match choice {
        Choice::Method(Method::Face) => desk.word("顔認証", "Face"),
        Choice::Method(_) => desk.word("暗証番号", "PIN"),
        Choice::PinForgotten => desk.word("暗証番号がわからない", "I do not know my PIN"),
        Choice::Yes => desk.word("はい", "yes"),
        Choice::No => desk.word("いいえ", "no"),
        Choice::ConsentToAll => desk.word("すべて同意する", "yes to all"),
        Choice::Cancel => desk.word("中止する", "cancel"),
        _ => "",
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
