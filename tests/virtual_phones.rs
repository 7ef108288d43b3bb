//! Phones at a reader of their own, by the layers' own functions.

use jiff::{SignedDuration, Timestamp};
use uketsuke::card::{
    AuthPin, Card, CardError, Jpki, LastTry, SecretKind, Token, TriesLeft, VerifyError,
};
use uketsuke::checkin::{DeviceError, DeviceVerified, Identity, Policy};
use uketsuke::eligibility::{
    CertificateStatus, Consents, EligibilityService, PollResult, Presented, Report, Request,
    RequestKind,
};
use uketsuke::simulation::{
    CardBody, CardOptions, Centre, Expected, Persona, PinCondition, SIMULATED_DEVICE_COMMAND,
    SIMULATED_PINLESS_COMMAND, SimulatedDevice, VirtualCard, VirtualPki, VirtualReader,
    VirtualTransport,
};
use uketsuke::transport::Reader;
use uketsuke::trust::{
    Certificate, ChainValidated, Challenge, ChallengeSigned, GraceRule, Purpose, Roots, TerminalId,
    TrustError,
};
use uketsuke::{Realms, VisitId};

const JPKI: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
const CERTIFICATE: &[u8] = b"\x00\xB0\x8A\x00\x00";
const SIGN: &[u8] = b"\x80\x2A\x00\x97\x03abc\x00";

fn now() -> Timestamp {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

fn phone(name: &str) -> VirtualCard {
    let phone = Persona::phone_named(name).unwrap();
    VirtualCard::new(phone, CardOptions::default(), now())
}

fn held(phone: VirtualCard) -> (VirtualReader, Card<VirtualTransport>) {
    let mut reader = VirtualReader::new();
    reader.insert(phone);
    let card = Card::new(reader.connect().unwrap(), VisitId::begin());
    (reader, card)
}

fn androids() -> impl Iterator<Item = &'static Persona> {
    let all = Persona::phones().iter();
    all.filter(|phone| phone.body == CardBody::AndroidPhone)
}

fn status(phone: &mut VirtualCard, command: &[u8]) -> u16 {
    let answer = phone.transmit(command);
    u16::from_be_bytes(*answer.last_chunk().unwrap())
}

fn tries(name: &str) -> u8 {
    let (_, mut card) = held(phone(name));
    let mut jpki = card.open::<Jpki>().unwrap();
    let tries: TriesLeft = jpki.tries_left(SecretKind::AuthPin).unwrap();
    tries.count()
}

/// The count is told before anything is presented, and says nothing of the card's.
#[test]
fn an_android_phone_counts_its_own_tries() {
    for (name, left) in [
        ("android-in-order", 3),
        ("android-other-pin", 3),
        ("android-last-try", 1),
        ("android-pin-locked", 0),
    ] {
        assert_eq!(tries(name), left, "{name}");
    }
}

/// Whose PIN isn't the card's: one try is gone, and the right one brings them back.
#[test]
fn a_phones_pin_may_be_another_than_the_cards() {
    let persona = Persona::phone_named("android-other-pin").unwrap();
    let own = persona.own_pin().unwrap();
    assert_ne!(own, CardOptions::default().auth_pin);
    let virtual_phone = phone("android-other-pin");
    assert_eq!(virtual_phone.auth_pin(), Some(own));
    let (_, mut card) = held(virtual_phone);
    let mut jpki = card.open::<Jpki>().unwrap();
    let mut verify = |typed: &str| {
        let budget = jpki.tries_left(SecretKind::AuthPin).unwrap();
        let budget = budget.budget(LastTry::Refuse).unwrap();
        jpki.verify_pin(AuthPin::parse(typed).unwrap(), budget)
            .map(drop)
    };
    assert!(matches!(
        verify("1234"),
        Err(VerifyError::Wrong { left: 2, .. })
    ));
    verify(own).unwrap();
    assert_eq!(
        jpki.tries_left(SecretKind::AuthPin).unwrap().count(),
        3,
        "all are back"
    );
}

