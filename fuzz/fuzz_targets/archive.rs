//! Archives from the folder of answers: no panic, no more memory than an archive may take, no more out of it than the cap and the
//! ratio allow, and the same however it is read. What was packed comes out, or nothing does.
//!
//! The first byte chooses the input (an archive as it comes, edits of a good one, one made of the rest), the second the cap.

#![no_main]

use std::io::{Cursor, Read, Seek, SeekFrom, Write as _};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use uketsuke::eligibility::message::{Archive, ArchiveError, FileKind, FileName};
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
    let cap = 1_u64 << (cap % 31);
    match how & 3 {
        0 => drop(both(rest, cap)),
        1 | 2 => drop(both(&edited(&GOOD[usize::from(how >> 2 & 3)], rest), cap)),
        _ => made(*how, rest, cap),
    }
});

fn made(how: u8, contents: &[u8], cap: u64) {
    let name = NAMES[usize::from(how >> 2 & 7)];
    let method = match how & 32 {
        0 => CompressionMethod::Deflated,
        _ => CompressionMethod::Stored,
    };
    // The same again and again, as in a bomb.
    let times = (1 << 20) / (contents.len() + 1);
    let contents = contents.repeat(if how & 64 == 0 { 1 } else { times });
    let file = packed(name, &contents, method, 1);
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
        let mut entry = archive.entry()?;
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
