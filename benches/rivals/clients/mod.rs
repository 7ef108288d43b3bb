//! The clients.

mod jpki;
mod myna_card;
mod uketsuke;

pub use self::jpki::JpkiLink;
use crate::task::Knowledge;
use crate::{Extended, Product, Task, Wire};
use ::uketsuke::simulation::{CardOptions, Persona};
use std::fmt;

/// Who reads the card, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Client {
    /// This crate; reader and card are known to take extended length.
    UketsukeExtended,
    /// This crate; they take it, and that has to be found out.
    UketsukeLearning,
    /// This crate with short length only.
    UketsukeShort,
    /// `myna-card`, which has short length only.
    MynaCard,
    /// `jpki`, linked as its own PC/SC backend links it.
    Jpki,
    /// `jpki` with a link that keeps an answer for which the buffer was too small.
    JpkiKeeping,
}

impl Client {
    /// All, in the order of the table.
    pub const ALL: [Self; 6] = [
        Self::UketsukeExtended,
        Self::UketsukeLearning,
        Self::UketsukeShort,
        Self::MynaCard,
        Self::Jpki,
        Self::JpkiKeeping,
    ];

    /// A card of its own for this client: of the persona `in-order`, whose PIN is 1234.
    #[must_use]
    pub fn card(self) -> Wire {
        let extended = match self {
            Self::UketsukeExtended => Extended::Yes,
            Self::UketsukeLearning => Extended::Unknown,
            _ => Extended::No,
        };
        Wire::new(person(), CardOptions::default(), extended)
    }

    /// Does a task with the card behind this wire.
    ///
    /// # Errors
    ///
    /// The client doesn't offer it, or it failed.
    pub fn run(self, task: Task, wire: &Wire) -> Result<Product, Trouble> {
        self.run_as(task, wire, &Knowledge::of(person()))
    }

    /// Presents a wrong PIN, once as far as the client's user can tell.
    ///
    /// # Errors
    ///
    /// The client's.
    pub fn mistype(self, wire: &Wire) -> Result<Product, Trouble> {
        let knows = Knowledge {
            pin: "9999",
            ..Knowledge::of(person())
        };
        self.run_as(Task::CountedSignature, wire, &knows)
    }

    /// Its name for scripts, where [`through_pcscd`](Self::through_pcscd) knows it.
    #[cfg(feature = "pcsc")]
    #[must_use]
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::MynaCard => Some("myna-card"),
            Self::Jpki => Some("jpki"),
            _ => None,
        }
    }

    /// Does a task by the crate's own PC/SC backend, with the card in the system's reader. That has to be vpcd's: a
    /// real card would lose tries.
    ///
    /// # Errors
    ///
    /// There is no such reader or another one too, the client has no backend, or it failed.
    #[cfg(feature = "pcsc")]
    pub fn through_pcscd(self, task: Task) -> Result<Product, Trouble> {
        use ::myna_card::transport::pcsc::{Sharing, connect_any, list_readers};
        let readers = list_readers()?;
        if readers.is_empty() || !readers.iter().all(|name| name.starts_with("Virtual PCD")) {
            return Err(Trouble::NotOffered("only with virtual readers"));
        }
        let knows = Knowledge::of(person());
        match self {
            Self::MynaCard => {
                let link = connect_any(Sharing::Exclusive)?.into_transport();
                myna_card::run(task, link, &knows)
            }
            Self::Jpki => {
                let context = ::jpki::pcsc::Context::try_new()?;
                let link = context.open()?.connect(context)?;
                jpki::run(task, link, &knows)
            }
            _ => Err(Trouble::NotOffered("no PC/SC backend of its own here")),
        }
    }

    fn run_as(self, task: Task, wire: &Wire, knows: &Knowledge) -> Result<Product, Trouble> {
        let link = wire.clone();
        match self {
            Self::UketsukeExtended | Self::UketsukeLearning | Self::UketsukeShort => {
                uketsuke::run(task, link, knows)
            }
            Self::MynaCard => myna_card::run(task, link, knows),
            Self::Jpki => jpki::run(task, JpkiLink::as_pcsc(link), knows),
            Self::JpkiKeeping => jpki::run(task, JpkiLink::keeping(link), knows),
        }
    }
}

/// Whose card it is.
fn person() -> &'static Persona {
    Persona::named("in-order").unwrap_or(&Persona::all()[0])
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UketsukeExtended => "uketsuke, extended length",
            Self::UketsukeLearning => "uketsuke, extended length not known yet",
            Self::UketsukeShort => "uketsuke, short length",
            Self::MynaCard => "myna-card 3.3.4",
            Self::Jpki => "jpki 0.4.3",
            Self::JpkiKeeping => "jpki 0.4.3, link keeps answers",
        })
    }
}

/// Why a task brought nothing home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The client has no such thing; why.
    NotOffered(&'static str),
    /// It should have worked.
    Failed(String),
}

impl<E: std::error::Error> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOffered(why) => f.write_str(why),
            Self::Failed(why) => write!(f, "failed: {why}"),
        }
    }
}
