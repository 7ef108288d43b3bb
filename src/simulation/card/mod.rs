//! The virtual card: applications, files, secrets, keys and their counters.

mod body;
mod cardface;
mod common;
mod dispatch;
mod file;
mod input;
mod jpki;
mod life;
mod objects;
mod options;
mod read;
mod secret;
mod security;
mod select;
mod sign;
mod state;
#[cfg(test)]
mod tests;

use self::file::Application;
use self::objects::Object;
use self::secret::Secrets;
use self::state::StateFile;
use super::persona::{CardBody, Persona};
use std::fmt;
use std::path::Path;

pub use options::CardOptions;
pub use secret::CardSecret;
pub use state::StateError;

/// A marked stand-in for the step by which a certified reader may use the authentication key after a face match or a
/// staff check: one whole command APDU.
///
/// What those readers really send is not public, and this is not it: the bytes are this crate's own, no real card
/// knows them, and they prove nothing. While the JPKI application is selected the virtual card answers `9000` and
/// lets key 0017 sign as after the PIN, until whatever would lock it again then. No counter changes.
pub const SIMULATED_PINLESS_COMMAND: &[u8] = b"\x80\xFA\x53\x49\x1BUKETSUKE-SIMULATION-PINLESS";

/// A marked stand-in for what a vendor's reader and an iPhone say to each other once the phone identified its holder
/// by face or finger: one whole command APDU, this crate's own as the one above, known to no real phone.
///
/// While the JPKI application is selected a virtual iPhone answers `9000` if its holder was identified
/// ([`VirtualCard::set_holder_identified`]), and then shows the certificate and lets key 0017 sign, until power-off. If
/// not, it answers `6985`. No counter changes.
pub const SIMULATED_DEVICE_COMMAND: &[u8] = b"\x80\xFB\x53\x49\x1AUKETSUKE-SIMULATION-DEVICE";

/// A My Number card in software, with the memory of a card.
///
/// It has the JPKI application (公的個人認証), the card-face application (券面事項確認), the input support application
/// (券面事項入力補助), the common application (共通), the objects of the card itself (GET DATA), and an issuer security
/// domain to leave them. It keeps what public projects report of real cards: which secret opens which file, the
/// counters of tries and their status words, six forms of signature, what is signed by whom and over which bytes, what
/// survives a warm reset (an unlocked key does) and what doesn't (power-off, another application). Nobody here measured
/// a real card; where public sources disagree, [`CardOptions`] has the choice.
///
/// Phones ([`Persona::phones`]) and the older card have nothing but their JPKI application ([`CardBody`]).
///
/// What is *not* like the real card:
/// - Certificates, card-verifiable certificates and all keys are of the simulation's own hierarchies
///   ([`VirtualPki`](crate::simulation::VirtualPki)). Every virtual card has the same keys but for that of its face,
///   of which there are four: cards whose [numbers](Persona::number) are apart by a multiple of four share one.
/// - Name, address, individual number and security code of the card face are drawings of boxes, the photo is a
///   drawing of nobody. The text of the input support application is the persona's.
/// - How a certified reader uses the authentication key without a PIN is not public. In its place there is
///   [`SIMULATED_PINLESS_COMMAND`]; the command `80 A2`, which takes a terminal's certificate, isn't there.
/// - Secure messaging isn't there: SET SESSION KEY is an unknown command. Neither is the residents' register
///   application (住基), nor a driving licence.
/// - Of some files only that they exist is public (JPKI 0005, 0009, 0010, 0016, 0019, 001C, 001E): they can be selected
///   and not read. Of others only the bytes are (0006 of the card face; 0008 of input support, where it's a guess which
///   secret opens it). What is opaque on real cards (DF35 and DF43) is filler here.
/// - Of phones only the label, the single application, keys and certificates of their own, the certificate behind the
///   PIN (seen on Android) and the iPhone's `80 FC 00 00` are public. What an iPhone does with its holder's face or finger
///   isn't: in its place there is [`SIMULATED_DEVICE_COMMAND`], and that its PIN opens the key as well is a guess.
///   住民基本台帳カード are out of use, and of theirs only the label is certain.
/// - Guesses, where nobody published an answer: ten tries of the birth date; `6985` for a hash of the wrong length and
///   `6700` for any other input that can't be signed; what is answered when several things are wrong at once.
///
/// ```
/// use uketsuke::simulation::{CardOptions, Persona, VirtualCard};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let persona = Persona::named("in-order").ok_or("no such persona")?;
/// let mut card = VirtualCard::new(persona, CardOptions::default(), "2026-11-24T00:00:00Z".parse()?);
///
/// // SELECT the JPKI application, then ask for the tries left of the authentication PIN (EF 0018).
/// let select = [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
/// assert_eq!(card.transmit(&select), [0x90, 0x00]);
/// assert_eq!(card.transmit(&[0x00, 0x20, 0x00, 0x98]), [0x63, 0xC3]);
/// # Ok(()) }
/// ```
pub struct VirtualCard {
    persona: &'static str,
    body: CardBody,
    options: CardOptions,
    applications: Vec<Application>,
    secrets: Secrets,
    /// GET DATA objects of the card itself.
    objects: Vec<Object>,
    volatile: Volatile,
    transmissions: u64,
    presented: u64,
    state: Option<StateFile>,
    /// What the phone would say of who holds it.
    identifies_holder: bool,
}

