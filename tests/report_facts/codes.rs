//! Every code table of the messages, written down once more: `code word` pairs, the word as it stands in the term.

use uketsuke::eligibility::message::parse_report;
use uketsuke::eligibility::*;

use super::table::{Place, around};

/// What the library says of one code.
struct Said {
    known: bool,
    code: String,
    term: String,
    tables: usize,
}

struct Table {
    id: &'static str,
    codes: &'static [(&'static str, &'static str)],
    say: fn(&str) -> Said,
    /// Where such a code stands in an answer, if it does.
    element: Option<(Place, &'static str)>,
}

macro_rules! tables {
    ($($id:literal $type:ident [$($code:literal $word:literal),+] $($place:ident $element:literal)?;)+) => {
        vec![$(Table {
            id: $id,
            codes: &[$(($code, $word)),+],
            say: |code| {
                let value = $type::from_code(code);
                let (known, term) = (value.is_known(), value.term().to_owned());
                assert_eq!($type::KNOWN.contains(&value), known);
                Said { known, code: value.code().to_owned(), term, tables: $type::KNOWN.len() }
            },
            element: tables!(@ $($place $element)?),
        }),+]
    };
    (@) => { None };
    (@ $place:ident $element:literal) => { Some((Place::$place, $element)) };
}

fn tables() -> Vec<Table> {
    tables! {
        "CD001" LimitConsent ["0" "未同意", "1" "同意"] Result "LimitApplicationCertificateRelatedConsFlg";
        "CD001, echoed" LimitConsent ["0" "未同意", "1" "同意"] Search "LimitApplicationCertificateRelatedConsFlg";
        "CD002" ReferenceClassification ["1" "マイナンバーカード", "2" "被保険者証情報"] Header "ReferenceClassification";
        "CD003" SegmentOfResult ["1" "正常終了", "2" "処理中", "9" "異常終了"] Header "SegmentOfResult";
        "CD004" ProcessingResultStatus ["1" "正常終了", "2" "エラー"] Body "ProcessingResultStatus";
        "CD005" CharacterCode ["0" "UTF-8", "1" "Shift_JIS"] Header "CharacterCodeIdentifier";
        "CD006" QualificationValidity [
            "1" "有効", "2" "無効", "3" "新しい資格あり", "4" "該当資格なし", "5" "複数該当", "6" "未登録"
        ] Body "QualificationValidity";
        "CD007" Sex ["1" "男", "2" "女", "3" "未設定"] Result "Sex1";
        "CD007, back" Sex ["1" "男", "2" "女", "3" "未設定"] Result "Sex2";
        "CD008" ReasonOfLoss [
            "01" "死亡", "02" "生活保護受給開始", "03" "医療保険等の資格取得", "99" "その他"
        ] Result "ReasonOfLoss";
        "CD009" PersonalFamily ["1" "本人", "2" "家族"] Result "PersonalFamilyClassification";
        "CD010" CardClassification [
            "01" "一般", "02" "退職", "03" "短期（一般）", "04" "短期（退職）", "05" "特別療養費支給対象者", "06" "特例退職",
            "07" "自衛官", "A1" "医療扶助"
        ] Result "InsuredCardClassification";
        "CD011" LimitCertificateKind [
            "01" "限度額適用認定証", "02" "限度額適用・標準負担額減額", "03" "標準負担額減額"
        ] Limit "LimitApplicationCertificateClassification";
        "CD012" LimitCategory [
            "A01" "ア", "A02" "イ", "A03" "ウ", "A04" "エ", "A05" "オ", "A06" "オ（境）",
            "B01" "現役並みⅢ", "B02" "現役並みⅡ", "B03" "現役並みⅠ", "B04" "一般", "B05" "低所得Ⅱ", "B06" "低所得Ⅰ",
            "B07" "老福", "B08" "境", "B09" "一般Ⅱ", "B10" "一般Ⅰ"
        ] Limit "LimitApplicationCertificateClassificationFlag";
        "CD013" SpecificDiseaseCategory [
            "1" "人工透析を要する慢性腎不全", "2" "血友病", "3" "血液製剤によるHIV"
        ] Disease "SpecificDiseasesDiseaseCategory";
        "CD014" LimitChanged ["0" "なし", "1" "判定不能"] Result "LimitApplicationCertificateChanged";
        "CD015" Preschool ["1" "未就学"] Result "PreschoolClassification";
        "CD016" ConsentFlag ["0" "なし", "1" "あり", "2" "有効期限切れ", "3" "同意取得困難"] Result "PharmacistsInfoConsFlg";
        "CD016, diseases" ConsentFlag [
            "0" "なし", "1" "あり", "2" "有効期限切れ", "3" "同意取得困難"
        ] Result "SpecificDiseasesCertificateRelatedConsFlg";
        "CD017" PrescriptionIssue ["1" "電子", "2" "紙"] Body "PrescriptionIssueSelect";
        "CD017, result" PrescriptionIssue ["1" "電子", "2" "紙"] Result "PrescriptionIssueSelect";
        "CD018" TicketType ["01" "医療券", "02" "調剤券"] Ticket "TicketType";
        "CD019" TreatmentType [
            "01" "入院", "02" "入院外", "03" "歯科", "04" "調剤", "05" "訪問看護"
        ] Ticket "MedicalTreatmentType";
        "CD020" SingleOrCombined ["01" "単独", "02" "併用"] Ticket "SingleOrCombinedUse";
        "CD021" Recorded ["01" "あり", "02" "なし"] Ticket "StatusOfSocialInsurance";
        "CD022" Consistency ["1" "不整合"] Ticket "ConsistencyFlag";
        "CD023" Recorded ["01" "あり", "02" "なし"] Ticket "StatusOfInfecton";
        "CD024" Recorded ["01" "あり", "02" "なし"] Ticket "StatusOfElderlyMedicalCare";
        "CD025" Recorded ["01" "あり", "02" "なし"] Ticket "StatusOfPrefecturalExpenses";
        "CD026" InstitutionMatch ["0" "一致", "1" "不一致"] Ticket "DesignatedMedicalInstitutionFlag";
        "CD027" SamePerson ["1" "同一個人あり"];
        "CD028" TreatmentCategory ["1" "外来", "2" "訪問診療等", "3" "オンライン診療等", "4" "救急時"];
        "CD029, CD036" InformationKind ["TSR" "特定疾病", "TKK" "特定健診", "YZK" "薬剤", "SRJ" "診療", "SHJ" "手術"];
        "CD030" Display ["0" "表示しない", "1" "表示する"];
        "CD031" ConsentLapse ["0" "形態毎", "1" "医療機関", "2" "患者", "3" "用途変更"];
        "CD032" ConsentMatch ["0" "一致", "1" "不一致"];
        "CD033" AccessUrl ["2" "訪問", "3" "オンライン"];
        "CD034" ImageKind ["1" "PDF", "2" "PNG"];
        "CD035" Change ["0" "変更しない", "1" "変更する"];
        "CD037" Usage ["0" "利用しない", "1" "利用する"];
        "CD038" PrescriptionUse ["0" "利用しない", "1" "電子のみ", "2" "併用", "3" "紙のみ"];
        "CD039" PrescriptionMoment ["1" "資格確認時以外", "2" "資格確認時"];
        "CD040" InformationRequest [
            "1" "サマリー", "2" "全量", "3" "処方箋", "4" "薬剤", "5" "診療・薬剤", "6" "健診"
        ];
        "CD041, CD042" AuthenticationFactor ["1" "記憶", "2" "生体", "3" "物理"];
        "CD043" EmergencyView ["0" "なし", "1" "あり"];
        "CD044" LinkedSystem ["1" "医療費助成", "2" "母子保健", "4" "予防接種", "8" "介護"];
    }
}

/// Codes that no table has, those of the makers of readers among them.
const STRANGE: [&str; 9] = ["7", "8", "00", "001", "1x", "Ａ１", "a01", "b10", "-1"];

#[test]
fn every_code_is_the_one_that_it_should_be() {
    let tables = tables();
    for number in 1..=44 {
        let id = format!("CD{number:03}");
        let named = |table: &&Table| table.id.contains(&id);
        assert!(tables.iter().any(|table| named(&table)), "{id}");
    }
    for Table { id, codes, say, .. } in &tables {
        for (code, word) in *codes {
            for text in [(*code).to_owned(), format!("  {code}\n")] {
                let said = say(&text);
                assert!(said.known && said.code == *code, "{id} {code}");
                assert!(said.term.contains(word), "{id} {code}: {}", said.term);
                assert_eq!(said.tables, codes.len(), "{id}");
            }
            // No two of a table are called alike.
            let same = codes.iter().filter(|(c, _)| say(c).term == say(code).term);
            assert_eq!(same.count(), 1, "{id} {code}");
        }
        for strange in STRANGE {
            if codes.iter().all(|(code, _)| *code != strange) {
                let said = say(strange);
                assert!(!said.known, "{id} {strange}");
                assert_eq!(
                    (said.code.as_str(), said.term.as_str()),
                    (strange, strange),
                    "{id}"
                );
            }
        }
    }
}

/// A known code passes without a warning, any other is named.
#[test]
fn every_code_is_read_where_it_stands() {
    let mut read = 0;
    for table in tables() {
        let Some((place, element)) = table.element else {
            continue;
        };
        let known = table.codes.iter().map(|(code, _)| *code);
        for code in known.chain(STRANGE) {
            let document = around(place, &format!("<{element}>{code}</{element}>"));
            let report = parse_report(document.as_bytes(), 4096).unwrap().report;
            let row = super::table::rows();
            let row = row
                .iter()
                .find(|row| (row.place, row.name) == (place, element));
            let found = (row.unwrap().found)(&report);
            assert_eq!(found.as_deref(), Some(code), "{element}");
            let warned = report.warnings().iter().any(
                |warning| matches!(warning, Warning::UnknownCode { element: named } if named == element),
            );
            assert_eq!(warned, !(table.say)(code).known, "{element} {code}");
            read += 1;
        }
    }
    assert!(read > 300, "{read}");
}
