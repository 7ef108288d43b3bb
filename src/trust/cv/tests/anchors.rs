//! The embedded keys are the ones that were taken, and stay in their places.

use super::{public_key::PublicKey, *};

const FILES: [(&[u8], &str); 12] = [
    (
        include_bytes!("../../anchors/cvc/5000020.keyid.bin"),
        "77c6f9cfd6c3ed433a013e738e59187c3dcd8e23cc0535261c8eec99d44b6bdb",
    ),
    (
        include_bytes!("../../anchors/cvc/5000020.modulus.bin"),
        "318ab4a79346bbd993d36d31a4d766f02a239f36b10bc323458242130f927a97",
    ),
    (
        include_bytes!("../../anchors/cvc/5000023.keyid.bin"),
        "28cac17800c9a9ed635f8fda80f0b7213906167b35f7ead6e0c52db48505cf34",
    ),
    (
        include_bytes!("../../anchors/cvc/5000023.modulus.bin"),
        "bb96cc1dc6502005661961f0a45ed843d007c69e3ce167eceb6b1abd5333a932",
    ),
    (
        include_bytes!("../../anchors/cvc/5000033.keyid.bin"),
        "e49ae35d575ee2f7f047fc8eb955fe494d4672805187d42b77a35cf73d9358fc",
    ),
    (
        include_bytes!("../../anchors/cvc/5000033.modulus.bin"),
        "409655d477547d83cbe182385acb1ea83c9828eb6e5b8bba90957c339b5f30f7",
    ),
    (
        include_bytes!("../../anchors/cvc/6000020.keyid.bin"),
        "ad60f4b5e88f7efc25588a550be4b1b09c088e101df62e40d55cb044cbd4bce3",
    ),
    (
        include_bytes!("../../anchors/cvc/6000020.modulus.bin"),
        "218018727ce0d4955b0b40f468eb131d5e8375ee4a2aa58dabda524b19d29a39",
    ),
    (
        include_bytes!("../../anchors/cvc/6000023.keyid.bin"),
        "1d0458d0c9ecde54e9d6adc5cbb2ed39a38ce347a28568ecec401f45e28a08f2",
    ),
    (
        include_bytes!("../../anchors/cvc/6000023.modulus.bin"),
        "df70444dbe6841ec03267c25cf1bd35ff30ef8044da34ff5eedd0719e6f14530",
    ),
    (
        include_bytes!("../../anchors/cvc/6000033.keyid.bin"),
        "4cb6e01d9e0f593494267282af00b783c0062952f306ff26206b29de549c637d",
    ),
    (
        include_bytes!("../../anchors/cvc/6000033.modulus.bin"),
        "690db1b2d7b9994764a81982bc1e4cd76d9e92d0a33a895b2e71a0be8356f1ae",
    ),
];

#[test]
fn the_files_are_the_pinned_ones() {
    for (at, (bytes, pin)) in FILES.iter().enumerate() {
        let hex: String = sha256(bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, *pin, "file {at}");
    }
}

#[test]
fn each_realm_has_a_key_for_each_application() {
    for (roots, realm, first) in [
        (CvRoots::simulation(), Realm::Simulation, b'9'),
        (CvRoots::production(), Realm::Production, b'5'),
        (CvRoots::jpki_test(), Realm::JpkiTest, b'6'),
    ] {
        let found: Vec<_> = roots
            .iter()
            .map(|root| {
                (
                    root.realm(),
                    root.application(),
                    root.key_id()[..10].to_vec(),
                )
            })
            .collect();
        let id = |two: &[u8]| [&[first], &b"0000"[..], two, b"\x08\x050"].concat();
        let mut expected = vec![
            (realm, FACE, id(b"23")),
            (realm, INPUT, id(b"33")),
            (realm, CARD, id(b"20")),
        ];
        expected.sort_by_key(|(_, _, id)| id.clone());
        let mut found = found;
        found.sort_by_key(|(_, _, id)| id.clone());
        assert_eq!(found, expected);
    }
}

#[test]
fn an_embedded_key_does_not_pose_as_another() {
    let pki = VirtualPki::new();
    let mut moduli = vec![
        pki.card_face_issuer_key().1,
        pki.input_support_issuer_key().1,
        pki.master_issuer_key().1,
    ];
    moduli.extend(
        FILES
            .iter()
            .filter_map(|(bytes, _)| <[u8; 256]>::try_from(*bytes).ok()),
    );
    for known in [
        CvRoots::production(),
        CvRoots::jpki_test(),
        CvRoots::simulation(),
    ] {
        assert_eq!(known.iter().count(), 3);
        for (at, root) in known.iter().enumerate() {
            let modulus = moduli
                .iter()
                .find(|bytes| PublicKey::new(bytes).as_ref() == Some(root.key()))
                .unwrap();
            for realm in [Realm::Production, Realm::JpkiTest, Realm::Simulation] {
                for application in [FACE, INPUT, CARD] {
                    let made = CvRoot::new(application, [7; 16], modulus, realm).map(drop);
                    let expected = if realm != root.realm() {
                        Err(CvError::KeyOfOtherRealm {
                            found: root.realm(),
                        })
                    } else if application != root.application() {
                        Err(CvError::KeyOfOtherApplication {
                            found: root.application(),
                        })
                    } else {
                        Ok(())
                    };
                    assert_eq!(made, expected, "{at} {realm} {application}");
                }
            }
        }
    }
}

#[test]
fn a_modulus_has_its_form() {
    let mut modulus = face_root().modulus;
    let make = |modulus: &[u8; 256]| CvRoot::new(FACE, *FACE_ROOT, modulus, Realm::Simulation);
    assert!(make(&modulus).is_ok());
    modulus[255] ^= 1;
    assert!(matches!(make(&modulus), Err(CvError::Form { .. })), "even");
    modulus[255] ^= 1;
    modulus[0] &= 0x7F;
    assert!(
        matches!(make(&modulus), Err(CvError::Form { .. })),
        "2047 bits"
    );
}
