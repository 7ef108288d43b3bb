use std::fmt;

use der::{Tag, TagNumber};
use zeroize::Zeroizing;

use super::{
    Certificate, CertificateError, cursor::Element, era::Era, extension::Extension, oid,
    substitution::Substitutions,
};
use crate::card::{BirthDate, Sex};

const NAMES: &str = "subjectAltName";
const NAME: &str = "name (1.2.392.200149.8.5.5.1)";
const NAME_FLAGS: &str = "substitutions in the name (1.2.392.200149.8.5.5.2)";
const SEX: &str = "sex (1.2.392.200149.8.5.5.3)";
const BIRTH: &str = "birth date (1.2.392.200149.8.5.5.4)";
const ADDRESS: &str = "address (1.2.392.200149.8.5.5.5)";
const ADDRESS_FLAGS: &str = "substitutions in the address (1.2.392.200149.8.5.5.6)";

/// Whose signing certificate (署名用電子証明書) it is: name, address, birth date
/// and sex, from the otherNames of its subjectAltName below
/// 1.2.392.200149.8.5.5.
///
/// As written in the certificate: alone it proves nothing, since reading a
/// certificate proves nothing about it. What a validated one says is
/// [`IssuedHolder`](super::IssuedHolder).
///
/// Asked for are the four attributes, each once, as a UTF8String; the flags of
/// the characters that stand for others may be absent. An otherName that isn't
/// known is skipped, as more are expected (former name, reading), and so are
/// names of other forms.
///
/// What is known comes from certificates of a test card and from what people
/// published of their own, not from the official profile: the order of the
/// fields, the nine digits of a birth date in 昭和, and one flag for each
/// character, the space between family and given name included. The other eras,
/// the digit `0` for an unknown one, and the flag `1` are as reported, and seen
/// by nobody here.
///
/// `Debug` shows nothing; wiped when dropped.
///
/// ```
/// use uketsuke::card::Sex;
/// use uketsuke::simulation::{CertificateSpec, Generation, VirtualPki};
/// use uketsuke::trust::{Certificate, Era, Holder};
///
/// let der = VirtualPki::new().signing_certificate(&CertificateSpec {
///     serial: 0x0600_0001,
///     common_name: "2024050110020313221SIM0003A".into(),
///     not_before: "2024-05-01T01:02:03Z".parse()?,
///     not_after: "2029-04-01T14:59:59Z".parse()?,
///     generation: Generation::Third,
///     defect: None,
/// });
/// let holder = Holder::parse(&Certificate::parse(&der)?)?;
/// assert_eq!(holder.name(), "見本　花子");
/// assert_eq!(holder.birth_date().as_str(), "19800217");
/// assert_eq!(holder.era(), Era::Showa);
/// assert_eq!(holder.sex(), Sex::Female);
/// assert!(!holder.name_substitutions().is_some_and(|flags| flags.any()));
/// assert_eq!(format!("{holder:?}"), "Holder(..)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Holder {
    name: Zeroizing<String>,
    name_substitutions: Option<Substitutions>,
    sex: Sex,
    birth_date: BirthDate,
    era: Era,
    address: Zeroizing<String>,
    address_substitutions: Option<Substitutions>,
}

impl Holder {
    /// Reads the attributes of a certificate, which for an authentication
    /// certificate (利用者証明用電子証明書) there aren't.
    ///
    /// # Errors
    ///
    /// Where the first thing lies that isn't as it should be, and why:
    /// [`CertificateError::Der`] or [`CertificateError::Profile`], also for an
    /// attribute that is absent or comes twice, an era that doesn't fit the
    /// date, and flags that are no flags or not one for each character. Nothing
    /// of the content is repeated.
    pub fn parse(certificate: &Certificate<'_>) -> Result<Self, CertificateError> {
        let extension =
            certificate
                .extension(oid::SUBJECT_ALT_NAME)
                .ok_or(CertificateError::Profile {
                    position: 0,
                    element: NAMES,
                    why: "absent",
                })?;
        Self::of(extension)
    }

