//! A card, a PKI, a reader, a face matcher and an eligibility centre that behave like the real ones.
//!
//! All of it is [`Realm::Simulation`](crate::Realm::Simulation), so the production policy refuses it by the pinned
//! key, never by a name. Feature `simulation`; a product has no use for it.
//!
//! | to have | take |
//! |---|---|
//! | a ready case: a fictional person, their card, and how their visit must end | [`Persona`] |
//! | a phone of theirs, in a named state | [`Persona::phones`] |
//! | their card or phone, with access rules, counters and keys | [`VirtualCard`] |
//! | a provider for phones that identify their holder, in place of a vendor's | [`SimulatedDevice`] |
//! | a reader in this process, whose card can be pulled at any exchange | [`VirtualReader`], [`Fault`], [`Tamper`], [`Keyed`] |
//! | the card in PC/SC, for any program on this computer | [`Vpcd`] (and the example `virtual_card`) |
//! | a whole visit as a ready case: card, reader, clinic, person and end | [`Scenario`] |
//! | a whole session saved, in OpenSC's format, and played again | [`Recorder`], [`Recording`], [`Replayed`] |
//! | certificates of the JPKI profile, right ones and wrong ones | [`VirtualPki`], [`Defect`] |
//! | the other end of the line | [`Centre`] |
//! | the connector and the face application, in folders | [`Connector`], [`Patient`], [`Quirk`] |
//!
//! ```
//! use uketsuke::card::{Card, Jpki, SecretKind};
//! use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
//! use uketsuke::{VisitId, transport::Reader};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let persona = Persona::named("pin-last-try").ok_or("no such persona")?;
//! let now = "2026-11-24T00:00:00Z".parse()?;
//! let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
//!
//! let mut card = Card::new(reader.connect()?, VisitId::begin());
//! let mut jpki = card.open::<Jpki>()?;
//! assert_eq!(jpki.tries_left(SecretKind::AuthPin)?.count(), 1);
//! jpki.close()?;
//! # Ok(()) }
//! ```

mod ber;
mod card;
mod centre;
mod connector;
mod device;
mod face;
mod insured;
mod persona;
mod pinless;
mod pki;
mod policy;
mod reader;
mod recording;
mod scenario;
mod software_card;
mod vpcd;

pub use card::{
    CardOptions, CardSecret, SIMULATED_DEVICE_COMMAND, SIMULATED_PINLESS_COMMAND, StateError,
    VirtualCard,
};
pub use centre::{Centre, CentreFault};
pub use connector::{
    Connector, ConnectorError, ConnectorMode, ConnectorPlan, ConnectorSettings, FaceCheckIn,
    FaceOutcome, HandledQuestion, Patient, Quirk, Said,
};
pub use device::SimulatedDevice;
pub use face::{SimulatedCamera, SimulatedDetector, SimulatedMatcher, SimulatedReferenceSource};
pub use persona::{CardBody, CertificateTerm, Expected, Mishap, Persona, PinCondition};
pub use pinless::SimulatedPinless;
pub use pki::{
    CertificateSpec, CrlDefect, CrlEntry, CrlScope, CrlSpec, Defect, Generation, OcspDefect,
    OcspResponder, OcspSpec, OcspStatus, VirtualPki,
};
pub use reader::{Fault, Keyed, Moment, Tamper, VirtualReader, VirtualTransport};
pub use recording::{Recorder, Recording, RecordingError, Replayed};
pub use scenario::{
    Behaviour, Clinic, Consenting, Deed, Interruption, Scenario, SimulatedStaff, StaffSays,
    TriesAfter, Trouble, TroubledCard, VirtualPerson,
};
pub use software_card::SoftwareCard;
pub use vpcd::{Vpcd, VpcdError, VpcdStep};
