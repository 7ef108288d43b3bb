//! The link, and what it keeps of what happened on it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::Secret;
use super::faults::{Drip, Fault, Power};
use uketsuke::simulation::VirtualCard;
use uketsuke::transport::{
    ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError, TransportErrorKind,
};
use zeroize::Zeroizing;

/// More exchanges than any visit may take; a loop ends here.
const NO_END: usize = 20_000;

/// One exchange, or a reset.
#[derive(Clone, Debug)]
pub struct Event {
    /// Empty for a reset.
    pub command: Vec<u8>,
    /// The application that was selected when the command reached the card.
    pub application: Option<&'static [u8]>,
    /// What the card said; `None` if the command didn't reach it.
    pub said: Option<Vec<u8>>,
    pub came: Result<Vec<u8>, TransportError>,
    /// Which secret it presented a wrong value of, when it reached the card.
    pub wrong: Option<usize>,
}

impl Event {
    pub fn is_reset(&self) -> bool {
        self.command.is_empty()
    }

    pub fn is_count(&self) -> bool {
        self.command.len() == 4 && self.command[1] == 0x20
    }

    /// VERIFY with a value, and the value.
    pub fn presented(&self) -> Option<(u8, &[u8])> {
        (self.command.len() > 5 && self.command[1] == 0x20)
            .then(|| (self.command[3], &self.command[5..]))
    }

    /// CHANGE REFERENCE DATA, and the new value.
    pub fn changed(&self) -> Option<(u8, &[u8])> {
        (self.command.len() > 5 && self.command[1] == 0x24)
            .then(|| (self.command[3], &self.command[5..]))
    }
}

/// The place that the card lies in.
pub struct Slot {
    pub card: VirtualCard,
    pub present: bool,
    /// At which exchange what goes wrong.
    pub plan: Option<(usize, Fault)>,
    pub limits: Limits,
    pub shared: bool,
    pub bursts: i32,
    pub resets: Vec<Reset>,
    pub events: Vec<Event>,
    /// Bytes that came back.
    pub received: usize,
    pub exchanges: usize,
    /// What the secrets must have left if only what reached the card counts.
    pub left: Vec<u8>,
    pub secrets: Vec<Secret>,
    application: Option<&'static [u8]>,
    /// Reference that SELECT made the current one.
    reference: Option<u8>,
    /// What the person types on the reader's own keypad; `None`: it has none.
    pub keypad: Option<VecDeque<&'static str>>,
    /// What was typed there.
    pub keyed: Vec<String>,
    /// A PIN was changed: the card can't be used for another case.
    pub used_up: bool,
    for_ever: Option<Drip>,
    before: Vec<u8>,
    pieces: Vec<u8>,
}

impl Slot {
    pub fn new(card: VirtualCard, secrets: Vec<Secret>, limits: Limits) -> Self {
        Self {
            card,
            present: true,
            plan: None,
            limits,
            shared: false,
            bursts: 0,
            resets: Vec::new(),
            events: Vec::new(),
            received: 0,
            exchanges: 0,
            left: secrets.iter().map(|secret| secret.most).collect(),
            secrets,
            application: None,
            reference: None,
            keypad: None,
            keyed: Vec::new(),
            used_up: false,
            for_ever: None,
            before: vec![0x90, 0x00],
            pieces: Vec::new(),
        }
    }

    pub fn link(self) -> (Rc<RefCell<Slot>>, FaultyLink) {
        let slot = Rc::new(RefCell::new(self));
        (Rc::clone(&slot), FaultyLink(slot))
    }

    /// For another case with the same card: counters as wanted, everything else
    /// forgotten. `false` where only a new card would do.
    pub fn renew(&mut self, left: &[u8]) -> bool {
        self.card.power_off();
        self.present = true;
        self.plan = None;
        self.for_ever = None;
        self.events.clear();
        self.resets.clear();
        self.bursts = 0;
        (self.received, self.exchanges) = (0, 0);
        self.application = None;
        self.keyed.clear();
        self.before = vec![0x90, 0x00];
        self.pieces.clear();
        if self.used_up {
            return false;
        }
        for (index, wanted) in left.iter().copied().enumerate() {
            let secret = self.secrets[index].clone();
            if self.left[index] == wanted {
                continue;
            }
            let _ = self.card.transmit(&super::select(secret.application));
            self.verify(&secret, secret.right.as_bytes());
            // The right value gives all tries back, unless none was left.
            if self.count(&secret) != Some(secret.most) {
                return false;
            }
            for _ in wanted..secret.most {
                self.verify(&secret, b"no such value");
            }
            if self.count(&secret) != Some(wanted) {
                return false;
            }
            self.left[index] = wanted;
        }
        self.card.power_off();
        true
    }

