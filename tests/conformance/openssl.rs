//! The `openssl` command as a judge.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
};

use uketsuke::trust::{CertIdHash, CertificateUse};

use crate::{Answer, Chain, List, Verdict};

/// What `openssl version` says.
///
/// # Errors
///
/// There is no such command.
pub fn version() -> io::Result<String> {
    let output = Command::new("openssl").arg("version").output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The verdicts of `openssl verify`, in the order of the chains; many leaves in one process.
///
/// It is asked as strictly as it can be: only the given root, `-x509_strict`, the nearest purpose, the policy required.
///
/// # Errors
///
/// Files or processes that fail; a leaf of which the command says nothing.
pub fn judge_chains(chains: &[Chain]) -> io::Result<Vec<Verdict>> {
    let directory = tempfile::tempdir()?;
    // One process for each root, use and time.
    let mut groups: HashMap<(&[u8], CertificateUse, i64), Vec<usize>> = HashMap::new();
    for (index, chain) in chains.iter().enumerate() {
        fs::write(leaf(directory.path(), index), &chain.leaf)?;
        let key = (chain.root.as_slice(), chain.usage, chain.now.as_second());
        groups.entry(key).or_default().push(index);
    }
    let mut verdicts = vec![None; chains.len()];
    for ((root, usage, now), indices) in groups {
        let root_file = directory.path().join("root.pem");
        fs::write(&root_file, pem(root))?;
        // A command line takes about 2 MB.
        for indices in indices.chunks(1000) {
            let output = verify(&root_file, now)
                .args(["-purpose", purpose(usage), "-check_ss_sig"])
                .args(["-explicit_policy", "-policy", policy(usage)])
                .args(indices.iter().map(|&index| leaf(directory.path(), index)))
                .output()?;
            for &index in indices {
                verdicts[index] = Some(read(&output, &leaf(directory.path(), index)));
            }
        }
    }
    verdicts
        .into_iter()
        .map(|verdict| verdict.ok_or_else(|| io::Error::other("a chain without verdict")))
        .collect()
}

/// The simulation's policies.
const fn policy(usage: CertificateUse) -> &'static str {
    match usage {
        CertificateUse::Signing => "1.3.6.1.4.1.32473.8.5.1.1.20",
        _ => "1.3.6.1.4.1.32473.8.5.1.3.30",
    }
}

/// The command knows none for signatures as such; that of mail is the one that asks for digitalSignature or
/// nonRepudiation.
const fn purpose(usage: CertificateUse) -> &'static str {
    match usage {
        CertificateUse::Signing => "smimesign",
        _ => "sslclient",
    }
}

fn verify(root: &Path, now: i64) -> Command {
    let mut command = openssl("verify");
    command
        .args([
            "-no-CApath",
            "-no-CAstore",
            "-partial_chain",
            "-x509_strict",
        ])
        .args(["-attime", &now.to_string(), "-CAfile"])
        .arg(root);
    command
}

fn openssl(name: &str) -> Command {
    let mut command = Command::new("openssl");
    command.arg(name).env("LC_ALL", "C");
    command
}

/// The verdicts of `openssl verify -crl_check`, in the order of the lists.
///
/// # Errors
///
/// Files or processes that fail.
pub fn judge_lists(lists: &[List]) -> io::Result<Vec<Verdict>> {
    each(lists, |case, directory| {
        let file = |name: &str| directory.join(name);
        fs::write(file("root.pem"), pem(case.root))?;
        fs::write(file("leaf.cer"), &case.leaf)?;
        fs::write(file("list.crl"), &case.list)?;
        let output = verify(&file("root.pem"), case.now.as_second())
            .args(["-crl_check", "-CRLfile"])
            .args([file("list.crl"), file("leaf.cer")])
            .output()?;
        Ok(read(&output, &file("leaf.cer")))
    })
}

