mod sealed {
    pub trait Sealed {}
}

/// An application of the card (カードアプリケーション, AP): what
/// [`Card::open`](crate::card::Card::open) selects.
///
/// Sealed: the applications are those of this module. The files and keys of an
/// application are addressed by short identifier inside READ BINARY, VERIFY and
/// COMPUTE DIGITAL SIGNATURE, so that nothing but the application itself is
/// ever selected.
pub trait Application: sealed::Sealed {
    /// The application identifier, 10 bytes, as publicly reported by several
    /// independent programs that run on real cards.
    const AID: &'static [u8];
    /// Name for errors and traces.
    const NAME: &'static str;
}

/// The application of the public authentication service (公的個人認証サービス,
/// JPKI): certificates, PIN and signing keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jpki {}

/// The application that holds a picture of the card's face (券面事項確認AP): the
/// portrait, opened by 照合番号B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardFace {}

/// The application common to all cards (共通カードAP): a serial record with the
/// unsigned date of expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Common {}

impl sealed::Sealed for Jpki {}
impl sealed::Sealed for CardFace {}
impl sealed::Sealed for Common {}

impl Application for Jpki {
    const AID: &'static [u8] = &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
    const NAME: &'static str = "JPKI (公的個人認証)";
}

impl Application for CardFace {
    const AID: &'static [u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];
    const NAME: &'static str = "card face (券面事項確認)";
}

impl Application for Common {
    const AID: &'static [u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00];
    const NAME: &'static str = "common (共通カード)";
}

/// The issuer security domain of GlobalPlatform: selecting it leaves every
/// other application, which closes what a secret had opened. Publicly reported
/// as selectable on real cards.
pub(super) const ISSUER_SECURITY_DOMAIN: &[u8] = &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];
