use super::super::super::MessageFile;
use super::super::super::error::{MessageError, ReadError};
use super::super::super::record::{no_nested, write_record, write_unread};
use super::{MedicalAnswer, Short, list, plain};
use crate::eligibility::report::elements::{Elements, elements};
use crate::eligibility::report::hidden;
use crate::eligibility::text::Charset;
use crate::eligibility::xml::{XmlReader, XmlWriter};
use crate::eligibility::{Personal, UnreadElement};

/// Medicines and treatment (薬剤・診療情報), the answer to
/// [`Question::Medicines`](crate::eligibility::message::Question::Medicines) as XML.
///
/// One public program names the elements; the official layout isn't public. The
/// texts are as sent.
///
/// ```
/// use uketsuke::eligibility::message::{MedicineSource, Medicines};
///
/// let file = "<XmlMsg><MessageHeader><ResultCode>1</ResultCode></MessageHeader><MessageBody>\
///     <MeTrMonthInf><MeTrMonth>202610</MeTrMonth><DiDateInfs><DiDateInf><DiDate>20261005</DiDate>\
///     <DrugInfs><DrugInf><DrugN>見本錠１０ｍｇ</DrugN></DrugInf></DrugInfs></DiDateInf></DiDateInfs>\
///     </MeTrMonthInf></MessageBody></XmlMsg>";
/// let answer = Medicines::parse(file.as_bytes())?;
/// let month = &answer.months[0];
/// assert_eq!(month.source, MedicineSource::Claim);
/// let name = month.days[0].items[0].name.as_ref();
/// assert_eq!(name.map(|name| name.reveal()), Some("見本錠１０ｍｇ"));
/// # Ok::<(), uketsuke::eligibility::message::ReadError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Medicines {
    /// What the answer says of itself, and whose it is.
    pub answer: MedicalAnswer,
    /// Medicines by month and place.
    pub months: Vec<MedicineMonth>,
    /// Elements outside of them that weren't understood.
    pub unread: Vec<UnreadElement>,
}

/// From where a month of medicines is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum MedicineSource {
    /// From claims (`MeTrMonthInf`).
    #[default]
    Claim,
    /// Dispensed on an electronic prescription (`CzDiInf`, `CzDiMonthInf`).
    Dispensed,
    /// Prescribed electronically (`ShPrInf`, `ShPrMonthInf`).
    Prescribed,
}

/// One month at one place. The names of elements are those of claims; with the
/// other sources they have `Cz` or `Sh` before them.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct MedicineMonth {
    /// From where it is known.
    pub source: MedicineSource,
    /// The month (`MeTrMonth`), `yyyyMM` as sent.
    pub month: Option<Personal>,
    /// Kind of the place that treated or dispensed (`DiOrg`).
    pub place_kind: Option<Personal>,
    /// Its code (`MeTrDiHCd`).
    pub place_code: Option<Personal>,
    /// Its name (`MeTrDiHNm`).
    pub place_name: Option<Personal>,
    /// Code of the place that prescribed (`PrlsHCd`).
    pub prescriber_code: Option<Personal>,
    /// Its name (`PrlsHNm`).
    pub prescriber_name: Option<Personal>,
    /// Whether that is the place that asks (`PrIsOrg`).
    pub prescriber_is_self: Option<Personal>,
    /// In or out of hospital (`InOut`).
    pub in_out: Option<Personal>,
    /// Its days.
    pub days: Vec<MedicineDay>,
    /// Elements that weren't understood.
    pub unread: Vec<UnreadElement>,
}

/// One day.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct MedicineDay {
    /// Day of dispensing (`DiDate`), `yyyyMMdd` as sent.
    pub dispensed: Option<Personal>,
    /// Day of the prescription (`PrDate`).
    pub prescribed: Option<Personal>,
    /// The medicines.
    pub items: Vec<MedicineItem>,
    /// Elements that weren't understood.
    pub unread: Vec<UnreadElement>,
}

/// One medicine.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct MedicineItem {
    /// Its code (`DrugC`).
    pub code: Option<Personal>,
    /// Its name (`DrugN`).
    pub name: Option<Personal>,
    /// Name of its ingredient (`IngreN`).
    pub ingredient: Option<Personal>,
    /// Amount (`Qua1`).
    pub amount: Option<Personal>,
    /// Unit of the amount (`Unit`).
    pub unit: Option<Personal>,
    /// How to use it (`UsageN`).
    pub usage: Option<Personal>,
    /// Kind of use (`MeTrIdCl`, `UsageCl`).
    pub usage_kind: Option<Personal>,
    /// How many times or days (`Times`).
    pub times: Option<Personal>,
    /// Special instructions (`SpInst`).
    pub instruction: Option<Personal>,
    /// Elements that weren't understood.
    pub unread: Vec<UnreadElement>,
}

