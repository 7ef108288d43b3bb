use std::fmt;
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom, Write as _};

use thiserror::Error;
use zip::read::ZipFile;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{FileKind, FileName, MessageFile};

/// An answer that comes as a `.zip`: exactly one entry, which bears the archive's
/// own name with `.xml` (or `.pdf`).
///
/// What an archive can do is bounded: its directory is at most 64 KiB, what comes
/// out at most `cap` bytes and 200 times what is stored, and nothing is written
/// anywhere. ZIP64, multi-disk and encrypted archives are refused.
///
/// ```
/// use std::io::{Cursor, Read, Write};
/// use uketsuke::eligibility::message::{Archive, FileName};
/// # let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
/// # writer.start_file("OQSmuquc02res_1.xml", zip::write::SimpleFileOptions::default())?;
/// # writer.write_all(b"<XmlMsg/>")?;
/// # let file = writer.finish()?.into_inner();
///
/// let name = FileName::parse("OQSmuquc02res_1.zip").ok_or("another program's file")?;
/// let mut archive = Archive::open(Cursor::new(file), &name, 1 << 30)?;
/// let mut text = String::new();
/// archive.entry()?.read_to_string(&mut text)?;
/// assert_eq!(text, "<XmlMsg/>");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Archive<R> {
    archive: ZipArchive<R>,
    cap: u64,
    kind: FileKind,
}

/// An archive can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// Reading the file failed.
    #[error("reading failed: {0}")]
    Io(ErrorKind),
    /// It isn't a whole archive: still being written, damaged, or something else.
    #[error("not a whole .zip: still being written, damaged, or something else")]
    NotAnArchive,
    /// The connector encrypts these files, and this library has no password for
    /// them.
    #[error(
        "the archive is encrypted: in the connector's encrypt.conf, give the line of {prefix} an `n` (do not encrypt)"
    )]
    Encrypted {
        /// The prefix of the file's name, whose line has to say `n`.
        prefix: &'static str,
    },
    /// Other than exactly one entry.
    #[error("not exactly one entry")]
    NotOneEntry,
    /// The entry isn't the message that the archive is named after: another name, a
    /// folder, a link, or an archive again.
    #[error("the entry isn't the message that the archive is named after")]
    WrongEntry,
    /// More comes out than is allowed.
    #[error("more than {cap} bytes come out")]
    TooLarge {
        /// How many bytes are allowed.
        cap: u64,
    },
    /// What comes out is so many times longer than what is stored that it can't be
    /// a message.
    #[error("more than {RATIO} times as much comes out as is stored")]
    Bomb,
    /// ZIP64, several disks, a large directory, or another compression than
    /// deflate.
    #[error("a kind of .zip that isn't used for messages")]
    Unsupported,
}

/// Messages of many people alike have been compressed to a fiftieth; deflate can do
/// a thousandth.
const RATIO: u64 = 200;

/// So much may come out before the ratio counts.
const FREE: u64 = 64 * 1024;

const LARGEST_DIRECTORY: u64 = 64 * 1024;

impl<R: Read + Seek> Archive<R> {
    /// Opens the archive found under `name`. At most `cap` bytes are to come out of
    /// it; see [`Family::cap`](super::Family::cap).
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn open(mut source: R, name: &FileName, cap: u64) -> Result<Self, ArchiveError> {
        check_directory(&mut source, name.family().prefix())?;
        let mut archive = ZipArchive::new(source).map_err(|error| refusal(&error))?;
        if archive.len() != 1 {
            return Err(ArchiveError::NotOneEntry);
        }
        let entry = archive.by_index_raw(0).map_err(|error| refusal(&error))?;
        let kind = std::str::from_utf8(entry.name_raw())
            .ok()
            .and_then(FileName::parse)
            .filter(|inside| is_inside(inside, name) && entry.is_file())
            .map(|inside| inside.kind())
            .ok_or(ArchiveError::WrongEntry)?;
        // What it says of itself; what it does is counted while reading.
        if entry.size() > cap {
            return Err(ArchiveError::TooLarge { cap });
        }
        drop(entry);
        Ok(Self { archive, cap, kind })
    }

    /// The entry, to be read once. Reading fails with
    /// [`ErrorKind::FileTooLarge`] where too much comes out, and with
    /// [`ErrorKind::InvalidData`] where it is damaged.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn entry(&mut self) -> Result<ArchiveEntry<'_, R>, ArchiveError> {
        let entry = self.archive.by_index(0).map_err(|error| refusal(&error))?;
        let by_ratio = entry.compressed_size().saturating_mul(RATIO).max(FREE);
        let error = match self.cap.cmp(&by_ratio) {
            std::cmp::Ordering::Greater => ArchiveError::Bomb,
            _ => ArchiveError::TooLarge { cap: self.cap },
        };
        Ok(ArchiveEntry {
            left: self.cap.min(by_ratio),
            entry,
            error,
        })
    }

    /// What the entry is, by its name: [`FileKind::Xml`] or [`FileKind::Pdf`].
    #[must_use]
    pub const fn kind(&self) -> FileKind {
        self.kind
    }
}

impl<R> fmt::Debug for Archive<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive")
            .field("cap", &self.cap)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// What is in an [`Archive`], as it comes out.
pub struct ArchiveEntry<'a, R: Read> {
    entry: ZipFile<'a, R>,
    left: u64,
    error: ArchiveError,
}

impl<R: Read> Read for ArchiveEntry<'_, R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            // The end, or too much.
            return match self.entry.read(&mut [0; 1])? {
                0 => Ok(0),
                _ if room.is_empty() => Ok(0),
                _ => Err(io::Error::new(ErrorKind::FileTooLarge, self.error)),
            };
        }
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(room.len());
        let read = self.entry.read(room.get_mut(..most).unwrap_or_default())?;
        self.left = self
            .left
            .saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

