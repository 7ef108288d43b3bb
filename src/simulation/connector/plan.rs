use std::collections::BTreeMap;

use jiff::SignedDuration;
use ring::digest;

/// Something that a connector does beside answering at once and well.
///
/// Most are seen in the field (`Source` below); how often is nowhere public, so
/// the chances of a [`ConnectorPlan`] are invented. What belongs to an answer is
/// drawn once for each; where several can't be together, the one that is first in
/// this list is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Quirk {
    /// The request is left where it is. Source: connectors that aren't running, or
    /// look elsewhere.
    NotTaken,
    /// The request is taken and never answered. Source: clients' time-outs.
    Silent,
    /// The request is rejected: its copy and a text beside it (`.err`) in the
    /// folder of answers. Source: one program; what the text says is invented.
    Rejected,
    /// The message failed: `SegmentOfResult` 9 with code and text.
    Abnormal,
    /// It was processed with an error: `ProcessingResultStatus` 2 with code and text.
    StatusError,
    /// 該当資格なし, validity 4: no result.
    NotFound,
    /// 複数該当, validity 5; with two results, which is invented.
    Several,
    /// 無効, validity 2.
    Invalid,
    /// 無効（新しい資格あり）, validity 3.
    InvalidNewer,
    /// 有効（未登録）, validity 6: medical assistance.
    ValidUnregistered,
    /// Valid, and a code with a text to be shown, as where a certificate is about
    /// to end.
    Notice,
    /// Characters of name and address that can't be sent come as `●`. Source: 77 %
    /// of clinics met it.
    Unrepresentable,
    /// UTF-8 instead of Shift_JIS.
    InUtf8,
    /// The elements in any order. Source: a real file of a reader.
    Shuffled,
    /// Insurers' numbers of six digits have two zeros before them, not two blanks.
    ZeroPadded,
    /// Another question's identifier is given back. Invented: it never may happen.
    WrongIdentifier,
    /// The identifier of the question isn't given back.
    NoIdentifier,
    /// The answer comes as an encrypted `.zip`: what is in it is noise. Source: the
    /// connector's encrypt.conf.
    Encrypted,
    /// The answer comes as `.zip`.
    Zipped,
    /// First comes 処理中 (`SegmentOfResult` 2): about one person under the answer's
    /// name, which it is overwritten with; about many, as the first answer to the
    /// second step.
    ProcessingFirst,
    /// The answer comes long after everybody stopped to wait.
    Late,
    /// A part of the file is there, and nothing more ever comes.
    BrokenOff,
    /// A part of the file is there first. Source: the known race of every program
    /// that writes in place.
    HalfWritten,
    /// The same answer once more, after a while, under the same name. An answer
    /// about many isn't repeated.
    Duplicate,
    /// The same answer once more, at once, its name in other letters (on Windows
    /// that is the same file). An answer about many isn't repeated.
    OtherCase,
    /// A second answer that says something else. Invented: it never may happen.
    Contradicted,
    /// The answer is deleted after a while, read or not. Source: clean-up of the
    /// connector, and other programs.
    Deleted,
    /// Files that nobody asked for come beside the answer.
    Foreign,
}

impl Quirk {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::NotTaken,
        Self::Silent,
        Self::Rejected,
        Self::Abnormal,
        Self::StatusError,
        Self::NotFound,
        Self::Several,
        Self::Invalid,
        Self::InvalidNewer,
        Self::ValidUnregistered,
        Self::Notice,
        Self::Unrepresentable,
        Self::InUtf8,
        Self::Shuffled,
        Self::ZeroPadded,
        Self::WrongIdentifier,
        Self::NoIdentifier,
        Self::Encrypted,
        Self::Zipped,
        Self::ProcessingFirst,
        Self::Late,
        Self::BrokenOff,
        Self::HalfWritten,
        Self::Duplicate,
        Self::OtherCase,
        Self::Contradicted,
        Self::Deleted,
        Self::Foreign,
    ];
}

