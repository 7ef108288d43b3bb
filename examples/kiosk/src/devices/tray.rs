//! The persona tray: virtual cards, or phones, to be placed on a virtual reader.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use uketsuke::Realm;
use uketsuke::card::{ReferenceNumberB, ReferenceNumberSource, ReferenceSourceError};
use uketsuke::simulation::{
    CardOptions, Fault, Mishap, Moment, Persona, SimulatedReferenceSource, VirtualCard,
    VirtualReader, VirtualTransport,
};
use uketsuke::transport::{BitRate, Cancel, LinkModel, Presence, Reader, Timed, TransportError};

use crate::settings::{CardIs, Pull, Shared};

/// At which read of a file the card is pulled: the first ones have come, and the progress shows.
const PULLED_AT: u64 = 3;

/// Where the cards are, or in another tray the phones. Each is made anew when it is placed, with a new reader under it, so
/// one persona's mishap doesn't outlast their card.
#[derive(Debug)]
pub struct Tray {
    lies: Mutex<Lies>,
    /// Secrets that reached a card, over all cards: for tests of what a try costs.
    presented: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Lies {
    reader: VirtualReader,
    /// Counts the cards placed.
    placed: u64,
    person: Option<&'static Persona>,
}

/// There is a card on the reader already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occupied;

impl Tray {
    /// An empty reader.
    #[must_use]
    pub fn new() -> Self {
        Self {
            lies: Mutex::new(Lies {
                reader: VirtualReader::new(),
                placed: 0,
                person: None,
            }),
            presented: Arc::default(),
        }
    }

    /// Puts this person's card on the reader.
    ///
    /// # Errors
    /// One is there.
    pub fn place(
        &self,
        person: &'static Persona,
        pull: Pull,
        now: Timestamp,
    ) -> Result<(), Occupied> {
        self.put(person, pull, VirtualCard::new(person, pieces(), now))
    }

    /// Holds this phone to the reader. `identified`: whether an iPhone identifies who holds it; `None` as it does by itself.
    ///
    /// # Errors
    /// One is there.
    pub fn hold(
        &self,
        phone: &'static Persona,
        identified: Option<bool>,
        pull: Pull,
        now: Timestamp,
    ) -> Result<(), Occupied> {
        let mut held = VirtualCard::new(phone, pieces(), now);
        if let Some(identified) = identified {
            held.set_holder_identified(identified);
        }
        self.put(phone, pull, held)
    }

    fn put(&self, person: &'static Persona, pull: Pull, card: VirtualCard) -> Result<(), Occupied> {
        let mut lies = self.lock();
        if lies.card_is_there() {
            return Err(Occupied);
        }
        let presented = Arc::clone(&self.presented);
        let reader = VirtualReader::new().with_hook(move |_, command, _| {
            if Moment::Verify.is(command) {
                presented.fetch_add(1, Ordering::SeqCst);
            }
        });
        match person.mishap {
            Some(Mishap::CardPulled) => pull_at(&reader, PULLED_AT),
            Some(Mishap::ReaderFault) => reader.plan(Fault::ReaderGone(PULLED_AT)),
            Some(Mishap::NetworkDown | Mishap::CentreDown | Mishap::NotEquipped) | None => {}
        }
        match pull {
            Pull::Never => {}
            Pull::AtOnce => pull_at(&reader, 1),
            Pull::MidRead => pull_at(&reader, PULLED_AT),
        }
        reader.insert(card);
        *lies = Lies {
            reader,
            placed: lies.placed + 1,
            person: Some(person),
        };
        Ok(())
    }

    /// Takes the card away, wherever it lies.
    pub fn remove(&self) {
        let lies = self.lock();
        drop(lies.reader.remove());
    }

    /// A new visit: whoever took their card away before it isn't the one who comes now.
    pub fn visit_begins(&self) {
        let mut lies = self.lock();
        if !lies.card_is_there() {
            lies.person = None;
        }
    }

    /// Puts a new reader in the place of one that stopped working: the next visit isn't to suffer from the last one's
    /// mishap. The card on it goes back to the tray.
    pub fn mend(&self) {
        let mut lies = self.lock();
        if lies.reader.presence().is_err() {
            lies.reader = VirtualReader::new();
        }
    }

