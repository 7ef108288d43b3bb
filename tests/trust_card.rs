//! Certificates as they are read from cards: the proof is given exactly where the same
//! rules hold for the bytes alone.

use uketsuke::card::{Card, CardCertificate, Jpki, LastTry, SecretKind, SignPassword};
use uketsuke::simulation::{CardOptions, Persona, VirtualCard, VirtualReader};
use uketsuke::transport::{Reader, Transport};
use uketsuke::trust::{GraceRule, Roots, TrustError};
use uketsuke::{Realms, VisitId};

/// Of the card, where it gives them: for authentication and for signatures.
fn certificates(
    card: &mut Card<impl Transport>,
    options: &CardOptions,
) -> [Option<CardCertificate>; 2] {
    let Ok(mut jpki) = card.open::<Jpki>() else {
        return [None, None];
    };
    let authentication = jpki.authentication_certificate(&mut |_| ()).ok();
    let mut signing = || {
        let tries = jpki.tries_left(SecretKind::SignPassword).ok()?;
        let password = SignPassword::parse(&options.sign_password).unwrap();
        let right = jpki.verify_sign_password(password, tries.budget(LastTry::Refuse).ok()?);
        jpki.signing_certificate(&right.ok()?, &mut |_| ()).ok()
    };
    [authentication, signing()]
}

#[test]
fn a_proof_is_given_where_the_rules_hold() {
    let now = "2026-11-24T00:00:00Z".parse().unwrap();
    let (options, mut proofs, mut lapsed, mut on_grace) = (CardOptions::default(), 0, 0, 0);
    for persona in Persona::all() {
        let mut reader = VirtualReader::new();
        reader.insert(VirtualCard::new(persona, options.clone(), now));
        let mut card = Card::new(reader.connect().unwrap(), VisitId::begin());
        let [authentication, signing] = certificates(&mut card, &options);
        for roots in [Roots::simulation(), Roots::simulation_signing()] {
            for realms in [Realms::simulation(), Realms::production()] {
                for grace in [GraceRule::None, GraceRule::EligibilityOnly] {
                    let Some(read) = &authentication else {
                        continue;
                    };
                    let by_bytes = roots.check_authentication(read.der(), realms, now, grace);
                    let proved = roots.validate_authentication(read, realms, now, grace);
                    let proved = proved.map(|chain| (chain.standing(), chain.realm()));
                    proofs += usize::from(proved.is_ok());
                    let over = matches!(proved, Err(TrustError::Lapsed { .. }));
                    let strict = grace == GraceRule::None;
                    lapsed += usize::from(over && strict);
                    on_grace += usize::from(over && !strict);
                    assert_eq!(proved, by_bytes, "{}", persona.name);
                }
                let Some(read) = &signing else {
                    continue;
                };
                let by_bytes = roots.check_signing(read.der(), realms, now);
                let proved = roots.validate_signing(read, realms, now);
                let proved = proved.map(|chain| (chain.standing(), chain.realm()));
                proofs += usize::from(proved.is_ok());
                assert_eq!(proved, by_bytes, "{}", persona.name);
            }
        }
    }
    assert!(proofs > 40 && lapsed > on_grace && on_grace > 0);
}
