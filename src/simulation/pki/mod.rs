//! The simulated JPKI: fixed keys, certificates of exactly the real profile.

mod breaking;
mod card_key;
mod crl;
mod cvc;
mod defect;
mod holder;
mod keys;
mod ocsp;
mod parts;
mod profile;
mod pss;
#[cfg(test)]
mod tests;

pub use defect::Defect;

pub(super) use card_key::CardKey;
pub use crl::{CrlDefect, CrlEntry, CrlScope, CrlSpec};
pub(super) use cvc::{Line, lower_certificate, public_key};
pub(super) use holder::Holder;
pub(super) use keys::SESSION_MODULUS;
pub use ocsp::{OcspDefect, OcspResponder, OcspSpec, OcspStatus};
pub(super) use profile::Bearer;

use jiff::Timestamp;

/// Which of the three simulated roots signs.
///
/// As in the real JPKI, all three bear the same name, so only key identifier
/// and signature tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Generation {
    /// 2015-10-20 to 2025-10-19, as the real first root.
    First,
    /// 2019-09-14 to 2029-09-14, as the real second root.
    Second,
    /// 2023-07-16 to 2033-07-15, as the real third root.
    Third,
}

impl Generation {
    /// All three, oldest first.
    pub const ALL: [Self; 3] = [Self::First, Self::Second, Self::Third];

    /// The one that issues new certificates at `when`: the newest that has begun.
    ///
    /// ```
    /// use uketsuke::simulation::Generation;
    ///
    /// let when = "2021-04-01T00:00:00Z".parse()?;
    /// assert_eq!(Generation::issuing_at(when), Generation::Second);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn issuing_at(when: Timestamp) -> Self {
        // 2019-09-14T23:41:56Z and 2023-07-16T01:01:04Z, as in the roots.
        let second = when.as_second();
        if second < 1_568_504_516 {
            Self::First
        } else if second < 1_689_469_264 {
            Self::Second
        } else {
            Self::Third
        }
    }
}

/// What certificate to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateSpec {
    /// Serial number; real ones have up to four bytes.
    pub serial: u32,
    /// Common name of the subject. Real authentication certificates have 23
    /// characters that say nothing about the person.
    pub common_name: String,
    /// First second of validity; parts of a second are cut, years before 1970 become 1970.
    pub not_before: Timestamp,
    /// Last second of validity. Real ones end at 23:59:59 Japan time.
    pub not_after: Timestamp,
    /// Who signs.
    pub generation: Generation,
    /// What to do wrong, if anything.
    pub defect: Option<Defect>,
}

/// The simulated JPKI: `O=JPKI-SIMULATION`, realm [`Simulation`](crate::Realm::Simulation).
///
/// It makes certificates of exactly the profile of the real ones (fields,
/// order of extensions, criticality, sizes), with a policy identifier below the
/// enterprise number 32473, which RFC 5612 reserves for examples. The keys are
/// fixed and public; no key is made at run time, and the same input always
/// gives the same bytes.
///
/// ```
/// use uketsuke::{Realm, Realms};
/// use uketsuke::simulation::{CertificateSpec, Generation, VirtualPki};
/// use uketsuke::trust::{GraceRule, Roots, Standing};
///
/// let der = VirtualPki::new().authentication_certificate(&CertificateSpec {
///     serial: 0x0500_0001,
///     common_name: "000001SIM00000000001003A".into(),
///     not_before: "2024-05-01T01:02:03Z".parse()?,
///     not_after: "2029-04-01T14:59:59Z".parse()?,
///     generation: Generation::Third,
///     defect: None,
/// });
/// let now = "2026-06-01T00:00:00Z".parse()?;
/// let found = Roots::simulation()
///     .check_authentication(&der, Realms::simulation(), now, GraceRule::None)?;
/// assert_eq!(found, (Standing::InForce, Realm::Simulation));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct VirtualPki {
    _private: (),
}

impl VirtualPki {
    /// Policy of 利用者証明用電子証明書 in phones, below the enterprise number for examples
    /// (RFC 5612). [`Roots::simulation`](crate::trust::Roots::simulation) accepts it; of the real
    /// ones it isn't known.
    pub const PHONE_AUTHENTICATION_POLICY: &str = "1.3.6.1.4.1.32473.8.5.1.3.40";
    /// Policy of 署名用電子証明書 in phones, as above.
    pub const PHONE_SIGNING_POLICY: &str = "1.3.6.1.4.1.32473.8.5.1.1.40";

    /// There is only one, and it costs nothing to name it.
    #[must_use]
    pub const fn new() -> Self {
        Self { _private: () }
    }

