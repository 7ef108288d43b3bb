use super::{
    BODY, DISEASE, DISEASES, ELDERLY, HEADER, LIMIT, RESULT, RESULTS, SEARCH, TICKET, TICKETS,
};
use crate::eligibility::message::ReadError;
use crate::eligibility::message::record::{Part, envelope, no_nested, read_leaves, read_record};
use crate::eligibility::report::elements::{Elements, Record};
use crate::eligibility::report::{Body, Header};
use crate::eligibility::xml::{Limits, XmlReader};
use crate::eligibility::{
    MedicalTicket, Personal, Qualification, Report, SearchInfo, SpecificDisease, UnreadElement,
};

/// Elements that weren't understood, so far, in one part.
type Unread = Vec<UnreadElement>;

/// The whole document.
pub(super) fn report(text: &str) -> Result<Report, ReadError> {
    let mut report = Report::empty();
    let (mut in_header, mut in_body, mut in_results) =
        (Unread::new(), Unread::new(), Unread::new());
    let mut unread = envelope(text, Limits::ONE, &mut |part, reader| {
        match part {
            Part::Header => {
                in_header = read_leaves(
                    reader,
                    &mut report,
                    <Report as Elements<Header>>::slot,
                    &mut no_nested,
                )?;
            }
            Part::Body => in_body = read_body(reader, &mut report, &mut in_results)?,
        }
        Ok(())
    })?;
    unread.extend(within(HEADER, in_header));
    unread.extend(within(BODY, in_body));
    unread.extend(within(BODY, within(RESULTS, in_results)));
    report.unread = unread;
    Ok(report)
}

fn read_body(
    reader: &mut XmlReader<'_>,
    report: &mut Report,
    in_results: &mut Unread,
) -> Result<Unread, ReadError> {
    let mut results = false;
    read_leaves(
        reader,
        report,
        <Report as Elements<Body>>::slot,
        &mut |report, name, reader| {
            match name {
                RESULTS => {
                    if std::mem::replace(&mut results, true) {
                        return Err(repeated(RESULTS, reader.at()));
                    }
                    while let Some(name) = reader.child()? {
                        if name == RESULT {
                            reader.entry()?;
                            report.results.push(read_qualification(reader)?);
                        } else {
                            keep(reader, name, in_results)?;
                        }
                    }
                }
                SEARCH => {
                    let at = reader.at();
                    only(SEARCH, at, &mut report.asked, read_search_info(reader)?)?;
                }
                _ => return Ok(false),
            }
            Ok(true)
        },
    )
}

/// What is in `ResultOfQualificationConfirmation`, just opened.
pub(crate) fn read_qualification(reader: &mut XmlReader<'_>) -> Result<Qualification, ReadError> {
    let mut found = Qualification::new("", "");
    // What stood in a list, but not in one of its entries.
    let mut beside = Unread::new();
    let unread = read_leaves(
        reader,
        &mut found,
        Qualification::leaf,
        &mut |found, name, reader| {
            let at = reader.at();
            match name {
                ELDERLY => only(ELDERLY, at, &mut found.elderly_recipient, record(reader)?)?,
                LIMIT => only(LIMIT, at, &mut found.limit, record(reader)?)?,
                DISEASES => read_diseases(reader, &mut found.specific_diseases, &mut beside)?,
                TICKETS => read_tickets(reader, &mut found.tickets, &mut beside)?,
                _ => return Ok(false),
            }
            Ok(true)
        },
    )?;
    found.forget_empty_consents();
    found.unread = unread;
    found.unread.append(&mut beside);
    Ok(found)
}

/// What is in `QualificationConfirmSearchInfo`, just opened; `None` if nothing is.
pub(crate) fn read_search_info(
    reader: &mut XmlReader<'_>,
) -> Result<Option<SearchInfo>, ReadError> {
    record(reader)
}

/// A list of diseases, or one disease in a list that is repeated: both are written
/// in the field.
fn read_diseases(
    reader: &mut XmlReader<'_>,
    diseases: &mut Vec<SpecificDisease>,
    beside: &mut Unread,
) -> Result<(), ReadError> {
    reader.entry()?;
    let mut direct = SpecificDisease::default();
    let unread = read_record(reader, &mut direct, &mut |_, name, reader| {
        let listed = name == DISEASE;
        if listed {
            reader.entry()?;
            diseases.extend(record(reader)?);
        }
        Ok(listed)
    })?;
    if direct == SpecificDisease::default() {
        beside.extend(within(DISEASES, unread));
    } else {
        direct.unread = unread;
        diseases.push(direct);
    }
    Ok(())
}

fn read_tickets(
    reader: &mut XmlReader<'_>,
    tickets: &mut Vec<MedicalTicket>,
    beside: &mut Unread,
) -> Result<(), ReadError> {
    let mut unread = Unread::new();
    while let Some(name) = reader.child()? {
        if name == TICKET {
            reader.entry()?;
            tickets.extend(record(reader)?);
        } else {
            keep(reader, name, &mut unread)?;
        }
    }
    beside.extend(within(TICKETS, unread));
    Ok(())
}

/// What is in an element just opened; `None` if nothing is, since empty is absent.
fn record<T: Record>(reader: &mut XmlReader<'_>) -> Result<Option<T>, ReadError> {
    let mut found = T::default();
    let unread = read_record(reader, &mut found, &mut no_nested)?;
    found.keep_unread(unread);
    Ok((found != T::default()).then_some(found))
}

/// Puts a part where there is at most one.
fn only<T>(
    element: &'static str,
    at: usize,
    field: &mut Option<T>,
    found: Option<T>,
) -> Result<(), ReadError> {
    match (&field, found) {
        (_, None) => Ok(()),
        (Some(_), Some(_)) => Err(repeated(element, at)),
        (None, found) => {
            *field = found;
            Ok(())
        }
    }
}

/// Keeps the texts in the element just opened.
fn keep(reader: &mut XmlReader<'_>, name: &str, unread: &mut Unread) -> Result<(), ReadError> {
    reader.leaves(name, &mut |path, text| {
        unread.push(UnreadElement {
            path: path.to_owned(),
            text: Personal::new(text),
        });
    })?;
    Ok(())
}

/// The same, seen from around this element.
fn within(element: &str, unread: Unread) -> Unread {
    let path = |path| format!("{element}/{path}");
    let outer = |kept: UnreadElement| UnreadElement {
        path: path(kept.path),
        text: kept.text,
    };
    unread.into_iter().map(outer).collect()
}

const fn repeated(element: &'static str, at: usize) -> ReadError {
    ReadError::Repeated { element, at }
}
