//! What kind of thing the JPKI application lives in.

use std::fmt;

use super::file::Reading;
use super::map::FileMap;
use super::{CardError, Jpki, Opened};
use crate::Binding;
use crate::transport::Transport;
use zeroize::Zeroizing;

/// What carries the JPKI application, by its label.
///
/// Nothing signs the label: it says which advice is right, and proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Token {
    /// The plastic My Number card: `JPKIAPICCTOKEN2`, as several projects report.
    MyNumberCard,
    /// The former resident registration card (住民基本台帳カード): `JPKIAPICCTOKEN`.
    /// The last of its certificates ended in 2018.
    ResidentRegistrationCard,
    /// The secure element of an Android phone: `JPKIAPGPSETOKEN`, as two projects
    /// report. It has this application only, and wants the PIN before the
    /// certificate.
    AndroidPhone,
    /// An iPhone: `JPKIAPIOSTOKEN`, as one project reports. It has this
    /// application only.
    Iphone,
    /// Another label.
    Unknown,
}

impl Token {
    /// Whether it's a phone: no card face, no 照合番号, no photo.
    #[must_use]
    pub const fn is_phone(self) -> bool {
        matches!(self, Self::AndroidPhone | Self::Iphone)
    }

    fn of(label: &[u8]) -> Self {
        match label.trim_ascii_end() {
            b"JPKIAPICCTOKEN2" => Self::MyNumberCard,
            b"JPKIAPICCTOKEN" => Self::ResidentRegistrationCard,
            b"JPKIAPGPSETOKEN" => Self::AndroidPhone,
            b"JPKIAPIOSTOKEN" => Self::Iphone,
            _ => Self::Unknown,
        }
    }
}

/// All that the token says of itself (EF 0006): an image of PKCS #11's
/// `CK_TOKEN_INFO`, big-endian, as one project that read it on real cards
/// describes it. `Debug` prints the kind of token alone.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenInformation {
    bytes: [u8; TOKEN_LEN],
    binding: Binding,
}

const TOKEN_LEN: usize = 160;
const LABEL_LEN: usize = 32;

impl TokenInformation {
    /// The kind of token, by its label.
    #[must_use]
    pub fn token(&self) -> Token {
        Token::of(self.field(0, LABEL_LEN))
    }

    /// 32 characters at most, as written, without the padding.
    #[must_use]
    pub fn label(&self) -> String {
        self.text(0, LABEL_LEN)
    }

    /// Who made the token: 32 characters at most.
    #[must_use]
    pub fn manufacturer(&self) -> String {
        self.text(32, 32)
    }

    /// Which model: 16 characters at most.
    #[must_use]
    pub fn model(&self) -> String {
        self.text(64, 16)
    }

    /// The token's serial number: 16 characters at most. It may tell one card
    /// from all others.
    #[must_use]
    pub fn serial(&self) -> String {
        self.text(80, 16)
    }

    /// The flags of PKCS #11, as a number: `0000040D` was reported.
    #[must_use]
    pub fn flags(&self) -> u32 {
        self.number(96)
    }

    /// Fewest and most characters of a PIN, as the token says it: 6 and 16 were
    /// reported, which are those of the signature password.
    #[must_use]
    pub fn pin_length(&self) -> (u32, u32) {
        (self.number(120), self.number(116))
    }

    /// Open and most sessions, then those that may write.
    #[must_use]
    pub fn sessions(&self) -> [u32; 4] {
        [100, 104, 108, 112].map(|at| self.number(at))
    }

    /// Memory in bytes: public, free of it, private, free of it.
    #[must_use]
    pub fn memory(&self) -> [u32; 4] {
        [124, 128, 132, 136].map(|at| self.number(at))
    }

    /// Version of the hardware: two characters, `03` was reported.
    #[must_use]
    pub fn hardware_version(&self) -> String {
        self.text(140, 2)
    }

    /// Version of the firmware: two characters, `01` was reported.
    #[must_use]
    pub fn firmware_version(&self) -> String {
        self.text(142, 2)
    }

    /// The clock of the token, 16 characters at most; empty where it has none.
    #[must_use]
    pub fn utc_time(&self) -> String {
        self.text(144, 16)
    }

    /// The 160 bytes as read.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 160] {
        &self.bytes
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    fn field(&self, start: usize, len: usize) -> &[u8] {
        self.bytes.get(start..start + len).unwrap_or_default()
    }

    /// Padding is spaces. What isn't text comes as the replacement character.
    fn text(&self, start: usize, len: usize) -> String {
        let field = self.field(start, len);
        let text = String::from_utf8_lossy(field);
        text.trim_end_matches([' ', '\0']).to_owned()
    }

    fn number(&self, at: usize) -> u32 {
        let field = self.field(at, 4).first_chunk::<4>();
        field.map_or(0, |bytes| u32::from_be_bytes(*bytes))
    }
}

impl fmt::Debug for TokenInformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenInformation({:?})", self.token())
    }
}

