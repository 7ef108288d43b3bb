//! Chains of an edited root or leaf, mostly signed again, so that every rule behind
//! the signature is reached: no panic, and what is accepted is in date and from that root.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use uketsuke::{
    Realm, Realms,
    trust::{Certificate, GraceRule, Root, Roots},
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
