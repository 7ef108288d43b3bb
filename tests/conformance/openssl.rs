//! The `openssl` command as a judge, many leaves in one process.

use std::{
    collections::HashMap,
    fs, io,
    path::Path,
    process::{Command, Output},
};

use crate::{Chain, Verdict};

/// The policy of user authentication in the simulation.
const POLICY: &str = "1.3.6.1.4.1.32473.8.5.1.3.30";

/// What `openssl version` says.
///
/// # Errors
///
/// There is no such command.
pub fn version() -> io::Result<String> {
    let output = Command::new("openssl").arg("version").output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The verdicts of `openssl verify`, in the order of the chains.
///
/// It is asked as strictly as it can be: only the given root, `-x509_strict`,
/// `-purpose sslclient`, the policy required.
///
/// # Errors
///
/// Files or processes that fail; a leaf of which the command says nothing.
pub fn judge(chains: &[Chain]) -> io::Result<Vec<Verdict>> {
    let directory = tempfile::tempdir()?;
    // One process for each root and time.
    let mut groups: HashMap<(&[u8], i64), Vec<usize>> = HashMap::new();
    for (index, chain) in chains.iter().enumerate() {
        fs::write(leaf(directory.path(), index), &chain.leaf)?;
        let key = (chain.root.as_slice(), chain.now.as_second());
        groups.entry(key).or_default().push(index);
    }
    let mut verdicts = vec![None; chains.len()];
    for ((root, now), indices) in groups {
        let root_file = directory.path().join("root.pem");
        fs::write(&root_file, pem(root))?;
        // A command line takes about 2 MB.
        for indices in indices.chunks(1000) {
            let output = Command::new("openssl")
                .args(["verify", "-no-CApath", "-no-CAstore", "-partial_chain"])
                .args(["-x509_strict", "-purpose", "sslclient", "-check_ss_sig"])
                .args(["-explicit_policy", "-policy", POLICY])
                .args(["-attime", &now.to_string()])
                .arg("-CAfile")
                .arg(&root_file)
                .args(indices.iter().map(|&index| leaf(directory.path(), index)))
                .env("LC_ALL", "C")
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

fn leaf(directory: &Path, index: usize) -> std::path::PathBuf {
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

fn pem(der: &[u8]) -> String {
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
