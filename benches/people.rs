//! A bulk answer about people who don't exist, of any length, as a source of bytes.

use std::io::Read;

use encoding_rs::SHIFT_JIS;

/// One person's result. About as long as one with every usual element.
pub fn person(number: usize) -> String {
    let consents: String = [
        "SpecificHealthCheckupsInfo",
        "PharmacistsInfo",
        "DiagnosisInfo",
        "OperationInfo",
    ]
    .iter()
    .map(|kind| {
        format!(
            "<{kind}ConsFlg>1</{kind}ConsFlg><{kind}ConsTime>20261105091502</{kind}ConsTime>\
                 <{kind}AvailableTime>20261106091502</{kind}AvailableTime>"
        )
    })
    .collect();
    format!(
        "<BulkConfirmUnit><QualificationConfirmSearchInfo><InsurerNumber>  139998</InsurerNumber>\
         <InsuredCardSymbol>見本０１</InsuredCardSymbol><InsuredIdentificationNumber>{number:07}</InsuredIdentificationNumber>\
         <InsuredBranchNumber>01</InsuredBranchNumber><Birthdate>19800401</Birthdate>\
         <LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>\
         <ArbitraryIdentifier>visit-{number}</ArbitraryIdentifier></QualificationConfirmSearchInfo>\
         <ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>1</QualificationValidity>\
         <ResultOfQualificationConfirmation><InsuredCardClassification>01</InsuredCardClassification>\
         <InsurerNumber>  139998</InsurerNumber><InsuredCardSymbol>見本０１</InsuredCardSymbol>\
         <InsuredIdentificationNumber>{number:07}</InsuredIdentificationNumber><InsuredBranchNumber>01</InsuredBranchNumber>\
         <PersonalFamilyClassification>1</PersonalFamilyClassification><InsuredName>見本　太郎</InsuredName>\
         <Name>見本　花子</Name><NameKana>ﾐﾎﾝ ﾊﾅｺ</NameKana><Sex1>2</Sex1><Birthdate>19800401</Birthdate>\
         <Address>見本県見本市中央一丁目２番３号　見本ハイツ１０１</Address><PostNumber>999-9999</PostNumber>\
         <QualificationDate>20200401</QualificationDate><InsuredCertificateIssuanceDate>20250801</InsuredCertificateIssuanceDate>\
         <InsuredCardValidDate>20250801</InsuredCardValidDate><InsuredCardExpirationDate>20270731</InsuredCardExpirationDate>\
         <InsurerName>見本市</InsurerName>\
         <LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>\
         <LimitApplicationCertificateRelatedConsTime>20261105091502</LimitApplicationCertificateRelatedConsTime>\
         {consents}<ReferenceNumber>P-{number}</ReferenceNumber></ResultOfQualificationConfirmation></BulkConfirmUnit>\n"
    )
}

/// What is around the people.
pub fn around(count: usize, encoding: &str) -> [String; 2] {
    let begin = format!(
        "<?xml version=\"1.0\" encoding=\"{encoding}\" standalone=\"no\"?>\n<XmlMsg><MessageHeader>\
         <ProcessExecutionTime>20261105091502</ProcessExecutionTime><MedicalInstitutionCode>1319999999</MedicalInstitutionCode>\
         <ReceptionNumber>77</ReceptionNumber><SegmentOfResult>1</SegmentOfResult>\
         <NumberOfProcessingResult>{count}</NumberOfProcessingResult><NumberOfNormalProcessing>{count}</NumberOfNormalProcessing>\
         <NumberOfError>0</NumberOfError></MessageHeader><MessageBody>\n"
    );
    [begin, "</MessageBody></XmlMsg>\n".to_owned()]
}

/// A whole answer.
pub fn document(count: usize) -> String {
    let [begin, end] = around(count, "UTF-8");
    let people: String = (0..count).map(person).collect();
    begin + &people + &end
}

/// The same as a source that holds a hundred people and gives them over and over,
/// so that making them costs next to nothing.
pub struct People {
    pieces: [Vec<u8>; 3],
    piece: usize,
    at: usize,
    /// How often the middle piece is still to come.
    left: usize,
}

/// In the middle piece.
const HUNDRED: usize = 100;

impl People {
    /// Of `count` people, a multiple of a hundred.
    pub fn new(count: usize, shift_jis: bool) -> Self {
        let encoding = if shift_jis { "Shift_JIS" } else { "UTF-8" };
        let [begin, end] = around(count, encoding);
        let people = (0..HUNDRED).map(person).collect();
        let encode = |text: String| match shift_jis {
            true => SHIFT_JIS.encode(&text).0.into_owned(),
            false => text.into_bytes(),
        };
        Self {
            pieces: [begin, people, end].map(encode),
            piece: 0,
            at: 0,
            left: count / HUNDRED,
        }
    }

    /// How many bytes come.
    pub fn length(&self) -> usize {
        let [begin, people, end] = self.pieces.each_ref().map(Vec::len);
        begin + people * self.left + end
    }
}

impl Read for People {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let Some(piece) = self.pieces.get(self.piece) else {
                return Ok(0);
            };
            let rest = &piece[self.at..];
            if !rest.is_empty() {
                let size = rest.len().min(room.len());
                room[..size].copy_from_slice(&rest[..size]);
                self.at += size;
                return Ok(size);
            }
            self.at = 0;
            match self.piece {
                1 if self.left > 1 => self.left -= 1,
                _ => self.piece += 1,
            }
        }
    }
}
