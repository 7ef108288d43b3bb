//! Lists: `openssl verify -crl_check`.

use super::Difference;

/// All of them; each is met in the full run.
pub const LISTS: &[Difference] = &[
    Difference {
        ours: Some("not DER at byte"),
        theirs: None,
        reason: "the command reads BER, skips what is left over behind the list, and lets malformed times, numbers and extensions pass that it doesn't need; here everything that is read must be DER",
    },
    Difference {
        ours: Some("differs from the one inside the signed part"),
        theirs: None,
        reason: "RFC 5280 §5.1.1.2: the two algorithms must be the same; the command looks at the outer one only, which nobody signed",
    },
    Difference {
        ours: Some("only version 2 is read"),
        theirs: None,
        reason: "RFC 5280 §5.1.2.1: with extensions the version must be 2; the command doesn't look",
    },
    Difference {
        ours: Some("one comes twice"),
        theirs: None,
        reason: "RFC 5280 §4.2: an extension must not come twice; the command looks at those only that it knows",
    },
    Difference {
        ours: Some(": empty"),
        theirs: None,
        reason: "RFC 5280 §5.1: where there are extensions, there is one at least; the command doesn't look",
    },
    Difference {
        ours: Some("longer than 20 bytes"),
        theirs: None,
        reason: "RFC 5280 §4.1.2.2 and §5.2.3: at most 20 octets; the command doesn't look",
    },
    Difference {
        ours: Some("out of range"),
        theirs: None,
        reason: "a revocation before 1970 or a next list beyond the year 9999 is none; the command doesn't look at the first, and can name the second",
    },
    Difference {
        ours: Some("another issuer"),
        theirs: None,
        reason: "names are compared byte by byte, as JPKI writes them; the command folds case and string types (RFC 5280 §7.1), and passes by an authority key identifier that it can't read",
    },
    Difference {
        ours: Some("is not that of the signer's key"),
        theirs: None,
        reason: "only sha256WithRSAEncryption with its NULL; the command takes SHA-1 too, and does without NULL",
    },
    Difference {
        ours: Some("this list holds changes only"),
        theirs: None,
        reason: "a list of changes isn't a whole one; the command takes it for one unless it was told to look for changes (-use_deltas)",
    },
    Difference {
        ours: Some("this list is an indirect one"),
        theirs: None,
        reason: "an entry of another issuer makes a list indirect (RFC 5280 §5.3.3); the command skips such an entry where the other issuer isn't the list's",
    },
    Difference {
        ours: Some("is none of a complete list"),
        theirs: None,
        reason: "removeFromCRL belongs into lists of changes, and other codes don't exist (RFC 5280 §5.3.1); the command takes them, or leaves the entry out",
    },
    Difference {
        ours: Some("has a flag that isn't TRUE"),
        theirs: None,
        reason: "DER writes no default, and TRUE as FF; the command reads BER",
    },
    Difference {
        ours: Some("names a point relative to the issuer"),
        theirs: None,
        reason: "JPKI's points have full names, and so they are compared; the command puts the relative one together",
    },
    Difference {
        ours: Some("issuingDistributionPoint at byte"),
        theirs: None,
        reason: "what a list is about must be readable; the command passes by the extension where it can't read it",
    },
    Difference {
        ours: Some("NotCovered"),
        theirs: None,
        reason: "the point's name is compared byte by byte with the certificate's; the command folds case and string types, and takes a list whose point it can't read for one of everybody",
    },
    Difference {
        ours: None,
        theirs: Some("unhandled critical CRL extension"),
        reason: "cRLNumber, reasonCode and invalidityDate, marked critical: looked at here, unknown as critical to the command",
    },
    Difference {
        ours: None,
        theirs: Some("CRL is not yet valid"),
        reason: "a list made up to five minutes later than the terminal's clock says is used (CLOCK_SKEW)",
    },
    Difference {
        ours: None,
        theirs: Some("CRL has expired"),
        reason: "RFC 5280 §5.1.2.5: the next list comes by nextUpdate; here that second is inclusive, as for certificates, and the command ends one early",
    },
    Difference {
        ours: None,
        theirs: Some("could not read"),
        reason: "an extension that decides nothing here has an identifier that isn't one",
    },
];
