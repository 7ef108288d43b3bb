use std::io::{Cursor, Read, Write};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::{AnswerHeader, FileKind, FileName, ReadError};
use super::{Archive, ArchiveError, RATIO};

const NAME: &str = "OQSmuquc02res_1.xml";

fn zipped(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in entries {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn deflated(name: &str, bytes: &[u8]) -> Vec<u8> {
    zipped(&[(name, bytes)], CompressionMethod::Deflated)
}

fn read(file: &[u8], cap: u64) -> Result<Result<Vec<u8>, std::io::Error>, ArchiveError> {
    let name = FileName::parse("oqsmuquc02res_1.ZIP").unwrap();
    let mut archive = Archive::open(Cursor::new(file), &name, cap)?;
    let mut bytes = Vec::new();
    let read = archive.entry()?.read_to_end(&mut bytes);
    Ok(read.map(|_| bytes))
}

#[test]
fn one_entry_of_the_right_name_comes_out() {
    for method in [CompressionMethod::Deflated, CompressionMethod::Stored] {
        for bytes in [&b""[..], b"<XmlMsg/>", &[7; 60_000]] {
            let file = zipped(&[(NAME, bytes)], method);
            assert_eq!(read(&file, 60_000).unwrap().unwrap(), bytes);
        }
    }
    let name = FileName::parse("OQSmuquc02res_1.zip").unwrap();
    let pdf = deflated("OQSmuquc02res_1.PDF", b"%PDF");
    let archive = Archive::open(Cursor::new(pdf), &name, 9).unwrap();
    assert_eq!(archive.kind(), FileKind::Pdf);
}

/// What may come out goes by what is stored, so it must be there.
#[test]
fn a_stored_size_that_lies_is_refused() {
    let mut file = deflated(NAME, &[0; 20 << 20]);
    let bomb = read(&file, 1 << 30).unwrap().unwrap_err();
    assert_eq!(bomb.kind(), std::io::ErrorKind::FileTooLarge);
    let directory = file
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    for lie in [file.len() as u32, 0x00ff_ffff, 0xffff_fffe] {
        file[directory + 20..directory + 24].copy_from_slice(&lie.to_le_bytes());
        assert_eq!(read(&file, 1 << 30).err(), Some(ArchiveError::NotAnArchive));
    }
}

#[test]
fn wrong_entries_are_refused() {
    for name in [
        "OQSmuquc02res_2.xml",
        "OQSmuquc01res_1.xml",
        "OQSmuquc02req_1.xml",
        "OQSmuquc02res_1.zip",
        "OQSmuquc02res_1.err",
        "../OQSmuquc02res_1.xml",
        "/OQSmuquc02res_1.xml",
        "a/OQSmuquc02res_1.xml",
        "OQSmuquc02res_1.xml/",
        "C:\\OQSmuquc02res_1.xml",
        "x",
        "",
    ] {
        assert_eq!(
            read(&deflated(name, b""), 9).err(),
            Some(ArchiveError::WrongEntry),
            "{name}"
        );
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .add_symlink(NAME, "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    let link = writer.finish().unwrap().into_inner();
    assert_eq!(read(&link, 99).err(), Some(ArchiveError::WrongEntry));
    for entries in [&[][..], &[(NAME, &b"1"[..]), ("x", b"2")]] {
        let file = zipped(entries, CompressionMethod::Stored);
        assert_eq!(read(&file, 9).err(), Some(ArchiveError::NotOneEntry));
    }
    let many: Vec<(String, &[u8])> = (0..3000).map(|n| (n.to_string(), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, bytes)| (name.as_str(), *bytes))
        .collect();
    let mut file = zipped(&many, CompressionMethod::Stored);
    assert_eq!(read(&file, 9).err(), Some(ArchiveError::NotOneEntry));
    // It says that there is one, in a large directory.
    let end = file.len() - 22;
    file[end + 8..end + 12].copy_from_slice(&[1, 0, 1, 0]);
    assert_eq!(read(&file, 9).err(), Some(ArchiveError::Unsupported));
}

#[test]
fn an_encrypted_archive_names_the_setting() {
    let mut file = deflated(NAME, b"<XmlMsg/>");
    let directory = file.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    file[directory + 8] |= 1;
    let error = read(&file, 99).unwrap_err();
    assert_eq!(error, ArchiveError::Encrypted { prefix: "OQSmuquc" });
    let said = error.to_string();
    assert!(said.contains("encrypt.conf") && said.contains("OQSmuquc") && said.contains("`n`"));
}

#[test]
fn what_comes_out_is_bounded() {
    let large = |size: usize| deflated(NAME, &vec![b' '; size]);
    let kind = |read: Result<Vec<u8>, std::io::Error>| read.unwrap_err().kind();
    // It says so, or lies, and then no more than it said is looked at.
    let cap = 1 << 20;
    let mut file = large(2 << 20);
    assert_eq!(read(&file, cap).err(), Some(ArchiveError::TooLarge { cap }));
    let directory = file.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    file[directory + 24..directory + 28].copy_from_slice(&9_u32.to_le_bytes());
    assert_eq!(
        kind(read(&file, 64).unwrap()),
        std::io::ErrorKind::InvalidData
    );
    // Within the cap, but not within the ratio.
    let bomb = large(16 << 20);
    assert!(bomb.len() as u64 * RATIO < 16 << 20);
    let error = read(&bomb, 1 << 30).unwrap().unwrap_err();
    assert_eq!(error.to_string(), ArchiveError::Bomb.to_string());
    // As a source of an answer, it is an error like any other.
    let name = FileName::parse("OQSmuquc02res_1.zip").unwrap();
    let mut archive = Archive::open(Cursor::new(&bomb), &name, 1 << 30).unwrap();
    let read = AnswerHeader::survey(archive.entry().unwrap());
    assert_eq!(read, Err(ReadError::Io(std::io::ErrorKind::FileTooLarge)));
}

#[test]
fn a_cut_or_damaged_archive_is_refused() {
    let bytes: Vec<u8> = (0..300_u32).flat_map(u32::to_le_bytes).collect();
    let file = deflated(NAME, &bytes);
    for end in 0..file.len() {
        let error = read(&file[..end], 1 << 20).unwrap_err();
        assert_eq!(error, ArchiveError::NotAnArchive, "{end}");
    }
    let mut file = file;
    let middle = 30 + NAME.len() + 100;
    file[middle] ^= 0x10;
    assert!(matches!(read(&file, 1 << 20), Ok(Err(_))));
    assert_eq!(
        read(b"<XmlMsg/>", 9).err(),
        Some(ArchiveError::NotAnArchive)
    );
}

proptest! {
    #[test]
    fn a_changed_archive_gives_the_same_or_nothing(at: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
        let bytes = b"<XmlMsg>0123456789</XmlMsg>".repeat(20);
        let mut file = deflated(NAME, &bytes);
        let at = at.index(file.len());
        file[at] = byte;
        if let Ok(Ok(read)) = read(&file, 1000) {
            prop_assert_eq!(&read, &bytes);
        }
        let cut = cut.index(file.len());
        let _ = read(&file[cut..], 1000);
    }
}
