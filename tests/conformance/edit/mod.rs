//! Edits of what is signed, that know where they are: here what certificates,
//! lists and answers have in common.

pub(crate) mod answer;
pub(crate) mod certificate;
pub(crate) mod list;

use crate::{der::Body, der::Node, random::Random};

/// A change of the part that is signed; it is signed again afterwards.
pub(crate) type Edit = fn(&mut Node, &mut Random);

/// 1.3.6.1.4.1.32473.7.
const NOBODYS: &[u8] = &[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 7];
const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 35];

/// One of `edits`, mostly by itself, since it may leave no place for a second. Gives its name.
pub(crate) fn some(edits: &[(&str, Edit)], tbs: &mut Node, random: &mut Random) -> String {
    let (name, edit) = edits[random.below(edits.len())];
    edit(tbs, random);
    let mut what = name.to_owned();
    if random.one_in(6) {
        anywhere(tbs, random);
        what.push_str(", anywhere");
    }
    what
}

/// What surrounds the signed part of a whole certificate, list or answer.
pub(crate) fn outside(whole: &mut Node, random: &mut Random) -> String {
    if random.one_in(2) {
        anywhere(&mut whole.inside()[1], random);
        "outer algorithm".into()
    } else {
        let at = 1 + random.below(2);
        let copy = whole.inside()[at].clone();
        whole.inside().push(copy);
        "one part more".into()
    }
}

/// A field of the signed part.
fn field(tbs: &mut Node, index: usize) -> &mut Node {
    &mut tbs.inside()[index]
}

/// The last field of them all, explicitly tagged.
fn extensions(tbs: &mut Node) -> &mut Vec<Node> {
    let tagged = tbs.inside().last_mut().expect("extensions");
    tagged.inside()[0].inside()
}

fn extension(oid: &[u8], critical: Option<u8>, value: &[u8]) -> Node {
    let mut parts = vec![Node::oid(oid)];
    parts.extend(critical.map(|flag| Node::bytes(0x01, &[flag])));
    parts.push(Node::bytes(0x04, value));
    Node::sequence(parts)
}

/// Takes the extension out and puts another in its place.
fn set(tbs: &mut Node, oid: &[u8], critical: Option<u8>, value: Node) {
    set_bytes(tbs, oid, critical, &value.to_der());
}

fn set_bytes(tbs: &mut Node, oid: &[u8], critical: Option<u8>, value: &[u8]) {
    let new = extension(oid, critical, value);
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

/// AlgorithmIdentifier of a signature with RSA: SHA-1, 256, 384, 512, 224; PSS.
fn some_algorithm(random: &mut Random) -> Node {
    let last = [5, 11, 12, 13, 14, 10][random.below(6)];
    let mut parts = vec![Node::oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, last])];
    if !random.one_in(3) {
        parts.push(Node::bytes(0x05, &[]));
    }
    Node::sequence(parts)
}

/// INTEGER of many lengths and signs, some with a byte too many.
fn some_integer(random: &mut Random) -> Node {
    let len = [1, 1, 2, 8, 9, 16, 19, 20, 21, 22, 40][random.below(11)];
    let mut bytes: Vec<u8> = (0..len).map(|_| random.byte()).collect();
    match random.below(4) {
        0 => bytes[0] &= 0x7f,
        1 => bytes[0] |= 0x80,
        2 => bytes[0] = 0,
        _ => bytes.insert(0, 0),
    }
    Node::bytes(0x02, &bytes)
}

/// Times around the cases' own, in all forms, many of which aren't allowed.
fn some_time(random: &mut Random) -> Node {
    const TIMES: [(u8, &[u8]); 17] = [
        (0x17, b"240501010203Z"),
        (0x17, b"290401145959Z"),
        (0x18, b"20240501010203Z"),
        (0x18, b"20290401145959Z"),
        (0x18, b"20510401145959Z"),
        (0x18, b"99991231235959Z"),
        (0x18, b"19690401145959Z"),
        (0x17, b"2404010102Z"),
        (0x17, b"240501010203+0900"),
        (0x17, b"240501100203Z"),
        (0x17, b"240532010203Z"),
        (0x17, b"690501010203Z"),
        (0x18, b"20240501010203.5Z"),
        (0x18, b"20240501010203"),
        (0x16, b"240501010203Z"),
        (0x17, b"260601000000Z"),
        (0x17, b"240601000000Z"),
    ];
    let (tag, text) = TIMES[random.below(TIMES.len())];
    Node::bytes(tag, text)
}

fn some_name_part(random: &mut Random) -> Node {
    let tag = [0x0c, 0x13, 0x16, 0x14, 0x1e][random.below(5)];
    let kind = [3, 6, 10, 11, 5][random.below(5)];
    let value = random.pick::<[u8]>(&[b"JP", b"jp", b"SOMEBODY", b"", b"JPKI-SIMULATION"]);
    let attribute = Node::sequence(vec![Node::oid(&[0x55, 4, kind]), Node::bytes(tag, value)]);
    Node::nodes(0x31, vec![attribute])
}

/// Name of four parts.
fn edit_issuer(name: &mut Node, random: &mut Random) {
    let names = name.inside();
    match random.below(6) {
        0 => names.clear(),
        1 => names.push(some_name_part(random)),
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

/// authorityKeyIdentifier, with key identifier alone or with name and serial number too.
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
    let last = parts.len() - 1;
    match random.below(8) {
        0 => drop(parts.remove(0)),
        1 => parts.truncate(1),
        2 => parts.clear(),
        3 => parts[last] = Node::bytes(0x82, &[random.byte()]),
        4 => drop(parts.pop()),
        5 => drop(parts.remove(last / 2)),
        6 => parts[0] = Node::bytes(0x80, &[1, 2, 3]),
        _ => parts.swap(0, last),
    }
    set(tbs, AUTHORITY_KEY_ID, critical(random), value);
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

/// Bytes and bits of the whole; nothing is signed again.
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
