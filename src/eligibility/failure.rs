use std::fmt;

use jiff::civil::Date;

/// Language of a text for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
pub enum Lang {
    /// 日本語.
    Ja,
    /// English.
    En,
}

impl Lang {
    /// A day as people read it.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use uketsuke::eligibility::Lang;
    ///
    /// assert_eq!(Lang::Ja.date(date(2027, 2, 28)), "2027年2月28日");
    /// assert_eq!(Lang::En.date(date(2027, 2, 28)), "28 February 2027");
    /// ```
    #[must_use]
    pub fn date(self, day: Date) -> String {
        let format = match self {
            Self::Ja => "%-Y年%-m月%-d日",
            Self::En => "%-d %B %-Y",
        };
        day.strftime(format).to_string()
    }
}

macro_rules! failures {
    ($($(#[$meta:meta])* $variant:ident $code:literal $kind:ident $ja:literal $en:literal;)*) => {
        /// Why a check-in did not end in acceptance, or a question of the clinic in a
        /// result that can be used.
        ///
        /// Each has a stable code, a sentence for the person in two languages,
        /// and by [`advise`](super::advise) something to do now. The texts blame nobody.
        ///
        /// ```
        /// use uketsuke::eligibility::{Failure, Lang};
        ///
        /// assert_eq!(Failure::PinLocked.to_string(), "pin-locked");
        /// assert!(Failure::PinLocked.is_refusal());
        /// assert_eq!(Failure::NetworkDown.cause(Lang::En), "The network here is not working right now.");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
        #[non_exhaustive]
        pub enum Failure {
            $($(#[$meta])* $variant,)*
        }

        impl Failure {
            /// All.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Stable code in kebab case, such as `pin-locked`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// One or two short sentences of cause, for the person.
            #[must_use]
            pub const fn cause(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$variant, Lang::Ja) => $ja, (Self::$variant, Lang::En) => $en,)*
                }
            }

            /// Whether the person can't be accepted this way (`true`), or the
            /// check itself is broken — reader, network, centre, program — and
            /// says nothing about the person (`false`).
            #[must_use]
            pub const fn is_refusal(self) -> bool {
                match self { $(Self::$variant => failures!(@$kind),)* }
            }
        }
    };
    (@refused) => { true };
    (@broken) => { false };
}

failures! {
    /// The person has no My Number card with them.
    CardNotBrought "card-not-brought" refused
        "マイナンバーカードが、お手元にないようです。"
        "There is no My Number card at hand.";
    /// Another kind of card was placed.
    NotAMyNumberCard "not-a-my-number-card" refused
        "置かれたカードは、マイナンバーカードではないようです。"
        "The card on the reader does not seem to be a My Number card.";
    /// The card's chip doesn't answer properly.
    CardUnreadable "card-unreadable" broken
        "カードをうまく読み取れませんでした。"
        "The card could not be read properly.";
    /// The card was taken away before the end.
    CardRemoved "card-removed" broken
        "手続きの途中で、カードがカードリーダーから離れました。"
        "The card left the reader before everything was done.";
    /// The reader failed.
    ReaderFault "reader-fault" broken
        "カードリーダーの調子がよくありません。"
        "The card reader is not working right now.";
    /// Another program holds the reader or the card, or reset it.
    ReaderBusy "reader-busy" broken
        "カードリーダーは、いま別の作業に使われています。"
        "The card reader is busy with something else.";
    /// The card itself is past its date.
    CardExpired "card-expired" refused
        "マイナンバーカードの有効期限が切れています。"
        "The My Number card has passed its expiry date.";
    /// The authentication certificate ended, and so did its grace of three months, if the policy knows one.
    CertificateLapsed "certificate-lapsed" refused
        "カードの電子証明書の有効期限が切れています。"
        "The electronic certificate on the card has expired.";
    /// The authentication certificate begins later.
    CertificateNotYetValid "certificate-not-yet-valid" refused
        "カードの電子証明書は、まだ有効期間の前です。"
        "The electronic certificate on the card is not valid yet.";
    /// The centre, or the policy's source of revocation data, says that the certificate is revoked.
    CertificateRevoked "certificate-revoked" refused
        "カードの電子証明書は、いま使えない状態です。"
        "The electronic certificate on the card is no longer in use.";
    /// The certificate is not one that can be trusted.
    CertificateInvalid "certificate-invalid" refused
        "カードの電子証明書を確認できませんでした。"
        "The electronic certificate on the card could not be confirmed.";
    /// A card, or its proof, of another world. A certificate under a root that
    /// isn't known here at all is [`CertificateInvalid`](Self::CertificateInvalid).
    WrongRealm "wrong-realm" refused
        "このカードは、この受付では使えない種類です。"
        "This kind of card cannot be used at this desk.";
    /// Three wrong PINs in a row, now or earlier. A card on which none was ever
    /// set looks the same from outside, so the text doesn't say which.
    PinLocked "pin-locked" refused
        "このカードでは、いま暗証番号を使えません。"
        "The PIN of this card cannot be used right now.";
    /// The person doesn't know the PIN, or it was wrong.
    PinForgotten "pin-forgotten" refused
        "暗証番号での確認ができませんでした。"
        "The PIN check could not be completed.";
    /// One try was left, and it was kept.
    LastTryDeclined "last-try-declined" refused
        "暗証番号の入力は、残り1回のため行いませんでした。"
        "One PIN entry is left, and it was not used.";
    /// The card's answer to the PIN, or the phone's, was lost.
    PinOutcomeUnknown "pin-outcome-unknown" broken
        "暗証番号の確認の結果を、受け取れませんでした。"
        "The reply to the PIN did not arrive.";
    /// A card without PIN (顔認証マイナンバーカード). A check-in never ends so: from
    /// outside such a card looks like [`PinLocked`](Self::PinLocked). For a
    /// program that knows the kind of card otherwise and asks
    /// [`advise`](super::advise).
    PinLessCard "pin-less-card" refused
        "このカードは、暗証番号の設定がないカードです。"
        "This card has no PIN set.";
    /// The face was not matched with the photo.
    FaceNotRecognised "face-not-recognised" refused
        "お顔での確認ができませんでした。"
        "The face check could not be completed.";
    /// Camera or matcher don't work, or aren't there.
    FaceUnavailable "face-unavailable" broken
        "いま、お顔での確認は使えません。"
        "The face check is not available right now.";
    /// The card's photo is not proved to have been issued to this very card: its
    /// signature, the municipality's key above it, or the chip's own signature is not
    /// the one that belongs there. No face is compared with it; staff should look at
    /// the card.
    PhotoNotProved "photo-not-proved" refused
        "カードの顔写真を、機械では確認できませんでした。"
        "The photo on the card could not be checked by the machine.";
    /// The birth date that was signed together with the card's photo is not the one
    /// that the centre has for the certificate, or the centre told none. Staff should
    /// look at the card.
    BirthDateDiffers "birth-date-differs" refused
        "カードと保険の記録が合わず、お顔での確認を終えられませんでした。"
        "The card and the insurance record do not agree, so the face check ended.";
    /// Staff did not confirm the person by the photo.
    StaffRefused "staff-refused" refused
        "職員による写真での確認ができませんでした。"
        "The photo check by staff could not be completed.";
    /// Too many wrong staff passcodes.
    StaffLocked "staff-locked" refused
        "職員による確認は、いま使えない状態です。"
        "The check by staff is not available right now.";
    /// The card's signature doesn't fit the certificate.
    SignatureInvalid "signature-invalid" refused
        "カードが本物であることを確認できませんでした。"
        "The card could not be confirmed as genuine.";
    /// No network at the clinic.
    NetworkDown "network-down" broken
        "いま、こちらの通信がつながりません。"
        "The network here is not working right now.";
    /// The centre is out of order.
    CentreDown "centre-down" broken
        "いま、保険の資格を確認するシステムから正しい応答がありません。"
        "The insurance checking system is not giving a proper answer right now.";
    /// The centre is out of order everywhere, and cards aren't checked: the mode for
    /// system outages (システム障害時モード) is open.
    SystemOutage "system-outage" broken
        "いま、全国でカードの確認ができなくなっています。"
        "Cards cannot be checked anywhere in the country right now.";
    /// The mode for disasters (災害時モード) is open here, and cards aren't checked.
    Disaster "disaster" broken
        "災害時のため、カードを使わずに受付しています。"
        "Because of the disaster, people are checked in without a card.";
    /// No answer within the time allowed.
    TimedOut "timed-out" broken
        "時間内に、保険の資格を確認できませんでした。"
        "The insurance check did not finish in time.";
    /// The question was sent; what became of it isn't known.
    OutcomeUnknown "outcome-unknown" broken
        "保険の資格の確認が、最後まで終わったかわかりません。"
        "It is not known whether the insurance check was completed.";
    /// The centre is still working on the question (処理中).
    StillProcessing "still-processing" broken
        "保険の資格を、いま確認しています。"
        "Your insurance is still being checked.";
    /// The centre answered, but with no result that can be used: an error (異常終了,
    /// エラー), a code that isn't known, or nothing said about the validity.
    AbnormalAnswer "abnormal-answer" broken
        "保険の資格を確認するシステムが、処理を終えられませんでした。"
        "The insurance checking system could not finish its work.";
    /// The question itself was turned down: an `.err` file came back.
    QuestionRejected "question-rejected" broken
        "保険の資格の問い合わせが、受け付けられませんでした。"
        "The question about the insurance was not accepted.";
    /// The connector (連携アプリ) takes no questions.
    ConnectorNotRunning "connector-not-running" broken
        "保険の資格を問い合わせるしくみが、いま動いていません。"
        "The program that asks about insurance is not running right now.";
    /// The folders of the connector can't be read or written.
    FolderUnavailable "folder-unavailable" broken
        "保険の資格の問い合わせを、いまこちらから送れません。"
        "Questions about insurance cannot be sent from here right now.";
    /// A result arrived that can't be attributed to one person with certainty.
    PersonUnclear "person-unclear" broken
        "届いた結果が、どなたのものか、まだはっきりしません。"
        "It is not certain yet whose insurance record arrived.";
    /// The insurance is valid, but the name came with `●` for characters that
    /// can't be sent. For the clinic's staff; a check-in never ends so.
    NameIncomplete "name-incomplete" broken
        "お名前の一部の文字が、システムから届きませんでした。"
        "Part of the name did not arrive from the system.";
    /// This place has no link to the centre.
    NotEquipped "not-equipped" broken
        "こちらでは、カードによる保険の資格の確認を行っていません。"
        "This place is not equipped to check insurance by card.";
    /// The card isn't registered as an insurance card.
    NotRegistered "not-registered" refused
        "このカードは、まだ健康保険証としての利用登録がされていません。"
        "The card is not registered as a health insurance card yet.";
    /// The person chose not to register it.
    RegistrationDeclined "registration-declined" refused
        "健康保険証としての利用登録は行いませんでした。"
        "The card was not registered as a health insurance card.";
    /// The centre found no insurance for the person.
    NoSuchInsured "no-such-insured" refused
        "加入している保険の情報が、まだ見つかっていません。"
        "No insurance record has been found yet.";
    /// The centre did not confirm a valid insurance.
    InsuranceInvalid "insurance-invalid" refused
        "いま有効な保険の資格を確認できませんでした。"
        "A currently valid insurance could not be confirmed.";
    /// The insurance has ended, and the centre knows a newer one (validity `3`).
    InsuranceReplaced "insurance-replaced" refused
        "確認した保険の資格は終わっていて、新しい資格があります。"
        "This insurance has ended, and there is a newer one.";
    /// The centre found several insurances.
    SeveralInsured "several-insured" refused
        "保険の情報が二つ以上見つかり、一つに決められませんでした。"
        "More than one insurance record was found.";
    /// Medical assistance (医療扶助) is valid, but not registered for this place
    /// (validity `6`, 未登録).
    MedicalAidUnregistered "medical-aid-unregistered" refused
        "医療扶助は有効ですが、こちらで受診する登録がまだありません。"
        "Medical assistance is valid, but not registered for this place yet.";
    /// The centre didn't accept the proof.
    ProofRefused "proof-refused" refused
        "ご本人の確認が、システムで受け付けられませんでした。"
        "The system did not accept the identity check.";
    /// The person stopped.
    Cancelled "cancelled" refused
        "手続きを途中で取りやめました。"
        "The check-in was stopped.";
    /// The person did nothing for too long.
    PersonTimedOut "person-timed-out" refused
        "しばらく操作がなかったため、手続きを終わりました。"
        "The check-in was closed because there was no input for a while.";
    /// Phones aren't accepted here: one was put on the card's reader, and there is none
    /// for phones.
    PhoneNotAccepted "phone-not-accepted" refused
        "こちらでは、スマートフォンでの受付に対応していません。"
        "This place does not accept check-in by phone.";
    /// The phone moved away too often, doesn't answer properly, or isn't one that
    /// holds a My Number card; or the reader for phones failed.
    PhoneUnreadable "phone-unreadable" broken
        "スマートフォンをうまく読み取れませんでした。"
        "The phone could not be read properly.";
    /// Three wrong PINs in a row on the phone, now or earlier. It has a PIN of its
    /// own: this says nothing about the card's.
    PhonePinLocked "phone-pin-locked" refused
        "このスマートフォンでは、いま暗証番号を使えません。"
        "The PIN of this phone cannot be used right now.";
    /// The certificate on the phone isn't accepted: it has ended (there is no grace
    /// for phones), is revoked, can't be trusted, or the phone's signature doesn't
    /// fit it. The person isn't told which, as the remedy is the same.
    PhoneCertificateInvalid "phone-certificate-invalid" refused
        "スマートフォンの電子証明書は、いま使えない状態です。"
        "The electronic certificate on the phone cannot be used right now.";
    /// The phone didn't identify its holder by face or finger.
    PhoneHolderNotConfirmed "phone-holder-not-confirmed" refused
        "スマートフォンでのご本人の確認ができませんでした。"
        "The phone could not confirm that it is you.";
    /// This reception was set up wrongly, such as with parts of another realm
    /// than its policy's; it says nothing about the person or the card.
    Misconfigured "misconfigured" broken
        "こちらの受付の設定に問題があります。受付の職員にお声がけください。"
        "This reception is not set up correctly. Please speak to the reception staff.";
    /// Something inside went wrong.
    Internal "internal" broken
        "こちらの機器の内部で、問題が起きました。"
        "There was a problem inside this device.";
}

/// The code.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
