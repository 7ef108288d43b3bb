//! A list of a million revoked certificates, read and looked up in by this crate and by others.
//!
//! Each in a process of its own, for its memory (Linux: /proc/self/status). The first look-up belongs to the reading,
//! since OpenSSL sorts the entries there. `crl.rs` of the benchmarks times the look-ups more closely.

use std::{
    collections::HashSet,
    env, fs,
    hint::black_box,
    process::Command,
    time::{Duration, Instant},
};

use openssl::{
    asn1::Asn1Integer,
    bn::BigNum,
    x509::{CrlStatus, X509, X509Crl},
};
use uketsuke::simulation::{Generation, VirtualPki};
use uketsuke_benches::List;
use x509_cert::{crl::CertificateList, der::Decode};

const COUNT: u64 = 1_000_000;
const LOOK_UPS: u64 = 200_000;
const RIVALS: [&str; 3] = ["uketsuke", "openssl", "x509-cert"];

type Lookup = Box<dyn Fn(&[u8]) -> bool>;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [rival, path, bytes] = &arguments[..] {
        let bytes = bytes.parse().expect("a number");
        return one(rival, path, bytes);
    }
    println!("| a million entries | list | read | held | at most | look-up |");
    println!("|---|---|---|---|---|---|");
    for bytes in [8, 20] {
        let list = List::new(COUNT, bytes);
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), list.der()).expect("written");
        for rival in RIVALS {
            let status = Command::new(env::current_exe().expect("this program"))
                .arg(rival)
                .arg(file.path())
                .arg(bytes.to_string())
                .status()
                .expect("started");
            assert!(status.success());
        }
    }
}

fn one(rival: &str, path: &str, bytes: usize) {
    let der = fs::read(path).expect("the list");
    let list = List::read(der, COUNT, bytes);
    let before = kilobytes("VmRSS:");
    let begun = Instant::now();
    let (name, is_listed): (&str, Lookup) = match rival {
        "uketsuke" => {
            let index = list.index();
            let look = move |serial: &[u8]| index.revoked(serial).is_some();
            ("uketsuke, verified", Box::new(look))
        }
        "openssl" => ("`openssl` 0.10, verified", openssl(&list)),
        _ => ("`x509-cert` 0.3 into a `HashSet`", numbers(&list)),
    };
    assert!(is_listed(&list.listed(0)));
    let read = begun.elapsed();
    let (held, most) = (kilobytes("VmRSS:") - before, kilobytes("VmHWM:") - before);
    println!(
        "| {name}, numbers of {bytes} bytes | {:.1} MB | {:.0} ms | {:.1} MB | {:.1} MB | {:.0} ns |",
        list.der().len() as f64 / 1e6,
        read.as_secs_f64() * 1e3,
        held as f64 * 1.024e-3,
        most as f64 * 1.024e-3,
        median(&list, &is_listed).as_secs_f64() * 1e9,
    );
}

fn openssl(list: &List) -> Lookup {
    let crl = X509Crl::from_der(list.der()).expect("a list");
    let root = X509::from_der(VirtualPki::new().root(Generation::Third)).expect("a root");
    let key = root.public_key().expect("a key");
    assert!(crl.verify(&key).expect("a verdict"));
    Box::new(move |serial| {
        let number = BigNum::from_slice(serial).expect("a number");
        let number = Asn1Integer::from_bn(&number).expect("a number");
        !matches!(crl.get_by_serial(&number), CrlStatus::NotRevoked)
    })
}

fn numbers(list: &List) -> Lookup {
    let list = <CertificateList>::from_der(list.der());
    let entries = list.expect("a list").tbs_cert_list.revoked_certificates;
    let set: HashSet<Vec<u8>> = entries
        .into_iter()
        .flatten()
        .map(|entry| entry.serial_number.as_bytes().to_vec())
        .collect();
    Box::new(move |serial| set.contains(serial))
}

/// Of listed and unlisted numbers in turn, all over the list.
fn median(list: &List, is_listed: &Lookup) -> Duration {
    let mut times: Vec<Duration> = (0..LOOK_UPS)
        .map(|at| {
            let listed = at % 2 == 0;
            let number = if listed {
                list.listed(at)
            } else {
                list.unlisted(at)
            };
            let begun = Instant::now();
            let said = black_box(is_listed(black_box(&number)));
            let took = begun.elapsed();
            assert_eq!(said, listed);
            took
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn kilobytes(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|text| text.parse().ok()).expect("a number")
}
