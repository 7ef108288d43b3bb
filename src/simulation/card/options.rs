//! What a virtual card may be told to do differently.

use std::fmt;

/// How a virtual card behaves where real ones differ, or where a test wants it to.
///
/// The PINs in here are those of a simulation, published or made up for a test, so they are plain strings that aren't
/// wiped. Never put a real person's in.
///
/// ```
/// use uketsuke::simulation::CardOptions;
///
/// let options = CardOptions { extended_plain: false, ..CardOptions::default() };
/// assert_eq!(options.blocked_status, 0x6984);
/// ```
#[derive(Clone)]
pub struct CardOptions {
    /// Whether READ BINARY by short identifier (`00 B0 8x`) takes an extended Le; otherwise that is answered with
    /// `6700`. Public programs read whole files of real cards so.
    pub extended_by_short_identifier: bool,
    /// Whether READ BINARY of the current file, with a 15-bit offset, takes an extended Le; otherwise `6700`. One
    /// public project says that real cards don't accept more than 256 here.
    ///
    /// With this and [`extended_by_short_identifier`](Self::extended_by_short_identifier) off, no command may have
    /// extended length fields.
    pub extended_plain: bool,
    /// The most bytes of a file that one READ BINARY gives, however many it asks for; `None` for no such limit. Nought
    /// counts as one.
    pub most_per_answer: Option<u16>,
    /// What VERIFY with data is answered with on a blocked secret: `6984`, which public projects report from real
    /// cards (it is also what JICSAP says), or `6983`, which ISO/IEC 7816-4 would have.
    pub blocked_status: u16,
    /// 利用者証明用電子証明書の暗証番号, four digits.
    pub auth_pin: String,
    /// 署名用電子証明書の暗証番号, 6 to 16 characters of A–Z and 0–9.
    pub sign_password: String,
    /// 券面事項入力補助用の暗証番号, four digits.
    pub input_pin: String,
    /// 個人番号カード用の暗証番号 (of the common application), four digits.
    pub common_pin: String,
    /// Bytes of filler (`FF`) after each certificate and after the basic four attributes: the files of real cards are
    /// longer than what is in them.
    pub filler: u8,
    /// Bytes of filler (`FF`) before the basic four attributes (input support, EF 0002). Two writers report that cards
    /// since 2023 have two; nobody confirmed it. The table in there counts from behind them.
    pub prefix: u8,
    /// Answers the first command after power-up with `6F00`, as one real card is reported to do.
    pub first_command_fails: bool,
    /// Tries of 照合番号B left of the card face, at most ten: others may have misread it before.
    pub reference_number_b_tries: u8,
    /// The photo on the card face is another one than the municipality signed, as on a card that somebody changed.
    pub foreign_photo: bool,
    /// Whether [`SIMULATED_PINLESS_COMMAND`](super::SIMULATED_PINLESS_COMMAND) is understood.
    pub pinless_stand_in: bool,
}

impl Default for CardOptions {
    fn default() -> Self {
        Self {
            extended_by_short_identifier: true,
            extended_plain: true,
            most_per_answer: None,
            blocked_status: 0x6984,
            auth_pin: "1234".to_owned(),
            sign_password: "ABC123".to_owned(),
            input_pin: "5678".to_owned(),
            common_pin: "9012".to_owned(),
            filler: 26,
            prefix: 0,
            first_command_fails: false,
            reference_number_b_tries: 10,
            foreign_photo: false,
            pinless_stand_in: true,
        }
    }
}

/// Hides the PINs: simulated ones are typed by people who may use a real one.
impl fmt::Debug for CardOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardOptions")
            .field(
                "extended_by_short_identifier",
                &self.extended_by_short_identifier,
            )
            .field("extended_plain", &self.extended_plain)
            .field("most_per_answer", &self.most_per_answer)
            .field(
                "blocked_status",
                &format_args!("{:04X}", self.blocked_status),
            )
            .field("filler", &self.filler)
            .field("prefix", &self.prefix)
            .field("first_command_fails", &self.first_command_fails)
            .field("reference_number_b_tries", &self.reference_number_b_tries)
            .field("foreign_photo", &self.foreign_photo)
            .field("pinless_stand_in", &self.pinless_stand_in)
            .finish_non_exhaustive()
    }
}
