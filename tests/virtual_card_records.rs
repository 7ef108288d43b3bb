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

/// The input support application's files with the secret that opens all but the number.
fn input(card: &mut VirtualCard) -> [Vec<u8>; 4] {
    dialogue(card, &[(INPUT, 0x9000), (&verify(0x11, "5678"), 0x9000)]);
    [1, 2, 3, 7].map(|id| read_file(card, id))
}

#[test]
fn the_age_record_and_the_numbers_picture_are_signed() {
    let mut card = card();
    dialogue(
        &mut card,
        &[
            (FACE, 0x9000),
            (&verify(0x11, "550217"), 0x9000),
            (&verify(0x13, persona("in-order").my_number), 0x9000),
        ],
    );
    let key = municipality(&mut card, VirtualPki::new().card_face_issuer_key());
    let face = read_file(&mut card, 0x0002);
    let face = objects(outer(&face, 0xFF20).value);
    for (id, tag, tags) in [
        (0x0001, 0xFF10, [0xDF11, 0xDF12, 0xDF13]),
        (0x0005, 0xFF40, [0xDF41, 0xDF42, 0xDF43]),
    ] {
        let file = read_file(&mut card, id);
        let value = outer(&file, tag).value;
        let parts = objects(value);
        assert_eq!(parts.iter().map(|part| part.tag).collect::<Vec<_>>(), tags);
        let signature = find(&parts, tags[2]);
        let signed = &value[..value.len() - signature.whole.len()];
        assert!(verified(&key, signed, signature.value));
        assert!(!verified(&key, &signed[1..], signature.value));
        // One key in all three records: DF24 of the card face.
        assert_eq!(find(&parts, tags[1]).value, find(&face, 0xDF24).value);
        match id {
            1 => assert_eq!(parts[0].value, b"19800217"),
            _ => assert_eq!(&parts[0].value[..4], b"\x89PNG"),
        }
    }
}

#[test]
fn the_integrity_record_covers_number_and_attributes_as_they_are() {
    for name in ["in-order", "not-yet-valid", "no-pin"] {
        let holder = persona(name);
        let mut card = card_of(name);
        let read = |card: &mut VirtualCard, id, value: &str, file| {
            dialogue(card, &[(INPUT, 0x9000), (&verify(id, value), 0x9000)]);
            read_file(card, file)
        };
        let number = read(&mut card, 0x14, holder.my_number, 1);
        let attributes = read(&mut card, 0x15, holder.reference_number_b, 2);
        let record = read_file(&mut card, 3);
        let key = municipality(&mut card, VirtualPki::new().input_support_issuer_key());
        assert_eq!(
            number,
            [b"\xFF\x10\x0C", holder.my_number.as_bytes(), b"\xFF\xFF"].concat()
        );
        let value = outer(&record, 0xFF30).value;
        let parts = objects(value);
        assert_eq!(find(&parts, 0xDF31).value, sha256(&number));
        // The outer value without its table.
        let all = objects(&attributes);
        let body = all[0].value;
        let inner = objects(body);
        assert_eq!(inner[0].tag, 0xDF21);
        let rest = &body[inner[0].whole.len()..];
        assert_eq!(find(&parts, 0xDF32).value, sha256(rest));
        let signature = find(&parts, 0xDF33);
        let signed = &value[..value.len() - signature.whole.len()];
        assert_eq!(signed.len(), 70);
        assert!(verified(&key, signed, signature.value));

        // And the attributes are the persona's, found by the table.
        let expected = [
            holder.holder_name,
            holder.address,
            holder.birthdate,
            holder.sex,
        ];
        for (index, text) in expected.iter().enumerate() {
            let offset = &inner[0].value[2 * index..2 * index + 2];
            let offset = usize::from(u16::from_be_bytes([offset[0], offset[1]]));
            let object = &objects(&attributes[offset..])[0];
            assert_eq!(object.tag, 0xDF22 + u16::try_from(index).unwrap());
            assert_eq!(object.value, text.as_bytes());
        }
    }
}

#[test]
fn the_input_support_key_is_signed_and_signs() {
    let mut card = card();
    let [_, _, _, record] = input(&mut card);
    let key = municipality(&mut card, VirtualPki::new().input_support_issuer_key());
    let value = outer(&record, 0xFF50).value;
    let parts = objects(value);
    let signature = find(&parts, 0xDF52);
    let signed = find(&parts, 0xDF51);
    assert!(verified(&key, signed.whole, signature.value));
    let own = modulus(signed.value);
    card.power_off();
    assert_eq!(status(&mut card, INPUT), 0x9000);
    for p2 in [0x00, 0x93] {
        let sign = command([0x80, 0x2A, 0x03, p2], b"challenge", true);
        let (signature, status) = ask(&mut card, &sign);
        assert_eq!(status, 0x9000);
        assert!(verified(&own, b"challenge", &signature));
    }
    // Not the key to which a terminal would encrypt a session key.
    dialogue(&mut card, &[(&verify(0x11, "5678"), 0x9000)]);
    let session = read_file(&mut card, 6);
    assert_ne!(modulus(outer(&session, 0xA1).value), own);
}