/// Names of elements from claims.
enum Claim {}
/// With dispensing.
enum Dispensed {}
/// With prescriptions.
enum Prescribed {}

elements! { MedicineMonth as Claim {
    "MeTrMonth": month,
    "DiOrg": place_kind,
    "MeTrDiHCd": place_code,
    "MeTrDiHNm": place_name,
    "PrlsHCd": prescriber_code,
    "PrlsHNm": prescriber_name,
    "PrIsOrg": prescriber_is_self,
    "InOut": in_out,
} }
elements! { MedicineMonth as Dispensed {
    "CzDiMonth": month,
    "CzDiOrg": place_kind,
    "CzMeTrDiHCd": place_code,
    "CzMeTrDiHNm": place_name,
    "CzPrlsHCd": prescriber_code,
    "CzPrlsHNm": prescriber_name,
    "CzPrIsOrg": prescriber_is_self,
    "CzPrCl": in_out,
} }
elements! { MedicineMonth as Prescribed {
    "ShPrMonth": month,
    "ShPrOrg": place_kind,
    "ShMeTrDiHCd": place_code,
    "ShMeTrDiHNm": place_name,
    "ShPrHCd": prescriber_code,
    "ShPrHNm": prescriber_name,
    "ShPrIsOrg": prescriber_is_self,
    "ShPrCl": in_out,
} }
elements! { MedicineDay as Claim {
    "DiDate": dispensed,
    "PrDate": prescribed,
} }
elements! { MedicineDay as Dispensed {
    "CzDiDate": dispensed,
    "CzPrDate": prescribed,
} }
elements! { MedicineDay as Prescribed {
    "ShPrDate": prescribed,
} }
elements! { MedicineItem as Claim {
    "DrugC": code,
    "DrugN": name,
    "IngreN": ingredient,
    "Qua1": amount,
    "Unit": unit,
    "UsageN": usage,
    "MeTrIdCl": usage_kind,
    "Times": times,
    "SpInst": instruction,
} }
elements! { MedicineItem as Dispensed {
    "CzDrugC": code,
    "CzDrugN": name,
    "CzIngreN": ingredient,
    "CzQua1": amount,
    "CzUnit": unit,
    "CzUsageN": usage,
    "CzUsageCl": usage_kind,
    "CzTimes": times,
    "CzSpInst": instruction,
} }
elements! { MedicineItem as Prescribed {
    "ShDrugC": code,
    "ShDrugN": name,
    "ShIngreN": ingredient,
    "ShQua1": amount,
    "ShUnit": unit,
    "ShUsageN": usage,
    "ShUsageCl": usage_kind,
    "ShTimes": times,
    "ShSpInst": instruction,
} }

/// One source's elements that hold others.
trait Source {
    const SOURCE: MedicineSource;
    /// Around the months, in the body.
    const GROUP: Option<&'static str>;
    const MONTH: &'static str;
    const DAYS: &'static str;
    const DAY: &'static str;
    const ITEMS: &'static str;
    const ITEM: &'static str;
}

impl Source for Claim {
    const SOURCE: MedicineSource = MedicineSource::Claim;
    const GROUP: Option<&'static str> = None;
    const MONTH: &'static str = "MeTrMonthInf";
    const DAYS: &'static str = "DiDateInfs";
    const DAY: &'static str = "DiDateInf";
    const ITEMS: &'static str = "DrugInfs";
    const ITEM: &'static str = "DrugInf";
}

impl Source for Dispensed {
    const SOURCE: MedicineSource = MedicineSource::Dispensed;
    const GROUP: Option<&'static str> = Some("CzDiInf");
    const MONTH: &'static str = "CzDiMonthInf";
    const DAYS: &'static str = "CzDiDateInfs";
    const DAY: &'static str = "CzDiDateInf";
    const ITEMS: &'static str = "CzDrugInfs";
    const ITEM: &'static str = "CzDrugInf";
}

