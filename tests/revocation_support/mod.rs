//! What the tests of revocation share: a root, a person's certificate, a time.
#![allow(dead_code)]

use jiff::{SignedDuration, Timestamp};
use uketsuke::Realm;
use uketsuke::simulation::{CertificateSpec, Generation, VirtualPki};
use uketsuke::trust::{Certificate, RevocationQuery, Root};

pub const SERIAL: u32 = 0x0500_0001;

pub fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

pub fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

pub fn root(generation: Generation) -> Root {
    Root::new(VirtualPki::new().root(generation), Realm::Simulation).unwrap()
}

pub fn certificate(generation: Generation, serial: u32) -> Vec<u8> {
    VirtualPki::new().authentication_certificate(&CertificateSpec {
        serial,
        common_name: "000001SIM00000000001003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().unwrap(),
        not_after: "2029-04-01T14:59:59Z".parse().unwrap(),
        generation,
        defect: None,
    })
}

pub fn query<'a>(der: &'a [u8], root: &Root) -> RevocationQuery<'a> {
    RevocationQuery::new(&Certificate::parse(der).unwrap(), root).unwrap()
}
