//! Records as text.

use std::fmt::{self, Write as _};

use jiff::Timestamp;

use super::super::{Method, PhoneKind, PolicyDigest, Question, TapAgain};
use super::key::{Keys, Pseudonym};
use super::{AuditEvent, AuditStanding, FaceJudgedBy, Head, head::read_number};
use crate::eligibility::Identified;
use crate::face::{InconclusiveReason, MatchPolicyDigest};
use crate::trust::{NoAnswer, TerminalId};
use crate::{Realm, hex};

/// Longest line, with its newline; what is written stays below. A longer rest at the
/// end of a file isn't the record that was in flight when the power went.
pub(super) const MAX_LINE: usize = 1024;

/// Bytes kept of such a rest: so many that the line that keeps them can be torn itself.
const MAX_KEPT: usize = 384;

/// Characters kept of a word from outside.
const MAX_WORD: usize = 64;

/// What the log has to say itself.
pub(super) enum Own<'a> {
    /// First record of a file.
    Began {
        terminal: &'a TerminalId,
        log: &'a [u8; 16],
        key: Pseudonym,
        policy: &'a str,
        /// By which faces were judged last, where a file before says so.
        match_policy: Option<&'a str>,
        after: Option<Head>,
    },
    /// A program opened it, under this policy.
    Opened { policy: PolicyDigest },
    /// From here on another policy counts.
    PolicyChanged {
        before: &'a str,
        policy: PolicyDigest,
    },
    /// From here on faces are judged by another match policy.
    MatchPolicyChanged {
        before: &'a str,
        policy: MatchPolicyDigest,
    },
    /// What stood behind the last whole record.
    Torn { bytes: &'a [u8] },
    /// Last record of a file: it goes on in another one.
    Ended,
}

/// A line without its tag: number, time, word, fields.
pub(super) struct Text(String);

impl Text {
    /// A record of the log itself.
    pub(super) fn own(number: u64, at: Timestamp, own: &Own<'_>) -> Self {
        match own {
            Own::Began {
                terminal,
                log,
                key,
                policy,
                match_policy,
                after,
            } => {
                let line = Self::new(number, at, BEGAN)
                    .field("format", 1)
                    .word("terminal", terminal.as_str())
                    .hex("log", *log)
                    .field("key", key)
                    .field("policy", policy)
                    .optional("after", *after);
                match match_policy {
                    Some(policy) => line.word(MATCH_POLICY, policy),
                    None => line,
                }
            }
            Own::Opened { policy } => Self::new(number, at, "log-opened").field("policy", policy),
            Own::PolicyChanged { before, policy } => Self::new(number, at, "log-policy-changed")
                .word("before", before)
                .field("policy", policy),
            Own::MatchPolicyChanged { before, policy } => {
                Self::new(number, at, "log-match-policy-changed")
                    .word("before", before)
                    .field(MATCH_POLICY, policy)
            }
            Own::Torn { bytes } => Self::new(number, at, "log-torn")
                .field("bytes", bytes.len())
                .hex("data", bytes.get(..MAX_KEPT).unwrap_or(bytes)),
            Own::Ended => Self::new(number, at, ENDED),
        }
    }

