//! The messages of the connector.

use std::io::{Cursor, Write as _};

use uketsuke::eligibility::CharacterCode;
use uketsuke::eligibility::message::write_report;
use uketsuke::eligibility::text::{Charset, encode};

use super::Seeds;
use crate::message_support::full as messages;
use crate::report_support::{any, full};

pub fn reports() {
    let seeds = Seeds::of("report");
    for (which, charset) in [(0, Charset::Utf8), (4, Charset::ShiftJis)] {
        let name = charset.name();
        let full = encode(full::FULL, charset).unwrap();
        seeds.write(&format!("full-{name}"), &[0], &full);
        seeds.write(&format!("edits-{name}"), &[1 + which], &[0]);
        for seed in 0..24_u8 {
            // Enough of the same few bytes for reports from empty to long.
            let bytes: Vec<u8> = (0..u32::from(seed) * 40)
                .map(|i| (i * 37 + u32::from(seed) * 101 + i * i / 7).to_le_bytes()[0])
                .collect();
            let code = CharacterCode::from_code(charset.code());
            let file = write_report(&any::report(&bytes, code), charset).unwrap();
            seeds.write(&format!("any-{name}-{seed}"), &[0], file.as_bytes());
            seeds.write(
                &format!("bytes-{name}-{seed}"),
                &[2 + which],
                &[&bytes[..], &[0]].concat(),
            );
        }
    }
    let header = "<XmlMsg><MessageHeader><SegmentOfResult>9</SegmentOfResult><ErrorCode>E1</ErrorCode>\
        </MessageHeader></XmlMsg>";
    seeds.write("header", &[0], header.as_bytes());
    let wrong = full::FULL
        .replace("Pharmacists", "Pharmaceutical")
        .replace("202", "20a");
    seeds.write("wrong", &[0], wrong.as_bytes());
}

/// Answers about many people.
pub fn bulks() {
    let seeds = Seeds::of("bulk");
    let begin = full::FULL
        .find("<ResultOfQualificationConfirmation>")
        .unwrap();
    let end = full::FULL.find("</ResultList>").unwrap();
    let whole = messages::bulk(2, &full::FULL[begin..end]);
    let short =
        "<ResultOfQualificationConfirmation><Name>見本</Name></ResultOfQualificationConfirmation>";
    for (which, charset) in [(0, Charset::Utf8), (4, Charset::ShiftJis)] {
        let name = charset.name();
        let write = |kind: &str, how: u8, pieces: u8, text: &str| {
            let file = encode(text, charset).unwrap();
            seeds.write(&format!("{kind}-{name}"), &[how, pieces], &file);
        };
        write("whole", 0, 6, &whole);
        write("many", 0, 200, &messages::bulk(900, short));
        write("registrations", 16, 3, messages::REGISTRATIONS);
        write("empty", 0, 3, &messages::bulk(0, ""));
        let (header, rest) = whole.split_once("<MessageBody>").unwrap();
        let (top, header) = header.split_once("<MessageHeader>").unwrap();
        let body = rest.trim_end().strip_suffix("</XmlMsg>").unwrap();
        let turned = format!("{top}<MessageBody>{body}<MessageHeader>{header}</XmlMsg>");
        write("header-last", 0, 60, &turned);
        write(
            "header-alone",
            0,
            1,
            &format!("{top}<MessageHeader>{header}</XmlMsg>"),
        );
        for (at, (from, to)) in [
            ("</XmlMsg>", "</XmlMsg><XmlMsg/>"),
            ("<MessageBody>", "<MessageBody><![CDATA[x]]>"),
            ("<MessageBody>", "<MessageBody><New><A x='>'>1</A><B/></New>"),
            ("<XmlMsg>", "<!DOCTYPE x []><XmlMsg>"),
            ("<XmlMsg>", "<?php?><XmlMsg>"),
            ("<XmlMsg>", "<Other>"),
            ("</MessageBody>", "</MessageBod>"),
            ("</MessageBody>", "<1/></MessageBody>"),
            ("</MessageBody>", ""),
            ("</BulkConfirmUnit>", "</BulkConfirmUnits ></BulkConfirmUnit >"),
            ("<!-- - -->", "<!-- \u{1} -->"),
            ("</MessageHeader>", "</MessageHeader><MessageHeader/>"),
            ("<MessageBody>", "<MessageBody/><MessageBody>"),
            ("<QualificationValidity>", "<Nam>3</Nam><QualificationValidity>"),
            ("<Name>", "<Name><!-- </BulkConfirmUnit> -->"),
            (
                "<QualificationConfirmSearchInfo>",
                "<QualificationConfirmSearchInfo><Birthdate>1</Birthdate></QualificationConfirmSearchInfo><QualificationConfirmSearchInfo>",
            ),
        ]
        .into_iter()
        .enumerate()
        {
            write(&format!("wrong-{at}"), 0, 30, &whole.replacen(from, to, 1));
        }
        for of in 0..4 {
            seeds.write(
                &format!("edits-{of}-{name}"),
                &[1 | of << 2 | (of & 2) << 3, 9],
                &[0x40, 0, 1, 1, 7, 0],
            );
        }
        seeds.write(&format!("repeated-{name}"), &[2 | which, 255], &[0]);
        seeds.write(
            &format!("spelled-{name}"),
            &[3 | which, 2],
            &[23, 0, 2, 14, 3, 4, 6, 16, 7, 5, 1],
        );
        seeds.write(
            &format!("spelled-more-{name}"),
            &[3 | which, 2],
            &[
                31, 20, 0, 17, 24, 25, 18, 4, 19, 19, 6, 10, 16, 11, 12, 13, 7, 20, 5, 2, 3, 1,
            ],
        );
    }
    let many = messages::bulk(1, short).replace(
        "<MessageBody>",
        &format!("<MessageBody>{}", "<New/>".repeat(1001)),
    );
    seeds.write("many-unread", &[0, 255], many.as_bytes());
    let long = messages::bulk(1, short).replace(
        "<MessageBody>",
        &format!("<MessageBody><!--{}-->", "x".repeat(2 << 20)),
    );
    seeds.write("long", &[0, 255], long.as_bytes());
}

