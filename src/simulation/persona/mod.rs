//! Fictional people, each with a card in a named state.

mod cast;
mod phones;

use crate::eligibility::{CertificateStatus, Failure, Lang, QualificationValidity, Registration};
use std::fmt;

/// Where in its life the persona's authentication certificate is, seen from the day the card is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateTerm {
    /// Two of its five years are left.
    InForce,
    /// Ends in 30 days.
    Expiring,
    /// Ended 20 days ago, so it is within grace whatever the day: to the end of the third month after the month of
    /// expiry.
    Grace,
    /// Ended over a year ago; the card itself is in date.
    Lapsed,
    /// Ended over a year ago, and so did the card.
    CardExpired,
    /// Begins in 10 days.
    NotYetValid,
}

/// State of the authentication PIN (利用者証明用電子証明書の暗証番号) when the card is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinCondition {
    /// All three tries are left.
    Fresh,
    /// One try is left.
    LastTry,
    /// No try is left.
    Locked,
    /// 顔認証マイナンバーカード: no PIN was ever set (locked for good, no signing certificate).
    NoPin,
}

/// What is put on the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardBody {
    /// A My Number card.
    MyNumberCard,
    /// Some other IC card: refuses every application.
    OtherCard,
    /// 住民基本台帳カード, the card before: its JPKI application has a signing certificate and nothing to log in with.
    ResidentRegistrationCard,
    /// An Android phone with certificates (スマホ用電子証明書): the JPKI application alone, the authentication certificate
    /// behind the PIN.
    AndroidPhone,
    /// An iPhone with certificates: as an Android phone, and it opens them too once it identified its holder; and it
    /// knows a command that says that nothing more comes.
    Iphone,
}

/// What goes wrong around the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The person takes the card away too early.
    CardPulled,
    /// The reader stops working.
    ReaderFault,
    /// The clinic's network is down.
    NetworkDown,
    /// The centre doesn't answer.
    CentreDown,
    /// The clinic isn't equipped for online eligibility.
    NotEquipped,
}

/// How the visit must end in a plain run: PIN right when asked, last try allowed, everything accepted on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The check-in is accepted.
    Accepted,
    /// It ends with this failure, and with advice.
    Refused(Failure),
}

/// A fictional person with a card, in a named state: a ready case.
///
/// Nobody of these names and birth dates is meant; numbers of insurers and municipalities are ones that nobody has. A
/// persona can be cloned and changed for a test; its `Debug` shows the case and nothing of the person, so that a test's
/// own marked values appear nowhere.
///
/// ```
/// use uketsuke::simulation::{Expected, Persona};
///
/// let persona = Persona::named("in-order").expect("the first of the list");
/// assert_eq!(persona, &Persona::all()[0]);
/// assert_eq!(persona.with_pin, Expected::Accepted);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Persona {
    /// Stable name in kebab-case, as `--persona` takes it.
    pub name: &'static str,
    /// What the case is, in one Japanese line.
    pub summary_ja: &'static str,
    /// What the case is, in one English line.
    pub summary_en: &'static str,
    /// From 1. That of a phone is its owner's.
    pub number: u32,
    /// What is put on the reader.
    pub body: CardBody,
    /// Where in its life the authentication certificate is.
    pub term: CertificateTerm,
    /// State of the authentication PIN.
    pub pin: PinCondition,
    /// Whether the simulated camera sees the holder; of an iPhone, whether the phone does.
    pub face_matches: bool,
    /// What goes wrong around the card.
    pub mishap: Option<Mishap>,
    /// What the centre says of the certificate.
    pub certificate_status: CertificateStatus,
    /// Whether the card is registered for use as an insurance card (利用登録).
    pub registration: Registration,
    /// What the centre says of the insurance (資格有効性).
    pub validity: QualificationValidity,
    /// Family and given name, U+3000 between them.
    pub holder_name: &'static str,
    /// The same in half-width katakana, as the centre sends it.
    pub holder_kana: &'static str,
    /// YYYYMMDD.
    pub birthdate: &'static str,
    /// `1` male, `2` female (as on the card).
    pub sex: &'static str,
    /// Last day of the card, YYYYMMDD. Fixed, since its year is part of 照合番号B: the tenth birthday after issue, or of
    /// a foreign resident the last day of the stay.
    pub card_expiry: &'static str,
    /// 照合番号B, 14 digits: year of the era, month and day of birth; year of card expiry; four digits printed on the
    /// card. For foreign residents it is taken to have the last two digits of the Western year, as is printed on their
    /// cards; no source says so of the number itself.
    pub reference_number_b: &'static str,
    /// Address (住所) as in the input support application: numbers in full-width digits. No such place exists.
    pub address: &'static str,
    /// Individual number (個人番号), 12 digits with the right check digit.
    ///
    /// No range of numbers is set aside for examples. These begin with nine zeros, so they are counted up rather than
    /// drawn; whether one was ever given to somebody nobody can say, and nothing here is of that person.
    pub my_number: &'static str,
    /// How a visit with the PIN must end.
    pub with_pin: Expected,
    /// How a visit with the face must end, where a PIN-less provider is there.
    pub with_face: Expected,
    /// From 1 among the phones; 0 for a card, and for whoever lays a phone on the card's reader.
    phone: u32,
    own_pin: Option<&'static str>,
}

