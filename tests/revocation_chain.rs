//! A chain's pending revocation, closed by a source.

mod revocation_support;

use revocation_support::{now, root};
use uketsuke::card::{Card, Jpki};
use uketsuke::simulation::{
    CardOptions, CrlEntry, CrlSpec, Generation, OcspDefect, OcspSpec, OcspStatus, Persona,
    Recorder, VirtualCard, VirtualPki,
};
use uketsuke::trust::{
    CertIdHash, Certificate, ChainValidated, CrlIndex, CrlSource, GraceRule, OcspRequest,
    Revocation, RevocationReason, Revoked, Roots,
};
use uketsuke::{Realms, VisitId};

fn chain() -> ChainValidated {
    let persona = Persona::named("in-order").unwrap();
    let card = VirtualCard::new(persona, CardOptions::default(), now());
    let mut card = Card::new(Recorder::new(card), VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    let certificate = jpki.authentication_certificate(&mut |_| ()).unwrap();
    jpki.close().unwrap();
    Roots::simulation()
        .validate_authentication(&certificate, Realms::simulation(), now(), GraceRule::None)
        .unwrap()
}

/// The generation that issued the persona's certificate.
fn generation(chain: &ChainValidated) -> Generation {
    let query = chain.revocation_query().unwrap();
    let mut all = Generation::ALL.into_iter();
    all.find(|generation| query.root_sha256() == root(*generation).sha256())
        .unwrap()
}

fn index(spec: &CrlSpec) -> CrlIndex {
    CrlIndex::build(&VirtualPki::new().crl(spec), &root(spec.generation), now()).unwrap()
}

#[test]
fn a_list_closes_what_is_pending_or_ends_the_chain() {
    let chain = chain();
    assert_eq!(chain.revocation(), Revocation::Pending);
    let own = generation(&chain);
    let serial = Certificate::parse(chain.certificate())
        .unwrap()
        .serial()
        .to_vec();

    // Who doesn't know says nothing: no list, and the lists of other generations with that number.
    let mut source = CrlSource::new();
    let entry = CrlEntry {
        serial,
        at: now(),
        reason: Some(4),
    };
    for other in Generation::ALL {
        let mut spec = CrlSpec::new(other, now());
        if other != own {
            spec.entries.push(entry.clone());
            source.add(index(&spec)).unwrap();
        }
    }
    let chain = chain.with_revocation(&CrlSource::new(), now()).unwrap();
    let chain = chain.with_revocation(&source, now()).unwrap();
    assert_eq!(chain.revocation(), Revocation::Pending);

    let mut list = CrlSpec::new(own, now());
    source.add(index(&list)).unwrap();
    let later = now() + jiff::SignedDuration::from_hours(25);
    let chain = chain.with_revocation(&source, later).unwrap();
    assert_eq!(
        chain.revocation(),
        Revocation::Pending,
        "a list that has ended"
    );
    let (binding, digest) = (chain.binding(), chain.digest());
    let chain = chain.with_revocation(&source, now()).unwrap();
    assert_eq!(chain.revocation(), Revocation::Good);
    assert_eq!((chain.binding(), chain.digest()), (binding, digest));

    // Good stays good where another source doesn't know; revoked ends it all the same.
    let chain = chain.with_revocation(&CrlSource::new(), now()).unwrap();
    assert_eq!(chain.revocation(), Revocation::Good);
    list.entries.push(entry);
    list.number = 2;
    source.add(index(&list)).unwrap();
    let revoked = Revoked {
        at: now(),
        reason: RevocationReason::Superseded,
    };
    assert_eq!(chain.with_revocation(&source, now()).unwrap_err(), revoked);
}

#[test]
fn an_answer_closes_what_is_pending_or_ends_the_chain() {
    let at = now();
    for (status, good) in [
        (OcspStatus::Good, Some(Revocation::Good)),
        (OcspStatus::Unknown, Some(Revocation::Pending)),
        (OcspStatus::Revoked { at, reason: None }, None),
    ] {
        let chain = chain();
        let own = generation(&chain);
        let root = root(own);
        let query = chain.revocation_query().unwrap();
        let ask = |spec: &OcspSpec| {
            let request = OcspRequest::generate(&query, &root, CertIdHash::Sha1).unwrap();
            let response = VirtualPki::new().ocsp_response(request.der(), spec);
            request.verify(&response, None, now())
        };
        let mut spec = OcspSpec::new(own, now());
        spec.status = status;
        spec.defect = Some(OcspDefect::WrongSignature);
        assert!(ask(&spec).is_err());
        spec.defect = None;
        let answer = ask(&spec).unwrap();
        let chain = chain.with_revocation(&answer, now());
        assert_eq!(chain.map(|chain| chain.revocation()).ok(), good);
    }
}
