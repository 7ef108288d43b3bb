//! Rules of the path check at their edges: certificates made piece by piece, each
//! different from a good one in one place.

use super::made::{
    Key, ROOT, ROOT_ID, authority, bits, element, extension, name, sequence, signed,
};
use crate::{
    Realm, Realms,
    trust::{
        AlgorithmPolicy, Certificate, CertificateError, CertificateUse, GraceRule, Root, Roots,
        TrustError, oid,
    },
};

/// Places among the fields of the signed part.
const VERSION: usize = 0;
const SERIAL: usize = 1;
const ISSUER: usize = 3;
const VALIDITY: usize = 4;
const SUBJECT: usize = 5;
const KEY: usize = 6;
const EXTENSIONS: usize = 7;

fn time(text: &[u8]) -> Vec<u8> {
    element(0x17, &[text])
}

fn listed(extensions: &[Vec<u8>]) -> Vec<u8> {
    element(0xa3, &[&sequence(&[&extensions.concat()])])
}

/// From 2024 to 2033.
fn fields(subject: &[u8], key: &Key, extensions: &[Vec<u8>]) -> Vec<Vec<u8>> {
    vec![
        vec![0xa0, 3, 2, 1, 2],
        vec![2, 1, 7],
        oid::ECDSA_WITH_SHA384.to_vec(),
        name(ROOT),
        sequence(&[&time(b"240101000000Z"), &time(b"340101000000Z")]),
        name(subject),
        key.info(),
        listed(extensions),
    ]
}

fn certificate(fields: &[Vec<u8>], ca: &Key) -> Vec<u8> {
    let tbs = sequence(&[&fields.concat()]);
    signed(tbs, oid::ECDSA_WITH_SHA384, |tbs| ca.sign(tbs))
}

fn key_usage() -> Vec<u8> {
    extension(oid::KEY_USAGE, true, &[3, 2, 7, 0x80])
}

fn purposes(listed: &[&[u8]]) -> Vec<u8> {
    extension(oid::EXTENDED_KEY_USAGE, false, &sequence(listed))
}

fn client() -> Vec<u8> {
    element(6, &[oid::CLIENT_AUTH])
}

/// One policy with qualifiers of these kinds.
fn policy(identifier: &[u8], kinds: &[&[u8]]) -> Vec<u8> {
    let qualifiers: Vec<_> = kinds
        .iter()
        .map(|kind| sequence(&[&element(6, &[kind]), &element(0x16, &[b"x"])]))
        .collect();
    let list = match kinds {
        [] => Vec::new(),
        _ => sequence(&[&qualifiers.concat()]),
    };
    sequence(&[&element(6, &[identifier]), &list])
}

fn policies(all: &[Vec<u8>]) -> Vec<u8> {
    let value = sequence(&[&all.concat()]);
    extension(oid::CERTIFICATE_POLICIES, true, &value)
}

fn of(realm: Realm) -> &'static [u8] {
    CertificateUse::Authentication.profile().policy(realm)
}

fn card() -> &'static [u8] {
    of(Realm::Simulation)
}

/// What a holder's certificate has.
fn usual() -> [Vec<u8>; 4] {
    [
        authority(),
        key_usage(),
        purposes(&[&client()]),
        policies(&[policy(card(), &[])]),
    ]
}

/// A CA and a holder in its world.
struct World {
    ca: Key,
    holder: Key,
    roots: Roots,
}

impl World {
    fn new() -> Self {
        Self::of(Realm::Simulation, |_| ())
    }

    /// `change`: of the root's fields.
    fn of(realm: Realm, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Self {
        let ca = Key::new();
        let mut root = fields(
            ROOT,
            &ca,
            &[
                extension(oid::BASIC_CONSTRAINTS, true, &[0x30, 3, 1, 1, 0xff]),
                extension(oid::KEY_USAGE, true, &[3, 2, 1, 6]),
                extension(oid::SUBJECT_KEY_ID, false, &element(4, &[&ROOT_ID])),
            ],
        );
        change(&mut root);
        let root = Root::new(&certificate(&root, &ca), realm).unwrap();
        let roots = Roots::empty()
            .with(root)
            .with_algorithms(AlgorithmPolicy::RSA_AND_P384);
        let holder = Key::new();
        Self { ca, holder, roots }
    }

    fn leaf(&self, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
        let mut leaf = fields(b"holder", &self.holder, &usual());
        change(&mut leaf);
        certificate(&leaf, &self.ca)
    }

    fn check_at(&self, now: &str, der: &[u8]) -> Result<(), TrustError> {
        let realms = [
            Realms::simulation(),
            Realms::jpki_test(),
            Realms::production(),
        ];
        let realms = realms.into_iter().find(|realms| {
            let mut accepted = self.roots.iter().map(|root| root.realm());
            accepted.all(|realm| realms.contains(realm))
        });
        self.roots
            .check_authentication(der, realms.unwrap(), now.parse().unwrap(), GraceRule::None)
            .map(drop)
    }

    /// With these extensions beside, or in place of, the usual.
    fn with(&self, extensions: &[Vec<u8>]) -> Result<(), TrustError> {
        let der = self.leaf(|leaf| leaf[EXTENSIONS] = listed(extensions));
        self.check_at("2026-06-01T00:00:00Z", &der)
    }

    fn changed(&self, field: usize, to: Vec<u8>) -> Result<(), TrustError> {
        let der = self.leaf(|leaf| leaf[field] = to);
        self.check_at("2026-06-01T00:00:00Z", &der)
    }
}

fn der_in(found: Result<(), TrustError>) -> Option<&'static str> {
    match found {
        Err(TrustError::Certificate(CertificateError::Der { element, .. })) => Some(element),
        _ => None,
    }
}

