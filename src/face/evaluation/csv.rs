use std::io::{self, BufRead, Read as _};

use thiserror::Error;

use super::{Evaluation, Trial, TrialError, Trials};

/// A file of scores can't be read. `Display`: `line 3, column 7: …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {problem}")]
#[non_exhaustive]
pub struct CsvError {
    /// From 1.
    pub line: u64,
    /// Where the field (or the quotation mark) begins that is meant, in characters,
    /// from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: CsvProblem,
}

/// What is wrong with a file of scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CsvProblem {
    /// The first line isn't `kind,score` or `kind,score,groups`.
    #[error("the first line must be \"kind,score\" or \"kind,score,groups\"")]
    Header,
    /// The kind is none of the five.
    #[error("expected mated, non-mated, not-acquired, enrolled or not-enrolled")]
    Kind,
    /// A comparison without a score.
    #[error("a comparison needs a score")]
    NoScore,
    /// The score isn't a number.
    #[error("the score is not a number")]
    NotANumber,
    /// The score is NaN, infinite, or too large for 32 bits.
    #[error("the score is not a finite number")]
    NotFinite,
    /// A score where nothing was compared.
    #[error("nothing was compared here, so there is no score")]
    Score,
    /// More fields than the first line has.
    #[error("more fields than in the first line")]
    TooManyFields,
    /// A quotation mark: fields aren't quoted here.
    #[error("fields are not quoted in this file")]
    Quoted,
    /// The name of a group is empty, too long, or has control characters in it.
    #[error("the name of a group is empty, too long, or has control characters in it")]
    GroupName,
    /// More groups than [`Trials::MAX_GROUPS`].
    #[error("more than {} groups", Trials::MAX_GROUPS)]
    TooManyGroups,
    /// A line of more than 4096 bytes.
    #[error("the line is longer than 4096 bytes")]
    LineTooLong,
    /// Not UTF-8.
    #[error("the line is not UTF-8")]
    NotUtf8,
    /// Reading failed.
    #[error("can't be read: {0}")]
    Io(io::ErrorKind),
}

const MAX_LINE: usize = 4096;

impl Evaluation {
    /// Reads a file of scores: UTF-8, one trial a line, after a first line with the
    /// names of the columns.
    ///
    /// ```text
    /// kind,score,groups
    /// mated,0.83,glasses;75 or older
    /// non-mated,-0.12,
    /// not-acquired,,glasses
    /// ```
    ///
    /// | column | what |
    /// |---|---|
    /// | `kind` | `mated`, `non-mated`, `not-acquired`, `enrolled`, `not-enrolled`: the [`Trial`] |
    /// | `score` | of the first two kinds: a decimal number, higher is more alike |
    /// | `groups` | may be missing: names, with `;` between them |
    ///
    /// Spaces around fields, empty lines, a byte order mark and line ends of either
    /// kind are let pass. Fields aren't quoted. The lines are read one by one; what
    /// is kept is as for [`Trials::add`].
    ///
    /// ```
    /// use uketsuke::face::evaluation::{CsvProblem, Evaluation};
    ///
    /// let file = "kind,score\nmated,0.83\nnon-mated,0.1\nnon-mated,NaN\n";
    /// let error = Evaluation::read_csv(file.as_bytes()).unwrap_err();
    /// assert_eq!((error.line, error.column, error.problem), (4, 11, CsvProblem::NotFinite));
    /// assert_eq!(error.to_string(), "line 4, column 11: the score is not a finite number");
    /// ```
    ///
    /// # Errors
    ///
    /// [`CsvError`], at the first line that is wrong.
    pub fn read_csv(mut file: impl BufRead) -> Result<Self, CsvError> {
        let mut trials = Trials::new();
        let mut columns = None;
        let mut line = 0;
        let mut bytes = Vec::new();
        loop {
            line += 1;
            bytes.clear();
            let at = |column: usize| {
                move |problem| CsvError {
                    line,
                    column,
                    problem,
                }
            };
            // The two more are the line's end.
            let mut part = (&mut file).take(MAX_LINE as u64 + 2);
            let read = part.read_until(b'\n', &mut bytes);
            if read.map_err(|e| at(1)(CsvProblem::Io(e.kind())))? == 0 {
                break;
            }
            let text = text(&bytes, line == 1).map_err(at(1))?;
            if text.trim().is_empty() {
                continue;
            }
            match columns {
                None => columns = Some(header(text).ok_or(CsvProblem::Header).map_err(at(1))?),
                Some(columns) => trial(text, columns, &mut trials)
                    .map_err(|(column, problem)| at(column)(problem))?,
            }
        }
        if columns.is_none() {
            return Err(CsvError {
                line: 1,
                column: 1,
                problem: CsvProblem::Header,
            });
        }
        Ok(trials.evaluate())
    }
}

