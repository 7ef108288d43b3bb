//! Where everything is on the card: applications, files, secrets and keys, as
//! data. The code of this module knows roles; a generation of the card is one
//! table of these types, and [`TODAY`] is the card of today.
//!
//! Identifiers are publicly reported by several independent programs that run
//! on real cards, unless a comment says less. Sizes of real files are mostly
//! not public: limits are several times what was reported.

use std::ops::RangeInclusive;

use super::SecretKind;

/// One generation of the card. Roles may share an application: then their
/// secrets are the same ones, with one count.
pub(super) struct CardMap {
    /// What is selected to leave an application.
    pub(super) issuer_security_domain: &'static [u8],
    pub(super) jpki: JpkiMap,
    pub(super) face: FaceMap,
    pub(super) input: InputMap,
    pub(super) common: CommonMap,
}

/// An application and what may be presented in it.
pub(super) struct ApplicationMap {
    /// Its AID, which is also what tells it from others.
    pub(super) aid: &'static [u8],
    pub(super) secrets: &'static [SecretMap],
}

impl ApplicationMap {
    pub(super) fn secret(&self, kind: SecretKind) -> Option<&SecretMap> {
        self.secrets.iter().find(|secret| secret.kind == kind)
    }
}

/// The public authentication service.
pub(super) struct JpkiMap {
    pub(super) application: ApplicationMap,
    pub(super) authentication_certificate: FileMap,
    pub(super) authentication_ca: FileMap,
    pub(super) signing_certificate: FileMap,
    pub(super) signing_ca: FileMap,
    pub(super) token: FileMap,
    pub(super) presence: FileMap,
    pub(super) authentication_key: KeyMap,
    pub(super) signing_key: KeyMap,
}

/// The picture of the card's face.
pub(super) struct FaceMap {
    pub(super) application: ApplicationMap,
    pub(super) age: FileMap,
    pub(super) face: FileMap,
    pub(super) information: FileMap,
    pub(super) issuer_certificate: FileMap,
    #[cfg(feature = "my-number")]
    pub(super) my_number: FileMap,
    pub(super) key: KeyMap,
}

/// The attributes as text.
pub(super) struct InputMap {
    pub(super) application: ApplicationMap,
    #[cfg(feature = "my-number")]
    pub(super) my_number: FileMap,
    pub(super) attributes: FileMap,
    pub(super) integrity: FileMap,
    pub(super) issuer_certificate: FileMap,
    pub(super) information: FileMap,
    pub(super) key: KeyMap,
}

/// What all cards have in common.
pub(super) struct CommonMap {
    pub(super) application: ApplicationMap,
    /// A file of records.
    pub(super) serial: FileMap,
}

/// An elementary file (EF).
pub(super) struct FileMap {
    /// What errors call it.
    pub(super) name: &'static str,
    pub(super) identifier: u16,
    /// Most bytes that are read of it.
    pub(super) max: usize,
    pub(super) access: Access,
}

impl FileMap {
    /// Its short identifier: the low five bits of the identifier.
    pub(super) const fn short(&self) -> u8 {
        low_five(self.identifier)
    }
}

/// What opens a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing is needed: the place to try extended length.
    Free,
    /// One of these secrets.
    Behind(&'static [SecretKind]),
}

/// A secret of one application.
pub(super) struct SecretMap {
    pub(super) kind: SecretKind,
    /// What errors call it.
    pub(super) name: &'static str,
    pub(super) reference: u16,
    pub(super) shape: Shape,
}

impl SecretMap {
    /// `P2` of VERIFY.
    pub(super) const fn p2(&self) -> u8 {
        0x80 | low_five(self.reference)
    }
}

/// What a secret looks like. A value of another shape isn't presented: it
/// would cost a try for nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shape {
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) characters: Characters,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Characters {
    /// `0`–`9`.
    Digits,
    /// `A`–`Z` and `0`–`9`, at least one of each.
    LettersAndDigits,
}

impl Shape {
    const fn digits(len: usize) -> Self {
        Self {
            min: len,
            max: len,
            characters: Characters::Digits,
        }
    }

    pub(super) const fn allows(self, character: char) -> bool {
        match self.characters {
            Characters::Digits => character.is_ascii_digit(),
            Characters::LettersAndDigits => {
                character.is_ascii_uppercase() || character.is_ascii_digit()
            }
        }
    }

