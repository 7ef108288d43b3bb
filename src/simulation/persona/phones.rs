//! Phones of the people. Each is in order but for what its entry says.

use super::{CardBody, Expected, Persona, PinCondition};
use crate::eligibility::{CertificateStatus, Failure};
use std::sync::LazyLock;

/// One person has one phone at a time in life; here several of them are one person's, whose card is in order, so that
/// the card can be tried after each.
pub(super) static ALL: LazyLock<Vec<Persona>> = LazyLock::new(|| {
    let of = |owner: &str| Persona::named(owner).cloned();
    let android = CardBody::AndroidPhone;
    let iphone = CardBody::Iphone;
    let phones = [
        of("in-order").map(|owner| {
            owner.with_phone(android).called(
                "android-in-order",
                "Androidスマートフォン、すべて正常",
                "an Android phone, everything is in order",
            )
        }),
        of("in-order").map(|owner| {
            owner.with_phone(iphone).called(
                "iphone-in-order",
                "iPhone、すべて正常",
                "an iPhone, everything is in order",
            )
        }),
        of("expiring").map(|owner| {
            owner.with_phone(android).called(
                "android-expiring",
                "Androidスマートフォン、電子証明書の有効期限まで30日",
                "an Android phone, the certificate ends in 30 days",
            )
        }),
        of("in-order").map(|owner| {
            Persona {
                own_pin: Some("4321"),
                ..owner.with_phone(android)
            }
            .called(
                "android-other-pin",
                "Androidスマートフォン、暗証番号がカードと違う（4321）",
                "an Android phone, its PIN isn't the card's (4321)",
            )
        }),
        of("in-order").map(|owner| {
            Persona {
                pin: PinCondition::LastTry,
                ..owner.with_phone(android)
            }
            .called(
                "android-last-try",
                "Androidスマートフォン、暗証番号の残り回数が1回",
                "an Android phone, one try of the PIN is left",
            )
        }),
        of("in-order").map(|owner| {
            Persona {
                pin: PinCondition::Locked,
                ..owner.with_phone(android)
            }
            .called(
                "android-pin-locked",
                "Androidスマートフォン、暗証番号がロックされている",
                "an Android phone, the PIN is locked",
            )
            .refused(Failure::PhonePinLocked)
        }),
        // The card of the same age still serves.
        of("grace").map(|owner| {
            owner
                .with_phone(android)
                .called(
                    "android-lapsed",
                    "Androidスマートフォン、電子証明書の期限切れから20日（猶予はない）",
                    "an Android phone, the certificate ended 20 days ago, without grace",
                )
                .refused(Failure::PhoneCertificateInvalid)
        }),
        of("grace").map(|owner| {
            owner
                .with_phone(iphone)
                .called(
                    "iphone-lapsed",
                    "iPhone、電子証明書の期限切れから20日（猶予はない）",
                    "an iPhone, the certificate ended 20 days ago, without grace",
                )
                .refused(Failure::PhoneCertificateInvalid)
        }),
        of("in-order").map(|owner| {
            Persona {
                certificate_status: CertificateStatus::Revoked,
                ..owner.with_phone(android)
            }
            .called(
                "android-revoked",
                "Androidスマートフォン、電子証明書が失効している",
                "an Android phone, the certificate was revoked",
            )
            .refused(Failure::PhoneCertificateInvalid)
        }),
        of("in-order").map(|owner| {
            Persona {
                face_matches: false,
                ..owner.with_phone(iphone)
            }
            .called(
                "iphone-not-recognised",
                "iPhone、持ち主を確認できない",
                "an iPhone that doesn't recognise who holds it",
            )
            .refused(Failure::PhoneHolderNotConfirmed)
        }),
    ];
    (1..)
        .zip(phones.into_iter().flatten())
        .map(|(phone, persona)| Persona { phone, ..persona })
        .collect()
});

