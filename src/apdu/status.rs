//! Status words.

use std::fmt;

use super::Le;

/// SW1 SW2, the last two bytes of every response (ISO/IEC 7816-4:2005, 5.1.3).
///
/// What a word means is the card's business as much as the standard's: the constants give the standard's meaning, and
/// where publicly reported measurements of My Number cards differ it is said.
///
/// ```
/// use uketsuke::apdu::StatusWord;
///
/// assert_eq!(StatusWord::new(0x63C2).tries_left(), Some(2));
/// // Blocked, not "three tries left": only 63 Cx carries a count.
/// assert_eq!(StatusWord::BLOCKED.tries_left(), None);
/// assert_eq!(StatusWord::BLOCKED.to_string(), "6983");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(u16);

impl StatusWord {
    /// `9000`: done.
    pub const OK: Self = Self(0x9000);
    /// `6281`: part of the data may be corrupted.
    pub const CORRUPTED: Self = Self(0x6281);
    /// `6282`: the end of the file came before the expected length.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// `6300`: verification failed, and the card keeps no count.
    pub const VERIFICATION_FAILED: Self = Self(0x6300);
    /// `6400`: execution error, memory unchanged.
    pub const EXECUTION_ERROR: Self = Self(0x6400);
    /// `6581`: memory failure.
    pub const MEMORY_FAILURE: Self = Self(0x6581);
    /// `6700`: the length of the command is wrong, or extended lengths aren't taken.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// `6881`: this logical channel isn't supported.
    pub const CHANNEL_NOT_SUPPORTED: Self = Self(0x6881);
    /// `6882`: secure messaging isn't supported.
    pub const SECURE_MESSAGING_NOT_SUPPORTED: Self = Self(0x6882);
    /// `6981`: the command doesn't fit the structure of the file.
    pub const WRONG_STRUCTURE: Self = Self(0x6981);
    /// `6982`: security status not satisfied: a secret has to be verified first.
    pub const NOT_VERIFIED: Self = Self(0x6982);
    /// `6983`: the secret is blocked (what the standard says; see [`Self::REFERENCE_UNUSABLE`]).
    pub const BLOCKED: Self = Self(0x6983);
    /// `6984`: reference data not usable. Publicly reported as a My Number card's answer to VERIFY with a blocked secret.
    pub const REFERENCE_UNUSABLE: Self = Self(0x6984);
    /// `6985`: conditions of use not satisfied.
    pub const CONDITIONS_NOT_SATISFIED: Self = Self(0x6985);
    /// `6986`: no file is selected.
    pub const NO_CURRENT_EF: Self = Self(0x6986);
    /// `6A80`: wrong command data.
    pub const WRONG_DATA: Self = Self(0x6A80);
    /// `6A81`: function not supported.
    pub const FUNCTION_NOT_SUPPORTED: Self = Self(0x6A81);
    /// `6A82`: file or application not found.
    pub const NOT_FOUND: Self = Self(0x6A82);
    /// `6A83`: record not found.
    pub const RECORD_NOT_FOUND: Self = Self(0x6A83);
    /// `6A86`: wrong P1 or P2.
    pub const WRONG_P1P2: Self = Self(0x6A86);
    /// `6A88`: reference data not found.
    pub const REFERENCE_NOT_FOUND: Self = Self(0x6A88);
    /// `6B00`: wrong parameters; to READ BINARY, an offset past the end of the file.
    pub const WRONG_OFFSET: Self = Self(0x6B00);
    /// `6D00`: instruction not supported.
    pub const INS_NOT_SUPPORTED: Self = Self(0x6D00);
    /// `6E00`: class not supported.
    pub const CLA_NOT_SUPPORTED: Self = Self(0x6E00);
    /// `6F00`: no precise diagnosis.
    pub const UNKNOWN_ERROR: Self = Self(0x6F00);

    /// From SW1 in the high byte and SW2 in the low byte.
    #[must_use]
    pub const fn new(sw: u16) -> Self {
        Self(sw)
    }

