//! Project Wycheproof's vectors through `trust::verify_signature`, which is what
//! certificates and challenges are verified with.

use uketsuke::trust::{SignatureAlgorithm, verify_signature};
use wycheproof::{TestResult, ecdsa, rsa_pkcs1_verify};

/// Counts of the suite's version 0.7.0 of the crate, so that none is left out unseen.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    valid: usize,
    invalid: usize,
    acceptable: usize,
}

impl Counts {
    /// One case: valid must be accepted, all else refused.
    fn add(&mut self, id: usize, result: &TestResult, comment: &str, accepted: bool) {
        let (count, wanted) = match result {
            TestResult::Valid => (&mut self.valid, true),
            TestResult::Invalid => (&mut self.invalid, false),
            // Left to the verifier by the suite. Here nothing but the one right form is accepted.
            TestResult::Acceptable => (&mut self.acceptable, false),
        };
        *count += 1;
        assert_eq!(accepted, wanted, "case {id}, {result:?}: {comment}");
    }
}

fn accepted(key: &[u8], algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
    verify_signature(key, algorithm, message, signature).is_ok()
}

#[test]
fn rsa_2048_sha256() {
    use rsa_pkcs1_verify::{TestName, TestSet};
    let mut counts = Counts::default();
    for group in TestSet::load(TestName::Rsa2048Sha256).unwrap().test_groups {
        assert_eq!(group.key_size, 2048);
        for test in &group.tests {
            let rsa = SignatureAlgorithm::RsaPkcs1Sha256;
            let accepted = accepted(&group.der, rsa, &test.msg, &test.sig);
            counts.add(test.tc_id, &test.result, &test.comment, accepted);
            if test.result == TestResult::Acceptable {
                // DigestInfo without its NULL.
                let flags = &test.flags;
                assert_eq!(*flags, [rsa_pkcs1_verify::TestFlag::MissingNull]);
            }
        }
    }
    let expected = Counts {
        valid: 9,
        invalid: 249,
        acceptable: 1,
    };
    assert_eq!(counts, expected);
}

#[test]
fn ecdsa_p384_sha384() {
    use ecdsa::{TestName, TestSet};
    let mut counts = Counts::default();
    for group in TestSet::load(TestName::EcdsaSecp384r1Sha384)
        .unwrap()
        .test_groups
    {
        for test in &group.tests {
            let p384 = SignatureAlgorithm::EcdsaP384Sha384;
            let accepted = accepted(&group.der, p384, &test.msg, &test.sig);
            counts.add(test.tc_id, &test.result, &test.comment, accepted);
        }
    }
    let expected = Counts {
        valid: 194,
        invalid: 310,
        acceptable: 0,
    };
    assert_eq!(counts, expected);
}

/// Signatures of r and s one behind the other (IEEE P1363) aren't what certificates hold.
#[test]
fn ecdsa_p384_sha384_p1363_is_refused() {
    use ecdsa::{TestName, TestSet};
    let mut cases = 0;
    for group in TestSet::load(TestName::EcdsaSecp384r1Sha384P1363)
        .unwrap()
        .test_groups
    {
        for test in &group.tests {
            let p384 = SignatureAlgorithm::EcdsaP384Sha384;
            assert!(
                !accepted(&group.der, p384, &test.msg, &test.sig),
                "{}",
                test.tc_id
            );
            cases += 1;
        }
    }
    assert!(cases > 200, "{cases}");
}

/// Roots may have keys of up to 4096 bits.
#[test]
fn larger_rsa_keys() {
    use rsa_pkcs1_verify::{TestName, TestSet};
    for (name, bits) in [
        (TestName::Rsa3072Sha256, 3072),
        (TestName::Rsa4096Sha256, 4096),
    ] {
        let mut counts = Counts::default();
        for group in TestSet::load(name).unwrap().test_groups {
            assert_eq!(group.key_size, bits);
            for test in &group.tests {
                let rsa = SignatureAlgorithm::RsaPkcs1Sha256;
                let accepted = accepted(&group.der, rsa, &test.msg, &test.sig);
                counts.add(test.tc_id, &test.result, &test.comment, accepted);
            }
        }
        assert!(counts.valid >= 5 && counts.invalid > 200, "{counts:?}");
    }
}