    /// Whose card is on the reader.
    #[must_use]
    pub fn card(&self) -> Option<&'static Persona> {
        let lies = self.lock();
        lies.person.filter(|_| lies.card_is_there())
    }

    /// Whose card is, or was last in this visit, on the reader: whoever stands before the camera.
    #[must_use]
    pub fn person(&self) -> Option<&'static Persona> {
        self.lock().person
    }

    /// How many secrets reached a card since the launch.
    #[must_use]
    pub fn presented(&self) -> u64 {
        self.presented.load(Ordering::SeqCst)
    }

    /// The reader, and the number of the card that was placed on it.
    fn reader_and_card(&self) -> (VirtualReader, u64) {
        let lies = self.lock();
        (lies.reader.clone(), lies.placed)
    }

    fn reader(&self) -> VirtualReader {
        self.lock().reader.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Lies> {
        self.lies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Tray {
    fn default() -> Self {
        Self::new()
    }
}

impl Lies {
    fn card_is_there(&self) -> bool {
        self.reader.clone().presence() == Ok(Presence::Present)
    }
}

/// Short reads, as real cards may insist on: a certificate comes in eight pieces.
fn pieces() -> CardOptions {
    CardOptions {
        extended_by_short_identifier: false,
        extended_plain: false,
        ..CardOptions::default()
    }
}

fn pull_at(reader: &VirtualReader, read: u64) {
    reader.plan_at(Moment::Read, read, Fault::RemovedBefore);
}

/// The reader that cards from the tray lie on.
#[derive(Debug)]
pub struct TrayReader {
    tray: Arc<Tray>,
    settings: Arc<Shared>,
    /// The last card that was told of.
    told: u64,
    /// What is there when somebody asks was told of thereby.
    asked_is_told: bool,
}

impl TrayReader {
    /// Over this tray, with cards as fast as the settings say.
    #[must_use]
    pub const fn new(tray: Arc<Tray>, settings: Arc<Shared>) -> Self {
        Self {
            tray,
            settings,
            told: 0,
            asked_is_told: false,
        }
    }

    /// The one for phones: a reception asks what is there when it begins to wait for one, and that isn't the one that
    /// it waits for.
    #[must_use]
    pub fn for_phones(tray: Arc<Tray>, settings: Arc<Shared>) -> Self {
        Self {
            asked_is_told: true,
            ..Self::new(tray, settings)
        }
    }
}

impl Reader for TrayReader {
    type Transport = Timed<VirtualTransport, Box<dyn FnMut(Duration) + Send>>;

    fn name(&self) -> &str {
        "persona tray"
    }

    fn presence(&mut self) -> Result<Presence, TransportError> {
        let (mut reader, placed) = self.tray.reader_and_card();
        if self.asked_is_told {
            self.told = placed;
        }
        reader.presence()
    }

    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError> {
        let (mut reader, placed) = self.tray.reader_and_card();
        if std::mem::replace(&mut self.told, placed) != placed && from == Presence::Present {
            // One card was taken and another placed since the last look: two changes, told one by one.
            return Ok(Presence::Absent);
        }
        reader.wait_for_change(from, timeout)
    }

    fn connect(&mut self) -> Result<Self::Transport, TransportError> {
        let link = self.tray.reader().connect()?;
        let settings = Arc::clone(&self.settings);
        let as_slow: Box<dyn FnMut(Duration) + Send> = Box::new(move |time| {
            if settings.get().card == CardIs::Lifelike {
                std::thread::sleep(time);
            }
        });
        Ok(Timed::new(link, LinkModel::at(BitRate::Kbit106), as_slow))
    }

    fn canceller(&self) -> Box<dyn Cancel> {
        self.tray.reader().canceller()
    }
}

/// 照合番号B, as a reader's camera would find it printed on the card that lies there.
#[derive(Debug)]
pub struct PrintedNumber(pub Arc<Tray>);

impl ReferenceNumberSource for PrintedNumber {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn read(&mut self) -> Result<ReferenceNumberB, ReferenceSourceError> {
        let person = self.0.card().ok_or(ReferenceSourceError::Unreadable)?;
        SimulatedReferenceSource::of(person).read()
    }
}
