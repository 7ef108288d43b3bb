//! BER-TLV as cards write it, from the outside; against a second reader where that one is right.

use iso7816_tlv::ber::{Tlv, Value};
use proptest::prelude::*;
use uketsuke::tlv::{Element, Header, MAX_DEPTH, Reader, Tag, TlvError, TlvErrorKind};

/// A tree to be written and read back.
#[derive(Clone, Debug)]
struct Node {
    tag: u32,
    /// Bytes of the length field to be used at least (1 to 5); more are taken where the length needs them.
    length_len: usize,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Value(Vec<u8>),
    Children(Vec<Node>),
}

fn write(node: &Node, out: &mut Vec<u8>) {
    let value = match &node.body {
        Body::Value(value) => value.clone(),
        Body::Children(children) => {
            let mut value = Vec::new();
            children.iter().for_each(|child| write(child, &mut value));
            value
        }
    };
    let tag = node.tag.to_be_bytes();
    out.extend(tag.iter().skip_while(|byte| **byte == 0));
    let length = u32::try_from(value.len()).unwrap();
    let needed = match length {
        0..=0x7F => 1,
        0x80..=0xFF => 2,
        0x100..=0xFFFF => 3,
        _ => 4,
    };
    match node.length_len.max(needed) {
        1 => out.push(length as u8),
        len => {
            out.push(0x80 | (len - 1) as u8);
            out.extend(&length.to_be_bytes()[5 - len..]);
        }
    }
    out.extend(value);
}

/// Reads what `write` wrote, and checks every position against the outermost input.
fn check(node: &Node, element: &Element<'_>, outermost: &[u8]) {
    assert_eq!(element.tag(), Tag::new(node.tag));
    let at = element.position();
    assert_eq!(&outermost[at..at + element.whole().len()], element.whole());
    let value_at = element.value_position();
    assert_eq!(
        &outermost[value_at..value_at + element.value().len()],
        element.value()
    );
    match &node.body {
        Body::Value(value) => {
            assert_eq!(element.value(), value);
            assert_eq!(
                element.children().unwrap_err(),
                TlvError {
                    position: at,
                    kind: TlvErrorKind::NotConstructed
                }
            );
        }
        Body::Children(children) => {
            let mut reader = element.children().unwrap();
            for child in children {
                check(child, &reader.next().unwrap().unwrap(), outermost);
            }
            assert!(reader.next().unwrap().is_none());
            reader.finish().unwrap();
        }
    }
}

fn primitive_tag() -> impl Strategy<Value = u32> {
    prop_oneof![
        Just(0x04),
        Just(0x80),
        Just(0x5F37),
        (0xDF10..=0xDF7F_u32),
        Just(0xDF_8101),
        Just(0xDF81_8203),
        (0x1F00..=0x1F1E_u32),
    ]
}

fn constructed_tag() -> impl Strategy<Value = u32> {
    prop_oneof![
        Just(0x30),
        Just(0xA1),
        Just(0x7F21),
        (0xFF10..=0xFF50_u32),
        Just(0xFF_8420)
    ]
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = (
        primitive_tag(),
        1..=5_usize,
        prop::collection::vec(any::<u8>(), 0..300),
    )
        .prop_map(|(tag, length_len, value)| Node {
            tag,
            length_len,
            body: Body::Value(value),
        });
    leaf.prop_recursive(u32::from(MAX_DEPTH) - 1, 40, 6, |inner| {
        (
            constructed_tag(),
            1..=5_usize,
            prop::collection::vec(inner, 0..6),
        )
            .prop_map(|(tag, length_len, children)| Node {
                tag,
                length_len,
                body: Body::Children(children),
            })
    })
}

/// Visits every element that can be reached; says how many there were.
fn walk(mut reader: Reader<'_>, whole: &[u8], outermost: &[u8]) -> usize {
    let mut count = 0;
    let mut joined = Vec::new();
    let start = reader.position();
    let stopped = loop {
        let before = reader.position();
        match reader.next() {
            Ok(Some(element)) => {
                count += 1;
                assert_eq!(element.position(), before);
                joined.extend_from_slice(element.whole());
                if let Ok(children) = element.children() {
                    count += walk(children, element.value(), outermost);
                }
            }
            Ok(None) => break false,
            Err(error) => {
                assert_eq!(reader.position(), before);
                assert!(error.position >= start && error.position <= outermost.len());
                assert_eq!(reader.next(), Err(error));
                break true;
            }
        }
    };
    assert_eq!(stopped, !reader.remaining().is_empty());
    joined.extend_from_slice(reader.remaining());
    assert_eq!(joined, whole);
    count
}