/// The verdicts of `openssl ocsp`, in the order of the answers.
///
/// Each is asked for twice: with the question, for its nonce; and with the certificate, for what is said of it. The
/// command reads the clock for the times of the answers.
///
/// # Errors
///
/// Files or processes that fail.
pub fn judge_answers(answers: &[Answer]) -> io::Result<Vec<Verdict>> {
    each(answers, |case, directory| {
        let file = |name: &str| directory.join(name);
        fs::write(file("root.pem"), pem(case.root))?;
        fs::write(file("leaf.cer"), &case.leaf)?;
        fs::write(file("request.der"), &case.request)?;
        fs::write(file("response.der"), &case.response)?;
        let ask = || {
            let mut command = openssl("ocsp");
            command
                .args(["-no-CApath", "-no-CAstore", "-CAfile"])
                .arg(file("root.pem"))
                // The root itself may answer too.
                .args([Path::new("-VAfile"), &file("root.pem")])
                .args([Path::new("-respin"), &file("response.der")]);
            command
        };
        let of_question = ask()
            .args([Path::new("-reqin"), &file("request.der")])
            .output()?;
        let hash = match case.hash {
            CertIdHash::Sha256 => "-sha256",
            _ => "-sha1",
        };
        let of_certificate = ask()
            .args(["-no_nonce", hash])
            .args([Path::new("-issuer"), &file("root.pem")])
            .args([Path::new("-cert"), &file("leaf.cer")])
            .output()?;
        Ok(read_answers(
            [&of_question, &of_certificate],
            &file("leaf.cer"),
        ))
    })
}

/// Good only if nothing was complained of.
fn read_answers(outputs: [&Output; 2], leaf: &Path) -> Verdict {
    let mut all = String::new();
    for output in outputs {
        all.push_str(&String::from_utf8_lossy(&output.stderr));
        all.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    let leaf = format!("{}: ", leaf.display());
    let status = all.lines().find_map(|line| line.strip_prefix(&leaf));
    let complaint = all.lines().find(|line| {
        let bad = ["WARNING", "rror", "Fail", "fail"];
        bad.iter().any(|word| line.contains(word))
    });
    match (complaint, status) {
        (None, Some("good")) => Verdict::Accepted,
        (None, Some(status)) => Verdict::Refused(status.to_owned()),
        (Some(_), _) if all.contains(":asn1 encoding routines:") => {
            Verdict::Refused("could not read".into())
        }
        // The reason stands in the line of the library's error, behind its code and place.
        (Some(complaint), _) => {
            let library = all.lines().find(|line| line.contains(":error:"));
            let why = library.and_then(|line| line.rsplit("routines:").next());
            Verdict::Refused(why.unwrap_or(complaint).to_owned())
        }
        (None, None) => Verdict::Refused("no answer".into()),
    }
}

/// Judges each case in a directory of its thread, as many at a time as there are processors.
fn each<T: Sync>(
    cases: &[T],
    judge: impl Fn(&T, &Path) -> io::Result<Verdict> + Sync,
) -> io::Result<Vec<Verdict>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = cases.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let judge = &judge;
        let started: Vec<_> = cases
            .chunks(part)
            .map(|part| {
                scope.spawn(move || {
                    let directory = tempfile::tempdir()?;
                    let judged = part.iter().map(|case| judge(case, directory.path()));
                    judged.collect::<io::Result<Vec<_>>>()
                })
            })
            .collect();
        let mut all = Vec::new();
        for thread in started {
            let part = thread
                .join()
                .map_err(|_| io::Error::other("a judge panicked"))?;
            all.extend(part?);
        }
        Ok(all)
    })
}

fn leaf(directory: &Path, index: usize) -> PathBuf {
    directory.join(format!("{index}.cer"))
}

/// `FILE: OK` is good. Otherwise the errors stand in the other stream, before
/// `error FILE: verification failed`; a file that can't be read has no such line.
fn read(output: &Output, file: &Path) -> Verdict {
    let file = file.display().to_string();
    let (said, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    if said.lines().any(|line| line == format!("{file}: OK")) {
        return Verdict::Accepted;
    }
    let end = format!("error {file}: verification failed");
    let lines: Vec<&str> = errors.lines().collect();
    let Some(at) = lines.iter().position(|line| *line == end) else {
        return Verdict::Refused(String::from("could not read"));
    };
    let reasons: Vec<&str> = lines[..at]
        .iter()
        .rev()
        .take_while(|line| !line.ends_with(": verification failed"))
        .filter_map(|line| line.split_once("lookup: ").map(|(_, why)| why))
        .collect();
    Verdict::Refused(reasons.join("; "))
}

/// A certificate in PEM.
pub fn pem(der: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in der.chunks(48) {
        for three in line.chunks(3) {
            let word = three.iter().enumerate().fold(0, |word, (at, byte)| {
                word | u32::from(*byte) << (16 - 8 * at)
            });
            for digit in 0..4 {
                match digit <= three.len() {
                    true => text.push(DIGITS[(word >> (18 - 6 * digit) & 63) as usize].into()),
                    false => text.push('='),
                }
            }
        }
        text.push('\n');
    }
    text + "-----END CERTIFICATE-----\n"
}
