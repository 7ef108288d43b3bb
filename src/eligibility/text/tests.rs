use std::io::{ErrorKind, Read};

use encoding_rs::SHIFT_JIS;
use proptest::prelude::*;

use super::{Charset, Decoding, DecodingError, TextErrorKind, decode, encode, encode_part};

mod misread;

/// Gives its bytes in pieces of the given sizes, over and over.
struct Pieces<'a>(&'a [u8], Vec<usize>, usize);

impl Read for Pieces<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        self.2 += 1;
        let size = self.1[self.2 % self.1.len()];
        if size == 0 {
            return Err(ErrorKind::Interrupted.into());
        }
        let size = size.min(room.len()).min(self.0.len());
        room[..size].copy_from_slice(&self.0[..size]);
        self.0 = &self.0[size..];
        Ok(size)
    }
}

fn streamed(
    bytes: &[u8],
    sizes: &[usize],
    room: usize,
) -> Result<(String, Charset), DecodingError> {
    let mut decoding = Decoding::new(Pieces(bytes, sizes.to_vec(), 0), 1 << 20)?;
    let mut whole = String::new();
    let mut text = String::with_capacity(room);
    let capacity = text.capacity();
    while decoding.read(&mut text)? {
        assert!(!text.is_empty());
        whole.push_str(&text);
        text.clear();
    }
    assert_eq!(text.capacity(), capacity);
    assert_eq!(decoding.read(&mut text), Ok(false));
    Ok((whole, decoding.charset()))
}

/// Every character there is, and every two bytes there are.
#[test]
fn cp932_is_read_as_it_is_and_written_as_it_was_read_or_not_at_all() {
    let mut written = 0;
    for c in '\0'..=char::MAX {
        let mut text = String::from("x");
        text.push(c);
        match encode(&text, Charset::ShiftJis) {
            Ok(bytes) => {
                let (back, _, bad) = SHIFT_JIS.decode(&bytes);
                assert!(!bad && back == text, "{:04X}", u32::from(c));
                written += 1;
            }
            Err(error) => assert_eq!(error, TextErrorKind::Unmappable.at(1)),
        }
    }
    // ASCII and U+0080, half-width kana, JIS X 0208, and what NEC's and IBM's
    // extensions add to it.
    assert_eq!(written, 129 + 63 + 6879 + 447);
    let (mut read, mut private) = (0, 0);
    for first in 0x80..=0xFF_u8 {
        for second in 0x20..=0xFF_u8 {
            // Declared, and with enough kanji that the bytes say so too.
            let mut file = b"<?xml version='1.0' encoding='Shift_JIS'?>\x8C\xA9\x96\x7B".to_vec();
            let at = file.len();
            file.extend([first, second]);
            let (theirs, bad) = SHIFT_JIS.decode_without_bom_handling(&file);
            match decode(&file, 1000) {
                Ok(decoded) => {
                    assert!(!bad && decoded.text() == theirs);
                    assert_eq!(decoded.charset(), Charset::ShiftJis);
                    read += 1;
                    match encode(decoded.text(), Charset::ShiftJis) {
                        // NEC's and IBM's doubles have one form when written.
                        Ok(bytes) => assert_eq!(SHIFT_JIS.decode(&bytes).0, decoded.text()),
                        Err(error) => {
                            private += 1;
                            let c = decoded
                                .text()
                                .get(error.at..)
                                .unwrap()
                                .chars()
                                .next()
                                .unwrap();
                            assert!(matches!(c, '\u{E000}'..='\u{E757}'), "{first:X} {second:X}");
                        }
                    }
                }
                Err(error) => {
                    assert!(bad, "{first:X} {second:X}");
                    assert_eq!(error.kind, TextErrorKind::Malformed(Charset::ShiftJis));
                    assert!((at..at + 2).contains(&error.at), "{error}");
                }
            }
        }
    }
    // 外字: read as private characters, and never written.
    assert_eq!(private, 1880);
    assert!(read > 10_000, "{read}");
}

/// As any program would write it, rightly declared or not.
fn declared(name: &str, text: &str, charset: Charset) -> Vec<u8> {
    let declaration = match name {
        "" => "<?xml version=\"1.0\"?>".to_owned(),
        name => format!("<?xml version=\"1.0\" encoding = '{name}' standalone=\"no\"?>"),
    };
    encode_part(&format!("{declaration}<a>{text}</a>"), charset).unwrap()
}

#[test]
fn the_bytes_say_what_a_wrong_declaration_hides() {
    for name in [
        "UTF-8",
        "utf8",
        "Shift_JIS",
        "SJIS",
        "Windows-31J",
        "cp932",
        "MS932",
        "",
    ] {
        for charset in Charset::ALL {
            for text in ["見本　花子", "資格確認", "ﾐﾎﾝ ﾊﾅｺ 見本"] {
                let file = declared(name, text, charset);
                let decoded = decode(&file, 1000).unwrap();
                assert_eq!(decoded.charset(), charset, "{name} {text}");
                assert!(decoded.text().ends_with(&format!("<a>{text}</a>")));
            }
        }
    }
    // Where the bytes say nothing, the declaration does: these two kana of CP932
    // are `ź` in UTF-8.
    let file = declared("Shift_JIS", "ﾅｺ", Charset::ShiftJis);
    assert!(decode(&file, 1000).unwrap().text().contains("ﾅｺ"));
    let file = declared("UTF-8", "ź", Charset::Utf8);
    assert!(decode(&file, 1000).unwrap().text().contains('ź'));
    for name in ["Shift_JIS", "UTF-8", ""] {
        let file = declared(name, "plain", Charset::Utf8);
        let expected = match name {
            "Shift_JIS" => Charset::ShiftJis,
            _ => Charset::Utf8,
        };
        assert_eq!(decode(&file, 1000).unwrap().charset(), expected);
    }
}

