//! Bytes of a signed file as read, and where its elements are.

use std::ops::Range;

use zeroize::Zeroizing;

use super::CardError;
use crate::tlv::{Reader, Tag, TlvError};

/// `N` elements, one right behind the other, in a buffer that is wiped.
///
/// Signatures of the card cover elements with their headers as written, and
/// real headers aren't always the shortest; so nothing is ever encoded again.
pub(super) struct Elements<const N: usize> {
    bytes: Zeroizing<Vec<u8>>,
    at: [Place; N],
}

/// Of one element, in the buffer.
#[derive(Clone, Copy, Default)]
struct Place {
    start: usize,
    value: usize,
    end: usize,
}

impl<const N: usize> Elements<N> {
    /// `bytes` are exactly these elements; the first one begins at `start` of
    /// its file, from where errors count.
    pub(super) fn sequence(
        what: &'static str,
        bytes: Zeroizing<Vec<u8>>,
        start: usize,
        tags: [u32; N],
    ) -> Result<Self, CardError> {
        let mut reader = Reader::new(&bytes);
        let at = places(&mut reader, tags)
            .and_then(|at| reader.finish().map(|()| at))
            .map_err(|e| positioned(what, start, e))?;
        Ok(Self { bytes, at })
    }

    /// `bytes` are exactly one element that holds these.
    pub(super) fn file(
        what: &'static str,
        bytes: Zeroizing<Vec<u8>>,
        outer: u32,
        tags: [u32; N],
    ) -> Result<Self, CardError> {
        Self::inside(what, bytes, outer, tags, |children| children.finish())
    }

    /// The same, and whatever elements a later card has behind them: nobody here
    /// knows those, but they may be signed too.
    pub(super) fn growing_file(
        what: &'static str,
        bytes: Zeroizing<Vec<u8>>,
        outer: u32,
        tags: [u32; N],
    ) -> Result<Self, CardError> {
        Self::inside(what, bytes, outer, tags, |mut children| {
            while children.next()?.is_some() {}
            Ok(())
        })
    }

    fn inside(
        what: &'static str,
        bytes: Zeroizing<Vec<u8>>,
        outer: u32,
        tags: [u32; N],
        behind: impl FnOnce(Reader<'_>) -> Result<(), TlvError>,
    ) -> Result<Self, CardError> {
        let at = || {
            let mut file = Reader::new(&bytes);
            let mut children = file.expect(Tag::new(outer))?.children()?;
            file.finish()?;
            let at = places(&mut children, tags)?;
            behind(children)?;
            Ok(at)
        };
        let at = at().map_err(|e| positioned(what, 0, e))?;
        Ok(Self { bytes, at })
    }

    /// The value of an element; empty beyond the last one.
    pub(super) fn value(&self, index: usize) -> &[u8] {
        let place = self.place(index);
        self.slice(place.value..place.end)
    }

    /// Each value alone, in a buffer of its own.
    pub(super) fn into_values(self) -> [Zeroizing<Vec<u8>>; N] {
        std::array::from_fn(|index| Zeroizing::new(self.value(index).to_vec()))
    }

    /// Elements from `first` to `last`, headers included, as they were read.
    pub(super) fn written(&self, first: usize, last: usize) -> &[u8] {
        self.slice(self.place(first).start..self.place(last).end)
    }

    /// Elements from `first` to the end, unknown ones included, as they were read.
    pub(super) fn written_from(&self, first: usize) -> &[u8] {
        self.slice(self.place(first).start..self.bytes.len())
    }

    fn place(&self, index: usize) -> Place {
        self.at.get(index).copied().unwrap_or_default()
    }

    fn slice(&self, range: Range<usize>) -> &[u8] {
        self.bytes.get(range).unwrap_or_default()
    }
}

fn places<const N: usize>(reader: &mut Reader<'_>, tags: [u32; N]) -> Result<[Place; N], TlvError> {
    let mut at = [Place::default(); N];
    for (place, tag) in at.iter_mut().zip(tags) {
        let element = reader.expect(Tag::new(tag))?;
        *place = Place {
            start: element.position(),
            value: element.value_position(),
            end: reader.position(),
        };
    }
    Ok(at)
}

fn positioned(what: &'static str, start: usize, error: TlvError) -> CardError {
    let TlvError { position, kind } = error;
    let position = position.saturating_add(start);
    CardError::Tlv {
        what,
        source: TlvError { position, kind },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlv::TlvErrorKind;

    /// Lengths in three forms: what is taken out is what was written.
    const WRITTEN: [u8; 15] = [
        0xDF, 0x22, 0x01, 0xAA, 0xDF, 0x23, 0x82, 0x00, 0x01, 0xBB, 0xDF, 0x24, 0x81, 0x01, 0xCC,
    ];
    const TAGS: [u32; 3] = [0xDF22, 0xDF23, 0xDF24];

    fn sequence(bytes: &[u8]) -> Result<Elements<3>, CardError> {
        Elements::sequence("the test", Zeroizing::new(bytes.to_vec()), 100, TAGS)
    }

    #[test]
    fn gives_what_was_written() {
        let found = sequence(&WRITTEN).ok().unwrap();
        assert_eq!(found.written(0, 2), WRITTEN);
        assert_eq!(found.written(1, 1), &WRITTEN[4..10]);
        assert_eq!((found.value(0), found.value(1)), (&[0xAA][..], &[0xBB][..]));
        assert_eq!(found.value(2), [0xCC]);
        assert!(found.value(3).is_empty());

        let outer = [&[0xFF, 0x10, 0x82, 0x00, 0x0F][..], &WRITTEN].concat();
        let found = Elements::file("the test", Zeroizing::new(outer), 0xFF10, TAGS);
        let found = found.ok().unwrap();
        assert_eq!(found.written(0, 2), WRITTEN);
    }

    #[test]
    fn what_nobody_knows_is_kept_where_a_file_may_grow() {
        let more = [&WRITTEN[..], &[0xDF, 0x26, 0x01, 0xDD]].concat();
        let outer = [&[0xFF, 0x10, 0x13][..], &more].concat();
        let bytes = || Zeroizing::new(outer.clone());
        let found = Elements::growing_file("the test", bytes(), 0xFF10, TAGS);
        let found = found.ok().unwrap();
        assert_eq!(found.value(2), [0xCC]);
        assert_eq!(found.written_from(1), &more[4..]);
        assert_eq!(found.written(1, 2), &WRITTEN[4..]);
        assert!(Elements::file("the test", bytes(), 0xFF10, TAGS).is_err());
        // It must be elements all the same.
        let mut cut = outer.clone();
        cut[20] = 0x02;
        let found = Elements::growing_file("the test", Zeroizing::new(cut), 0xFF10, TAGS);
        assert!(found.is_err());
    }

    #[test]
    fn errors_count_from_the_start_of_the_file() {
        let position = |bytes: &[u8]| match sequence(bytes).err() {
            Some(CardError::Tlv { source, .. }) => (source.position, source.kind),
            other => panic!("{other:?}"),
        };
        let mut other = WRITTEN;
        other[5] = 0x29;
        let (expected, found) = (Tag::new(0xDF23), Tag::new(0xDF29));
        let kind = TlvErrorKind::UnexpectedTag { expected, found };
        assert_eq!(position(&other), (104, kind));
        let longer = [&WRITTEN[..], &[0]].concat();
        let kind = TlvErrorKind::TrailingBytes { count: 1 };
        assert_eq!(position(&longer), (115, kind));
        for len in 0..WRITTEN.len() {
            assert!(sequence(&WRITTEN[..len]).is_err(), "{len}");
        }
    }
}
