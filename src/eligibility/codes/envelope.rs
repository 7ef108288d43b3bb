//! What the answer as a whole says of itself.

use super::code;

code! {
    /// The transport layer of an answer: 処理結果区分 (code table CD003,
    /// element `SegmentOfResult`). Anything but `1` and `2` is abnormal: sources
    /// disagree on the code for it.
    ///
    /// ```
    /// use uketsuke::eligibility::SegmentOfResult;
    ///
    /// assert_eq!(SegmentOfResult::from_code("1"), SegmentOfResult::Normal);
    /// assert_eq!(SegmentOfResult::from_code("3").code(), "3");
    /// assert!(SegmentOfResult::from_code("3").is_abnormal());
    /// ```
    printable SegmentOfResult {
        Normal = "1" "正常終了",
        InProgress = "2" "処理中",
        Abnormal = "9" "異常終了",
    }
}

impl SegmentOfResult {
    /// Whether the message failed: neither [`Normal`](Self::Normal) nor
    /// [`InProgress`](Self::InProgress).
    #[must_use]
    pub const fn is_abnormal(&self) -> bool {
        !matches!(self, Self::Normal | Self::InProgress)
    }
}

code! {
    /// The processing layer of an answer (code table CD004, element
    /// `ProcessingResultStatus`).
    printable ProcessingResultStatus {
        Normal = "1" "正常終了",
        Error = "2" "エラー",
    }
}

code! {
    /// The validity layer of an answer: 資格有効性 (code table CD006, element
    /// `QualificationValidity`).
    ///
    /// `6` is of medical assistance (医療扶助) only: valid, not registered at this
    /// place.
    printable QualificationValidity {
        Valid = "1" "有効",
        Invalid = "2" "無効",
        InvalidNewer = "3" "無効（新しい資格あり）",
        NotFound = "4" "該当資格なし",
        Several = "5" "複数該当",
        ValidUnregistered = "6" "有効（未登録）",
    }
}

code! {
    /// By what the person was asked about: 照会区分 (code table CD002, element
    /// `ReferenceClassification`). Makers of readers add their own: `7` and `8`
    /// have been seen for papers that were scanned.
    printable ReferenceClassification {
        MyNumberCard = "1" "マイナンバーカード",
        InsuranceCard = "2" "被保険者証情報",
    }
}

code! {
    /// The encoding that a document declares (code table CD005, element
    /// `CharacterCodeIdentifier`). The bytes decide, never this.
    printable CharacterCode {
        Utf8 = "0" "UTF-8",
        ShiftJis = "1" "Shift_JIS",
    }
}
