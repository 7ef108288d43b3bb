//! The clinic's network and the centre.

use super::{Case, case};
use crate::checkin::Mode;
use crate::eligibility::{Failure, PrescriptionIssue};
use crate::simulation::CentreFault;

pub(super) const CASES: &[Case] = &[
    case(
        "prescription-and-subsidies",
        "in-order",
        "処方箋の形と医療費助成もたずねる医療機関",
        "A clinic that also asks for the form of prescriptions and for subsidies",
        |s| s.asks(true, true),
    ),
    case(
        "prescription-on-paper",
        "in-order",
        "紙の処方箋を希望し、医療費助成には同意しない",
        "Prescriptions on paper, and no to subsidies",
        |s| {
            s.asks(true, true).behaves(|b| {
                b.prescription = PrescriptionIssue::Paper;
                b.subsidies = false;
            })
        },
    ),
    case(
        "grace-asks-no-choices",
        "grace",
        "猶予期間の電子証明書では、処方箋の形や助成をたずねない",
        "A certificate in grace: nothing is asked for, neither prescription nor subsidies",
        |s| s.asks(true, true),
    ),
    case(
        "network-down",
        "in-order",
        "医療機関のネットワーク障害",
        "The clinic's network is down",
        |s| {
            s.broken(CentreFault::NetworkDown)
                .ends(Failure::NetworkDown)
        },
    ),
    case(
        "centre-down",
        "in-order",
        "資格確認センターの停止",
        "The eligibility centre is down",
        |s| s.broken(CentreFault::CentreDown).ends(Failure::CentreDown),
    ),
    case(
        "centre-silent",
        "in-order",
        "センターが質問を受け取り、返事をしない",
        "The centre takes the question and never answers",
        |s| s.broken(CentreFault::Silent).ends(Failure::TimedOut),
    ),
    case(
        "centre-answers-another-question",
        "in-order",
        "センターが前の質問への回答を返す",
        "The centre answers an older question",
        |s| {
            s.broken(CentreFault::AnswersOlderRequest)
                .ends(Failure::TimedOut)
        },
    ),
    case(
        "system-outage-mode",
        "in-order",
        "全国的な障害のため、システム障害時モード",
        "The centre is down everywhere: the mode for system outages",
        |s| {
            s.in_mode(Mode::SystemOutage)
                .ends(Failure::SystemOutage)
                .presents(0)
        },
    ),
    case(
        "disaster-mode",
        "in-order",
        "災害のため、カードを使わない災害時モード",
        "A disaster: the mode without cards",
        |s| {
            s.in_mode(Mode::Disaster)
                .ends(Failure::Disaster)
                .presents(0)
        },
    ),
    case(
        "not-equipped",
        "in-order",
        "オンライン資格確認を導入していない医療機関",
        "The clinic is not equipped for online eligibility",
        |s| {
            s.broken(CentreFault::NotEquipped)
                .ends(Failure::NotEquipped)
                .presents(0)
        },
    ),
];
