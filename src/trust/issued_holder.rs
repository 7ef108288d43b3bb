use super::{
    Certificate, CertificateError, Holder, Revocation, Root, SigningChainValidated, Standing,
};
use crate::{Binding, Realm};

/// Name, address, birth date and sex as the CA for signatures certified them.
///
/// Made by [`IssuedHolder::of`] only; can't be copied. It doesn't say that the
/// holder is there, nor that the card holds the key: a certificate can be copied.
/// This certificate is revoked as soon as one of the four changes; unless the chain
/// was [asked about that](SigningChainValidated::with_revocation), they held when it was
/// issued. [`revocation`](Self::revocation) tells which.
///
/// `Debug` shows none of them; they are wiped when dropped.
///
/// ```
/// use jiff::Timestamp;
/// use uketsuke::Realms;
/// use uketsuke::card::CardCertificate;
/// use uketsuke::trust::{IssuedHolder, Roots};
///
/// /// Production takes `Roots::jpki_signing()` and `Realms::production()`.
/// fn holder(
///     read: &CardCertificate,
///     (roots, realms): (&Roots, Realms),
///     now: Timestamp,
/// ) -> Result<IssuedHolder, Box<dyn std::error::Error>> {
///     let chain = roots.validate_signing(read, realms, now)?;
///     Ok(IssuedHolder::of(&chain)?)
/// }
///
/// # use uketsuke::VisitId;
/// # use uketsuke::card::{Card, Jpki, LastTry, SecretKind, SignPassword};
/// # use uketsuke::simulation::{CardOptions, Persona, VirtualCard, VirtualReader};
/// # use uketsuke::transport::Reader;
/// # let now: Timestamp = "2026-06-01T00:00:00Z".parse()?;
/// # let persona = Persona::named("in-order").ok_or("no such persona")?;
/// # let options = CardOptions::default();
/// # let password = SignPassword::parse(&options.sign_password)?;
/// # let mut reader = VirtualReader::new();
/// # reader.insert(VirtualCard::new(persona, options, now));
/// # let mut card = Card::new(reader.connect()?, VisitId::begin());
/// # let mut jpki = card.open::<Jpki>()?;
/// # let budget = jpki.tries_left(SecretKind::SignPassword)?.budget(LastTry::Refuse)?;
/// # let right = jpki.verify_sign_password(password, budget)?;
/// # let read = jpki.signing_certificate(&right, &mut |_| ())?;
/// # let issued = holder(&read, (&Roots::simulation_signing(), Realms::simulation()), now)?;
/// # assert_eq!(issued.holder().name(), persona.holder_name);
/// # assert_eq!(issued.holder().address(), persona.address);
/// # assert_eq!(issued.holder().birth_date().as_str(), persona.birthdate);
/// # assert_eq!(issued.binding(), read.binding());
/// # assert_eq!(issued.realm(), uketsuke::Realm::Simulation);
/// # assert_eq!(issued.standing(), uketsuke::trust::Standing::InForce);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct IssuedHolder {
    holder: Holder,
    binding: Binding,
    issuer: Root,
    standing: Standing,
    revocation: Revocation,
}

impl IssuedHolder {
    /// Reads the attributes of a validated signing certificate.
    ///
    /// # Errors
    ///
    /// Those of [`Holder::parse`].
    pub fn of(chain: &SigningChainValidated) -> Result<Self, CertificateError> {
        let certificate = Certificate::parse(chain.certificate())?;
        Ok(Self {
            holder: Holder::parse(&certificate)?,
            binding: chain.binding(),
            issuer: chain.issuer().clone(),
            standing: chain.standing(),
            revocation: chain.revocation(),
        })
    }

    /// The attributes.
    #[must_use]
    pub const fn holder(&self) -> &Holder {
        &self.holder
    }

    /// The attributes alone, without what they came with.
    #[must_use]
    pub fn into_holder(self) -> Holder {
        self.holder
    }

    /// The visit and card session that the certificate was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// The realm of the root that signed the certificate.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.issuer.realm()
    }

    /// The root that signed it. All generations bear one name; which of them it is
    /// tells [`Root::sha256`].
    #[must_use]
    pub const fn issuer(&self) -> &Root {
        &self.issuer
    }

    /// Where in its life the certificate was when its chain was validated; never
    /// [`Standing::Grace`].
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether the chain was asked about revocation. While it is
    /// [`Revocation::Pending`], nobody said that the four still hold.
    #[must_use]
    pub const fn revocation(&self) -> Revocation {
        self.revocation
    }
}