impl fmt::Debug for Persona {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Persona")
            .field("name", &self.name)
            .field("number", &self.number)
            .field("body", &self.body)
            .field("term", &self.term)
            .field("pin", &self.pin)
            .field("mishap", &self.mishap)
            .field("with_pin", &self.with_pin)
            .field("with_face", &self.with_face)
            .finish_non_exhaustive()
    }
}

impl Persona {
    /// All, in the order of `--list`: each with what they lay on the card's reader. For a reader of phones there are
    /// [`phones`](Self::phones).
    #[must_use]
    pub fn all() -> &'static [Self] {
        &cast::ALL
    }

    /// By name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|persona| persona.name == name)
    }

    /// One line.
    #[must_use]
    pub fn summary(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ja => self.summary_ja,
            Lang::En => self.summary_en,
        }
    }

    /// Serial number of the authentication certificate: 0x0500_0000 + [`number`](Self::number), or 0x0700_0000 + the place among
    /// [`phones`](Self::phones), from 1.
    #[must_use]
    pub const fn serial(&self) -> u32 {
        match self.phone {
            0 => 0x0500_0000_u32.saturating_add(self.number),
            phone => 0x0700_0000_u32.saturating_add(phone),
        }
    }

    /// The person, with everything in order.
    const fn in_order(number: u32, who: [&'static str; 8]) -> Self {
        let [
            holder_name,
            holder_kana,
            sex,
            birthdate,
            card_expiry,
            reference_number_b,
            address,
            my_number,
        ] = who;
        Self {
            name: "in-order",
            summary_ja: "すべて正常",
            summary_en: "everything is in order",
            number,
            body: CardBody::MyNumberCard,
            term: CertificateTerm::InForce,
            pin: PinCondition::Fresh,
            face_matches: true,
            mishap: None,
            certificate_status: CertificateStatus::Good,
            registration: Registration::Registered,
            validity: QualificationValidity::Valid,
            holder_name,
            holder_kana,
            birthdate,
            sex,
            card_expiry,
            reference_number_b,
            address,
            my_number,
            with_pin: Expected::Accepted,
            with_face: Expected::Accepted,
            phone: 0,
            own_pin: None,
        }
    }

    fn called(
        self,
        name: &'static str,
        summary_ja: &'static str,
        summary_en: &'static str,
    ) -> Self {
        Self {
            name,
            summary_ja,
            summary_en,
            ..self
        }
    }

    /// Ends so, whatever the method.
    fn refused(self, failure: Failure) -> Self {
        Self {
            with_pin: Expected::Refused(failure),
            with_face: Expected::Refused(failure),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_numbers_and_holders_are_unique_and_plain() {
        let all = Persona::all();
        for (index, persona) in all.iter().enumerate() {
            assert_eq!(
                usize::try_from(persona.number),
                Ok(index + 1),
                "{}",
                persona.name
            );
            assert_eq!(Persona::named(persona.name), Some(persona));
            assert!(
                persona
                    .name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{}",
                persona.name
            );
            for lang in [Lang::Ja, Lang::En] {
                assert!(!persona.summary(lang).is_empty() && !persona.summary(lang).contains('\n'));
            }
            assert!(persona.holder_name.contains('\u{3000}'), "{}", persona.name);
        }
        let holders: BTreeSet<_> = all.iter().map(|p| p.holder_name).collect();
        let births: BTreeSet<_> = all.iter().map(|p| p.birthdate).collect();
        let numbers: BTreeSet<_> = all.iter().map(|p| p.reference_number_b).collect();
        assert_eq!(
            (holders.len(), births.len(), numbers.len()),
            (all.len(), all.len(), all.len())
        );
        assert_eq!(Persona::named("nobody"), None);
    }

    /// Year of the era: Shōwa 1 was 1926, Heisei began on 1989-01-08, Reiwa on 2019-05-01.
    fn era_year(birthdate: &str) -> u32 {
        let year: u32 = birthdate[..4].parse().unwrap();
        match birthdate {
            b if b >= "20190501" => year - 2018,
            b if b >= "19890108" => year - 1988,
            _ => year - 1925,
        }
    }

    #[test]
    fn reference_number_follows_from_birth_and_expiry() {
        for persona in Persona::all() {
            let (birth, expiry) = (persona.birthdate, persona.card_expiry);
            assert!(jiff::civil::Date::strptime("%Y%m%d", birth).is_ok() && birth.len() == 8);
            assert!(jiff::civil::Date::strptime("%Y%m%d", expiry).is_ok() && expiry.len() == 8);
            let foreign = persona.name == "foreign-resident";
            // But for a stay that ends, a card ends on a birthday.
            assert_eq!(birth[4..] == expiry[4..], !foreign, "{}", persona.name);
            let year = if foreign { 91 } else { era_year(birth) };
            let begin = format!("{year:02}{}{}", &birth[4..], &expiry[..4]);
            assert_eq!(persona.reference_number_b[..10], begin, "{}", persona.name);
            assert_eq!(persona.reference_number_b.len(), 14, "{}", persona.name);
            assert!(
                persona
                    .reference_number_b
                    .bytes()
                    .all(|b| b.is_ascii_digit())
            );
            assert!(matches!(persona.sex, "1" | "2"));
        }
    }

    #[test]
    fn debug_shows_the_case_and_nothing_of_the_person() {
        for persona in Persona::all() {
            let text = format!("{persona:?}");
            assert!(text.contains(persona.name));
            for personal in [
                persona.holder_name,
                persona.holder_kana,
                persona.birthdate,
                persona.card_expiry,
                persona.reference_number_b,
                persona.address,
                persona.my_number,
            ] {
                assert!(!text.contains(personal), "{text}");
            }
        }
    }

    /// Twelfth digit of an individual number (平成26年総務省令第85号, article 5).
    fn check_digit(eleven: &str) -> char {
        let sum: u32 = eleven
            .bytes()
            .zip([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        match sum % 11 {
            0 | 1 => '0',
            rest => char::from_digit(11 - rest, 10).unwrap(),
        }
    }

    #[test]
    fn numbers_have_their_check_digit_and_addresses_no_ascii() {
        // A fictional one that public test cards have.
        assert_eq!(check_digit("53768667718"), '8');
        let all = Persona::all();
        for persona in all {
            let number = persona.my_number;
            assert!(number.len() == 12 && number.bytes().all(|b| b.is_ascii_digit()));
            assert!(number.starts_with("000000000"), "{}", persona.name);
            assert!(
                number.ends_with(check_digit(&number[..11])),
                "{}",
                persona.name
            );
            assert!(!persona.address.is_empty() && !persona.address.bytes().any(|b| b.is_ascii()));
        }
        let numbers: BTreeSet<_> = all.iter().map(|p| p.my_number).collect();
        let addresses: BTreeSet<_> = all.iter().map(|p| p.address).collect();
        assert_eq!((numbers.len(), addresses.len()), (all.len(), all.len()));
    }
}
