//! A hierarchy on P-384, as announced for the next card, made by hand: what it is good for,
//! and what somebody tries who takes one algorithm for the other.

use super::made::{Key, leaf, root};
use crate::{
    Realm, Realms,
    simulation::{CertificateSpec, Generation, VirtualPki},
    trust::{
        AlgorithmPolicy, Certificate, CertificateUse, ChallengeError, GraceRule, Purpose, Root,
        Roots, SignedChallenge, TrustError, message, oid, path::unknown_issuer,
    },
};

const ECDSA: &str = "1.2.840.10045.4.3.3";

fn check(roots: &Roots, der: &[u8]) -> Result<(), TrustError> {
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    roots
        .check_authentication(der, Realms::simulation(), now, GraceRule::None)
        .map(drop)
}

fn rsa_info() -> Vec<u8> {
    VirtualPki::new().authentication_key_info()
}

#[test]
fn p384_is_good_where_it_is_accepted_and_nowhere_else() {
    let (ca, holder) = (Key::new(), Key::new());
    let today = Roots::empty().with(root(&ca));
    let next = today.clone().with_algorithms(AlgorithmPolicy::RSA_AND_P384);
    for info in [holder.info(), rsa_info()] {
        let der = leaf(oid::ECDSA_WITH_SHA384, &info, |tbs| ca.sign(tbs));
        assert_eq!(check(&next, &der), Ok(()));
        assert_eq!(
            check(&today, &der),
            Err(TrustError::AlgorithmNotAccepted { oid: ECDSA.into() })
        );
        let mut broken = der;
        *broken.last_mut().unwrap() ^= 1;
        assert_eq!(check(&next, &broken), Err(TrustError::BadSignature));
    }
}

#[test]
fn one_algorithm_does_not_pass_for_the_other() {
    let (ca, other, holder) = (Key::new(), Key::new(), Key::new());
    let next = Roots::empty()
        .with(root(&ca))
        .with_algorithms(AlgorithmPolicy::RSA_AND_P384);
    let sign_rsa = |tbs: &[u8]| VirtualPki::new().sign_as_root(Generation::Third, tbs);
    let (rsa, ecdsa) = (oid::SHA256_WITH_RSA, oid::ECDSA_WITH_SHA384);
    for der in [
        // What the root signed, under the other's name.
        leaf(rsa, &holder.info(), |tbs| ca.sign(tbs)),
        // An RSA key that anybody has, under either name.
        leaf(rsa, &holder.info(), sign_rsa),
        leaf(ecdsa, &holder.info(), sign_rsa),
        // Another key of the same kind, and the holder's own.
        leaf(ecdsa, &holder.info(), |tbs| other.sign(tbs)),
        leaf(ecdsa, &holder.info(), |tbs| holder.sign(tbs)),
        // r and s of zero (CVE-2022-21449), and none.
        leaf(ecdsa, &holder.info(), |_| vec![0x30, 6, 2, 1, 0, 2, 1, 0]),
        leaf(ecdsa, &holder.info(), |_| Vec::new()),
    ] {
        assert_eq!(check(&next, &der), Err(TrustError::BadSignature));
    }
}

#[test]
fn a_point_that_is_none_signs_nothing() {
    let (ca, holder) = (Key::new(), Key::new());
    let der = leaf(oid::ECDSA_WITH_SHA384, &holder.info(), |tbs| ca.sign(tbs));
    let said = message::own("desk", Purpose::CheckIn, 0, &[7; 32]);
    let signed = SignedChallenge {
        signature: holder.sign(&said),
        message: said,
    };
    assert_eq!(signed.verify(&der), Ok(()));

    // Off the curve: the chain is right, and no signature is.
    let mut info = holder.info();
    *info.last_mut().unwrap() ^= 1;
    let der = leaf(oid::ECDSA_WITH_SHA384, &info, |tbs| ca.sign(tbs));
    for signature in [signed.signature.clone(), vec![0x30, 6, 2, 1, 0, 2, 1, 0]] {
        let signed = SignedChallenge {
            signature,
            ..signed.clone()
        };
        assert_eq!(signed.verify(&der), Err(ChallengeError::BadSignature));
    }
    // A holder's RSA key, and a signature on P-384.
    let der = leaf(oid::ECDSA_WITH_SHA384, &rsa_info(), |tbs| ca.sign(tbs));
    assert_eq!(signed.verify(&der), Err(ChallengeError::BadSignature));
    assert!(Certificate::parse(&der).is_ok());
}

/// A caller who trusts all roots for all uses, and accepts each policy for both.
#[test]
fn the_use_is_not_the_callers_to_confuse() {
    let pki = VirtualPki::new();
    let mut all = Roots::empty();
    for generation in Generation::ALL {
        for der in [pki.root(generation), pki.signing_root(generation)] {
            all = all.with(Root::new(der, Realm::Simulation).unwrap());
        }
    }
    for (usage, policy) in [
        (
            CertificateUse::Authentication,
            "1.3.6.1.4.1.32473.8.5.1.1.20",
        ),
        (CertificateUse::Signing, "1.3.6.1.4.1.32473.8.5.1.3.30"),
    ] {
        all = all.with_policy(usage, Realm::Simulation, policy).unwrap();
    }
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let realms = Realms::simulation();
    for generation in [Generation::Second, Generation::Third] {
        let spec = CertificateSpec {
            serial: 0x0500_0001,
            common_name: "000001SIM0000000000003A".into(),
            not_before: "2024-05-01T01:02:03Z".parse().unwrap(),
            not_after: "2029-04-01T14:59:59Z".parse().unwrap(),
            generation,
            defect: None,
        };
        let (authentication, signing) = (
            pki.authentication_certificate(&spec),
            pki.signing_certificate(&spec),
        );
        assert_eq!(check(&all, &authentication), Ok(()));
        assert!(all.check_signing(&signing, realms, now).is_ok());
        assert_eq!(
            check(&all, &signing),
            Err(TrustError::NotForThisPurpose {
                element: "extKeyUsage",
                why: "absent"
            })
        );
        assert!(matches!(
            all.check_signing(&authentication, realms, now),
            Err(TrustError::NotForThisPurpose { .. })
        ));
    }
}

/// A caller who doesn't pin the root that signed, in the card's own world, hears of the
/// root and not of the world.
#[test]
fn a_missing_root_is_no_other_world() {
    let (ca, holder) = (Key::new(), Key::new());
    let others = Roots::empty()
        .with(root(&ca))
        .with_algorithms(AlgorithmPolicy::RSA_AND_P384);
    let der = leaf(oid::ECDSA_WITH_SHA384, &holder.info(), |tbs| ca.sign(tbs));
    let forged = leaf(oid::ECDSA_WITH_SHA384, &holder.info(), |tbs| {
        holder.sign(tbs)
    });
    let found = Realm::Simulation;
    for (der, others, realms, error) in [
        (
            &der,
            &others,
            Realms::production(),
            TrustError::RealmNotAccepted { found },
        ),
        (
            &der,
            &others,
            Realms::simulation(),
            TrustError::UnknownIssuer,
        ),
        (
            &forged,
            &others,
            Realms::production(),
            TrustError::UnknownIssuer,
        ),
        (
            &der,
            &Roots::empty(),
            Realms::production(),
            TrustError::UnknownIssuer,
        ),
    ] {
        let certificate = Certificate::parse(der).unwrap();
        assert_eq!(unknown_issuer(&certificate, others, realms), error);
    }
}