/// What each proof of a phone needs, for those in order.
fn prove(name: &str) -> (Identity, ChainValidated, ChallengeSigned) {
    let visit = VisitId::begin();
    let mut reader = VirtualReader::new();
    reader.insert(phone(name));
    let mut card = Card::new(reader.connect().unwrap(), visit);
    let mut jpki = card.open::<Jpki>().unwrap();
    assert!(matches!(
        jpki.authentication_certificate(&mut |_| ()),
        Err(CardError::NotVerified { .. })
    ));
    let identity = match jpki.token().unwrap() {
        Token::AndroidPhone => {
            let budget = jpki.tries_left(SecretKind::AuthPin).unwrap();
            let budget = budget.budget(LastTry::Allow).unwrap();
            let pin = AuthPin::parse("1234").unwrap();
            Identity::Pin(jpki.verify_pin(pin, budget).unwrap())
        }
        Token::Iphone => {
            Identity::Device(DeviceVerified::verify(&mut SimulatedDevice, &mut jpki).unwrap())
        }
        other => panic!("{other:?}"),
    };
    let read = jpki.authentication_certificate(&mut |_| ()).unwrap();
    let chain = Roots::simulation()
        .validate_authentication(&read, Realms::simulation(), now(), GraceRule::None)
        .unwrap();
    let challenge = Challenge::generate(
        visit,
        &TerminalId::new("desk-1").unwrap(),
        Purpose::CheckIn,
        now(),
        SignedDuration::from_mins(5),
    )
    .unwrap();
    let signature = jpki
        .sign_authentication(&challenge.signature_input())
        .unwrap();
    let signed = challenge.verify(&chain, signature, now()).unwrap();
    (identity, chain, signed)
}

fn ask(centre: &mut Centre, proofs: &(Identity, ChainValidated, ChallengeSigned)) -> Report {
    let (identity, chain, signed) = proofs;
    let presented = Presented::new(chain, signed, identity.method()).unwrap();
    let consents = Consents::none();
    let request = Request::new(presented, RequestKind::Result { consents });
    let ticket = centre.submit(request, now()).unwrap();
    match centre.poll(ticket, now()).unwrap() {
        PollResult::Ready(answer) => answer.report,
        other => panic!("{other:?}"),
    }
}

/// From the first refusal to the centre's answer, which is about the owner of the card.
#[test]
fn phones_prove_their_owner_to_the_centre() {
    for (name, owner) in [
        ("android-in-order", "in-order"),
        ("iphone-in-order", "in-order"),
        ("android-expiring", "expiring"),
        ("android-last-try", "in-order"),
    ] {
        let owner = Persona::named(owner).unwrap();
        let alone = Persona::phone_named(name).unwrap();
        for mut centre in [
            Centre::new(),
            Centre::for_persona(owner),
            Centre::for_persona(alone),
        ] {
            let report = ask(&mut centre, &prove(name));
            assert_eq!(report.certificate, Some(CertificateStatus::Good), "{name}");
            let [found] = &report.results[..] else {
                panic!("{name}: {}", report.results.len())
            };
            assert_eq!(found.birthdate.reveal(), owner.birthdate, "{name}");
        }
    }
    let report = ask(&mut Centre::new(), &prove("android-revoked"));
    assert_eq!(report.certificate, Some(CertificateStatus::Revoked));
    assert!(report.results.is_empty());
    // Someone else's centre doesn't know the phone.
    let stranger = Persona::named("expiring").unwrap();
    let report = ask(
        &mut Centre::for_persona(stranger),
        &prove("android-in-order"),
    );
    assert_eq!(report.certificate, Some(CertificateStatus::Unknown));
}

