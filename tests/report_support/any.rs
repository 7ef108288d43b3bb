//! Arbitrary reports from arbitrary bytes, so that proptest can shrink them.
//! Every field is named, so that a new one can't be forgotten.

use jiff::Timestamp;
use jiff::civil::Date;
use uketsuke::eligibility::*;

/// Characters that both encodings have, and that XML must escape; of some the bytes in Shift_JIS are UTF-8 too (隕区悽, 隕ｱ).
const CHARS: &[char] = &[
    'a', 'Z', '0', '9', ' ', '　', '-', '&', '<', '>', '"', '\'', ']', '\t', '\n', '\r', '見',
    '本', '髙', '﨑', '①', 'ｱ', 'ﾞ', 'ガ', '●', '１', '，', '隕', '区', '悽',
];

/// Bytes that become values; when they end, what follows is absent.
pub struct Source<'a>(pub &'a [u8]);

impl Source<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.byte() % 2 == 1).then(|| make(self))
    }

    fn several<T>(&mut self, make: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.byte() % 3).map(|_| make(self)).collect()
    }

    /// Never blank: an empty element is an absent one.
    fn text(&mut self) -> String {
        let length = self.byte() % 7;
        let mut text: String = (0..length)
            .map(|_| CHARS[usize::from(self.byte()) % CHARS.len()])
            .collect();
        if text.trim().is_empty() {
            text.push('x');
        }
        text
    }

    fn personal(&mut self) -> Personal {
        Personal::new(self.text())
    }

    fn opt(&mut self) -> Option<Personal> {
        self.maybe(Self::personal)
    }

    fn string(&mut self) -> Option<String> {
        self.maybe(Self::text)
    }

    fn number(&mut self) -> i32 {
        i32::from_be_bytes([0, self.byte(), self.byte(), self.byte()])
    }

    fn date(&mut self) -> Option<Date> {
        self.maybe(|s| {
            let first = jiff::civil::date(1900, 1, 1);
            first.saturating_add(jiff::Span::new().days(s.number() % 100_000))
        })
    }

    fn time(&mut self) -> Option<Timestamp> {
        self.maybe(|s| {
            let second = i64::from(s.number()) * 997 - 1_000_000_000;
            Timestamp::from_second(second).unwrap()
        })
    }

    fn three(&mut self) -> Three {
        Three {
            first: self.opt(),
            second: self.opt(),
            third: self.opt(),
        }
    }

    /// Elements that aren't known, in what is named `at`.
    fn unread(&mut self, at: &str) -> Vec<UnreadElement> {
        self.several(|s| {
            let names = ["Foo", "Bar/Baz", "Consent.1", "Bar/Qux/名前", "NameX"];
            let name = names[usize::from(s.byte()) % names.len()];
            let text = if s.byte() % 4 == 0 {
                String::new()
            } else {
                s.text()
            };
            UnreadElement::new(format!("{at}{name}"), text)
        })
    }
}

/// A code of the table, or another one.
macro_rules! code {
    ($s:expr, $table:ident) => {{
        let which = usize::from($s.byte());
        match $table::KNOWN.get(which % ($table::KNOWN.len() + 1)) {
            Some(known) => known.clone(),
            None => $table::from_code(["Z9", "77", "●"][which % 3]),
        }
    }};
}

fn search(s: &mut Source<'_>) -> SearchInfo {
    SearchInfo {
        insurer_number: Some(s.personal()),
        symbol: s.opt(),
        number: s.opt(),
        branch: s.opt(),
        birthdate: s.opt(),
        limit_consent: s.maybe(|s| code!(s, LimitConsent)),
        identifier: s.opt(),
        unread: s.unread(""),
    }
}

fn ticket(s: &mut Source<'_>) -> MedicalTicket {
    MedicalTicket {
        ticket_type: Some(code!(s, TicketType)),
        valid_from: s.date(),
        valid_until: s.date(),
        issue_number: s.opt(),
        month: s.string(),
        institution_code: s.string(),
        institution_match: s.maybe(|s| code!(s, InstitutionMatch)),
        institution_name: s.string(),
        prescriber_code: s.string(),
        prescriber_name: s.string(),
        injuries: s.three(),
        treatment_type: s.maybe(|s| code!(s, TreatmentType)),
        self_pay: s.opt(),
        district_contact: s.opt(),
        handling_contact: s.opt(),
        single_or_combined: s.maybe(|s| code!(s, SingleOrCombined)),
        social_insurance: s.maybe(|s| code!(s, Recorded)),
        consistency: s.maybe(|s| code!(s, Consistency)),
        infection: s.maybe(|s| code!(s, Recorded)),
        elderly_care: s.maybe(|s| code!(s, Recorded)),
        prefectural_expenses: s.maybe(|s| code!(s, Recorded)),
        remarks: s.three(),
        unread: s.unread(""),
    }
}

