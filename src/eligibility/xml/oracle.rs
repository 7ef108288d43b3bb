//! The pieces of a document as `quick-xml` sees them, for comparison.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event as Quick;

use super::lexer::{Event, Lexer};

/// Reads a text both ways, and panics where they differ: at any other piece, or
/// where one of them refuses what the other takes. `leaves` says bit by bit which
/// elements are read by the short cut for leaves.
///
/// Only names with quotes in them, which no XML has, are refused here and taken
/// there; and what is never accepted (document types, processing instructions, a
/// declaration in the middle) counts as refused there as well.
pub(super) fn compare(text: &str, leaves: u64) {
    let mut ours = Lexer::new(text, 0);
    let mut theirs = Reader::from_str(text);
    let mut count = 0;
    loop {
        let at = offset(&theirs);
        let expected = next(&mut theirs, text);
        let piece = ours.event().ok();
        assert_eq!(piece, expected, "at {at} of {text:?}");
        let Some(piece) = piece else { return };
        assert_eq!(ours.at(), at, "{text:?}");
        match piece {
            Event::Eof => return,
            Event::Start { empty: false, .. } => {
                count += 1;
                if leaves >> (count % 64) & 1 == 1
                    && let Some((leaf, plain)) = ours.leaf()
                {
                    assert_eq!(plain, is_plain(leaf), "{leaf:?}");
                    assert_eq!(ours.at(), offset(&theirs));
                    ours.close(leaf);
                    if !leaf.is_empty() {
                        let piece = Event::Text { text: leaf, plain };
                        assert_eq!(next(&mut theirs, text), Some(piece), "{text:?}");
                    }
                    assert_eq!(next(&mut theirs, text), Some(Event::End), "{text:?}");
                }
            }
            _ => {}
        }
    }
}

fn offset(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).expect("an offset")
}

/// `None` for what is refused.
fn next<'a>(reader: &mut Reader<&'a [u8]>, text: &'a str) -> Option<Event<'a>> {
    let at = offset(reader);
    // Its own name doesn't live long enough.
    let name = |len: usize| {
        let name = &text[at + 1..at + 1 + len];
        (!name.is_empty() && !name.contains(['"', '\''])).then_some(name)
    };
    Some(match reader.read_event().ok()? {
        Quick::Start(start) => Event::Start {
            name: name(start.name().0.len())?,
            empty: false,
        },
        Quick::Empty(start) => Event::Start {
            name: name(start.name().0.len())?,
            empty: true,
        },
        Quick::End(_) => Event::End,
        Quick::Text(piece) => {
            let text = borrowed(piece.into_inner());
            let plain = is_plain(text);
            Event::Text { text, plain }
        }
        Quick::CData(piece) => Event::CData(borrowed(piece.into_inner())),
        Quick::Comment(piece) => Event::Comment(borrowed(piece.into_inner())),
        Quick::GeneralRef(name) => Event::Reference(borrowed(name.into_inner())),
        Quick::Decl(_) if at == 0 => Event::Declaration,
        Quick::Decl(_) | Quick::PI(_) | Quick::DocType(_) => return None,
        Quick::Eof => Event::Eof,
    })
}

fn borrowed(piece: Cow<'_, str>) -> &str {
    match piece {
        Cow::Borrowed(piece) => piece,
        Cow::Owned(_) => unreachable!("nothing is decoded"),
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte >= b' ' && byte != 0xEF)
}
