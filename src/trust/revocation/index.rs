use std::fmt;

use jiff::Timestamp;

use super::{
    NoAnswer, RevocationAnswer, RevocationError, RevocationQuery, RevocationReason,
    RevocationSource, Revoked, Window,
    crl::{CertificateList, Entry},
    table::{Keyed, Table},
};
use crate::trust::Root;

/// A verified list of revoked certificates (CRL), as an index over their numbers.
///
/// Made from the list's DER in one walk and a sort; the DER isn't needed
/// afterwards. 13 bytes for each certificate whose serial number has up to eight
/// bytes (JPKI's have up to four), 13 MB for a million; 26 for a longer one,
/// in a table of their own. One percent more makes looking up quick.
///
/// What a list has to be, in the order in which it is looked at: at most
/// [`MAX_LEN`](Self::MAX_LEN) bytes of DER, version 2, of the root's name,
/// signed by the root's key, which may sign lists;
/// no critical extension but issuingDistributionPoint; complete (no delta, not
/// indirect, not of some reasons only) and for certificates of persons; in
/// force at `now`, and the root valid; each entry with a number of up to 20 bytes,
/// a time, and no critical extension but a reason. An entry with a number below
/// zero, against RFC 5280, is left out, as no such certificate is ever called good.
///
/// ```
/// use uketsuke::Realm;
/// use uketsuke::simulation::{CrlSpec, Generation, VirtualPki};
/// use uketsuke::trust::{CrlIndex, Root};
///
/// let pki = VirtualPki::new();
/// let root = Root::new(pki.root(Generation::Third), Realm::Simulation)?;
/// let now = "2026-11-24T00:00:00Z".parse()?;
/// let list = pki.crl(&CrlSpec::new(Generation::Third, now).revoking(&[0x0500_0001]));
/// let index = CrlIndex::build(&list, &root, now)?;
/// assert_eq!(index.len(), 1);
/// assert!(index.revoked(&[5, 0, 0, 1]).is_some());
/// assert!(index.revoked(&[5, 0, 0, 2]).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CrlIndex {
    root: [u8; 32],
    window: Window,
    number: Option<Vec<u8>>,
    /// GeneralNames of the distribution points, sorted; none: all certificates of the root.
    points: Vec<Vec<u8>>,
    short: Table<Short>,
    long: Table<Long>,
}

/// Serial number, seconds since 1970, reason: all big-endian, so that the order
/// of the bytes is the order of the numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Short {
    serial: [u8; 8],
    at: [u8; 4],
    reason: u8,
}

/// The same for 9 to 20 bytes, with the length; filled up with zeros behind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Long {
    len: u8,
    serial: [u8; 20],
    at: [u8; 4],
    reason: u8,
}

impl CrlIndex {
    /// Longest list that is looked at: 64 MiB, which is room for 1.2 million
    /// entries of the largest kind that is common (20-byte number, reason).
    pub const MAX_LEN: usize = 64 << 20;

    /// Verifies the list `der` (not PEM) of `root` at `now` and makes its index.
    ///
    /// There is no form in which an index is kept: keep the DER, and build it again
    /// after a restart; a list that ended meanwhile is refused then. Roots of all generations bear one name, so a list of another
    /// generation is refused for its signature; [`CrlSource`](super::CrlSource) shows
    /// how to find its root. A long list takes its time (a million entries about a
    /// second), so it isn't built while others wait for a lock.
    ///
    /// # Errors
    ///
    /// The first thing that it should be and isn't (see above).
    pub fn build(der: &[u8], root: &Root, now: Timestamp) -> Result<Self, RevocationError> {
        if der.len() > Self::MAX_LEN {
            return Err(RevocationError::TooLong {
                len: der.len(),
                max: Self::MAX_LEN,
            });
        }
        let list = CertificateList::verify(der, root, now)?;
        let (mut short, mut long) = (Vec::new(), Vec::new());
        let mut room = Room::of(list.entries_len());
        for entry in list.entries()? {
            let entry = entry?;
            room.make(&entry, &mut short);
            match Short::new(&entry) {
                _ if entry.negative => (),
                Some(entry) => short.push(entry),
                None => long.push(Long::new(&entry)),
            }
        }
        let mut points: Vec<_> = list.scope.points.iter().map(<[u8]>::to_vec).collect();
        points.sort_unstable();
        points.dedup();
        Ok(Self {
            root: *root.sha256(),
            window: list.window,
            number: list.number.map(<[u8]>::to_vec),
            points,
            short: Table::new(short),
            long: Table::new(long),
        })
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// Whether nothing is revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When the list was made.
    #[must_use]
    pub const fn this_update(&self) -> Timestamp {
        self.window.this_update
    }

    /// When the next one comes at the latest, or when the root ends. After that second this one calls nobody good.
    #[must_use]
    pub const fn next_update(&self) -> Timestamp {
        self.window.next_update
    }

    /// The list's own number (cRLNumber), big-endian without a leading zero byte, if it has one.
    #[must_use]
    pub fn number(&self) -> Option<&[u8]> {
        self.number.as_deref()
    }

    /// The entry of a certificate of this root, by its serial number, big-endian
    /// (leading zero bytes don't matter). `None`: it isn't in the list.
    ///
    /// Neither the time nor whether the list is about this certificate at all is
    /// looked at here; [`ask`](RevocationSource::ask) does that. Is a number in
    /// the list twice, then its earliest entry is given.
    #[must_use]
    pub fn revoked(&self, serial: &[u8]) -> Option<Revoked> {
        let start = serial.iter().take_while(|byte| **byte == 0).count();
        let serial = serial.get(start..)?;
        if let Some(serial) = filled::<8>(serial, Side::Front) {
            let found = self.short.find(serial)?;
            return Some(revoked(found.at, found.reason));
        }
        let len = u8::try_from(serial.len()).ok()?;
        let found = self.long.find((len, filled(serial, Side::Back)?))?;
        Some(revoked(found.at, found.reason))
    }

    /// Bytes on the heap.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.short.heap_bytes()
            + self.long.heap_bytes()
            + self.number.as_ref().map_or(0, Vec::capacity)
            + self.points.capacity() * size_of::<Vec<u8>>()
            + self.points.iter().map(Vec::capacity).sum::<usize>()
    }