#[test]
fn marks_and_third_encodings() {
    let file = [
        b"\xEF\xBB\xBF".as_slice(),
        &declared("Shift_JIS", "花", Charset::Utf8),
    ]
    .concat();
    let decoded = decode(&file, 1000).unwrap();
    assert_eq!(decoded.charset(), Charset::Utf8);
    assert!(decoded.text().starts_with("<?xml"));
    assert_eq!(streamed(&file, &[3], 100).unwrap().0, decoded.text());
    for name in ["EUC-JP", "ISO-2022-JP", "UTF-16", "latin1", "x"] {
        let file = declared(name, "a", Charset::Utf8);
        assert_eq!(
            decode(&file, 1000).unwrap_err().kind,
            TextErrorKind::UnknownEncoding
        );
        let refused = streamed(&file, &[9], 100).unwrap_err();
        assert_eq!(
            refused,
            DecodingError::Text(TextErrorKind::UnknownEncoding.at(0))
        );
    }
    for mark in [b"\xFE\xFF\0<", b"\xFF\xFE<\0"] {
        assert_eq!(
            decode(mark, 9).unwrap_err().kind,
            TextErrorKind::UnknownEncoding
        );
    }
    assert_eq!(
        decode(b"12345", 4).unwrap_err(),
        TextErrorKind::TooLong { cap: 4 }.at(4)
    );
    assert_eq!(decode(b"", 0).unwrap().text(), "");
    assert_eq!(
        format!("{:?}", decode("花".as_bytes(), 9).unwrap()),
        "Decoded { charset: Utf8, bytes: 3, .. }"
    );
}

#[test]
fn a_stream_has_its_cap_and_its_errors() {
    let failing = |kind: ErrorKind| {
        struct Failing(ErrorKind);
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(self.0.into())
            }
        }
        Decoding::new(Failing(kind), 10).map(drop).unwrap_err()
    };
    assert_eq!(
        failing(ErrorKind::TimedOut),
        DecodingError::Io(ErrorKind::TimedOut)
    );
    let long = vec![b'a'; 200_000];
    let mut text = String::with_capacity(4096);
    let mut decoding = Decoding::new(long.as_slice(), 150_000).unwrap();
    let refused = loop {
        text.clear();
        match decoding.read(&mut text) {
            Ok(true) => {}
            Ok(false) => panic!("the cap was not kept"),
            Err(refused) => break refused,
        }
    };
    let cap = 150_000;
    assert_eq!(
        refused,
        DecodingError::Text(TextErrorKind::TooLong { cap }.at(cap))
    );
    assert!(Decoding::new(long.as_slice(), 9).is_err());
    // The end comes inside a character.
    for bytes in [
        "花子花".as_bytes(),
        &encode("花子花子", Charset::ShiftJis).unwrap(),
    ] {
        let cut = &bytes[..bytes.len() - 1];
        let refused = decode(cut, 99).unwrap_err();
        assert_eq!(
            streamed(cut, &[1], 16).unwrap_err(),
            DecodingError::Text(refused)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_stream_gives_what_the_whole_gives(
        text in "[ -~ぁ-んァ-ヶｦ-ﾟ一-龠]{0,400}",
        repeat in 1..400_usize,
        sizes in prop::collection::vec(0..70_000_usize, 1..5),
        room in 8..100_000_usize,
        shift_jis: bool,
        damage in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let charset = if shift_jis { Charset::ShiftJis } else { Charset::Utf8 };
        // What CP932 lacks is left out.
        let text: String = text.chars().filter(|c| encode(&c.to_string(), charset).is_ok()).collect();
        let text = format!("<?xml version='1.0' encoding='{charset}'?>見本資格{}", text.repeat(repeat));
        let mut bytes = encode(&text, charset).unwrap();
        if let Some(damage) = damage {
            let at = damage.index(bytes.len());
            bytes[at] = 0xFF;
        }
        let mut sizes = sizes;
        sizes.push(1);
        let whole = decode(&bytes, 1 << 20);
        let pieces = streamed(&bytes, &sizes, room);
        match (whole, pieces) {
            (Ok(whole), Ok((text, charset))) => {
                prop_assert_eq!(whole.text(), text);
                prop_assert_eq!(whole.charset(), charset);
            }
            (Err(whole), Err(DecodingError::Text(pieces))) => prop_assert_eq!(whole, pieces),
            (whole, pieces) => prop_assert!(false, "{:?} {:?}", whole, pieces.is_ok()),
        }
        if damage.is_none() {
            let decoded = decode(&bytes, 1 << 20).unwrap();
            prop_assert_eq!(decoded.text(), text);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), cap in 0..300_usize) {
        let _ = decode(&bytes, cap);
        let _ = streamed(&bytes, &[7], 64);
    }
}