    /// A record of a visit. The one place that knows every event; what a line may
    /// hold are codes, counts, realms, numbers and pseudonyms.
    pub(super) fn visit(
        number: u64,
        at: Timestamp,
        visit: Pseudonym,
        n: u32,
        event: &AuditEvent,
        keys: &Keys,
    ) -> Self {
        let line = |name| {
            Self::new(number, at, name)
                .field("visit", visit)
                .field("n", n)
        };
        match event {
            AuditEvent::Began { policy } => line("began").field("policy", policy),
            AuditEvent::CertificateValidated {
                realm,
                standing,
                certificate,
            } => line("certificate-validated")
                .realm(*realm)
                .field("standing", standing_code(*standing))
                .field("certificate", keys.certificate(certificate)),
            AuditEvent::RevocationUnknown(why) => {
                line("revocation-unknown").field("why", no_answer_code(*why))
            }
            AuditEvent::MethodChosen(method) => {
                line("method-chosen").field("method", method_code(*method))
            }
            AuditEvent::PhoneChosen(kind) => line("phone-chosen").field("kind", phone_code(*kind)),
            AuditEvent::PhoneNotRead(why) => line("phone-not-read").field("why", again_code(*why)),
            AuditEvent::GuardianHelps => line("guardian-helps"),
            AuditEvent::HolderActs => line("holder-acts"),
            AuditEvent::TrySpent { left } => line("try-spent").field("left", left),
            AuditEvent::TryUnknown => line("try-unknown"),
            AuditEvent::FaceJudgedBy(FaceJudgedBy {
                policy,
                threshold,
                fmr,
                trials,
                false_matches,
                confidence,
                attended,
            }) => line(FACE_JUDGED_BY)
                .field(MATCH_POLICY, policy)
                .field("threshold", threshold.get())
                .field("fmr", fmr.get())
                .field("trials", trials)
                .field("false-matches", false_matches)
                .field("confidence", confidence.get())
                .field("attended", if *attended { "yes" } else { "no" }),
            AuditEvent::FaceFailed { why } => {
                line("face-failed").field("why", why.map_or("no-match", InconclusiveReason::code))
            }
            AuditEvent::FaceNotCompared => line("face-not-compared"),
            AuditEvent::PhotoNotProved => line("photo-not-proved"),
            AuditEvent::ReferenceNumberRefused { left } => {
                line("reference-number-refused").optional("left", *left)
            }
            AuditEvent::PinlessRefused => line("pinless-refused"),
            AuditEvent::StaffRefused { staff } => {
                line("staff-refused").field("staff", keys.staff(staff))
            }
            AuditEvent::Identified { method, staff } => line("identified")
                .field("method", identified_code(*method))
                .optional("staff", staff.as_ref().map(|staff| keys.staff(staff))),
            AuditEvent::Asked(request) => line("asked").field("question", request),
            AuditEvent::Answered { request, code } => line("answered")
                .field("question", request)
                .optional("code", code.as_deref().map(Word)),
            AuditEvent::ChoiceNotTaken { question, failure } => line("choice-not-taken")
                .field("choice", question_code(*question))
                .field("failure", failure.code()),
            AuditEvent::StaleDropped => line("stale-dropped"),
            AuditEvent::Accepted => line("accepted"),
            AuditEvent::NotAccepted(failure) => {
                line("not-accepted").field("failure", failure.code())
            }
            AuditEvent::CardLeft => line("card-left"),
        }
    }

    fn new(number: u64, at: Timestamp, name: &str) -> Self {
        let at = at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ");
        Self(format!("{number} {at} {name}"))
    }

    fn field(mut self, name: &str, value: impl fmt::Display) -> Self {
        // Writing into a string can't fail.
        let _ = write!(self.0, " {name}={value}");
        self
    }

    fn optional(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self.field(name, UNKNOWN),
        }
    }

    fn word(self, name: &str, word: &str) -> Self {
        self.field(name, Word(word))
    }

    fn hex(mut self, name: &str, bytes: &[u8]) -> Self {
        let _ = write!(self.0, " {name}=");
        let _ = hex::write(bytes, &mut self.0);
        self
    }

    fn realm(self, realm: Realm) -> Self {
        let code = match realm {
            Realm::Production => "production",
            Realm::JpkiTest => "jpki-test",
            Realm::Simulation => "simulation",
        };
        self.field("realm", code)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The whole line.
    pub(super) fn with_tag(mut self, tag: &[u8; 32]) -> Vec<u8> {
        self.0.push(' ');
        let _ = hex::write(tag, &mut self.0);
        self.0.push('\n');
        self.0.into_bytes()
    }
}

/// A word from outside: whatever it holds, it can't end the field or the line.
/// Other than letters, digits, `.`, `:`, `_` and `-` are written `%2F`.
struct Word<'a>(&'a str);

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.bytes().take(MAX_WORD).try_for_each(|byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'_' | b'-') {
                f.write_char(char::from(byte))
            } else {
                write!(f, "%{byte:02X}")
            }
        })
    }
}

const fn standing_code(standing: AuditStanding) -> &'static str {
    match standing {
        AuditStanding::InForce => "in-force",
        AuditStanding::Expiring => "expiring",
        AuditStanding::Grace => "grace",
    }
}

