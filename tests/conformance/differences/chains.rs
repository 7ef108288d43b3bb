//! Chains: `openssl verify`.

use super::Difference;

/// All of them; each is met in the full run.
pub const CHAINS: &[Difference] = &[
    Difference {
        ours: Some("at most 8192 are looked at"),
        theirs: None,
        reason: "a bound on work: certificates of JPKI have less than 2,000 bytes",
    },
    Difference {
        ours: Some("has unused bits"),
        theirs: None,
        reason: "signatures and keys are whole bytes; the command doesn't look at the count of unused bits",
    },
    Difference {
        ours: Some("not DER at byte"),
        theirs: None,
        reason: "the command reads BER, skips what is left over behind the certificate or inside an extension, and lets malformed names, times and extensions pass that it doesn't need; here everything that is read must be DER",
    },
    Difference {
        ours: Some("differs from the one inside the signed part"),
        theirs: None,
        reason: "RFC 5280 §4.1.1.2: the two algorithms must be the same; here their bytes are compared, so BER in the outer one, which nobody signed, is refused",
    },
    Difference {
        ours: Some("only version 3 is read"),
        theirs: None,
        reason: "RFC 5280 §4.1.2.1: with extensions the version must be 3; the command doesn't look",
    },
    Difference {
        ours: Some("longer than 20 bytes"),
        theirs: None,
        reason: "RFC 5280 §4.1.2.2: at most 20 octets; the command doesn't look",
    },
    Difference {
        ours: Some("one comes twice"),
        theirs: None,
        reason: "RFC 5280 §4.2: an extension must not come twice; the command looks at those only that it knows",
    },
    Difference {
        ours: Some("too many"),
        theirs: None,
        reason: "a bound on work: no certificate of JPKI has more than ten extensions",
    },
    Difference {
        ours: Some("out of range"),
        theirs: None,
        reason: "a year 9999-12-31 at 23:59:59 is beyond the library's time; JPKI's certificates end within ten years",
    },
    Difference {
        ours: Some("subject: is not the issuer, so this is no root"),
        theirs: None,
        reason: "only self-issued certificates are roots here; the command was told to end anywhere (-partial_chain)",
    },
    Difference {
        ours: Some("no pinned root has the issuer's name and key identifier"),
        theirs: None,
        reason: "names are compared byte by byte, as JPKI writes them; the command folds case and string types (RFC 5280 §7.1), and passes by a key identifier that is missing in the root",
    },
    Difference {
        ours: Some("authorityKeyIdentifier: has"),
        theirs: None,
        reason: "RFC 5280 §4.2.1.1: issuer and serial number come together, beside the key identifier that every certificate of JPKI has",
    },
    Difference {
        ours: Some("subject: is the issuer"),
        theirs: None,
        reason: "a holder isn't a root; to the command a leaf that names itself is one chain of two",
    },
    Difference {
        ours: Some("subjectKeyIdentifier: "),
        theirs: None,
        reason: "a root must have one: leaves name it",
    },
    Difference {
        ours: Some("signature algorithm "),
        theirs: None,
        reason: "only sha256WithRSAEncryption with its NULL; the command takes every digest from SHA-1 on (security level 1) and does without NULL",
    },
    Difference {
        ours: Some("keyUsage: absent"),
        theirs: None,
        reason: "the profile of JPKI has it; to the command absent means everything",
    },
    Difference {
        ours: Some("keyUsage: lacks digitalSignature"),
        theirs: None,
        reason: "the key must sign; keyAgreement is enough for the command's sslclient",
    },
    Difference {
        ours: Some("keyUsage: lacks nonRepudiation"),
        theirs: None,
        reason: "the profile of signing certificates has both usages; one of them is enough for the command's smimesign",
    },
    Difference {
        ours: Some("extKeyUsage: present"),
        theirs: None,
        reason: "the profile of signing certificates has none; the command takes that of mail",
    },
    Difference {
        ours: Some("extKeyUsage: absent"),
        theirs: None,
        reason: "the profile of JPKI has it; to the command absent means everything",
    },
    Difference {
        ours: Some("basicConstraints: says CA:TRUE"),
        theirs: None,
        reason: "a holder isn't a CA; the command judges a CA as a client, too",
    },
    Difference {
        ours: Some("certificatePolicies name"),
        theirs: None,
        reason: "the policy of the certificate's use must be named; the command takes anyPolicy, and a policy that a critical mapping leads to",
    },
    Difference {
        ours: Some("certificatePolicies: has a qualifier"),
        theirs: None,
        reason: "RFC 5280 §4.2.1.4: a qualifier in a critical extension must be understood or refused",
    },
    Difference {
        ours: Some("critical extension "),
        theirs: None,
        reason: "the profile has no such critical extension and this library does nothing with it; the command knows name and policy constraints, alternative names and CRL distribution points",
    },
    Difference {
        ours: Some("public key of algorithm "),
        theirs: None,
        reason: "holders have RSA of 2048 bits with exponent 65537; the command takes every key from 112 bits of security on (level 1 asks for 80)",
    },
    Difference {
        ours: None,
        theirs: Some("certificate has expired"),
        reason: "RFC 5280 §4.1.2.5: notAfter is inclusive; the command ends a second early",
    },
    Difference {
        ours: None,
        theirs: Some("unable to get local issuer certificate"),
        reason: "name, key identifier, serial number and signature are right; the command finds no issuer when any extension that it knows is malformed (CRL distribution points, alternative names), or authorityCertIssuer is another name, which decide nothing here",
    },
    Difference {
        ours: None,
        theirs: Some("unhandled critical extension"),
        reason: "authorityKeyIdentifier, marked critical: looked at here, unknown as critical to the command",
    },
    Difference {
        ours: None,
        theirs: Some("invalid or inconsistent certificate policy extension"),
        reason: "the right policy is named, and some policy twice",
    },
    Difference {
        ours: None,
        theirs: Some("unsuitable certificate purpose"),
        reason: "an extended key usage in a root says nothing here: a root is trusted because it is pinned",
    },
    Difference {
        ours: None,
        theirs: Some("Basic Constraints of CA cert not marked critical"),
        reason: "a root is trusted because it is pinned; that it says CA:TRUE is enough",
    },
    Difference {
        ours: None,
        theirs: Some("Empty Subject Alternative Name extension"),
        reason: "alternative names of a root decide nothing here",
    },
    Difference {
        ours: None,
        theirs: Some("could not read"),
        reason: "a field that decides nothing here (a part of the subject's name, a bit of an extension) has a form that the command can't read",
    },
];
