//! The bundle: which entries there are, and how they refer to each other.

use super::element::{
    coding, concept, day, extension, moment, reference, sent_code, unknown_reference,
};
use super::node::{Node, Object};
use super::resources::{self, Insurer};
use super::systems::{
    ACT_REASON, CENTRE_CODE, CODE, REQUEST_ORIGIN, SEGMENT, SEGMENT_CODES, STATUS, STATUS_CODES,
    VALIDITY, VALIDITY_CODES,
};
use super::{BundleId, Export, FhirError, Origin};
use crate::Realm;
use crate::eligibility::{
    ProcessingResultStatus, Qualification, QualificationValidity, Report, SegmentOfResult,
};

/// An entry's id, and how others refer to it.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) full_url: String,
}

/// Hands out ids, and collects what was made.
struct Entries<'a> {
    id: BundleId,
    next: u32,
    test_data: bool,
    list: Vec<Object<'a>>,
}

impl<'a> Entries<'a> {
    fn entry(&mut self) -> Entry {
        let id = self.id.entry(self.next);
        self.next = self.next.wrapping_add(1);
        let full_url = format!("urn:uuid:{id}");
        Entry { id, full_url }
    }

    fn put(&mut self, entry: &Entry, resource: Object<'a>) {
        self.list.push(
            Object::default()
                .with("fullUrl", Node::made(entry.full_url.as_str()))
                .with("resource", resource),
        );
    }

    /// A resource with its tags: test data is never taken for real.
    fn start(&self, kind: &'static str, id: &str, tag: Option<Object<'a>>) -> Object<'a> {
        let test = self
            .test_data
            .then(|| coding(ACT_REASON, "HTEST", Some("test health data")));
        let tags: Vec<Object<'a>> = tag.into_iter().chain(test).collect();
        let object = Object::resource(kind, id);
        if tags.is_empty() {
            object
        } else {
            object.with("meta", Object::default().with("tag", tags))
        }
    }
}

pub(super) fn bundle<'a>(export: &Export<'a>, id: BundleId) -> Result<Object<'a>, FhirError> {
    let report = export.report;
    let (asked, received, tag) = match export.origin {
        Origin::Asked { asked, received } => (
            asked,
            received,
            coding(REQUEST_ORIGIN, "asked", Some("asked by this institution")),
        ),
        Origin::Feed { received } => (
            received,
            received,
            coding(
                REQUEST_ORIGIN,
                "made-up",
                Some("made up: the result of a card check-in came by itself"),
            ),
        ),
    };
    let asked = moment(asked).ok_or(FhirError::Time)?;
    let stamp = moment(received).ok_or(FhirError::Time)?;
    let created = report
        .executed
        .and_then(moment)
        .or_else(|| moment(received))
        .ok_or(FhirError::Time)?;

    let mut entries = Entries {
        id,
        next: 1,
        test_data: export.realm != Realm::Production,
        list: Vec::new(),
    };
    let (request, response, institution) = (entries.entry(), entries.entry(), entries.entry());
    let patients = patients(&mut entries, export);
    let insurers = insurers(&mut entries, report);
    let coverages: Vec<Entry> = report.results.iter().map(|_| entries.entry()).collect();

    let insurer = || match insurers.as_slice() {
        [(_, entry)] => reference(&entry.full_url),
        [] => unknown_reference("no insurer was named"),
        _ => unknown_reference("more than one insurer was named"),
    };
    let mut head = Vec::new();
    let question = entries
        .start("CoverageEligibilityRequest", &request.id, Some(tag))
        .with("status", "active")
        .with("purpose", vec!["validation"])
        .with("patient", reference(&patients.subject.full_url))
        .with_some("servicedDate", report.confirmation_date.and_then(day))
        .with("created", asked)
        .with("provider", reference(&institution.full_url))
        .with("insurer", insurer());
    head.push((&request, question));

    let answer = entries
        .start("CoverageEligibilityResponse", &response.id, None)
        .with("extension", layers(report))
        .with("status", "active")
        .with("purpose", vec!["validation"])
        .with("patient", reference(&patients.subject.full_url))
        .with_some("servicedDate", report.confirmation_date.and_then(day))
        .with("created", created)
        .with("requestor", reference(&institution.full_url))
        .with("request", reference(&request.full_url))
        .with("outcome", outcome(report))
        .with_some("disposition", disposition(report))
        .with("insurer", insurer())
        .with("insurance", insurance(report, &coverages))
        .with("error", errors(report));
    head.push((&response, answer));
    let place = resources::institution(
        entries.start("Organization", &institution.id, None),
        export.institution,
        export.institution_name,
    );
    head.push((&institution, place));
    for (entry, resource) in head {
        entries.put(entry, resource);
    }
    patients.put(&mut entries, export);
    for (insurer, entry) in &insurers {
        let resource = resources::insurer(entries.start("Organization", &entry.id, None), insurer);
        entries.put(entry, resource);
    }
    let status = match inforce(report) {
        Some(true) => "active",
        Some(false) => "cancelled",
        None => "draft",
    };
    for (at, (result, entry)) in report.results.iter().zip(&coverages).enumerate() {
        let payor = insurers
            .iter()
            .find(|(insurer, _)| Insurer::of(result).as_ref() == Some(insurer))
            .map_or_else(
                || unknown_reference("no insurer was named"),
                |(_, insurer)| reference(&insurer.full_url),
            );
        let start = entries.start("Coverage", &entry.id, None);
        let beneficiary = reference(&patients.of(at).full_url);
        let resource = resources::coverage(start, result, status, beneficiary, payor);
        entries.put(entry, resource);
    }
    let bundle_id = id.entry(0);
    Ok(entries
        .start("Bundle", &bundle_id, None)
        .with(
            "identifier",
            super::element::identifier(
                "urn:ietf:rfc:3986",
                Node::made(format!("urn:uuid:{bundle_id}")),
            ),
        )
        .with("type", "collection")
        .with("timestamp", stamp)
        .with("entry", entries.list))
}

