//! Chains of an edited root or leaf, mostly signed again, so that every rule behind
//! the signature is reached: no panic, and what is accepted is in date and from that root.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use uketsuke::{
    Realm, Realms,
    trust::{Certificate, GraceRule, RevocationQuery, Root, Roots},
};
use uketsuke_conformance::Chosen;

static CHOSEN: LazyLock<Chosen> = LazyLock::new(Chosen::new);

fuzz_target!(|input: &[u8]| {
    let Some(chain) = CHOSEN.chain(input) else {
        return;
    };
    let Ok(root) = Root::new(&chain.root, Realm::Simulation) else {
        return;
    };
    if let Ok(leaf) = Certificate::parse(&chain.leaf)
        && let Ok(query) = RevocationQuery::new(&leaf, &root)
    {
        asked_about(&query, &leaf, &root);
    }
    let roots = Roots::empty().with(root);
    let check = |roots: &Roots, realms, now| {
        roots
            .check_authentication(&chain.leaf, realms, now, GraceRule::None)
            .is_ok()
    };
    let accepted = check(&roots, Realms::simulation(), chain.now);
    if accepted {
        let [root, leaf] = [&chain.root, &chain.leaf]
            .map(|der| Certificate::parse(der).expect("both could be read"));
        assert_eq!(leaf.issuer(), root.subject());
        for certificate in [&root, &leaf] {
            assert!(certificate.not_before() <= chain.now);
            assert!(chain.now <= certificate.not_after());
        }
        assert!(!check(&Roots::empty(), Realms::simulation(), chain.now));
        assert!(!check(&roots, Realms::production(), chain.now));
    }
});

/// Whatever its distribution points look like, each name is a piece of the certificate, and there are few.
fn asked_about(query: &RevocationQuery<'_>, leaf: &Certificate<'_>, root: &Root) {
    assert_eq!(query.root_sha256(), root.sha256());
    assert_eq!(query.serial(), leaf.serial());
    assert_eq!(query.issuer(), leaf.issuer());
    assert!(query.distribution_points().count() <= 8);
    for name in query.distribution_points() {
        assert!(leaf.der().windows(name.len()).any(|part| part == name));
    }
    assert_eq!(format!("{query:?}"), "RevocationQuery(..)");
}