    pub(super) fn fits(self, value: &[u8]) -> bool {
        (self.min..=self.max).contains(&value.len())
            && value.iter().all(|byte| self.allows(char::from(*byte)))
    }
}

/// A private key.
pub(super) struct KeyMap {
    /// What errors call its signature.
    pub(super) name: &'static str,
    /// `None`: the application's default key, `P2` `00`.
    pub(super) reference: Option<u16>,
    pub(super) algorithm: Algorithm,
}

impl KeyMap {
    /// `P2` of COMPUTE DIGITAL SIGNATURE.
    pub(super) const fn p2(&self) -> u8 {
        match self.reference {
            Some(reference) => 0x80 | low_five(reference),
            None => 0x00,
        }
    }
}

/// How a key signs.
pub(super) struct Algorithm {
    /// The forms of input that it takes: `P1`.
    pub(super) forms: &'static [u8],
    /// Most bytes of input.
    pub(super) input: usize,
    /// Bytes of a signature.
    pub(super) signature: RangeInclusive<usize>,
}

const fn low_five(identifier: u16) -> u8 {
    let [_, low] = identifier.to_be_bytes();
    low & 0x1F
}

pub(super) const AUTH_PIN: Shape = Shape::digits(4);
pub(super) const INPUT_PIN: Shape = Shape::digits(4);
pub(super) const REFERENCE_NUMBER_B: Shape = Shape::digits(14);
pub(super) const BIRTH_DATE: Shape = Shape::digits(6);
#[cfg(feature = "my-number")]
pub(super) const REFERENCE_NUMBER_A: Shape = Shape::digits(12);
pub(super) const SIGN_PASSWORD: Shape = Shape {
    min: 6,
    max: 16,
    characters: Characters::LettersAndDigits,
};

/// RSA of 2,048 bits. The six forms of `P1` are reported by one project that
/// measured them; `00` is used by all.
const RSA_2048: Algorithm = Algorithm {
    forms: &[0x00, 0x01, 0x02, 0x03, 0x04, 0x05],
    input: 255,
    signature: 256..=256,
};

const fn free(name: &'static str, identifier: u16, max: usize) -> FileMap {
    FileMap {
        name,
        identifier,
        max,
        access: Access::Free,
    }
}

const fn behind(
    name: &'static str,
    identifier: u16,
    max: usize,
    secrets: &'static [SecretKind],
) -> FileMap {
    FileMap {
        name,
        identifier,
        max,
        access: Access::Behind(secrets),
    }
}

const fn secret(kind: SecretKind, name: &'static str, reference: u16, shape: Shape) -> SecretMap {
    SecretMap {
        kind,
        name,
        reference,
        shape,
    }
}

#[cfg(feature = "my-number")]
const A_OR_B: &[SecretKind] = &[SecretKind::ReferenceNumberB, SecretKind::ReferenceNumberA];
#[cfg(not(feature = "my-number"))]
const A_OR_B: &[SecretKind] = &[SecretKind::ReferenceNumberB];

#[cfg(feature = "my-number")]
const PIN_OR_A: &[SecretKind] = &[SecretKind::InputPin, SecretKind::ReferenceNumberA];
#[cfg(feature = "my-number")]
const ONLY_A: &[SecretKind] = &[SecretKind::ReferenceNumberA];
const PIN_OR_B: &[SecretKind] = &[SecretKind::InputPin, SecretKind::ReferenceNumberB];

/// The largest certificate that is read. Real ones are publicly reported
/// between 1,573 and 1,590 bytes.
const CERTIFICATE_MAX: usize = 8 * 1024;