fn disease(s: &mut Source<'_>) -> SpecificDisease {
    SpecificDisease {
        category: Some(code!(s, SpecificDiseaseCategory)),
        issued_on: s.date(),
        valid_from: s.date(),
        valid_until: s.date(),
        self_pay: s.opt(),
        unread: s.unread(""),
    }
}

fn elderly(s: &mut Source<'_>) -> ElderlyRecipient {
    ElderlyRecipient {
        issued_on: s.date(),
        valid_from: s.date(),
        valid_until: s.date(),
        contribution_ratio: Some(s.text()),
        unread: s.unread(""),
    }
}

fn limit(s: &mut Source<'_>) -> LimitCertificate {
    LimitCertificate {
        kind: s.maybe(|s| code!(s, LimitCertificateKind)),
        category: Some(code!(s, LimitCategory)),
        issued_on: s.date(),
        valid_from: s.date(),
        valid_until: s.date(),
        long_term_from: s.date(),
        unread: s.unread(""),
    }
}

fn consent(s: &mut Source<'_>, kind: ConsentKind) -> Consent {
    Consent {
        kind,
        flag: code!(s, ConsentFlag),
        at: s.time(),
        available_until: s.time(),
    }
}

fn qualification(s: &mut Source<'_>) -> Qualification {
    let mut unread = s.unread("");
    // Known names with values that can't be read, and strangers in the lists.
    if s.byte() % 8 == 1 {
        unread.push(UnreadElement::new("TestInfoConsTime", "昨日"));
    }
    unread.extend(s.unread("SpecificDiseasesCertificateList/"));
    let mut consents = Vec::new();
    for kind in ConsentKind::ALL
        .iter()
        .filter(|kind| **kind != ConsentKind::Tests)
    {
        consents.extend(s.maybe(|s| consent(s, *kind)));
    }
    Qualification {
        card_classification: code!(s, CardClassification),
        insurer_number: s.personal(),
        insurer_name: s.text(),
        symbol: s.opt(),
        number: s.opt(),
        branch: s.opt(),
        personal_family: s.maybe(|s| code!(s, PersonalFamily)),
        insured_name: s.opt(),
        name: s.opt().unwrap_or_default(),
        other_name: s.opt(),
        kana: s.opt(),
        other_kana: s.opt(),
        sex: code!(s, Sex),
        sex_on_back: s.maybe(|s| code!(s, Sex)),
        birthdate: s.opt().unwrap_or_default(),
        address: s.opt(),
        post_number: s.opt(),
        qualified_from: s.date(),
        disqualified_on: s.date(),
        issued_on: s.date(),
        valid_from: s.date(),
        valid_until: s.date(),
        contribution_ratio: s.string(),
        preschool: s.maybe(|s| code!(s, Preschool)),
        reason_of_loss: s.maybe(|s| code!(s, ReasonOfLoss)),
        elderly_recipient: s.maybe(elderly),
        limit_consent: s.maybe(|s| code!(s, LimitConsent)),
        limit_consent_at: s.time(),
        limit: s.maybe(limit),
        limit_changed: s.maybe(|s| code!(s, LimitChanged)),
        specific_diseases_consent: s.maybe(|s| code!(s, ConsentFlag)),
        specific_diseases_consent_at: s.time(),
        specific_diseases: s.several(disease),
        tickets: s.several(ticket),
        consents,
        prescription_issue: s.maybe(|s| code!(s, PrescriptionIssue)),
        identifier: s.opt(),
        reference_number: s.opt(),
        confirmation_key: s.opt(),
        unread,
    }
}

/// A report as a file can carry it.
pub fn report(bytes: &[u8], character_code: CharacterCode) -> Report {
    let s = &mut Source(bytes);
    let mut unread = s.unread("");
    unread.extend(s.unread("MessageHeader/"));
    unread.extend(s.unread("MessageBody/"));
    unread.extend(s.unread("MessageBody/ResultList/"));
    Report {
        executed: s.time(),
        confirmation_date: s.date(),
        institution_code: s.string(),
        file_identifier: s.string(),
        reference: s.maybe(|s| code!(s, ReferenceClassification)),
        character_code: Some(character_code),
        segment: code!(s, SegmentOfResult),
        error_code: s.string(),
        error_message: s.string(),
        status: s.maybe(|s| code!(s, ProcessingResultStatus)),
        code: s.string(),
        message: s.string(),
        validity: s.maybe(|s| code!(s, QualificationValidity)),
        prescription_issue: s.maybe(|s| code!(s, PrescriptionIssue)),
        results: s.several(qualification),
        asked: s.maybe(search),
        certificate: None,
        registration: None,
        unread,
    }
}