/// Which certificates are on the card (EF 0008), as the card says it.
///
/// Reported by one project that measured it: `8F 8F 00` on cards with both.
/// What a card without a signing certificate says nobody measured; any value
/// but `8F` counts as absent here. It's a hint: reading the certificate is what
/// tells.
///
/// Where there is no such file, as on the former resident registration card,
/// asking for it is refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CertificatesPresent {
    signing: u8,
    authentication: u8,
}

impl CertificatesPresent {
    /// Whether there is a signing certificate.
    #[must_use]
    pub const fn signing(self) -> bool {
        self.signing == PRESENT
    }

    /// Whether there is an authentication certificate.
    #[must_use]
    pub const fn authentication(self) -> bool {
        self.authentication == PRESENT
    }
}

const PRESENT: u8 = 0x8F;

impl fmt::Debug for CertificatesPresent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificatesPresent")
            .field("signing", &self.signing())
            .field("authentication", &self.authentication())
            .finish()
    }
}

impl<T: Transport> Opened<'_, T, Jpki> {
    /// What carries this application: the label of EF 0006. One exchange,
    /// `00 B0 86 00 20`.
    ///
    /// A check-in with a card doesn't need it, so nothing asks by itself; one with a
    /// phone reads it before anything is presented
    /// ([`Task::ReadPhone`](crate::checkin::Task::ReadPhone)). Else the use is where
    /// [`authentication_certificate`](Self::authentication_certificate) wants
    /// the PIN: a phone does, and nothing else is known to.
    ///
    /// ```
    /// use uketsuke::VisitId;
    /// use uketsuke::card::{Card, Jpki, Token};
    /// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
    /// # use uketsuke::transport::Reader;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let now = "2026-11-24T00:00:00Z".parse()?;
    /// # let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    /// let mut card = Card::new(reader.connect()?, VisitId::begin());
    /// let mut jpki = card.open::<Jpki>()?;
    /// assert_eq!(jpki.token()?, Token::MyNumberCard);
    /// # jpki.close()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The card refused, or the file is shorter than a label; and the link's.
    pub fn token(&mut self) -> Result<Token, CardError> {
        let file = &self.card.map.jpki.token;
        let label = self.read_beginning(file, LABEL_LEN)?;
        let token = Token::of(&label);
        self.card.ledger.on_phone(token.is_phone());
        Ok(token)
    }

    /// All that the token says of itself: the 160 bytes of EF 0006. One exchange,
    /// `00 B0 86 00 A0`.
    ///
    /// # Errors
    ///
    /// The card refused, or the file is shorter; and the link's.
    pub fn token_information(&mut self) -> Result<TokenInformation, CardError> {
        let file = &self.card.map.jpki.token;
        let read = self.read_beginning(file, TOKEN_LEN)?;
        match read.first_chunk() {
            Some(bytes) => {
                let information = TokenInformation {
                    bytes: *bytes,
                    binding: self.card.binding,
                };
                let phone = information.token().is_phone();
                self.card.ledger.on_phone(phone);
                Ok(information)
            }
            None => Err(CardError::Malformed {
                what: file.name,
                why: "it is shorter than it should be",
            }),
        }
    }

    /// Which certificates the card says that it has: EF 0008. One exchange,
    /// `00 B0 88 00 03`.
    ///
    /// # Errors
    ///
    /// The card refused, as cards of other makes may, or the file is shorter
    /// than three bytes; and the link's.
    pub fn certificates_present(&mut self) -> Result<CertificatesPresent, CardError> {
        let file = &self.card.map.jpki.presence;
        let read = self.read_beginning(file, file.max)?;
        match **read {
            [signing, authentication, _] => Ok(CertificatesPresent {
                signing,
                authentication,
            }),
            _ => Err(CardError::Malformed {
                what: file.name,
                why: "it is shorter than it should be",
            }),
        }
    }

    fn read_beginning(
        &mut self,
        file: &'static FileMap,
        len: usize,
    ) -> Result<Zeroizing<Vec<u8>>, CardError> {
        let mut reading = Reading::of(file);
        self.card.read_first(&mut reading, file.short(), len)?;
        self.card.read_to(&mut reading, len, &mut |_| ())?;
        Ok(reading.cut(len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for (label, token) in [
            ("JPKIAPICCTOKEN2                 ", Token::MyNumberCard),
            (
                "JPKIAPICCTOKEN                  ",
                Token::ResidentRegistrationCard,
            ),
            ("JPKIAPGPSETOKEN                 ", Token::AndroidPhone),
            ("JPKIAPIOSTOKEN                  ", Token::Iphone),
            ("JPKIAPICCTOKEN3                 ", Token::Unknown),
            (" JPKIAPICCTOKEN2                ", Token::Unknown),
            ("                                ", Token::Unknown),
            ("", Token::Unknown),
        ] {
            assert_eq!(Token::of(label.as_bytes()), token, "{label}");
        }
        assert_eq!(Token::of(&[0xFF; 32]), Token::Unknown);
    }
}