/// The messages beside reports.
pub fn medicals() {
    let seeds = Seeds::of("medical");
    let rest = [
        messages::MEDICINES,
        messages::CHECKUPS,
        messages::REGISTRATION,
        messages::ACCEPTED,
        "資格確認要求ファイルが不正です。\r\nE-12 見本\u{7}",
    ];
    let questions = (0..messages::QUESTIONS.len()).map(|of| messages::question(of).2);
    let all = rest.into_iter().map(str::to_owned).chain(questions);
    // 63, 62: the question's own family.
    for (which, text) in (0..).zip(all) {
        for (bit, charset) in [(0, Charset::Utf8), (2, Charset::ShiftJis)] {
            let name = format!("{which}-{}", charset.name());
            let file = encode(&text, charset).unwrap();
            seeds.write(&name, &[which, 0xfc], &file);
            seeds.write(
                &format!("{name}-edits"),
                &[which, 0xfd | bit],
                &[0x40, 0, 1, 1, 7, 0],
            );
            for (at, part) in [
                "<MessageHeader>",
                "</MessageHeader>",
                "<MessageBody>",
                "</MessageBody>",
            ]
            .iter()
            .enumerate()
            {
                let more = text.replacen(part, &format!("{part}<New><A>1</A><B/></New>"), 1);
                seeds.write(
                    &format!("{name}-more-{at}"),
                    &[which, 0xfc],
                    &encode(&more, charset).unwrap(),
                );
            }
        }
        for (at, (from, to)) in [
            ("Date>", "Dat>"),
            ("<MessageBody>", "<MessageBody/><MessageBody>"),
            (">1<", ">x<"),
            (">2<", "><"),
            ("20261", "2026-"),
            ("InsurerNumber>", "InsurerNumbe>"),
            ("XmlMsg>", "Xml>"),
            ("Name>", "ResultCode>"),
            ("202601", "202612"),
            (">1234<", ">123456789012<"),
            ("ReceptionNumber>", "ReceptionNumbers>"),
            (
                "<MessageHeader>",
                "<MessageHeader><ArbitraryFileIdentifier>x y</ArbitraryFileIdentifier>",
            ),
        ]
        .into_iter()
        .enumerate()
        {
            seeds.write(
                &format!("{which}-wrong-{at}"),
                &[which, 0xfc],
                text.replace(from, to).as_bytes(),
            );
        }
        // As a question of each family.
        for family in 0..16 {
            seeds.write(
                &format!("{which}-family-{family}"),
                &[which, family << 2],
                text.as_bytes(),
            );
        }
    }
    for text in ["E1234 x", "12345678", "123456 x", " "] {
        seeds.write(&format!("rejected-{text}"), &[4, 0], text.as_bytes());
    }
    seeds.write("rejected-long", &[4, 0], &[b'x'; 70_000]);
}