    fn verify(&mut self, secret: &Secret, value: &[u8]) {
        let len = u8::try_from(value.len()).unwrap();
        let command = [&[0x00, 0x20, 0x00, secret.p2, len], value].concat();
        let _ = self.card.transmit(&command);
    }

    /// The count, asked of the card itself.
    pub fn count(&mut self, secret: &Secret) -> Option<u8> {
        let _ = self.card.transmit(&super::select(secret.application));
        match self.card.transmit(&[0x00, 0x20, 0x00, secret.p2])[..] {
            [0x63, count] if count & 0xF0 == 0xC0 => Some(count & 0x0F),
            _ => None,
        }
    }

    /// Whether a secret of the application that was selected last is open.
    pub fn open_secret(&mut self) -> Option<&'static str> {
        let application = self.application?;
        let _ = self.card.transmit(&super::select(application));
        let secrets = self.secrets.clone();
        let mut of_it = secrets.iter().filter(|s| s.application == application);
        let open = of_it.find(|s| self.card.transmit(s.probe) != [0x69, 0x82]);
        open.map(|secret| secret.name)
    }

    /// The person takes the card.
    pub fn take_out(&mut self) {
        self.pull();
    }

    fn cycle(&mut self) {
        self.card.power_off();
        self.card.power_on();
        self.application = None;
    }

    fn pull(&mut self) {
        self.cycle();
        self.present = false;
    }

    /// The card acts.
    fn act(&mut self, command: &[u8], event: &mut Event) -> Vec<u8> {
        let application = self.application;
        if let [0x00, 0x20, 0x00, p2, _, value @ ..] = command
            && let Some(index) = self.find(application, *p2)
        {
            let secret = &self.secrets[index];
            event.wrong = (value != secret.right.as_bytes()).then_some(index);
            self.left[index] = match self.left[index] {
                0 => 0,
                _ if value == secret.right.as_bytes() => secret.most,
                left => left - 1,
            };
        }
        let said = self.card.transmit(command);
        match (command, said.as_slice()) {
            ([0x00, 0xA4, 0x04, _, _, name @ ..], [0x90, 0x00]) => {
                let known = self.secrets.iter().map(|secret| secret.application);
                self.application = known.into_iter().find(|known| *known == name);
                self.reference = None;
            }
            ([0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, id], [0x90, 0x00]) => {
                self.reference = Some(0x80 | *id);
            }
            // A read makes its file the current one.
            ([0x00, 0xB0, p1, ..], _) if *p1 & 0x80 != 0 => self.reference = None,
            ([0x00, 0x24, 0x01, 0x80, _, value @ ..], [0x90, 0x00]) => {
                let p2 = self
                    .reference
                    .expect("a changed secret that was not selected");
                if let Some(index) = self.find(application, p2) {
                    let value = String::from_utf8(value.to_vec()).unwrap();
                    self.secrets[index].right = value;
                    self.used_up = true;
                }
            }
            _ => {}
        }
        said
    }

    fn find(&self, application: Option<&[u8]>, p2: u8) -> Option<usize> {
        let mut all = self.secrets.iter();
        all.position(|s| Some(s.application) == application && s.p2 == p2)
    }

    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        assert!(command.len() >= 4, "not a command");
        assert!(self.exchanges < NO_END, "no end");
        let at = self.exchanges;
        self.exchanges += 1;
        let fault = match self.plan {
            Some((planned, fault)) if planned == at => Some(fault),
            _ => None,
        };
        if let Some(Fault::ForEver(drip)) = fault {
            self.for_ever = Some(drip);
        }
        let mut event = Event {
            command: command.to_vec(),
            application: self.application,
            said: None,
            came: Err(TransportError::new(TransportErrorKind::CardRemoved, false)),
            wrong: None,
        };
        if self.present {
            let came = self.come(command, fault, &mut event);
            event.came = came;
        }
        if let Ok(came) = &event.came {
            self.received += came.len();
        }
        let came = event.came.clone();
        self.events.push(event);
        came
    }

    fn come(
        &mut self,
        command: &[u8],
        fault: Option<Fault>,
        event: &mut Event,
    ) -> Result<Vec<u8>, TransportError> {
        match fault {
            Some(Fault::SilentPowerCycle) => self.cycle(),
            Some(Fault::SilentWarmReset) => {
                self.card.reset();
                self.application = None;
            }
            Some(Fault::SilentSelect) => {
                let isd = [0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];
                let _ = self.card.transmit(&super::select(&isd));
                self.application = None;
            }
            _ => {}
        }
        event.application = self.application;
        let acts = match (fault, self.for_ever) {
            (Some(Fault::Lost { acted, .. }), _) => acted,
            (Some(Fault::Refused(_) | Fault::Invented(_) | Fault::Stale), _) => false,
            (_, Some(Drip::Answer(..) | Drip::Nothing)) => false,
            _ => true,
        };
        let rest = matches!(command, [0x00, 0xC0, 0x00, 0x00, _]) && !self.pieces.is_empty();
        let mut answer = match acts {
            true if rest => std::mem::take(&mut self.pieces),
            true => self.act(command, event),
            false => Vec::new(),
        };
        if acts {
            event.said = Some(answer.clone());
        }
        let before = std::mem::replace(&mut self.before, answer.clone());
        let with = |data: &[u8], status: u16| [data, &status.to_be_bytes()].concat();
        let nonsense = |len: usize| vec![0x5A; len];
        let data_len = answer.len().saturating_sub(2);
        Ok(match (fault, self.for_ever) {
            (_, Some(Drip::Answer(len, status))) => with(&nonsense(len), status),
            (_, Some(Drip::Nothing)) => Vec::new(),
            (_, Some(Drip::OneByte)) => {
                let kept = data_len.min(1);
                answer.drain(kept..data_len);
                answer
            }
            (
                Some(Fault::Lost {
                    kind,
                    unknown,
                    power,
                    ..
                }),
                _,
            ) => {
                match power {
                    Power::Stays => {}
                    Power::Cycled => self.cycle(),
                    Power::Gone => self.pull(),
                }
                return Err(TransportError::new(kind, unknown));
            }
            (Some(Fault::Cut(len)), _) => {
                answer.truncate(len);
                answer
            }
            (Some(Fault::Data(len)), _) => {
                answer.drain(len.min(data_len)..data_len);
                answer
            }
            (Some(Fault::Longer(more)), _) => {
                let status = answer.split_off(data_len);
                answer.extend(nonsense(more));
                answer.extend(status);
                answer
            }
            (Some(Fault::Behind(more)), _) => {
                answer.extend(nonsense(more));
                answer
            }
            (Some(Fault::Status(status)), _) => with(&answer[..data_len], status),
            (Some(Fault::Bare(status) | Fault::Refused(status)), _) => with(&[], status),
            (Some(Fault::Invented(len)), _) => with(&nonsense(len), 0x9000),
            (Some(Fault::Stale), _) => before,
            (Some(Fault::Telling(text, status)), _) => with(text.as_bytes(), status),
            (Some(Fault::Flipped(bit)), _) => {
                if let Some(byte) = answer.get_mut(bit / 8) {
                    *byte ^= 0x80 >> (bit % 8);
                }
                answer
            }
            (Some(Fault::Pieces(len)), _) if len < data_len => {
                self.pieces = answer.split_off(len);
                let left = u8::try_from(self.pieces.len() - 2).unwrap_or(0);
                with(&answer, 0x6100 | u16::from(left))
            }
            _ => answer,
        })
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        let removed = TransportError::new(TransportErrorKind::CardRemoved, false);
        let came = if self.present {
            Ok(Vec::new())
        } else {
            Err(removed)
        };
        let event = Event {
            command: Vec::new(),
            application: None,
            said: None,
            came: came.clone(),
            wrong: None,
        };
        self.events.push(event);
        self.resets.push(how);
        came?;
        match how {
            Reset::Warm => {
                self.card.reset();
                self.application = None;
            }
            Reset::PowerOff => self.cycle(),
        }
        Ok(())
    }
}

