//! Answers: `openssl ocsp -respin`.

use super::Difference;

/// All of them; nearly each is met in the full run.
pub const ANSWERS: &[Difference] = &[
    Difference {
        ours: Some("not DER at byte"),
        theirs: None,
        reason: "the command reads BER and skips what is left over behind the answer; a version may be written that is the default, more answers may come than the 16 that are looked at here, and malformed times and extensions pass that it doesn't need",
    },
    Difference {
        ours: Some("one comes twice"),
        theirs: None,
        reason: "RFC 5280 §4.2: an extension must not come twice; the command looks at the first nonce only",
    },
    Difference {
        ours: Some(": empty"),
        theirs: None,
        reason: "RFC 5280 §4.1: where there are extensions, there is one at least; the command doesn't look",
    },
    Difference {
        ours: Some("two about one certificate"),
        theirs: None,
        reason: "which one counts? The command takes the first",
    },
    Difference {
        ours: Some("longer than 20 bytes"),
        theirs: None,
        reason: "RFC 5280 §4.1.2.2: at most 20 octets; the command doesn't look",
    },
    Difference {
        ours: Some("was to be replaced by"),
        theirs: None,
        reason: "an answer that was made more than an hour ago, or has no end and is older, isn't used (MAX_AGE); the command wasn't told an age, and doesn't look at producedAt",
    },
    Difference {
        ours: Some("which is to come"),
        theirs: None,
        reason: "an answer can't have been made later than now; the command doesn't look at producedAt",
    },
    Difference {
        ours: Some("out of range"),
        theirs: None,
        reason: "a year 9999-12-31 at 23:59:59 is beyond the library's time",
    },
    Difference {
        ours: Some("is not that of the signer's key"),
        theirs: None,
        reason: "only sha256WithRSAEncryption with its NULL; the command takes every digest from SHA-1 on, and does without NULL",
    },
    Difference {
        ours: Some("is not understood"),
        theirs: None,
        reason: "RFC 5280 §4.2: what is critical and not understood must be refused; the command looks at no extension of an answer but the nonce",
    },
    Difference {
        ours: Some("was not appointed by the root"),
        theirs: None,
        reason: "names are compared byte by byte; the command folds case and string types (RFC 5280 §7.1)",
    },
    Difference {
        ours: Some("may be revoked"),
        theirs: None,
        reason: "RFC 6960 §4.2.2.2.1: without id-pkix-ocsp-nocheck the responder's own certificate is to be checked; the command wasn't given a list",
    },
    Difference {
        ours: Some("says CA:TRUE"),
        theirs: None,
        reason: "the responder that was appointed is no CA; the command doesn't look",
    },
    Difference {
        ours: Some("has a path length without CA:TRUE"),
        theirs: None,
        reason: "RFC 5280 §4.2.1.9: a path length is for CAs; the command doesn't look unless it is told to be strict",
    },
    Difference {
        ours: Some("certificatePolicies: has a qualifier"),
        theirs: None,
        reason: "RFC 5280 §4.2.1.4: a qualifier in a critical extension must be understood or refused; the command doesn't look at the responder's policies",
    },
    Difference {
        ours: Some("lacks digitalSignature"),
        theirs: None,
        reason: "the key must sign (RFC 5280 §4.2.1.12); the command looks at extKeyUsage only",
    },
    Difference {
        ours: Some("only version 3 is read"),
        theirs: None,
        reason: "RFC 5280 §4.1.2.1: with extensions the version must be 3; the command doesn't look",
    },
    Difference {
        ours: Some("the signature over the revocation data is wrong"),
        theirs: None,
        reason: "signatures are checked over the bytes that came; the command writes the answer again in DER and checks over that",
    },
    Difference {
        ours: None,
        theirs: Some("unhandled critical extension"),
        reason: "authorityKeyIdentifier and id-pkix-ocsp-nocheck of the responder's certificate, marked critical: looked at here, unknown as critical to the command",
    },
    Difference {
        ours: None,
        theirs: Some("self-signed certificate"),
        reason: "a responder that bears the root's name and was appointed by the root's signature; the command takes it for a root",
    },
    Difference {
        ours: None,
        theirs: Some("invalid certificate"),
        reason: "an extension of the responder's certificate that decides nothing here is malformed",
    },
    Difference {
        ours: None,
        theirs: Some("root ca not trusted"),
        reason: "an answer about a certificate of another issuer stands beside; the responder isn't asked about that one",
    },
    Difference {
        ours: None,
        theirs: Some("could not read"),
        reason: "a field that decides nothing here (a part of the responder's certificate, an identifier of an extension) has a form that the command can't read",
    },
];
