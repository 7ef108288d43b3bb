use std::fmt;
use std::marker::PhantomData;

use super::channel::{Ask, refused};
use super::file::Extended;
use super::ledger::Ledger;
use super::map::{CardMap, TODAY};
use super::{Application, CardError};
use crate::apdu::{Command, StatusWord};
use crate::transport::{ExtendedLength, Reset, Transport, TransportError, TransportErrorKind};
use crate::{Binding, CardSession, VisitId};

/// A card in a reader, held for one visit.
///
/// [`open`](Self::open) lends one application at a time. A card on which a
/// secret was accepted is *dirty* until its application was left: the key that
/// the secret opened is publicly reported to survive the end of the connection
/// and a warm reset, so any program could sign with it. A dirty card is powered
/// off before it's used again or given back; where the card is shared with other
/// programs, as soon as the application is dropped.
///
/// Power-off, and any failure after which the card might not be the same one,
/// begin a new [`CardSession`]: tokens from before don't fit tokens from after.
pub struct Card<T: Transport> {
    /// `None` only while `release` or `drop` runs.
    pub(super) transport: Option<T>,
    pub(super) binding: Binding,
    /// Set before a secret leaves, so that no panic or early return of anyone
    /// can leave an open key behind unnoticed.
    pub(super) dirty: bool,
    /// Why no application is selected any more.
    pub(super) lost: Option<TransportError>,
    pub(super) ledger: Ledger,
    /// What this card and reader showed, beyond what the reader says.
    pub(super) extended: Extended,
    /// The generation of the card.
    pub(super) map: &'static CardMap,
    burst: bool,
    /// A command was answered since power-up.
    pub(super) awake: bool,
    /// An application may be selected.
    inside: bool,
    /// Why counting and presenting are refused: a vendor's command was sent,
    /// which may have selected another application, or opened a logical channel
    /// with one. Only power-off makes that certain again.
    pub(super) vendor: bool,
    /// A secret was presented on this link, so the card may repeat it.
    pub(super) told: bool,
}

impl<T: Transport> Card<T> {
    /// Takes the card for a visit. Sends nothing.
    #[must_use]
    pub fn new(transport: T, visit: VisitId) -> Self {
        Self::of_generation(&TODAY, transport, visit)
    }

    /// A card of another generation: the same code with another table.
    pub(super) fn of_generation(map: &'static CardMap, transport: T, visit: VisitId) -> Self {
        Self {
            transport: Some(transport),
            binding: Binding {
                visit,
                session: CardSession::begin(),
            },
            dirty: false,
            lost: None,
            ledger: Ledger::new(visit),
            extended: Extended::default(),
            map,
            burst: false,
            awake: false,
            inside: false,
            vendor: false,
            told: false,
        }
    }

    /// The visit, and the session as it is now. [`open`](Self::open) may begin
    /// another session: what counts before a PIN is presented is
    /// [`Opened::binding`], compared with that of the validated certificate.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// Whether a key that a secret opened may still be open on the card.
    #[must_use]
    pub const fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Whether card and reader take extended length where a file is addressed by
    /// its short identifier: what was learnt from this card, else what the
    /// reader says.
    #[must_use]
    pub fn extended_length(&self) -> ExtendedLength {
        learnt(self.extended.by_short_identifier, self.reader_extended())
    }

    /// Whether they take it in a plain READ BINARY, with an offset of 15 bits.
    /// It's learnt apart: one project reads whole files by short identifier on
    /// real cards, another reports that plain reads of more than 256 bytes are
    /// refused.
    #[must_use]
    pub fn extended_length_at_offset(&self) -> ExtendedLength {
        learnt(self.extended.plain, self.reader_extended())
    }

    fn reader_extended(&self) -> ExtendedLength {
        match &self.transport {
            Some(transport) => transport.limits().extended,
            None => ExtendedLength::No,
        }
    }