/// How likely each [`Quirk`] is, and how long everything takes.
///
/// ```
/// use jiff::SignedDuration;
/// use uketsuke::simulation::{ConnectorPlan, Quirk};
///
/// // Every second answer is shuffled, every tenth half-written at first.
/// let plan = ConnectorPlan::prompt()
///     .with(Quirk::Shuffled, 500)
///     .with(Quirk::HalfWritten, 100)
///     .with_delay(SignedDuration::from_millis(300), SignedDuration::from_secs(4));
/// assert_ne!(plan, ConnectorPlan::prompt());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorPlan {
    chances: BTreeMap<Quirk, u16>,
    pub(super) delay: Range,
    pub(super) bulk_delay: Range,
    pub(super) late: Range,
    pub(super) pause: Range,
    pub(super) again: Range,
    pub(super) deletion: Range,
}

/// From, to.
pub(super) type Range = (SignedDuration, SignedDuration);

impl ConnectorPlan {
    /// Everybody is answered well and at once.
    #[must_use]
    pub const fn prompt() -> Self {
        let now = (SignedDuration::ZERO, SignedDuration::ZERO);
        Self {
            chances: BTreeMap::new(),
            delay: now,
            bulk_delay: now,
            late: (SignedDuration::from_mins(4), SignedDuration::from_mins(10)),
            pause: (
                SignedDuration::from_millis(100),
                SignedDuration::from_secs(2),
            ),
            again: (
                SignedDuration::from_millis(500),
                SignedDuration::from_secs(20),
            ),
            deletion: (SignedDuration::from_secs(1), SignedDuration::from_mins(2)),
        }
    }

    /// Everything that happens in the field, more often than it does: a few tenths
    /// of a second to four seconds for one person, one to three minutes for many,
    /// and every quirk but three that never may happen or end every question:
    /// [`Quirk::WrongIdentifier`], [`Quirk::Contradicted`], [`Quirk::Encrypted`].
    #[must_use]
    pub fn field() -> Self {
        let plan = Self::prompt()
            .with_delay(
                SignedDuration::from_millis(300),
                SignedDuration::from_secs(4),
            )
            .with_bulk_delay(SignedDuration::from_mins(1), SignedDuration::from_mins(3));
        [
            (Quirk::NotTaken, 5),
            (Quirk::Silent, 10),
            (Quirk::Rejected, 20),
            (Quirk::Abnormal, 10),
            (Quirk::StatusError, 20),
            (Quirk::NotFound, 30),
            (Quirk::Several, 10),
            (Quirk::Invalid, 30),
            (Quirk::InvalidNewer, 20),
            (Quirk::ValidUnregistered, 5),
            (Quirk::Notice, 50),
            (Quirk::Unrepresentable, 100),
            (Quirk::InUtf8, 300),
            (Quirk::Shuffled, 500),
            (Quirk::ZeroPadded, 300),
            (Quirk::NoIdentifier, 2),
            (Quirk::Zipped, 20),
            (Quirk::ProcessingFirst, 30),
            (Quirk::Late, 10),
            (Quirk::HalfWritten, 100),
            (Quirk::BrokenOff, 5),
            (Quirk::Duplicate, 30),
            (Quirk::OtherCase, 20),
            (Quirk::Deleted, 100),
            (Quirk::Foreign, 20),
        ]
        .into_iter()
        .fold(plan, |plan, (quirk, chance)| plan.with(quirk, chance))
    }

    /// With this chance of a quirk, in thousandths.
    #[must_use]
    pub fn with(mut self, quirk: Quirk, per_mille: u16) -> Self {
        self.chances.insert(quirk, per_mille);
        self
    }

    /// How long an answer about one person takes: between these.
    #[must_use]
    pub const fn with_delay(mut self, least: SignedDuration, most: SignedDuration) -> Self {
        self.delay = (least, most);
        self
    }

