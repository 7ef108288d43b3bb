//! The identification by the holder's own phone as a proof of a check-in.

use jiff::{SignedDuration, Timestamp};
use uketsuke::card::{Card, CardError, Jpki};
use uketsuke::checkin::{
    DeviceError, DeviceVerification, DeviceVerified, Identity, Policy, ProofMismatch, Proofs,
    RawCard,
};
use uketsuke::eligibility::{
    Consents, EligibilityConfirmed, EligibilityService, Identified, PollResult, Presented, Request,
    RequestKind, confirm,
};
use uketsuke::simulation::{
    CardOptions, Centre, Persona, SIMULATED_PINLESS_COMMAND, VirtualReader,
};
use uketsuke::transport::Reader;
use uketsuke::trust::{
    ChainValidated, Challenge, ChallengeSigned, GraceRule, Purpose, Roots, TerminalId,
};
use uketsuke::{Binding, Realm, Realms, VisitId};

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn policy() -> Policy {
    Policy::simulation(TerminalId::new("desk-1").unwrap())
}

/// A vendor that opens the key by the stand-in, and remembers what it was asked for.
struct Vendor {
    realm: Realm,
    says: Result<(), DeviceError>,
    asked: Vec<Binding>,
}

impl Vendor {
    fn new(realm: Realm) -> Self {
        Self {
            realm,
            says: Ok(()),
            asked: Vec::new(),
        }
    }
}

impl DeviceVerification for Vendor {
    fn realm(&self) -> Realm {
        self.realm
    }

    fn verify(&mut self, phone: &mut dyn RawCard, binding: Binding) -> Result<(), DeviceError> {
        self.asked.push(binding);
        let opened = phone.transmit(SIMULATED_PINLESS_COMMAND)?;
        assert_eq!(**opened, [0x90, 0x00]);
        self.says.clone()
    }
}

fn reader() -> VirtualReader {
    let persona = Persona::named("in-order").unwrap();
    VirtualReader::with_persona(persona, CardOptions::default(), now())
}

fn prove(vendor: &mut Vendor, visit: VisitId) -> (Identity, ChainValidated, ChallengeSigned) {
    let mut card = Card::new(reader().connect().unwrap(), visit);
    let mut jpki = card.open::<Jpki>().unwrap();
    let identity = Identity::Device(DeviceVerified::verify(vendor, &mut jpki).unwrap());
    let certificate = jpki.authentication_certificate(&mut |_| {}).unwrap();
    let chain = Roots::simulation()
        .validate_authentication(
            &certificate,
            Realms::simulation(),
            now(),
            GraceRule::EligibilityOnly,
        )
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

fn ask(chain: &ChainValidated, signed: &ChallengeSigned, by: Identified) -> EligibilityConfirmed {
    let presented = Presented::new(chain, signed, by).unwrap();
    let consents = Consents::none();
    let request = Request::new(presented, RequestKind::Result { consents });
    let mut centre = Centre::new();
    let ticket = centre.submit(request.clone(), now()).unwrap();
    let mut time = now();
    let answer = loop {
        match centre.poll(ticket, time).unwrap() {
            PollResult::Ready(answer) => break answer,
            PollResult::Pending { not_before } => time = not_before,
            _ => panic!("unknown poll result"),
        }
    };
    confirm(&request, &answer, centre.realm()).unwrap()
}

fn proofs(visit: VisitId, realm: Realm) -> Proofs {
    let (identity, chain, signed) = prove(&mut Vendor::new(realm), visit);
    let confirmed = ask(&chain, &signed, Identified::Device);
    Proofs {
        identity,
        chain,
        signed,
        confirmed,
    }
}

#[test]
fn the_holders_phone_identifies_and_is_said() {
    let visit = VisitId::begin();
    let mut vendor = Vendor::new(Realm::Simulation);
    let (identity, chain, _) = prove(&mut vendor, visit);
    assert_eq!(identity.method(), Identified::Device);
    assert_eq!(identity.binding(), chain.binding());
    assert_eq!(vendor.asked, [chain.binding()]);

    let (accepted, evidence) = proofs(visit, Realm::Simulation)
        .accept_with_evidence(&policy(), visit, now(), None)
        .unwrap();
    assert_eq!(accepted.identified(), Identified::Device);
    let claims = evidence.claims();
    assert_eq!(claims.claimed_method, Some(Identified::Device));
}

#[test]
fn a_provider_of_another_realm_identifies_nobody() {
    let visit = VisitId::begin();
    for realm in [Realm::Production, Realm::JpkiTest] {
        let refused = proofs(visit, realm).accept(&policy(), visit, now());
        let part = "the identity";
        assert_eq!(
            refused.unwrap_err(),
            ProofMismatch::RealmNotAccepted { part, realm }
        );
    }
}

#[test]
fn another_tap_another_visit_and_another_method_do_not_count() {
    let visit = VisitId::begin();
    let mut mixed = proofs(visit, Realm::Simulation);
    mixed.identity = proofs(visit, Realm::Simulation).identity;
    let refused = mixed.accept(&policy(), visit, now());
    assert!(matches!(refused, Err(ProofMismatch::OtherSession(_))));

    let refused = proofs(VisitId::begin(), Realm::Simulation).accept(&policy(), visit, now());
    assert!(matches!(refused, Err(ProofMismatch::OtherVisit(_))));

    let (identity, chain, signed) = prove(&mut Vendor::new(Realm::Simulation), visit);
    let confirmed = ask(&chain, &signed, Identified::Pin);
    let told_otherwise = Proofs {
        identity,
        chain,
        signed,
        confirmed,
    };
    assert_eq!(
        told_otherwise.accept(&policy(), visit, now()).unwrap_err(),
        ProofMismatch::OtherMethod
    );
}

#[test]
fn a_provider_that_refuses_leaves_no_proof() {
    let mut vendor = Vendor::new(Realm::Simulation);
    vendor.says = Err(DeviceError::Refused);
    let mut card = Card::new(reader().connect().unwrap(), VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    let refused = DeviceVerified::verify(&mut vendor, &mut jpki);
    assert_eq!(refused.unwrap_err(), DeviceError::Refused);
}

/// A provider that would present the PIN itself.
struct Thief;

impl DeviceVerification for Thief {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn verify(&mut self, phone: &mut dyn RawCard, _: Binding) -> Result<(), DeviceError> {
        phone.transmit(b"\x00\x20\x00\x98\x041234")?;
        Ok(())
    }
}

#[test]
fn a_provider_presents_no_secret() {
    let mut reader = reader();
    let mut card = Card::new(reader.connect().unwrap(), VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    let refused = DeviceVerified::verify(&mut Thief, &mut jpki).unwrap_err();
    assert!(matches!(
        refused,
        DeviceError::Card(CardError::Misuse { .. })
    ));
    jpki.close().unwrap();
    drop(card);
    assert_eq!(reader.remove().unwrap().presented(), 0);
}