proptest! {
    #[test]
    fn a_written_tree_reads_back(nodes in prop::collection::vec(tree(), 0..4)) {
        let mut bytes = Vec::new();
        nodes.iter().for_each(|node| write(node, &mut bytes));
        let mut reader = Reader::new(&bytes);
        for node in &nodes {
            check(node, &reader.expect(Tag::new(node.tag)).unwrap(), &bytes);
        }
        reader.finish().unwrap();
        if let Some(node) = nodes.first() {
            let header = Header::parse(&bytes).unwrap();
            prop_assert_eq!(header.tag, Tag::new(node.tag));
            prop_assert_eq!(Reader::new(&bytes).next().unwrap().unwrap().whole().len(), header.total_len());
        }
    }

    #[test]
    fn any_bytes_are_elements_and_a_rest(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        walk(Reader::new(&bytes), &bytes, &bytes);
        let _ = Header::parse(&bytes);
    }

    /// Bytes that look like TLV more often than chance.
    #[test]
    fn a_damaged_tree_never_panics(node in tree(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()) {
        let mut bytes = Vec::new();
        write(&node, &mut bytes);
        for (at, value) in flips {
            *at.get_mut(&mut bytes) = value;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        walk(Reader::new(&bytes), &bytes, &bytes);
    }

    /// Where the other reader accepts a file whose lengths are minimal, both see the same elements.
    #[test]
    fn agrees_with_iso7816_tlv_on_minimal_lengths(nodes in prop::collection::vec(tree(), 1..4)) {
        let mut bytes = Vec::new();
        nodes.iter().for_each(|node| write(&minimal(node), &mut bytes));
        let (mut reader, mut rest) = (Reader::new(&bytes), bytes.as_slice());
        while let Some(element) = reader.next().unwrap() {
            let (theirs, after) = Tlv::parse(rest);
            rest = after;
            same(&element, &theirs.unwrap());
        }
        prop_assert!(rest.is_empty());
    }
}

/// The tree with what the other reader can take: minimal lengths and tags up to three bytes.
fn minimal(node: &Node) -> Node {
    let tag = if node.tag > 0xFF_FFFF {
        0xDF_8101
    } else {
        node.tag
    };
    let body = match &node.body {
        Body::Value(value) => Body::Value(value.clone()),
        Body::Children(children) => Body::Children(children.iter().map(minimal).collect()),
    };
    Node {
        tag,
        length_len: 1,
        body,
    }
}

fn same(ours: &Element<'_>, theirs: &Tlv) {
    let tag = ours.tag().get().to_be_bytes();
    let tag: Vec<u8> = tag.into_iter().skip_while(|byte| *byte == 0).collect();
    assert_eq!(tag, theirs.tag().to_bytes());
    match theirs.value() {
        Value::Primitive(value) => assert_eq!(ours.value(), value),
        Value::Constructed(children) => {
            let mut reader = ours.children().unwrap();
            for child in children {
                same(&reader.next().unwrap().unwrap(), child);
            }
            reader.finish().unwrap();
        }
    }
}

/// Every first byte of a tag followed by every first byte of a length, short of nothing.
#[test]
fn sweep_of_tags_and_length_fields() {
    for tag in 0..=0xFF_u8 {
        for length in 0..=0xFF_u8 {
            let long = tag & 0x1F == 0x1F;
            let mut bytes = vec![tag];
            if long {
                bytes.push(0x01);
            }
            let tag_len = bytes.len();
            bytes.push(length);
            bytes.extend([0, 0, 0, 2]);
            bytes.extend([0xAB; 0x80]);
            let expected = match length {
                0..=0x7F => Ok((1, usize::from(length))),
                0x81..=0x83 => Ok((1 + usize::from(length & 0x7F), 0)),
                0x84 => Ok((5, 2)),
                first => Err(TlvError {
                    position: tag_len,
                    kind: TlvErrorKind::BadLength { first },
                }),
            };
            let header = Header::parse(&bytes).map(|h| (h.header_len - tag_len, h.value_len));
            assert_eq!(header, expected, "{tag:02X} {length:02X}");
            let element = Reader::new(&bytes).next();
            assert_eq!(
                element.map(|e| e.unwrap().value().len()),
                expected.map(|(_, len)| len)
            );
            assert_eq!(
                Header::parse(&bytes).map_or(tag & 0x20 != 0, |h| h.tag.is_constructed()),
                tag & 0x20 != 0
            );
        }
    }
}

/// Every proper prefix of a file is an error at the prefix's end, never something else.
#[test]
fn every_cut_is_noticed_where_it_is() {
    let file = [
        0xFF, 0x20, 0x82, 0x00, 0x07, 0xDF, 0x81, 0x01, 0x81, 0x02, 1, 2,
    ];
    Reader::new(&file).next().unwrap().unwrap();
    for len in 1..file.len() {
        let error = Reader::new(&file[..len]).next().unwrap_err();
        assert_eq!(error.position, len);
        let TlvErrorKind::Truncated { missing } = error.kind else {
            panic!("{error}")
        };
        assert!(missing >= 1 && missing <= file.len() - len);
    }
}

#[test]
fn positions_count_from_the_outermost_byte() {
    // Two elements; in the second, on the second level, a child whose length runs past its parent.
    let bytes = [
        0x04, 0x01, 0xAA, 0x30, 0x06, 0x04, 0x00, 0x30, 0x02, 0x04, 0x05,
    ];
    let mut reader = Reader::new(&bytes);
    reader.expect(Tag::new(0x04)).unwrap();
    let mut outer = reader.expect(Tag::new(0x30)).unwrap().children().unwrap();
    outer.expect(Tag::new(0x04)).unwrap();
    let inner = outer.expect(Tag::new(0x30)).unwrap();
    assert_eq!((inner.position(), inner.value_position()), (7, 9));
    let error = inner.children().unwrap().next().unwrap_err();
    assert_eq!(
        error,
        TlvError {
            position: 11,
            kind: TlvErrorKind::Truncated { missing: 5 }
        }
    );
    assert_eq!(
        error.to_string(),
        "at byte 11: the input ends, at least 5 more bytes were expected"
    );

    let found = Reader::new(&bytes).expect(Tag::new(0x30)).unwrap_err();
    assert_eq!(
        found,
        TlvError {
            position: 0,
            kind: TlvErrorKind::UnexpectedTag {
                expected: Tag::new(0x30),
                found: Tag::new(0x04)
            }
        }
    );
    assert_eq!(
        reader.expect(Tag::new(0xDF21)).unwrap_err().to_string(),
        "at byte 11: tag DF21 is missing"
    );
    let mut unread = Reader::new(&bytes);
    unread.next().unwrap();
    assert_eq!(
        unread.finish().unwrap_err(),
        TlvError {
            position: 3,
            kind: TlvErrorKind::TrailingBytes { count: 8 }
        }
    );
}

#[test]
fn tags_end_after_four_bytes() {
    let tag = |bytes: &[u8]| Header::parse(bytes).map(|header| header.tag);
    assert_eq!(
        tag(&[0xDF, 0x81, 0x82, 0x03, 0x00]),
        Ok(Tag::new(0xDF81_8203))
    );
    assert_eq!(
        tag(&[0xDF, 0x81, 0x82, 0x83, 0x04, 0x00]),
        Err(TlvError {
            position: 0,
            kind: TlvErrorKind::TagTooLong
        })
    );
    // What fills the rest of a file on a card isn't taken for elements.
    let mut reader = Reader::new(&[0x04, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
    reader.next().unwrap();
    assert_eq!(
        reader.next().unwrap_err(),
        TlvError {
            position: 2,
            kind: TlvErrorKind::TagTooLong
        }
    );
}

#[test]
fn tags_are_kept_as_written() {
    for (bytes, text, constructed) in [
        (0x00, "00", false),
        (0x04, "04", false),
        (0x30, "30", true),
        (0x7F21, "7F21", true),
        (0xDF21, "DF21", false),
        (0xFF20, "FF20", true),
        (0x1F01, "1F01", false),
        (0xDF_8101, "DF8101", false),
        (0x3F81_8203, "3F818203", true),
    ] {
        let tag = Tag::new(bytes);
        assert_eq!(
            (format!("{tag:?}").as_str(), tag.is_constructed(), tag.get()),
            (text, constructed, bytes)
        );
    }
}

#[test]
fn debug_shows_no_value() {
    let bytes = [
        0xDF, 0x22, 0x08, b'1', b'9', b'8', b'0', b'0', b'2', b'1', b'7',
    ];
    let mut reader = Reader::new(&bytes);
    assert_eq!(
        format!("{reader:?}"),
        "Reader { position: 0, remaining: 11, level: 1 }"
    );
    let element = reader.next().unwrap().unwrap();
    assert_eq!(
        format!("{element:?}"),
        "Element { tag: DF22, position: 0, header_len: 3, value_len: 8 }"
    );
}

/// `levels` elements inside each other, the innermost an empty constructed one.
fn nested(levels: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..levels {
        let mut node = Vec::new();
        write(
            &Node {
                tag: 0x30,
                length_len: 1,
                body: Body::Value(bytes),
            },
            &mut node,
        );
        bytes = node;
    }
    bytes
}

#[test]
fn the_ninth_level_is_refused() {
    let bytes = nested(usize::from(MAX_DEPTH) + 1);
    let mut reader = Reader::new(&bytes);
    for _ in 1..MAX_DEPTH {
        reader = reader.expect(Tag::new(0x30)).unwrap().children().unwrap();
    }
    let eighth = reader.expect(Tag::new(0x30)).unwrap();
    assert_eq!(
        eighth.children().unwrap_err(),
        TlvError {
            position: 14,
            kind: TlvErrorKind::TooDeep
        }
    );
}

/// The ways in which `iso7816-tlv` can't read what cards hold, and what this reader does with the same bytes. If one
/// of these fails after an update of that crate, the reason for an own reader should be looked at again.
mod where_iso7816_tlv_stops {
    use super::*;

    fn face(length_len: usize) -> Vec<u8> {
        let child = |tag, len| Node {
            tag,
            length_len,
            body: Body::Value(vec![0x5A; len]),
        };
        let face = Node {
            tag: 0xFF20,
            length_len: 3,
            body: Body::Children(vec![
                child(0xDF21, 18),
                child(0xDF22, 8),
                child(0xDF23, 1),
                child(0xDF27, 1854),
            ]),
        };
        let mut bytes = Vec::new();
        write(&face, &mut bytes);
        bytes
    }

    fn ours(bytes: &[u8]) -> Vec<(u32, usize)> {
        let mut children = Reader::new(bytes)
            .expect(Tag::new(0xFF20))
            .unwrap()
            .children()
            .unwrap();
        let mut found = Vec::new();
        while let Some(element) = children.next().unwrap() {
            found.push((element.tag().get(), element.value().len()));
        }
        found
    }

    #[test]
    fn lengths_with_more_bytes_than_needed() {
        let expected = [(0xDF21, 18), (0xDF22, 8), (0xDF23, 1), (0xDF27, 1854)];
        assert_eq!(ours(&face(1)), expected);
        assert!(Tlv::from_bytes(&face(1)).is_ok());
        // `DF22 82 0008 …`: the same elements, with lengths of three bytes throughout.
        assert_eq!(ours(&face(3)), expected);
        assert!(Tlv::from_bytes(&face(3)).is_err());
    }

    #[test]
    fn no_limit_of_depth() {
        let bytes = nested(200);
        // In a thread of its own, whose stack is large enough for 200 levels; a card could send thousands.
        let depth = std::thread::Builder::new()
            .stack_size(8 << 20)
            .spawn(move || {
                let tlv = Tlv::from_bytes(&bytes).unwrap();
                let (mut depth, mut level) = (1, &tlv);
                while let Value::Constructed(children) = level.value()
                    && let Some(child) = children.first()
                {
                    (depth, level) = (depth + 1, child);
                }
                depth
            })
            .unwrap()
            .join()
            .unwrap();
        assert_eq!(depth, 200);
        let bytes = nested(200);
        let mut reader = Reader::new(&bytes);
        let refused = loop {
            match reader.next().unwrap().unwrap().children() {
                Ok(children) => reader = children,
                Err(error) => break error.kind,
            }
        };
        assert_eq!(refused, TlvErrorKind::TooDeep);
    }

    /// Its writer puts a value of 127 bytes behind `81 7F` and counts one byte less for the element around it, so that the
    /// outer length is wrong; its reader makes the same mistake and doesn't notice.
    #[test]
    fn a_value_of_127_bytes_written_wrongly() {
        let tag = |bytes: u32| iso7816_tlv::ber::Tag::try_from(bytes).unwrap();
        let inner = Tlv::new(tag(0x04), Value::Primitive(vec![0x5A; 127])).unwrap();
        let outer = Tlv::new(tag(0x30), Value::Constructed(vec![inner])).unwrap();
        let bytes = outer.to_vec();
        assert_eq!(bytes[..6], [0x30, 0x81, 0x81, 0x04, 0x81, 0x7F]);
        assert_eq!(bytes.len() - 3, 0x82);
        assert!(Tlv::from_bytes(&bytes).is_ok());
        let outer = Reader::new(&bytes).expect(Tag::new(0x30)).unwrap();
        assert_eq!(
            outer.children().unwrap().next(),
            Err(TlvError {
                position: 132,
                kind: TlvErrorKind::Truncated { missing: 1 }
            })
        );
    }

    #[test]
    fn indefinite_lengths_taken_for_empty_values() {
        let bytes = [0x04, 0x80];
        assert!(Tlv::from_bytes(&bytes).is_ok());
        assert_eq!(
            Reader::new(&bytes).next(),
            Err(TlvError {
                position: 1,
                kind: TlvErrorKind::BadLength { first: 0x80 }
            })
        );
    }
}
