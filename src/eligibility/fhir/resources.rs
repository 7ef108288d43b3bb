//! Organizations, patients and coverages.

use unicode_normalization::UnicodeNormalization;

use super::element::{coding, concept, day, extension, identifier, written_day};
use super::node::{Node, Object};
use super::systems as s;
use crate::eligibility::{
    InstitutionCode, InsurerNumber, PayerNumber, Personal, PersonalFamily, Qualification,
    SearchInfo, Sex,
};

/// An insurer, or who pays for medical assistance.
#[derive(PartialEq, Eq)]
pub(super) struct Insurer<'a> {
    system: &'static str,
    /// As it is printed on a card: eight digits, or six.
    number: Option<Personal>,
    name: Option<&'a str>,
}

impl<'a> Insurer<'a> {
    /// `None` where nothing is known of it.
    pub(super) fn of(result: &'a Qualification) -> Option<Self> {
        let sent = result.insurer_number.reveal();
        let (system, number) = if result.is_medical_aid() {
            let payer = PayerNumber::parse(sent);
            (s::PUBLIC_PAYER, payer.map(|n| Personal::new(n.digits())))
        } else {
            let insurer = InsurerNumber::parse(sent);
            (s::INSURER, insurer.map(|n| Personal::new(n.digits())))
        };
        let name = Some(result.insurer_name.trim()).filter(|name| !name.is_empty());
        Self::known(system, number, name)
    }

    pub(super) fn asked(asked: &'a SearchInfo) -> Option<Self> {
        let number = InsurerNumber::parse(asked.insurer_number.as_ref()?.reveal())?;
        Self::known(s::INSURER, Some(Personal::new(number.digits())), None)
    }

    fn known(
        system: &'static str,
        number: Option<Personal>,
        name: Option<&'a str>,
    ) -> Option<Self> {
        (number.is_some() || name.is_some()).then_some(Self {
            system,
            number,
            name,
        })
    }
}

pub(super) fn insurer<'a>(start: Object<'a>, insurer: &Insurer<'a>) -> Object<'a> {
    let number = insurer.number.clone().map(Node::Made);
    start
        .with_some(
            "identifier",
            number.map(|number| vec![identifier(insurer.system, number)]),
        )
        .with(
            "type",
            vec![concept(coding(s::ORGANIZATION_TYPE, "pay", Some("Payer")))],
        )
        .with_some("name", insurer.name.and_then(Node::text))
}

pub(super) fn institution<'a>(
    start: Object<'a>,
    code: &'a InstitutionCode,
    name: Option<&'a str>,
) -> Object<'a> {
    let digits = code.digits();
    let part = |range| Node::text(digits.get(range).unwrap_or_default());
    let extensions: Vec<Object<'a>> = [
        part(0..2).map(|prefecture| {
            let prefecture = coding(s::PREFECTURE, prefecture, None);
            extension(s::PREFECTURE_NO, "valueCoding", prefecture)
        }),
        part(2..3).map(|table| {
            let table = coding(s::FEE_TABLE, table, None);
            extension(s::ORGANIZATION_CATEGORY, "valueCoding", table)
        }),
        part(3..10).map(|number| {
            let number = identifier(s::INSTITUTION_7, number);
            extension(s::ORGANIZATION_NO, "valueIdentifier", number)
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    start
        .with("extension", extensions)
        .with(
            "identifier",
            vec![identifier(s::INSTITUTION, Node::Text(digits))],
        )
        .with(
            "type",
            vec![concept(coding(
                s::ORGANIZATION_TYPE,
                "prov",
                Some("Healthcare Provider"),
            ))],
        )
        .with_some("name", name.and_then(Node::text))
}

pub(super) fn patient<'a>(
    start: Object<'a>,
    person: &'a Qualification,
    institution: &InstitutionCode,
) -> Object<'a> {
    let own_number = Node::personal(person.reference_number.as_ref());
    let names: Vec<Object<'a>> = [
        Node::personal(Some(&person.name)).map(|name| written_name("IDE", name)),
        person
            .kana
            .as_ref()
            .filter(|kana| !kana.is_blank())
            // Files have half-width kana; everybody else writes it in full.
            .map(|kana| {
                let full: String = kana.reveal().trim().nfkc().collect();
                written_name("SYL", Node::made(full))
            }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let gender = match person.sex {
        Sex::Male => Some("male"),
        Sex::Female => Some("female"),
        Sex::NotSet => Some("unknown"),
        Sex::Other(_) => None,
    };
    start
        .with_some(
            "identifier",
            own_number.map(|number| {
                let system = format!("{}{}", s::LOCAL_PATIENT, institution.digits());
                vec![identifier(Node::made(system), number)]
            }),
        )
        .with("name", names)
        .with_some("gender", gender)
        .with_some("birthDate", written_day(person.birthdate.reveal()))
}

