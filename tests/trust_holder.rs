//! The holder of the signing certificate, read from every virtual card that has one.

use uketsuke::card::{Card, CardCertificate, Jpki, LastTry, SecretKind, Sex, SignPassword};
use uketsuke::simulation::{CardOptions, Persona, VirtualCard, VirtualReader};
use uketsuke::transport::{Reader, Transport};
use uketsuke::trust::{Era, IssuedHolder, Roots, TrustError};
use uketsuke::{Realm, Realms, VisitId};

/// `None` where there is none, or the password is locked.
fn signing_certificate(card: &mut Card<impl Transport>, password: &str) -> Option<CardCertificate> {
    let mut jpki = card.open::<Jpki>().ok()?;
    let tries = jpki.tries_left(SecretKind::SignPassword).ok()?;
    let budget = tries.budget(LastTry::Refuse).ok()?;
    let password = SignPassword::parse(password).unwrap();
    let right = jpki.verify_sign_password(password, budget).ok()?;
    jpki.signing_certificate(&right, &mut |_| ()).ok()
}

#[test]
fn every_personas_signing_certificate_says_who_it_is() {
    let now = "2026-11-22T12:00:00+09:00".parse().unwrap();
    let options = CardOptions::default();
    let mut holders = 0;
    for persona in Persona::all() {
        let mut reader = VirtualReader::new();
        reader.insert(VirtualCard::new(persona, options.clone(), now));
        let mut card = Card::new(reader.connect().unwrap(), VisitId::begin());
        let Some(read) = signing_certificate(&mut card, &options.sign_password) else {
            continue;
        };
        let name = persona.name;
        let roots = Roots::simulation_signing();
        let chain = match roots.validate_signing(&read, Realms::simulation(), now) {
            Ok(chain) => chain,
            // Some have a card whose time is over or to come, or of nobody's making.
            Err(
                TrustError::Lapsed { .. }
                | TrustError::NotYetValid { .. }
                | TrustError::UnknownIssuer,
            ) => continue,
            Err(error) => panic!("{name}: {error}"),
        };
        let issued = IssuedHolder::of(&chain).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            (issued.binding(), issued.realm()),
            (read.binding(), Realm::Simulation)
        );
        assert_eq!(issued.issuer().sha256(), chain.issuer().sha256(), "{name}");
        assert_eq!(issued.standing(), chain.standing(), "{name}");
        let holder = issued.into_holder();
        assert_eq!(holder.name(), persona.holder_name, "{name}");
        assert_eq!(holder.address(), persona.address, "{name}");
        assert_eq!(holder.birth_date().as_str(), persona.birthdate, "{name}");
        let sex = persona.sex.as_bytes();
        assert!(
            Sex::of(sex[0]) == Some(holder.sex()) && sex.len() == 1,
            "{name}"
        );
        assert!(holder.era() != Era::NotKnown, "{name}");
        let flags = [
            (holder.name_substitutions(), holder.name()),
            (holder.address_substitutions(), holder.address()),
        ];
        for (flags, text) in flags {
            let flags = flags.expect("flags");
            assert_eq!(flags.flags().len(), text.chars().count(), "{name}");
            assert!(!flags.any(), "{name}");
        }
        holders += 1;
    }
    assert!(holders >= 15, "{holders}");
}
