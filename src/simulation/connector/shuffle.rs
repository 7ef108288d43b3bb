//! The same document with its elements in another order.

use std::collections::{BTreeMap, VecDeque};

use super::plan::{Draw, Label};

/// An element that this crate's writer wrote: other elements in it, or text.
struct Element<'a> {
    name: &'a [u8],
    text: &'a [u8],
    inside: Vec<Element<'a>>,
}

/// Elements that are next to each other change places, at all depths; those of
/// one name keep their order, since that can mean something. What isn't a
/// document of this crate's writer comes back as it is.
///
/// Both encodings keep `<` and `>` to themselves.
pub(super) fn shuffled(document: &[u8], draw: Draw) -> Vec<u8> {
    let mut rest = document;
    // The declaration, if there is one.
    if rest.starts_with(b"<?") {
        rest = after(rest, b'>').unwrap_or_default();
    }
    let (declaration, _) = document.split_at(document.len() - rest.len());
    let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let (blanks, mut rest) = rest.split_at(blanks);
    let Some(root) = element(&mut rest) else {
        return document.to_vec();
    };
    let mut out = Vec::with_capacity(document.len());
    out.extend_from_slice(declaration);
    out.extend_from_slice(blanks);
    let mut nth = 0;
    write(&root, draw, &mut nth, &mut out);
    out.extend_from_slice(rest);
    out
}

/// What follows the first of these bytes.
fn after(bytes: &[u8], byte: u8) -> Option<&[u8]> {
    let at = bytes.iter().position(|other| *other == byte)?;
    bytes.get(at + 1..)
}

/// The element at the beginning, which is taken away.
fn element<'a>(rest: &mut &'a [u8]) -> Option<Element<'a>> {
    let inner = rest.strip_prefix(b"<")?;
    let end = inner.iter().position(|byte| *byte == b'>')?;
    let name = inner.get(..end)?;
    *rest = inner.get(end + 1..)?;
    let mut inside = Vec::new();
    let text_end = rest.iter().position(|byte| *byte == b'<')?;
    let (text, tail) = rest.split_at(text_end);
    *rest = tail;
    while !rest.starts_with(b"</") {
        inside.push(element(rest)?);
    }
    *rest = after(rest, b'>')?;
    Some(Element { name, text, inside })
}

fn write(element: &Element<'_>, draw: Draw, nth: &mut u64, out: &mut Vec<u8>) {
    out.push(b'<');
    out.extend_from_slice(element.name);
    out.push(b'>');
    out.extend_from_slice(element.text);
    let mut order: Vec<usize> = (0..element.inside.len()).collect();
    for last in (1..order.len()).rev() {
        *nth += 1;
        let most = u64::try_from(last + 1).unwrap_or(1);
        let other = draw.below(Label::Nth(*nth), most);
        order.swap(last, usize::try_from(other).unwrap_or(last));
    }
    let mut of_name: BTreeMap<&[u8], VecDeque<&Element<'_>>> = BTreeMap::new();
    for inside in &element.inside {
        of_name.entry(inside.name).or_default().push_back(inside);
    }
    for at in order {
        let name = element.inside.get(at).map(|inside| inside.name);
        let next = name.and_then(|name| of_name.get_mut(name)?.pop_front());
        if let Some(next) = next {
            write(next, draw, nth, out);
        }
    }
    out.extend_from_slice(b"</");
    out.extend_from_slice(element.name);
    out.push(b'>');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::message::{parse_report, write_report};
    use crate::eligibility::text::Charset;
    use crate::eligibility::{Personal, Qualification, Report};
    use crate::simulation::Persona;
    use crate::simulation::connector::Patient;
    use crate::simulation::insured::on_screen;

    #[test]
    fn another_order_means_the_same() {
        let now = "2026-11-22T03:00:00Z".parse().unwrap();
        let day = jiff::civil::date(2026, 11, 22);
        let consents = on_screen(crate::eligibility::Consents::all(), now);
        let patient = Patient::from(&Persona::all()[0]);
        let mut report = Report {
            results: vec![
                patient.qualification(consents, day),
                Qualification {
                    address: Some(Personal::new("<見本> & ソ表")),
                    ..Patient::made_up(1).qualification(Vec::new(), day)
                },
            ],
            ..Report::normal()
        };
        let mut orders = std::collections::BTreeSet::new();
        for charset in Charset::ALL {
            let file = write_report(&report, charset).unwrap();
            report = parse_report(file.as_bytes(), 1 << 20).unwrap().report;
            for seed in 0..50 {
                let other = shuffled(file.as_bytes(), Draw::new(seed, "x"));
                assert_eq!(other.len(), file.as_bytes().len());
                let again = parse_report(&other, 1 << 20).unwrap();
                assert!(again.report == report);
                orders.insert(other);
            }
        }
        assert_eq!(orders.len(), 100);
        assert_eq!(shuffled(b"<a><b>", Draw::new(0, "x")), b"<a><b>");
        assert_eq!(shuffled(b"no", Draw::new(0, "x")), b"no");
    }
}
