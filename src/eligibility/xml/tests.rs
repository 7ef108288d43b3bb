use std::borrow::Cow;

use proptest::prelude::*;

use super::oracle::compare;
use super::reader::Content;
use super::{Limits, WriteProblem, XmlError, XmlErrorKind, XmlReader, XmlWriter};
use crate::eligibility::text::{Charset, TextErrorKind, decode};

const SMALL: Limits = Limits {
    bytes: 4096,
    depth: 5,
    text: 64,
    elements: 12,
    entries: 2,
};

/// Every name and text, in the order of the document.
fn walk(text: &str, limits: Limits) -> Result<Vec<String>, XmlError> {
    fn inside(reader: &mut XmlReader<'_>, seen: &mut Vec<String>) -> Result<(), XmlError> {
        match reader.content()? {
            Content::Text(text) => seen.push(text.into_owned()),
            Content::Element(first) => {
                let mut next = Some(first);
                while let Some(name) = next {
                    seen.push(format!("<{name}>"));
                    inside(reader, seen)?;
                    next = reader.child()?;
                }
            }
        }
        seen.push("/".to_owned());
        Ok(())
    }
    let mut reader = XmlReader::new(text, limits)?;
    let mut seen = vec![format!("<{}>", reader.root()?)];
    inside(&mut reader, &mut seen)?;
    reader.finish()?;
    Ok(seen)
}

/// Whatever the names are.
fn pass(text: &str, limits: Limits) -> Result<(), XmlError> {
    let mut reader = XmlReader::new(text, limits)?;
    let root = reader.root()?;
    reader.skip(root)?;
    reader.finish()
}

fn kind(text: &str) -> XmlErrorKind {
    let keep = || {
        let mut reader = XmlReader::new(text, SMALL)?;
        let root = reader.root()?;
        reader.leaves(root, &mut |_, _| {})?;
        reader.finish()
    };
    let kept: Result<(), XmlError> = keep();
    assert_eq!(kept, pass(text, SMALL));
    kept.unwrap_err().kind
}

#[test]
fn elements_texts_entities_and_cdata() {
    let text = "<?xml version=\"1.0\"?>\r\n<!-- c --><a x='<>'>\n <b>1&amp;&#x32;<![CDATA[<3>]]>&lt;</b>\
                <c/><d> </d><e>p<!-- x -->q\r\nr</e> </a>\n<!-- end -->";
    assert_eq!(
        walk(text, SMALL).unwrap().join("|"),
        "<a>|<b>|1&2<3><|/|<c>||/|<d>| |/|<e>|pq\nr|/|/"
    );
}

#[test]
fn values_keep_their_blanks_and_empty_ones_are_absent() {
    let mut reader = XmlReader::new("<a><b>  12</b><c> \u{3000}</c><d/></a>", SMALL).unwrap();
    reader.root().unwrap();
    let mut values = Vec::new();
    while reader.child().unwrap().is_some() {
        values.push(reader.value().unwrap());
    }
    assert_eq!(values, [Some(Cow::Borrowed("  12")), None, None]);
    assert!(
        values
            .iter()
            .flatten()
            .all(|v| matches!(v, Cow::Borrowed(_)))
    );
    reader.finish().unwrap();
}

#[test]
fn what_is_skipped_is_read_all_the_same() {
    let mut reader = XmlReader::new("<a><b><c>1</c><d/></b><e/><f>2</f></a>", SMALL).unwrap();
    reader.root().unwrap();
    assert_eq!(reader.child(), Ok(Some("b")));
    reader.skip("b").unwrap();
    assert_eq!(reader.child(), Ok(Some("e")));
    reader.skip("e").unwrap();
    assert_eq!(reader.child(), Ok(Some("f")));
    assert_eq!(reader.at(), 26);
    reader.skip("f").unwrap();
    assert_eq!(reader.child(), Ok(None));
    reader.finish().unwrap();
}

#[test]
fn leaves_come_with_their_paths() {
    let mut reader =
        XmlReader::new("<a><b><c>1</c><d> <e/><e>2</e></d></b><f>3</f></a>", SMALL).unwrap();
    reader.root().unwrap();
    let mut seen = Vec::new();
    while let Some(name) = reader.child().unwrap() {
        let mut keep = |path: &str, text: Cow<'_, str>| seen.push(format!("{path}={text}"));
        reader.leaves(name, &mut keep).unwrap();
    }
    assert_eq!(seen, ["b/c=1", "b/d/e=", "b/d/e=2", "f=3"]);
    reader.finish().unwrap();
    let many = format!("<a>{}</a>", "<b><c/><d/></b>".repeat(5001));
    let mut reader = XmlReader::new(&many, Limits::ONE).unwrap();
    let root = reader.root().unwrap();
    let mut given = 0;
    let refused = reader.leaves(root, &mut |_, _| given += 1).unwrap_err();
    assert_eq!(
        (refused.kind, given),
        (XmlErrorKind::TooManyElements, 10_000)
    );
}

