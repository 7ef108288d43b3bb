//! Keys whose private halves are published with this crate: those of the
//! simulation. Known without the feature `simulation` too.

use super::{certificate::sha256, pin};

/// Whether anybody can sign with the key of this modulus, which is big-endian
/// and has no leading zero.
pub(super) fn is_published(modulus: &[u8]) -> bool {
    KEYS.contains(&sha256(modulus))
}

/// SHA-256 over the moduli: authorities of certificates and of card-verifiable
/// certificates, municipalities, cards, phones.
const KEYS: [[u8; 32]; 22] = [
    // auth_ca1
    pin("eb2a558e0eb0bbdf1492f4aefabcc6017ad60cd080e2a2b677d095082f5d697b"),
    // auth_ca2
    pin("aa1f358f8d591a3d4bf6b1134af4cddd14de9dab2b919c3948e1af9bb4990d54"),
    // auth_ca3
    pin("e78d90f463da24d930f0bc2ebe41564e0d94b12be1f444af68ef9f1790a5637a"),
    // auth_leaf
    pin("ca34639ccab536dbe31b3603b4db181c20bfbacc630fa0c3a575da58206e9f83"),
    // card_common
    pin("0a79865bbe6218221462ea57962f96047703a0af2d33ccf22e1729e12f7e5f0b"),
    // card_face
    pin("d0b4196df76f922ae249dbe525b5220e7f252e980e3440df884b056e7a3f037b"),
    // card_face2
    pin("cc2a4031e7df712390872011a31d4c8e01bad607c5acd26a1c9d3d2d2092e166"),
    // card_face3
    pin("b91b417bf394c877ba304014ead51549126d487552e8faa552cb486647c70bdc"),
    // card_face4
    pin("9bc0710659cb63ba022b2cfc2b4ced5ca368599243d296fa2d0ef327e854bf5e"),
    // card_input
    pin("69dc224c26f42ac523ce1861464894f0c94104c893df8c25d99d9c17bdc2abf6"),
    // cv_face_ca
    pin("7e2cdd1571c6cbbb76ed0f01503c0f0261f37745cce99b64e97c552c63f3a657"),
    // cv_face_issuer
    pin("d3f18480f50e98cd9cf6bcd069b9f26f0003667f9b412315a707535095fb4655"),
    // cv_input_ca
    pin("31f737bfa70bac7fbea200ae3993fc26d53b6c5281207cee6e4fac4f50cf9967"),
    // cv_input_issuer
    pin("10c4947f02a3d95a420b9f414cf2735f74f0abad8de47305f0a5321d4cad1541"),
    // cv_master_ca
    pin("b6b5d059ee2bfa849c4d24921f7b69490cb6def76013a68633c57556dee61e25"),
    // cv_master_issuer
    pin("c5c88ac78e7212da65795bbde46181baef8a58aa7a2fbd7962ab97fbd342d83e"),
    // phone_auth
    pin("f32da3208d80275f824e9bc8460086780e73026d21e22468921e97f9ac7856cb"),
    // phone_sign
    pin("d84508d2f6b1f5af532de3402b251f7d3e32bfe92e903062478141a196b3f4a9"),
    // sign_ca1
    pin("aef8d922c63213d18cd3b6a0f0431b8b85ca8e83ad1f8fb32c78a3c8402bb9d4"),
    // sign_ca2
    pin("9d54850fdd8ee7332b3a443aba639810cd9bc3d4afe5ffef23374c382fcd743c"),
    // sign_ca3
    pin("2a1767d38fd3b63d6870840013e723cc4d7e54447770a18996ac84eec32dfe69"),
    // sign_leaf
    pin("0969e29e7cbef874a0da0ecfde6e5e87f873091f92f687a6d11015a2f9659295"),
];

#[cfg(all(test, feature = "simulation"))]
mod tests {
    use super::*;
    use crate::tlv::{Reader, Tag};

    #[test]
    fn every_key_of_the_simulation_is_known() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/simulation/pki/keys");
        let mut found = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "der") {
                continue;
            }
            let der = std::fs::read(&path).unwrap();
            let key = Reader::new(&der).expect(Tag::new(0x30)).unwrap();
            let mut numbers = key.children().unwrap();
            // RSAPrivateKey (RFC 8017, A.1.2): version, modulus, and so on.
            let Ok(_version) = numbers.expect(Tag::new(0x02)) else {
                continue; // a public key
            };
            let modulus = numbers.expect(Tag::new(0x02)).unwrap().value();
            let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
            assert!(is_published(modulus), "{}", path.display());
            found += 1;
        }
        assert_eq!(found, KEYS.len());
        assert!(!is_published(&[0xC1; 256]));
    }
}