    pub(super) fn of(extension: Extension<'_>) -> Result<Self, CertificateError> {
        let names = extension.element(NAMES, Tag::Sequence)?;
        let mut rest = names.inside(NAMES)?;
        let mut found: [Option<Field<'_>>; FIELDS.len()] = [None; FIELDS.len()];
        while !rest.is_finished() {
            let name = rest.any(NAMES)?;
            if name.tag() != tagged(0) {
                continue;
            }
            let mut parts = name.inside(NAMES)?;
            let type_id = parts.next(NAMES, Tag::ObjectIdentifier)?.value;
            let last = type_id.strip_prefix(oid::PERSONAL_DATA);
            let known = FIELDS
                .iter()
                .zip(&mut found)
                .find(|((arc, _), _)| last == Some(&[*arc]));
            let Some(((_, element), place)) = known else {
                continue;
            };
            let value = parts.next(element, tagged(0))?;
            parts.finish(element)?;
            let mut inside = value.inside(element)?;
            let text = inside.next(element, Tag::Utf8String)?;
            inside.finish(element)?;
            if place.is_some() {
                return Err(wrong(&name, element, "comes twice"));
            }
            *place = Some(Field::new(&text, element)?);
        }
        let [name, name_flags, sex, birth, address, address_flags] = found;
        let required = |field: Option<_>, element| field.ok_or(wrong(&names, element, "absent"));
        let name = required(name, NAME)?;
        let sex = required(sex, SEX)?;
        let birth = required(birth, BIRTH)?;
        let address = required(address, ADDRESS)?;
        let (era, birth_date) = birth.birth()?;
        Ok(Self {
            name_substitutions: flags(name_flags, &name)?,
            sex: sex.sex()?,
            birth_date,
            era,
            address_substitutions: flags(address_flags, &address)?,
            name: name.kept(),
            address: address.kept(),
        })
    }

    /// The name; family and given name have an ideographic space between them.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which characters of the name stand for others (代替文字); `None` if the
    /// certificate doesn't say.
    #[must_use]
    pub const fn name_substitutions(&self) -> Option<&Substitutions> {
        self.name_substitutions.as_ref()
    }

    /// The sex. `3` was reported to mean "not known" here, which comes as
    /// [`Sex::Other`].
    #[must_use]
    pub const fn sex(&self) -> Sex {
        self.sex
    }

    /// The birth date, in Gregorian years. It may be no day of the calendar
    /// where the real one isn't known.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        &self.birth_date
    }

    /// The era before the birth date, which fits it.
    #[must_use]
    pub const fn era(&self) -> Era {
        self.era
    }

    /// The address, without postal code.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// As [`name_substitutions`](Self::name_substitutions), of the address.
    #[must_use]
    pub const fn address_substitutions(&self) -> Option<&Substitutions> {
        self.address_substitutions.as_ref()
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Holder(..)")
    }
}

/// Last arc and name of what is known, in the order of the arcs.
const FIELDS: [(u8, &str); 6] = [
    (1, NAME),
    (2, NAME_FLAGS),
    (3, SEX),
    (4, BIRTH),
    (5, ADDRESS),
    (6, ADDRESS_FLAGS),
];

/// One known otherName.
#[derive(Clone, Copy)]
struct Field<'a> {
    text: &'a str,
    position: usize,
    element: &'static str,
}

impl<'a> Field<'a> {
    fn new(text: &Element<'a>, element: &'static str) -> Result<Self, CertificateError> {
        let position = text.value_position();
        match std::str::from_utf8(text.value) {
            Ok(text) => Ok(Self {
                text,
                position,
                element,
            }),
            Err(error) => Err(CertificateError::Profile {
                position: position + error.valid_up_to(),
                element,
                why: "is not UTF-8",
            }),
        }
    }

    fn wrong(&self, offset: usize, why: &'static str) -> CertificateError {
        CertificateError::Profile {
            position: self.position + offset,
            element: self.element,
            why,
        }
    }

    /// In one piece, so that nothing grows and leaves a copy behind.
    fn kept(&self) -> Zeroizing<String> {
        Zeroizing::new(self.text.to_owned())
    }

    fn sex(&self) -> Result<Sex, CertificateError> {
        match *self.text.as_bytes() {
            [digit] => Sex::of(digit),
            _ => None,
        }
        .ok_or(self.wrong(0, "is not one digit"))
    }

    fn birth(&self) -> Result<(Era, BirthDate), CertificateError> {
        let digits = self.text.as_bytes().split_first();
        let (era, date) = digits.ok_or(self.wrong(0, "is empty"))?;
        let era = Era::of(*era).ok_or(self.wrong(0, "begins with no known era"))?;
        let date = BirthDate::parse(date)
            .ok_or(self.wrong(1, "is not eight digits behind the one of the era"))?;
        if era.may_hold(&date) {
            Ok((era, date))
        } else {
            Err(self.wrong(0, "begins with an era that the date isn't in"))
        }
    }
}

fn flags(
    flags: Option<Field<'_>>,
    of: &Field<'_>,
) -> Result<Option<Substitutions>, CertificateError> {
    let Some(flags) = flags else {
        return Ok(None);
    };
    if let Some(at) = flags
        .text
        .bytes()
        .position(|flag| !matches!(flag, b'0' | b'1'))
    {
        return Err(flags.wrong(at, "is not zeros and ones"));
    }
    if flags.text.len() != of.text.chars().count() {
        return Err(flags.wrong(0, "has not one flag for each character"));
    }
    Ok(Some(Substitutions::new(flags.text)))
}

fn wrong(at: &Element<'_>, element: &'static str, why: &'static str) -> CertificateError {
    CertificateError::Profile {
        position: at.position,
        element,
        why,
    }
}

const fn tagged(number: u32) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number),
    }
}