impl Source for Prescribed {
    const SOURCE: MedicineSource = MedicineSource::Prescribed;
    const GROUP: Option<&'static str> = Some("ShPrInf");
    const MONTH: &'static str = "ShPrMonthInf";
    const DAYS: &'static str = "ShPrDateInfs";
    const DAY: &'static str = "ShPrDateInf";
    const ITEMS: &'static str = "ShDrugInfs";
    const ITEM: &'static str = "ShDrugInf";
}

hidden!(MedicineMonth, MedicineDay, MedicineItem);

impl Medicines {
    /// Reads the file.
    ///
    /// # Errors
    /// It isn't such a message.
    pub fn parse(file: &[u8]) -> Result<Self, ReadError> {
        let mut months = Vec::new();
        let (answer, unread) = MedicalAnswer::read::<Short>(file, &mut |name, reader, unread| {
            let all = &mut months;
            match name {
                Claim::MONTH => {
                    reader.entry()?;
                    all.push(month::<Claim>(reader)?);
                }
                "CzDiInf" => list(reader, Dispensed::MONTH, unread, all, month::<Dispensed>)?,
                "ShPrInf" => list(reader, Prescribed::MONTH, unread, all, month::<Prescribed>)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            answer,
            months,
            unread,
        })
    }

    /// Writes the file.
    ///
    /// # Errors
    /// A character that `charset` lacks, or a name that XML doesn't allow.
    pub fn write(&self, charset: Charset) -> Result<MessageFile, MessageError> {
        let body = |w: &mut XmlWriter| {
            write_months::<Claim>(w, &self.months);
            write_months::<Dispensed>(w, &self.months);
            write_months::<Prescribed>(w, &self.months);
        };
        self.answer.write::<Short>(charset, body, &self.unread)
    }
}

fn month<S: Source>(reader: &mut XmlReader<'_>) -> Result<MedicineMonth, ReadError>
where
    MedicineMonth: Elements<S>,
    MedicineDay: Elements<S>,
    MedicineItem: Elements<S>,
{
    let month = plain::<S, _>(
        reader,
        |month: &mut MedicineMonth| &mut month.unread,
        &mut |month, name, reader| {
            if name != S::DAYS {
                return Ok(false);
            }
            let MedicineMonth { days, unread, .. } = month;
            list(reader, S::DAY, unread, days, day::<S>).map(|()| true)
        },
    )?;
    Ok(MedicineMonth {
        source: S::SOURCE,
        ..month
    })
}

fn day<S: Source>(reader: &mut XmlReader<'_>) -> Result<MedicineDay, ReadError>
where
    MedicineDay: Elements<S>,
    MedicineItem: Elements<S>,
{
    let item = |reader: &mut XmlReader<'_>| {
        let unread: fn(&mut MedicineItem) -> &mut Vec<UnreadElement> = |item| &mut item.unread;
        plain::<S, _>(reader, unread, &mut no_nested)
    };
    plain::<S, _>(
        reader,
        |day: &mut MedicineDay| &mut day.unread,
        &mut |day, name, reader| {
            if name != S::ITEMS {
                return Ok(false);
            }
            let MedicineDay { items, unread, .. } = day;
            list(reader, S::ITEM, unread, items, item).map(|()| true)
        },
    )
}

fn write_months<S: Source>(w: &mut XmlWriter, months: &[MedicineMonth])
where
    MedicineMonth: Elements<S>,
    MedicineDay: Elements<S>,
    MedicineItem: Elements<S>,
{
    let mut months = months
        .iter()
        .filter(|month| month.source == S::SOURCE)
        .peekable();
    if months.peek().is_none() {
        return;
    }
    if let Some(group) = S::GROUP {
        w.open(group);
    }
    for month in months {
        w.open(S::MONTH);
        write_record::<S, _>(w, month);
        w.open(S::DAYS);
        for day in &month.days {
            w.open(S::DAY);
            write_record::<S, _>(w, day);
            w.open(S::ITEMS);
            for item in &day.items {
                w.open(S::ITEM);
                write_record::<S, _>(w, item);
                write_unread(w, &item.unread);
                w.close();
            }
            w.close();
            write_unread(w, &day.unread);
            w.close();
        }
        w.close();
        write_unread(w, &month.unread);
        w.close();
    }
    if S::GROUP.is_some() {
        w.close();
    }
}

/// Codes and counts.
impl std::fmt::Debug for Medicines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Medicines")
            .field("answer", &self.answer)
            .field("months", &self.months.len())
            .finish_non_exhaustive()
    }
}