impl Persona {
    /// Phones of some of them, for a reader of phones: each is a case by itself, with its owner's name, birth date and
    /// [`number`](Self::number), keys and certificates of its own, and a PIN of its own. The owner's card is the persona
    /// of the same number among [`all`](Self::all).
    ///
    /// [`with_pin`](Self::with_pin) and [`with_face`](Self::with_face) are the same here: how a visit with the phone must
    /// end, an Android phone after its PIN, an iPhone after it identified its holder
    /// ([`face_matches`](Self::face_matches)).
    ///
    /// | name | the visit ends |
    /// |---|---|
    /// | `android-in-order`, `iphone-in-order`, `android-expiring` | accepted |
    /// | `android-other-pin`: its PIN is 4321, [not the card's](Self::own_pin) | accepted |
    /// | `android-last-try`: asks before it takes the PIN | accepted |
    /// | `android-pin-locked` | [`PhonePinLocked`](Failure::PhonePinLocked) |
    /// | `android-lapsed`, `iphone-lapsed`, `android-revoked` | [`PhoneCertificateInvalid`](Failure::PhoneCertificateInvalid) |
    /// | `iphone-not-recognised` | [`PhoneHolderNotConfirmed`](Failure::PhoneHolderNotConfirmed) |
    ///
    /// To have the rest: a phone that moved away is one that is
    /// [removed](super::super::VirtualReader::remove), or a
    /// [`Fault`](super::super::Fault) of its reader; a holder who is identified at the
    /// second tap only, [`VirtualCard::set_holder_identified`](super::super::VirtualCard::set_holder_identified);
    /// not a phone, any [card](Self::all) on the phones' reader. A visit with a phone is
    /// run in the example of
    /// [`Reception::with_phone_reader`](crate::checkin::Reception::with_phone_reader).
    ///
    /// ```
    /// use uketsuke::simulation::{CardBody, Persona};
    ///
    /// let iphones = Persona::phones().iter().filter(|phone| phone.body == CardBody::Iphone);
    /// assert_eq!(iphones.count(), 3);
    /// let card = Persona::named("in-order").ok_or("no such persona")?;
    /// let phone = Persona::phone_named("android-in-order").ok_or("no such phone")?;
    /// assert_eq!((phone.number, phone.holder_name), (card.number, card.holder_name));
    /// assert_ne!(phone.serial(), card.serial());
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn phones() -> &'static [Self] {
        &ALL
    }

    /// By name, among [`phones`](Self::phones).
    #[must_use]
    pub fn phone_named(name: &str) -> Option<&'static Self> {
        Self::phones().iter().find(|phone| phone.name == name)
    }

    /// The phones of this person.
    pub fn own_phones(&self) -> impl Iterator<Item = &'static Self> + use<> {
        let number = self.number;
        Self::phones()
            .iter()
            .filter(move |phone| phone.number == number)
    }

    /// The PIN that only this phone has; `None` where it is that of the
    /// [options](super::super::CardOptions::auth_pin), as on a card.
    #[must_use]
    pub const fn own_pin(&self) -> Option<&'static str> {
        self.own_pin
    }

    /// By which its certificates are told from those of its owner's card and of other phones.
    pub(in crate::simulation) const fn token_number(&self) -> u32 {
        match self.phone {
            0 => self.number,
            phone => 90_000_u32.saturating_add(phone),
        }
    }

    /// A phone of this person, with nothing wrong but what is with the certificate, whose days are the card's.
    fn with_phone(self, body: CardBody) -> Self {
        Self {
            body,
            pin: PinCondition::Fresh,
            face_matches: true,
            certificate_status: CertificateStatus::Good,
            with_pin: Expected::Accepted,
            with_face: Expected::Accepted,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::Lang;
    use crate::simulation::CertificateTerm;
    use std::collections::BTreeSet;

    #[test]
    fn every_phone_has_an_owner_with_a_card_and_a_name_of_its_own() {
        let phones = Persona::phones();
        assert_eq!(phones.len(), 10);
        let mut serials = BTreeSet::new();
        for (index, phone) in phones.iter().enumerate() {
            let owner = Persona::all().iter().find(|p| p.number == phone.number);
            let owner = owner.unwrap();
            assert_eq!(owner.body, CardBody::MyNumberCard, "{}", phone.name);
            assert_eq!(owner.with_pin, Expected::Accepted, "{}", phone.name);
            assert_eq!(phone.holder_name, owner.holder_name);
            assert_eq!(phone.term, owner.term, "the days are the card's");
            assert!(owner.own_phones().any(|own| own == phone));
            assert_eq!(Persona::phone_named(phone.name), Some(phone));
            assert_eq!(Persona::named(phone.name), None);
            assert_eq!(phone.with_pin, phone.with_face);
            let kind = match phone.body {
                CardBody::AndroidPhone => "android-",
                CardBody::Iphone => "iphone-",
                other => panic!("{other:?}"),
            };
            assert!(phone.name.starts_with(kind));
            let lapsed = phone.term == CertificateTerm::Grace;
            assert_eq!(lapsed, phone.name.ends_with("-lapsed"));
            serials.insert(phone.serial());
            assert_eq!(usize::try_from(phone.phone), Ok(index + 1));
            for lang in [Lang::Ja, Lang::En] {
                assert!(!phone.summary(lang).is_empty());
            }
        }
        serials.extend(Persona::all().iter().map(Persona::serial));
        assert_eq!(serials.len(), phones.len() + Persona::all().len());
    }
}
