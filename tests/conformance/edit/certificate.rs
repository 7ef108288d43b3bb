//! Edits of a certificate.

use super::{
    AUTHORITY_KEY_ID, Edit, NOBODYS, anywhere, authority_key_id, critical, criticality,
    edit_issuer, field, set, shuffled, some_algorithm, some_integer, some_name_part, some_time,
    twice, without,
};
use crate::{der::Node, random::Random};

const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 14];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
const CRL_POINTS: &[u8] = &[0x55, 0x1d, 31];
const POLICIES: &[u8] = &[0x55, 0x1d, 32];
const POLICY_MAPPINGS: &[u8] = &[0x55, 0x1d, 33];
const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 36];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 0x1d, 54];
const ALL_EXTENSIONS: [&[u8]; 12] = [
    KEY_USAGE,
    SUBJECT_KEY_ID,
    SUBJECT_ALT_NAME,
    BASIC_CONSTRAINTS,
    NAME_CONSTRAINTS,
    CRL_POINTS,
    POLICIES,
    POLICY_MAPPINGS,
    AUTHORITY_KEY_ID,
    POLICY_CONSTRAINTS,
    INHIBIT_ANY_POLICY,
    NOBODYS,
];

const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
const PURPOSES: [&[u8]; 7] = [
    CLIENT_AUTH,
    // OCSPSigning
    &[0x2b, 6, 1, 5, 5, 7, 3, 9],
    &[0x2b, 6, 1, 5, 5, 7, 3, 1],
    &[0x2b, 6, 1, 5, 5, 7, 3, 4],
    // anyExtendedKeyUsage
    &[0x55, 0x1d, 37, 0],
    // Microsoft's smart card logon
    &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 2],
    NOBODYS,
];
/// Of user authentication in the simulation.
const POLICY: &[u8] = &[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 8, 5, 1, 3, 30];
/// Of signatures.
const SIGNING_POLICY: &[u8] = &[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 8, 5, 1, 1, 20];
const ANY_POLICY: &[u8] = &[0x55, 0x1d, 32, 0];

pub(crate) const EDITS: &[(&str, Edit)] = &[
    ("version", version),
    ("serial", serial),
    ("inner algorithm", algorithm),
    ("issuer", issuer),
    ("validity", validity),
    ("subject", subject),
    ("key", key),
    ("keyUsage", key_usage),
    ("extKeyUsage", extended_key_usage),
    ("basicConstraints", basic_constraints),
    ("certificatePolicies", policies),
    ("authorityKeyIdentifier", authority_key_id),
    ("subjectKeyIdentifier", subject_key_id),
    ("another extension", another_extension),
    ("criticality", criticality),
    ("without an extension", without),
    ("an extension twice", twice),
    ("order of extensions", shuffled),
    ("anywhere", anywhere),
    ("anywhere", anywhere),
    ("anywhere", anywhere),
    ("anywhere", anywhere),
];

/// Chosen by the fuzzer only: the chains of benches/RECORD.md are made without.
pub(crate) const MORE_EDITS: &[(&str, Edit)] = &[
    ("cRLDistributionPoints", crl_points),
    ("cRLDistributionPoints", crl_points),
];

// The fields: 0 version, 1 serial, 2 algorithm, 3 issuer, 4 validity, 5 subject, 6 key, 7 extensions.

fn version(tbs: &mut Node, random: &mut Random) {
    match random.below(4) {
        0 => drop(tbs.inside().remove(0)),
        n => field(tbs, 0).inside()[0] = Node::bytes(0x02, &[[0, 1, 3][n - 1]]),
    }
}

fn serial(tbs: &mut Node, random: &mut Random) {
    *field(tbs, 1) = some_integer(random);
}

fn algorithm(tbs: &mut Node, random: &mut Random) {
    *field(tbs, 2) = some_algorithm(random);
}

fn issuer(tbs: &mut Node, random: &mut Random) {
    edit_issuer(field(tbs, 3), random);
}

fn subject(tbs: &mut Node, random: &mut Random) {
    let new = some_name_part(random);
    let names = field(tbs, 5).inside();
    match random.below(4) {
        0 => names.clear(),
        1 => names.push(new),
        2 => *names = vec![new],
        _ => {
            let same_as_issuer = field(tbs, 3).clone();
            *field(tbs, 5) = same_as_issuer;
        }
    }
}

fn validity(tbs: &mut Node, random: &mut Random) {
    let new = some_time(random);
    let both = field(tbs, 4).inside();
    match random.below(5) {
        0 | 1 => both[0] = new,
        2 | 3 => both[1] = new,
        _ => both.swap(0, 1),
    }
}

fn key(tbs: &mut Node, random: &mut Random) {
    let rsa = |random: &mut Random, bits: usize, exponent: &[u8]| {
        let mut modulus: Vec<u8> = (0..bits / 8).map(|_| random.byte()).collect();
        modulus[0] |= 0x80;
        modulus.insert(0, 0);
        *modulus.last_mut().unwrap() |= 1;
        let numbers = vec![Node::bytes(2, &modulus), Node::bytes(2, exponent)];
        let mut bits = vec![0];
        bits.extend(Node::sequence(numbers).to_der());
        let oid = Node::oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]);
        let algorithm = Node::sequence(vec![oid, Node::bytes(5, &[])]);
        Node::sequence(vec![algorithm, Node::bytes(3, &bits)])
    };
    let new = match random.below(6) {
        0 => rsa(random, 1024, &[1, 0, 1]),
        1 => rsa(random, 2048, &[3]),
        2 => rsa(random, 3072, &[1, 0, 1]),
        3 => rsa(random, 2048, &[1, 0, 1]),
        4 => rsa(random, 2040, &[1, 0, 1]),
        _ => {
            // A point of P-384 that isn't one; nobody looks before it's used.
            let curve = Node::oid(&[0x2b, 0x81, 4, 0, 34]);
            let kind = Node::oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]);
            let mut bits = vec![0, 4];
            bits.extend((0..96).map(|_| random.byte()));
            Node::sequence(vec![
                Node::sequence(vec![kind, curve]),
                Node::bytes(3, &bits),
            ])
        }
    };
    *field(tbs, 6) = new;
}