/// What power-off clears.
#[derive(Debug, Default)]
struct Volatile {
    /// Index of the selected application; cleared by a warm reset too.
    selected: Option<usize>,
    /// Index of the current file within it; cleared by every SELECT of an application.
    current: Option<usize>,
    /// The application whose secrets are in `verified`: a warm reset leaves both, so that selecting the same
    /// application again finds its keys still open.
    unlocked_in: Option<usize>,
    verified: Vec<CardSecret>,
    /// The stand-in for a certified reader's step was done.
    pinless: bool,
    /// The phone said that its holder was identified.
    holder: bool,
    /// A command was answered since power-up.
    awake: bool,
}

impl VirtualCard {
    /// The card of a persona. Its certificates are made for `now`: in force, in grace, lapsed and so on as the
    /// persona's [`term`](Persona::term) says.
    ///
    /// Making one is cheap: certificates and signed records are made when they are first read, one RSA signature each.
    #[must_use]
    pub fn new(persona: &Persona, options: CardOptions, now: jiff::Timestamp) -> Self {
        let (applications, objects) = body::contents(persona, &options, now);
        Self {
            persona: persona.name,
            body: persona.body,
            secrets: Secrets::new(persona, &options),
            options,
            applications,
            objects,
            volatile: Volatile::default(),
            transmissions: 0,
            presented: 0,
            state: None,
            identifies_holder: persona.body == CardBody::Iphone && persona.face_matches,
        }
    }

