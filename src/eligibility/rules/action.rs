macro_rules! actions {
    ($($(#[$meta:meta])* $variant:ident $code:literal $who:ident,)*) => {
        /// Something to do now.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(
            feature = "serde",
            derive(serde::Serialize, serde::Deserialize),
            serde(rename_all = "kebab-case")
        )]
        #[non_exhaustive]
        pub enum Action {
            $($(#[$meta])* $variant,)*
        }

        impl Action {
            /// All.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Stable code in kebab case.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Whether it belongs among the best things to do on the person's own
            /// screen. What is for the staff, to speak to the reception and to pay
            /// in full don't; see [`Advice::for_person`](crate::eligibility::Advice::for_person).
            #[must_use]
            pub const fn is_for_person(self) -> bool {
                match self { $(Self::$variant => actions!(@$who),)* }
            }
        }
    };
    (@person) => { true };
    (@desk) => { false };
}

actions! {
    /// Place the card once more.
    PlaceCardAgain "place-card-again" person,
    /// Take the card out of its sleeve.
    TakeOffSleeve "take-off-sleeve" person,
    /// Use the check by face.
    TryFace "try-face" person,
    /// Use the PIN.
    TryPin "try-pin" person,
    /// Ask staff to compare the photo (目視確認).
    AskStaffCheck "ask-staff-check" person,
    /// Wait where one is.
    WaitHere "wait-here" person,
    /// Try again in a while.
    TryAgainLater "try-again-later" person,
    /// Use another reader.
    UseOtherReader "use-other-reader" person,
    /// Let staff check the card with the app at the counter (マイナ資格確認アプリ).
    UseCounterApp "use-counter-app" person,
    /// Use a smartphone that holds the card (スマートフォンのマイナンバーカード).
    UsePhone "use-phone" person,
    /// Register the card as an insurance card on the reader (利用登録).
    RegisterAtReader "register-at-reader" person,
    /// Show a 資格確認書.
    ShowQualificationCertificate "show-qualification-certificate" person,
    /// Show the 資格情報のお知らせ together with the card.
    ShowNoticeWithCard "show-notice-with-card" person,
    /// Open the insurance screen of マイナポータル and show it with the card.
    ShowPortalScreenWithCard "show-portal-screen-with-card" person,
    /// Show a saved PDF of マイナポータル with the card.
    ShowPortalPdfWithCard "show-portal-pdf-with-card" person,
    /// Show the 健康保険証 of old, while it was valid.
    ShowOldInsuranceCard "show-old-insurance-card" person,
    /// Let the clinic ask by the numbers of the insurance.
    QueryByNumber "query-by-number" person,
    /// Let the clinic compare with what it has on record.
    AskPastRecord "ask-past-record" person,
    /// Write a declaration of insurance (被保険者資格申立書).
    WriteDeclaration "write-declaration" person,
    /// Say name, birth date and address, and be looked up in the mode for
    /// disasters (災害時モード).
    DisasterMode "disaster-mode" person,
    /// Reset the PIN at a convenience store.
    ConvenienceStoreReset "convenience-store-reset" person,
    /// Set the phone up again in the app of マイナポータル, with the card at hand.
    UsePortalApp "use-portal-app" person,
    /// Go to the municipal office.
    MunicipalOffice "municipal-office" person,
    /// Ask the insurer or the employer.
    ContactInsurer "contact-insurer" person,
    /// Staff: use the mode for system outages (システム障害時モード).
    SystemOutageMode "system-outage-mode" desk,
    /// Staff: look the person up in the connector's function for emergencies
    /// (緊急時医療情報・資格確認機能).
    EmergencySearch "emergency-search" desk,
    /// Staff: switch reader and terminal off and on, the reader first.
    RestartReader "restart-reader" desk,
    /// Staff: check that the connector (連携アプリ) runs.
    CheckConnector "check-connector" desk,
    /// Staff: check that the shared folders open.
    CheckFolders "check-folders" desk,
    /// Staff: check the numbers of the question.
    CheckQuestion "check-question" desk,
    /// Staff: compare birth date and kana with the record.
    MatchPerson "match-person" desk,
    /// Staff: look at the card itself, and at whose it is.
    LookAtCard "look-at-card" desk,
    /// Staff: take the characters of the name from a document.
    ReadNameFromDocument "read-name-from-document" desk,
    /// Staff: ask the welfare office (福祉事務所).
    ContactWelfareOffice "contact-welfare-office" desk,
    /// Staff: claim with the numbers unknown (不詳).
    ClaimAsUnknown "claim-as-unknown" desk,
    /// Staff: keep the declaration until the claim is paid.
    KeepDeclaration "keep-declaration" desk,
    /// Staff: call the call centre.
    CallCentre "call-centre" desk,
    /// Staff: ask who maintains this system, about its settings.
    ContactMaintainer "contact-maintainer" desk,
    /// Speak to the reception.
    AskForReceptionist "ask-for-receptionist" desk,
    /// Pay in full (10割) for now and claim the money back. Always last.
    PayInFullForNow "pay-in-full-for-now" desk,
}
