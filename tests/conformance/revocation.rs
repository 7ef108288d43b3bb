//! The `openssl` command reads this crate's lists and questions, and this crate reads the command's lists and answers.

use std::{fs, path::PathBuf, process::Command};

use jiff::Timestamp;
use tempfile::TempDir;
use uketsuke::{
    Realm,
    simulation::{CertificateSpec, CrlScope, CrlSpec, Generation, VirtualPki},
    trust::{
        CertIdHash, Certificate, CrlIndex, NoAnswer, OcspAnswer, OcspRequest, RevocationAnswer,
        RevocationError, RevocationQuery, RevocationReason, RevocationSource, Revoked, Root,
    },
};
use uketsuke_conformance::openssl;

const GOOD: u32 = 0x0500_0002;
const SUPERSEDED: u32 = 0x0500_0001;
const COMPROMISED: u32 = 0x8500_0003;
const FOR_NO_REASON: u32 = 0x0500_0004;
const NOT_KNOWN: u32 = 0x0500_0005;

/// The command's record of what was issued: flag, end, revocation, number, file, name.
const INDEX: &str = "\
V\t290401145959Z\t\t05000002\tunknown\t/CN=a
R\t290401145959Z\t260531010203Z,superseded\t05000001\tunknown\t/CN=b
R\t290401145959Z\t260531010203Z,keyTime,20260501000000Z\t85000003\tunknown\t/CN=c
R\t290401145959Z\t260531010203Z\t05000004\tunknown\t/CN=d
";

const CONFIGURATION: &str = "\
[ca]
default_ca = the_ca
[the_ca]
database = index.txt
crlnumber = number
default_md = sha256
[list]
authorityKeyIdentifier = keyid:always
issuingDistributionPoint = critical, @point
[point]
fullname = dirName:municipality
onlyuser = TRUE
[municipality]
C = JP
O = JPKI-SIMULATION
0.OU = JPKI for user authentication
1.OU = CRL Distribution Points
2.OU = Mihon-ken
CN = Mogi-shi CRLDP
[req]
distinguished_name = name
[name]
[responder]
keyUsage = critical, digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
authorityKeyIdentifier = keyid:always
";

/// A folder with what the command is given and what it gives.
struct Folder(TempDir);

impl Folder {
    /// With a root and its key, a record, and a responder's key.
    fn new(generation: Generation) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let key = match generation {
            Generation::First => &include_bytes!("../../src/simulation/pki/keys/auth_ca1.der")[..],
            Generation::Second => include_bytes!("../../src/simulation/pki/keys/auth_ca2.der"),
            Generation::Third => include_bytes!("../../src/simulation/pki/keys/auth_ca3.der"),
        };
        let responder = include_bytes!("../../src/simulation/pki/keys/card_common.der");
        let root = openssl::pem(VirtualPki::new().root(generation));
        folder.write("root.pem", root.as_bytes());
        folder.write("root.key", key);
        folder.write("responder.key", responder);
        folder.write("index.txt", INDEX.as_bytes());
        folder.write("index.txt.attr", b"unique_subject = no\n");
        folder.write("number", b"10\n");
        folder.write("cnf", CONFIGURATION.as_bytes());
        folder
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.file(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.file(name)).unwrap()
    }

    /// Both streams of the command, and whether it went well.
    fn try_openssl(&self, line: &str) -> (bool, String) {
        let output = Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(self.0.path())
            .env("LC_ALL", "C")
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        (output.status.success(), said)
    }

    fn openssl(&self, line: &str) -> String {
        let (well, said) = self.try_openssl(line);
        assert!(well, "openssl {line}: {said}");
        said
    }
}

fn certificate(generation: Generation, serial: u32) -> Vec<u8> {
    VirtualPki::new().authentication_certificate(&CertificateSpec {
        serial,
        common_name: "000001SIM00000000001003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().unwrap(),
        not_after: "2029-04-01T14:59:59Z".parse().unwrap(),
        generation,
        defect: None,
    })
}