const fn no_answer_code(why: NoAnswer) -> &'static str {
    match why {
        NoAnswer::NotCovered => "not-covered",
        NoAnswer::Lapsed => "lapsed",
        NoAnswer::IssuerDoesNotKnow => "issuer-does-not-know",
        NoAnswer::NotYetValid { .. } => "not-yet-valid",
        NoAnswer::Stale { .. } => "stale",
    }
}

const fn method_code(method: Method) -> &'static str {
    match method {
        Method::Face => "face",
        Method::Pin => "pin",
        Method::Staff => "staff",
    }
}

const fn phone_code(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Android => "android",
        PhoneKind::Iphone => "iphone",
    }
}

const fn again_code(why: TapAgain) -> &'static str {
    match why {
        TapAgain::Moved => "moved",
        TapAgain::OtherKind => "other-kind",
        TapAgain::NotAPhone => "not-a-phone",
        TapAgain::NotIdentified => "not-identified",
    }
}

const fn question_code(question: Question) -> &'static str {
    match question {
        Question::Status => "status",
        Question::Registration => "registration",
        Question::Prescription => "prescription",
        Question::Subsidies => "subsidies",
        Question::Result => "result",
    }
}

const fn identified_code(method: Identified) -> &'static str {
    match method {
        Identified::Pin => "pin",
        Identified::Face => "face",
        Identified::Staff => "staff",
        Identified::Device => "device",
    }
}

/// A value that isn't known.
pub(super) const UNKNOWN: &str = "-";
const FACE_JUDGED_BY: &str = "face-judged-by";
/// Field of its digest.
const MATCH_POLICY: &str = "match-policy";
const BEGAN: &str = "log-began";
const ENDED: &str = "log-ended";

/// A line that was read, without its newline, in its parts.
pub(super) struct Line<'a> {
    pub(super) number: u64,
    name: &'a str,
    fields: &'a str,
    /// All but the tag.
    pub(super) text: &'a [u8],
    pub(super) tag: [u8; 32],
}

impl<'a> Line<'a> {
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let (text, digits) = line.rsplit_once(' ')?;
        let mut tag = [0; 32];
        hex::read_lower(digits, &mut tag)?;
        let mut parts = text.splitn(4, ' ');
        let number = read_number(parts.next()?)?;
        let _at = parts.next()?;
        Some(Self {
            number,
            name: parts.next()?,
            fields: parts.next().unwrap_or_default(),
            text: text.as_bytes(),
            tag,
        })
    }

    pub(super) fn is_ended(&self) -> bool {
        self.name == ENDED
    }

    pub(super) fn is_began(&self) -> bool {
        self.name == BEGAN
    }

    /// The policy that counts from here on, where the line names one.
    pub(super) fn policy(&self) -> Option<&'a str> {
        self.field("policy")
    }

    /// The match policy that counts from here on, where the line names one.
    pub(super) fn match_policy(&self) -> Option<&'a str> {
        self.field(MATCH_POLICY)
    }

    fn field(&self, name: &str) -> Option<&'a str> {
        self.fields
            .split(' ')
            .filter_map(|field| field.split_once('='))
            .find_map(|(found, value)| (found == name).then_some(value))
    }

    /// What the first line says of its file.
    pub(super) fn began(&self) -> Option<BeganLine<'a>> {
        if !self.is_began() || self.field("format") != Some("1") {
            return None;
        }
        let mut log = [0; 16];
        hex::read_lower(self.field("log")?, &mut log)?;
        let after = match self.field("after")? {
            "-" => None,
            head => Some(head.parse().ok()?),
        };
        Some(BeganLine {
            terminal: self.field("terminal")?,
            log,
            key: self.field("key")?,
            after,
        })
    }
}

pub(super) struct BeganLine<'a> {
    terminal: &'a str,
    pub(super) log: [u8; 16],
    key: &'a str,
    pub(super) after: Option<Head>,
}

impl BeganLine<'_> {
    pub(super) fn is_of(&self, terminal: &TerminalId) -> bool {
        self.terminal == Word(terminal.as_str()).to_string()
    }

    pub(super) fn is_under(&self, key: Pseudonym) -> bool {
        self.key == key.to_string()
    }
}