    /// SW1 in the high byte, SW2 in the low byte.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Exactly `9000`. Warnings (`62xx`, `63xx`) and `61xx` aren't OK.
    #[must_use]
    pub const fn is_ok(self) -> bool {
        self.0 == 0x9000
    }

    /// `63 Cx` only: x tries are left, 0 to 15. Never the low nibble of anything else, so that a blocked PIN (`69 83`)
    /// can't read as three tries left.
    #[must_use]
    pub const fn tries_left(self) -> Option<u8> {
        let [sw1, sw2] = self.0.to_be_bytes();
        if sw1 == 0x63 && sw2 & 0xF0 == 0xC0 {
            Some(sw2 & 0x0F)
        } else {
            None
        }
    }

    /// `61 xx` only: how many more bytes GET RESPONSE would bring now (`00`: 256 or more).
    #[must_use]
    pub fn more_data(self) -> Option<Le> {
        let [sw1, sw2] = self.0.to_be_bytes();
        (sw1 == 0x61).then(|| Le::from_short(sw2))
    }

    /// `6C xx` only: the expected length that the card asks for (`00`: 256).
    #[must_use]
    pub fn correct_le(self) -> Option<Le> {
        let [sw1, sw2] = self.0.to_be_bytes();
        (sw1 == 0x6C).then(|| Le::from_short(sw2))
    }

    /// What the standard says in a few words, for logs and service staff.
    ///
    /// ```
    /// use uketsuke::apdu::StatusWord;
    ///
    /// assert_eq!(StatusWord::NOT_FOUND.meaning(), "file or application not found");
    /// assert_eq!(StatusWord::new(0x63C1).meaning(), "verification failed, tries left in the last digit");
    /// ```
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self.0 {
            0x9000 => "done",
            0x6281 => "part of the data may be corrupted",
            0x6282 => "end of the file reached early",
            0x6300 => "verification failed",
            0x63C0..=0x63CF => "verification failed, tries left in the last digit",
            0x6581 => "memory failure",
            0x6700 => "wrong length",
            0x6881 => "logical channel not supported",
            0x6882 => "secure messaging not supported",
            0x6981 => "command does not fit the file",
            0x6982 => "a secret has to be verified first",
            0x6983 => "the secret is blocked",
            0x6984 => "reference data not usable (blocked)",
            0x6985 => "conditions of use not satisfied",
            0x6986 => "no file selected",
            0x6A80 => "wrong command data",
            0x6A81 => "function not supported",
            0x6A82 => "file or application not found",
            0x6A83 => "record not found",
            0x6A86 => "wrong P1 or P2",
            0x6A88 => "reference data not found",
            0x6B00 => "wrong parameters or offset past the end",
            0x6D00 => "instruction not supported",
            0x6E00 => "class not supported",
            0x6F00 => "no precise diagnosis",
            0x6100..=0x61FF => "more data available",
            0x6C00..=0x6CFF => "wrong expected length, the right one in the last byte",
            0x6200..=0x62FF => "warning, memory unchanged",
            0x6301..=0x63FF => "warning, memory changed",
            0x6400..=0x64FF => "execution error, memory unchanged",
            0x6500..=0x65FF => "execution error, memory changed",
            0x6600..=0x66FF => "security-related error",
            0x6800..=0x68FF => "function in CLA not supported",
            0x6900..=0x69FF => "command not allowed",
            0x6A00..=0x6AFF => "wrong parameters",
            _ => "not defined by ISO/IEC 7816-4",
        }
    }
}

impl StatusWord {
    /// Whether this very word has a meaning in ISO/IEC 7816-4, so that a card
    /// which puts something else there (two bytes hold a whole PIN) doesn't get
    /// it shown.
    pub(crate) const fn is_named(self) -> bool {
        matches!(
            self.0,
            0x9000
                | 0x6281
                | 0x6282
                | 0x6300
                | 0x63C0..=0x63CF
                | 0x6581
                | 0x6700
                | 0x6881
                | 0x6882
                | 0x6981..=0x6986
                | 0x6A80..=0x6A83
                | 0x6A86
                | 0x6A88
                | 0x6B00
                | 0x6D00
                | 0x6E00
                | 0x6F00
        )
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}
