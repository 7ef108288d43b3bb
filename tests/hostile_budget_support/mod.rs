//! A card that is honest until it is told to make a call last as long as it
//! can, and an account of what that came to.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use uketsuke::simulation::VirtualCard;
use uketsuke::transport::{ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError};
use zeroize::Zeroizing;

/// What it does with one command.
#[derive(Clone, Copy, Debug)]
pub enum Move {
    /// "There is more", behind so many bytes.
    More(usize, u8),
    /// "Ask again with this length."
    Correct(u8),
    /// So many bytes of nonsense, and `9000`.
    Nonsense(usize),
    /// What a file would hold that says it is as long as may be: so many bytes of
    /// it at most, and `9000`.
    File(usize),
    /// The same with `61xx`.
    FileAndMore(usize, u8),
    /// A status alone.
    Status(u16),
    /// A count of tries.
    Count(u8),
}

/// Shared between link and test.
pub struct Account {
    pub card: RefCell<VirtualCard>,
    pub hostile: Cell<bool>,
    pub moves: RefCell<Vec<Move>>,
    pub step: Cell<usize>,
    pub exchanges: Cell<usize>,
    pub bytes: Cell<usize>,
    /// Length that files claim.
    pub claims: Cell<u16>,
    /// The first part of the face that lies far behind: the one before it is huge.
    pub far: Cell<usize>,
    /// Where the last READ BINARY by identifier or offset began.
    offset: Cell<usize>,
}

#[derive(Clone)]
pub struct Greedy(pub Rc<Account>);

impl Greedy {
    pub fn new(card: VirtualCard) -> Self {
        Self(Rc::new(Account {
            card: RefCell::new(card),
            hostile: Cell::new(false),
            moves: RefCell::new(Vec::new()),
            step: Cell::new(0),
            exchanges: Cell::new(0),
            bytes: Cell::new(0),
            claims: Cell::new(0),
            far: Cell::new(6),
            offset: Cell::new(0),
        }))
    }

    /// From now on it's hostile, and counts.
    pub fn begin(&self) {
        self.0.hostile.set(true);
        self.0.step.set(0);
        self.0.exchanges.set(0);
        self.0.bytes.set(0);
        memory::begin();
    }

    /// Exchanges, bytes of data, most bytes held.
    pub fn end(&self) -> (usize, usize, usize) {
        self.0.hostile.set(false);
        (self.0.exchanges.get(), self.0.bytes.get(), memory::most())
    }

    fn answer(&self, command: &[u8]) -> Vec<u8> {
        let account = &self.0;
        let read = command[1] == 0xB0;
        if read {
            let (p1, p2) = (usize::from(command[2]), usize::from(command[3]));
            account.offset.set(match p1 & 0x80 {
                0 => p1 << 8 | p2,
                _ => p2,
            });
        }
        let moves = account.moves.borrow();
        let step = account.step.replace(account.step.get() + 1);
        let with = |data: Vec<u8>, status: u16| [data, status.to_be_bytes().to_vec()].concat();
        let file = |most: usize| {
            let wanted = match command[4..] {
                [0] => 256,
                [le] => usize::from(le),
                [0, 0, 0] => 65_536,
                [0, high, low] => usize::from(high) << 8 | usize::from(low),
                _ => 1,
            };
            let from = account.offset.get();
            let len = wanted.min(most);
            account.offset.set(from + len);
            self.file(command, from, len)
        };
        match moves[step % moves.len()] {
            Move::More(len, sw2) => with(vec![0x5A; len], 0x6100 | u16::from(sw2)),
            Move::Correct(sw2) => with(Vec::new(), 0x6C00 | u16::from(sw2)),
            Move::Nonsense(len) => with(vec![0x5A; len], 0x9000),
            Move::File(most) => with(file(most), 0x9000),
            Move::FileAndMore(most, sw2) => with(file(most), 0x6100 | u16::from(sw2)),
            Move::Status(status) => with(Vec::new(), status),
            Move::Count(left) => with(Vec::new(), 0x63C0 | u16::from(left)),
        }
    }

    /// The head of the honest file, its lengths and offsets stretched to what is
    /// claimed; filler behind it.
    fn file(&self, command: &[u8], from: usize, len: usize) -> Vec<u8> {
        let mut head = vec![0x5A; from + len];
        if from < 256 {
            // Whatever is asked for, the honest head is read.
            let mut card = self.0.card.borrow_mut();
            let read = match command {
                [0x00, 0xB0, p1, ..] if p1 & 0x80 != 0 => [0x00, 0xB0, *p1, 0x00, 0x00],
                _ => [0x00, 0xB0, 0x00, 0x00, 0x00],
            };
            let mut honest = card.transmit(&read);
            honest.truncate(honest.len() - 2);
            let [high, low] = self.0.claims.get().to_be_bytes();
            match honest[..] {
                [0x30, 0x82, ..] => honest[2..4].copy_from_slice(&[high, low]),
                [0xFF | 0x7F, _, 0x82, ..] => honest[3..5].copy_from_slice(&[high, low]),
                _ => {}
            }
            if honest.len() > 26 && honest[5..8] == [0xDF, 0x21, 0x12] {
                // The last parts lie at the very end, so that one is huge.
                for (index, offset) in honest[8..26].chunks_mut(2).enumerate() {
                    if index >= self.0.far.get() {
                        let far = self.0.claims.get() - 20 + u16::try_from(index).unwrap();
                        offset.copy_from_slice(&far.to_be_bytes());
                    }
                }
            }
            for (to, from) in head.iter_mut().zip(honest) {
                *to = from;
            }
        }
        head.split_off(from)
    }
}

impl Transport for Greedy {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let account = &self.0;
        if !account.hostile.get() {
            return Ok(Zeroizing::new(
                account.card.borrow_mut().transmit(command.bytes()),
            ));
        }
        account.exchanges.set(account.exchanges.get() + 1);
        assert!(account.exchanges.get() < 5_000, "no end");
        let answer = memory::uncounted(|| self.answer(command.bytes()));
        account.bytes.set(account.bytes.get() + answer.len() - 2);
        Ok(Zeroizing::new(answer))
    }

    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::Yes,
            max_response: 65_538,
        }
    }

    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        self.0.card.borrow_mut().power_off();
        Ok(())
    }
}

/// Bytes that this thread holds.
pub mod memory {
    use super::*;

    thread_local! {
        static HELD: Cell<isize> = const { Cell::new(0) };
        static MOST: Cell<isize> = const { Cell::new(0) };
        static PAUSED: Cell<bool> = const { Cell::new(false) };
    }

    pub struct Counting;

    // SAFETY: hands everything on to the system's allocator as it came.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            count(layout.size() as isize);
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
            count(-(layout.size() as isize));
            unsafe { System.dealloc(at, layout) }
        }
    }

    fn count(bytes: isize) {
        let _ = HELD.try_with(|held| {
            if PAUSED.get() {
                return;
            }
            held.set(held.get() + bytes);
            MOST.set(MOST.get().max(held.get()));
        });
    }

    pub fn begin() {
        HELD.set(0);
        MOST.set(0);
    }

    pub fn most() -> usize {
        usize::try_from(MOST.get()).unwrap_or(0)
    }

    /// What the link itself takes doesn't count, but for its answer.
    pub fn uncounted(make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
        PAUSED.set(true);
        let made = make();
        PAUSED.set(false);
        made.clone()
    }
}