/// Where nobody was found: only what was asked is known.
pub(super) fn asked_patient<'a>(start: Object<'a>, asked: Option<&SearchInfo>) -> Object<'a> {
    let birthdate = asked.and_then(|asked| asked.birthdate.as_ref());
    start.with_some(
        "birthDate",
        birthdate.and_then(|birthdate| written_day(birthdate.reveal())),
    )
}

/// A name in ideographs (`IDE`) or kana (`SYL`).
fn written_name<'a>(how: &'static str, text: Node<'a>) -> Object<'a> {
    Object::default()
        .with(
            "extension",
            vec![extension(s::NAME_REPRESENTATION, "valueCode", how)],
        )
        .with("use", "official")
        .with("text", text)
}

pub(super) fn coverage<'a>(
    start: Object<'a>,
    result: &'a Qualification,
    status: &'static str,
    beneficiary: Object<'a>,
    payor: Object<'a>,
) -> Object<'a> {
    let extensions: Vec<Object<'a>> = [
        (s::SYMBOL, result.symbol.as_ref()),
        (s::NUMBER, result.number.as_ref()),
        (s::BRANCH, result.branch.as_ref()),
    ]
    .into_iter()
    .filter_map(|(url, text)| Some(extension(url, "valueString", Node::personal(text)?)))
    .collect();
    let relationship = match result.personal_family {
        Some(PersonalFamily::Insured) => Some(coding(s::INSURED_CATEGORY, "1", Some("被保険者"))),
        Some(PersonalFamily::Family) => Some(coding(s::INSURED_CATEGORY, "2", Some("被扶養者"))),
        _ => None,
    };
    // The loss is the first day without; a period ends on its last day.
    let lost = result.disqualified_on.and_then(|day| day.yesterday().ok());
    let end = [lost, result.valid_until].into_iter().flatten().min();
    let period = Object::default()
        .with_some(
            "start",
            result.valid_from.or(result.qualified_from).and_then(day),
        )
        .with_some("end", end.and_then(day));
    start
        .with("extension", extensions)
        .with_some(
            "identifier",
            member(result).map(|member| vec![identifier(s::MEMBER, member)]),
        )
        .with("status", status)
        .with_some("type", category(result).map(concept))
        .with("beneficiary", beneficiary)
        .with_some("dependent", Node::personal(result.branch.as_ref()))
        .with_some("relationship", relationship.map(concept))
        .with("period", period)
        .with("payor", vec![payor])
        .with_some("costToBeneficiary", share(result))
}

/// 保険種別, as the insurer's number tells it.
fn category<'a>(result: &Qualification) -> Option<Object<'a>> {
    let category = |code, words| Some(coding(s::INSURANCE_CATEGORY, code, Some(words)));
    if result.is_medical_aid() {
        return category("8", "公費");
    }
    let number = InsurerNumber::parse(result.insurer_number.reveal())?;
    let digits = number.digits();
    match digits.get(..2) {
        _ if digits.len() == 6 => category("2", "国保"),
        Some("67") => category("2", "国保"),
        Some("39") => category("7", "後期高齢者"),
        _ => category("1", "医保"),
    }
}

/// What the person pays, in percent.
fn share<'a>(result: &Qualification) -> Option<Vec<Object<'a>>> {
    let percent = u32::from(result.copayment_tenths()?).saturating_mul(10);
    let quantity = Object::default()
        .with("value", Node::Number(percent))
        .with("unit", "%")
        .with("system", s::UNITS)
        .with("code", "%");
    Some(vec![
        Object::default()
            .with(
                "type",
                concept(coding(s::COPAY_TYPE, "copaypct", Some("Copay Percentage"))),
            )
            .with("valueQuantity", quantity),
    ])
}

/// 被保険者個人識別子: insurer's number in eight digits, symbol, number, branch, with
/// colons between them. `None` without both numbers, and for medical assistance.
fn member<'a>(result: &Qualification) -> Option<Node<'a>> {
    if result.is_medical_aid() {
        return None;
    }
    let insurer = InsurerNumber::parse(result.insurer_number.reveal())?;
    let number = uniform(result.number.as_ref()?);
    if number.is_blank() {
        return None;
    }
    let symbol = result.symbol.as_ref().map(uniform).unwrap_or_default();
    let branch = result.branch.as_ref().map(uniform).unwrap_or_default();
    Some(Node::made(format!(
        "{:0>8}:{}:{}:{}",
        insurer.digits(),
        symbol.reveal(),
        number.reveal(),
        branch.reveal(),
    )))
}

/// As the identifier wants its parts: without blanks, and all half-width where there
/// are letters and digits only, else all full-width.
fn uniform(text: &Personal) -> Personal {
    let plain: String = text
        .reveal()
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .collect();
    if plain.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Personal::new(plain);
    }
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        other => other,
    };
    let wide: String = plain.chars().map(wide).collect();
    drop(Personal::new(plain));
    Personal::new(wide)
}