#[test]
fn the_policy_is_that_of_the_roots_realm() {
    const REALMS: [Realm; 3] = [Realm::Production, Realm::JpkiTest, Realm::Simulation];
    for realm in REALMS {
        let world = World::of(realm, |_| ());
        for other in REALMS {
            let [authority, usage, purpose, _] = usual();
            let found = world.with(&[
                authority,
                usage,
                purpose,
                policies(&[policy(of(other), &[])]),
            ]);
            let expected = match other == realm {
                true => Ok(()),
                false => Err(TrustError::PolicyNotAccepted {
                    found: Some(oid::dotted(of(other))),
                    wanted: oid::dotted(of(realm)),
                }),
            };
            assert_eq!(found, expected, "{other} under {realm}");
        }
    }
}

#[test]
fn of_several_policies_one_is_the_cards_and_all_are_understood() {
    const CPS: &[u8] = oid::QUALIFIERS[0];
    const NOTICE: &[u8] = oid::QUALIFIERS[1];
    const UNKNOWN: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 2, 3];
    const OTHER: &[u8] = &[0x2a, 3, 4];
    const THIRD: &[u8] = &[0x2a, 3, 5];
    let world = World::new();
    let with = |all: &[Vec<u8>]| {
        let [authority, usage, purpose, _] = usual();
        world.with(&[authority, usage, purpose, policies(all)])
    };
    let card = |kinds| policy(card(), kinds);
    for all in [
        [card(&[CPS, NOTICE]), policy(OTHER, &[CPS])],
        [policy(OTHER, &[]), card(&[NOTICE])],
    ] {
        assert_eq!(with(&all), Ok(()));
    }
    let refused = Err(TrustError::NotForThisPurpose {
        element: "certificatePolicies",
        why: "has a qualifier that is not understood",
    });
    for all in [
        vec![card(&[UNKNOWN])],
        vec![card(&[UNKNOWN, CPS])],
        vec![card(&[CPS, UNKNOWN])],
        // The extension is critical, so all of it must be understood.
        vec![policy(OTHER, &[UNKNOWN]), card(&[])],
        vec![card(&[]), policy(OTHER, &[UNKNOWN])],
    ] {
        assert_eq!(with(&all), refused);
    }
    let found = with(&[policy(OTHER, &[]), policy(THIRD, &[])]);
    let (first, wanted) = (Some("1.2.3.4".into()), oid::dotted(self::card()));
    assert_eq!(
        found,
        Err(TrustError::PolicyNotAccepted {
            found: first,
            wanted
        })
    );
}

#[test]
fn policies_have_their_form_to_the_last_qualifier() {
    let world = World::new();
    let [identifier, kind] = [card(), oid::QUALIFIERS[0]].map(|oid| element(6, &[oid]));
    let text: &[u8] = &[0x16, 1, b'x'];
    let with = |qualifiers: &[&[u8]], behind: &[u8]| {
        let policy = sequence(&[&identifier, &sequence(qualifiers), behind]);
        let [authority, usage, purpose, _] = usual();
        world.with(&[authority, usage, purpose, policies(&[policy])])
    };
    let good = sequence(&[&kind, text]);
    assert_eq!(with(&[&good], &[]), Ok(()));
    for (what, found) in [
        ("no kind", with(&[&sequence(&[text])], &[])),
        ("no value", with(&[&sequence(&[&kind])], &[])),
        ("two values", with(&[&sequence(&[&kind, text, text])], &[])),
        ("no sequence", with(&[&good, text], &[])),
        ("something behind", with(&[&good], text)),
    ] {
        assert_eq!(der_in(found), Some("certificatePolicies"), "{what}");
    }
}