    /// DER of the root certificate for user authentication (利用者証明用) of a generation.
    #[must_use]
    pub fn root(&self, generation: Generation) -> &'static [u8] {
        keys::authentication_ca(generation).certificate
    }

    /// The root certificate for user authentication with something wrong, signed again.
    ///
    /// ```
    /// use uketsuke::Realm;
    /// use uketsuke::simulation::{Defect, Generation, VirtualPki};
    /// use uketsuke::trust::{Root, TrustError};
    ///
    /// let der = VirtualPki::new().broken_root(Generation::Third, Defect::WrongSignature);
    /// let refused = Root::new(&der, Realm::Simulation).unwrap_err();
    /// assert_eq!(refused, TrustError::BadSignature);
    /// ```
    #[must_use]
    pub fn broken_root(&self, generation: Generation, defect: Defect) -> Vec<u8> {
        profile::root(generation, Some(defect)).unwrap_or_default()
    }

    /// DER of the root certificate for digital signatures (署名用) of a generation.
    #[must_use]
    pub fn signing_root(&self, generation: Generation) -> &'static [u8] {
        keys::signing_ca(generation).certificate
    }

    /// SubjectPublicKeyInfo of the embedded authentication key, DER.
    #[must_use]
    pub fn authentication_key_info(&self) -> Vec<u8> {
        keys::AUTHENTICATION.public_key_info().unwrap_or_default()
    }

    /// DER of a 利用者証明用電子証明書 for the embedded authentication key, about 1.6 kB.
    ///
    /// Costs one private-key operation.
    #[must_use]
    pub fn authentication_certificate(&self, spec: &CertificateSpec) -> Vec<u8> {
        // Encoding fails only beyond 256 MiB; then there is no certificate.
        profile::authentication(spec, Bearer::Card).unwrap_or_default()
    }

    /// DER of a 利用者証明用電子証明書 as phones hold it: of the same profile, with a key and a policy of its own
    /// ([`PHONE_AUTHENTICATION_POLICY`](Self::PHONE_AUTHENTICATION_POLICY)). How those of real phones differ from cards' isn't public.
    ///
    /// ```
    /// use uketsuke::Realms;
    /// use uketsuke::simulation::{CertificateSpec, Generation, VirtualPki};
    /// use uketsuke::trust::{GraceRule, Roots, Standing};
    ///
    /// let der = VirtualPki::new().phone_certificate(&CertificateSpec {
    ///     serial: 0x0700_0001,
    ///     common_name: "900001SIM00000000001003A".into(),
    ///     not_before: "2024-05-01T01:02:03Z".parse()?,
    ///     not_after: "2026-05-31T14:59:59Z".parse()?,
    ///     generation: Generation::Third,
    ///     defect: None,
    /// });
    /// let check = |now| {
    ///     let (realms, grace) = (Realms::simulation(), GraceRule::EligibilityOnly);
    ///     Roots::simulation().check_authentication(&der, realms, now, grace)
    /// };
    /// assert!(check("2025-06-01T00:00:00Z".parse()?).is_ok());
    /// // A card's would be in grace.
    /// assert!(check("2026-06-15T00:00:00Z".parse()?).is_err());
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn phone_certificate(&self, spec: &CertificateSpec) -> Vec<u8> {
        profile::authentication(spec, Bearer::Phone).unwrap_or_default()
    }

    pub(super) fn authentication_certificate_on(
        &self,
        bearer: Bearer,
        spec: &CertificateSpec,
    ) -> Vec<u8> {
        profile::authentication(spec, bearer).unwrap_or_default()
    }

    /// DER of a 署名用電子証明書 for the embedded signing key, with the four
    /// attributes of a person who doesn't exist.
    ///
    /// A defect that lies in an extension which this profile hasn't got adds it.
    #[must_use]
    pub fn signing_certificate(&self, spec: &CertificateSpec) -> Vec<u8> {
        self.signing_certificate_of(spec, &Holder::nobody(), Bearer::Card)
    }

    /// The same with the attributes of `holder`, on a card or in a phone.
    pub(super) fn signing_certificate_of(
        &self,
        spec: &CertificateSpec,
        holder: &Holder,
        bearer: Bearer,
    ) -> Vec<u8> {
        profile::signing(spec, holder, bearer).unwrap_or_default()
    }

    /// Identifier and modulus (exponent 65537) of the key above the certificates of the card itself (GET DATA `00F8`).
    ///
    /// As with the real keys of this kind, the identifier has seven digits, `08 05`, three digits and four bytes; no
    /// real key is known to have the number 9000020.
    #[must_use]
    pub fn master_issuer_key(&self) -> ([u8; 16], [u8; 256]) {
        Line::Master.issuer_key()
    }

    /// The same of the key above the municipality's key that signs the card face (EF 0004 there).
    ///
    /// ```
    /// let (id, modulus) = uketsuke::simulation::VirtualPki::new().card_face_issuer_key();
    /// assert_eq!(&id[..7], b"9000023");
    /// assert_eq!(modulus.len(), 256);
    /// ```
    #[must_use]
    pub fn card_face_issuer_key(&self) -> ([u8; 16], [u8; 256]) {
        Line::CardFace.issuer_key()
    }

    /// The same of the key above the municipality's key that signs the records of the input support application
    /// (券面事項入力補助AP, EF 0004).
    #[must_use]
    pub fn input_support_issuer_key(&self) -> ([u8; 16], [u8; 256]) {
        Line::InputSupport.issuer_key()
    }

    /// Modulus (exponent 65537) of the key with which the common application (共通カードAP) answers INTERNAL
    /// AUTHENTICATE. Of real cards this key isn't public, so nothing that a card tells can check those answers.
    #[must_use]
    pub fn internal_authentication_key(&self) -> [u8; 256] {
        keys::COMMON.modulus()
    }

    /// What the card does with 1 to 245 bytes: PKCS#1 v1.5 type-1 padding
    /// (RFC 8017 §9.2, without making the `DigestInfo`) and the private-key
    /// operation. 256 bytes; `None` for any other length of `data`.
    ///
    /// `sign_key`: with the signing key, else with the authentication key.
    #[must_use]
    pub fn raw_sign(&self, sign_key: bool, data: &[u8]) -> Option<Vec<u8>> {
        if sign_key {
            keys::SIGNING.raw(data)
        } else {
            keys::AUTHENTICATION.raw(data)
        }
    }
}

#[cfg(test)]
impl VirtualPki {
    /// The signature of a simulated root over anything, for tests that change a
    /// certificate and sign it again.
    pub(crate) fn sign_as_root(self, generation: Generation, tbs: &[u8]) -> Vec<u8> {
        let ca = keys::authentication_ca(generation);
        ca.key.sign_sha256(tbs).unwrap_or_default()
    }
}

impl Default for VirtualPki {
    fn default() -> Self {
        Self::new()
    }
}
