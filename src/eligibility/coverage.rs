use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::{Consent, InsurerNumber, Qualification};

/// A personal datum: redacted in `Debug`, without `Display`, wiped when dropped.
///
/// With feature `serde` it serialises as its text: to serialise a [`Coverage`]
/// is the caller's explicit act of handing the data on, as much as
/// [`reveal`](Self::reveal) is. Nothing in this crate does it by itself.
///
/// ```
/// use uketsuke::eligibility::Personal;
///
/// let name = Personal::new("見本　花子");
/// assert_eq!(name.reveal(), "見本　花子");
/// assert_eq!(format!("{name:?}"), "(personal)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Personal(Zeroizing<String>);

impl Personal {
    /// Takes it. A `String` is taken over without a copy.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for the screen of the person or of the clinic.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(personal)")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Personal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.reveal())
    }
}

/// The few facts that a receptionist needs of a confirmed insurance.
///
/// `Debug` shows none of them. With feature `serde` it can be serialised, for
/// the clinic's own software; see [`Personal`].
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Coverage {
    /// 氏名.
    pub name: Personal,
    /// 氏名カナ.
    pub kana: Option<Personal>,
    /// 生年月日, `yyyyMMdd`.
    pub birthdate: Personal,
    /// 保険者番号: 6 or 8 digits, padding removed. As sent where it is no number.
    pub insurer_number: Personal,
    /// Whether the number's check digit is right. `false` is a reason to look
    /// twice, not to refuse.
    pub insurer_number_checks: bool,
    /// 保険者名称.
    pub insurer_name: String,
    /// 記号.
    pub symbol: Option<Personal>,
    /// 番号.
    pub number: Option<Personal>,
    /// 枝番.
    pub branch: Option<Personal>,
    /// Tenths the patient pays, 1 to 3, where the centre said it.
    pub copayment_tenths: Option<u8>,
    /// Last day of validity, where there is one.
    pub valid_until: Option<Date>,
    /// Consents to view medical information, with their times.
    pub consents: Vec<Consent>,
    /// Notice of the centre, to be shown as it is.
    pub notice: Option<String>,
    /// The certificate is in its three months' grace: the insurance is
    /// confirmed, medical information is not available.
    pub eligibility_only: bool,
}

impl Coverage {
    /// From one 資格. In grace (`eligibility_only`) no consent counts as given,
    /// whatever the answer says.
    #[must_use]
    pub fn from_qualification(
        qualification: &Qualification,
        notice: Option<&str>,
        eligibility_only: bool,
    ) -> Self {
        let number = InsurerNumber::parse(qualification.insurer_number.reveal());
        let consents = if eligibility_only {
            Vec::new()
        } else {
            qualification.consents.clone()
        };
        Self {
            name: qualification.name.clone(),
            kana: qualification.kana.clone(),
            birthdate: qualification.birthdate.clone(),
            insurer_number_checks: number
                .as_ref()
                .is_some_and(InsurerNumber::check_digit_is_right),
            insurer_number: match number {
                Some(number) => Personal::new(number.digits()),
                None => qualification.insurer_number.clone(),
            },
            insurer_name: qualification.insurer_name.clone(),
            symbol: qualification.symbol.clone(),
            number: qualification.number.clone(),
            branch: qualification.branch.clone(),
            copayment_tenths: qualification.copayment_tenths(),
            valid_until: qualification.valid_until,
            consents,
            notice: notice
                .filter(|notice| !notice.trim().is_empty())
                .map(str::to_owned),
            eligibility_only,
        }
    }
}

impl fmt::Debug for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Coverage(..)")
    }
}
