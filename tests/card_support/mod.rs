//! A small chip behind a transport that records every command and can fail at
//! any exchange. Written from the public descriptions of the card, apart from
//! the library's own code.
#![allow(dead_code)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use uketsuke::VisitId;
use uketsuke::card::{
    AuthPin, Card, Jpki as JpkiApplication, LastTry, Opened, SecretKind, TryBudget, VerifyError,
};
use uketsuke::transport::{
    ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError, TransportErrorKind,
};
use zeroize::Zeroizing;

pub const JPKI: &str = "00A404 0C 0A D392F000260100000001";
pub const FACE: &str = "00A404 0C 0A D3921000310001010402";
pub const COMMON: &str = "00A404 0C 0A D3921000310001010100";
pub const ISD: &str = "00A404 0C 07 A0000001510000";

pub const PIN: &str = "1234";
pub const NUMBER_B: &str = "55021720352285";

pub fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|b| !b.is_ascii_whitespace())
        .map(|b| char::from(b).to_digit(16).expect("hex") as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

/// What goes wrong at one exchange.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The link fails before the chip gets the command.
    Before(TransportErrorKind, bool),
    /// The chip acts, then the link fails.
    After(TransportErrorKind),
    /// The chip acts, but so many bytes of its answer are all that arrives.
    Cut(usize),
    /// The chip refuses without acting.
    Status(u16),
    /// Success with so many bytes of nonsense, without acting.
    Data(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum App {
    Jpki,
    Face,
    Common,
    Isd,
}

pub struct Chip {
    pub certificate: Vec<u8>,
    pub face: Vec<u8>,
    pub serial: Vec<u8>,
    pub pin_tries: u8,
    pub password_tries: u8,
    pub number_tries: u8,
    pub blocked_status: u16,
    /// READ BINARY with extended Le, by short identifier.
    pub extended: bool,
    /// And with an offset of 15 bits.
    pub extended_plain: bool,
    pub says: ExtendedLength,
    pub max_response: usize,
    pub piece: usize,
    pub certificate_wants_pin: bool,
    pub shared: bool,
    pub refuse_isd: bool,
    pub refuse_power_off: bool,
    /// The status of the first command after power-up, instead of an answer.
    pub first_status: Option<u16>,
    pub log: Vec<Vec<u8>>,
    pub resets: Vec<Reset>,
    pub bursts: i32,
    pub faults: HashMap<usize, Fault>,
    pub app: Option<App>,
    pub current: Option<u8>,
    pub pin_open: bool,
    pub number_open: bool,
    pub exchanges: usize,
}

impl Chip {
    pub fn new() -> Self {
        let mut photo = vec![0xDF, 0x27, 0x82, 0x07, 0x3E];
        photo.extend((0..0x73Eu32).map(|i| (i * 7) as u8));
        Self {
            certificate: certificate(1584, 200),
            face: face(&photo),
            serial: [&[0x01, 0x1C][..], b"123456789012345", b"13221", b"20310409"].concat(),
            pin_tries: 3,
            password_tries: 5,
            number_tries: 10,
            blocked_status: 0x6984,
            extended: true,
            extended_plain: true,
            says: ExtendedLength::Unknown,
            max_response: 65_538,
            piece: usize::MAX,
            certificate_wants_pin: false,
            shared: false,
            refuse_isd: false,
            refuse_power_off: false,
            first_status: None,
            log: Vec::new(),
            resets: Vec::new(),
            bursts: 0,
            faults: HashMap::new(),
            app: None,
            current: None,
            pin_open: false,
            number_open: false,
            exchanges: 0,
        }
    }

    pub fn short_only() -> Self {
        Self {
            extended: false,
            extended_plain: false,
            says: ExtendedLength::No,
            ..Self::new()
        }
    }

    pub fn share(self) -> (Shared, Link) {
        let shared = Shared(Rc::new(RefCell::new(self)));
        (shared.clone(), Link(shared.0))
    }

    /// VERIFY commands that carry a secret.
    pub fn verifies(&self) -> Vec<Vec<u8>> {
        let secret = |c: &&Vec<u8>| c[1] == 0x20 && c.len() > 4;
        self.log.iter().filter(secret).cloned().collect()
    }

    pub fn is_open(&self) -> bool {
        self.pin_open || self.number_open
    }

    fn lose_power(&mut self) {
        self.app = None;
        self.current = None;
        self.pin_open = false;
        self.number_open = false;
        self.exchanges = 0;
    }

    fn answer(&mut self, c: &[u8]) -> Vec<u8> {
        self.exchanges += 1;
        if self.exchanges == 1
            && let Some(status) = self.first_status
        {
            return sw(status);
        }
        match (c[0], c[1]) {
            (0x00, 0xA4) => self.select(c),
            (0x00, 0x20) => self.verify(c),
            (0x00, 0xB0) => self.read(c),
            (0x00, 0xB2) if self.app == Some(App::Common) && c[2..] == [0x01, 0x0C, 0x00] => {
                ok(&self.serial)
            }
            (0x80, 0x2A) if self.app == Some(App::Jpki) => {
                let shape = c[2..5] == [0x00, 0x97, 0x33] && c.len() == 57 && c[56] == 0;
                match (shape, self.pin_open) {
                    (true, true) => ok(&[0x5A; 256]),
                    (true, false) => sw(0x6982),
                    (false, _) => sw(0x6700),
                }
            }
            (0x80, 0xFA) => ok(b"vendor"),
            // MANAGE CHANNEL, and a chained part.
            (0x00, 0x70) => ok(&[0x01]),
            (0x10, 0x88) => sw(0x9000),
            _ => sw(0x6D00),
        }
    }

    fn select(&mut self, c: &[u8]) -> Vec<u8> {
        let app = if c == hex(JPKI) {
            App::Jpki
        } else if c == hex(FACE) {
            App::Face
        } else if c == hex(COMMON) {
            App::Common
        } else if c == hex(ISD) && !self.refuse_isd {
            App::Isd
        } else {
            return sw(0x6A82);
        };
        // Selecting the same application again keeps what was verified.
        if self.app != Some(app) {
            self.pin_open = false;
            self.number_open = false;
        }
        self.app = Some(app);
        self.current = None;
        sw(0x9000)
    }

    fn verify(&mut self, c: &[u8]) -> Vec<u8> {
        let blocked = self.blocked_status;
        let (tries, open, max, right) = match (self.app, c[3]) {
            (Some(App::Jpki), 0x98) => (&mut self.pin_tries, &mut self.pin_open, 3, PIN),
            (Some(App::Jpki), 0x9B) if c.len() == 4 => {
                return sw(0x63C0 | u16::from(self.password_tries));
            }
            (Some(App::Face), 0x92) => {
                (&mut self.number_tries, &mut self.number_open, 10, NUMBER_B)
            }
            _ => return sw(0x6A88),
        };
        if c.len() == 4 {
            return sw(0x63C0 | u16::from(*tries));
        }
        if c.len() == 5 {
            return sw(0x6700);
        }
        if *tries == 0 {
            return sw(blocked);
        }
        if usize::from(c[4]) == c.len() - 5 && &c[5..] == right.as_bytes() {
            *tries = max;
            *open = true;
            return sw(0x9000);
        }
        *tries -= 1;
        sw(0x63C0 | u16::from(*tries))
    }

    fn takes_extended(&self, c: &[u8]) -> bool {
        match c[2] & 0x80 {
            0 => self.extended_plain,
            _ => self.extended,
        }
    }

    fn read(&mut self, c: &[u8]) -> Vec<u8> {
        let ne = match c[4..] {
            [0] => 256,
            [le] => usize::from(le),
            [0, high, low] if self.takes_extended(c) => {
                match usize::from(high) << 8 | usize::from(low) {
                    0 => 65_536,
                    ne => ne,
                }
            }
            _ => return sw(0x6700),
        };
        let offset = if c[2] & 0x80 != 0 {
            self.current = Some(c[2] & 0x1F);
            usize::from(c[3])
        } else {
            usize::from(c[2]) << 8 | usize::from(c[3])
        };
        let file = match (self.app, self.current) {
            (_, None) => return sw(0x6986),
            (Some(App::Jpki), Some(0x0A)) => {
                if self.certificate_wants_pin && !self.pin_open {
                    return sw(0x6982);
                }
                &self.certificate
            }
            (Some(App::Face), Some(0x02)) => {
                if !self.number_open {
                    return sw(0x6982);
                }
                &self.face
            }
            _ => return sw(0x6A82),
        };
        if offset >= file.len() {
            return sw(0x6B00);
        }
        let end = file.len().min(offset + ne.min(self.piece));
        ok(&file[offset..end])
    }
}

fn sw(status: u16) -> Vec<u8> {
    status.to_be_bytes().to_vec()
}

fn ok(data: &[u8]) -> Vec<u8> {
    [data, &[0x90, 0x00]].concat()
}

/// A DER sequence of `len` bytes, and filler behind it.
pub fn certificate(len: usize, filler: usize) -> Vec<u8> {
    let value = (len - 4) as u16;
    let mut file = vec![0x30, 0x82];
    file.extend(value.to_be_bytes());
    file.extend((0..value).map(|i| (i % 251) as u8));
    file.extend(std::iter::repeat_n(0xFF, filler));
    file
}

/// A card face: head, table, five elements, the photo, three more.
pub fn face(photo: &[u8]) -> Vec<u8> {
    let element = |tag: u8, len: usize| {
        let mut element = vec![0xDF, tag, 0x82, (len >> 8) as u8, len as u8];
        element.extend(std::iter::repeat_n(tag, len));
        element
    };
    let elements = [
        element(0x22, 8),
        element(0x23, 1),
        element(0x24, 265),
        element(0x25, 170),
        element(0x26, 340),
        photo.to_vec(),
        element(0x28, 256),
        element(0x29, 8),
        element(0x2A, 90),
    ];
    let body: usize = elements.iter().map(Vec::len).sum();
    let total = (21 + body) as u16;
    let mut file = vec![0xFF, 0x20, 0x82];
    file.extend(total.to_be_bytes());
    file.extend([0xDF, 0x21, 0x12]);
    let mut offset = 26u16;
    for element in &elements {
        file.extend(offset.to_be_bytes());
        offset += element.len() as u16;
    }
    for element in elements {
        file.extend(element);
    }
    file
}

/// Looks at the chip while the library holds the link.
#[derive(Clone)]
pub struct Shared(Rc<RefCell<Chip>>);

impl Shared {
    pub fn with<R>(&self, look: impl FnOnce(&mut Chip) -> R) -> R {
        look(&mut self.0.borrow_mut())
    }

    pub fn sent(&self) -> usize {
        self.with(|chip| chip.log.len())
    }

    /// Everything sent so far, then an empty log.
    pub fn take_log(&self) -> Vec<Vec<u8>> {
        self.with(|chip| std::mem::take(&mut chip.log))
    }
}

#[derive(Clone)]
pub struct Link(Rc<RefCell<Chip>>);

impl Transport for Link {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let mut chip = self.0.borrow_mut();
        let at = chip.log.len();
        chip.log.push(command.bytes().to_vec());
        let powerless = |kind: TransportErrorKind| {
            matches!(
                kind,
                TransportErrorKind::CardRemoved | TransportErrorKind::NoCard
            )
        };
        match chip.faults.get(&at).copied() {
            None => Ok(Zeroizing::new(chip.answer(command.bytes()))),
            Some(Fault::Before(kind, unknown)) => {
                if powerless(kind) {
                    chip.lose_power();
                }
                Err(TransportError::new(kind, unknown))
            }
            Some(Fault::After(kind)) => {
                let _ = chip.answer(command.bytes());
                if powerless(kind) {
                    chip.lose_power();
                }
                Err(TransportError::new(kind, true))
            }
            Some(Fault::Cut(len)) => {
                let mut answer = chip.answer(command.bytes());
                answer.truncate(len);
                Ok(Zeroizing::new(answer))
            }
            Some(Fault::Status(status)) => Ok(Zeroizing::new(sw(status))),
            Some(Fault::Data(len)) => Ok(Zeroizing::new(ok(&vec![0x5A; len]))),
        }
    }

    fn limits(&self) -> Limits {
        let chip = self.0.borrow();
        Limits {
            extended: chip.says,
            max_response: chip.max_response,
        }
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        let mut chip = self.0.borrow_mut();
        chip.resets.push(how);
        if chip.refuse_power_off {
            return Err(TransportError::new(TransportErrorKind::Fault(1), false));
        }
        if how == Reset::PowerOff {
            chip.lose_power();
        }
        Ok(())
    }

    fn is_shared(&self) -> bool {
        self.0.borrow().shared
    }

    fn begin_burst(&mut self) -> Result<(), TransportError> {
        self.0.borrow_mut().bursts += 1;
        Ok(())
    }

    fn end_burst(&mut self) {
        self.0.borrow_mut().bursts -= 1;
    }
}

pub const KIND: SecretKind = SecretKind::AuthPin;

/// Before this try.
pub const LOCKED: VerifyError = VerifyError::Locked {
    kind: KIND,
    by_this_try: false,
};

pub fn card(chip: Chip) -> (Shared, Card<Link>) {
    let (shared, link) = chip.share();
    (shared, Card::new(link, VisitId::begin()))
}

pub fn pin(typed: &str) -> AuthPin {
    AuthPin::parse(typed).unwrap()
}

pub fn budget<T: Transport>(jpki: &mut Opened<'_, T, JpkiApplication>) -> TryBudget {
    let tries = jpki.tries_left(KIND).unwrap();
    tries.budget(LastTry::Allow).unwrap()
}