#[test]
fn a_foreign_name_is_an_unknown_issuer_whatever_else_is_missing() {
    let world = World::new();
    assert_eq!(
        world.changed(ISSUER, name(b"another root")),
        Err(TrustError::UnknownIssuer)
    );
    let [_, usage, purpose, policy] = usual();
    let der = world.leaf(|leaf| {
        leaf[ISSUER] = name(b"another root");
        leaf[EXTENSIONS] = listed(&[usage, purpose, policy]);
    });
    let found = world.check_at("2026-06-01T00:00:00Z", &der);
    assert_eq!(found, Err(TrustError::UnknownIssuer));
}

#[test]
fn a_root_is_good_from_its_first_to_its_last_second() {
    let world = World::new();
    let long = sequence(&[&time(b"200101000000Z"), &time(b"400101000000Z")]);
    let der = world.leaf(|leaf| leaf[VALIDITY] = long);
    for (now, good) in [
        ("2023-12-31T23:59:59.999Z", false),
        ("2024-01-01T00:00:00Z", true),
        ("2034-01-01T00:00:00.999Z", true),
        ("2034-01-01T00:00:01Z", false),
    ] {
        let found = world.check_at(now, &der);
        let not_valid = matches!(found, Err(TrustError::RootNotValid { .. }));
        assert_eq!((found.is_ok(), not_valid), (good, !good), "{now}");
    }
}

#[test]
fn a_certificate_may_be_good_for_one_second_and_no_less() {
    let world = World::new();
    let second = b"260601000000Z";
    let valid =
        |from: &[u8], to: &[u8]| world.changed(VALIDITY, sequence(&[&time(from), &time(to)]));
    assert_eq!(valid(second, second), Ok(()));
    let found = valid(b"260601000001Z", second);
    assert!(matches!(
        found,
        Err(TrustError::Certificate(CertificateError::Profile {
            element: "validity",
            why: "ends before it begins",
            ..
        }))
    ));
}

#[test]
fn the_purpose_may_stand_anywhere_and_all_are_read() {
    let world = World::new();
    let email = element(6, &[&[0x2b, 6, 1, 5, 5, 7, 3, 4]]);
    let with = |listed: &[&[u8]]| {
        let [authority, usage, _, policy] = usual();
        world.with(&[authority, usage, purposes(listed), policy])
    };
    assert_eq!(with(&[&client(), &email]), Ok(()));
    assert_eq!(with(&[&email, &client()]), Ok(()));
    assert_eq!(der_in(with(&[&client(), &[5, 0]])), Some("extKeyUsage"));
}

#[test]
fn the_authoritys_number_is_compared_as_a_number() {
    let with = |world: &World, parts: &[&[u8]]| {
        let [_, usage, purpose, policy] = usual();
        let value = sequence(&[&element(0x80, &[&ROOT_ID]), &parts.concat()]);
        let authority = extension(oid::AUTHORITY_KEY_ID, false, &value);
        world.with(&[authority, usage, purpose, policy])
    };
    let issuer = element(0xa1, &[&element(0xa4, &[&name(ROOT)])]);
    let number = |value: &[u8]| element(0x82, &[value]);
    // As in the root, with and without a leading zero; and the number zero.
    for (own, same, other) in [
        (&[0, 0x85][..], &[0, 0x85][..], &[0x05][..]),
        (&[0], &[0], &[1]),
        (&[7], &[7], &[8]),
    ] {
        let world = World::of(Realm::Simulation, |root| root[SERIAL] = element(2, &[own]));
        assert_eq!(with(&world, &[&issuer, &number(same)]), Ok(()));
        let found = with(&world, &[&issuer, &number(other)]);
        assert_eq!(found, Err(TrustError::UnknownIssuer));
    }
    let world = World::new();
    let half = Err(TrustError::NotForThisPurpose {
        element: "authorityKeyIdentifier",
        why: "has issuer or serial number without the other",
    });
    assert_eq!(with(&world, &[&issuer]), half);
    assert_eq!(with(&world, &[&number(&[7])]), half);
}

#[test]
fn a_serial_number_is_given_without_leading_zero() {
    let world = World::new();
    for (written, given) in [
        (&[0, 0x85][..], &[0x85][..]),
        (&[0], &[0]),
        (&[5, 0], &[5, 0]),
        (&[0x85], &[0x85]),
    ] {
        let der = world.leaf(|leaf| leaf[SERIAL] = element(2, &[written]));
        assert_eq!(Certificate::parse(&der).unwrap().serial(), given);
    }
}

#[test]
fn a_root_may_limit_its_path() {
    let constraints = [0x30, 6, 1, 1, 0xff, 2, 1, 0];
    let world = World::of(Realm::Simulation, |root| {
        root[EXTENSIONS] = listed(&[
            extension(oid::BASIC_CONSTRAINTS, true, &constraints),
            extension(oid::KEY_USAGE, true, &[3, 2, 1, 6]),
            extension(oid::SUBJECT_KEY_ID, false, &element(4, &[&ROOT_ID])),
        ]);
    });
    assert_eq!(world.with(&usual()), Ok(()));
}