/// Serial number, key and policy are not the card's, and one phone's not another's.
#[test]
fn keys_and_certificates_are_the_phones_own() {
    let read = |persona: &Persona| {
        let mut chip = VirtualCard::new(persona, CardOptions::default(), now());
        assert_eq!(status(&mut chip, JPKI), 0x9000);
        let pin = chip.auth_pin().unwrap().to_owned();
        let verify = [b"\x00\x20\x00\x98\x04", pin.as_bytes()].concat();
        let verified = status(&mut chip, &verify);
        let mut der = chip.transmit(b"\x00\xB0\x8A\x00\x00\x10\x00");
        assert_eq!(der.split_off(der.len() - 2), [0x90, 0x00], "{verified:X}");
        let len = usize::from(u16::from_be_bytes([der[2], der[3]])) + 4;
        der.truncate(len);
        let serial = Certificate::parse(&der).unwrap().serial().to_vec();
        (serial, der)
    };
    let card = read(Persona::named("in-order").unwrap());
    let android = read(Persona::phone_named("android-in-order").unwrap());
    let iphone = read(Persona::phone_named("iphone-in-order").unwrap());
    assert!(card.0 != android.0 && card.0 != iphone.0 && android.0 != iphone.0);
    let key = VirtualPki::new().authentication_key_info();
    let has_the_cards = |der: &[u8]| der.windows(key.len()).any(|part| part == key);
    assert!(has_the_cards(&card.1) && !has_the_cards(&android.1) && !has_the_cards(&iphone.1));
    // The policy of phones is the simulation's alone, and only where it was added.
    let check = |roots: &Roots, der: &[u8]| {
        roots.check_authentication(der, Realms::simulation(), now(), GraceRule::None)
    };
    let mut cards_only = Roots::empty();
    for root in Roots::simulation().iter() {
        cards_only = cards_only.with(root.clone());
    }
    check(&cards_only, &card.1).unwrap();
    assert!(matches!(
        check(&cards_only, &android.1),
        Err(TrustError::PolicyNotAccepted { .. })
    ));
    let policy = Policy::simulation(TerminalId::new("desk-1").unwrap());
    check(policy.roots(), &android.1).unwrap();
    check(policy.roots(), &iphone.1).unwrap();
}

/// The three months are for cards, whoever asks for them.
#[test]
fn no_phone_has_grace() {
    for name in ["android-lapsed", "iphone-lapsed"] {
        let persona = Persona::phone_named(name).unwrap();
        let owner = Persona::all().iter().find(|p| p.number == persona.number);
        assert_eq!(owner.unwrap().with_pin, Expected::Accepted, "the card has");
        let (_, mut card) = held(phone(name));
        let mut jpki = card.open::<Jpki>().unwrap();
        match persona.body {
            CardBody::Iphone => {
                DeviceVerified::verify(&mut SimulatedDevice, &mut jpki).unwrap();
            }
            _ => {
                let budget = jpki.tries_left(SecretKind::AuthPin).unwrap();
                let budget = budget.budget(LastTry::Refuse).unwrap();
                let pin = AuthPin::parse("1234").unwrap();
                let _verified = jpki.verify_pin(pin, budget).unwrap();
            }
        }
        let read = jpki.authentication_certificate(&mut |_| ()).unwrap();
        for grace in [GraceRule::None, GraceRule::EligibilityOnly] {
            let refused = Roots::simulation().validate_authentication(
                &read,
                Realms::simulation(),
                now(),
                grace,
            );
            assert!(
                matches!(refused, Err(TrustError::Lapsed { .. })),
                "{name}: {refused:?}"
            );
        }
    }
}

