//! Edits of a certificate that know where they are.

use crate::{der::Body, der::Node, random::Random};

/// A change of the part that is signed; it is signed again afterwards.
pub(crate) type Edit = fn(&mut Node, &mut Random);

pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 14];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
const CRL_POINTS: &[u8] = &[0x55, 0x1d, 31];
const POLICIES: &[u8] = &[0x55, 0x1d, 32];
const POLICY_MAPPINGS: &[u8] = &[0x55, 0x1d, 33];
const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 35];
const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 36];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 0x1d, 54];
/// 1.3.6.1.4.1.32473.7.
const NOBODYS: &[u8] = &[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 7];
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
const PURPOSES: [&[u8]; 6] = [
    CLIENT_AUTH,
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

/// A field of TBSCertificate with its version: 0 version, 1 serial, 2 algorithm,
/// 3 issuer, 4 validity, 5 subject, 6 key, 7 extensions.
fn field(tbs: &mut Node, index: usize) -> &mut Node {
    &mut tbs.inside()[index]
}

fn extensions(tbs: &mut Node) -> &mut Vec<Node> {
    field(tbs, 7).inside()[0].inside()
}

/// Takes the extension out and puts another in its place.
fn set(tbs: &mut Node, oid: &[u8], critical: Option<u8>, value: Node) {
    set_bytes(tbs, oid, critical, &value.to_der());
}

fn set_bytes(tbs: &mut Node, oid: &[u8], critical: Option<u8>, value: &[u8]) {
    let mut parts = vec![Node::oid(oid)];
    parts.extend(critical.map(|flag| Node::bytes(0x01, &[flag])));
    parts.push(Node::bytes(0x04, value));
    let new = Node::sequence(parts);
    let all = extensions(tbs);
    match all.iter_mut().find(|e| is(e, oid)) {
        Some(old) => *old = new,
        None => all.push(new),
    }
}

fn is(extension: &Node, oid: &[u8]) -> bool {
    match &extension.body {
        Body::Nodes(_, parts) => parts.first() == Some(&Node::oid(oid)),
        Body::Bytes(_) => false,
    }
}

/// Absent, TRUE, FALSE written out, or a TRUE that isn't DER.
fn critical(random: &mut Random) -> Option<u8> {
    match random.below(10) {
        0..4 => None,
        4..8 => Some(0xff),
        8 => Some(0),
        _ => Some(1),
    }
}

fn version(tbs: &mut Node, random: &mut Random) {
    match random.below(4) {
        0 => drop(tbs.inside().remove(0)),
        n => field(tbs, 0).inside()[0] = Node::bytes(0x02, &[[0, 1, 3][n - 1]]),
    }
}

fn serial(tbs: &mut Node, random: &mut Random) {
    let len = [1, 1, 2, 8, 9, 16, 19, 20, 21, 22, 40][random.below(11)];
    let mut bytes: Vec<u8> = (0..len).map(|_| random.byte()).collect();
    match random.below(4) {
        0 => bytes[0] &= 0x7f,
        1 => bytes[0] |= 0x80,
        2 => bytes[0] = 0,
        _ => bytes.insert(0, 0),
    }
    *field(tbs, 1) = Node::bytes(0x02, &bytes);
}

fn algorithm(tbs: &mut Node, random: &mut Random) {
    // sha1, sha256, sha384, sha512, sha224 with RSA; PSS.
    let last = [5, 11, 12, 13, 14, 10][random.below(6)];
    let mut parts = vec![Node::oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, last])];
    if !random.one_in(3) {
        parts.push(Node::bytes(0x05, &[]));
    }
    *field(tbs, 2) = Node::sequence(parts);
}

fn name(random: &mut Random) -> Node {
    let tag = [0x0c, 0x13, 0x16, 0x14, 0x1e][random.below(5)];
    let kind = [3, 6, 10, 11, 5][random.below(5)];
    let value = random.pick::<[u8]>(&[b"JP", b"jp", b"SOMEBODY", b"", b"JPKI-SIMULATION"]);
    let attribute = Node::sequence(vec![Node::oid(&[0x55, 4, kind]), Node::bytes(tag, value)]);
    Node::nodes(0x31, vec![attribute])
}

fn issuer(tbs: &mut Node, random: &mut Random) {
    let names = field(tbs, 3).inside();
    match random.below(6) {
        0 => names.clear(),
        1 => names.push(name(random)),
        2 => drop(names.pop()),
        3 => names.swap(0, 1),
        // The same to RFC 5280 §7.1, and other bytes: another string type, another case.
        4 => names[1].inside()[0].inside()[1].tag = 0x13,
        _ => {
            if let Body::Bytes(text) = &mut names[1].inside()[0].inside()[1].body {
                text.make_ascii_lowercase();
            }
        }
    }
}

