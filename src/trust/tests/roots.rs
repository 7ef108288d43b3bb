//! The embedded roots are what was published, and stay in their world.

use crate::{
    Realm,
    trust::{
        Certificate, CertificateUse, Root, Roots, SignatureAlgorithm, TrustError,
        certificate::sha256,
        key::{KeyKind, PublicKey},
        verify_signature,
    },
};

const REAL: [&[u8]; 6] = [
    include_bytes!("../anchors/authca01.cer"),
    include_bytes!("../anchors/authca02.cer"),
    include_bytes!("../anchors/authca03.cer"),
    include_bytes!("../anchors/signca01.cer"),
    include_bytes!("../anchors/signca02.cer"),
    include_bytes!("../anchors/signca03.cer"),
];

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
        .map(|root| format!("{} {}", root.not_before(), root.not_after()))
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
    let signing = Roots::jpki_signing();
    let found: Vec<String> = signing.iter().map(|root| hex(root.sha256())).collect();
    assert_eq!(found, signca.map(|(_, pin)| pin));
    let times: Vec<_> = signing
        .iter()
        .map(|root| format!("{} {}", root.not_before(), root.not_after()))
        .collect();
    assert_eq!(
        times,
        [
            "2015-10-20T02:40:28Z 2025-10-19T14:59:59Z",
            "2019-09-14T23:41:56Z 2029-09-14T14:59:59Z",
            "2023-07-16T00:50:27Z 2033-07-15T14:59:59Z",
        ]
    );
}

/// All six, as published: each parses and is signed by its own key and by none of the others.
#[test]
fn each_real_root_verifies_under_its_own_key_alone() {
    let keys: Vec<_> = Roots::jpki_authentication()
        .iter()
        .chain(Roots::jpki_signing().iter())
        .cloned()
        .collect();
    assert_eq!(keys.len(), REAL.len());
    for (number, der) in REAL.into_iter().enumerate() {
        let certificate = Certificate::parse(der).unwrap();
        let algorithm = SignatureAlgorithm::RsaPkcs1Sha256;
        let signed: Vec<_> = keys
            .iter()
            .map(|root| {
                root.key
                    .verify(algorithm, certificate.tbs(), certificate.signature())
            })
            .collect();
        let own: Vec<_> = (0..6).map(|key| key == number).collect();
        assert_eq!(signed, own);
        // The same through the public function, over the key as it is in the certificate.
        let info = certificate.key().bytes;
        let verify = |message| verify_signature(info, algorithm, message, certificate.signature());
        assert_eq!(verify(certificate.tbs()), Ok(()));
        assert_eq!(
            verify(&certificate.tbs()[1..]),
            Err(TrustError::BadSignature)
        );
        // Method 1 of RFC 5280 §4.2.1.2, which this library doesn't rely on.
        let key = PublicKey::parse(certificate.key()).unwrap().unwrap();
        let hash = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, key.bytes);
        assert_eq!(keys[number].key_id, hash.as_ref());
        assert_eq!(
            key.kind,
            KeyKind::Rsa {
                bits: 2048,
                usual: true
            }
        );
    }
}

/// A flipped bit anywhere in a real root: it is no root any more, and no pinned one.
#[test]
fn a_changed_real_root_is_none() {
    for der in REAL {
        let mut der = der.to_vec();
        for at in (0..der.len()).step_by(7) {
            der[at] ^= 1 << (at % 8);
            assert!(Root::new(&der, Realm::Production).is_err(), "byte {at}");
            der[at] ^= 1 << (at % 8);
        }
    }
}

#[test]
fn a_real_root_does_not_pose_as_another_world() {
    for der in REAL {
        assert!(Root::new(der, Realm::Production).is_ok());
        for realm in [Realm::Simulation, Realm::JpkiTest] {
            assert_eq!(
                Root::new(der, realm).unwrap_err(),
                TrustError::KeyOfOtherRealm {
                    found: Realm::Production
                }
            );
        }
    }
}

#[test]
fn a_root_without_its_pin_is_none() {
    let der = REAL[0];
    let pin = sha256(der);
    let mut other = pin;
    other[31] ^= 1;
    assert_eq!(Roots::pinned(&[(der, pin)]).iter().count(), 1);
    assert_eq!(Roots::pinned(&[(der, other)]).iter().count(), 0);
}

/// Where an unknown issuer is looked for, to say which world it is of.
#[test]
fn each_use_has_its_own_real_roots() {
    let digests = |roots: Roots| roots.iter().map(|root| *root.sha256()).collect::<Vec<_>>();
    for (usage, real) in [
        (CertificateUse::Authentication, &REAL[..3]),
        (CertificateUse::Signing, &REAL[3..]),
    ] {
        let real: Vec<_> = real.iter().map(|der| sha256(der)).collect();
        assert_eq!(digests(Roots::jpki(usage)), real);
    }
}