/// Closed until the stand-in was sent and the holder was identified; closed again by power-off.
#[test]
fn an_iphone_opens_for_its_identified_holder_alone() {
    let mut phone = phone("iphone-in-order");
    let dialogue = |phone: &mut VirtualCard, steps: &[(&[u8], u16)]| {
        for (command, expected) in steps {
            assert_eq!(status(phone, command), *expected, "{command:02X?}");
        }
    };
    let closed: [(&[u8], u16); 2] = [(CERTIFICATE, 0x6982), (SIGN, 0x6982)];
    let opened: [(&[u8], u16); 2] = [(CERTIFICATE, 0x9000), (SIGN, 0x9000)];
    dialogue(
        &mut phone,
        &[(SIMULATED_DEVICE_COMMAND, 0x6985), (JPKI, 0x9000)],
    );
    dialogue(&mut phone, &closed);
    phone.set_holder_identified(false);
    dialogue(&mut phone, &[(SIMULATED_DEVICE_COMMAND, 0x6985)]);
    dialogue(&mut phone, &closed);
    phone.set_holder_identified(true);
    dialogue(&mut phone, &closed);
    let mut almost = SIMULATED_DEVICE_COMMAND.to_vec();
    *almost.last_mut().unwrap() ^= 1;
    dialogue(&mut phone, &[(&almost, 0x6A80)]);
    dialogue(&mut phone, &closed);
    dialogue(&mut phone, &[(SIMULATED_DEVICE_COMMAND, 0x9000)]);
    dialogue(&mut phone, &opened);
    // The password's key and certificate are no part of it.
    dialogue(&mut phone, &[(b"\x00\xB0\x81\x00\x00", 0x6982)]);
    phone.set_holder_identified(false);
    dialogue(&mut phone, &closed);
    phone.set_holder_identified(true);
    dialogue(&mut phone, &[(SIMULATED_DEVICE_COMMAND, 0x9000)]);
    phone.power_off();
    dialogue(&mut phone, &[(JPKI, 0x9000)]);
    dialogue(&mut phone, &closed);
    assert_eq!((phone.presented(), phone.tries_left()[0]), (0, 3));
}

/// Neither stand-in does anything where it doesn't belong.
#[test]
fn stand_ins_are_for_their_own_kind() {
    let mut card = VirtualCard::new(
        Persona::named("in-order").unwrap(),
        CardOptions::default(),
        now(),
    );
    for (phone, device, pinless) in [
        (&mut card, 0x6D00, 0x9000),
        (&mut phone("android-in-order"), 0x6D00, 0x6D00),
        (&mut phone("iphone-in-order"), 0x9000, 0x6D00),
    ] {
        assert_eq!(status(phone, JPKI), 0x9000);
        assert_eq!(status(phone, SIMULATED_PINLESS_COMMAND), pinless);
        assert_eq!(status(phone, SIMULATED_DEVICE_COMMAND), device);
    }
}

#[test]
fn a_holder_who_is_not_recognised_is_refused() {
    let (reader, mut card) = held(phone("iphone-not-recognised"));
    let mut jpki = card.open::<Jpki>().unwrap();
    assert_eq!(jpki.token(), Ok(Token::Iphone));
    let refused = DeviceVerified::verify(&mut SimulatedDevice, &mut jpki).unwrap_err();
    assert_eq!(refused, DeviceError::Refused);
    assert!(matches!(
        jpki.authentication_certificate(&mut |_| ()),
        Err(CardError::NotVerified { .. })
    ));
    drop(jpki);
    drop(card);
    assert_eq!(reader.remove().unwrap().presented(), 0);
    // Nor does a card identify anybody by itself.
    for name in ["in-order", "android-phone"] {
        let persona = Persona::named(name).unwrap();
        let (_, mut card) = held(VirtualCard::new(persona, CardOptions::default(), now()));
        let mut jpki = card.open::<Jpki>().unwrap();
        let refused = DeviceVerified::verify(&mut SimulatedDevice, &mut jpki).unwrap_err();
        assert_eq!(refused, DeviceError::Refused, "{name}");
    }
}

/// Looking at any of them spends nothing.
#[test]
fn reading_the_label_and_the_count_spends_no_try() {
    for persona in Persona::phones() {
        let (reader, mut card) = held(phone(persona.name));
        let mut jpki = card.open::<Jpki>().unwrap();
        assert!(jpki.token().unwrap().is_phone());
        let left = jpki.tries_left(SecretKind::AuthPin).unwrap().count();
        let expected = match persona.pin {
            PinCondition::Fresh => 3,
            PinCondition::LastTry => 1,
            PinCondition::Locked | PinCondition::NoPin => 0,
        };
        assert_eq!(left, expected, "{}", persona.name);
        drop(jpki);
        drop(card);
        let after = reader.remove().unwrap();
        assert_eq!((after.presented(), after.tries_left()[0]), (0, expected));
    }
    assert_eq!(androids().count(), 7);
}