fn root(generation: Generation) -> Root {
    Root::new(VirtualPki::new().root(generation), Realm::Simulation).unwrap()
}

fn query<'a>(leaf: &'a [u8], root: &Root) -> RevocationQuery<'a> {
    RevocationQuery::new(&Certificate::parse(leaf).unwrap(), root).unwrap()
}

/// What the record says of each number.
fn expected(serial: u32, unknown: RevocationAnswer) -> RevocationAnswer {
    let reason = match serial {
        GOOD => return RevocationAnswer::Good,
        NOT_KNOWN => return unknown,
        SUPERSEDED => RevocationReason::Superseded,
        COMPROMISED => RevocationReason::KeyCompromise,
        _ => RevocationReason::Unspecified,
    };
    let at = "2026-05-31T01:02:03Z".parse().unwrap();
    RevocationAnswer::Revoked(Revoked { at, reason })
}

const ALL: [u32; 5] = [GOOD, SUPERSEDED, COMPROMISED, FOR_NO_REASON, NOT_KNOWN];

#[test]
fn the_command_believes_this_crates_lists() {
    // All three roots are in force.
    let now: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
    for generation in Generation::ALL {
        for scope in [CrlScope::Everyone, CrlScope::Municipality] {
            let folder = Folder::new(generation);
            let mut spec = CrlSpec::new(generation, now).revoking(&[SUPERSEDED, COMPROMISED]);
            spec.scope = scope;
            spec.entries[1].reason = Some(1);
            folder.write("list.crl", &VirtualPki::new().crl(&spec));
            let said = folder.openssl("crl -inform DER -in list.crl -CAfile root.pem -noout");
            assert!(said.contains("verify OK"), "{said}");
            for serial in [GOOD, SUPERSEDED, COMPROMISED] {
                folder.write("leaf.cer", &certificate(generation, serial));
                let (well, said) = folder.try_openssl(&format!(
                    "verify -no-CApath -no-CAstore -x509_strict -crl_check -attime {} -CAfile root.pem -CRLfile list.crl leaf.cer",
                    now.as_second() + 1
                ));
                assert_eq!(well, serial == GOOD, "{said}");
                assert_eq!(
                    said.contains("certificate revoked"),
                    serial != GOOD,
                    "{said}"
                );
            }
        }
    }
}

#[test]
fn this_crate_reads_the_commands_lists() {
    let now: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
    for generation in [Generation::Second, Generation::Third] {
        let folder = Folder::new(generation);
        folder.openssl(
            "ca -gencrl -config cnf -cert root.pem -keyfile root.key -crlexts list \
             -crl_lastupdate 20260531120000Z -crl_nextupdate 20260601120000Z -out list.pem",
        );
        folder.openssl("crl -in list.pem -outform DER -out list.crl");
        let list = folder.read("list.crl");
        let root = root(generation);
        let index = CrlIndex::build(&list, &root, now).unwrap();
        assert_eq!((index.len(), index.number()), (3, Some(&[0x10][..])));
        for serial in ALL {
            let leaf = certificate(generation, serial);
            let said = index.ask(&query(&leaf, &root), now);
            assert_eq!(said, expected(serial, RevocationAnswer::Good), "{serial:x}");
        }
        // The other generation's key didn't sign it.
        let other = match generation {
            Generation::Second => Generation::Third,
            _ => Generation::Second,
        };
        let refused = CrlIndex::build(&list, &self::root(other), now).unwrap_err();
        assert_eq!(refused, RevocationError::BadSignature);
    }
}