#[test]
fn internal_authentication_signs_challenges_in_the_common_application_alone() {
    let mut card = card();
    let key = VirtualPki::new().internal_authentication_key();
    let ask_for = |len: usize| command([0x00, 0x88, 0x00, 0x99], &vec![0xC7; len], true);
    for (select, expected) in [
        (JPKI, 0x6982),
        (FACE, 0x6985),
        (INPUT, 0x6985),
        (ISD, 0x6A88),
    ] {
        dialogue(&mut card, &[(select, 0x9000), (&ask_for(8), expected)]);
    }
    assert_eq!(status(&mut card, COMMON), 0x9000);
    for len in [1, 8, 16, 64, 255] {
        let (signature, status) = ask(&mut card, &ask_for(len));
        assert_eq!(status, 0x9000);
        assert!(verified(&key, &vec![0xC7; len], &signature));
        assert_eq!(
            ask(&mut card, &ask_for(len)).0,
            signature,
            "nothing random in it"
        );
    }
    dialogue(
        &mut card,
        &[
            (b"\x00\x88\x00\x99\x00", 0x6700),
            (b"\x00\x88\x00\x99\x02ab", 0x6700),
            (b"\x00\x88\x01\x99\x02ab\x00", 0x6A86),
            (b"\x00\x88\x00\x9C\x02ab\x00", 0x6981),
            (b"\x00\x88\x00\x9A\x02ab\x00", 0x6A88),
        ],
    );
}

#[test]
fn the_six_forms_of_signature() {
    use ring::signature::RSA_PSS_2048_8192_SHA256;
    const INFO: &[u8] =
        b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
    let mut card = card();
    dialogue(
        &mut card,
        &[
            (JPKI, 0x9000),
            (&verify(0x18, "1234"), 0x9000),
            (&verify(0x1B, "ABC123"), 0x9000),
        ],
    );
    let pss = |modulus: &[u8], message: &[u8], signature: &[u8]| {
        RsaPublicKeyComponents { n: modulus, e: &E }
            .verify(&RSA_PSS_2048_8192_SHA256, message, signature)
            .is_ok()
    };
    for (key, certificate) in [(0x97, 0x000A), (0x9A, 0x0001)] {
        let certificate = read_file(&mut card, certificate);
        let certificate = &certificate[..der_len(&certificate)];
        let begin = certificate
            .windows(9)
            .position(|w| w == b"\x30\x82\x01\x0A\x02\x82\x01\x01\x00")
            .unwrap();
        let modulus = &certificate[begin + 9..begin + 9 + 256];
        let mut sign =
            |p1, data: &[u8]| ask(&mut card, &command([0x80, 0x2A, p1, key], data, true));
        for message in [&b"m"[..], b"message", &[0x5A; 255]] {
            let hash = sha256(message);
            let info = [INFO, &hash].concat();
            let (bare, status) = sign(0x01, message);
            assert!(status == 0x9000 && verified_bare(modulus, &hash, &bare));
            let given = sign(0x02, &hash);
            assert!(given.1 == 0x9000 && verified(modulus, message, &given.0));
            // Three ways to the same signature.
            assert_eq!(sign(0x03, message), given);
            assert_eq!(sign(0x00, &info), given);
            for (p1, data) in [(0x04, hash.as_slice()), (0x05, message)] {
                let one = sign(p1, data);
                let two = sign(p1, data);
                assert!(one.1 == 0x9000 && pss(modulus, message, &one.0));
                assert!(pss(modulus, message, &two.0) && one.0 != two.0, "salted");
                assert!(!pss(modulus, b"other", &one.0));
            }
        }
        for (p1, len, expected) in [
            (0x00, 0, 0x6700),
            (0x00, 246, 0x6700),
            (0x01, 0, 0x6700),
            (0x02, 0, 0x6985),
            (0x02, 31, 0x6985),
            (0x02, 33, 0x6985),
            (0x03, 0, 0x6700),
            (0x04, 31, 0x6985),
            (0x04, 33, 0x6985),
            (0x05, 0, 0x6700),
            (0x06, 32, 0x6A86),
            (0x80, 32, 0x6A86),
            (0xFF, 32, 0x6A86),
        ] {
            assert_eq!(
                sign(p1, &vec![0x11; len]).1,
                expected,
                "P1 {p1:02X}, {len} bytes"
            );
        }
    }
}
