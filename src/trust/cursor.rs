//! Walking DER with the position of every element.

use der::{Decode, DecodeValue, FixedTag, Header, Length, Reader, SliceReader, Tag};

use super::CertificateError;

/// A walk over the elements of one constructed value.
///
/// `der` does the reading (and refuses what isn't DER); this adds where the
/// value lies in the whole, which `der` forgets once a slice is taken out.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    reader: SliceReader<'a>,
    bytes: &'a [u8],
    base: usize,
}

/// One element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    /// Tag, length and value as they came.
    pub(super) bytes: &'a [u8],
    pub(super) value: &'a [u8],
    /// Of the tag, from the start of the certificate.
    pub(super) position: usize,
    tag: Tag,
}

impl<'a> Cursor<'a> {
    /// `base`: position of the first byte in the whole.
    pub(super) fn new(
        bytes: &'a [u8],
        base: usize,
        element: &'static str,
    ) -> Result<Self, CertificateError> {
        let reader = SliceReader::new(bytes).map_err(|_| CertificateError::Der {
            position: base,
            element,
        })?;
        Ok(Self {
            reader,
            bytes,
            base,
        })
    }

    pub(super) fn position(&self) -> usize {
        self.base + offset(self.reader.position())
    }

    pub(super) fn is_finished(&self) -> bool {
        self.reader.is_finished()
    }

    /// The next element, whatever it is.
    pub(super) fn any(&mut self, element: &'static str) -> Result<Element<'a>, CertificateError> {
        let position = self.position();
        let base = self.base;
        let fail = |error: der::Error| CertificateError::Der {
            position: error.position().map_or(position, |at| base + offset(at)),
            element,
        };
        let start = offset(self.reader.position());
        let header = Header::decode(&mut self.reader).map_err(fail)?;
        let value = self.reader.read_slice(header.length()).map_err(fail)?;
        let bytes = self
            .bytes
            .get(start..offset(self.reader.position()))
            .ok_or(CertificateError::Der { position, element })?;
        Ok(Element {
            bytes,
            value,
            position,
            tag: header.tag(),
        })
    }

    /// The next element, which must bear `tag`.
    pub(super) fn next(
        &mut self,
        element: &'static str,
        tag: Tag,
    ) -> Result<Element<'a>, CertificateError> {
        let position = self.position();
        let found = self.any(element)?;
        if found.tag == tag {
            Ok(found)
        } else {
            Err(CertificateError::Der { position, element })
        }
    }

    /// The next element if it bears `tag`; otherwise nothing is read.
    pub(super) fn next_if(
        &mut self,
        element: &'static str,
        tag: Tag,
    ) -> Result<Option<Element<'a>>, CertificateError> {
        match Tag::peek(&self.reader) {
            Ok(found) if found == tag => self.next(element, tag).map(Some),
            _ => Ok(None),
        }
    }

    /// Nothing may be left.
    pub(super) fn finish(self, element: &'static str) -> Result<(), CertificateError> {
        if self.is_finished() {
            Ok(())
        } else {
            Err(CertificateError::Der {
                position: self.position(),
                element,
            })
        }
    }
}

impl<'a> Element<'a> {
    pub(super) fn tag(&self) -> Tag {
        self.tag
    }

    /// Position of the value.
    pub(super) fn value_position(&self) -> usize {
        self.position + (self.bytes.len() - self.value.len())
    }

    /// A walk over what is inside.
    pub(super) fn inside(&self, element: &'static str) -> Result<Cursor<'a>, CertificateError> {
        Cursor::new(self.value, self.value_position(), element)
    }

    /// The value as a type of `der` or `x509-cert`, all of it.
    pub(super) fn decode<T>(&self, element: &'static str) -> Result<T, CertificateError>
    where
        T: DecodeValue<'a, Error = der::Error> + FixedTag + 'a,
    {
        T::from_der(self.bytes).map_err(|error| CertificateError::Der {
            position: self.position + error.position().map_or(0, offset),
            element,
        })
    }
}

/// `der` counts in `u32`, which every supported `usize` holds.
fn offset(length: Length) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