#[test]
fn the_command_reads_this_crates_questions() {
    let folder = Folder::new(Generation::Third);
    let root = root(Generation::Third);
    for serial in [SUPERSEDED, COMPROMISED] {
        let leaf = certificate(Generation::Third, serial);
        folder.write("leaf.cer", &leaf);
        for (hash, name) in [(CertIdHash::Sha1, "sha1"), (CertIdHash::Sha256, "sha256")] {
            let request = OcspRequest::with_nonce(&query(&leaf, &root), &root, hash, &[0xa5; 32]);
            folder.write("request.der", request.unwrap().der());
            let ours = folder.openssl("ocsp -reqin request.der -req_text");
            // The same as the command's own, and the nonce.
            let theirs = folder.openssl(&format!(
                "ocsp -{name} -issuer root.pem -cert leaf.cer -no_nonce -req_text"
            ));
            let (same, nonce) = ours.split_once("Request Extensions:").unwrap();
            assert_eq!(same.trim(), theirs.trim());
            assert!(
                same.contains(&format!("Serial Number: {serial:08X}")),
                "{same}"
            );
            let digits: String = nonce.chars().filter(char::is_ascii_hexdigit).collect();
            assert!(
                digits.ends_with(&format!("0420{}", "A5".repeat(32))),
                "{nonce}"
            );
        }
    }
}

/// Asks with `extra` on the command's line, and gives the answer as this crate takes it.
fn answer(
    folder: &Folder,
    leaf: &[u8],
    hash: CertIdHash,
    extra: &str,
) -> Result<OcspAnswer, RevocationError> {
    let root = root(Generation::Third);
    let request = OcspRequest::generate(&query(leaf, &root), &root, hash).unwrap();
    folder.write("request.der", request.der());
    folder.openssl(&format!(
        "ocsp -index index.txt -CA root.pem -reqin request.der -respout response.der {extra}"
    ));
    request.verify(&folder.read("response.der"), None, Timestamp::now())
}

#[test]
fn this_crate_believes_the_commands_answers() {
    let folder = Folder::new(Generation::Third);
    let root = root(Generation::Third);
    folder.openssl(
        "req -x509 -new -config cnf -key responder.key -subj /C=JP/O=JPKI-SIMULATION/CN=responder \
         -CA root.pem -CAkey root.key -days 1 -set_serial 7 -extensions responder -out responder.pem",
    );
    let by_root = "-rsigner root.pem -rkey root.key";
    let by_delegate = "-rsigner responder.pem -rkey responder.key";
    for signer in [by_root, by_delegate] {
        for more in ["", "-resp_key_id", "-ndays 1", "-nmin 10 -rmd sha256"] {
            let extra = format!("{signer} {more}");
            for serial in ALL {
                let leaf = certificate(Generation::Third, serial);
                let hash = [CertIdHash::Sha1, CertIdHash::Sha256][usize::from(more.is_empty())];
                let answer = answer(&folder, &leaf, hash, &extra).unwrap();
                let unknown = RevocationAnswer::Unknown(NoAnswer::IssuerDoesNotKnow);
                let said = answer.ask(&query(&leaf, &root), Timestamp::now());
                assert_eq!(said, expected(serial, unknown), "{serial:x}, {extra}");
            }
        }
    }
    let leaf = certificate(Generation::Third, GOOD);
    let refused = |extra: &str| {
        answer(&folder, &leaf, CertIdHash::Sha1, extra)
            .map(drop)
            .unwrap_err()
    };
    // One bit of the signature; no certificate of the delegate; a digest that isn't taken.
    assert_eq!(
        refused(&format!("{by_delegate} -badsig")),
        RevocationError::BadSignature
    );
    assert_eq!(
        refused(&format!("{by_delegate} -resp_no_certs")),
        RevocationError::NotAppointed
    );
    assert!(matches!(
        refused(&format!("{by_root} -rmd sha1")),
        RevocationError::NotAllowed { .. }
    ));
    // A right answer, to another question.
    answer(&folder, &leaf, CertIdHash::Sha1, by_root).unwrap();
    let request = OcspRequest::generate(&query(&leaf, &root), &root, CertIdHash::Sha1).unwrap();
    let earlier = folder.read("response.der");
    let refused = request.verify(&earlier, None, Timestamp::now());
    assert_eq!(refused.map(drop).unwrap_err(), RevocationError::OtherNonce);
}
