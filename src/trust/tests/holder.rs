//! The attributes of a signing certificate, and every way to write them wrong.

use proptest::prelude::*;

use crate::card::{BirthDate, Sex};
use crate::simulation::{CertificateSpec, Generation, VirtualPki};
use crate::trust::{extension::Extension, oid, *};

/// Where the extension's value is said to begin.
const AT: usize = 1000;

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let len = value.len();
    let mut out = match len {
        0..0x80 => vec![tag, len.try_into().unwrap()],
        0x80..0x100 => vec![tag, 0x81, len.try_into().unwrap()],
        _ => vec![
            tag,
            0x82,
            (len >> 8).try_into().unwrap(),
            (len & 0xff) as u8,
        ],
    };
    out.extend_from_slice(value);
    out
}

fn other_name_of(oid: &[u8], tag: u8, text: &[u8]) -> Vec<u8> {
    let value = tlv(0xa0, &tlv(tag, text));
    tlv(0xa0, &[tlv(6, oid), value].concat())
}

fn other_name(arc: u8, text: &str) -> Vec<u8> {
    other_name_of(
        &[oid::PERSONAL_DATA, &[arc]].concat(),
        0x0c,
        text.as_bytes(),
    )
}

/// In the order of the real ones.
const ORDER: [u8; 6] = [1, 4, 3, 5, 2, 6];

fn text(arc: u8) -> &'static str {
    match arc {
        1 => "見本　花子",
        2 => "00100",
        3 => "2",
        4 => "319800217",
        5 => "見本県受付町１－２",
        _ => "000000001",
    }
}

fn all() -> Vec<Vec<u8>> {
    ORDER.map(|arc| other_name(arc, text(arc))).to_vec()
}

/// All six, one with another text.
fn with(arc: u8, other: &str) -> Vec<Vec<u8>> {
    ORDER
        .map(|own| other_name(own, if own == arc { other } else { text(own) }))
        .to_vec()
}

fn read(names: &[Vec<u8>]) -> Result<Holder, CertificateError> {
    read_value(&tlv(0x30, &names.concat()))
}

fn read_value(value: &[u8]) -> Result<Holder, CertificateError> {
    Holder::of(Extension {
        oid: oid::SUBJECT_ALT_NAME,
        critical: false,
        value,
        position: AT,
    })
}

fn why(names: &[Vec<u8>]) -> (usize, &'static str, &'static str) {
    match read(names).unwrap_err() {
        CertificateError::Profile {
            position,
            element,
            why,
        } => (position, element, why),
        other => panic!("{other}"),
    }
}

/// Position of the text of the `index`th name, behind four short headers.
fn text_at(names: &[Vec<u8>], index: usize) -> usize {
    let sequence = tlv(0x30, &names.concat());
    let header = sequence.len() - names.concat().len();
    let before: usize = names[..index].iter().map(Vec::len).sum();
    let tail = text(ORDER[index]).len();
    AT + header + before + names[index].len() - tail
}

#[test]
fn the_attributes_of_the_simulated_certificate() {
    let spec = CertificateSpec {
        serial: 0x0600_0001,
        common_name: "2024050110020313221SIM0003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().unwrap(),
        not_after: "2029-04-01T14:59:59Z".parse().unwrap(),
        generation: Generation::Third,
        defect: None,
    };
    let der = VirtualPki::new().signing_certificate(&spec);
    let holder = Holder::parse(&Certificate::parse(&der).unwrap()).unwrap();
    assert_eq!(holder.name(), "見本　花子");
    assert_eq!(holder.address(), "見本県模擬市受付町一丁目２番地の３");
    assert_eq!(holder.birth_date().as_str(), "19800217");
    assert!(holder.era() == Era::Showa && holder.sex() == Sex::Female);
    assert_eq!(holder.name_substitutions().unwrap().flags(), [false; 5]);
    assert_eq!(holder.address_substitutions().unwrap().flags(), [false; 17]);

    // Nothing is hidden in the error of a certificate without them either.
    let der = VirtualPki::new().authentication_certificate(&spec);
    let error = Holder::parse(&Certificate::parse(&der).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "subjectAltName at byte 0: absent");
}

