//! The embedded roots are what was published, and stay in their world.

use crate::{
    Realm,
    trust::{Root, Roots, TrustError, certificate::sha256},
};

#[test]
fn embedded_certificates_are_the_published_ones() {
    let signca: [(&[u8], &str); 3] = [
        (
            include_bytes!("../anchors/signca01.cer"),
            "19645405a1fe14377434bd55957628ac4038557c542403a2243f21c706fc9355",
        ),
        (
            include_bytes!("../anchors/signca02.cer"),
            "79679c33e4cc9319440f1ad120a597ff1844e2ef217063adb176966fd5e6fbeb",
        ),
        (
            include_bytes!("../anchors/signca03.cer"),
            "d227f6cde11d35c5252178f106f843d24651944975413b539fa2fb68dbfa365f",
        ),
    ];
    let authca = [
        "4dcfc4ca0aaf9fb2a3081b3f0c991c320b3acc008667a341eeaec5af1d58ca7d",
        "0d98de47fc11b7f67126874b7028b6026a803d2638d6edfe53176953961fade6",
        "64114f29620c24ed2631d46476a040e7ee740d956089c00b036a6a8118c322b5",
    ];
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let roots = Roots::jpki_authentication();
    let found: Vec<String> = roots.iter().map(|root| hex(root.sha256())).collect();
    assert_eq!(found, authca);
    assert!(roots.iter().all(|root| root.realm() == Realm::Production));
    let times: Vec<_> = roots
        .iter()
        .map(|root| format!("{} {}", root.not_before, root.not_after))
        .collect();
    assert_eq!(
        times,
        [
            "2015-10-20T03:08:13Z 2025-10-19T14:59:59Z",
            "2019-09-14T23:41:59Z 2029-09-14T14:59:59Z",
            "2023-07-16T01:01:04Z 2033-07-15T14:59:59Z",
        ]
    );
    let names: Vec<_> = roots.iter().map(|root| &root.name).collect();
    assert!(names.iter().all(|name| *name == names[0]), "one name");

    for (der, pin) in signca {
        assert_eq!(hex(&sha256(der)), pin);
        let root = Root::new(der, Realm::Production).unwrap();
        assert_ne!(&root.name, names[0]);
    }
}

#[test]
fn a_real_root_does_not_pose_as_another_world() {
    for der in [
        &include_bytes!("../anchors/authca01.cer")[..],
        include_bytes!("../anchors/authca02.cer"),
        include_bytes!("../anchors/authca03.cer"),
    ] {
        assert!(Root::new(der, Realm::Production).is_ok());
        for realm in [Realm::Simulation, Realm::JpkiTest] {
            assert_eq!(
                Root::new(der, realm).unwrap_err(),
                TrustError::RealmNotAccepted {
                    found: Realm::Production
                }
            );
        }
    }
}
