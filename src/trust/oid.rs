//! Object identifiers, as the bytes of their DER value.
//!
//! Bytes, because `const-oid` has room for neither long identifiers nor a
//! second arc above 39 below 2, and an unknown extension may bear any.

pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
pub(super) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
pub(super) const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1d, 0x20];
pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
pub(super) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 0x23];
pub(super) const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
pub(super) const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 0x14];
pub(super) const REASON_CODE: &[u8] = &[0x55, 0x1d, 0x15];
pub(super) const INVALIDITY_DATE: &[u8] = &[0x55, 0x1d, 0x18];
pub(super) const DELTA_CRL_INDICATOR: &[u8] = &[0x55, 0x1d, 0x1b];
pub(super) const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1d, 0x1c];
pub(super) const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1d, 0x1d];
pub(super) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 0x0e];
pub(super) const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];

/// 1.2.392.200149.8.5.5, above the holder's attributes in signing certificates.
pub(super) const PERSONAL_DATA: &[u8] = &[0x2a, 0x83, 0x08, 0x8c, 0x9b, 0x55, 8, 5, 5];
/// anyPolicy, 2.5.29.32.0.
pub(super) const ANY_POLICY: &[u8] = &[0x55, 0x1d, 0x20, 0];

/// id-kp-clientAuth, 1.3.6.1.5.5.7.3.2.
pub(super) const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
/// id-kp-OCSPSigning, 1.3.6.1.5.5.7.3.9.
pub(super) const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];
/// id-pkix-ocsp-basic, 1.3.6.1.5.5.7.48.1.1.
pub(super) const OCSP_BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 1];
/// id-pkix-ocsp-nonce, 1.3.6.1.5.5.7.48.1.2.
pub(super) const OCSP_NONCE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 2];
/// id-pkix-ocsp-nocheck, 1.3.6.1.5.5.7.48.1.5.
pub(super) const OCSP_NOCHECK: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 5];
/// id-sha1, 1.3.14.3.2.26.
pub(super) const SHA1: &[u8] = &[0x2b, 0x0e, 3, 2, 0x1a];
/// id-sha256, 2.16.840.1.101.3.4.2.1.
pub(super) const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
/// id-qt-cps and id-qt-unotice, 1.3.6.1.5.5.7.2.1 and .2.
pub(super) const QUALIFIERS: [&[u8]; 2] =
    [&[0x2b, 6, 1, 5, 5, 7, 2, 1], &[0x2b, 6, 1, 5, 5, 7, 2, 2]];

/// AlgorithmIdentifier of sha256WithRSAEncryption, with its NULL (RFC 4055 §5).
pub(super) const SHA256_WITH_RSA: &[u8] = &[
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00,
];
/// AlgorithmIdentifier of rsaEncryption, with its NULL (RFC 3279 §2.3.1).
pub(super) const RSA_ENCRYPTION: &[u8] = &[
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// AlgorithmIdentifier of ecdsa-with-SHA384, which has no parameters (RFC 5758 §3.2).
pub(super) const ECDSA_WITH_SHA384: &[u8] = &[
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03,
];
/// AlgorithmIdentifier of id-ecPublicKey with secp384r1 (RFC 5480 §2.1.1).
pub(super) const EC_P384: &[u8] = &[
    0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04,
    0x00, 0x22,
];

/// Longest dotted form that is given; an identifier can be as long as the certificate.
const MAX_DOTTED: usize = 128;

/// The dotted form, for messages; what isn't an identifier ends in `?`, what is too long in `…`.
pub(super) fn dotted(value: &[u8]) -> String {
    let mut text = String::new();
    let mut arc: u128 = 0;
    let mut inside = false;
    for &byte in value {
        if text.len() > MAX_DOTTED {
            text.push('…');
            return text;
        }
        if arc > u128::MAX >> 7 {
            text.push('?');
            return text;
        }
        arc = (arc << 7) | u128::from(byte & 0x7f);
        inside = byte & 0x80 != 0;
        if inside {
            continue;
        }
        if text.is_empty() {
            // X.690 §8.19.4: the first two arcs in one number, the first 0, 1 or 2.
            let first = (arc / 40).min(2);
            text = format!("{first}.{}", arc - first * 40);
        } else {
            text.push('.');
            text.push_str(&arc.to_string());
        }
        arc = 0;
    }
    if inside || value.is_empty() {
        text.push('?');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_forms() {
        for (bytes, text) in [
            (KEY_USAGE, "2.5.29.15"),
            (CLIENT_AUTH, "1.3.6.1.5.5.7.3.2"),
            (&[0x88, 0x37, 0x03][..], "2.999.3"),
            (&[0x00], "0.0"),
            (&[0x27], "0.39"),
            (&[0x4f], "1.39"),
            (&[0x50], "2.0"),
            (&[], "?"),
            (&[0x55, 0x80], "2.5?"),
            (&[0xff; 40], "?"),
        ] {
            assert_eq!(dotted(bytes), text);
        }
        let long = dotted(&[0x01; 4096]);
        assert!(long.ends_with('…') && long.len() < 200);
    }
}