#[test]
fn in_any_order_and_between_unknown_names() {
    let mut names = all();
    names.reverse();
    // A new arc of this family twice, another family, other forms of names, a
    // known arc with one more behind it, and an identifier that is a prefix.
    let unknown = [
        other_name(7, "旧姓"),
        other_name(7, "旧姓"),
        other_name_of(&[0x2a, 3], 0x04, b"?"),
        other_name_of(&[oid::PERSONAL_DATA, &[1, 1]].concat(), 0x0c, b"x"),
        other_name_of(oid::PERSONAL_DATA, 0x0c, b"x"),
        tlv(0x82, b"example.jp"),
        tlv(0xa4, &tlv(0x30, &[])),
    ];
    for (index, other) in unknown.into_iter().enumerate() {
        names.insert(index, other);
    }
    let holder = read(&names).unwrap();
    assert_eq!((holder.name(), holder.address()), (text(1), text(5)));
    let flags = holder.name_substitutions().unwrap();
    assert!(flags.any());
    assert_eq!(flags.flags(), [false, false, true, false, false]);
    assert!(holder.address_substitutions().unwrap().flags()[8]);
}

#[test]
fn each_attribute_once() {
    for (index, arc) in ORDER.into_iter().enumerate() {
        let mut twice = all();
        twice.push(other_name(arc, text(arc)));
        let (position, element, reason) = why(&twice);
        let end = tlv(0x30, &twice.concat()).len();
        let last = end - twice.last().unwrap().len();
        assert_eq!((position, reason), (AT + last, "comes twice"));
        assert!(element.contains(&format!("8.5.5.{arc})")), "{element}");

        let mut without = all();
        without.remove(index);
        match arc {
            2 => assert!(read(&without).unwrap().name_substitutions().is_none()),
            6 => assert!(read(&without).unwrap().address_substitutions().is_none()),
            _ => {
                let (position, missing, reason) = why(&without);
                assert_eq!((position, missing, reason), (AT, element, "absent"));
            }
        }
    }
    assert!(read(&[]).is_err());
}

#[test]
fn eras_fit_their_dates() {
    for (value, era) in [
        ("119120729", Era::Meiji),
        ("119120730", Era::Meiji),
        ("219120730", Era::Taisho),
        ("219261225", Era::Taisho),
        ("319261225", Era::Showa),
        ("319890107", Era::Showa),
        ("419890108", Era::Heisei),
        ("420190430", Era::Heisei),
        ("520190501", Era::Reiwa),
        ("019800217", Era::NotKnown),
        ("000000000", Era::NotKnown),
        // Days that aren't known.
        ("319890000", Era::Showa),
        ("419890000", Era::Heisei),
        ("319500000", Era::Showa),
        ("319260000", Era::Showa),
        ("219260000", Era::Taisho),
        ("119120000", Era::Meiji),
        ("520190000", Era::Reiwa),
        ("319261200", Era::Showa),
        ("420190400", Era::Heisei),
    ] {
        let holder = read(&with(4, value)).unwrap();
        assert!(holder.era() == era, "{value}");
        assert_eq!(holder.birth_date().as_str(), &value[1..]);
    }
    for value in [
        "119120731",
        "119800217",
        "219120729",
        "219261226",
        "319261224",
        "319890108",
        "419890107",
        "420190501",
        "520190430",
        "118680124",
        "520190400",
        "420190500",
        "319900000",
    ] {
        let names = with(4, value);
        let reason = "begins with an era that the date isn't in";
        let (position, _, found) = why(&names);
        assert_eq!((position, found), (text_at(&names, 1), reason), "{value}");
    }
    for (value, offset, reason) in [
        ("", 0, "is empty"),
        ("619800217", 0, "begins with no known era"),
        ("年19800217", 0, "begins with no known era"),
        ("3", 1, "is not eight digits behind the one of the era"),
        (
            "31980021",
            1,
            "is not eight digits behind the one of the era",
        ),
        (
            "3198002170",
            1,
            "is not eight digits behind the one of the era",
        ),
        (
            "31980021春",
            1,
            "is not eight digits behind the one of the era",
        ),
    ] {
        let names = with(4, value);
        let at = AT + 3 + names[0].len() + names[1].len() - value.len() + offset;
        assert_eq!((why(&names).0, why(&names).2), (at, reason), "{value}");
    }
}

#[test]
fn flags_and_sex_have_their_form() {
    let uneven = "has not one flag for each character";
    for (arc, value, reason) in [
        (2, "0000", uneven),
        (2, "000000", uneven),
        (2, "", uneven),
        (6, "00000000", uneven),
        (2, "00200", "is not zeros and ones"),
        (6, "00000000０", "is not zeros and ones"),
        (3, "", "is not one digit"),
        (3, "12", "is not one digit"),
        (3, "男", "is not one digit"),
        (3, "M", "is not one digit"),
    ] {
        assert_eq!(why(&with(arc, value)).2, reason, "{arc} {value}");
    }
    let names = with(2, "00010");
    assert!(read(&names).is_ok());
    // The position is that of the very flag.
    let names = with(2, "0002x");
    assert_eq!(why(&names).0, text_at(&names, 4) + 3);
    assert!(read(&with(3, "3")).unwrap().sex() == Sex::Other(3));
    // A character outside of the basic plane is one character.
    let names: Vec<_> = [
        other_name(1, "𠮷　花"),
        other_name(2, "000"),
        other_name(3, "1"),
        other_name(4, "419900101"),
        other_name(5, ""),
        other_name(6, ""),
    ]
    .into();
    assert_eq!(read(&names).unwrap().name(), "𠮷　花");
}

