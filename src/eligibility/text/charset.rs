use std::fmt;

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};

use super::plausible::reads_as_shift_jis;

/// How many bytes at the beginning of a file decide its encoding.
pub(crate) const PROBE: usize = 64 * 1024;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The two encodings of exchanged files (code table CD005,
/// `CharacterCodeIdentifier`).
///
/// ```
/// use uketsuke::eligibility::text::Charset;
///
/// assert_eq!(Charset::from_code("1"), Some(Charset::ShiftJis));
/// assert_eq!(Charset::ShiftJis.name(), "Shift_JIS");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
pub enum Charset {
    /// `0`: UTF-8.
    Utf8,
    /// `1`: Shift_JIS, in fact CP932 (Windows-31J).
    ShiftJis,
}

impl Charset {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Utf8, Self::ShiftJis];

    /// The code of the element `CharacterCodeIdentifier`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Utf8 => "0",
            Self::ShiftJis => "1",
        }
    }

    /// From that code; blanks around it don't matter. What the code says is never
    /// trusted over the bytes.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|charset| charset.code() == code.trim())
    }

    /// The name as an XML declaration says it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::ShiftJis => "Shift_JIS",
        }
    }

    /// By the names that programs use for the two.
    fn from_name(name: &[u8]) -> Option<Self> {
        const UTF8: [&str; 2] = ["utf-8", "utf8"];
        const SHIFT_JIS: [&str; 8] = [
            "shift_jis",
            "shift-jis",
            "sjis",
            "x-sjis",
            "windows-31j",
            "cp932",
            "ms932",
            "windows-932",
        ];
        let is = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
        if UTF8.iter().any(is) {
            Some(Self::Utf8)
        } else {
            SHIFT_JIS.iter().any(is).then_some(Self::ShiftJis)
        }
    }

    pub(super) fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::ShiftJis => SHIFT_JIS,
        }
    }
}

/// The name of the encoding.
impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the beginning of a file says about its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Detected {
    pub(super) charset: Charset,
    /// Bytes of the byte order mark, to be left out.
    pub(super) mark: usize,
}

/// [`detect`] for a file that is here to its end.
pub(super) fn detect_in(file: &[u8]) -> Option<Detected> {
    let head = file.get(..PROBE).unwrap_or(file);
    // As for a stream, which hasn't seen the end of a file of that very length.
    detect(head, file.len() < PROBE)
}

/// Where somebody who reads what begins with `head` would take it for another text
/// than was written in `charset`: the first character that isn't ASCII. `whole` says
/// that nothing follows but ASCII.
pub(crate) fn misread(head: &[u8], whole: bool, charset: Charset) -> Option<usize> {
    let right = match charset {
        // Well-formed it is, so that only a mark or a wrong declaration could hide it.
        Charset::Utf8 => {
            !head.starts_with(UTF8_MARK)
                && declared(head).is_some_and(|declared| declared != Some(Charset::ShiftJis))
        }
        Charset::ShiftJis => false,
    };
    let same = || {
        detect(head, whole).is_some_and(|found| {
            found.mark == 0 && (found.charset == charset || (whole && head.is_ascii()))
        })
    };
    let first = || head.iter().position(|byte| !byte.is_ascii());
    (!right && !same()).then(|| first().unwrap_or_default())
}

/// Byte order mark, then the bytes, then the declaration, then UTF-8 (which is
/// XML's own rule where nothing is declared). Where the bytes are right as they are
/// declared they can't outvote it: 隕区悽 in CP932 is 見本 in UTF-8. `head` is the
/// beginning of the file, `whole` says that it is all of it. `None`: it names a
/// third encoding.
pub(super) fn detect(head: &[u8], whole: bool) -> Option<Detected> {
    if head.starts_with(b"\xFE\xFF") || head.starts_with(b"\xFF\xFE") {
        return None;
    }
    if let Some(rest) = head.strip_prefix(UTF8_MARK) {
        let mark = UTF8_MARK.len();
        return declared(rest).map(|_| Detected {
            charset: Charset::Utf8,
            mark,
        });
    }
    let declared = declared(head)?;
    let charset = match (vote(head, whole), declared) {
        (Some(Charset::Utf8), Some(Charset::ShiftJis)) if reads_as_shift_jis(head, whole) => {
            Charset::ShiftJis
        }
        (Some(voted), _) => voted,
        (None, declared) => declared.unwrap_or(Charset::Utf8),
    };
    Some(Detected { charset, mark: 0 })
}

/// What the bytes themselves say; `None` if that is nothing clear.
///
/// Japanese in UTF-8 is sequences of three bytes, which CP932 makes of a few rare
/// kanji only, while nearly every character of CP932 is ill-formed UTF-8. So the
/// majority decides, and one damaged character doesn't turn a UTF-8 file into
/// another text (文字化け) but is an error of its own. Sequences of two bytes don't
/// count: two half-width kana of CP932 can look like one.
fn vote(head: &[u8], whole: bool) -> Option<Charset> {
    if head.is_ascii() {
        return None;
    }
    let (mut wide, mut ill) = (0_usize, 0_usize);
    let mut left = head.len();
    for chunk in head.utf8_chunks() {
        wide += chunk.valid().bytes().filter(|byte| *byte >= 0xE0).count();
        left -= chunk.valid().len() + chunk.invalid().len();
        // Where the head ends is no fault of the file.
        let cut = left == 0 && !whole;
        ill += usize::from(!chunk.invalid().is_empty() && !cut);
    }
    match wide.cmp(&ill) {
        std::cmp::Ordering::Greater => Some(Charset::Utf8),
        std::cmp::Ordering::Less => Some(Charset::ShiftJis),
        std::cmp::Ordering::Equal => None,
    }
}

/// The declared encoding. `None`: one that we don't know; `Some(None)`: nothing declared.
fn declared(head: &[u8]) -> Option<Option<Charset>> {
    match declared_name(head) {
        Some(name) => Charset::from_name(name).map(Some),
        None => Some(None),
    }
}

/// The value of `encoding` in `<?xml …?>`.
fn declared_name(head: &[u8]) -> Option<&[u8]> {
    let declaration = head.get(..head.len().min(256))?.strip_prefix(b"<?xml")?;
    let end = declaration.iter().position(|byte| *byte == b'>')?;
    let declaration = declaration.get(..end)?;
    let at = declaration
        .windows(b"encoding".len())
        .position(|window| window == b"encoding")?;
    let value = declaration.get(at + b"encoding".len()..)?;
    let value = value
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let (quote, value) = value.split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    value.split(|byte| byte == quote).next()
}
