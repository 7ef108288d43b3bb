//! The keys above those of the municipalities that this crate has or knows.

use super::{CvRoot, public_key::BYTES};
use crate::{
    Realm,
    card::SignedApplication,
    trust::{certificate::sha256, pin},
};

/// A key whose place this crate knows, by SHA-256 over its modulus.
pub(super) struct Known {
    pub(super) modulus: [u8; 32],
    pub(super) realm: Realm,
    pub(super) application: SignedApplication,
}

pub(super) struct Embedded {
    key_id: &'static [u8; 16],
    key_id_digest: [u8; 32],
    modulus: &'static [u8; BYTES],
    pub(super) known: Known,
}

impl Embedded {
    /// The key, if it and its identifier are what is pinned.
    pub(super) fn pinned(&self) -> Option<CvRoot> {
        let known = &self.known;
        if sha256(self.modulus) != known.modulus || sha256(self.key_id) != self.key_id_digest {
            return None;
        }
        CvRoot::new(known.application, *self.key_id, self.modulus, known.realm).ok()
    }
}

use Realm::{JpkiTest, Production, Simulation};
use SignedApplication::{CardFace, CardLevel, InputSupport};

const fn known(modulus: &str, realm: Realm, application: SignedApplication) -> Known {
    Known {
        modulus: pin(modulus),
        realm,
        application,
    }
}

const FACE_5000023: &str = "bb96cc1dc6502005661961f0a45ed843d007c69e3ce167eceb6b1abd5333a932";
const INPUT_5000033: &str = "409655d477547d83cbe182385acb1ea83c9828eb6e5b8bba90957c339b5f30f7";
const CARD_5000020: &str = "318ab4a79346bbd993d36d31a4d766f02a239f36b10bc323458242130f927a97";
const FACE_6000023: &str = "df70444dbe6841ec03267c25cf1bd35ff30ef8044da34ff5eedd0719e6f14530";
const INPUT_6000033: &str = "690db1b2d7b9994764a81982bc1e4cd76d9e92d0a33a895b2e71a0be8356f1ae";
const CARD_6000020: &str = "218018727ce0d4955b0b40f468eb131d5e8375ee4a2aa58dabda524b19d29a39";

/// Published with their private halves, and known without the feature `simulation` too.
const FACE_SIMULATED: &str = "7e2cdd1571c6cbbb76ed0f01503c0f0261f37745cce99b64e97c552c63f3a657";
const INPUT_SIMULATED: &str = "31f737bfa70bac7fbea200ae3993fc26d53b6c5281207cee6e4fac4f50cf9967";
const CARD_SIMULATED: &str = "b6b5d059ee2bfa849c4d24921f7b69490cb6def76013a68633c57556dee61e25";

pub(super) const KNOWN: [Known; 9] = [
    known(FACE_5000023, Production, CardFace),
    known(INPUT_5000033, Production, InputSupport),
    known(CARD_5000020, Production, CardLevel),
    known(FACE_6000023, JpkiTest, CardFace),
    known(INPUT_6000033, JpkiTest, InputSupport),
    known(CARD_6000020, JpkiTest, CardLevel),
    known(FACE_SIMULATED, Simulation, CardFace),
    known(INPUT_SIMULATED, Simulation, InputSupport),
    known(CARD_SIMULATED, Simulation, CardLevel),
];

pub(super) const EMBEDDED: [Embedded; 6] = [
    Embedded {
        key_id: include_bytes!("../anchors/cvc/5000023.keyid.bin"),
        key_id_digest: pin("28cac17800c9a9ed635f8fda80f0b7213906167b35f7ead6e0c52db48505cf34"),
        modulus: include_bytes!("../anchors/cvc/5000023.modulus.bin"),
        known: known(FACE_5000023, Production, CardFace),
    },
    Embedded {
        key_id: include_bytes!("../anchors/cvc/5000033.keyid.bin"),
        key_id_digest: pin("e49ae35d575ee2f7f047fc8eb955fe494d4672805187d42b77a35cf73d9358fc"),
        modulus: include_bytes!("../anchors/cvc/5000033.modulus.bin"),
        known: known(INPUT_5000033, Production, InputSupport),
    },
    Embedded {
        key_id: include_bytes!("../anchors/cvc/5000020.keyid.bin"),
        key_id_digest: pin("77c6f9cfd6c3ed433a013e738e59187c3dcd8e23cc0535261c8eec99d44b6bdb"),
        modulus: include_bytes!("../anchors/cvc/5000020.modulus.bin"),
        known: known(CARD_5000020, Production, CardLevel),
    },
    Embedded {
        key_id: include_bytes!("../anchors/cvc/6000023.keyid.bin"),
        key_id_digest: pin("1d0458d0c9ecde54e9d6adc5cbb2ed39a38ce347a28568ecec401f45e28a08f2"),
        modulus: include_bytes!("../anchors/cvc/6000023.modulus.bin"),
        known: known(FACE_6000023, JpkiTest, CardFace),
    },
    Embedded {
        key_id: include_bytes!("../anchors/cvc/6000033.keyid.bin"),
        key_id_digest: pin("4cb6e01d9e0f593494267282af00b783c0062952f306ff26206b29de549c637d"),
        modulus: include_bytes!("../anchors/cvc/6000033.modulus.bin"),
        known: known(INPUT_6000033, JpkiTest, InputSupport),
    },
    Embedded {
        key_id: include_bytes!("../anchors/cvc/6000020.keyid.bin"),
        key_id_digest: pin("ad60f4b5e88f7efc25588a550be4b1b09c088e101df62e40d55cb044cbd4bce3"),
        modulus: include_bytes!("../anchors/cvc/6000020.modulus.bin"),
        known: known(CARD_6000020, JpkiTest, CardLevel),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_or_an_identifier_without_its_pin_is_none() {
        let [first, ..] = &EMBEDDED;
        let other = |mut pin: [u8; 32]| {
            pin[31] ^= 1;
            pin
        };
        let (modulus, key_id) = (first.known.modulus, first.key_id_digest);
        for (modulus, key_id_digest, good) in [
            (modulus, key_id, true),
            (other(modulus), key_id, false),
            (modulus, other(key_id), false),
        ] {
            let embedded = Embedded {
                key_id: first.key_id,
                key_id_digest,
                modulus: first.modulus,
                known: Known {
                    modulus,
                    realm: Production,
                    application: CardFace,
                },
            };
            assert_eq!(embedded.pinned().is_some(), good);
        }
    }
}
