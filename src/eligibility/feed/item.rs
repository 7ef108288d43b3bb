use std::fmt;

use jiff::Timestamp;

use super::FeedTrouble;
use crate::eligibility::Report;

/// Longest [`ResultId`]: a file name of 128 bytes and what goes with it.
const LONGEST: usize = 160;

/// Names one result. No other result has the same, and it is the same after a
/// restart: keep it with the result in your own records, and a result that comes
/// again is known.
///
/// Of a file it is the name, and a check of the bytes: another file that takes its
/// name is another result. There is nothing of the person in it.
///
/// ```
/// use uketsuke::eligibility::ResultId;
///
/// let id = ResultId::new("web-1").unwrap();
/// assert_eq!(id.to_string(), "web-1");
/// assert!(ResultId::new("").is_none());
/// assert!(ResultId::new("見本　花子").is_none(), "printable ASCII without blanks");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResultId(String);

impl ResultId {
    /// For a feed of your own. It is shown in logs: nothing of a person may be in
    /// it. `None` unless it is 1 to 160 printable ASCII characters without blanks.
    #[must_use]
    pub fn new(id: &str) -> Option<Self> {
        let fit = (1..=LONGEST).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
        fit.then(|| Self(id.to_owned()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One result, as a feed delivers it. Nothing in it says that it is anybody's in
/// particular at the desk. It can't be copied, so that it isn't counted twice.
///
/// `Debug` shows what [`Report`] shows, and no person.
#[derive(Debug, PartialEq, Eq)]
pub struct FeedResult {
    id: ResultId,
    report: Report,
    written: Option<Timestamp>,
}

impl FeedResult {
    /// For a feed of your own.
    #[must_use]
    pub fn new(id: ResultId, report: Report) -> Self {
        Self {
            id,
            report,
            written: None,
        }
    }

    /// With the time that stands beside the document, as in the name of a file. It
    /// has to be in the time in which the person was at the desk, as the document's own.
    #[must_use]
    pub fn with_written(mut self, at: Timestamp) -> Self {
        self.written = Some(at);
        self
    }

    /// Which.
    #[must_use]
    pub fn id(&self) -> &ResultId {
        &self.id
    }

    /// Everything that it says. Whether the insurance is valid is
    /// [`Report::valid_qualification`].
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Gives that away.
    #[must_use]
    pub fn into_report(self) -> Report {
        self.report
    }

    /// The time in the name of its file, if there is one.
    #[must_use]
    pub fn written(&self) -> Option<Timestamp> {
        self.written
    }
}

/// What a feed tells.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FeedItem {
    /// A result.
    Result(Box<FeedResult>),
    /// Something that should have been a result, and isn't one, or not yet. It stays
    /// where it is, and is delivered should it become one. Told once, and again
    /// when the trouble is another one.
    Trouble {
        /// Its file's name, or what else it goes by.
        source: String,
        /// What is wrong.
        trouble: FeedTrouble,
    },
    /// It was there, and somebody removed it before it could be read twice: another
    /// program has it. Not an error where several programs read one folder.
    Gone {
        /// Its file's name, or what else it goes by.
        source: String,
    },
    /// After a result was delivered, something else stood in its place. The result
    /// isn't to be trusted any more, nor is what is there now, which stays where it
    /// is: a person has to look at both.
    Contradicted {
        /// The result that was delivered.
        id: ResultId,
    },
}
