//! What the card accepted: one type for each secret, made by the VERIFY alone.

use std::fmt;

use crate::Binding;

/// Which application of which session accepted a secret.
pub(super) struct Proven {
    pub(super) binding: Binding,
    /// Its AID.
    pub(super) application: &'static [u8],
}

macro_rules! proof {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Made by the function that presented it only; not `Clone`.
        #[must_use]
        pub struct $name(Proven);

        impl $name {
            pub(super) const fn new(proven: Proven) -> Self {
                Self(proven)
            }

            pub(super) const fn proven(&self) -> &Proven {
                &self.0
            }

            /// The visit and session that it was accepted in.
            #[must_use]
            pub const fn binding(&self) -> Binding {
                self.0.binding
            }

            #[cfg(test)]
            #[allow(dead_code)]
            pub(crate) const fn for_test(binding: Binding) -> Self {
                Self(Proven { binding, application: &[] })
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("binding", &self.0.binding)
                    .finish()
            }
        }
    };
}

proof! {
    /// Proof that the card of this session accepted the holder's PIN in this
    /// visit.
    PinVerified
}

proof! {
    /// Proof that the card of this session accepted the password of the signing
    /// key in this visit.
    PasswordVerified
}

proof! {
    /// Proof that the card of this session accepted the PIN of
    /// 券面事項入力補助 in this visit.
    InputPinVerified
}

proof! {
    /// The card accepted 照合番号B: what it opened may be read in this session,
    /// in the application that it was presented to. It's no proof of a person:
    /// the number is printed on the card.
    ReferenceVerified
}

proof! {
    /// The card accepted the birth date: the age record may be read in this
    /// session. It's no proof of a person: the date is printed on the card.
    BirthDateVerified
}

#[cfg(feature = "my-number")]
proof! {
    /// The card accepted 照合番号A, which is the My Number: what it opened may be
    /// read in this session, in the application that it was presented to.
    ReferenceAVerified
}
