use super::{
    BODY, DISEASE, DISEASES, ELDERLY, HEADER, LIMIT, RESULT, RESULTS, ROOT, SEARCH, TICKET, TICKETS,
};
use crate::eligibility::message::record::{write_record, write_slot, write_unread};
use crate::eligibility::message::{MessageError, MessageFile};
use crate::eligibility::report::elements::{Elements, Record};
use crate::eligibility::report::{Body, Header};
use crate::eligibility::text::Charset;
use crate::eligibility::xml::XmlWriter;
use crate::eligibility::{CharacterCode, Qualification, Report, SearchInfo, UnreadElement};

/// The whole document.
pub(super) fn report(report: &Report, charset: Charset) -> Result<MessageFile, MessageError> {
    let unread = Parts::of(&report.unread);
    let mut writer = XmlWriter::new(charset);
    let w = &mut writer;
    w.items(RESULT).open(ROOT);
    write_unread(w, &unread.outside);

    w.open(HEADER);
    let declared = CharacterCode::from_code(charset.code());
    Elements::<Header>::each(report, &mut |name, slot| match name {
        "CharacterCodeIdentifier" => write_slot(w, name, &declared),
        _ => write_slot(w, name, slot),
    });
    write_unread(w, &unread.header);
    w.close().open(BODY);
    write_record::<Body, _>(w, report);
    if !(report.results.is_empty() && unread.results.is_empty()) {
        w.open(RESULTS);
        for result in &report.results {
            w.open(RESULT);
            write_qualification(w, result);
            w.close();
        }
        write_unread(w, &unread.results);
        w.close();
    }
    if let Some(asked) = &report.asked {
        w.open(SEARCH);
        write_search_info(w, asked);
        w.close();
    }
    write_unread(w, &unread.body);
    Ok(writer.finish()?)
}

/// What goes into `ResultOfQualificationConfirmation`, which is open.
pub(in super::super) fn write_qualification(w: &mut XmlWriter, result: &Qualification) {
    write_record(w, result);
    for consent in &result.consents {
        let mut names = consent.kind.elements().into_iter();
        consent.each(&mut |_, slot| {
            write_slot(w, names.next().unwrap_or_default(), slot);
        });
    }
    if let Some(elderly) = &result.elderly_recipient {
        record(w, ELDERLY, elderly);
    }
    if let Some(limit) = &result.limit {
        record(w, LIMIT, limit);
    }
    list(w, DISEASES, DISEASE, &result.specific_diseases);
    list(w, TICKETS, TICKET, &result.tickets);
    write_unread(w, &result.unread);
}

/// What goes into `QualificationConfirmSearchInfo`, which is open.
pub(in super::super) fn write_search_info(w: &mut XmlWriter, asked: &SearchInfo) {
    write_record(w, asked);
    write_unread(w, asked.unread());
}

fn list<T: Record>(w: &mut XmlWriter, around: &str, element: &str, records: &[T]) {
    if records.is_empty() {
        return;
    }
    w.open(around);
    records.iter().for_each(|one| record(w, element, one));
    w.close();
}

fn record<T: Record>(w: &mut XmlWriter, element: &str, record: &T) {
    w.open(element);
    write_record(w, record);
    write_unread(w, record.unread());
    w.close();
}

/// What wasn't understood outside the results, by where it goes.
#[derive(Default)]
struct Parts {
    outside: Vec<UnreadElement>,
    header: Vec<UnreadElement>,
    body: Vec<UnreadElement>,
    results: Vec<UnreadElement>,
}

impl Parts {
    fn of(unread: &[UnreadElement]) -> Self {
        let mut parts = Self::default();
        for element in unread {
            let (part, path) = match split(&element.path) {
                (HEADER, path) => (&mut parts.header, path),
                (BODY, path) => match split(path) {
                    (RESULTS, path) => (&mut parts.results, path),
                    _ => (&mut parts.body, path),
                },
                _ => (&mut parts.outside, element.path.as_str()),
            };
            part.push(UnreadElement {
                path: path.to_owned(),
                text: element.text.clone(),
            });
        }
        parts
    }
}

/// The outermost element of a path, and the rest of it.
fn split(path: &str) -> (&str, &str) {
    path.split_once('/').unwrap_or(("", path))
}
