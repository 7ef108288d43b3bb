use std::fmt;

use zeroize::Zeroizing;

use super::channel::Ask;
use super::file::Begin;
use super::{
    AuthPin, CardCertificate, CardError, Jpki, Opened, PinVerified, Progress, SecretKind,
    TryBudget, VerifyError,
};
use crate::Binding;
use crate::apdu::{Command, Le};
use crate::tlv::{Header, Tag, TlvErrorKind};
use crate::transport::{Outgoing, Transport};

const CERTIFICATE: &str = "the authentication certificate";

/// What a key of the card signs: a SHA-256 digest, which is sent as a
/// `DigestInfo` of 51 bytes (PKCS #1 v1.5, RFC 8017, 9.2). `Debug` hides it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SignatureInput(pub(crate) [u8; 32]);

impl SignatureInput {
    /// From a SHA-256 digest.
    #[must_use]
    pub const fn sha256(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    pub(super) fn digest_info(&self) -> Zeroizing<Vec<u8>> {
        let mut info = Zeroizing::new(Vec::with_capacity(51));
        info.extend_from_slice(&SHA256_PREFIX);
        info.extend_from_slice(&self.0);
        info
    }
}

impl fmt::Debug for SignatureInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignatureInput(..)")
    }
}

/// A signature that the card made; not verified yet. `Debug` prints its length
/// alone.
pub struct CardSignature {
    pub(super) bytes: Vec<u8>,
    pub(super) binding: Binding,
}

impl CardSignature {
    /// The signature: 256 bytes with the keys of today (RSA of 2,048 bits).
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The visit and session that it was made in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    #[cfg(test)]
    #[allow(dead_code)]
    pub(crate) fn for_test(bytes: Vec<u8>, binding: Binding) -> Self {
        Self { bytes, binding }
    }
}

impl fmt::Debug for CardSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardSignature({} bytes)", self.bytes.len())
    }
}

impl<T: Transport> Opened<'_, T, Jpki> {
    /// Presents the PIN once: `00 20 00 98 04` and the digits. Whatever comes
    /// back, it's never sent again by this crate.
    ///
    /// # Errors
    ///
    /// See [`VerifyError`]: each variant says what became of the try.
    pub fn verify_pin(
        &mut self,
        pin: AuthPin,
        budget: TryBudget,
    ) -> Result<PinVerified, VerifyError> {
        let proven = self.verify(SecretKind::AuthPin, pin.as_bytes(), budget)?;
        Ok(PinVerified::new(proven))
    }

    /// Reads the authentication certificate (EF 000A), cut at the length that
    /// its DER header states.
    ///
    /// One exchange with extended length, ⌈length / 256⌉ without; a refused
    /// first attempt at extended length is one more, once for this card.
    /// Whatever the card answers, at most 80 transmissions. `progress` watches,
    /// it can't stop the reading: that bound does.
    ///
    /// Free to read on the plastic card; phones are reported to want the PIN
    /// first.
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
        let der = self
            .card
            .read_whole(file, Begin::Whole, certificate_length, progress)?;
        Ok(CardCertificate {
            der,
            binding: self.card.binding,
        })
    }

    /// Signs with the authentication key (0017): COMPUTE DIGITAL SIGNATURE
    /// `80 2A 00 97 33`, the `DigestInfo`, `00`. One exchange.
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] without the PIN, [`CardError::Malformed`] for
    /// an answer that can't be a signature; other refusals, and the link's.
    pub fn sign_authentication(
        &mut self,
        input: &SignatureInput,
    ) -> Result<CardSignature, CardError> {
        let key = &self.card.map.jpki.authentication_key;
        let info = input.digest_info();
        let command = Command::new(0x80, 0x2A, 0x00, key.p2())
            .with_data(&info)
            .with_le(Le::SHORT_MAX);
        let answer = self.card.ask(&Ask::secret(key.name, command))?;
        let signature = answer.success(key.name)?;
        if !key.algorithm.signature.contains(&signature.len()) {
            return Err(CardError::Malformed {
                what: key.name,
                why: "no signature of this key has this length",
            });
        }
        Ok(CardSignature {
            bytes: signature.to_vec(),
            binding: self.card.binding,
        })
    }

    /// Sends one command as it is, and gives the response with its status word:
    /// for a vendor's way to the authentication key after a face match or a
    /// staff check, which isn't public.
    ///
    /// Everything in both directions is secret to traces, and nothing is
    /// followed. The card counts as dirty from here on, even after
    /// [`close`](Self::close): another application may be selected now, or a
    /// logical channel open. So
    /// [`tries_left`](Self::tries_left) and [`verify_pin`](Self::verify_pin)
    /// refuse with [`CardError::Misuse`] until the application was opened again,
    /// after power-off; they could meet another application's secret of the
    /// same number. [`sign_authentication`](Self::sign_authentication) works:
    /// a signature of another key is found out when it's verified.
    ///
    /// What presents, changes or unlocks a secret, or could wrap such a command,
    /// isn't sent: a try is spent by [`verify_pin`](Self::verify_pin) alone.
    ///
    /// | not sent | which is |
    /// |---|---|
    /// | INS `20`, `21`, but for the 4 bytes of the empty VERIFY, which asks for the tries left | VERIFY |
    /// | INS `24`, `25` | CHANGE REFERENCE DATA |
    /// | INS `2C`, `2D` | RESET RETRY COUNTER |
    /// | INS `32`, `54` in proprietary classes (`80` set in CLA) | CHANGE KEY, UNLOCK KEY of JICSAP |
    /// | INS `C2`, `C3` | ENVELOPE |
    /// | CLA `FF` | the reader's own commands, some of which pass one on to the card |
    ///
    /// All else is sent, SELECT, MANAGE CHANNEL and command chaining (`10` set in
    /// CLA) included; a chained part of what isn't sent isn't sent either.
    ///
    /// # Errors
    ///
    /// [`CardError::Misuse`], with nothing sent, for fewer than four bytes and
    /// for what the table says. And the link's.
    pub fn raw(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        if let Some(what) = refused_raw(command) {
            return Err(CardError::Misuse { what });
        }
        self.card.dirty = true;
        self.card.vendor = true;
        self.card.ledger.forget_counts();
        let what = "a vendor's command";
        let answer = self.card.ask_raw(what, Outgoing::raw(command))?;
        let mut response = Zeroizing::new(Vec::with_capacity(answer.data.len() + 2));
        response.extend_from_slice(&answer.data);
        response.extend_from_slice(&answer.status.get().to_be_bytes());
        Ok(response)
    }
}