    /// Whether the list is about the certificate that is asked about.
    pub(super) fn covers(&self, query: &RevocationQuery<'_>) -> bool {
        self.root == *query.root_sha256()
            && !query.has_negative_serial()
            && (self.points.is_empty()
                || query
                    .distribution_points()
                    .any(|name| self.points.iter().any(|point| point == name)))
    }

    /// SHA-256 of the root's certificate, as [`Root::sha256`]: whose list it is.
    #[must_use]
    pub const fn root_sha256(&self) -> &[u8; 32] {
        &self.root
    }

    /// What it is about: the names of its distribution point, each a GeneralName
    /// in DER as in [`RevocationQuery::distribution_points`]. None: it is about
    /// all certificates of the root. With them a caller knows which list to fetch
    /// again before its [`next_update`](Self::next_update).
    pub fn distribution_points(&self) -> impl Iterator<Item = &[u8]> {
        self.points.iter().map(Vec::as_slice)
    }

    /// The same, sorted.
    pub(super) fn points(&self) -> &[Vec<u8>] {
        &self.points
    }
}

impl RevocationSource for CrlIndex {
    fn ask(&self, query: &RevocationQuery<'_>, now: Timestamp) -> RevocationAnswer {
        if !self.covers(query) {
            return RevocationAnswer::Unknown(NoAnswer::NotCovered);
        }
        let said = self
            .revoked(query.serial())
            .map_or(RevocationAnswer::Good, RevocationAnswer::Revoked);
        self.window.holds(said, query.not_after(), now)
    }
}

/// Shows no number.
impl fmt::Debug for CrlIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrlIndex")
            .field("len", &self.len())
            .field("this_update", &self.window.this_update)
            .field("next_update", &self.window.next_update)
            .finish_non_exhaustive()
    }
}

/// Makes room for as many short entries as can still come.
///
/// `Vec` would double, and hold the old and the new half at a time. The long
/// ones are left to it: they are the exception.
struct Room {
    left: usize,
    read: usize,
    bytes: usize,
}

impl Room {
    /// Entries after which it is known how long they are.
    const ENOUGH: usize = 4096;

    const fn of(left: usize) -> Self {
        Self {
            left,
            read: 0,
            bytes: 0,
        }
    }

    fn make(&mut self, entry: &Entry<'_>, short: &mut Vec<Short>) {
        self.read += 1;
        self.bytes += entry.len;
        if short.len() == short.capacity() {
            let may_come = self.left / (self.bytes / self.read).max(1) + 1;
            short.reserve_exact(if self.read < Self::ENOUGH {
                may_come.min(Self::ENOUGH)
            } else {
                // A quarter more, for later ones that are shorter: growing costs the old
                // and the new half, giving back what wasn't touched costs nothing.
                may_come + may_come / 4
            });
        }
        self.left = self.left.saturating_sub(entry.len);
    }
}

impl Keyed for Short {
    type Key = [u8; 8];

    fn key(&self) -> [u8; 8] {
        self.serial
    }
}

impl Keyed for Long {
    type Key = (u8, [u8; 20]);

    fn key(&self) -> (u8, [u8; 20]) {
        (self.len, self.serial)
    }
}

impl Short {
    fn new(entry: &Entry<'_>) -> Option<Self> {
        Some(Self {
            serial: filled(entry.serial, Side::Front)?,
            at: entry.at.to_be_bytes(),
            reason: entry.reason.code(),
        })
    }
}

impl Long {
    fn new(entry: &Entry<'_>) -> Self {
        // Reading an entry refuses more than 20 bytes.
        Self {
            len: u8::try_from(entry.serial.len()).unwrap_or(u8::MAX),
            serial: filled(entry.serial, Side::Back).unwrap_or_default(),
            at: entry.at.to_be_bytes(),
            reason: entry.reason.code(),
        }
    }
}

enum Side {
    Front,
    Back,
}

/// With zeros on one side; `None` if it is longer than `N`.
fn filled<const N: usize>(bytes: &[u8], side: Side) -> Option<[u8; N]> {
    let mut all = [0; N];
    let missing = N.checked_sub(bytes.len())?;
    let to = match side {
        Side::Front => all.get_mut(missing..)?,
        Side::Back => all.get_mut(..bytes.len())?,
    };
    to.copy_from_slice(bytes);
    Some(all)
}

fn revoked(at: [u8; 4], reason: u8) -> Revoked {
    Revoked {
        // A second of 32 bits is always a time.
        at: Timestamp::from_second(i64::from(u32::from_be_bytes(at))).unwrap_or_default(),
        reason: RevocationReason::from_code(reason).unwrap_or(RevocationReason::Unspecified),
    }
}