/// The persons of a report: mostly one, whatever many insurances.
struct Patients<'a> {
    /// Whom question and answer are about.
    subject: Entry,
    /// Each person found, where that isn't the subject.
    others: Vec<(&'a Qualification, Entry)>,
    /// For each result, its place among the others.
    of_result: Vec<Option<usize>>,
}

fn same_person(one: &Qualification, other: &Qualification) -> bool {
    one.name == other.name && one.birthdate == other.birthdate && one.kana == other.kana
}

fn patients<'a>(entries: &mut Entries<'a>, export: &Export<'a>) -> Patients<'a> {
    let results = &export.report.results;
    let subject = entries.entry();
    let all_one = results
        .first()
        .is_some_and(|first| results.iter().all(|result| same_person(first, result)));
    let mut others: Vec<(&Qualification, Entry)> = Vec::new();
    let mut of_result = Vec::new();
    for result in results {
        if all_one {
            of_result.push(None);
            continue;
        }
        let known = others
            .iter()
            .position(|(other, _)| same_person(other, result));
        of_result.push(Some(known.unwrap_or_else(|| {
            others.push((result, entries.entry()));
            others.len().saturating_sub(1)
        })));
    }
    Patients {
        subject,
        others,
        of_result,
    }
}

impl<'a> Patients<'a> {
    fn of(&self, result: usize) -> &Entry {
        self.of_result
            .get(result)
            .copied()
            .flatten()
            .and_then(|at| self.others.get(at))
            .map_or(&self.subject, |(_, entry)| entry)
    }

    fn put(&self, entries: &mut Entries<'a>, export: &Export<'a>) {
        let start = entries.start("Patient", &self.subject.id, None);
        let subject = match export.report.results.first() {
            Some(only) if self.others.is_empty() => {
                resources::patient(start, only, export.institution)
            }
            // Nobody, or nobody yet: only what was asked is known.
            _ => resources::asked_patient(start, export.report.asked.as_ref()),
        };
        entries.put(&self.subject, subject);
        for (person, entry) in &self.others {
            let start = entries.start("Patient", &entry.id, None);
            let resource = resources::patient(start, person, export.institution);
            entries.put(entry, resource);
        }
    }
}

