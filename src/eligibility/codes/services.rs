//! Consents, prescriptions, and the services beside the qualification itself.

use super::code;

code! {
    /// 同意区分 (code table CD016, the elements `…ConsFlg`). Only
    /// [`Given`](Self::Given) allows anything.
    printable ConsentFlag {
        NotGiven = "0" "同意なし",
        Given = "1" "同意あり",
        Lapsed = "2" "有効期限切れ",
        Unobtainable = "3" "同意取得困難",
    }
}

code! {
    /// How the person wants prescriptions: 処方箋発行形態 (code table CD017,
    /// element `PrescriptionIssueSelect`).
    printable PrescriptionIssue {
        Electronic = "1" "電子処方箋",
        Paper = "2" "紙の処方箋",
    }
}

code! {
    /// 診療区分 (code table CD028, element `MedicalTreatmentFlag`).
    printable TreatmentCategory {
        Outpatient = "1" "外来",
        HomeVisit = "2" "訪問診療等",
        Online = "3" "オンライン診療等",
        Emergency = "4" "救急時",
    }
}

code! {
    /// 情報種別 (code tables CD029 and CD036).
    printable InformationKind {
        SpecificDiseases = "TSR" "特定疾病",
        HealthCheckups = "TKK" "特定健診",
        Medicines = "YZK" "薬剤",
        Treatment = "SRJ" "診療",
        Surgery = "SHJ" "手術",
    }
}

code! {
    /// Whether something is shown (code table CD030).
    printable Display {
        No = "0" "表示しない",
        Yes = "1" "表示する",
    }
}

code! {
    /// Why a consent ended: 同意切れ理由 (code table CD031).
    printable ConsentLapse {
        ByForm = "0" "形態毎",
        WithdrawnByInstitution = "1" "医療機関による取消",
        WithdrawnByPatient = "2" "患者による取消",
        PurposeChanged = "3" "用途変更",
    }
}

code! {
    /// Whether two things agree (code table CD032).
    printable ConsentMatch {
        Same = "0" "一致",
        Different = "1" "不一致",
    }
}

code! {
    /// For what an access address is asked: 医療機関アクセスURL (code table CD033).
    printable AccessUrl {
        HomeVisit = "2" "訪問診療等",
        Online = "3" "オンライン診療等",
    }
}

code! {
    /// Form of a picture (code table CD034).
    printable ImageKind {
        Pdf = "1" "PDF",
        Png = "2" "PNG",
    }
}

code! {
    /// Whether a setting is changed (code table CD035).
    printable Change {
        No = "0" "変更しない",
        Yes = "1" "変更する",
    }
}

code! {
    /// Whether a service is used (code table CD037).
    printable Usage {
        No = "0" "利用しない",
        Yes = "1" "利用する",
    }
}

code! {
    /// How the institution uses electronic prescriptions (code table CD038).
    printable PrescriptionUse {
        NotUsed = "0" "利用しない",
        ElectronicOnly = "1" "電子のみ",
        Both = "2" "併用",
        PaperOnly = "3" "紙のみ",
    }
}

code! {
    /// When the choice of prescription is asked (code table CD039).
    printable PrescriptionMoment {
        Otherwise = "1" "資格確認時以外",
        AtConfirmation = "2" "資格確認時",
    }
}

code! {
    /// What is asked of a person's records: 情報要求 (code table CD040).
    printable InformationRequest {
        EmergencySummary = "1" "救急用サマリー",
        Everything = "2" "全量",
        Prescriptions = "3" "処方箋と両方",
        Medicines = "4" "薬剤",
        TreatmentAndMedicines = "5" "診療・薬剤",
        HealthCheckups = "6" "健診",
    }
}

code! {
    /// Factor of a login with two factors (code tables CD041 and CD042).
    printable AuthenticationFactor {
        Knowledge = "1" "記憶",
        Biometric = "2" "生体",
        Possession = "3" "物理",
    }
}

code! {
    /// Right to view records in an emergency: 救急時医療情報閲覧権限 (code table CD043).
    printable EmergencyView {
        No = "0" "権限なし",
        Yes = "1" "権限あり",
    }
}

code! {
    /// 連携システムID (code table CD044). The values look like bits of a mask, so
    /// a sum of them may arrive: that is [`Other`](Self::Other). One source writes
    /// two digits, `01`.
    printable LinkedSystem {
        MedicalSubsidies = "1" "医療費助成",
        MaternalHealth = "2" "母子保健",
        Vaccinations = "4" "予防接種",
        LongTermCare = "8" "介護",
    }
}
