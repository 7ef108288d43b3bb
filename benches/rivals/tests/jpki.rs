//! `jpki` as a witness of the virtual card. It verifies nothing, so `myna-card` does.

use jpki::Card;
use jpki::ap::CryptoAp;
use jpki::ap::crypto::CertType;
use myna_card::Certificate;
use myna_card::ap::jpki::SignatureScheme;
use myna_card::data::sha256_digest_info;
use std::rc::Rc;
use uketsuke_rivals::{Client, JpkiLink, Wire};

type Opened = CryptoAp<JpkiLink, ()>;

fn open(link: fn(Wire) -> JpkiLink) -> (Wire, Opened) {
    let wire = Client::Jpki.card();
    let card = Rc::new(Card::new(Box::new(link(wire.clone()))));
    (wire, CryptoAp::open((), card).unwrap())
}

fn read(ap: &Opened, kind: CertType) -> Certificate {
    let der = ap.read_certificate((), kind, b"ABC123".to_vec()).unwrap();
    Certificate::parse(&der).unwrap()
}

#[test]
fn reads_all_certificates_and_signs_with_both_keys() {
    for link in [JpkiLink::as_pcsc as fn(Wire) -> JpkiLink, JpkiLink::keeping] {
        let (_, ap) = open(link);
        assert_eq!(ap.auth_pin_status(()).unwrap(), 3);
        assert_eq!(ap.sign_pin_status(()).unwrap(), 5);
        let info = sha256_digest_info(&[0x5A; 32]);
        let signatures = [
            ap.auth((), b"1234".to_vec(), info.clone()).unwrap(),
            ap.sign((), b"ABC123".to_vec(), info.clone()).unwrap(),
        ];
        let kinds = [
            (CertType::Auth, CertType::AuthCA),
            (CertType::Sign, CertType::SignCA),
        ];
        for ((leaf, ca), signature) in kinds.into_iter().zip(signatures) {
            let leaf = read(&ap, leaf);
            leaf.verify_signature(&read(&ap, ca)).unwrap();
            let key = leaf.public_key().unwrap();
            SignatureScheme::Verbatim
                .verify(&key, &info, &signature)
                .unwrap();
        }
    }
}

/// The buffer it offers has no room for the status word, whatever the command.
#[test]
fn every_command_goes_twice_unless_the_link_keeps_the_answer() {
    let (twice, ap) = open(JpkiLink::as_pcsc);
    read(&ap, CertType::Auth);
    let (once, ap) = open(JpkiLink::keeping);
    read(&ap, CertType::Auth);
    let (twice, once) = (twice.tally().0, once.tally().0);
    let doubled: Vec<_> = once.iter().flat_map(|size| [*size, *size]).collect();
    assert_eq!(twice, doubled);
}