/// The link; clones are links to the same slot.
#[derive(Clone)]
pub struct FaultyLink(pub Rc<RefCell<Slot>>);

impl Transport for FaultyLink {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let came = self.0.borrow_mut().exchange(command.bytes());
        came.map(Zeroizing::new)
    }

    fn limits(&self) -> Limits {
        self.0.borrow().limits
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        self.0.borrow_mut().reset(how)
    }

    fn is_shared(&self) -> bool {
        self.0.borrow().shared
    }

    fn has_keypad(&self) -> bool {
        self.0.borrow().keypad.is_some()
    }

    fn verify_on_keypad(&mut self, p2: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let mut slot = self.0.borrow_mut();
        let typed = slot.keypad.as_mut().and_then(VecDeque::pop_front);
        let cancelled = TransportError::new(TransportErrorKind::Cancelled, false);
        let typed = typed.ok_or(cancelled)?;
        slot.keyed.push(typed.to_owned());
        let len = u8::try_from(typed.len()).unwrap();
        let command = [&[0x00, 0x20, 0x00, p2, len], typed.as_bytes()].concat();
        slot.exchange(&command).map(Zeroizing::new)
    }

    fn begin_burst(&mut self) -> Result<(), TransportError> {
        self.0.borrow_mut().bursts += 1;
        Ok(())
    }

    fn end_burst(&mut self) {
        self.0.borrow_mut().bursts -= 1;
    }
}

pub fn limits(extended: ExtendedLength) -> Limits {
    let max_response = match extended {
        ExtendedLength::No => 258,
        ExtendedLength::Yes | ExtendedLength::Unknown => 65_538,
    };
    Limits {
        extended,
        max_response,
    }
}
