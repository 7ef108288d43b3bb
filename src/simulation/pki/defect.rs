//! The names of all that can be wrong with a certificate.

macro_rules! defects {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// One rule of the profile to break, so that a test can see the refusal.
        ///
        /// Everything else stays as it should be, and the issuer's signature is right
        /// unless the defect is about the signature. A defect of something that a
        /// certificate hasn't got adds it: an extended key usage to a signing
        /// certificate, say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Defect {
            $($(#[$doc])+ $name,)+
        }

        impl Defect {
            /// Every defect there is.
            pub const ALL: [Self; [$(stringify!($name)),+].len()] = [$(Self::$name),+];
        }
    };
}

defects! {
    // The form.
    /// The last byte is missing.
    Truncated,
    /// One byte behind the certificate.
    TrailingByte,
    /// The length of the whole has more bytes than it needs.
    LongLength,
    /// The whole has an indefinite length, and ends with two zero bytes.
    IndefiniteLength,
    /// Longer than 8,192 bytes, with an extension that nobody knows.
    TooLong,
    /// A NULL behind the extensions.
    TrailingField,
    /// An issuerUniqueID, which RFC 5280 forbids.
    UniqueId,
    /// X.509 version 1 in the version field.
    OldVersion,
    /// No version field, which means version 1.
    NoVersion,
    /// Version 4, which doesn't exist.
    UnknownVersion,
    /// A serial number of 21 bytes.
    LongSerial,
    /// A serial number with a leading zero that it doesn't need.
    PaddedSerial,
    /// A serial number without bytes.
    EmptySerial,
    /// The algorithm inside the signed part says SHA-1, the one outside SHA-256.
    AlgorithmMismatch,
    /// notAfter comes before notBefore.
    ValidityReversed,
    /// A time without seconds.
    TimeWithoutSeconds,
    /// A time with an offset instead of `Z`.
    LocalTime,
    /// A time with parts of a second.
    FractionalTime,
    /// The 30th of February.
    ImpossibleTime,
    /// The extensions are missing.
    NoExtensions,
    /// The list of extensions is empty.
    EmptyExtensions,
    /// The same extension twice.
    DuplicateExtension,
    /// More than 32 extensions.
    TooManyExtensions,
    /// An extension's critical is TRUE as 01, not FF.
    CriticalNotDer,
    /// A NULL behind the value of an extension, inside of it.
    TrailingInExtension,
    /// The signature's BIT STRING has three unused bits.
    SignatureUnusedBits,

    // The issuer.
    /// The issuer's name is not the root's, the key identifier is.
    OtherIssuerName,
    /// No authorityKeyIdentifier.
    NoAuthorityKeyId,
    /// The authority key identifier is of no root.
    WrongAuthorityKeyId,
    /// The authority's serial number is of no root.
    WrongAuthoritySerial,
    /// authorityKeyIdentifier has issuer and serial number only.
    AuthorityKeyIdWithoutKey,
    /// authorityKeyIdentifier has an issuer and no serial number.
    HalfAuthorityKeyId,
    /// authorityKeyIdentifier isn't a SEQUENCE.
    BrokenAuthorityKeyId,

    // Algorithm and signature.
    /// Signed with SHA-1, and says so.
    Sha1Signature,
    /// Signed with SHA-384, and says so.
    Sha384Signature,
    /// Says that it was signed with RSASSA-PSS.
    PssSignature,
    /// Says that it was signed with ECDSA and SHA-384.
    EcdsaSignature,
    /// The algorithm identifiers lack their NULL parameters.
    NoAlgorithmParameters,
    /// The last bit of the issuer's signature is flipped.
    WrongSignature,
    /// The first byte of the issuer's signature is missing.
    ShortSignature,
    /// The issuer's signature has no bytes.
    EmptySignature,
    /// Signed by the next generation's key, while the key identifier names this one's.
    OtherGenerationSigned,
    /// Signed by the holder's own key.
    SignedByHolder,

    // Critical extensions.
    /// A critical extension 1.3.6.1.4.1.32473.1 that nobody knows.
    UnknownCriticalExtension,
    /// nameConstraints, critical.
    NameConstraints,
    /// cRLDistributionPoints is critical.
    CriticalCrlPoints,
    /// subjectKeyIdentifier is critical, which RFC 5280 forbids.
    CriticalSubjectKeyId,

    // The subject.
    /// The subject has no parts (of a root: nor has the issuer).
    EmptySubject,
    /// The subject has a part without attribute (of a root: so has the issuer).
    BrokenSubject,
    /// The subject is the issuer.
    SubjectIsIssuer,

    // Key usage.
    /// No keyUsage.
    NoKeyUsage,
    /// keyUsage says keyEncipherment only.
    WrongKeyUsage,
    /// keyUsage says nothing.
    EmptyKeyUsage,
    /// keyUsage says digitalSignature only, which is right for authentication.
    OnlyDigitalSignature,
    /// keyUsage says nonRepudiation only.
    OnlyNonRepudiation,
    /// keyUsage says keyCertSign beside the usual.
    SignsCertificates,
    /// keyUsage isn't a BIT STRING.
    BrokenKeyUsage,
    /// No extendedKeyUsage.
    NoExtendedKeyUsage,
    /// extendedKeyUsage says serverAuth only.
    WrongExtendedKeyUsage,
    /// extendedKeyUsage says anyExtendedKeyUsage only.
    AnyExtendedKeyUsage,
    /// extendedKeyUsage says nothing.
    EmptyExtendedKeyUsage,
    /// extendedKeyUsage isn't a SEQUENCE.
    BrokenExtendedKeyUsage,
    /// basicConstraints says that this is a CA (of a root: that it is none).
    IsCa,
    /// basicConstraints has a path length without saying that this is a CA.
    PathLengthWithoutCa,
    /// basicConstraints isn't a SEQUENCE.
    BrokenBasicConstraints,

    // Policies.
    /// No certificatePolicies.
    NoPolicy,
    /// certificatePolicies names the policy of the other kind of certificate.
    WrongPolicy,
    /// certificatePolicies names the policy of the JPKI test hierarchy.
    TestPolicy,
    /// certificatePolicies names anyPolicy.
    AnyPolicy,
    /// certificatePolicies names nothing.
    EmptyPolicies,
    /// The right policy has a qualifier that nobody knows.
    UnknownQualifier,
    /// certificatePolicies isn't a SEQUENCE.
    BrokenPolicies,

    // The key.
    /// No subjectKeyIdentifier; a holder's certificate may lack it, a root may not.
    NoSubjectKeyId,
    /// subjectKeyIdentifier has no bytes.
    EmptySubjectKeyId,
    /// subjectKeyIdentifier isn't an OCTET STRING.
    BrokenSubjectKeyId,
    /// The subject's key has 1024 bits.
    SmallKey,
    /// The subject's key has 4097 bits.
    LargeKey,
    /// The exponent of the subject's key is 3.
    SmallExponent,
    /// The modulus of the subject's key is negative.
    NegativeModulus,
    /// A NULL behind the subject's RSA key.
    TrailingInKey,
    /// The BIT STRING of the subject's key has three unused bits.
    KeyUnusedBits,
    /// The algorithm of the subject's key lacks its NULL parameters.
    NoKeyParameters,
    /// The subject's key is for RSASSA-PSS.
    PssKey,
    /// The subject's key is on P-256.
    P256Key,
    /// The subject's key is on P-384, as the next card's.
    P384Key,
    /// The subject's key is on P-384, in compressed form.
    CompressedP384Key,
}
