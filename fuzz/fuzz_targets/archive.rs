//! Archives from the folder of answers: no panic, no more memory than an archive may take, no more out of it than the cap and the
//! ratio allow, and the same however it is read. What was packed comes out, or nothing does.
//!
//! The first byte chooses the input (an archive as it comes, edits of a good one, one made of the rest), the second the cap, and
//! after how many calls the disk fails.

#![no_main]

use std::io::{Cursor, ErrorKind, Read, Seek, SeekFrom, Write as _};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use uketsuke::eligibility::Failure;
use uketsuke::eligibility::message::{Archive, ArchiveError, FileKind, FileName, write_archive};
use uketsuke_fuzz::{counted, edited};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const NAMES: [&str; 8] = [
    "OQSmuquc02res_1.xml",
    "oqsmuquc02RES_1.PDF",
    "OQSmuquc02res_2.xml",
    "OQSmuquc02res_1.zip",
    "../OQSmuquc02res_1.xml",
    "OQSmuquc02res_1.xml/",
    "",
    "見本",
];

/// Tail, directory and the decoder's own.
const MOST_MEMORY: usize = 512 << 10;

static GOOD: LazyLock<[Vec<u8>; 4]> = LazyLock::new(|| {
    let text = b"<XmlMsg>0123456789</XmlMsg>".repeat(40);
    [
        packed(NAMES[0], &text, CompressionMethod::Deflated, 1),
        packed(NAMES[1], &text, CompressionMethod::Stored, 1),
        packed(NAMES[0], &[b' '; 300_000], CompressionMethod::Deflated, 1),
        packed(NAMES[0], &text, CompressionMethod::Deflated, 2),
    ]
});

fn packed(name: &str, contents: &[u8], method: CompressionMethod, entries: u8) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for entry in 0..entries {
        let more = if entry == 0 { "" } else { "x" };
        writer
            .start_file(format!("{name}{more}"), options)
            .expect("a name");
        writer.write_all(contents).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

fuzz_target!(|input: &[u8]| {
    let [how, cap, rest @ ..] = input else {
        return;
    };
    let calls = (cap >> 5) * 3;
    let cap = 1_u64 << (cap % 31);
    match how & 3 {
        0 => failing(rest, cap, calls),
        1 | 2 => failing(&edited(&GOOD[usize::from(how >> 2 & 3)], rest), cap, calls),
        _ => made(*how, rest, cap),
    }
});

/// Read, and read once more from a disk that fails after some calls.
fn failing(file: &[u8], cap: u64, calls: u8) {
    let good = both(file, cap);
    let mut left = u32::from(calls);
    let failed = read(Failing(Cursor::new(file), &mut left), cap, 8192);
    match (failed, good) {
        (Ok(failed), Ok(good)) => assert!(failed == good || failed.2.is_none()),
        (Err(ArchiveError::Io(kind)), _) => {
            assert_eq!(kind, ErrorKind::TimedOut);
            assert_eq!(ArchiveError::Io(kind).failure(), Failure::FolderUnavailable);
        }
        (Err(failed), Err(good)) => assert_eq!(failed, good),
        (failed, good) => panic!("{failed:?} where it was {good:?}"),
    }
}

fn made(how: u8, contents: &[u8], cap: u64) {
    // The library's own archives have one right entry.
    let own = how & 128 != 0;
    let name = match own {
        true => NAMES[0],
        false => NAMES[usize::from(how >> 2 & 7)],
    };
    let method = match how & 32 {
        0 => CompressionMethod::Deflated,
        _ => CompressionMethod::Stored,
    };
    // The same again and again, as in a bomb.
    let times = (1 << 20) / (contents.len() + 1);
    let contents = contents.repeat(if how & 64 == 0 { 1 } else { times });
    let mut file = packed(name, &contents, method, 1);
    if own {
        let name = FileName::parse(name).expect("a name");
        let written = write_archive(&name, &contents).expect("it fits");
        assert!(format!("{written:?}").len() < 40);
        file = written.as_bytes().to_vec();
    }
    match both(&file, cap) {
        Ok((kind, length, beginning)) => {
            assert!(NAMES[..2].contains(&name), "{name}");
            assert_eq!(
                kind,
                if name == NAMES[0] {
                    FileKind::Xml
                } else {
                    FileKind::Pdf
                }
            );
            match beginning {
                Some(beginning) => assert!(
                    contents.starts_with(&beginning) && contents.len() as u64 == length,
                    "something else came out"
                ),
                // The one entry's part of the file is what the ratio counts.
                None => assert!(contents.len() > file.len().saturating_sub(200) * 200),
            }
        }
        Err(ArchiveError::WrongEntry) => assert!(!NAMES[..2].contains(&name)),
        Err(error) => assert!(
            contents.len() as u64 > cap && error == ArchiveError::TooLarge { cap },
            "{error}"
        ),
    }
}

/// Read at once and in pieces.
fn both(file: &[u8], cap: u64) -> Result<Out, ArchiveError> {
    let once = read(Cursor::new(file), cap, 8192);
    let pieces = read(Slow(Cursor::new(file)), cap, 700);
    assert_eq!(once, pieces);
    if let Err(error) = &once {
        assert!(error.to_string().len() < 200 && error.failure() != Failure::FolderUnavailable);
    }
    let most = cap.min((file.len() as u64 * 200).max(64 << 10));
    assert!(once.as_ref().is_ok_and(|once| once.1 <= most) || once.is_err());
    once
}

/// What the entry is, its length, and its beginning if it could be read to its end.
type Out = (FileKind, u64, Option<Vec<u8>>);

fn read<R: Read + Seek>(source: R, cap: u64, piece: usize) -> Result<Out, ArchiveError> {
    let name = FileName::parse("OQSmuquc02res_1.zip").expect("a name");
    let mut beginning = Vec::with_capacity(1 << 16);
    let mut room = vec![0; piece];
    let mut kind = FileKind::Xml;
    let (read, held) = counted(|| {
        let mut archive = Archive::open(source, &name, cap)?;
        kind = archive.kind();
        assert!(format!("{archive:?}").len() < 100);
        let mut entry = archive.entry()?;
        assert!(format!("{entry:?}").len() < 100);
        let mut length = 0_u64;
        loop {
            match entry.read(&mut room) {
                Ok(0) => return Ok((length, true)),
                Ok(more) => {
                    length += more as u64;
                    let left = beginning.capacity() - beginning.len();
                    beginning.extend_from_slice(&room[..more.min(left)]);
                }
                // How much came out before the fault depends on the pieces.
                Err(_) => return Ok((0, false)),
            }
        }
    });
    assert!(held <= MOST_MEMORY, "{held} bytes");
    let (length, ended) = read?;
    Ok((kind, length, ended.then_some(beginning)))
}

/// Reads and seeks for so many calls.
struct Failing<'a>(Cursor<&'a [u8]>, &'a mut u32);

impl Failing<'_> {
    fn call(&mut self) -> std::io::Result<()> {
        let left = self.1.checked_sub(1).ok_or(ErrorKind::TimedOut)?;
        *self.1 = left;
        Ok(())
    }
}

impl Read for Failing<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        self.call()?;
        self.0.read(room)
    }
}

impl Seek for Failing<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.call()?;
        self.0.seek(to)
    }
}

/// A byte or two at a time.
struct Slow<'a>(Cursor<&'a [u8]>);

impl Read for Slow<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let size = room.len().min(1 + (self.0.position() as usize & 15));
        self.0.read(&mut room[..size])
    }
}

impl Seek for Slow<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}
