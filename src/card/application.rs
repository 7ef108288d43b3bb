use super::map::{ApplicationMap, CardMap};

mod sealed {
    use super::{ApplicationMap, CardMap};

    pub trait Sealed {
        /// Where the application is on this generation of the card.
        #[doc(hidden)]
        #[allow(private_interfaces)]
        fn of(map: &'static CardMap) -> &'static ApplicationMap;
    }
}

/// An application of the card (カードアプリケーション, AP): what
/// [`Card::open`](crate::card::Card::open) selects.
///
/// Sealed: the applications are those of this module. The files and keys of an
/// application are addressed by short identifier inside READ BINARY, VERIFY and
/// COMPUTE DIGITAL SIGNATURE, so that nothing but the application itself is
/// ever selected.
pub trait Application: sealed::Sealed {
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

/// The application that helps to fill in forms (券面事項入力補助AP): name,
/// address, birth date and sex as text, opened by its own PIN or by 照合番号B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputSupport {}

/// The application common to all cards (共通カードAP): a serial record with the
/// unsigned date of expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Common {}

macro_rules! application {
    ($application:ident, $part:ident, $name:literal) => {
        #[allow(private_interfaces)]
        impl sealed::Sealed for $application {
            fn of(map: &'static CardMap) -> &'static ApplicationMap {
                &map.$part.application
            }
        }

        impl Application for $application {
            const NAME: &'static str = $name;
        }
    };
}

application!(Jpki, jpki, "JPKI (公的個人認証)");
application!(CardFace, face, "card face (券面事項確認)");
application!(InputSupport, input, "input support (券面事項入力補助)");
application!(Common, common, "common (共通カード)");
