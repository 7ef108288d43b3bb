//! What happens on the day, and how each of it must end.

use uketsuke::eligibility::{Failure, Lang, QualificationValidity};
use uketsuke::simulation::{ConnectorMode, FaceOutcome, Quirk};

/// One person at the desk.
pub struct Scene {
    pub name: &'static str,
    ja: &'static str,
    en: &'static str,
    pub how: How,
    /// `None`: the insurance is confirmed.
    pub ends: Option<Failure>,
}

/// How the clinic comes to know of the person.
pub enum How {
    /// They check in at the card reader; these files come into the folder.
    Reader {
        outcome: FaceOutcome,
        quirks: &'static [Quirk],
        /// Somebody else checks in just then.
        stranger: bool,
        /// They check in twice, and the second time the insurer is another one.
        twice: bool,
    },
    /// The clinic asks by the numbers on their papers.
    Numbers {
        quirks: &'static [Quirk],
        mode: ConnectorMode,
    },
}

const fn reader(outcome: FaceOutcome, quirks: &'static [Quirk]) -> How {
    How::Reader {
        outcome,
        quirks,
        stranger: false,
        twice: false,
    }
}

const fn numbers(quirks: &'static [Quirk]) -> How {
    How::Numbers {
        quirks,
        mode: ConnectorMode::Normal,
    }
}

impl Scene {
    pub fn title(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ja => self.ja,
            Lang::En => self.en,
        }
    }

    pub fn named(name: &str) -> Option<&'static Self> {
        DAY.iter().find(|scene| scene.name == name)
    }
}

/// The day, in order.
pub static DAY: &[Scene] = &[
    Scene {
        name: "reader",
        ja: "カードリーダーで受付。閲覧に同意",
        en: "checks in at the card reader, and agrees to share medicines",
        how: reader(
            FaceOutcome::Completed,
            &[Quirk::HalfWritten, Quirk::Shuffled],
        ),
        ends: None,
    },
    Scene {
        name: "reader-with-stranger",
        ja: "カードリーダーで受付。ほかの方もちょうど受付中",
        en: "checks in while somebody else does at another reader",
        how: How::Reader {
            outcome: FaceOutcome::Completed,
            quirks: &[],
            stranger: true,
            twice: false,
        },
        ends: None,
    },
    Scene {
        name: "grace",
        ja: "カードリーダーで受付。電子証明書は期限切れ（３か月以内）",
        en: "checks in with a certificate that lapsed last month",
        how: reader(FaceOutcome::Grace, &[]),
        ends: None,
    },
    Scene {
        name: "unrepresentable",
        ja: "カードリーダーで受付。氏名に●がある",
        en: "checks in; the name has characters that can't be sent (●)",
        how: reader(FaceOutcome::Completed, &[Quirk::Unrepresentable]),
        ends: None,
    },
    Scene {
        name: "lost-insurance",
        ja: "カードリーダーで受付。資格を喪失している",
        en: "checks in; the insurance has ended",
        how: reader(FaceOutcome::Insurance(QualificationValidity::Invalid), &[]),
        ends: Some(Failure::InsuranceInvalid),
    },
    Scene {
        name: "not-linked",
        ja: "カードリーダーで受付。保険者がまだ登録していない",
        en: "checks in; the insurer hasn't registered them yet",
        how: reader(FaceOutcome::Insurance(QualificationValidity::NotFound), &[]),
        ends: Some(Failure::TimedOut),
    },
    Scene {
        name: "centre-down",
        ja: "カードリーダーで受付。センターにつながらない",
        en: "checks in; the centre can't be reached",
        how: reader(FaceOutcome::CentreDown, &[]),
        ends: Some(Failure::TimedOut),
    },
    Scene {
        name: "gave-up",
        ja: "カードリーダーの途中でカードを取ってしまった",
        en: "takes the card away in the middle",
        how: reader(FaceOutcome::NoFile, &[]),
        ends: Some(Failure::TimedOut),
    },
    Scene {
        name: "which-one",
        ja: "カードリーダーで２回受付し、内容が異なる",
        en: "checks in twice, and the two results differ",
        how: How::Reader {
            outcome: FaceOutcome::Completed,
            quirks: &[],
            stranger: false,
            twice: true,
        },
        ends: Some(Failure::PersonUnclear),
    },
    Scene {
        name: "numbers",
        ja: "資格確認書の番号で照会",
        en: "shows a certificate on paper; its numbers are asked about",
        how: numbers(&[Quirk::ProcessingFirst]),
        ends: None,
    },
    Scene {
        name: "new-insurance",
        ja: "番号で照会。転職して新しい保険に変わっている",
        en: "by number: there is a new insurance since",
        how: numbers(&[Quirk::InvalidNewer]),
        ends: Some(Failure::InsuranceReplaced),
    },
    Scene {
        name: "several",
        ja: "番号で照会。枝番がなく複数が該当",
        en: "by number: without a branch number several people fit",
        how: numbers(&[Quirk::Several]),
        ends: Some(Failure::SeveralInsured),
    },
    Scene {
        name: "abnormal",
        ja: "番号で照会。センターの異常終了",
        en: "by number: the centre ends abnormally",
        how: numbers(&[Quirk::Abnormal]),
        ends: Some(Failure::AbnormalAnswer),
    },
    Scene {
        name: "rejected",
        ja: "番号で照会。連携アプリが受け付けない",
        en: "by number: the connector rejects the question",
        how: numbers(&[Quirk::Rejected]),
        ends: Some(Failure::QuestionRejected),
    },
    Scene {
        name: "silent",
        ja: "番号で照会。回答が来ない",
        en: "by number: no answer comes",
        how: numbers(&[Quirk::Silent]),
        ends: Some(Failure::TimedOut),
    },
    Scene {
        name: "encrypted",
        ja: "番号で照会。回答が暗号化されている",
        en: "by number: answers come encrypted",
        how: numbers(&[Quirk::Encrypted]),
        ends: Some(Failure::Misconfigured),
    },
    Scene {
        name: "connector-stopped",
        ja: "番号で照会。連携アプリが動いていない",
        en: "by number: the connector isn't running",
        how: How::Numbers {
            quirks: &[],
            mode: ConnectorMode::Stopped,
        },
        ends: Some(Failure::ConnectorNotRunning),
    },
    Scene {
        name: "disaster",
        ja: "番号で照会。災害時モード",
        en: "by number, in disaster mode",
        how: How::Numbers {
            quirks: &[],
            mode: ConnectorMode::Disaster,
        },
        ends: None,
    },
];
