//! What a connector may put into its folder.

use super::Seeds;
use crate::message_support::full as messages;

/// What a connector may put into its folder, step by step; see the target.
pub fn folders() {
    let seeds = Seeds::of("folders");
    let with = |step: u8, question: u8, kind: u8, contents: &str| {
        let len = u16::try_from(contents.len()).unwrap().to_be_bytes();
        [&[question << 4 | step, kind], &len[..], contents.as_bytes()].concat()
    };
    let put = |question: u8, kind: u8, contents: &str| with(0, question, kind, contents);
    // Two rounds, 400 ms apart; then it is read, unpacked, settled, looked for again, and known after a restart.
    let ends = |question: u8| {
        let at = |step: u8| question << 4 | step;
        [
            1,
            4,
            1,
            4,
            at(3),
            at(15),
            at(4),
            1,
            4,
            6,
            1,
            4,
            at(3),
            at(14),
        ]
    };
    let answer = |identifier: &str, segment: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><XmlMsg><MessageHeader>\
             <ArbitraryFileIdentifier>{identifier}</ArbitraryFileIdentifier>\
             <SegmentOfResult>{segment}</SegmentOfResult></MessageHeader><MessageBody/></XmlMsg>"
        )
    };
    let received = "<XmlMsg><ReceptionNumber>R1</ReceptionNumber></XmlMsg>";
    let whole = answer("\u{1}", "1");
    let cdata = whole.replace("\u{1}", "<![CDATA[\u{1}]]>");
    let twice_said = whole.replace("<MessageBody/>", "<SegmentOfResult>2</SegmentOfResult>");
    for (name, question, kind, contents) in [
        ("answer", 0, 0, whole.clone()),
        ("capitals", 0, 8, whole.clone()),
        ("accepted", 1, 0, answer("\u{2}", "1")),
        ("result", 2, 0, received.to_owned()),
        ("other", 0, 0, answer("\u{2}", "1")),
        ("processing", 0, 0, answer("\u{1}", "2")),
        ("cdata", 0, 0, cdata),
        ("said-twice", 0, 0, twice_said),
        ("no-text", 0, 0, " ".to_owned()),
        ("rejected", 0, 4, "E001".to_owned()),
        ("archive", 2, 2, "PK\u{5}\u{6}".to_owned()),
        ("pdf", 0, 3, "%PDF-1.7 %%EOF".to_owned()),
        ("pdf-open", 0, 3, "%PDF-1.7".to_owned()),
        ("face", 0, 7, whole.clone()),
        ("folder", 0, 0x80, String::new()),
        ("link", 0, 0xc0, String::new()),
        ("socket", 0, 0x20, String::new()),
    ] {
        for flags in [0, 1, 2, 5, 25] {
            let steps = [put(question, kind, &contents), ends(question).to_vec()].concat();
            seeds.write(&format!("{name}-{flags}"), &[flags], &steps);
            // The disk fails at one of the calls.
            for at in [0, 2, 4, 6, 7, 8, 9] {
                for fault in [0, 1, 3] {
                    let mut steps = put(question, kind, &contents);
                    let after = ends(question);
                    steps.extend(&after[..at]);
                    steps.extend([9, fault]);
                    steps.extend(&after[at..]);
                    if flags < 3 {
                        let name = format!("{name}-{flags}-fault-{at}-{fault}");
                        seeds.write(&name, &[flags], &steps);
                    }
                }
            }
        }
    }
    let half = put(0, 0, &whole[..whole.len() / 2]);
    let twice = [put(0, 0, &whole), put(0, 8, &whole)].concat();
    let differ = [put(0, 0, &whole), put(0, 8, &answer("\u{1}", "9"))].concat();
    let late = [vec![2, 5], put(0, 0, &whole)].concat();
    let cancelled = [vec![5], put(0, 0, &whole)].concat();
    let damaged = [put(0, 0, &whole), vec![1, 4, 7, 0, 3, 0, 90, b'x']].concat();
    let torn = [put(0, 0, &whole), vec![1, 4, 7, 0, 3, 0xff, 0xff, 0]].concat();
    let changing = [
        put(0, 0, &whole),
        vec![1, 4],
        put(0, 0, &answer("\u{1}", "9")),
    ]
    .concat();
    let gone = [put(0, 0, &whole), vec![1, 4, 11, 8, 1, 4, 11, 8]].concat();
    // The request beside its rejection; the same again after it was settled, and another then.
    let copied = [put(0, 4, "E001"), put(0, 0x26, ""), vec![1, 4, 1, 4, 4]].concat();
    let copied = [copied, put(0, 0x26, "")].concat();
    let settled = [put(0, 0, &whole), vec![1, 4, 1, 4, 4]].concat();
    let again = [settled.clone(), put(0, 0, &whole)].concat();
    let another = [settled.clone(), put(0, 8, &answer("\u{1}", "9"))].concat();
    let changed = [&put(0, 0, &whole)[..], &[1, 4, 1, 4], &put(0, 0, "x"), &[4]].concat();
    let read_changed = [&put(0, 0, &whole)[..], &[1, 4, 1, 4], &put(0, 0, "x"), &[3]].concat();
    let taken = vec![11, 0, 2, 200, 2, 255];
    let out = vec![2, 255, 2, 255];
    for (name, steps) in [
        ("half", half),
        ("twice", twice),
        ("differ", differ),
        ("late", late),
        ("cancelled", cancelled),
        ("damaged", damaged),
        ("torn", torn),
        ("changing", changing),
        ("gone", gone),
        ("copied", copied),
        ("again", again),
        ("another", another),
        ("changed", changed),
        ("read-changed", read_changed),
        ("taken", taken),
        ("timed-out", out),
    ] {
        for flags in [1, 2, 5] {
            let steps = [steps.clone(), ends(0).to_vec()].concat();
            seeds.write(&format!("{name}-{flags}"), &[flags], &steps);
        }
    }
    // In archives, and larger than is held in memory or than allowed.
    for (question, contents) in [
        (0, whole.as_str()),
        (1, &answer("\u{2}", "1")),
        (2, received),
    ] {
        for kind in 0..16 {
            let steps = [with(13, question, kind, contents), ends(question).to_vec()].concat();
            seeds.write(&format!("packed-{question}-{kind}"), &[1], &steps);
            if kind & 3 != 0 || kind == 0 {
                let steps = [with(12, question, kind, contents), ends(question).to_vec()].concat();
                seeds.write(&format!("large-{question}-{kind}"), &[2], &steps);
            }
        }
    }
    // What others do to the folders: before a question, before its answer, and before it is settled; then undone.
    for kind in 0..20 {
        let put = put(0, 0, &whole);
        let over = ends(0);
        for (name, steps) in [
            (
                "first",
                [&[11, kind][..], &[10, 0, 1, 4, 11, kind], &put, &over].concat(),
            ),
            (
                "then",
                [
                    &put[..],
                    &over[..4],
                    &[11, kind],
                    &over[4..],
                    &[11, kind, 6, 14],
                    &over,
                ]
                .concat(),
            ),
            (
                "late",
                [&put[..], &[11, kind, 1, 4, 1, 4, 2, 30, 11, kind], &over].concat(),
            ),
            (
                "cancelled",
                [&[11, kind, 5, 6, 11, kind][..], &put, &over].concat(),
            ),
        ] {
            for flags in [1, 2, 5] {
                seeds.write(
                    &format!("disturbed-{kind}-{name}-{flags}"),
                    &[flags],
                    &steps,
                );
            }
        }
    }
    // More questions, of each kind; the last one's answer is found. And the first ones asked again.
    for which in 0..2 * u8::try_from(messages::QUESTIONS.len()).unwrap() {
        for fault in [0, 1, 2, 3] {
            let answered = [put(3, 0, &answer("\u{4}", "1")), ends(3).to_vec()].concat();
            let steps = [&[9, fault, 10, which][..], &answered].concat();
            seeds.write(&format!("asked-{which}-{fault}"), &[fault | 8], &steps);
        }
    }
    // With a name that is taken, at each of its stations; then without.
    for kind in [10, 11, 12, 13] {
        let steps = [
            11, kind, 10, 0x81, 1, 4, 6, 14, 11, kind, 10, 0x83, 1, 4, 14,
        ];
        for flags in [1, 9] {
            seeds.write(&format!("taken-{kind}-{flags}"), &[flags], &steps);
        }
    }
    for question in 0..3 {
        let asked_again = [10, 1 | question << 1, question << 4 | 10, 3];
        seeds.write(&format!("asked-again-{question}"), &[1], &asked_again);
    }
    // The same answer again and again, each settled, until the journal is written anew; then time enough to forget.
    let mut cycles = vec![5 | 1 << 4];
    for _ in 0..6 {
        cycles.extend(put(0, 0, &whole));
        cycles.extend([1, 4, 1, 4, 4]);
    }
    cycles.extend([2, 255, 2, 255]);
    for _ in 0..3 {
        cycles.extend(put(0, 0, &whole));
        cycles.extend([1, 4, 1, 4, 4]);
    }
    for (name, end) in [
        ("again", vec![6, 14]),
        ("fault", vec![9, 0, 1, 4, 1, 4]),
        ("room", vec![9, 1, 1, 4, 1, 4]),
    ] {
        for flags in [1, 2, 9] {
            let steps = [cycles.clone(), end.clone()].concat();
            seeds.write(&format!("compacted-{name}-{flags}"), &[flags], &steps);
        }
    }
    // A hundred names are taken where it is to be moved to.
    let full = [&put(0, 0, &whole)[..], &[11, 9, 11, 14], &ends(0)].concat();
    seeds.write("moved-full", &[2], &full);
    // Nobody may read the answer, at each of its stations.
    for at in [0, 2, 4, 6, 7] {
        for flags in [1, 2] {
            let (before, after) = (ends(0)[..at].to_vec(), ends(0)[at..].to_vec());
            let denied = vec![11, 17, 9, 3, 1, 4, 9, 3, 1, 4, 9, 3, 3, 9, 3, 4, 9, 3, 1, 4];
            let steps = [put(0, 0, &whole), before, denied, vec![11, 18], after].concat();
            seeds.write(&format!("denied-{at}-{flags}"), &[flags], &steps);
        }
    }
    // The journal's first line, and one in the middle.
    for at in [0, 3, 30, 90, 100, 200] {
        let steps = [
            &put(0, 0, &whole)[..],
            &[1, 4, 1, 4, 4, 7, 0, 3, 0, at, b'x', 6, 1, 4],
        ]
        .concat();
        seeds.write(&format!("damaged-{at}"), &[1], &steps);
    }
    // As a service: asked, asked again, polled, answered, polled twice; and the other ends.
    let about = |born: &str, identifier: &str| {
        format!(
            "<XmlMsg><MessageHeader><ArbitraryFileIdentifier>{identifier}</ArbitraryFileIdentifier><SegmentOfResult>1</SegmentOfResult>\
             </MessageHeader><MessageBody><ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>1</QualificationValidity>\
             <ResultList><ResultOfQualificationConfirmation><InsuredBirthday>{born}</InsuredBirthday><Birthdate>{born}</Birthdate>\
             </ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>"
        )
    };
    let own = "\u{4}";
    for (name, answer) in [
        ("right", put(3, 0, &about("19800401", own))),
        ("person", put(3, 0, &about("19780102", own))),
        (
            "echo",
            put(
                3,
                0,
                &about("19800401", "x").replace("Arbitrary", "arbitrary"),
            ),
        ),
        (
            "unreadable",
            put(
                3,
                0,
                &about("19800401", own).replace("<MessageBody>", "<MessageBody><![CDATA[1]]>"),
            ),
        ),
        ("packed", with(13, 3, 0, &about("19800401", own))),
        ("rejected", put(3, 4, "E1")),
        ("nothing", vec![2, 200]),
        ("taken", vec![11, 0, 2, 200]),
        ("cancelled", vec![8, 3]),
        ("given-up", vec![0x35]),
        (
            "differ",
            [
                put(3, 0, &about("19800401", own)),
                put(3, 8, &about("19780102", own)),
            ]
            .concat(),
        ),
    ] {
        for (at, fault) in [(0, 2), (2, 0), (4, 0), (6, 0), (2, 1), (4, 1), (6, 1)] {
            let polls = [8, 2, 1, 4, 8, 2, 1, 4, 8, 2, 8, 2];
            let (before, after) = polls.split_at(at);
            let polls = [before, &[9, fault], after].concat();
            let steps = [&[8, 0, 8, 1][..], &answer, &polls, &[14, 8, 0]].concat();
            seeds.write(
                &format!("service-{name}-{at}-{fault}"),
                &[1 + fault],
                &steps,
            );
        }
    }
    for fault in 0..3 {
        seeds.write(
            &format!("service-fault-{fault}"),
            &[1],
            &[9, fault, 8, 0, 8, 2, 8, 3],
        );
    }
}