#[test]
fn other_types_and_forms_are_refused() {
    let own = |tag: u8, value: &[u8]| {
        let mut names = all();
        names[0] = other_name_of(&[oid::PERSONAL_DATA, &[1]].concat(), tag, value);
        names
    };
    for tag in [0x13, 0x16, 0x1e, 0x04, 0x2c] {
        assert!(matches!(
            read(&own(tag, b"abcde")),
            Err(CertificateError::Der { element, .. }) if element.starts_with("name")
        ));
    }
    let names = own(0x0c, b"abcd\xff");
    let (position, _, reason) = why(&names);
    let at = AT + 3 + names[0].len() - 1;
    assert_eq!((position, reason), (at, "is not UTF-8"));
    // More in the value, or behind it, than one text.
    let oid = tlv(6, &[oid::PERSONAL_DATA, &[1]].concat());
    let value = tlv(0x0c, "見本　花子".as_bytes());
    for inside in [
        [oid.clone(), tlv(0xa0, &[&value[..], &value].concat())].concat(),
        [oid.clone(), tlv(0xa0, &value), value.clone()].concat(),
        [oid.clone(), tlv(0xa1, &value)].concat(),
        [oid.clone(), value.clone()].concat(),
        oid.clone(),
        Vec::new(),
    ] {
        let mut names = all();
        names[0] = tlv(0xa0, &inside);
        assert!(matches!(read(&names), Err(CertificateError::Der { .. })));
    }
    let mut value = tlv(0x30, &all().concat());
    value.push(0);
    assert!(matches!(
        read_value(&value),
        Err(CertificateError::Der { .. })
    ));
}

#[test]
fn nothing_is_shown() {
    let holder = read(&all()).unwrap();
    let shown = format!(
        "{holder:?} {:?} {:?}",
        holder.era(),
        holder.name_substitutions().unwrap()
    );
    assert_eq!(shown, "Holder(..) Era(..) Substitutions(..)");
}

#[test]
fn each_day_is_in_one_era_and_those_of_a_change_in_two() {
    let first = jiff::civil::date(1868, 1, 25);
    let known = [Era::Meiji, Era::Taisho, Era::Showa, Era::Heisei, Era::Reiwa];
    for day in first.series(jiff::Span::new().days(1)).take(85_000) {
        let digits = day.strftime("%Y%m%d").to_string();
        let date = BirthDate::parse(digits.as_bytes()).unwrap();
        let eras = known.iter().filter(|era| era.may_hold(&date)).count();
        let both = digits == "19120730" || digits == "19261225";
        assert_eq!(eras, if both { 2 } else { 1 }, "{day}");
        assert!(Era::NotKnown.may_hold(&date));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever is in them comes out again.
    #[test]
    fn texts_come_back(name in "\\PC{0,40}", address in "\\PC{0,200}", flagged: u64, sex in 0u8..10) {
        let flags = |text: &str| -> String {
            let flag = |at: usize| if flagged >> (at % 64) & 1 == 1 { '1' } else { '0' };
            (0..text.chars().count()).map(flag).collect()
        };
        let names = [
            other_name(1, &name),
            other_name(4, "319800217"),
            other_name(3, &sex.to_string()),
            other_name(5, &address),
            other_name(2, &flags(&name)),
            other_name(6, &flags(&address)),
        ];
        let holder = read(&names).unwrap();
        prop_assert_eq!(holder.name(), name.as_str());
        prop_assert_eq!(holder.address(), address.as_str());
        prop_assert!(holder.sex() == Sex::of(b'0' + sex).unwrap());
        let shown: String = holder.address_substitutions().unwrap().flags().iter()
            .map(|flag| if *flag { '1' } else { '0' }).collect();
        prop_assert_eq!(shown, flags(&address));
    }

    /// Never more than an error, whatever the bytes; and it lies inside of them.
    #[test]
    fn changed_bytes_are_read_or_refused(at: prop::sample::Index, to: u8, cut: prop::sample::Index) {
        let mut value = tlv(0x30, &all().concat());
        let at = at.index(value.len());
        value[at] = to;
        value.truncate(cut.index(value.len()) + 1);
        if let Err(CertificateError::Der { position, .. } | CertificateError::Profile { position, .. }) = read_value(&value) {
            prop_assert!((AT..=AT + value.len()).contains(&position));
        }
    }
}