#[test]
fn a_subject_is_a_name_to_its_last_part() {
    let world = World::new();
    let kind: &[u8] = &[6, 3, 0x55, 4, 3];
    let text: &[u8] = &[0x0c, 1, b'x'];
    let one = sequence(&[kind, text]);
    let set = |parts: &[&[u8]]| sequence(&[&element(0x31, parts)]);
    assert_eq!(world.changed(SUBJECT, set(&[&one])), Ok(()));
    assert_eq!(world.changed(SUBJECT, set(&[&one, &one])), Ok(()));
    for (what, broken) in [
        ("no attribute", set(&[])),
        ("no identifier", set(&[&sequence(&[text, text])])),
        ("no value", set(&[&sequence(&[kind])])),
        ("more than a value", set(&[&sequence(&[kind, text, text])])),
        ("no sequence", set(&[text])),
        ("no second attribute", set(&[&one, text])),
        ("no set", sequence(&[&one])),
        ("no second set", sequence(&[&element(0x31, &[&one]), &one])),
    ] {
        assert_eq!(
            der_in(world.changed(SUBJECT, broken)),
            Some("subject"),
            "{what}"
        );
    }
}

#[test]
fn nothing_stands_behind_version_and_times() {
    let world = World::new();
    let more = vec![0xa0, 5, 2, 1, 2, 5, 0];
    assert_eq!(der_in(world.changed(VERSION, more)), Some("version"));
    let [from, to] = [time(b"240101000000Z"), time(b"340101000000Z")];
    let more = sequence(&[&from, &to, &to]);
    assert_eq!(der_in(world.changed(VALIDITY, more)), Some("validity"));
}

#[test]
fn an_extension_is_told_by_its_whole_identifier() {
    let world = World::new();
    let [authority, usage, purpose, policy] = usual();
    let longer = extension(&[oid::KEY_USAGE, &[1]].concat(), false, &[3, 2, 7, 0x80]);
    let all = [
        longer.clone(),
        authority.clone(),
        usage,
        purpose.clone(),
        policy.clone(),
    ];
    assert_eq!(world.with(&all), Ok(()));
    let found = world.with(&[longer, authority, purpose, policy]);
    let (element, why) = ("keyUsage", "absent");
    assert_eq!(found, Err(TrustError::NotForThisPurpose { element, why }));
}

#[test]
fn a_key_identifier_of_the_subject_is_one() {
    let world = World::new();
    let [authority, usage, purpose, policy] = usual();
    let with = |value: &[u8]| {
        let own = extension(oid::SUBJECT_KEY_ID, false, value);
        let [authority, usage] = [&authority, &usage].map(Clone::clone);
        world.with(&[authority, usage, purpose.clone(), policy.clone(), own])
    };
    assert_eq!(with(&element(4, &[&[1]])), Ok(()));
    assert_eq!(der_in(with(&bits(&[1]))), Some("subjectKeyIdentifier"));
}

#[test]
fn a_key_is_of_its_form_to_the_last_byte() {
    let world = World::new();
    let number = |value: &[u8]| element(2, &[value]);
    let modulus = number(&[&[0][..], &[0xC1; 256]].concat());
    let exponent = number(&[1, 0, 1]);
    let rsa = |numbers: &[&[u8]]| bits(&sequence(numbers));
    let of = |algorithm: &[u8], key: &[u8]| sequence(&[algorithm, key]);
    let usual = rsa(&[&modulus, &exponent]);
    assert_eq!(world.changed(KEY, of(oid::RSA_ENCRYPTION, &usual)), Ok(()));
    let found = world.changed(KEY, sequence(&[oid::RSA_ENCRYPTION, &usual, &[5, 0]]));
    assert_eq!(der_in(found), Some("subjectPublicKeyInfo"));
    let more = rsa(&[&modulus, &exponent, &exponent]);
    let found = world.changed(KEY, of(oid::RSA_ENCRYPTION, &more));
    assert_eq!(der_in(found), Some("subjectPublicKey"));

    // Of a point on P-384 the form and the length; that it lies on the curve is seen
    // when it is used.
    let point = |form: u8, len: usize| bits(&[&[form][..], &vec![0x11; len]].concat());
    let check = |form, len| world.changed(KEY, of(oid::EC_P384, &point(form, len)));
    assert_eq!(check(4, 96), Ok(()));
    let refused = Err(TrustError::KeyNotAccepted {
        oid: "1.2.840.10045.2.1".into(),
        bits: None,
    });
    for (form, len) in [(4, 95), (4, 97), (4, 0), (6, 96), (7, 96), (2, 48), (2, 96)] {
        assert_eq!(check(form, len), refused, "{form} {len}");
    }
}