/// The card of today, issued since 2016.
pub(super) static TODAY: CardMap = CardMap {
    // GlobalPlatform's: selecting it leaves every other application, which
    // closes what a secret had opened. Reported by one project that measured it.
    issuer_security_domain: &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00],
    jpki: JpkiMap {
        application: ApplicationMap {
            aid: &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01],
            secrets: &[
                secret(
                    SecretKind::AuthPin,
                    "the authentication PIN",
                    0x0018,
                    AUTH_PIN,
                ),
                secret(
                    SecretKind::SignPassword,
                    "the signature password",
                    0x001B,
                    SIGN_PASSWORD,
                ),
            ],
        },
        authentication_certificate: free("the authentication certificate", 0x000A, CERTIFICATE_MAX),
        authentication_ca: free(
            "the CA certificate of authentication",
            0x000B,
            CERTIFICATE_MAX,
        ),
        signing_certificate: behind(
            "the signing certificate",
            0x0001,
            CERTIFICATE_MAX,
            &[SecretKind::SignPassword],
        ),
        signing_ca: free("the CA certificate of signing", 0x0002, CERTIFICATE_MAX),
        token: free("the token information", 0x0006, 160),
        // Reported by one project that measured it.
        presence: free("the flags of the certificates", 0x0008, 3),
        authentication_key: KeyMap {
            name: "the signature",
            reference: Some(0x0017),
            algorithm: RSA_2048,
        },
        signing_key: KeyMap {
            name: "the signature of the signing key",
            reference: Some(0x001A),
            algorithm: RSA_2048,
        },
    },
    face: FaceMap {
        application: ApplicationMap {
            aid: &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02],
            secrets: &[
                // Reported by one project that measured it.
                secret(
                    SecretKind::BirthDate,
                    "the birth date key",
                    0x0011,
                    BIRTH_DATE,
                ),
                secret(
                    SecretKind::ReferenceNumberB,
                    "照合番号B",
                    0x0012,
                    REFERENCE_NUMBER_B,
                ),
                #[cfg(feature = "my-number")]
                secret(
                    SecretKind::ReferenceNumberA,
                    "照合番号A",
                    0x0013,
                    REFERENCE_NUMBER_A,
                ),
            ],
        },
        age: behind(
            "the age record (券面事項確認AP)",
            0x0001,
            2 * 1024,
            &[SecretKind::BirthDate],
        ),
        // 15 bits of offset reach no further.
        face: behind("the card face (券面事項確認AP)", 0x0002, 48 * 1024, A_OR_B),
        information: free("the basic information (券面事項確認AP)", 0x0003, 1024),
        issuer_certificate: free(
            "the issuer's certificate (券面事項確認AP)",
            0x0004,
            2 * 1024,
        ),
        #[cfg(feature = "my-number")]
        my_number: behind(
            "the picture of the My Number (券面事項確認AP)",
            0x0005,
            4 * 1024,
            ONLY_A,
        ),
        // 001A, which `P2` `00` stands for.
        key: KeyMap {
            name: "the signature of the card face key",
            reference: None,
            algorithm: RSA_2048,
        },
    },
    input: InputMap {
        application: ApplicationMap {
            aid: &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08],
            secrets: &[
                secret(
                    SecretKind::InputPin,
                    "the PIN of 券面事項入力補助",
                    0x0011,
                    INPUT_PIN,
                ),
                #[cfg(feature = "my-number")]
                secret(
                    SecretKind::ReferenceNumberA,
                    "照合番号A",
                    0x0014,
                    REFERENCE_NUMBER_A,
                ),
                secret(
                    SecretKind::ReferenceNumberB,
                    "照合番号B",
                    0x0015,
                    REFERENCE_NUMBER_B,
                ),
            ],
        },
        #[cfg(feature = "my-number")]
        my_number: behind("the My Number (券面事項入力補助AP)", 0x0001, 64, PIN_OR_A),
        attributes: behind(
            "the four attributes (券面事項入力補助AP)",
            0x0002,
            4 * 1024,
            PIN_OR_B,
        ),
        integrity: behind(
            "the integrity record (券面事項入力補助AP)",
            0x0003,
            1024,
            PIN_OR_B,
        ),
        issuer_certificate: free(
            "the issuer's certificate (券面事項入力補助AP)",
            0x0004,
            2 * 1024,
        ),
        information: free("the basic information (券面事項入力補助AP)", 0x0005, 1024),
        key: KeyMap {
            name: "the signature of the 券面事項入力補助 key",
            reference: None,
            algorithm: RSA_2048,
        },
    },
    common: CommonMap {
        application: ApplicationMap {
            aid: &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00],
            secrets: &[],
        },
        serial: free("the serial record (共通カードAP)", 0x0001, 256),
    },
};
