use std::fmt;

use jiff::Timestamp;

use super::{RevocationError, check_signature, of_trust, point::Points};
use crate::trust::{Certificate, Root, extension::is_ca, oid};

/// The certificate that a [`RevocationSource`](super::RevocationSource) is asked about.
///
/// It is about a certificate whose root is known: roots of all generations bear
/// one name and may give the same serial number twice, so the name isn't enough.
#[derive(Clone)]
pub struct RevocationQuery<'a> {
    root: [u8; 32],
    issuer: &'a [u8],
    serial: &'a [u8],
    points: Points<'a>,
    not_after: Timestamp,
    negative: bool,
}

impl<'a> RevocationQuery<'a> {
    /// About `certificate`, which `root` signed; that is checked (one verification).
    /// It mustn't be a CA's: the lists that are read here may leave those out
    /// (onlyContainsUserCerts, RFC 5280 §6.3.3), so that not being in one says nothing.
    ///
    /// For a certificate that was validated already there is
    /// [`ChainValidated::revocation_query`](crate::trust::ChainValidated::revocation_query).
    /// This one is for a certificate that came another way, as in an
    /// [`Evidence`](crate::trust::Evidence); which root issued it is found by trying:
    ///
    /// ```
    /// use uketsuke::trust::{Certificate, Root, RevocationQuery, Roots};
    ///
    /// /// What a source is asked, and the root that an `OcspRequest` wants.
    /// fn query<'a>(der: &'a [u8], roots: &'a Roots) -> Option<(RevocationQuery<'a>, &'a Root)> {
    ///     let certificate = Certificate::parse(der).ok()?;
    ///     roots.iter().find_map(|root| {
    ///         let query = RevocationQuery::new(&certificate, root).ok()?;
    ///         Some((query, root))
    ///     })
    /// }
    /// # use uketsuke::simulation::{CertificateSpec, Generation, VirtualPki};
    /// # let der = VirtualPki::new().authentication_certificate(&CertificateSpec {
    /// #     serial: 1,
    /// #     common_name: "000001SIM00000000001003A".into(),
    /// #     not_before: "2024-05-01T01:02:03Z".parse()?,
    /// #     not_after: "2029-04-01T14:59:59Z".parse()?,
    /// #     generation: Generation::Third,
    /// #     defect: None,
    /// # });
    /// # let roots = Roots::simulation();
    /// # let (query, root) = query(&der, &roots).ok_or("no root")?;
    /// # assert_eq!((query.root_sha256(), query.serial()), (root.sha256(), &[1][..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The root isn't its issuer: [`RevocationError::OtherIssuer`] for another name,
    /// [`RevocationError::BadSignature`] for another generation, which bears the same.
    /// [`RevocationError::NotAllowed`] for a CA's.
    pub fn new(certificate: &Certificate<'a>, root: &Root) -> Result<Self, RevocationError> {
        if certificate.issuer() != root.name {
            return Err(RevocationError::OtherIssuer);
        }
        check_signature(
            root.key.as_key(),
            certificate.algorithm(),
            certificate.tbs(),
            certificate.signature(),
        )?;
        if certificate
            .extension(oid::BASIC_CONSTRAINTS)
            .map_or(Ok(false), is_ca)
            .map_err(of_trust)?
        {
            return Err(RevocationError::NotAllowed {
                element: "basicConstraints",
                why: "says CA:TRUE",
            });
        }
        Ok(Self::of_validated(certificate, *root.sha256()))
    }

    /// `root`: SHA-256 of the certificate of the root that was seen to have signed.
    pub(in crate::trust) fn of_validated(certificate: &Certificate<'a>, root: [u8; 32]) -> Self {
        Self {
            root,
            issuer: certificate.issuer(),
            serial: certificate.serial(),
            points: certificate
                .extension(oid::CRL_DISTRIBUTION_POINTS)
                .map(|extension| Points::of_certificate(&extension))
                .unwrap_or_default(),
            not_after: certificate.not_after(),
            negative: certificate.has_negative_serial(),
        }
    }

    /// The number is negative, against RFC 5280, and its bytes are those of
    /// another number: nothing that is said of the other is said of this one.
    #[must_use]
    pub const fn has_negative_serial(&self) -> bool {
        self.negative
    }

    /// SHA-256 of the root's certificate, as [`Root::sha256`].
    #[must_use]
    pub const fn root_sha256(&self) -> &[u8; 32] {
        &self.root
    }

    /// The issuer's name, DER.
    #[must_use]
    pub const fn issuer(&self) -> &'a [u8] {
        self.issuer
    }

    /// Serial number, big-endian without a leading zero byte. Personal.
    #[must_use]
    pub const fn serial(&self) -> &'a [u8] {
        self.serial
    }

    /// Last second of its validity. What an issuer says after it tells nothing
    /// good: see [`NoAnswer::Lapsed`](super::NoAnswer::Lapsed).
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Where its list is, each a GeneralName in DER. In JPKI certificates that's
    /// one directoryName, which names the municipality.
    ///
    /// Points for some reasons only, or with another issuer of lists, aren't among them.
    pub fn distribution_points(&self) -> impl Iterator<Item = &'a [u8]> {
        self.points.iter()
    }
}

/// Shows nothing: the number and the municipality are personal.
impl fmt::Debug for RevocationQuery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RevocationQuery(..)")
    }
}