#[test]
fn refusals() {
    use XmlErrorKind::*;
    for (text, expected) in [
        ("", Empty),
        ("<!-- -->", Empty),
        ("x<a/>", StrayText),
        ("<a/>x", StrayText),
        ("<a/><b/>", AfterRoot),
        ("<a/></a>", Malformed),
        ("<a></b>", Malformed),
        ("<a>&b;</a>", Entity),
        ("<a>&#0;</a>", Character),
        ("<a>&#x1F;</a>", Character),
        ("<a>&#xD800;</a>", Character),
        ("<a>&#1114112;</a>", Character),
        ("<a>&#+65;</a>", Character),
        ("<a>&#x+41;</a>", Character),
        ("<a>&#X41;</a>", Character),
        ("<a>&#;</a>", Character),
        ("<a>\u{1}</a>", Character),
        ("<a>\u{FFFE}</a>", Character),
        ("<a><![CDATA[\0]]></a>", Character),
        ("<a>& b</a>", Malformed),
        ("<a>a&b</a>", Malformed),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", DocumentType),
        ("<!DOCTYPE a SYSTEM 'file:///x'><a/>", DocumentType),
        ("<!DOCTYPE a [", DocumentType),
        ("<?php x?><a/>", ProcessingInstruction),
        ("<a/><?x?>", ProcessingInstruction),
        (" <?xml version='1.0'?><a/>", ProcessingInstruction),
        ("<a><1/></a>", Malformed),
        ("<a>< b/></a>", Malformed),
        ("<a><>x</></a>", Malformed),
        ("<a><!ELEMENT></a>", Malformed),
        ("<a>x<b/></a>", StrayText),
        ("<a><b/>x</a>", StrayText),
        ("<a>1&amp;<b/></a>", StrayText),
        ("<a><b><c><d><e><f/></e></d></c></b></a>", TooDeep),
    ] {
        assert_eq!(kind(text), expected, "{text}");
    }
    assert_eq!(
        kind(&format!("<a>{}</a>", "<b/>".repeat(12))),
        TooManyElements
    );
    assert_eq!(kind(&format!("<a>{}</a>", "x".repeat(65))), TooLong);
    assert_eq!(kind(&format!("<a>{}</a>", "&lt;".repeat(65))), TooLong);
    assert_eq!(kind(&" ".repeat(4097)), TooLong);
    assert_eq!(kind(&format!("<{}/>", "x".repeat(129))), TooLong);
    let mut reader = XmlReader::new("<a>1<b/></a>", SMALL).unwrap();
    reader.root().unwrap();
    assert_eq!(reader.text(), Err(XmlErrorKind::StrayText.at(4)));
    let mut reader = XmlReader::new("<a> <b/></a>", SMALL).unwrap();
    reader.root().unwrap();
    assert_eq!(reader.text(), Err(XmlErrorKind::StrayElement.at(4)));
}

/// A file that is still being written is told from one that is wrong.
#[test]
fn every_beginning_of_a_document_is_unclosed() {
    let whole = "<?xml version=\"1.0\" encoding='UTF-8'?><!-- c --><a><b x='1'>1&amp;&#x33;<![CDATA[<3>]]></b>\
                 <c/><見本>花</見本></a>";
    walk(whole, SMALL).unwrap();
    for (end, _) in whole.char_indices() {
        let refused = walk(&whole[..end], SMALL).unwrap_err();
        assert!(
            matches!(refused.kind, XmlErrorKind::Unclosed | XmlErrorKind::Empty),
            "{end}: {refused}"
        );
        assert!(refused.at <= end);
    }
}

#[test]
fn what_cannot_be_written_is_named() {
    let many = |charset, text: &str| {
        let mut writer = XmlWriter::new(charset);
        writer.items("Item").open("Body").text("First", "&");
        for text in ["", text, ""] {
            writer
                .open("Item")
                .text("Items", "1")
                .text("Value", text)
                .close();
        }
        writer.finish()
    };
    let refused = many(Charset::ShiftJis, "a&𠮷").unwrap_err();
    assert_eq!((refused.element.as_str(), refused.item), ("Value", 1));
    let text = |error| WriteProblem::Text(error);
    assert_eq!(refused.problem, text(TextErrorKind::Unmappable.at(6)));
    let refused = many(Charset::Utf8, "ab\u{1}\u{2}").unwrap_err();
    assert_eq!((refused.element.as_str(), refused.item), ("Value", 1));
    assert_eq!(refused.problem, text(TextErrorKind::ControlCharacter.at(2)));
    assert!(many(Charset::Utf8, "a&𠮷").is_ok());
    for name in ["", "1", "a b", "a>", "<", "a&", &"x".repeat(129)] {
        let mut writer = XmlWriter::new(Charset::Utf8);
        writer.open("Body").text(name, "x");
        assert_eq!(
            writer.finish().unwrap_err().problem,
            WriteProblem::Name,
            "{name}"
        );
    }
}

