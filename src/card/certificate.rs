//! The certificates of JPKI and how they are read.

use std::fmt;

use zeroize::Zeroizing;

use super::file::Begin;
use super::map::FileMap;
use super::{CardError, Jpki, Opened, PasswordVerified, Progress};
use crate::Binding;
use crate::tlv::{Header, Tag, TlvErrorKind};
use crate::transport::Transport;

/// A holder's certificate as read from the card: DER, cut at its own length, not
/// yet validated.
///
/// It identifies the holder: `Debug` prints its length alone, and it's wiped
/// when dropped.
pub struct CardCertificate {
    pub(super) der: Zeroizing<Vec<u8>>,
    pub(super) binding: Binding,
}

impl CardCertificate {
    /// The DER encoding, header included.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    #[cfg(test)]
    #[allow(dead_code)]
    pub(crate) fn for_test(der: Vec<u8>, binding: Binding) -> Self {
        let der = Zeroizing::new(der);
        Self { der, binding }
    }
}

impl fmt::Debug for CardCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardCertificate({} bytes)", self.der.len())
    }
}

/// A CA certificate as read from the card. **Never trust it**: whoever makes a
/// false card writes there what he likes. It's good for showing which
/// generation the card believes in; [`Roots`](crate::trust::Roots) has the
/// pinned ones.
///
/// No call of this crate takes one.
pub struct CardCaCertificate {
    der: Zeroizing<Vec<u8>>,
    binding: Binding,
}

impl CardCaCertificate {
    /// The DER encoding, header included.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }
}

impl fmt::Debug for CardCaCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardCaCertificate({} bytes)", self.der.len())
    }
}

impl<T: Transport> Opened<'_, T, Jpki> {
    /// Reads the authentication certificate (利用者証明用電子証明書, EF 000A), cut
    /// at the length that its DER header states.
    ///
    /// One exchange with extended length, ⌈length / 256⌉ without; a refused
    /// first attempt at extended length is one more, once for this card.
    /// Whatever the card answers, at most 80 transmissions. `progress` watches,
    /// it can't stop the reading: that bound does.
    ///
    /// Free to read on the plastic card. Phones are reported to want the PIN
    /// first: then this fails with [`CardError::NotVerified`], and works after
    /// [`verify_pin`](Self::verify_pin) in the same session, in reads of 256
    /// bytes unless extended length is known to work.
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] where the PIN is wanted,
    /// [`CardError::TooLong`] above 8 KiB, [`CardError::Malformed`] for a file
    /// that isn't a certificate or ends early; other refusals, and the link's.
    pub fn authentication_certificate(
        &mut self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<CardCertificate, CardError> {
        let file = &self.card.map.jpki.authentication_certificate;
        let (der, binding) = self.certificate(file, progress)?;
        Ok(CardCertificate { der, binding })
    }

    /// Reads the signing certificate (署名用電子証明書, EF 0001), which names the
    /// holder with address and birth date; a check-in needs none of it.
    ///
    /// ⌈length / 256⌉ exchanges, or one where extended length is known to work:
    /// nothing is tried behind a secret. At most 80, whatever the card answers.
    ///
    /// People under 15 and holders of a card without PIN have none as a rule;
    /// what such a card answers isn't public.
    ///
    /// This crate doesn't validate it: [`Roots`](crate::trust::Roots) are those of
    /// the authentication certificate, and whether a signing certificate was
    /// revoked is told to registered verifiers (署名検証者) only.
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] if `right` is another session's (nothing is
    /// sent then); [`CardError::Malformed`] for an empty file; else as for the
    /// other certificate.
    pub fn signing_certificate(
        &mut self,
        right: &PasswordVerified,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<CardCertificate, CardError> {
        let file = &self.card.map.jpki.signing_certificate;
        let _ = self.holds(right.proven(), file.name)?;
        let (der, binding) = self.certificate(file, progress)?;
        Ok(CardCertificate { der, binding })
    }

    /// Reads the CA certificate that lies beside the authentication certificate
    /// (EF 000B). It's never trusted, see [`CardCaCertificate`].
    ///
    /// # Errors
    ///
    /// As for the certificate itself.
    pub fn authentication_ca_certificate(
        &mut self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<CardCaCertificate, CardError> {
        let file = &self.card.map.jpki.authentication_ca;
        let (der, binding) = self.certificate(file, progress)?;
        Ok(CardCaCertificate { der, binding })
    }

    /// Reads the CA certificate that lies beside the signing certificate
    /// (EF 0002), which is free to read. It's never trusted, see
    /// [`CardCaCertificate`].
    ///
    /// # Errors
    ///
    /// As for the certificate itself.
    pub fn signing_ca_certificate(
        &mut self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<CardCaCertificate, CardError> {
        let file = &self.card.map.jpki.signing_ca;
        let (der, binding) = self.certificate(file, progress)?;
        Ok(CardCaCertificate { der, binding })
    }

    fn certificate(
        &mut self,
        file: &'static FileMap,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Zeroizing<Vec<u8>>, Binding), CardError> {
        let length = |bytes: &[u8]| length(file.name, bytes);
        let der = self.card.read_whole(file, Begin::Whole, length, progress)?;
        Ok((der, self.card.binding))
    }
}

/// Header and value of the certificate; `None` while its header is incomplete.
fn length(what: &'static str, bytes: &[u8]) -> Result<Option<usize>, CardError> {
    let malformed = |why| CardError::Malformed { what, why };
    match bytes.first() {
        None => return Ok(None),
        Some(0x30) => {}
        Some(0x00 | 0xFF) => return Err(malformed("the file is empty")),
        Some(_) => return Err(malformed("it is not a DER sequence")),
    }
    match Header::parse(bytes) {
        Ok(header) if header.tag == Tag::new(0x30) => Ok(Some(header.total_len())),
        Ok(_) => Err(malformed("it is not a DER sequence")),
        // Tag, length and at most four more bytes.
        Err(error) if matches!(error.kind, TlvErrorKind::Truncated { .. }) && bytes.len() < 6 => {
            Ok(None)
        }
        Err(source) => Err(CardError::Tlv { what, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_of_a_certificate() {
        assert_eq!(length("it", &[]), Ok(None));
        assert_eq!(length("it", &[0x30]), Ok(None));
        assert_eq!(length("it", &[0x30, 0x82, 0x06]), Ok(None));
        assert_eq!(length("it", &[0x30, 0x82, 0x06, 0x2C]), Ok(Some(0x62C + 4)));
        assert_eq!(length("it", &[0x30, 0x03, 0x01]), Ok(Some(5)));
        assert!(length("it", &[0xFF, 0xFF]).is_err());
        assert!(length("it", &[0x31, 0x03]).is_err());
        assert!(length("it", &[0x30, 0x80, 0, 0, 0, 0, 0]).is_err());
    }
}
