//! What is taken for a terminal's public key.

use proptest::prelude::*;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use uketsuke::trust::{TerminalKey, TerminalKeyError};

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap() as u8;
    let pairs = hex.as_bytes().chunks(2);
    let bytes: Vec<u8> = pairs
        .map(|two| digit(&two[0]) << 4 | digit(&two[1]))
        .collect();
    bytes.try_into().unwrap()
}

fn ed25519(hex: &str) -> Result<(), TerminalKeyError> {
    TerminalKey::ed25519(bytes(hex)).map(drop)
}

fn p256(x: &str, y: &str) -> Result<(), TerminalKeyError> {
    TerminalKey::p256(bytes(&format!("04{x}{y}"))).map(drop)
}

const NOT_A_POINT: Result<(), TerminalKeyError> = Err(TerminalKeyError::NotAPoint);
const SMALL_ORDER: Result<(), TerminalKeyError> = Err(TerminalKeyError::SmallOrder);

#[test]
fn keys_of_the_standards_are_keys() {
    // RFC 8032 §7.1, tests 1 to 3.
    for key in [
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    ] {
        assert_eq!(ed25519(key), Ok(()), "{key}");
    }
    // RFC 6979 §A.2.5.
    let x = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
    let y = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
    assert_eq!(p256(x, y), Ok(()));
}

#[test]
fn what_is_no_point_of_ed25519_is_refused() {
    // RFC 8032 §5.1.3: for y = 2, 7, 8 and 11 there is no x; then y = p and p + 1, which
    // aren't below p; and no −0 beside y = 1 and −1.
    for key in [
        "0200000000000000000000000000000000000000000000000000000000000000",
        "0700000000000000000000000000000000000000000000000000000000000080",
        "0800000000000000000000000000000000000000000000000000000000000000",
        "0b00000000000000000000000000000000000000000000000000000000000080",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ] {
        assert_eq!(ed25519(key), NOT_A_POINT, "{key}");
    }
    // y = 3 and its neighbours are ordinary points.
    for y in [3, 4, 5, 6, 9, 10] {
        for sign in ["00", "80"] {
            let key = format!("{y:02x}{}{sign}", "00".repeat(30));
            assert_eq!(ed25519(&key), Ok(()), "{key}");
        }
    }
}

/// All eight: under each, signatures can be made by trial without any key.
#[test]
fn points_of_small_order_are_refused() {
    for key in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ] {
        assert_eq!(ed25519(key), SMALL_ORDER, "{key}");
    }
}

#[test]
fn what_is_no_point_of_p256_is_refused() {
    const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";
    const P: &str = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    // y² = b: on the curve at x = 0, and not at x = p, which is no coordinate.
    let y = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
    assert_eq!(p256(ZERO, y), Ok(()));
    assert_eq!(p256(P, y), NOT_A_POINT);
    // The same of y = 5 and p + 5.
    let x = "d7325d7646cd60d80a92738ceb345f844cffaf35841022cab176f692de8de1d7";
    let five = &format!("{}05", &ZERO[2..]);
    let and_p = "ffffffff00000001000000000000000000000001000000000000000000000004";
    assert_eq!(p256(x, five), Ok(()));
    assert_eq!(p256(x, and_p), NOT_A_POINT);
    assert_eq!(p256(ZERO, ZERO), NOT_A_POINT);
    assert_eq!(p256(x, y), NOT_A_POINT);
    for form in [0, 2, 3, 5, 6, 7] {
        let mut key: [u8; 65] = bytes(&format!("04{x}{five}"));
        key[0] = form;
        let found = TerminalKey::p256(key).map(drop);
        assert_eq!(found, Err(TerminalKeyError::Form), "{form}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Of Ed25519 about half of all bytes are points, so a flipped bit may make
    /// another key; of P-256 none of a point's neighbours are.
    #[test]
    fn generated_keys_are_keys(seed: [u8; 32], at in 8_usize..520) {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        let key = pair.public_key().as_ref().try_into().unwrap();
        prop_assert!(TerminalKey::ed25519(key).is_ok());

        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap();
        let mut key: [u8; 65] = pair.public_key().as_ref().try_into().unwrap();
        prop_assert!(TerminalKey::p256(key).is_ok());
        key[at / 8] ^= 1 << (at % 8);
        prop_assert_eq!(TerminalKey::p256(key), Err(TerminalKeyError::NotAPoint));
    }
}