/// What chance finds too seldom.
#[test]
fn quick_xml_sees_the_same_in_the_corners() {
    for text in [
        "<a></ a>",
        "<a></a\n\t>",
        "<a></a x>",
        "&a&b;",
        "&a<b;",
        "&a",
        "<a b='\"' c=\"'>\">x</a>",
        "<a'>",
        "<?xml?><?xml?>",
        "<?xml-x?>",
        "<a/b>",
        "<a/ >",
        "<a//>",
        "</>",
        "<!---->",
        "<!-->-->",
        "<!--->-->",
        "<![CDATA[]]]]>",
        "<!D>",
        "<!d>",
    ] {
        for leaves in [0, u64::MAX] {
            compare(text, leaves);
        }
    }
}

const TEXTS: [&str; 7] = [
    "",
    " ",
    "見本　花子ﾊﾅｺ",
    "12345678",
    "&amp;x&#x32;",
    "<![CDATA[<x>]]>\r\n",
    "<!-- c -->long enough to be read eight at a time",
];

const MARKUP: &[&str] = &[
    "<",
    ">",
    "/",
    "</",
    "/>",
    "<a>",
    "</a>",
    "<a/>",
    "<a >",
    "</a >",
    "<a x='/>'>",
    "<a\tx=\"'\"/>",
    "<a/ >",
    "< a>",
    "<>",
    "</>",
    "<a'>",
    "'",
    "\"",
    "<b>",
    "</b>",
    "&",
    ";",
    "&amp;",
    "&#x",
    "&;",
    "<!",
    "<!-",
    "<!--",
    "-->",
    "->",
    "-",
    "<![CDATA[",
    "]]>",
    "]",
    "<!DOCTYPE a>",
    "<?",
    "?>",
    "?",
    "<?xml",
    "<?xml?>",
    "<?xml ?>",
    "<?xmlx?>",
    " ",
    "\n",
    "\u{1}",
    "x",
    "12345678",
    "見",
    "\u{FFFE}",
    "Ａ",
    "=",
    "a",
];

proptest! {
    #[test]
    fn what_is_written_is_read(text in "[^\0-\u{8}\u{B}\u{C}\u{E}-\u{1F}\u{FFFE}\u{FFFF}]{0,60}") {
        for charset in Charset::ALL {
            let mut writer = XmlWriter::new(charset);
            writer.open("a").text("b", &text).text_if("c", None).text_if("d", Some("")).close();
            let Ok(document) = writer.finish() else {
                prop_assert!(charset == Charset::ShiftJis);
                continue;
            };
            let decoded = decode(document.as_bytes(), 10_000).unwrap();
            let limits = Limits { text: 1000, ..SMALL };
            let seen = walk(decoded.text(), limits).unwrap();
            prop_assert_eq!(seen, ["<a>", "<b>", &text, "/", "<d>", "", "/", "/"]);
        }
    }

    /// Pieces of markup in any order, which nearly always is no document.
    #[test]
    fn quick_xml_sees_the_same_pieces(
        pieces in proptest::collection::vec(prop::sample::select(MARKUP), 0..24),
        leaves in any::<u64>(),
    ) {
        compare(&pieces.concat(), leaves);
    }

    /// Elements in elements, which nearly always are one, and the same with one
    /// piece put in somewhere.
    #[test]
    fn quick_xml_sees_the_same_documents(
        open in proptest::collection::vec((0..8_usize, 0..MARKUP.len()), 0..24),
        odd in prop::option::of((any::<prop::sample::Index>(), prop::sample::select(MARKUP))),
        leaves in any::<u64>(),
    ) {
        let mut text = String::new();
        let mut names = Vec::new();
        for (what, piece) in open {
            let name = ["a", "Name", "InsuredCardSymbol", "見本", "a-b.c"][piece % 5];
            match (what, names.pop()) {
                (0 | 1, Some(open)) => text.push_str(&format!("</{open}>")),
                (2, last) => {
                    names.extend(last);
                    text.push_str(&format!("<{name} x='>'/>"));
                }
                (3, last) => {
                    names.extend(last);
                    text.push_str(TEXTS[piece % TEXTS.len()]);
                }
                (_, last) => {
                    names.extend(last);
                    names.push(name);
                    text.push_str(&format!("<{name}>{}", TEXTS[piece % TEXTS.len()]));
                }
            }
        }
        while let Some(name) = names.pop() {
            text.push_str(&format!("</{name}>"));
        }
        if let Some((at, piece)) = odd {
            let mut at = at.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.insert_str(at, piece);
        }
        compare(&text, leaves);
    }

    #[test]
    fn nothing_panics(text in r#"[<>/&;#!?\-\[\]'"= ax1花\r]{0,40}"#) {
        let _ = walk(&text, SMALL);
    }
}
