//! Where everything that could be logged goes, and is searched for what must
//! never be in it.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod card;
pub mod types;
pub mod visit;

use std::any::type_name;
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{Debug, Display};

use uketsuke::simulation::{CardOptions, Persona};

pub const PIN: &str = "7391";
pub const WRONG_PIN: &str = "8264";
pub const PASSWORD: &str = "QZ7XJ4KW";
pub const WRONG_PASSWORD: &str = "VB3MHT8N";
pub const INPUT_PIN: &str = "6183";
/// Born 1973-11-19 (昭和48年), card to 2033, security code 9574.
pub const NUMBER_B: &str = "48111920339574";
pub const BIRTH_KEY: &str = "481119";
pub const NUMBER_A: &str = "395728461050";
pub const NAME: &str = "鸞鳳院　龜之亟";
pub const KANA: &str = "ﾗﾝﾎｳｲﾝ ｶﾒﾉｼﾞﾖｳ";
pub const ADDRESS: &str = "幻影県架空市蜃気楼町七番地";
pub const BIRTH_DATE: &str = "19731119";

/// Everything in order, but nobody else has these values.
pub fn persona() -> Persona {
    let mut persona = Persona::named("in-order").unwrap().clone();
    persona.holder_name = NAME;
    persona.holder_kana = KANA;
    persona.birthdate = BIRTH_DATE;
    persona.card_expiry = "20331119";
    persona.reference_number_b = NUMBER_B;
    persona.address = ADDRESS;
    persona.my_number = NUMBER_A;
    persona
}

pub fn options() -> CardOptions {
    CardOptions {
        auth_pin: PIN.to_owned(),
        sign_password: PASSWORD.to_owned(),
        input_pin: INPUT_PIN.to_owned(),
        ..CardOptions::default()
    }
}

/// One value in all the forms in which it could be printed.
struct Canary {
    name: &'static str,
    forms: Vec<String>,
}

pub struct Sink {
    canaries: Vec<Canary>,
    /// Types that were printed, as `module::Name`.
    pub seen: BTreeSet<String>,
    pub texts: usize,
    /// What was found, with where.
    pub found: Vec<String>,
}

impl Sink {
    pub fn new() -> Self {
        let text = |name, value: &str| Canary {
            name,
            forms: forms(value.as_bytes(), Some(value)),
        };
        let mut canaries = vec![
            text("PIN", PIN),
            text("wrong PIN", WRONG_PIN),
            text("password", PASSWORD),
            text("wrong password", WRONG_PASSWORD),
            text("input PIN", INPUT_PIN),
            text("照合番号B", NUMBER_B),
            text("birth key", BIRTH_KEY),
            text("security code", "9574"),
            text("My Number", NUMBER_A),
            text("name", NAME),
            text("family name", "鸞鳳院"),
            text("kana", KANA),
            text("address", ADDRESS),
            text("birth date", BIRTH_DATE),
        ];
        canaries.push(Canary {
            name: "birth date",
            forms: vec!["1973-11-19".to_owned(), "19731119".to_owned()],
        });
        Self {
            canaries,
            seen: BTreeSet::new(),
            texts: 0,
            found: Vec::new(),
        }
    }

    /// Bytes of a picture: any twelve of them in a row would be too many.
    pub fn picture(&mut self, name: &'static str, bytes: &[u8]) {
        for part in [&bytes[40..52], &bytes[bytes.len() / 2..][..12]] {
            let forms = forms(part, None);
            self.canaries.push(Canary { name, forms });
        }
    }

    pub fn debug<T: Debug + ?Sized>(&mut self, value: &T) {
        self.mark::<T>();
        self.text(type_name::<T>(), &format!("{value:?}"));
        self.text(type_name::<T>(), &format!("{value:#?}"));
    }

    pub fn shown<T: Debug + Display + ?Sized>(&mut self, value: &T) {
        self.debug(value);
        self.text(type_name::<T>(), &value.to_string());
    }

