//! Tickets of medical assistance (医療扶助: 医療券, 調剤券).

use super::code;

code! {
    /// 券別 (code table CD018, element `TicketType`).
    personal TicketType {
        Medical = "01" "医療券",
        Dispensing = "02" "調剤券",
    }
}

code! {
    /// 診療別 (code table CD019, element `MedicalTreatmentType`).
    personal TreatmentType {
        Inpatient = "01" "入院",
        Outpatient = "02" "入院外",
        Dental = "03" "歯科",
        Dispensing = "04" "調剤",
        HomeNursing = "05" "訪問看護",
    }
}

code! {
    /// 単独・併用の別 (code table CD020, element `SingleOrCombinedUse`).
    personal SingleOrCombined {
        Single = "01" "単独",
        Combined = "02" "併用",
    }
}

code! {
    /// Whether there is one (code tables CD021 and CD023 to CD025): of social
    /// insurance, article 37-2 of the infections act, care for the elderly,
    /// prefectural expenses.
    personal Recorded {
        Yes = "01" "あり",
        No = "02" "なし",
    }
}

code! {
    /// 整合性フラグ (code table CD022, element `ConsistencyFlag`). Absent where
    /// nothing is wrong.
    personal Consistency {
        Inconsistent = "1" "不整合",
    }
}

code! {
    /// Whether the ticket names this institution: 指定医療機関フラグ (code table
    /// CD026, element `DesignatedMedicalInstitutionFlag`).
    personal InstitutionMatch {
        Same = "0" "一致",
        Different = "1" "不一致",
    }
}

code! {
    /// Whether the same person is there twice (code table CD027).
    personal SamePerson {
        Exists = "1" "同一個人あり",
    }
}
