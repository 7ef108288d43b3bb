use std::fmt;

use jiff::civil::DateTime;

use super::Family;

/// Which of the two steps of a bulk question; a single question has only the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// `01`: the question. The answer of a bulk question is its reception number.
    One,
    /// `02`: asks for the result by the reception number.
    Two,
}

/// Which way a file goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// `req`: to the connector.
    Request,
    /// `res`: from it.
    Response,
}

/// What a file is, by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// `.xml`: a message.
    Xml,
    /// `.zip`: an archive with one message in it.
    Zip,
    /// `.pdf`: medical information for reading.
    Pdf,
    /// `.err`: why a question was rejected. It bears the question's name, and lies
    /// in the folder of answers beside a copy of the question.
    Err,
}

/// The name of an exchanged file:
/// `<prefix><01|02><req|res>[_face]_<unique>.<xml|zip|pdf|err>`.
///
/// Names are matched without regard to capital letters, since folders on Windows
/// are. `Display` writes the usual form, so open a found file by the name it was
/// found under. A unique part is 1 to 96 letters, digits, `-`, `_`, `=`, `+` or
/// `.` (not first, not two in a row); so a name never leads out of its folder.
///
/// ```
/// use uketsuke::eligibility::message::{Direction, Family, FileKind, FileName, Step};
///
/// let asked = FileName::request(Family::BulkQualification, Step::Two, "202611050001").unwrap();
/// assert_eq!(asked.to_string(), "OQSmuquc02req_202611050001.xml");
///
/// let answered = FileName::parse("oqsmuquc02RES_202611050001.ZIP").unwrap();
/// assert_eq!(answered.kind(), FileKind::Zip);
/// assert!(answered.answers(&asked));
///
/// let face = FileName::parse("OQSsiquc01res_face_1319999999abc_20261105091502.xml").unwrap();
/// assert!(face.is_face());
/// assert_eq!(face.face_time().unwrap().to_string(), "2026-11-05T09:15:02");
/// assert!(FileName::parse("OQSsiquc01req_../../x.xml").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileName {
    family: Family,
    step: Step,
    direction: Direction,
    face: bool,
    unique: String,
    kind: FileKind,
}

const LONGEST_UNIQUE: usize = 96;

impl FileName {
    /// The name of a question's file. `None` if `unique` isn't fit for one, or the
    /// family has no second step.
    #[must_use]
    pub fn request(family: Family, step: Step, unique: &str) -> Option<Self> {
        let has_step = step == Step::One || family.is_bulk();
        (has_step && is_unique_part(unique)).then(|| Self {
            family,
            step,
            direction: Direction::Request,
            face: false,
            unique: unique.to_owned(),
            kind: FileKind::Xml,
        })
    }

    /// The name of the file with a card check-in's result: institution code and
    /// terminal's token, then the time in Japan.
    #[must_use]
    pub fn face(middle: &str, at: DateTime) -> Option<Self> {
        let unique = format!("{middle}_{}", at.strftime("%Y%m%d%H%M%S"));
        is_unique_part(&unique).then_some(Self {
            family: Family::Qualification,
            step: Step::One,
            direction: Direction::Response,
            face: true,
            unique,
            kind: FileKind::Xml,
        })
    }

    /// A file name without its folder. `None` if it isn't one of these: then the
    /// file is another program's.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        // Longer than any, and all that follow are offsets in ASCII.
        if name.len() > 128 || !name.is_ascii() {
            return None;
        }
        let family = Family::from_prefix(name.get(..8)?)?;
        let step = match name.get(8..10)? {
            "01" => Step::One,
            "02" if family.is_bulk() => Step::Two,
            _ => return None,
        };
        let direction = match name.get(10..14)?.to_ascii_lowercase().as_str() {
            "req_" => Direction::Request,
            "res_" => Direction::Response,
            _ => return None,
        };
        let (rest, ending) = name.get(14..)?.rsplit_once('.')?;
        let kind = FileKind::ALL
            .into_iter()
            .find(|kind| kind.ending().eq_ignore_ascii_case(ending))?;
        let face = family == Family::Qualification
            && direction == Direction::Response
            && rest
                .get(..5)
                .is_some_and(|begin| begin.eq_ignore_ascii_case("face_"));
        let unique = if face { rest.get(5..)? } else { rest };
        is_unique_part(unique).then(|| Self {
            family,
            step,
            direction,
            face,
            unique: unique.to_owned(),
            kind,
        })
    }

    /// The family.
    #[must_use]
    pub const fn family(&self) -> Family {
        self.family
    }

    /// The step.
    #[must_use]
    pub const fn step(&self) -> Step {
        self.step
    }

    /// Question or answer.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// Whether it is the result of a card check-in (顔認証付きカードリーダー), which
    /// answers no question of ours.
    #[must_use]
    pub const fn is_face(&self) -> bool {
        self.face
    }

    /// By its ending.
    #[must_use]
    pub const fn kind(&self) -> FileKind {
        self.kind
    }

    /// The part that tells it from other files of its kind, as it was written.
    #[must_use]
    pub fn unique(&self) -> &str {
        &self.unique
    }

    /// The time in the name of a check-in's result, in Japan. Some programs write
    /// names without.
    #[must_use]
    pub fn face_time(&self) -> Option<DateTime> {
        let digits = match self.unique.rsplit_once('_') {
            Some((_, digits)) => digits,
            None => &self.unique,
        };
        let right = self.face && digits.len() == 14 && digits.bytes().all(|b| b.is_ascii_digit());
        right.then(|| DateTime::strptime("%Y%m%d%H%M%S", digits).ok())?
    }

    /// The name with another ending.
    #[must_use]
    pub fn with_kind(self, kind: FileKind) -> Self {
        Self { kind, ..self }
    }

    /// The name of the answer to this question.
    #[must_use]
    pub fn response(&self) -> Self {
        Self {
            direction: Direction::Response,
            ..self.clone()
        }
    }

    /// Whether this is a file that answers `request`: the same family, step and
    /// unique part in any letters, coming back as `res`, or as `req` with `.err`.
    #[must_use]
    pub fn answers(&self, request: &Self) -> bool {
        let comes_back = match self.kind {
            FileKind::Err => true,
            FileKind::Xml | FileKind::Zip | FileKind::Pdf => self.direction == Direction::Response,
        };
        comes_back
            && !self.face
            && request.direction == Direction::Request
            && (self.family, self.step) == (request.family, request.step)
            && self.unique.eq_ignore_ascii_case(&request.unique)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = match self.step {
            Step::One => "01",
            Step::Two => "02",
        };
        let direction = match self.direction {
            Direction::Request => "req",
            Direction::Response => "res",
        };
        write!(
            f,
            "{}{step}{direction}{}_{}.{}",
            self.family.prefix(),
            if self.face { "_face" } else { "" },
            self.unique,
            self.kind.ending()
        )
    }
}

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Xml, Self::Zip, Self::Pdf, Self::Err];

    const fn ending(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Zip => "zip",
            Self::Pdf => "pdf",
            Self::Err => "err",
        }
    }
}

fn is_unique_part(unique: &str) -> bool {
    let fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=+.".contains(&byte);
    (1..=LONGEST_UNIQUE).contains(&unique.len())
        && unique.bytes().all(fit)
        && !unique.starts_with('.')
        && !unique.ends_with('.')
        && !unique.contains("..")
}
