//! DER read once more, without the library: what was accepted has to say the same here.

use jiff::civil::DateTime;
use uketsuke::trust::{RevocationReason, SignatureAlgorithm, verify_signature};

pub struct Part<'a> {
    pub tag: u8,
    pub whole: &'a [u8],
    pub value: &'a [u8],
}

impl<'a> Part<'a> {
    pub fn parts(&self) -> Vec<Part<'a>> {
        parts(self.value)
    }

    /// Of an INTEGER: without leading zeros.
    pub fn number(&self) -> &'a [u8] {
        let zeros = self.value.iter().take_while(|byte| **byte == 0).count();
        &self.value[zeros..]
    }

    /// Seconds since 1970 of UTCTime or GeneralizedTime.
    pub fn time(&self) -> i64 {
        let text = std::str::from_utf8(self.value).expect("digits");
        let (text, shortened) = match self.tag {
            0x17 if text < "5" => (format!("20{text}"), 13),
            0x17 => (format!("19{text}"), 13),
            _ => (text.to_owned(), 15),
        };
        assert_eq!(self.value.len(), shortened);
        DateTime::strptime("%Y%m%d%H%M%SZ", text)
            .and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC))
            .expect("a time")
            .timestamp()
            .as_second()
    }
}

/// The elements of what the library has read.
pub fn parts(mut der: &[u8]) -> Vec<Part<'_>> {
    let mut all = Vec::new();
    while let [tag, first, ..] = *der {
        let more = usize::from(first & 0x7f);
        let (header, len) = match first {
            0..0x80 => (2, more),
            _ => {
                let bytes = &der[2..2 + more];
                let len = bytes
                    .iter()
                    .fold(0, |len, byte| len << 8 | usize::from(*byte));
                (2 + more, len)
            }
        };
        let (whole, rest) = der.split_at(header + len);
        let value = &whole[header..];
        all.push(Part { tag, whole, value });
        der = rest;
    }
    assert!(der.is_empty());
    all
}

/// The value of an extension among `SEQUENCE OF Extension`.
pub fn extension<'a>(sequence: &Part<'a>, oid: &[u8]) -> Option<&'a [u8]> {
    let mut all = sequence.parts().into_iter();
    all.find(|extension| extension.parts()[0].value == oid)
        .and_then(|extension| Some(extension.parts().pop()?.value))
}

/// Whether each critical one among `SEQUENCE OF Extension` is one of those.
pub fn all_understood(sequence: &Part<'_>, understood: &[&[u8]]) -> bool {
    let all = sequence.parts();
    all.iter().map(Part::parts).all(|extension| {
        let critical = extension[1].tag == 1 && extension[1].value == [0xff];
        !critical || understood.contains(&extension[0].value)
    })
}

/// subjectPublicKeyInfo of a certificate.
pub fn key_info(certificate: &[u8]) -> &[u8] {
    parts(certificate)[0].parts()[0].parts()[6].whole
}

/// The first name of the first distribution point of a certificate.
pub fn distribution_point(certificate: &[u8]) -> &[u8] {
    let extensions = &parts(certificate)[0].parts()[0].parts()[7].parts()[0];
    let value = extension(extensions, &[0x55, 0x1d, 0x1f]).expect("cRLDistributionPoints");
    let point = &parts(value)[0].parts()[0];
    point.parts()[0].parts()[0].parts()[0].whole
}

/// Whether `signed` (what is signed, algorithm, BIT STRING) is signed by that key.
pub fn is_signed(signed: &[Part<'_>], key_info: &[u8]) -> bool {
    let [tbs, _, signature, ..] = signed else {
        return false;
    };
    [
        SignatureAlgorithm::RsaPkcs1Sha256,
        SignatureAlgorithm::EcdsaP384Sha384,
    ]
    .into_iter()
    .any(|by| verify_signature(key_info, by, tbs.whole, &signature.value[1..]).is_ok())
}

pub fn reason(code: u8) -> RevocationReason {
    use RevocationReason as R;
    match code {
        0 => R::Unspecified,
        1 => R::KeyCompromise,
        2 => R::CaCompromise,
        3 => R::AffiliationChanged,
        4 => R::Superseded,
        5 => R::CessationOfOperation,
        6 => R::CertificateHold,
        9 => R::PrivilegeWithdrawn,
        10 => R::AaCompromise,
        _ => panic!("reason {code} was accepted"),
    }
}
