//! Where in a dialogue something happens, by what is said.

/// A moment in the dialogue with a card, known by its command: the number of the exchange differs from program to
/// program, and with what card and reader can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Moment {
    /// SELECT, of anything.
    Select,
    /// READ BINARY.
    Read,
    /// VERIFY without data: how many tries are left?
    Count,
    /// VERIFY with data: a secret is presented.
    Verify,
    /// COMPUTE DIGITAL SIGNATURE.
    Sign,
}

impl Moment {
    /// Whether this command APDU is sent at such a moment.
    ///
    /// ```
    /// use uketsuke::simulation::Moment;
    ///
    /// assert!(Moment::Count.is(&[0x00, 0x20, 0x00, 0x98]));
    /// assert!(!Moment::Verify.is(&[0x00, 0x20, 0x00, 0x98]));
    /// ```
    #[must_use]
    pub fn is(self, command: &[u8]) -> bool {
        let instruction = command.get(1).copied();
        match self {
            Self::Select => instruction == Some(0xA4),
            Self::Read => matches!(instruction, Some(0xB0 | 0xB1)),
            Self::Count => instruction == Some(0x20) && command.len() <= 5,
            Self::Verify => instruction == Some(0x20) && command.len() > 5,
            Self::Sign => instruction == Some(0x2A),
        }
    }
}