fn key_usage(tbs: &mut Node, random: &mut Random) {
    let (first, second) = (random.byte(), random.byte() & 0x80);
    let bits: Vec<u8> = match random.below(6) {
        // As DER wants a list of named bits, without trailing zeros.
        0..4 => match (first, second) {
            (_, 0x80) => vec![7, first, 0x80],
            (0, _) => vec![0],
            _ => vec![first.trailing_zeros() as u8, first],
        },
        4 => vec![0, first],
        _ => vec![random.byte() & 0x0f, first, second],
    };
    set(tbs, KEY_USAGE, critical(random), Node::bytes(3, &bits));
}

fn extended_key_usage(tbs: &mut Node, random: &mut Random) {
    let count = random.below(4);
    let purposes = (0..count)
        .map(|_| Node::oid(random.pick(&PURPOSES)))
        .collect();
    let flag = critical(random);
    set(tbs, EXTENDED_KEY_USAGE, flag, Node::sequence(purposes));
}

fn basic_constraints(tbs: &mut Node, random: &mut Random) {
    let mut parts = Vec::new();
    match random.below(5) {
        0 => {}
        1 => parts.push(Node::bytes(1, &[0])),
        _ => parts.push(Node::bytes(1, &[0xff])),
    }
    if random.one_in(3) {
        parts.push(Node::bytes(2, &[random.byte()]));
    }
    set(
        tbs,
        BASIC_CONSTRAINTS,
        critical(random),
        Node::sequence(parts),
    );
}

fn policies(tbs: &mut Node, random: &mut Random) {
    let one = |random: &mut Random| {
        let mut parts = vec![Node::oid(random.pick::<[u8]>(&[
            POLICY,
            SIGNING_POLICY,
            ANY_POLICY,
            NOBODYS,
        ]))];
        if random.one_in(2) {
            let kind = random.pick::<[u8]>(&[
                &[0x2b, 6, 1, 5, 5, 7, 2, 1],
                &[0x2b, 6, 1, 5, 5, 7, 2, 2],
                NOBODYS,
            ]);
            let value = match random.below(2) {
                0 => Node::bytes(0x16, b"http://example.invalid/"),
                _ => Node::sequence(vec![Node::bytes(0x0c, b"a notice")]),
            };
            let qualifier = Node::sequence(vec![Node::oid(kind), value]);
            parts.push(Node::sequence(vec![qualifier]));
        }
        Node::sequence(parts)
    };
    let count = random.below(4);
    let all = (0..count).map(|_| one(random)).collect();
    set(tbs, POLICIES, critical(random), Node::sequence(all));
}

fn subject_key_id(tbs: &mut Node, random: &mut Random) {
    let count = random.below(24);
    let bytes: Vec<u8> = (0..count).map(|_| random.byte()).collect();
    let value = Node::bytes(4, &bytes);
    set(tbs, SUBJECT_KEY_ID, critical(random), value);
}

fn another_extension(tbs: &mut Node, random: &mut Random) {
    let oid = random.pick(&ALL_EXTENSIONS);
    let number = Node::bytes(2, &[random.byte() & 3]);
    let general_name = Node::bytes(0x82, b"example.invalid");
    let value = match oid {
        SUBJECT_ALT_NAME => Node::sequence(vec![general_name]),
        NAME_CONSTRAINTS => {
            let subtree = Node::sequence(vec![general_name]);
            Node::sequence(vec![Node::nodes(0xa0, vec![subtree])])
        }
        POLICY_MAPPINGS => {
            let mapping = Node::sequence(vec![Node::oid(POLICY), Node::oid(NOBODYS)]);
            Node::sequence(vec![mapping])
        }
        POLICY_CONSTRAINTS => Node::sequence(vec![Node::bytes(0x80, &[random.byte() & 3])]),
        INHIBIT_ANY_POLICY => number,
        _ => Node::bytes(5, &[]),
    };
    set(tbs, oid, critical(random), value);
}

fn crl_points(tbs: &mut Node, random: &mut Random) {
    let mut points = Vec::new();
    for _ in 0..random.below(4) {
        // More than are looked at, now and then.
        let names = (0..random.below(7)).map(|_| Node::bytes(0x86, b"http://example.invalid/"));
        let names = Node::nodes([0xa0, 0xa0, 0xa0, 0xa1][random.below(4)], names.collect());
        let mut parts = vec![Node::nodes(0xa0, vec![names])];
        if random.one_in(4) {
            parts.push(Node::bytes(0x81, &[6, 0x40]));
        }
        if random.one_in(8) {
            drop(parts.remove(0));
        }
        points.push(Node::sequence(parts));
    }
    set(tbs, CRL_POINTS, critical(random), Node::sequence(points));
}
