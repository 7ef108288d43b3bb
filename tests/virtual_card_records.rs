//! What the issuer signed on the virtual card, checked without the library's own verification, up to the keys that
//! the simulation names as its roots.

mod chip_support;

use chip_support::*;
use ring::digest::{SHA256, digest};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use rsa::traits::SignatureScheme as _;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use uketsuke::simulation::{VirtualCard, VirtualPki};

const E: [u8; 3] = [0x01, 0x00, 0x01];

/// PKCS#1 v1.5 with SHA-256, as any library does it.
fn verified(modulus: &[u8], message: &[u8], signature: &[u8]) -> bool {
    RsaPublicKeyComponents { n: modulus, e: &E }
        .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
        .is_ok()
}

/// PKCS#1 v1.5 over a DigestInfo that is given whole.
fn verified_bare(modulus: &[u8], info: &[u8], signature: &[u8]) -> bool {
    let key =
        RsaPublicKey::new(BigUint::from_bytes_be(modulus), BigUint::from(65_537_u32)).unwrap();
    Pkcs1v15Sign::new_unprefixed()
        .verify(&key, info, signature)
        .is_ok()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

/// The modulus of a public key as the card writes it.
fn modulus(key: &[u8]) -> Vec<u8> {
    assert_eq!(key.len(), 265);
    let parts = objects(key);
    assert_eq!(find(&parts, 0x90).value, E);
    find(&parts, 0x91).value.to_vec()
}

/// Checks a certificate; gives its subject's identifier and modulus.
fn certified(content: &[u8], issuer: (&[u8], &[u8])) -> (Vec<u8>, Vec<u8>) {
    let parts = objects(content);
    let body = find(&parts, 0x5F4E).value;
    assert_eq!(body.len(), 297);
    assert_eq!(&body[..16], issuer.0);
    let signature = find(&parts, 0x5F37).value;
    assert!(verified(issuer.1, body, signature));
    let mut other = body.to_vec();
    other[40] ^= 1;
    assert!(!verified(issuer.1, &other, signature));
    for id in [&body[..16], &body[16..32]] {
        assert!(id[..7].iter().all(u8::is_ascii_digit));
        assert_eq!(id[7..9], [0x08, 0x05]);
        assert!(id[9..12].iter().all(u8::is_ascii_digit));
        // Real ones begin with 50 and 60, or with a prefecture: up to 47.
        assert!(&id[..2] > b"60".as_slice());
    }
    (body[16..32].to_vec(), modulus(&body[32..]))
}

/// The municipality's key, by EF 0004 of an application.
fn municipality(card: &mut VirtualCard, issuer: ([u8; 16], [u8; 256])) -> Vec<u8> {
    let file = read_file(card, 0x0004);
    assert_eq!(file.len(), 568);
    certified(outer(&file, 0x7F21).value, (&issuer.0, &issuer.1)).1
}

#[test]
fn the_card_face_is_signed_in_three_digests() {
    let mut card = card();
    dialogue(
        &mut card,
        &[(FACE, 0x9000), (&verify(0x12, "55021720351047"), 0x9000)],
    );
    let key = municipality(&mut card, VirtualPki::new().card_face_issuer_key());
    let file = read_file(&mut card, 0x0002);
    let parts = objects(outer(&file, 0xFF20).value);
    let whole = |tags: &[u16]| -> Vec<u8> {
        let pieces: Vec<_> = tags.iter().map(|tag| find(&parts, *tag).whole).collect();
        pieces.concat()
    };
    let groups: [&[u16]; 3] = [&[0xDF22, 0xDF23, 0xDF24], &[0xDF25, 0xDF26], &[0xDF27]];
    let mut info =
        b"\x30\x71\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x60".to_vec();
    for tags in groups {
        info.extend(sha256(&whole(tags)));
    }
    let signature = find(&parts, 0xDF28).value;
    assert!(verified_bare(&key, &info, signature));
    *info.last_mut().unwrap() ^= 1;
    assert!(!verified_bare(&key, &info, signature));
    assert!(
        !verified(&key, &whole(&[0xDF27]), signature),
        "no library's usual form"
    );
    // DF24 is the key by which the card itself answers, without any secret.
    let own = modulus(find(&parts, 0xDF24).value);
    card.power_off();
    let info = [
        b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20".as_slice(),
        &sha256(b"challenge"),
    ]
    .concat();
    assert_eq!(status(&mut card, FACE), 0x9000);
    for p2 in [0x00, 0x9A] {
        let (signature, status) = ask(&mut card, &command([0x80, 0x2A, 0x00, p2], &info, true));
        assert_eq!(status, 0x9000);
        assert!(verified(&own, b"challenge", &signature));
        assert!(!verified(&key, b"challenge", &signature));
    }
}

#[test]
fn the_cards_own_objects_lead_from_one_certificate_to_the_next() {
    let mut card = card();
    let (id, key) = VirtualPki::new().master_issuer_key();
    let mut issuer = (id.to_vec(), key.to_vec());
    for (tag, name) in [(b"\x00\xF8", "9999930"), (b"\x7F\x21", "9000050")] {
        let mut get = [0x00, 0xCA, tag[0], tag[1], 0x00].to_vec();
        assert_eq!(ask(&mut card, &get), (Vec::new(), 0x6700));
        get.extend([0x00, 0x00]);
        let (object, status) = ask(&mut card, &get);
        assert_eq!((object.len(), status), (575, 0x9000));
        assert_eq!(object[..2], [0x4D, 10]);
        issuer = certified(&object[12..], (&issuer.0, &issuer.1));
        assert_eq!(&issuer.0[..7], name.as_bytes());
        if name == "9999930" {
            let named = ask(&mut card, b"\x00\xCA\x00\xF7\x00").0;
            assert_eq!(named, issuer.0, "00F7 names the key of 00F8");
        }
    }
}