    /// Whether the phone identifies whoever holds it: at first as its persona's [`face_matches`](Persona::face_matches)
    /// says. Of an iPhone alone; a card and an Android phone at the reader identify nobody by themselves.
    ///
    /// ```
    /// use uketsuke::simulation::{CardOptions, Persona, SIMULATED_DEVICE_COMMAND, VirtualCard};
    ///
    /// let iphone = Persona::phone_named("iphone-in-order").ok_or("no such phone")?;
    /// let mut phone = VirtualCard::new(iphone, CardOptions::default(), "2026-11-24T00:00:00Z".parse()?);
    /// phone.set_holder_identified(false);
    /// let select = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
    /// assert_eq!(phone.transmit(select), [0x90, 0x00]);
    /// assert_eq!(phone.transmit(SIMULATED_DEVICE_COMMAND), [0x69, 0x85]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn set_holder_identified(&mut self, identified: bool) {
        self.identifies_holder = identified;
        if !identified {
            self.volatile.holder = false;
        }
    }

    /// Keeps the counters and changed PINs in a file: loads it if it is there, else makes it.
    ///
    /// Every change is on the disk before the answer that tells of it, all of it in one replacement of the file. A
    /// process that is killed, at whatever moment, has done the command or hasn't: no try is won and none is lost. (It
    /// may leave a temporary file beside, which nothing reads.) A change that can't be written makes the card answer
    /// `6581`. The file is for one card at a time: nothing locks it against a second process. A power cut wins no try
    /// either on Unix, where the file and then its folder are brought to the disk, as far as the disk does what it is
    /// told; elsewhere the rename may be undone by one.
    ///
    /// # Errors
    ///
    /// [`StateError::NotAFile`] for anything but a regular file: links aren't followed. The file can't be read or
    /// written, isn't a state file of this version (earlier ones knew fewer secrets and are refused), or belongs to
    /// another persona.
    pub fn with_state_file(mut self, path: &Path) -> Result<Self, StateError> {
        let file = StateFile::new(path, self.persona);
        if !file.load(&mut self.secrets)? {
            file.save(&self.secrets)?;
        }
        self.state = Some(file);
        Ok(self)
    }

    /// Answer to reset: one that PC/SC makes up for contactless cards of this kind, as public lists have it. It says
    /// nothing certain about the card; selecting the application does.
    #[must_use]
    pub const fn atr(&self) -> &[u8] {
        body::atr(self.body)
    }

    /// Powers the card on, afresh.
    pub fn power_on(&mut self) {
        self.volatile = Volatile::default();
    }

    /// Powers the card off: no application is selected any more and every key is locked again.
    pub fn power_off(&mut self) {
        self.volatile = Volatile::default();
    }

    /// Resets without power-off. No application is selected any more, but what was unlocked is still so when the
    /// same application is selected next, as one public project reports of real cards.
    pub fn reset(&mut self) {
        self.volatile.selected = None;
        self.volatile.current = None;
        self.volatile.awake = false;
    }

    /// Answers one command APDU with one response APDU, always of two bytes or more.
    ///
    /// Bytes that are no command are answered too (`6700`). A card that was powered off wakes up.
    #[must_use]
    pub fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        self.transmissions = self.transmissions.saturating_add(1);
        dispatch::answer(self, command)
    }

    /// How many commands were answered since the card was made: a client that repeats itself shows here.
    #[must_use]
    pub const fn transmissions(&self) -> u64 {
        self.transmissions
    }

    /// How many times a secret was presented since the card was made: VERIFY with data, whatever it was answered.
    #[must_use]
    pub const fn presented(&self) -> u64 {
        self.presented
    }

    /// Name of the [`Persona`] that this is the card of.
    #[must_use]
    pub const fn persona(&self) -> &'static str {
        self.persona
    }

    /// The authentication PIN as it is now, `None` on a card without one. For the terminal of a simulation only:
    /// a real card never tells.
    #[must_use]
    pub fn auth_pin(&self) -> Option<&str> {
        self.secrets.get(CardSecret::AuthPin).text()
    }

    /// The sign password as it is now, `None` on a card without one. See [`auth_pin`](Self::auth_pin).
    #[must_use]
    pub fn sign_password(&self) -> Option<&str> {
        self.secrets.get(CardSecret::SignPassword).text()
    }

    /// The PIN of the input support application (券面事項入力補助AP) as it is now. See [`auth_pin`](Self::auth_pin).
    #[must_use]
    pub fn input_pin(&self) -> Option<&str> {
        self.secrets.get(CardSecret::InputPin).text()
    }

    /// The PIN of the common application (共通カードAP) as it is now. See [`auth_pin`](Self::auth_pin).
    #[must_use]
    pub fn common_pin(&self) -> Option<&str> {
        self.secrets.get(CardSecret::CommonPin).text()
    }

    /// Tries left of authentication PIN, sign password and 照合番号B of the card face, without asking the card.
    #[must_use]
    pub fn tries_left(&self) -> [u8; 3] {
        [
            CardSecret::AuthPin,
            CardSecret::SignPassword,
            CardSecret::FaceReferenceB,
        ]
        .map(|name| self.tries(name))
    }

    /// Tries left of any secret, without asking the card; 0 for one that a card of its kind hasn't got.
    ///
    /// ```
    /// # use uketsuke::simulation::{CardOptions, CardSecret, Persona, VirtualCard};
    /// # let persona = &Persona::all()[0];
    /// # let now = "2026-11-24T00:00:00Z".parse()?;
    /// let card = VirtualCard::new(persona, CardOptions::default(), now);
    /// assert_eq!(card.tries(CardSecret::InputPin), 3);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub const fn tries(&self, secret: CardSecret) -> u8 {
        self.secrets.get(secret).left
    }
}

impl fmt::Debug for VirtualCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VirtualCard")
            .field("persona", &self.persona)
            .field("options", &self.options)
            .field("tries_left", &self.tries_left())
            .field("transmissions", &self.transmissions)
            .finish_non_exhaustive()
    }
}