/// Each insurer once; the one that was asked about where none was found.
fn insurers<'a>(entries: &mut Entries<'a>, report: &'a Report) -> Vec<(Insurer<'a>, Entry)> {
    let mut insurers: Vec<(Insurer<'a>, Entry)> = Vec::new();
    let found = report.results.iter().filter_map(Insurer::of);
    let asked = report
        .asked
        .as_ref()
        .filter(|_| report.results.is_empty())
        .and_then(Insurer::asked);
    for insurer in found.chain(asked) {
        if insurers.iter().all(|(known, _)| *known != insurer) {
            insurers.push((insurer, entries.entry()));
        }
    }
    insurers
}

/// Whether the answer got as far as saying something about insurances.
fn processed(report: &Report) -> bool {
    report.segment == SegmentOfResult::Normal
        && report.status == Some(ProcessingResultStatus::Normal)
}

/// Whether the one insurance found is in force; `None` where that wasn't said of
/// exactly one.
fn inforce(report: &Report) -> Option<bool> {
    if !processed(report) || report.results.len() != 1 {
        return None;
    }
    match report.validity {
        Some(QualificationValidity::Valid | QualificationValidity::ValidUnregistered) => Some(true),
        Some(QualificationValidity::Invalid | QualificationValidity::InvalidNewer) => Some(false),
        _ => None,
    }
}

fn outcome(report: &Report) -> &'static str {
    use QualificationValidity as V;
    if report.segment == SegmentOfResult::InProgress {
        return "queued";
    }
    if !processed(report) {
        return "error";
    }
    match (&report.validity, report.results.len()) {
        (Some(V::NotFound | V::Several), _) => "error",
        (Some(V::Valid | V::ValidUnregistered), 1) | (Some(V::Invalid | V::InvalidNewer), _) => {
            "complete"
        }
        _ => "partial",
    }
}

/// The words of the validity and the centre's own.
fn disposition(report: &Report) -> Option<Node<'_>> {
    let validity = processed(report)
        .then_some(report.validity.as_ref())
        .flatten();
    let term = validity.map(|validity| match validity {
        QualificationValidity::Other(_) => "資格有効性のコードが未知です",
        known => known.term(),
    });
    let said = report
        .message
        .as_deref()
        .or(report.error_message.as_deref())
        .and_then(Node::text);
    match (term, said) {
        (Some(term), Some(Node::Text(said))) => Some(Node::made(format!("{term}: {said}"))),
        (Some(term), _) => Some(Node::Text(term)),
        (None, said) => said,
    }
}

fn insurance<'a>(report: &Report, coverages: &[Entry]) -> Vec<Object<'a>> {
    coverages
        .iter()
        .map(|entry| {
            Object::default()
                .with("coverage", reference(&entry.full_url))
                .with_some("inforce", inforce(report))
        })
        .collect()
}

/// The codes as sent, layer by layer.
fn layers(report: &Report) -> Vec<Object<'_>> {
    let segment = &report.segment;
    let status = report.status.as_ref();
    let code = report.code.as_deref();
    let validity = report.validity.as_ref();
    [
        (
            SEGMENT,
            sent_code(SEGMENT_CODES, segment.code(), Some(segment.term())),
        ),
        (
            STATUS,
            status.and_then(|s| sent_code(STATUS_CODES, s.code(), Some(s.term()))),
        ),
        (
            CODE,
            code.and_then(|code| sent_code(CENTRE_CODE, code, None)),
        ),
        (
            VALIDITY,
            validity.and_then(|v| sent_code(VALIDITY_CODES, v.code(), Some(v.term()))),
        ),
    ]
    .into_iter()
    .filter_map(|(url, coding)| Some(extension(url, "valueCoding", coding?)))
    .collect()
}

/// What R4 wants with an outcome of `error`: at least one, each with a code.
fn errors(report: &Report) -> Vec<Object<'_>> {
    if outcome(report) != "error" {
        return Vec::new();
    }
    let code = if processed(report) {
        let validity = report.validity.as_ref();
        validity.and_then(|v| sent_code(VALIDITY_CODES, v.code(), Some(v.term())))
    } else {
        let (code, words) = if report.segment == SegmentOfResult::Normal {
            (report.code.as_deref(), report.message.as_deref())
        } else {
            (
                report.error_code.as_deref().or(report.code.as_deref()),
                report.error_message.as_deref(),
            )
        };
        code.and_then(|code| sent_code(CENTRE_CODE, code, words))
    };
    let concept = match code {
        Some(code) => concept(code),
        None => Object::default().with("text", "異常終了またはエラー（コードなし）"),
    };
    vec![Object::default().with("code", concept)]
}