impl<R: Read> fmt::Debug for ArchiveEntry<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArchiveEntry")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// Writes an archive with one message in it, as [`Archive`] reads it: for
/// simulations, and for tests of programs that read answers. `name` is the
/// archive's, and decides the entry's.
///
/// ```
/// use std::io::{Cursor, Read};
/// use uketsuke::eligibility::message::{Archive, FileName, write_archive};
///
/// let name = FileName::parse("OQSmuquc02res_1.zip").ok_or("another program's file")?;
/// let file = write_archive(&name, b"<XmlMsg/>")?;
/// let mut archive = Archive::open(Cursor::new(file.as_bytes()), &name, 1 << 20)?;
/// let mut text = String::new();
/// archive.entry()?.read_to_string(&mut text)?;
/// assert_eq!(text, "<XmlMsg/>");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ArchiveError::Unsupported`] for a message of 4 GiB and more.
pub fn write_archive(name: &FileName, message: &[u8]) -> Result<MessageFile, ArchiveError> {
    let written = || {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(
            name.clone().with_kind(FileKind::Xml).to_string(),
            SimpleFileOptions::default(),
        )?;
        writer.write_all(message)?;
        writer.finish()
    };
    match written() {
        Ok(file) => Ok(MessageFile::new(file.into_inner())),
        Err(error) => Err(refusal(&error)),
    }
}

/// Looks at the end of the file and its one directory entry, before anything is
/// believed or allocated (APPNOTE.TXT 4.3.12, 4.3.16).
fn check_directory<R: Read + Seek>(
    source: &mut R,
    prefix: &'static str,
) -> Result<(), ArchiveError> {
    const END: &[u8] = b"PK\x05\x06";
    const END_BYTES: usize = 22;
    let io = |error: io::Error| ArchiveError::Io(error.kind());
    let length = source.seek(SeekFrom::End(0)).map_err(io)?;
    // With the longest comment, and the ZIP64 locator before.
    let tail_bytes = length.min(20 + 22 + 65_535);
    source
        .seek(SeekFrom::Start(length - tail_bytes))
        .map_err(io)?;
    let mut tail = Vec::new();
    source.take(tail_bytes).read_to_end(&mut tail).map_err(io)?;
    let at = tail
        .windows(END.len())
        .rposition(|window| window == END)
        .ok_or(ArchiveError::NotAnArchive)?;
    let (before, end) = tail
        .split_at_checked(at)
        .ok_or(ArchiveError::NotAnArchive)?;
    let short = |at: usize| Some(u16::from_le_bytes(end.get(at..at + 2)?.try_into().ok()?));
    let long = |at: usize| {
        Some(u64::from(u32::from_le_bytes(
            end.get(at..at + 4)?.try_into().ok()?,
        )))
    };
    let whole = || {
        let (here, all) = (short(8)?, short(10)?);
        let comment = usize::from(short(20)?);
        (end.len() == END_BYTES + comment).then_some((here, all, long(12)?, long(16)?))
    };
    let (here, all, size, begin) = whole().ok_or(ArchiveError::NotAnArchive)?;
    if before.len() >= 20
        && before
            .get(before.len() - 20..)
            .is_some_and(|b| b.starts_with(b"PK\x06\x07"))
    {
        return Err(ArchiveError::Unsupported);
    }
    if (here, all) != (1, 1) {
        return Err(ArchiveError::NotOneEntry);
    }
    if size > LARGEST_DIRECTORY {
        return Err(ArchiveError::Unsupported);
    }
    let end_at = length - tail_bytes + u64::try_from(at).unwrap_or_default();
    if begin + size != end_at {
        return Err(ArchiveError::NotAnArchive);
    }
    let mut entry = [0; 46];
    source.seek(SeekFrom::Start(begin)).map_err(io)?;
    source.read_exact(&mut entry).map_err(io)?;
    if !entry.starts_with(b"PK\x01\x02") {
        return Err(ArchiveError::NotAnArchive);
    }
    let [.., flags, _] = entry.first_chunk::<10>().copied().unwrap_or_default();
    if flags & 1 == 1 {
        return Err(ArchiveError::Encrypted { prefix });
    }
    // What it says is stored must be there, since what may come out goes by it.
    let at = |at: usize| {
        let bytes = entry.get(at..at + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_le_bytes(bytes)))
    };
    let stored = at(20).zip(at(42)).map(|(stored, from)| from + 30 + stored);
    if stored.is_none_or(|end| end > begin) {
        return Err(ArchiveError::NotAnArchive);
    }
    source.rewind().map_err(io)
}

/// Whether an entry of this name belongs into the archive of that name.
fn is_inside(inside: &FileName, archive: &FileName) -> bool {
    let same = |name: &FileName| (name.family(), name.step(), name.direction(), name.is_face());
    matches!(inside.kind(), FileKind::Xml | FileKind::Pdf)
        && same(inside) == same(archive)
        && inside.unique().eq_ignore_ascii_case(archive.unique())
}

fn refusal(error: &ZipError) -> ArchiveError {
    match error {
        ZipError::Io(error) if error.kind() == ErrorKind::UnexpectedEof => {
            ArchiveError::NotAnArchive
        }
        ZipError::Io(error) => ArchiveError::Io(error.kind()),
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            ArchiveError::Unsupported
        }
        _ => ArchiveError::NotAnArchive,
    }
}

#[cfg(test)]
mod tests;