/// A line without its end, and the first one without a byte order mark.
fn text(bytes: &[u8], first: bool) -> Result<&str, CsvProblem> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    if bytes.len() > MAX_LINE {
        return Err(CsvProblem::LineTooLong);
    }
    let text = str::from_utf8(bytes).map_err(|_| CsvProblem::NotUtf8)?;
    let mark = if first { "\u{feff}" } else { "" };
    Ok(text.strip_prefix(mark).unwrap_or(text))
}

/// How many columns there are.
fn header(line: &str) -> Option<usize> {
    let names: Vec<&str> = line.split(',').map(str::trim).collect();
    let known = ["kind", "score", "groups"];
    let named = names.len() >= 2 && known.starts_with(&names);
    named.then_some(names.len())
}

/// A problem, with the column in which its field begins.
type At<T> = Result<T, (usize, CsvProblem)>;

fn trial(line: &str, columns: usize, trials: &mut Trials) -> At<()> {
    let mut fields = Fields {
        line,
        next: Some(0),
    };
    if let Some(at) = line.find('"') {
        return Err((fields.column(at), CsvProblem::Quoted));
    }
    let (kind_at, kind) = fields.take();
    let (score_at, score) = fields.take();
    let (groups_at, groups) = if columns > 2 { fields.take() } else { (1, "") };
    if fields.next.is_some() {
        return Err((fields.take().0, CsvProblem::TooManyFields));
    }
    let number = || match score.parse::<f32>() {
        _ if score.is_empty() => Err((score_at, CsvProblem::NoScore)),
        Err(_) => Err((score_at, CsvProblem::NotANumber)),
        Ok(number) => Ok(number),
    };
    let none = |trial| match score {
        "" => Ok(trial),
        _ => Err((score_at, CsvProblem::Score)),
    };
    let trial = match kind {
        "mated" => Trial::Mated(number()?),
        "non-mated" => Trial::NonMated(number()?),
        "not-acquired" => none(Trial::NotAcquired)?,
        "enrolled" => none(Trial::Enrolled)?,
        "not-enrolled" => none(Trial::NotEnrolled)?,
        _ => return Err((kind_at, CsvProblem::Kind)),
    };
    let names: Vec<&str> = match groups {
        "" => Vec::new(),
        groups => groups.split(';').map(str::trim).collect(),
    };
    trials.add(trial, &names).map_err(|error| match error {
        TrialError::NotFinite { .. } => (score_at, CsvProblem::NotFinite),
        TrialError::GroupName => (groups_at, CsvProblem::GroupName),
        TrialError::TooManyGroups => (groups_at, CsvProblem::TooManyGroups),
    })
}

/// The fields of one line.
struct Fields<'a> {
    line: &'a str,
    /// The byte where the next one begins. `None` after the last.
    next: Option<usize>,
}

impl<'a> Fields<'a> {
    /// The next field without spaces around it, and its column. Past the last one
    /// it is empty.
    fn take(&mut self) -> (usize, &'a str) {
        let start = self.next.unwrap_or(self.line.len());
        let rest = self.line.get(start..).unwrap_or_default();
        let (field, next) = match rest.split_once(',') {
            Some((field, _)) => (field, Some(start + field.len() + 1)),
            None => (rest, None),
        };
        self.next = next;
        let spaces = field.len() - field.trim_start().len();
        (self.column(start + spaces), field.trim())
    }

    fn column(&self, byte: usize) -> usize {
        self.line.get(..byte).unwrap_or(self.line).chars().count() + 1
    }
}

#[cfg(test)]
mod tests;
