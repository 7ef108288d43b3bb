//! The answer to 資格確認: what the connector writes to a question by number, and
//! what a reader writes after a check-in (face).

mod read;
mod write;

use super::{MessageError, MessageFile, ReadError};
use crate::eligibility::Report;
use crate::eligibility::text::{Charset, decode};

pub(crate) use read::{read_qualification, read_search_info};
pub(super) use write::{write_qualification, write_search_info};

const ROOT: &str = "XmlMsg";
const HEADER: &str = "MessageHeader";
const BODY: &str = "MessageBody";
const RESULTS: &str = "ResultList";
pub(super) const RESULT: &str = "ResultOfQualificationConfirmation";
pub(super) const SEARCH: &str = "QualificationConfirmSearchInfo";
const ELDERLY: &str = "ElderlyRecipientCertificateInfo";
const LIMIT: &str = "LimitApplicationCertificateRelatedInfo";
const DISEASES: &str = "SpecificDiseasesCertificateList";
const DISEASE: &str = "SpecificDiseasesCertificateInfo";
const TICKETS: &str = "PublicExpenseResultList";
const TICKET: &str = "MedicalTicketInfo";

/// A report, and in which encoding its document was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParsedReport {
    /// Everything that the document said.
    pub report: Report,
    /// The encoding of its bytes, whatever it declared.
    pub charset: Charset,
}

/// Reads the answer to 資格確認 (`OQSsiquc01res`, also of a reader: `_face_`), of at
/// most `cap` bytes: [`Family::cap`](super::Family::cap) has 4 MiB for it.
///
/// Both encodings, by the bytes. Elements by name, in any order; an empty element
/// is an absent one. What isn't understood — an unknown name, a value that can't
/// be read — is kept in `unread` of the part that it stands in, and named by
/// [`Report::warnings`]. Whether the answer is any good is another question:
/// [`Report::valid_qualification`].
///
/// Where implementations differ, each form is read: `PrescriptionIssueSelect` in
/// the body or in the result; `SpecificDiseasesCertificateList` as a list of
/// `SpecificDiseasesCertificateInfo`, or repeated, each with one disease in it. An
/// answer to a failure may have a header alone.
///
/// ```
/// use uketsuke::eligibility::message::{parse_report, write_report};
/// use uketsuke::eligibility::text::Charset;
/// use uketsuke::eligibility::{ConsentKind, SegmentOfResult, Warning};
///
/// let file = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>
/// <XmlMsg>
///   <MessageHeader><SegmentOfResult>1</SegmentOfResult></MessageHeader>
///   <MessageBody>
///     <ResultList><ResultOfQualificationConfirmation>
///       <Name>見本　花子</Name>
///       <PharmacistsInfoConsFlg>1</PharmacistsInfoConsFlg>
///       <PharmacistsInfoAcquisitionTime>20261106091502</PharmacistsInfoAcquisitionTime>
///     </ResultOfQualificationConfirmation></ResultList>
///   </MessageBody>
/// </XmlMsg>";
/// let parsed = parse_report(file.as_bytes(), 4 << 20)?;
/// let result = &parsed.report.results[0];
/// assert_eq!(result.name.reveal(), "見本　花子");
///
/// // A name that only some programs use: kept, and not in silence.
/// assert!(result.consent(ConsentKind::Medicines).unwrap().available_until.is_none());
/// assert_eq!(result.unread[0].text.reveal(), "20261106091502");
/// assert!(result.warnings().contains(&Warning::LooksLike {
///     element: "PharmacistsInfoAcquisitionTime".to_owned(),
///     known: "PharmacistsInfoAvailableTime".to_owned(),
/// }));
///
/// // Read and written again: the same report, in another encoding.
/// let written = write_report(&parsed.report, Charset::ShiftJis)?;
/// let again = parse_report(written.as_bytes(), 4 << 20)?;
/// assert_eq!(again.charset, Charset::ShiftJis);
/// assert_eq!(again.report.results, parsed.report.results);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Bytes that are no such document; and an element twice of which there can be
/// only one ([`ReadError::Repeated`]), since nobody knows which is meant. All with
/// the place, none with the text.
pub fn parse_report(bytes: &[u8], cap: usize) -> Result<ParsedReport, ReadError> {
    let decoded = decode(bytes, cap)?;
    Ok(ParsedReport {
        report: read::report(decoded.text())?,
        charset: decoded.charset(),
    })
}

/// Writes the answer to 資格確認: for simulations, and for programs that hand on
/// what they got.
///
/// [`parse_report`] reads the same report from it, but for what files don't carry:
/// [`certificate`](Report::certificate), [`registration`](Report::registration), and
/// fractions of seconds. The encoding that it declares is the one it is written in.
///
/// # Errors
/// A character that the encoding lacks or that XML can't hold, an unread element
/// whose path isn't made of names, or a year before 0.
pub fn write_report(report: &Report, charset: Charset) -> Result<MessageFile, MessageError> {
    write::report(report, charset)
}