    /// Selects an application: one exchange, `00 A4 04 0C 0A` and the AID. A
    /// dirty card is powered off first. Nothing is verified again by itself.
    ///
    /// That power-off, a reset by another program, and each failure after which
    /// another card might lie there, begin a new session, so that everything proved before no longer
    /// fits. **Compare [`Opened::binding`] with the binding of what was proved
    /// before, the certificate above all, and do it before a PIN is
    /// presented:** a try spent in a session whose certificate isn't the
    /// validated one is lost to the person.
    ///
    /// ```
    /// use uketsuke::card::{AuthPin, Card, CardCertificate, Jpki, LastTry, PinVerified, SecretKind};
    /// use uketsuke::transport::Transport;
    ///
    /// fn present<T: Transport>(
    ///     card: &mut Card<T>,
    ///     certificate: &CardCertificate,
    ///     pin: AuthPin,
    /// ) -> Result<Option<PinVerified>, Box<dyn std::error::Error>> {
    ///     let mut jpki = card.open::<Jpki>()?;
    ///     if jpki.binding() != certificate.binding() {
    ///         return Ok(None); // Read and validate the certificate again first.
    ///     }
    ///     let budget = jpki.tries_left(SecretKind::AuthPin)?.budget(LastTry::Refuse)?;
    ///     Ok(Some(jpki.verify_pin(pin, budget)?))
    /// }
    /// ```
    ///
    /// Where the card is shared with other programs, every count of tries read
    /// before is stale from here on.
    ///
    /// # Errors
    ///
    /// [`CardError::NoApplication`] if the card hasn't got it,
    /// [`CardError::Dirty`] if a needed power-off failed (nothing was sent),
    /// and the link's.
    pub fn open<A: Application>(&mut self) -> Result<Opened<'_, T, A>, CardError> {
        self.enter()?;
        match self.select::<A>() {
            Ok(()) => Ok(Opened {
                card: self,
                application: PhantomData,
            }),
            Err(error) => {
                self.end_burst();
                Err(error)
            }
        }
    }

    /// Makes the card fit for its next use and begins a burst.
    pub(super) fn enter(&mut self) -> Result<(), CardError> {
        self.end_burst();
        if self.is_shared() {
            // Another program may have spent tries in the meantime.
            self.ledger.forget_counts();
        }
        if self.dirty {
            self.power_off().map_err(|source| match source.kind {
                kind if without_power(kind) => self.link_failed(POWER_OFF, source),
                _ => CardError::Dirty,
            })?;
        }
        if self.lost.is_some() {
            self.renew();
            // It may be the same card, under power all the time.
            self.inside = true;
        }
        match self.begin_burst() {
            // Another program reset the card between two bursts. It's told
            // once, with nothing sent: the card is taken in a new session.
            Err(CardError::Transport { source, .. })
                if source == TransportError::new(TransportErrorKind::CardReset, false) =>
            {
                self.renew();
                self.inside = true;
                self.begin_burst()
            }
            begun => begun,
        }
    }

    /// Gives the transport back. A dirty card is powered off first; a card that
    /// is gone has no power and needs none.
    ///
    /// # Errors
    ///
    /// [`CardError::Dirty`] when that failed; the transport is dropped then.
    pub fn release(mut self) -> Result<T, CardError> {
        self.end_burst();
        let clean = match self.dirty {
            false => true,
            true => match self.power_off() {
                Ok(()) => true,
                Err(source) => without_power(source.kind),
            },
        };
        self.dirty = false;
        match self.transport.take() {
            Some(transport) if clean => Ok(transport),
            _ => Err(CardError::Dirty),
        }
    }

    fn select<A: Application>(&mut self) -> Result<(), CardError> {
        let command = Command::new(0x00, 0xA4, 0x04, 0x0C).with_data(A::of(self.map).aid);
        let ask = Ask::public("SELECT of an application", command);
        self.inside = true;
        let mut status = self.ask(&ask)?.status;
        if status == StatusWord::UNKNOWN_ERROR && !self.awake {
            // The first command after power-up is reported to be answered
            // `6F00` by one card; SELECT may be sent again at no risk.
            status = self.ask(&ask)?.status;
        }
        match status {
            StatusWord::OK => {
                self.awake = true;
                Ok(())
            }
            // The last three are other cards, and readers that speak for a
            // memory card: they know no SELECT by name at all.
            StatusWord::NOT_FOUND
            | StatusWord::FUNCTION_NOT_SUPPORTED
            | StatusWord::INS_NOT_SUPPORTED
            | StatusWord::CLA_NOT_SUPPORTED => Err(CardError::NoApplication {
                application: A::NAME,
            }),
            status => Err(refused(ask.what, status, self.told)),
        }
    }

    /// Leaves the application by selecting the issuer security domain.
    pub(super) fn leave(&mut self) -> Result<(), CardError> {
        let command =
            Command::new(0x00, 0xA4, 0x04, 0x0C).with_data(self.map.issuer_security_domain);
        let ask = Ask::public("leaving the application", command);
        self.ask(&ask)?.success(ask.what)?;
        self.awake = true;
        self.inside = false;
        // This left the basic logical channel only; a vendor's command may have
        // opened others.
        self.dirty = self.vendor;
        Ok(())
    }

    /// Whether the application that was opened is surely the one selected: else
    /// a count, or a try, could be that of another application's secret.
    pub(super) fn own_application(&self) -> Result<(), CardError> {
        match self.vendor {
            false => Ok(()),
            true => Err(CardError::Misuse {
                what: "after a vendor's command the application must be opened again",
            }),
        }
    }

    fn power_off(&mut self) -> Result<(), TransportError> {
        match self.transport.as_mut() {
            Some(transport) => transport.reset(Reset::PowerOff)?,
            None => return Err(TransportError::new(TransportErrorKind::NoCard, false)),
        }
        self.dirty = false;
        self.renew();
        Ok(())
    }

    /// The card was without power, or may have been exchanged for another.
    fn renew(&mut self) {
        self.binding.session = CardSession::begin();
        self.lost = None;
        self.awake = false;
        self.inside = false;
        self.vendor = false;
        self.ledger.forget_counts();
    }

    /// Whether an application may be selected: one of ours, or where the card is
    /// shared another program's.
    pub(super) fn may_be_inside(&self) -> bool {
        self.inside || self.is_shared()
    }

    fn is_shared(&self) -> bool {
        self.transport.as_ref().is_some_and(Transport::is_shared)
    }

    fn begin_burst(&mut self) -> Result<(), CardError> {
        let begun = match self.transport.as_mut() {
            Some(transport) => transport.begin_burst(),
            None => Err(TransportError::new(TransportErrorKind::NoCard, false)),
        };
        begun.map_err(|source| self.link_failed("taking the card", source))?;
        self.burst = true;
        Ok(())
    }

    pub(super) fn end_burst(&mut self) {
        if self.burst && self.dirty && self.is_shared() {
            // The next program would find the key open. Failing that, the card
            // stays dirty.
            let _ = self.power_off();
        }
        if std::mem::take(&mut self.burst)
            && let Some(transport) = self.transport.as_mut()
        {
            transport.end_burst();
        }
    }
}

