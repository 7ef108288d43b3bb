//! A small chip behind a transport that records every command and can fail at
//! any exchange. Written from the public descriptions of the card, apart from
//! the library's own code.
#![allow(dead_code)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

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
pub const INPUT: &str = "00A404 0C 0A D3921000310001010408";
pub const COMMON: &str = "00A404 0C 0A D3921000310001010100";
pub const ISD: &str = "00A404 0C 07 A0000001510000";

pub const PIN: &str = "1234";
pub const PASSWORD: &str = "ABC123";
pub const INPUT_PIN: &str = "5678";
pub const BIRTH_DATE: &str = "550217";
pub const NUMBER_A: &str = "537686677188";
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum App {
    Jpki,
    Face,
    Input,
    Common,
    Isd,
}

/// A secret: what is right, how often it may be wrong, whether it's open.
#[derive(Clone, Debug)]
pub struct Secret {
    pub value: Vec<u8>,
    pub tries: u8,
    pub max: u8,
    pub open: bool,
}

impl Secret {
    fn new(value: &str, max: u8) -> Self {
        Self {
            value: value.into(),
            tries: max,
            max,
            open: false,
        }
    }
}

/// What the person does at the reader's keypad.
#[derive(Clone, Debug)]
pub enum Keyed {
    Digits(&'static str),
    Cancelled,
    TimedOut,
    /// The reader failed after it had presented them.
    Lost(&'static str),
}

pub struct Chip {
    pub certificate: Vec<u8>,
    /// By application and short identifier: beyond certificate and face.
    pub files: HashMap<(App, u8), Vec<u8>>,
    /// By application and P2, but for the PIN and 照合番号B of the face.
    pub secrets: HashMap<(App, u8), Secret>,
    pub objects: HashMap<u16, Vec<u8>>,
    pub pin: Vec<u8>,
    pub keyed: Vec<Keyed>,
    /// Instead of changing a secret.
    pub change_status: Option<u16>,
    pub face: Vec<u8>,
    pub serial: Vec<u8>,
    pub pin_tries: u8,
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

static CERTIFICATE: LazyLock<Vec<u8>> = LazyLock::new(|| certificate(1584, 200));

/// Made once: some tests make a chip for each status word.
static FILES: LazyLock<HashMap<(App, u8), Vec<u8>>> = LazyLock::new(|| {
    HashMap::from([
        ((App::Jpki, 0x01), certificate(1700, 50)),
        ((App::Jpki, 0x02), certificate(900, 10)),
        ((App::Jpki, 0x0B), certificate(1000, 0)),
        ((App::Jpki, 0x06), token("JPKIAPICCTOKEN2")),
        ((App::Jpki, 0x08), vec![0x8F, 0x8F, 0x00]),
    ])
});

impl Chip {
    pub fn new() -> Self {
        let mut photo = vec![0xDF, 0x27, 0x82, 0x07, 0x3E];
        photo.extend((0..0x73Eu32).map(|i| (i * 7) as u8));
        Self {
            certificate: CERTIFICATE.clone(),
            face: face(&photo),
            serial: [&[0x01, 0x1C][..], b"123456789012345", b"13221", b"20310409"].concat(),
            pin_tries: 3,
            files: FILES.clone(),
            secrets: HashMap::from([
                ((App::Jpki, 0x9B), Secret::new(PASSWORD, 5)),
                ((App::Face, 0x91), Secret::new(BIRTH_DATE, 10)),
                ((App::Face, 0x93), Secret::new(NUMBER_A, 10)),
                ((App::Input, 0x91), Secret::new(INPUT_PIN, 3)),
                ((App::Input, 0x94), Secret::new(NUMBER_A, 10)),
                ((App::Input, 0x95), Secret::new(NUMBER_B, 10)),
            ]),
            objects: HashMap::new(),
            pin: PIN.into(),
            keyed: Vec::new(),
            change_status: None,
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

    fn close_keys(&mut self) {
        self.pin_open = false;
        self.number_open = false;
        for secret in self.secrets.values_mut() {
            secret.open = false;
        }
    }

    pub fn is_open(&self) -> bool {
        self.pin_open || self.number_open || self.secrets.values().any(|secret| secret.open)
    }

    fn lose_power(&mut self) {
        self.app = None;
        self.current = None;
        self.close_keys();
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
            (0x80, 0x2A) => self.sign(c),
            (0x00, 0x24) => self.change(c),
            (0x00, 0xCA) => self.object(c),
            (0x80, 0xFA) => ok(b"vendor"),
            // MANAGE CHANNEL, and a chained part.
            (0x00, 0x70) => ok(&[0x01]),
            (0x10, 0x88) => sw(0x9000),
            _ => sw(0x6D00),
        }
    }

    /// All six forms, for each key with its own secret.
    fn sign(&mut self, c: &[u8]) -> Vec<u8> {
        let open = match (self.app, c[3]) {
            (Some(App::Jpki), 0x97) => self.pin_open,
            (Some(App::Jpki), 0x9A) => self.secrets[&(App::Jpki, 0x9B)].open,
            (Some(App::Face | App::Input), 0x00) => true,
            _ => return sw(0x6A88),
        };
        if c.len() < 7 || c.len() != 6 + usize::from(c[4]) || c[c.len() - 1] != 0 {
            return sw(0x6700);
        }
        let right = match c[2] {
            0x00 => (1..=245).contains(&c[4]),
            0x02 | 0x04 => c[4] == 32,
            0x01 | 0x03 | 0x05 => c[4] > 0,
            _ => return sw(0x6A86),
        };
        match (open, right) {
            (false, _) => sw(0x6982),
            (true, true) => ok(&[0x5A; 256]),
            (true, false) => sw(0x6985),
        }
    }

    /// Of the reference that was selected, after a VERIFY of the old value.
    fn change(&mut self, c: &[u8]) -> Vec<u8> {
        if let Some(status) = self.change_status {
            return sw(status);
        }
        if c[2..4] != [0x01, 0x80] || c.len() < 6 || c.len() != 5 + usize::from(c[4]) {
            return sw(0x6A86);
        }
        let (Some(app), Some(reference)) = (self.app, self.current) else {
            return sw(0x6986);
        };
        let new = c[5..].to_vec();
        if (app, reference) == (App::Jpki, 0x18) {
            if !self.pin_open {
                return sw(0x6982);
            }
            self.pin = new;
            return sw(0x9000);
        }
        match self.secrets.get_mut(&(app, 0x80 | reference)) {
            None => sw(0x6A88),
            Some(secret) if !secret.open => sw(0x6982),
            Some(secret) => {
                secret.value = new;
                sw(0x9000)
            }
        }
    }

    /// GET DATA, where nothing or the issuer security domain is selected.
    fn object(&mut self, c: &[u8]) -> Vec<u8> {
        if !matches!(self.app, None | Some(App::Isd)) {
            return sw(0x6985);
        }
        let Some(object) = self.objects.get(&u16::from_be_bytes([c[2], c[3]])) else {
            return sw(0x6A88);
        };
        match c[4..] {
            [0] if object.len() <= 256 => ok(object),
            [0, 0, 0] if self.extended => ok(object),
            _ => sw(0x6700),
        }
    }

    fn select(&mut self, c: &[u8]) -> Vec<u8> {
        if c[2..5] == [0x02, 0x0C, 0x02] && c.len() == 7 {
            self.current = Some(c[6] & 0x1F);
            return sw(0x9000);
        }
        let app = if c == hex(JPKI) {
            App::Jpki
        } else if c == hex(FACE) {
            App::Face
        } else if c == hex(INPUT) {
            App::Input
        } else if c == hex(COMMON) {
            App::Common
        } else if c == hex(ISD) && !self.refuse_isd {
            App::Isd
        } else {
            return sw(0x6A82);
        };
        // Selecting the same application again keeps what was verified.
        if self.app != Some(app) {
            self.close_keys();
        }
        self.app = Some(app);
        self.current = None;
        sw(0x9000)
    }

    fn verify(&mut self, c: &[u8]) -> Vec<u8> {
        let blocked = self.blocked_status;
        let (tries, open, max, right) = match (self.app, c[3]) {
            (Some(App::Jpki), 0x98) => (&mut self.pin_tries, &mut self.pin_open, 3, &self.pin[..]),
            (Some(App::Face), 0x92) => (
                &mut self.number_tries,
                &mut self.number_open,
                10,
                NUMBER_B.as_bytes(),
            ),
            (Some(app), p2) => match self.secrets.get_mut(&(app, p2)) {
                Some(Secret {
                    value,
                    tries,
                    max,
                    open,
                }) => (tries, open, *max, &value[..]),
                None => return sw(0x6A88),
            },
            (None, _) => return sw(0x6A88),
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
        if usize::from(c[4]) == c.len() - 5 && c[5..] == *right {
            *tries = max;
            *open = true;
            return sw(0x9000);
        }
        *tries -= 1;
        sw(0x63C0 | u16::from(*tries))
    }

    fn readable(&self, app: App, short: u8) -> bool {
        let open = |p2: u8| {
            self.secrets
                .get(&(app, p2))
                .is_some_and(|secret| secret.open)
        };
        match (app, short) {
            (App::Jpki, 0x01) => open(0x9B),
            (App::Face, 0x01) => open(0x91),
            (App::Face, 0x05) => open(0x93),
            (App::Input, 0x01) => open(0x91) || open(0x94),
            (App::Input, 0x02) => open(0x91) || open(0x95),
            (App::Input, 0x03) => open(0x91) || open(0x94) || open(0x95),
            _ => true,
        }
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
            (Some(app), Some(short)) => {
                if !self.readable(app, short) {
                    return sw(0x6982);
                }
                match self.files.get(&(app, short)) {
                    Some(file) => file,
                    None => return sw(0x6A82),
                }
            }
            (None, _) => return sw(0x6A82),
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

/// EF 0006 with this label.
pub fn token(label: &str) -> Vec<u8> {
    let mut file = format!(
        "{label:<32}{:<32}{:<16}{:<16}",
        "MAKER", "MODEL1", "0123456789"
    )
    .into_bytes();
    for number in [0x0000_040Du32, 1, 0, 1, 0, 16, 6, 100, 90, 80, 70] {
        file.extend(number.to_be_bytes());
    }
    file.extend(b"0301");
    file.extend([b' '; 16]);
    file
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

    fn has_keypad(&self) -> bool {
        !self.0.borrow().keyed.is_empty()
    }

    /// A reader's firmware: it makes the VERIFY and sends it itself.
    fn verify_on_keypad(&mut self, p2: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let mut chip = self.0.borrow_mut();
        if chip.keyed.is_empty() {
            return Err(TransportError::new(TransportErrorKind::Unsupported, false));
        }
        let keyed = chip.keyed.remove(0);
        let digits = match &keyed {
            Keyed::Cancelled => {
                return Err(TransportError::new(TransportErrorKind::Cancelled, false));
            }
            Keyed::TimedOut => {
                return Err(TransportError::new(TransportErrorKind::TimedOut, false));
            }
            Keyed::Digits(digits) | Keyed::Lost(digits) => digits,
        };
        let mut command = vec![0x00, 0x20, 0x00, p2, digits.len() as u8];
        command.extend(digits.bytes());
        drop(chip);
        let answer = self.transmit(Outgoing::raw(&command));
        match keyed {
            Keyed::Lost(_) => Err(TransportError::new(TransportErrorKind::TimedOut, true)),
            _ => answer,
        }
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