fn subject(tbs: &mut Node, random: &mut Random) {
    let new = name(random);
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
    let times = [
        Node::bytes(0x17, b"240501010203Z"),
        Node::bytes(0x17, b"290401145959Z"),
        Node::bytes(0x18, b"20240501010203Z"),
        Node::bytes(0x18, b"20290401145959Z"),
        Node::bytes(0x18, b"20510401145959Z"),
        Node::bytes(0x18, b"99991231235959Z"),
        Node::bytes(0x18, b"19690401145959Z"),
        Node::bytes(0x17, b"2404010102Z"),
        Node::bytes(0x17, b"240501010203+0900"),
        Node::bytes(0x17, b"240501100203Z"),
        Node::bytes(0x17, b"240532010203Z"),
        Node::bytes(0x17, b"690501010203Z"),
        Node::bytes(0x18, b"20240501010203.5Z"),
        Node::bytes(0x18, b"20240501010203"),
        Node::bytes(0x16, b"240501010203Z"),
        Node::bytes(0x17, b"260601000000Z"),
        Node::bytes(0x17, b"240601000000Z"),
    ];
    let new = times[random.below(times.len())].clone();
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
        let mut parts = vec![Node::oid(
            random.pick::<[u8]>(&[POLICY, POLICY, ANY_POLICY, NOBODYS]),
        )];
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

fn authority_key_id(tbs: &mut Node, random: &mut Random) {
    let all = extensions(tbs);
    let Some(old) = all.iter_mut().find(|e| is(e, AUTHORITY_KEY_ID)) else {
        return;
    };
    let Some(octets) = old.inside().last_mut() else {
        return;
    };
    let mut value = octets.inside()[0].clone();
    let parts = value.inside();
    match random.below(8) {
        0 => drop(parts.remove(0)),
        1 => parts.truncate(1),
        2 => parts.clear(),
        3 => parts[2] = Node::bytes(0x82, &[random.byte()]),
        4 => drop(parts.pop()),
        5 => drop(parts.remove(1)),
        6 => parts[0] = Node::bytes(0x80, &[1, 2, 3]),
        _ => parts.swap(0, 2),
    }
    set(tbs, AUTHORITY_KEY_ID, critical(random), value);
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

fn criticality(tbs: &mut Node, random: &mut Random) {
    let all = extensions(tbs);
    let index = random.below(all.len());
    let parts = all[index].inside();
    parts.retain(|part| part.tag != 1);
    if let Some(flag) = critical(random) {
        parts.insert(1.min(parts.len()), Node::bytes(1, &[flag]));
    }
}

fn without(tbs: &mut Node, random: &mut Random) {
    if random.one_in(8) {
        match random.below(2) {
            0 => extensions(tbs).clear(),
            _ => drop(tbs.inside().pop()),
        }
        return;
    }
    let all = extensions(tbs);
    all.remove(random.below(all.len()));
}

fn twice(tbs: &mut Node, random: &mut Random) {
    let all = extensions(tbs);
    let copy = all[random.below(all.len())].clone();
    all.insert(random.below(all.len() + 1), copy);
}

fn shuffled(tbs: &mut Node, random: &mut Random) {
    let all = extensions(tbs);
    for index in 0..all.len() {
        let with = random.below(all.len());
        all.swap(index, with);
    }
}

/// Any element of the tree, changed without knowing what it is.
pub(crate) fn anywhere(tree: &mut Node, random: &mut Random) {
    let count = tree.count();
    let mut other = random.below(count);
    let other = tree.nth(&mut other).cloned();
    let mut at = random.below(count);
    let Some(node) = tree.nth(&mut at) else {
        return;
    };
    match (random.below(12), &mut node.body) {
        (0, _) => node.longer = 1,
        (1, _) => node.tag ^= 1 << random.below(8),
        (2, _) => {
            node.tag = [1, 2, 3, 4, 5, 6, 0x0c, 0x13, 0x17, 0x18, 0x30, 0x31][random.below(12)]
        }
        (3, _) => *node = other.unwrap_or_else(|| Node::bytes(5, &[])),
        (4, Body::Nodes(_, nodes)) if !nodes.is_empty() => {
            drop(nodes.remove(random.below(nodes.len())));
        }
        (5 | 6, Body::Nodes(_, nodes)) => {
            nodes.insert(
                random.below(nodes.len() + 1),
                other.unwrap_or_else(|| Node::bytes(5, &[])),
            );
        }
        (7 | 8, Body::Nodes(_, nodes)) if nodes.len() > 1 => {
            let index = random.below(nodes.len() - 1);
            nodes.swap(index, index + 1);
        }
        (9, Body::Bytes(bytes)) => bytes.truncate(random.below(bytes.len() + 1)),
        (10, Body::Bytes(bytes)) => bytes.insert(random.below(bytes.len() + 1), random.byte()),
        (_, Body::Bytes(bytes)) if !bytes.is_empty() => {
            let index = random.below(bytes.len());
            bytes[index] ^= 1 << random.below(8);
        }
        (_, body) => *body = Body::Bytes(vec![random.byte()]),
    }
}

/// Bytes and bits of a whole certificate; nothing is signed again.
pub(crate) fn raw(der: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        if der.is_empty() {
            return;
        }
        let at = random.below(der.len());
        match random.below(6) {
            0 | 1 => der[at] ^= 1 << random.below(8),
            2 => der[at] = random.byte(),
            3 => drop(der.remove(at)),
            4 => der.insert(at, random.byte()),
            _ => der.truncate(at.max(der.len() / 2)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_writes_what_it_read() {
        let root =
            uketsuke::simulation::VirtualPki::new().root(uketsuke::simulation::Generation::Third);
        let tree = Node::parse_all(root).unwrap();
        assert_eq!(tree.len(), 1);
        assert!(tree[0].count() > 80);
        assert_eq!(tree[0].to_der(), root);
    }
}
