//! The certificate, and what the centre knows of it and of the insurance.

use super::{Case, case};
use crate::eligibility::Failure;

pub(super) const CASES: &[Case] = &[
    case(
        "certificate-expiring",
        "expiring",
        "電子証明書の期限が近い",
        "The certificate ends soon",
        |s| s,
    ),
    case(
        "certificate-in-grace",
        "grace",
        "電子証明書の期限切れから3か月以内：資格確認だけできる",
        "The certificate ended within three months: insurance only",
        |s| s,
    ),
    case(
        "certificate-lapsed",
        "lapsed",
        "電子証明書の期限切れから3か月を過ぎている",
        "The certificate ended more than three months ago",
        |s| s.ends(Failure::CertificateLapsed).presents(0),
    ),
    case(
        "certificate-not-yet-valid",
        "not-yet-valid",
        "電子証明書の有効期間の前",
        "The certificate is not valid yet",
        |s| s.ends(Failure::CertificateNotYetValid).presents(0),
    ),
    case(
        "card-expired",
        "card-expired",
        "カードの有効期限切れ",
        "The card has expired",
        |s| s.ends(Failure::CardExpired).presents(0),
    ),
    case(
        "certificate-revoked",
        "revoked",
        "電子証明書が失効している（センターの回答）",
        "The centre says that the certificate was revoked",
        |s| s.ends(Failure::CertificateRevoked),
    ),
    case(
        "registers-now",
        "not-registered",
        "利用登録がまだで、その場で登録する",
        "Not registered for use yet; the person registers now",
        |s| s,
    ),
    case(
        "registration-declined",
        "not-registered",
        "利用登録がまだで、登録しない",
        "Not registered for use yet, and the person does not want to",
        |s| {
            s.behaves(|b| b.registers = false)
                .ends(Failure::RegistrationDeclined)
        },
    ),
    case(
        "insurance-ended",
        "insurance-lost",
        "資格を失っている",
        "The insurance has ended",
        |s| s.ends(Failure::InsuranceInvalid),
    ),
    case(
        "insurance-changed",
        "changed-insurance",
        "資格が変わり、新しい資格がある",
        "The insurance has ended and there is a newer one",
        |s| s.ends(Failure::InsuranceReplaced),
    ),
    case(
        "not-insured",
        "not-insured",
        "該当する資格がない",
        "No insurance is known for this person",
        |s| s.ends(Failure::NoSuchInsured),
    ),
    case(
        "several-insured",
        "several",
        "資格が複数該当する",
        "More than one insurance fits",
        |s| s.ends(Failure::SeveralInsured),
    ),
];
