//! A caller who types each secret once, opens again after a failure, and never
//! gives up early; and what it believes in the end.

use std::collections::{HashMap, VecDeque};

use uketsuke::card::{Application, Card, LastTry, Opened};
use uketsuke::transport::Transport;

/// What the library gave the caller to believe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The card accepted this secret.
    Accepted(&'static str),
    /// A value that signatures prove.
    Proved(&'static str, Vec<u8>),
    /// A value that nothing proves.
    Unproved(&'static str, Vec<u8>),
    /// This value is the secret now.
    Holds(&'static str, String),
}

pub struct Caller {
    typed: HashMap<&'static str, VecDeque<String>>,
    pub last: LastTry,
    /// Leaves applications as one should, or just drops them.
    pub closes: bool,
    /// Every value that was handed to the library, with its secret's name.
    pub handed: Vec<(&'static str, String)>,
    pub claims: Vec<Claim>,
}

impl Caller {
    pub fn new(typed: &[(&'static str, &str)], last: LastTry) -> Self {
        let mut by_name: HashMap<&'static str, VecDeque<String>> = HashMap::new();
        for (name, value) in typed {
            by_name
                .entry(name)
                .or_default()
                .push_back((*value).to_owned());
        }
        Self {
            typed: by_name,
            last,
            closes: true,
            handed: Vec::new(),
            claims: Vec::new(),
        }
    }

    /// Goes through a flow until it is done, at most [`ATTEMPTS`] times.
    pub fn insist<T: Transport>(&mut self, card: &mut Card<T>, flow: Flow<T>) -> bool {
        (0..ATTEMPTS).any(|_| flow(card, self).is_some())
    }

    pub fn next(&mut self, name: &'static str) -> Option<String> {
        self.next_as(name, name)
    }

    /// The next value of one list, for a secret of another name.
    pub fn next_as(&mut self, secret: &'static str, name: &'static str) -> Option<String> {
        let value = self.typed.get_mut(name)?.pop_front()?;
        self.handed.push((secret, value.clone()));
        Some(value)
    }

    pub fn leave<T: Transport, A: Application>(&self, opened: Opened<'_, T, A>) -> Option<()> {
        match self.closes {
            true => opened.close().ok(),
            false => Some(()),
        }
    }

    pub fn waiting(&self, name: &'static str) -> bool {
        self.typed
            .get(name)
            .is_some_and(|values| !values.is_empty())
    }

    pub fn unproved(&mut self, what: &'static str, value: &[u8]) {
        self.claims.push(Claim::Unproved(what, value.to_vec()));
    }

    pub fn proved(&mut self, what: &'static str, value: &[u8]) {
        self.claims.push(Claim::Proved(what, value.to_vec()));
    }
}

pub const ATTEMPTS: usize = 3;

/// `None`: something went wrong; from the beginning, if the caller likes.
pub type Flow<T> = fn(&mut Card<T>, &mut Caller) -> Option<()>;
