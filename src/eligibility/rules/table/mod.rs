//! The rules as publicly known. Ranks: 10 a retry that solves it, 20 documents in
//! hand, 40 other ways on the reader, 60 documents that may be in hand, 80 ways
//! without a document, 90 staff, 100 for next time, 120 reception.

use super::dates::VERIFIED;
use super::remedy::Remedy;
use super::{Action, Fact, Rule, RuleDates};

mod afterwards;
mod desk;
mod documents;
mod reader;

const FALLBACK: &str = "MHLW 保発0710第1号 (2023-07-10) and its 事務連絡 and 疑義解釈";
const CERTIFICATE: &str = "MHLW newpage_50657 (電子証明書の有効期限)";
const PORTAL: &str = "Portal site for medical institutions, FAQ (医療機関等向け総合ポータルサイト)";

pub(super) fn table(dates: &RuleDates) -> Vec<Rule> {
    let mut table = documents::for_all(dates);
    table.extend(desk::for_all());
    table.extend(afterwards::for_all());
    for &remedy in Remedy::ALL {
        let failures = remedy.failures();
        table.extend(
            rules(remedy, dates)
                .into_iter()
                .map(|rule| rule.on(&failures)),
        );
    }
    table
}

fn rules(remedy: Remedy, dates: &RuleDates) -> Vec<Rule> {
    match remedy {
        Remedy::Sleeve => vec![reader::sleeve()],
        Remedy::RightCard => vec![reader::right_card()],
        Remedy::Again => vec![reader::again()],
        Remedy::AgainLater => reader::again_later().into(),
        Remedy::CardInstead => vec![reader::card_instead()],
        Remedy::Grace => vec![reader::grace(dates)],
        Remedy::CardForPhone => vec![reader::card_for_phone()],
        Remedy::PhoneAgain => vec![reader::phone_again(dates)],
        Remedy::Face => vec![reader::face()],
        Remedy::FaceAfterStaff => vec![reader::face_after_staff()],
        Remedy::Pin => reader::pin(),
        Remedy::Staff => vec![reader::staff()],
        Remedy::Register => vec![reader::register()],
        Remedy::RegisterAfterAll => vec![reader::register_after_all()],
        Remedy::OtherDevice => vec![reader::other_reader(), reader::counter_app(dates)],
        Remedy::Phone => vec![reader::phone(dates)],
        Remedy::CardAndDocument => documents::with_card_first(dates),
        Remedy::CardAndDocumentLate => documents::with_card(dates),
        Remedy::Query => documents::query(dates),
        Remedy::QueryWithBranch => vec![documents::query_with_branch()],
        Remedy::QueryNew => vec![documents::query_new()],
        Remedy::Declare => desk::declare(),
        Remedy::DeclareLate => desk::declare_late(),
        Remedy::Later => vec![desk::later()],
        Remedy::Wait => vec![desk::wait()],
        Remedy::WaitForDesk => vec![desk::wait_for_desk()],
        Remedy::Outage => vec![desk::outage()],
        Remedy::OutageOpen => vec![desk::outage_open()],
        Remedy::Search => vec![desk::search()],
        Remedy::CallCentre => vec![desk::call_centre()],
        Remedy::Maintainer => vec![desk::maintainer()],
        Remedy::Restart => vec![desk::restart()],
        Remedy::Connector => vec![desk::connector()],
        Remedy::Folders => vec![desk::folders()],
        Remedy::Question => vec![desk::question()],
        Remedy::MatchPerson => vec![desk::match_person()],
        Remedy::LookAtCard => vec![desk::look_at_card()],
        Remedy::MissingCharacters => vec![desk::missing_characters()],
        Remedy::Welfare => vec![desk::welfare()],
        Remedy::PayLast => vec![desk::pay_last()],
        Remedy::RenewCard => vec![afterwards::renew_card()],
        Remedy::ResetPin => afterwards::reset_pin(),
        Remedy::ResetPhonePin => vec![afterwards::reset_phone_pin()],
        Remedy::RenewPhone => vec![afterwards::renew_phone()],
        Remedy::SetPin => vec![afterwards::set_pin()],
        Remedy::AskAboutCertificate => vec![afterwards::ask_about_certificate()],
        Remedy::Insurer => vec![afterwards::insurer()],
        Remedy::AskForCertificate => vec![afterwards::ask_for_certificate(dates)],
    }
}
