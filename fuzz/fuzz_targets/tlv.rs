//! Any bytes as a file of TLV: nothing panics, elements lie in order without gaps, positions are true, and an error stays.

#![no_main]

use libfuzzer_sys::fuzz_target;
use uketsuke::tlv::{Header, MAX_DEPTH, Reader};

fuzz_target!(|bytes: &[u8]| {
    walk(Reader::new(bytes), bytes, 1);
    if let Ok(header) = Header::parse(bytes) {
        assert!((2..=9).contains(&header.header_len));
        let whole = Reader::new(bytes)
            .next()
            .ok()
            .flatten()
            .map(|element| element.whole().len());
        assert_eq!(whole.is_some(), header.total_len() <= bytes.len());
        assert!(whole.is_none_or(|len| len == header.total_len()));
    }
});

fn walk(mut reader: Reader<'_>, outermost: &[u8], level: u8) {
    assert!(level <= MAX_DEPTH);
    loop {
        let before = reader.position();
        match reader.next() {
            Ok(Some(element)) => {
                assert_eq!(element.position(), before);
                assert_eq!(&outermost[before..reader.position()], element.whole());
                let value_at = element.value_position();
                assert_eq!(&outermost[value_at..reader.position()], element.value());
                match element.children() {
                    Ok(children) => walk(children, outermost, level + 1),
                    Err(_) => assert!(!element.tag().is_constructed() || level == MAX_DEPTH),
                }
            }
            Ok(None) => return assert!(reader.finish().is_ok()),
            Err(error) => {
                assert!(error.position >= before && error.position <= outermost.len());
                assert_eq!(reader.position(), before);
                return assert_eq!(reader.next().err(), Some(error));
            }
        }
    }
}
