//! Card and reader: other cards, other forms, and what goes wrong on the link.

use super::{Case, case};
use crate::checkin::Method;
use crate::eligibility::Failure;
use crate::simulation::{Fault, Moment, Tamper};
use crate::transport::ExtendedLength;

/// Data and status word of a short answer.
const SHORT: usize = 258;

pub(super) const CASES: &[Case] = &[
    // Other cards.
    case(
        "other-card",
        "other-card",
        "マイナンバーカードではないカード",
        "Not a My Number card",
        |s| {
            s.ends(Failure::NotAMyNumberCard)
                .presents(0)
                .without_secrets()
        },
    ),
    case(
        "resident-card",
        "resident-card",
        "住民基本台帳カード（旧）",
        "An old resident registration card (住基カード)",
        |s| {
            let mut s = s.ends(Failure::NotAMyNumberCard).presents(0);
            (s.tries_left.auth_pin, s.tries_left.reference_number_b) = (0, 0);
            s
        },
    ),
    case(
        "android-phone",
        "android-phone",
        "カードの代わりにAndroidのスマートフォン",
        "An Android phone in place of a card",
        phone,
    ),
    case(
        "iphone",
        "iphone",
        "カードの代わりにiPhone",
        "An iPhone in place of a card",
        phone,
    ),
    case(
        "foreign-resident",
        "foreign-resident",
        "外国人住民のカード（暗証番号）",
        "A foreign resident's card, and the PIN",
        |s| s,
    ),
    case(
        "foreign-resident-face",
        "foreign-resident",
        "外国人住民のカード：照合番号Bの年は西暦、顔認証",
        "A foreign resident's card: 照合番号B has a Western year, and the camera is used",
        |s| s.by(&[Method::Face]),
    ),
    case(
        "mute-card",
        "in-order",
        "裏返しなどで、カードが応答しない",
        "The card does not answer, as if upside down",
        |s| {
            s.always(Fault::Mute)
                .ends(Failure::CardUnreadable)
                .presents(0)
        },
    ),
    // Other forms.
    case(
        "short-length-reader",
        "in-order",
        "拡張長に対応しないリーダー",
        "The reader carries no extended length",
        |s| s.carries(ExtendedLength::No, SHORT),
    ),
    case(
        "short-length-reader-face",
        "in-order",
        "拡張長に対応しないリーダーで顔認証",
        "The reader carries no extended length, and the photo is read",
        |s| s.carries(ExtendedLength::No, SHORT).by(&[Method::Face]),
    ),
    case(
        "short-length-card",
        "in-order",
        "カードが拡張長を拒む",
        "The card refuses extended length",
        |s| {
            s.carries(ExtendedLength::Unknown, 65_538).options(|o| {
                o.extended_by_short_identifier = false;
                o.extended_plain = false;
            })
        },
    ),
    case(
        "extended-length-unknown",
        "in-order",
        "拡張長に対応するかわからないリーダーで、どちらの形も通る",
        "The reader does not know about extended length, and all of it works",
        |s| s.carries(ExtendedLength::Unknown, 65_538),
    ),
    case(
        "plain-extended-refused",
        "in-order",
        "短縮識別子では拡張長が通り、位置指定の読み取りでは通らないカード",
        "The card takes extended length by short identifier only",
        |s| {
            s.carries(ExtendedLength::Unknown, 65_538)
                .options(|o| o.extended_plain = false)
        },
    ),
    case(
        "plain-extended-refused-face",
        "in-order",
        "同じカードで、写真を読んで顔認証",
        "The same card, and the photo is read",
        |s| {
            s.carries(ExtendedLength::Unknown, 65_538)
                .options(|o| o.extended_plain = false)
                .by(&[Method::Face])
        },
    ),
    case(
        "only-plain-extended",
        "in-order",
        "位置指定の読み取りだけ拡張長が通るカード",
        "The card takes extended length with an offset only",
        |s| {
            s.carries(ExtendedLength::Unknown, 65_538)
                .options(|o| o.extended_by_short_identifier = false)
        },
    ),
    case(
        "truncated-answers",
        "in-order",
        "一度に100バイトまでしか返さないカード",
        "The card gives at most 100 bytes at a time",
        |s| s.options(|o| o.most_per_answer = Some(100)),
    ),
    case(
        "truncated-answers-face",
        "in-order",
        "一度に200バイトまでしか返さないカードで顔認証",
        "The card gives at most 200 bytes at a time, and the photo is read",
        |s| {
            s.options(|o| o.most_per_answer = Some(200))
                .by(&[Method::Face])
        },
    ),
    case(
        "bytes-before-the-attributes",
        "in-order",
        "券面事項入力補助の4情報の前に2バイトあるカード（受付では読まない）",
        "Two bytes come before the four attributes, which a check-in does not read",
        |s| s.options(|o| o.prefix = 2),
    ),
    case(
        "long-answers-are-cut",
        "in-order",
        "リーダーが拡張長に対応すると言うが、長い応答を届けない",
        "The reader claims extended length and loses long answers",
        |s| s.carries(ExtendedLength::Unknown, SHORT),
    ),
    case(
        "first-command-fails",
        "in-order",
        "最初の命令に 6F00 を返すカード",
        "The card answers its first command with 6F00",
        |s| s.options(|o| o.first_command_fails = true),
    ),
    case(
        "much-filler",
        "in-order",
        "証明書のあとに詰め物が多いカード",
        "Much filler follows the certificate on the card",
        |s| s.options(|o| o.filler = 255),
    ),
    case(
        "no-filler",
        "in-order",
        "証明書のあとに詰め物がないカード",
        "Nothing follows the certificate on the card",
        |s| s.options(|o| o.filler = 0),
    ),
    case(
        "locked-6983",
        "pin-locked",
        "ロックを 6983 で知らせるカード",
        "The card tells a locked PIN with 6983",
        |s| {
            s.options(|o| o.blocked_status = 0x6983)
                .at(Moment::Count, 1, |n| {
                    Fault::Answer(n, Tamper::Status(0x6983))
                })
                .ends(Failure::PinLocked)
                .leaves(0)
                .presents(0)
        },
    ),
    // What goes wrong.
    case(
        "pulled-at-select",
        "in-order",
        "アプリケーション選択の前にカードが離れる",
        "The card leaves before an application is selected",
        |s| {
            s.at(Moment::Select, 1, Fault::RemovedBefore)
                .ends(Failure::CardRemoved)
                .presents(0)
        },
    ),
    case(
        "pulled-in-certificate",
        "in-order",
        "証明書を読む途中でカードが離れる",
        "The card leaves in the middle of the certificate",
        |s| {
            s.carries(ExtendedLength::No, SHORT)
                .at(Moment::Read, 3, Fault::RemovedAfter)
                .ends(Failure::CardRemoved)
                .presents(0)
        },
    ),
    case(
        "pulled-before-verify",
        "in-order",
        "暗証番号がカードに届く前に離れる",
        "The card leaves before the PIN reaches it",
        |s| {
            s.at(Moment::Verify, 1, Fault::RemovedBefore)
                .ends(Failure::CardRemoved)
                .presents(0)
        },
    ),
    case(
        "pulled-after-verify",
        "in-order",
        "正しい暗証番号が届いたあと、応答の前に離れる",
        "The card leaves after the right PIN reached it, before its answer",
        |s| {
            s.at(Moment::Verify, 1, Fault::RemovedAfter)
                .ends(Failure::PinOutcomeUnknown)
        },
    ),
    case(
        "pulled-after-wrong-verify",
        "in-order",
        "誤った暗証番号が届いたあと、応答の前に離れる",
        "The card leaves after a wrong PIN reached it, before its answer",
        |s| {
            s.types(&["0000", "1234"])
                .at(Moment::Verify, 1, Fault::RemovedAfter)
                .ends(Failure::PinOutcomeUnknown)
                .leaves(2)
        },
    ),
    case(
        "pulled-before-signature",
        "in-order",
        "暗証番号のあと、署名の前に離れる",
        "The card leaves between the PIN and the signature",
        |s| {
            s.at(Moment::Sign, 1, Fault::RemovedBefore)
                .ends(Failure::CardRemoved)
        },
    ),
    case(
        "signature-cut",
        "in-order",
        "署名の応答が途中で切れる",
        "The answer with the signature is cut short",
        |s| {
            s.at(Moment::Sign, 1, Fault::AnswerCut)
                .ends(Failure::CardRemoved)
        },
    ),
    case(
        "signature-wrong",
        "in-order",
        "署名の1ビットが変わっている",
        "One bit of the signature is wrong",
        |s| {
            s.at(Moment::Sign, 1, |n| Fault::Answer(n, Tamper::Flip(77)))
                .ends(Failure::SignatureInvalid)
        },
    ),
    case(
        "certificate-wrong",
        "in-order",
        "証明書の1ビットが変わっている",
        "One bit of the certificate is wrong",
        |s| {
            s.at(Moment::Read, 1, |n| Fault::Answer(n, Tamper::Flip(5_001)))
                .ends(Failure::CertificateInvalid)
                .presents(0)
        },
    ),
    case(
        "verify-times-out",
        "in-order",
        "暗証番号の応答が時間内に返らない",
        "The answer to the PIN comes too late",
        |s| {
            s.at(Moment::Verify, 1, Fault::TimedOut)
                .ends(Failure::PinOutcomeUnknown)
        },
    ),
    case(
        "reset-before-pin",
        "in-order",
        "暗証番号の前に、別のプログラムがカードをリセットする",
        "Another program resets the card before the PIN",
        |s| {
            s.at(Moment::Select, 2, Fault::CardResetBefore)
                .ends(Failure::ReaderBusy)
                .presents(0)
        },
    ),
    case(
        "reset-before-verify",
        "in-order",
        "暗証番号を送る直前に、別のプログラムがカードをリセットする",
        "Another program resets the card just before the PIN is sent",
        |s| {
            s.at(Moment::Verify, 1, Fault::CardResetBefore)
                .ends(Failure::ReaderBusy)
                .presents(0)
        },
    ),
    case(
        "reset-before-signature",
        "in-order",
        "署名の直前に、別のプログラムがカードをリセットする",
        "Another program resets the card between the PIN and the signature",
        |s| {
            s.at(Moment::Sign, 1, Fault::CardResetBefore)
                .ends(Failure::ReaderBusy)
        },
    ),
    case(
        "held-by-another",
        "in-order",
        "別のプログラムがカードを使っている",
        "Another program holds the card",
        |s| s.always(Fault::Held).ends(Failure::ReaderBusy).presents(0),
    ),
    case(
        "reader-fault",
        "in-order",
        "証明書を読む途中でリーダーが故障する",
        "The reader stops working while the certificate is read",
        |s| {
            s.at(Moment::Read, 1, Fault::ReaderGone)
                .ends(Failure::ReaderFault)
                .presents(0)
        },
    ),
    case(
        "reader-fault-in-verify",
        "in-order",
        "暗証番号の照合中にリーダーが故障する",
        "The reader stops working while the PIN is sent",
        |s| {
            s.at(Moment::Verify, 1, Fault::ReaderGone)
                .ends(Failure::PinOutcomeUnknown)
                .presents(0)
        },
    ),
];

/// It has no card face, and wants the PIN before it shows its certificate.
fn phone(mut scenario: super::Scenario) -> super::Scenario {
    scenario.tries_left.reference_number_b = 0;
    scenario.ends(Failure::PhoneNotAccepted).presents(0)
}