impl<T: Transport> Drop for Card<T> {
    fn drop(&mut self) {
        self.end_burst();
        if self.dirty {
            // Nobody is left to tell; `release` tells.
            let _ = self.power_off();
        }
    }
}

impl<T: Transport> fmt::Debug for Card<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Card")
            .field("binding", &self.binding)
            .field("dirty", &self.dirty)
            .field("lost", &self.lost)
            .field("extended", &self.extended)
            .finish_non_exhaustive()
    }
}

/// One application, open.
///
/// It borrows the card mutably, so that two can't be open at once. Leave it
/// with [`close`](Self::close); dropped after a secret was presented it leaves
/// the card dirty.
pub struct Opened<'c, T: Transport, A: Application> {
    pub(super) card: &'c mut Card<T>,
    application: PhantomData<fn() -> A>,
}

impl<T: Transport, A: Application> Opened<'_, T, A> {
    /// Visit and session. If it isn't that of the validated certificate, present
    /// no PIN here: see [`Card::open`].
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.card.binding
    }

    /// Leaves the application. Nothing is sent if no secret was accepted; else
    /// one SELECT of the issuer security domain, which closes the key again.
    /// After a vendor's command the card stays dirty all the same, and is
    /// powered off before its next use: what such a command opened isn't known.
    ///
    /// # Errors
    ///
    /// The card refused or the link failed: the card stays dirty and is powered
    /// off before its next use.
    pub fn close(self) -> Result<(), CardError> {
        if self.card.dirty {
            self.card.leave()?;
        }
        Ok(())
    }
}

impl<T: Transport, A: Application> Drop for Opened<'_, T, A> {
    fn drop(&mut self) {
        self.card.end_burst();
    }
}

impl<T: Transport, A: Application> fmt::Debug for Opened<'_, T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("application", &A::NAME)
            .field("card", &self.card)
            .finish()
    }
}

const fn learnt(of_card: Option<bool>, of_reader: ExtendedLength) -> ExtendedLength {
    match of_card {
        Some(true) => ExtendedLength::Yes,
        Some(false) => ExtendedLength::No,
        None => of_reader,
    }
}

const POWER_OFF: &str = "powering the card off";

/// Whether this error says that there is no card under power.
const fn without_power(kind: TransportErrorKind) -> bool {
    matches!(
        kind,
        TransportErrorKind::NoCard | TransportErrorKind::CardRemoved
    )
}