    /// How long a bulk question is worked on: between these. Until then its second
    /// step is answered with 処理中.
    #[must_use]
    pub const fn with_bulk_delay(mut self, least: SignedDuration, most: SignedDuration) -> Self {
        self.bulk_delay = (least, most);
        self
    }

    /// How long it takes where it is [`Quirk::Late`]; four to ten minutes unless
    /// told otherwise.
    #[must_use]
    pub const fn with_lateness(mut self, least: SignedDuration, most: SignedDuration) -> Self {
        self.late = (least, most);
        self
    }

    /// After what time an answer is deleted where it is [`Quirk::Deleted`]; a second
    /// to two minutes unless told otherwise.
    #[must_use]
    pub const fn with_deletion(mut self, least: SignedDuration, most: SignedDuration) -> Self {
        self.deletion = (least, most);
        self
    }

    /// What is drawn for this answer.
    pub(super) fn drawn(&self, draw: Draw) -> Quirks {
        let happens = |(quirk, chance): (&Quirk, &u16)| {
            let drawn = draw.below(Label::Quirk(*quirk), 1000);
            (drawn < u64::from(*chance)).then_some(*quirk)
        };
        Quirks(self.chances.iter().filter_map(happens).collect())
    }
}

impl Default for ConnectorPlan {
    fn default() -> Self {
        Self::prompt()
    }
}

/// What is done about one answer.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Quirks(Vec<Quirk>);

impl Quirks {
    pub(super) fn of(quirks: &[Quirk]) -> Self {
        let mut quirks = quirks.to_vec();
        quirks.sort_unstable();
        quirks.dedup();
        Self(quirks)
    }

    pub(super) fn has(&self, quirk: Quirk) -> bool {
        self.0.contains(&quirk)
    }

    /// Which of these is done: the first in the order of [`Quirk`].
    pub(super) fn first(&self, of: &[Quirk]) -> Option<Quirk> {
        self.0.iter().copied().find(|quirk| of.contains(quirk))
    }

    pub(super) fn as_slice(&self) -> &[Quirk] {
        &self.0
    }
}

/// What something is drawn for. Each draw is apart from the others, so that a new
/// one changes none of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Label {
    Quirk(Quirk),
    Delay,
    Pause,
    Again,
    Deletion,
    Cut,
    Reception,
    /// One after the other, of any number.
    Nth(u64),
}

/// Chance, from a seed and the name of what it is for: it doesn't matter in which
/// order is drawn, or what for else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new(seed: u64, name: &str) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&seed.to_be_bytes());
        context.update(name.to_ascii_lowercase().as_bytes());
        let digest = context.finish();
        let bytes = digest.as_ref().iter().take(8);
        Self(bytes.fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// For the `index`th person of an answer about many.
    pub(super) fn of_person(self, index: u64) -> Self {
        Self(mix(self.0 ^ mix(index)))
    }

    pub(super) fn number(self, label: Label) -> u64 {
        let at = match label {
            Label::Quirk(quirk) => quirk as u64,
            Label::Delay => 1001,
            Label::Pause => 1002,
            Label::Again => 1003,
            Label::Deletion => 1004,
            Label::Cut => 1005,
            Label::Reception => 1006,
            Label::Nth(nth) => 10_000 + nth,
        };
        mix(self.0.wrapping_add(at.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// From 0 up to, and without, `most`; 0 if that is 0.
    pub(super) fn below(self, label: Label, most: u64) -> u64 {
        self.number(label).checked_rem(most).unwrap_or(0)
    }

    /// Of whole milliseconds, both ends among them.
    pub(super) fn within(self, label: Label, (least, most): Range) -> SignedDuration {
        let millis = |duration: SignedDuration| i64::try_from(duration.as_millis()).unwrap_or(0);
        let room = (millis(most) - millis(least)).max(0).unsigned_abs();
        let drawn = self.below(label, room.saturating_add(1));
        let drawn = SignedDuration::from_millis(i64::try_from(drawn).unwrap_or(0));
        least.checked_add(drawn).unwrap_or(most)
    }
}

/// The finalizer of SplitMix64.
const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}
