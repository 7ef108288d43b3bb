//! A chain's pending revocation, closed by a source.

mod revocation_support;

use std::sync::LazyLock;

use jiff::Timestamp;
use revocation_support::{now, root};
use uketsuke::card::{Card, CardCertificate, Jpki, LastTry, SecretKind, SignPassword};
use uketsuke::simulation::{
    CardOptions, CrlEntry, CrlSpec, Generation, OcspDefect, OcspSpec, OcspStatus, Persona,
    Recorder, VirtualCard, VirtualPki,
};
use uketsuke::trust::{
    CertIdHash, Certificate, CertificateUse, ChainValidated, CrlIndex, CrlSource, GraceRule,
    IssuedHolder, NoAnswer, OcspRequest, Revocation, RevocationAnswer, RevocationQuery,
    RevocationReason, RevocationSource, Revoked, Root, Roots, SigningChainValidated,
};
use uketsuke::{Realm, Realms, VisitId};

/// Read once: every test takes the same bytes.
fn read() -> &'static (CardCertificate, CardCertificate) {
    static READ: LazyLock<(CardCertificate, CardCertificate)> = LazyLock::new(|| {
        let persona = Persona::named("in-order").unwrap();
        let options = CardOptions::default();
        let password = SignPassword::parse(&options.sign_password).unwrap();
        let card = VirtualCard::new(persona, options, now());
        let mut card = Card::new(Recorder::new(card), VisitId::begin());
        let mut jpki = card.open::<Jpki>().unwrap();
        let authentication = jpki.authentication_certificate(&mut |_| ()).unwrap();
        let tries = jpki.tries_left(SecretKind::SignPassword).unwrap();
        let budget = tries.budget(LastTry::Refuse).unwrap();
        let right = jpki.verify_sign_password(password, budget).unwrap();
        let signing = jpki.signing_certificate(&right, &mut |_| ()).unwrap();
        jpki.close().unwrap();
        (authentication, signing)
    });
    &READ
}

fn chain() -> ChainValidated {
    Roots::simulation()
        .validate_authentication(&read().0, Realms::simulation(), now(), GraceRule::None)
        .unwrap()
}

fn signing_chain() -> SigningChainValidated {
    Roots::simulation_signing()
        .validate_signing(&read().1, Realms::simulation(), now())
        .unwrap()
}

fn signing_root(generation: Generation) -> Root {
    Root::new(
        VirtualPki::new().signing_root(generation),
        Realm::Simulation,
    )
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
    for other in [Generation::Second, Generation::Third] {
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

/// A source that always says the same.
struct Fixed(RevocationAnswer);

impl RevocationSource for Fixed {
    fn ask(&self, _: &RevocationQuery<'_>, _: Timestamp) -> RevocationAnswer {
        self.0
    }
}

/// Whatever was said before: revoked ends the chain, good stays, and who doesn't know changes nothing.
#[test]
fn the_order_of_the_sources_does_not_matter() {
    let revoked = Revoked {
        at: now(),
        reason: RevocationReason::CertificateHold,
    };
    let answers = [
        RevocationAnswer::Good,
        RevocationAnswer::Revoked(revoked),
        RevocationAnswer::Unknown(NoAnswer::NotCovered),
        RevocationAnswer::Unknown(NoAnswer::Lapsed),
        RevocationAnswer::Unknown(NoAnswer::IssuerDoesNotKnow),
        RevocationAnswer::Unknown(NoAnswer::NotYetValid { this_update: now() }),
        RevocationAnswer::Unknown(NoAnswer::Stale { next_update: now() }),
    ];
    let expected = |answers: &[RevocationAnswer]| {
        if answers.contains(&RevocationAnswer::Revoked(revoked)) {
            Err(revoked)
        } else if answers.contains(&RevocationAnswer::Good) {
            Ok(Revocation::Good)
        } else {
            Ok(Revocation::Pending)
        }
    };
    for first in answers {
        for second in answers {
            for third in answers {
                let all = [first, second, third];
                let mut found = Ok(chain());
                let mut signing = Ok(signing_chain());
                for answer in all {
                    let source = Fixed(answer);
                    found = found.and_then(|chain| chain.with_revocation(&source, now()));
                    signing = signing.and_then(|chain| chain.with_revocation(&source, now()));
                }
                let found = found.map(|chain| chain.revocation());
                assert_eq!(found, expected(&all), "{all:?}");
                let signing = signing.map(|chain| chain.revocation());
                assert_eq!(signing, expected(&all), "{all:?}");
            }
        }
    }
}

/// The same for signing certificates, whose lists are those of other roots.
#[test]
fn a_signing_certificate_has_lists_and_answers_of_its_own() {
    let chain = signing_chain();
    assert_eq!(chain.revocation(), Revocation::Pending);
    assert!(format!("{chain:?}").contains("revocation: Pending"));
    let pki = VirtualPki::new();
    let own = Generation::ALL
        .into_iter()
        .find(|generation| signing_root(*generation).sha256() == chain.issuer().sha256())
        .unwrap();
    let serial = Certificate::parse(chain.certificate())
        .unwrap()
        .serial()
        .to_vec();
    let entry = CrlEntry {
        serial,
        at: now(),
        reason: Some(3),
    };
    let list = |usage, entries: &[CrlEntry]| {
        let spec = CrlSpec {
            usage,
            entries: entries.to_vec(),
            ..CrlSpec::new(own, now())
        };
        let root = match usage {
            CertificateUse::Signing => signing_root(own),
            _ => root(own),
        };
        CrlIndex::build(&pki.crl(&spec), &root, now()).unwrap()
    };
    // The number is another certificate's in the other hierarchy.
    let other = list(CertificateUse::Authentication, std::slice::from_ref(&entry));
    let chain = chain.with_revocation(&other, now()).unwrap();
    assert_eq!(chain.revocation(), Revocation::Pending);
    let issued = |chain: &_| IssuedHolder::of(chain).unwrap().revocation();
    assert_eq!(issued(&chain), Revocation::Pending);
    let binding = chain.binding();
    let chain = chain
        .with_revocation(&list(CertificateUse::Signing, &[]), now())
        .unwrap();
    assert_eq!(chain.revocation(), Revocation::Good);
    assert_eq!(chain.binding(), binding);
    assert_eq!(issued(&chain), Revocation::Good);
    let revoked = Revoked {
        at: now(),
        reason: RevocationReason::AffiliationChanged,
    };
    let revoking = list(CertificateUse::Signing, &[entry]);
    let found = chain.with_revocation(&revoking, now());
    assert_eq!(found.unwrap_err(), revoked);

    for (status, expected) in [
        (OcspStatus::Good, Ok(Revocation::Good)),
        (OcspStatus::Unknown, Ok(Revocation::Pending)),
        (
            OcspStatus::Revoked {
                at: now(),
                reason: Some(3),
            },
            Err(revoked),
        ),
    ] {
        let chain = signing_chain();
        let query = chain.revocation_query().unwrap();
        let request = OcspRequest::generate(&query, &signing_root(own), CertIdHash::Sha256);
        let request = request.unwrap();
        let spec = OcspSpec {
            usage: CertificateUse::Signing,
            status,
            ..OcspSpec::new(own, now())
        };
        let response = pki.ocsp_response(request.der(), &spec);
        let answer = request.verify(&response, None, now()).unwrap();
        let found = chain.with_revocation(&answer, now());
        assert_eq!(found.map(|chain| chain.revocation()), expected);
    }
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
