//! Each persona's card, read and judged by the library itself.

use jiff::Timestamp;
use uketsuke::card::{
    AuthPin, Card, CardError, CardFace, Common, Jpki, LastTry, ReferenceNumberB, SecretKind,
};
use uketsuke::simulation::{
    CardBody, CardOptions, CertificateTerm, Mishap, Persona, PinCondition, VirtualReader,
    VirtualTransport,
};
use uketsuke::transport::Reader;
use uketsuke::trust::{GraceRule, Roots, Standing, TrustError};
use uketsuke::{Realms, VisitId};

fn now() -> Timestamp {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

fn card_of(persona: &Persona, now: Timestamp) -> Card<VirtualTransport> {
    let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    Card::new(reader.connect().unwrap(), VisitId::begin())
}

/// Those whose card can be talked to from start to end.
fn readable() -> impl Iterator<Item = &'static Persona> {
    Persona::all().iter().filter(|persona| {
        persona.body == CardBody::MyNumberCard
            && !matches!(
                persona.mishap,
                Some(Mishap::CardPulled | Mishap::ReaderFault)
            )
    })
}

#[test]
fn certificates_stand_as_the_term_says_under_the_simulated_roots() {
    for now in [
        "2026-11-24T01:00:00Z",
        "2027-02-28T14:59:59Z",
        "2028-02-29T15:00:00Z",
        "2024-06-01T00:00:00Z",
    ] {
        let now: Timestamp = now.parse().unwrap();
        for persona in readable() {
            let mut card = card_of(persona, now);
            let mut jpki = card.open::<Jpki>().unwrap();
            let certificate = jpki.authentication_certificate(&mut |_| ()).unwrap();
            jpki.close().unwrap();
            let verdict = Roots::simulation().check_authentication(
                certificate.der(),
                Realms::simulation(),
                now,
                GraceRule::EligibilityOnly,
            );
            let verdict = verdict.map(|(standing, _)| standing);
            let right = match persona.term {
                CertificateTerm::InForce => verdict == Ok(Standing::InForce),
                CertificateTerm::Expiring => matches!(verdict, Ok(Standing::Expiring { .. })),
                CertificateTerm::Grace => matches!(verdict, Ok(Standing::Grace { .. })),
                CertificateTerm::Lapsed | CertificateTerm::CardExpired => {
                    matches!(verdict, Err(TrustError::Lapsed { .. }))
                }
                CertificateTerm::NotYetValid => {
                    matches!(verdict, Err(TrustError::NotYetValid { .. }))
                }
            };
            assert!(right, "{} at {now}: {verdict:?}", persona.name);
            assert!(
                Roots::jpki_authentication()
                    .check_authentication(
                        certificate.der(),
                        Realms::production(),
                        now,
                        GraceRule::EligibilityOnly
                    )
                    .is_err(),
                "no real root signs a simulated certificate"
            );
        }
    }
}

#[test]
fn pins_stand_as_the_condition_says() {
    for persona in readable() {
        let mut card = card_of(persona, now());
        let mut jpki = card.open::<Jpki>().unwrap();
        let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
        let expected = match persona.pin {
            PinCondition::Fresh => 3,
            PinCondition::LastTry => 1,
            PinCondition::Locked | PinCondition::NoPin => 0,
        };
        assert_eq!(tries.count(), expected, "{}", persona.name);
        if expected > 0 {
            let budget = tries.budget(LastTry::Allow).unwrap();
            let _proof = jpki
                .verify_pin(AuthPin::parse("1234").unwrap(), budget)
                .unwrap();
        }
        jpki.close().unwrap();
    }
}

#[test]
fn the_card_face_opens_with_the_personas_number_and_holds_the_portrait() {
    for persona in readable() {
        let mut card = card_of(persona, now());
        let mut face = card.open::<CardFace>().unwrap();
        let budget = face
            .tries_left(SecretKind::ReferenceNumberB)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        let number = ReferenceNumberB::parse(persona.reference_number_b).unwrap();
        let right = face.verify_reference_number_b(number, budget).unwrap();
        let photo = face.photo(&right, &mut |_| ()).unwrap();
        // One drawing; the comment of the code stream says whose card it is on.
        let mut expected = include_bytes!("../src/simulation/portrait.jp2").to_vec();
        let comment = &mut expected[0xAB..0xAB + 33];
        assert_eq!(comment, b"Created by OpenJPEG version 2.5.0");
        let number = format!("uketsuke simulation, persona {:04}", persona.number);
        comment.copy_from_slice(number.as_bytes());
        assert_eq!(photo.jpeg2000(), expected);
        face.close().unwrap();
    }
}

#[test]
fn the_cards_last_day_is_told_and_over_for_one_alone() {
    for persona in readable() {
        let mut card = card_of(persona, now());
        let last_day = card.open::<Common>().unwrap().expiry_hint().unwrap();
        assert_eq!(last_day.strftime("%Y%m%d").to_string(), persona.card_expiry);
        let over = last_day < jiff::civil::date(2026, 11, 24);
        assert_eq!(
            over,
            persona.term == CertificateTerm::CardExpired,
            "{}",
            persona.name
        );
    }
}

#[test]
fn another_card_has_no_application() {
    let mut card = card_of(Persona::named("other-card").unwrap(), now());
    assert!(matches!(
        card.open::<Jpki>(),
        Err(CardError::NoApplication { .. })
    ));
    assert!(matches!(
        card.open::<CardFace>(),
        Err(CardError::NoApplication { .. })
    ));
}