/// Archives: as they come, edited, and made of what follows.
pub fn archives() {
    let seeds = Seeds::of("archive");
    let packed = |entries: &[(&str, &[u8])], method| {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        for (name, bytes) in entries {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let name = "OQSmuquc02res_1.xml";
    let (deflated, stored) = (
        zip::CompressionMethod::Deflated,
        zip::CompressionMethod::Stored,
    );
    let text = b"<XmlMsg>0123456789</XmlMsg>".repeat(9);
    let good = packed(&[(name, &text)], deflated);
    let directory = good.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    let end = good.len() - 22;
    let changed = |at: usize, to: &[u8]| {
        let mut file = good.clone();
        file[at..at + to.len()].copy_from_slice(to);
        file
    };
    let mut zip64 = good.clone();
    zip64.splice(end..end, [&b"PK\x06\x07"[..], &[0; 16]].concat());
    let many: Vec<String> = (0..3000).map(|n| n.to_string()).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let mut large = packed(&many, stored);
    let large_end = large.len() - 22;
    large[large_end + 8..large_end + 12].copy_from_slice(&[1, 0, 1, 0]);
    let mut link = zip::ZipWriter::new(Cursor::new(Vec::new()));
    link.add_symlink(
        name,
        "/etc/passwd",
        zip::write::SimpleFileOptions::default(),
    )
    .unwrap();
    for (kind, file) in [
        ("good", good.clone()),
        ("stored", packed(&[(name, &text)], stored)),
        ("bomb", packed(&[(name, &vec![b' '; 2 << 20])], deflated)),
        ("two", packed(&[(name, &text), ("x", b"2")], deflated)),
        ("none", packed(&[], deflated)),
        ("link", link.finish().unwrap().into_inner()),
        ("encrypted", changed(directory + 8, &[1])),
        ("method", changed(directory + 10, &[12])),
        ("lies", changed(directory + 24, &[9, 0, 0, 0])),
        ("crc", changed(directory + 16, &[9])),
        ("says-two", changed(end + 8, &[2])),
        ("begin", changed(end + 16, &[9])),
        ("comment", changed(end + 20, &[9])),
        ("entry", changed(directory, b"XX")),
        ("offset", changed(directory + 42, &[9])),
        ("zip64", zip64),
        ("large-directory", large),
        ("text", b"<XmlMsg/>".to_vec()),
        ("cut", good[..good.len() - 30].to_vec()),
    ] {
        seeds.write(&format!("{kind}-small"), &[0, 6], &file);
        // The same cap, and the disk fails later and later.
        for calls in 0..8 {
            let cap = 30 + 31 * calls;
            seeds.write(&format!("{kind}-{calls}"), &[0, cap], &file);
        }
    }
    for of in 0..4 {
        seeds.write(
            &format!("edits-{of}"),
            &[1 | of << 2, 20],
            &[0x40, 0, 1, 1, 7, 0],
        );
    }
    for how in 0..64 {
        seeds.write(
            &format!("made-{how}"),
            &[3 | how << 2, 20],
            b"<XmlMsg>1234</XmlMsg>",
        );
    }
}

/// Documents, and all the markup that there is.
pub fn xml() {
    let seeds = Seeds::of("xml");
    let odd = "<?xml version='1.0'?><!-- c --><a x='/>'><b >1&amp;&#x32;&lt;</b ><![CDATA[<3>]]><c y=\">\"/>\r\n<見本/></a>";
    for (which, leaves) in [0, u64::MAX, 0x5A5A_5A5A_5A5A_5A5A].into_iter().enumerate() {
        let head = leaves.to_le_bytes();
        seeds.write(&format!("full-{which}"), &head, full::FULL.as_bytes());
        seeds.write(&format!("odd-{which}"), &head, odd.as_bytes());
        let doctype = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a><?x y?>";
        seeds.write(&format!("doctype-{which}"), &head, doctype.as_bytes());
    }
}