    pub fn error<E: Error + 'static>(&mut self, error: &E) {
        self.shown(error);
        let mut source = error.source();
        while let Some(error) = source {
            self.text(type_name::<E>(), &format!("{error} {error:?} {error:#?}"));
            source = error.source();
        }
    }

    /// Prints whichever it is, and gives the good one back.
    pub fn take<T: Debug, E: Error + 'static>(&mut self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => {
                self.debug(&value);
                Some(value)
            }
            Err(error) => {
                self.error(&error);
                None
            }
        }
    }

    pub fn json<T: serde::Serialize>(&mut self, value: &T) {
        let json = serde_json::to_string(value).unwrap();
        self.text(type_name::<T>(), &json);
    }

    /// A type that can't hold a text of its own: it is `Copy`.
    pub fn plain<T: Copy>(&mut self) {
        self.mark::<T>();
    }

    pub fn mark<T: ?Sized>(&mut self) {
        let mut names = vec![type_name::<T>()];
        // Of `Result<A, B>` and `Card<T>` both the outer and the inner ones.
        while let Some(name) = names.pop() {
            let (outer, inner) = name.split_once('<').unwrap_or((name, ""));
            names.extend(
                inner
                    .split([',', '<', '>', ' ', '&', '(', ')'])
                    .filter(|n| n.contains("::")),
            );
            if let Some(path) = outer
                .trim_start_matches(['&', ' '])
                .strip_prefix("uketsuke::")
            {
                let module = path.split("::").next().unwrap();
                let last = path.rsplit("::").next().unwrap();
                self.seen.insert(format!("{module}::{last}"));
            }
        }
    }

    pub fn text(&mut self, place: &str, text: &str) {
        self.texts += 1;
        for canary in &self.canaries {
            for form in &canary.forms {
                if occurs(text, form) {
                    let shown: String = text.chars().take(300).collect();
                    self.found
                        .push(format!("{} as {form:?} in {place}: {shown}", canary.name));
                }
            }
        }
    }

    pub fn clean(&self) {
        assert!(self.found.is_empty(), "{:#?}", self.found);
        assert!(self.texts > 0);
    }
}

/// Four digits may stand in a longer number by chance; alone they may not.
fn occurs(text: &str, form: &str) -> bool {
    let short = form.len() <= 4;
    text.match_indices(form).any(|(at, _)| {
        let alone = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        !short
            || (alone(text[..at].chars().next_back())
                && alone(text[at + form.len()..].chars().next()))
    })
}

fn forms(bytes: &[u8], text: Option<&str>) -> Vec<String> {
    let hex = |upper: bool, between: &str| {
        let digits = bytes.iter().map(|b| match upper {
            true => format!("{b:02X}"),
            false => format!("{b:02x}"),
        });
        digits.collect::<Vec<_>>().join(between)
    };
    let mut forms = vec![
        hex(true, ""),
        hex(false, ""),
        hex(true, " "),
        hex(false, " "),
        hex(true, ":"),
        hex(false, ":"),
        hex(true, ", 0x"),
        hex(false, ", 0x"),
        // As the list that `Debug` of a slice prints, in one line or in many.
        bytes
            .iter()
            .map(u8::to_string)
            .collect::<Vec<_>>()
            .join(", "),
        bytes
            .iter()
            .map(u8::to_string)
            .collect::<Vec<_>>()
            .join(","),
        bytes.escape_ascii().to_string(),
        base64(bytes),
    ];
    if let Some(text) = text {
        forms.push(text.to_owned());
        forms.push(text.escape_default().to_string());
        forms.push(text.escape_unicode().to_string());
        if text.bytes().all(|b| b.is_ascii_digit()) && text.len() % 2 == 0 {
            // Packed digits whose halves were exchanged.
            let pairs = text.as_bytes().chunks(2);
            let swapped: Vec<u8> = pairs.flat_map(|pair| [pair[1], pair[0]]).collect();
            forms.push(String::from_utf8(swapped).unwrap());
        }
    }
    forms
}

/// RFC 4648, as far as whole groups of three go.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |bits: u32| char::from(DIGITS[(bits & 63) as usize]);
    let group = |c: &[u8]| {
        let bits = u32::from(c[0]) << 16 | u32::from(c[1]) << 8 | u32::from(c[2]);
        [
            digit(bits >> 18),
            digit(bits >> 12),
            digit(bits >> 6),
            digit(bits),
        ]
    };
    bytes.chunks_exact(3).flat_map(group).collect()
}