/// `SEQUENCE { SEQUENCE { id-sha256, NULL }, OCTET STRING (32) }` up to its
/// digest (RFC 8017, 9.2, note 1).
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// Header and value of the certificate; `None` while its header is incomplete.
fn certificate_length(bytes: &[u8]) -> Result<Option<usize>, CardError> {
    let malformed = |why| CardError::Malformed {
        what: CERTIFICATE,
        why,
    };
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
        Err(source) => Err(CardError::Tlv {
            what: CERTIFICATE,
            source,
        }),
    }
}

/// Why a vendor's command isn't sent.
fn refused_raw(command: &[u8]) -> Option<&'static str> {
    let Some(&[cla, ins, _, _]) = command.first_chunk() else {
        return Some("a command has at least 4 bytes");
    };
    match ins {
        _ if cla == 0xFF => Some("a reader's command may pass on one with a secret"),
        // An empty part of a chain isn't the question for the tries left.
        0x20 | 0x21 if command.len() > 4 || cla & 0x10 != 0 => {
            Some("a secret is presented by verify_pin only")
        }
        // CHANGE REFERENCE DATA, RESET RETRY COUNTER.
        0x24 | 0x25 | 0x2C | 0x2D => Some("secrets are neither changed nor unlocked"),
        // JICSAP's CHANGE KEY and UNLOCK KEY.
        0x32 | 0x54 if cla & 0x80 != 0 => Some("secrets are neither changed nor unlocked"),
        0xC2 | 0xC3 => Some("a wrapped command may hold a secret"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_info_is_what_rfc_8017_says() {
        let info = SignatureInput::sha256([0xAB; 32]).digest_info();
        assert_eq!(info.len(), 51);
        assert_eq!(info[..4], [0x30, 0x31, 0x30, 0x0D]);
        assert_eq!(info[17..20], [0x04, 0x20, 0xAB]);
        // Never grown, so never copied.
        assert_eq!(info.capacity(), 51);
    }

    #[test]
    fn length_of_a_certificate() {
        assert_eq!(certificate_length(&[]), Ok(None));
        assert_eq!(certificate_length(&[0x30]), Ok(None));
        assert_eq!(certificate_length(&[0x30, 0x82, 0x06]), Ok(None));
        assert_eq!(
            certificate_length(&[0x30, 0x82, 0x06, 0x2C]),
            Ok(Some(0x62C + 4))
        );
        assert_eq!(certificate_length(&[0x30, 0x03, 0x01]), Ok(Some(5)));
        assert!(certificate_length(&[0xFF, 0xFF]).is_err());
        assert!(certificate_length(&[0x31, 0x03]).is_err());
        assert!(certificate_length(&[0x30, 0x80, 0, 0, 0, 0, 0]).is_err());
    }

    #[test]
    fn raw_sends_no_secret() {
        let sent = |command: &[u8]| refused_raw(command).is_none();
        assert!(sent(&[0x80, 0xFA, 0x53, 0x49, 0x01, 0x00]));
        assert!(sent(&[0x00, 0x20, 0x00, 0x98]));
        assert!(!sent(&[0x00, 0x20, 0x00, 0x98, 0x00]));
        for cla in 0..=0xFF {
            assert!(!sent(&[cla, 0x20, 0x00, 0x98, 0x01, 0x31]));
            assert!(!sent(&[cla, 0x24, 0x01, 0x98, 0x01, 0x31]));
            assert!(!sent(&[cla, 0xC2, 0x00, 0x00]));
        }
        assert!(!sent(&[0x80, 0x32, 0x00, 0x98]));
        assert!(!sent(&[0x90, 0x54, 0x00, 0x98]));
        assert!(sent(&[0x00, 0x32, 0x00, 0x98]));
        assert!(!sent(&[0x00, 0xA4, 0x04]));
        assert!(!sent(&[0xFF, 0x00, 0x00, 0x00]));
    }

    #[test]
    fn raw_sends_chains_but_none_of_what_is_not_sent_alone() {
        let sent = |command: &[u8]| refused_raw(command).is_none();
        for cla in [0x10, 0x90, 0x1C, 0x13] {
            assert!(sent(&[cla, 0x88, 0x00, 0x00, 0x01, 0xAA]));
            assert!(sent(&[cla, 0x2A, 0x00, 0xBE, 0x01, 0xAA]));
            assert!(!sent(&[cla, 0x20, 0x00, 0x98]));
            for ins in [0x20, 0x21, 0x24, 0x25, 0x2C, 0x2D, 0xC2, 0xC3] {
                assert!(!sent(&[cla, ins, 0x00, 0x98, 0x01, 0x31]), "{ins:02X}");
            }
        }
    }
}
