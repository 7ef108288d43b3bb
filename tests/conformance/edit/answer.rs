//! Edits of what a responder signs.

use super::{
    Edit, NOBODYS, anywhere, critical, criticality, extension, extensions, field, shuffled,
    some_integer, some_time, twice, without,
};
use crate::{
    der::{Body, Node},
    random::Random,
};

const NONCE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 2];
const ARCHIVE_CUTOFF: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 6];

pub(crate) const EDITS: &[(&str, Edit)] = &[
    ("version", version),
    ("responder", responder),
    ("producedAt", produced_at),
    ("certID", certificate_id),
    ("certID", certificate_id),
    ("status", status),
    ("status", status),
    ("times", times),
    ("singleExtensions", single_extensions),
    ("count of answers", count),
    ("count of answers", count),
    ("nonce", nonce),
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

// The fields: 0 responderID, 1 producedAt, 2 responses, 3 extensions.

fn version(tbs: &mut Node, random: &mut Random) {
    let number = Node::bytes(2, &[random.byte() & 1]);
    tbs.inside().insert(0, Node::nodes(0xa0, vec![number]));
}

fn responder(tbs: &mut Node, random: &mut Random) {
    let id = field(tbs, 0);
    match random.below(4) {
        0 => id.tag ^= 3,
        1 => *id = Node::nodes(0xa2, vec![Node::bytes(4, &[random.byte(); 20])]),
        2 => *id = Node::nodes(0xa1, vec![Node::sequence(Vec::new())]),
        _ => {
            let copy = id.inside()[0].clone();
            id.inside().push(copy);
        }
    }
}

fn produced_at(tbs: &mut Node, random: &mut Random) {
    *field(tbs, 1) = some_time(random);
}

/// The answer about the certificate: certID, status, thisUpdate, nextUpdate if there is one.
fn single(tbs: &mut Node) -> &mut Vec<Node> {
    field(tbs, 2).inside()[0].inside()
}

fn certificate_id(tbs: &mut Node, random: &mut Random) {
    // Algorithm, hash of the name, hash of the key, number.
    let parts = single(tbs)[0].inside();
    match random.below(6) {
        0 => drop(parts[0].inside().pop()),
        1 => parts[0].inside()[0] = Node::oid(NOBODYS),
        2 => parts[3] = some_integer(random),
        n => {
            if let Body::Bytes(bytes) = &mut parts[n - 2].body {
                let at = random.below(bytes.len());
                bytes[at] ^= 1;
            }
        }
    }
}

fn status(tbs: &mut Node, random: &mut Random) {
    let mut revoked = vec![match random.below(3) {
        0 => some_time(random),
        _ => Node::bytes(0x18, b"20260101000000Z"),
    }];
    if random.one_in(2) {
        let code = Node::bytes(0x0a, &[random.byte() % 12]);
        revoked.push(Node::nodes(0xa0, vec![code]));
    }
    single(tbs)[1] = match random.below(10) {
        0..5 => Node::nodes(0xa1, revoked),
        5 => Node::bytes(0x80, &[]),
        6 => Node::bytes(0x82, &[]),
        7 => Node::bytes(0x80, &[0]),
        8 => Node::nodes(0xa0, Vec::new()),
        _ => Node::bytes(0x83, &[]),
    };
}

fn times(tbs: &mut Node, random: &mut Random) {
    let time = some_time(random);
    let parts = single(tbs);
    match random.below(4) {
        0 => parts[2] = time,
        1 => parts.truncate(3),
        2 => drop(parts.remove(2)),
        _ => {
            parts.truncate(3);
            parts.push(Node::nodes(0xa0, vec![time]));
        }
    }
}

fn single_extensions(tbs: &mut Node, random: &mut Random) {
    let oid = random.pick::<[u8]>(&[ARCHIVE_CUTOFF, NOBODYS, NONCE]);
    let value = Node::bytes(0x18, b"20260101000000Z").to_der();
    let all = match random.below(4) {
        0 => Vec::new(),
        _ => vec![extension(oid, critical(random), &value)],
    };
    let tagged = Node::nodes(0xa1, vec![Node::sequence(all)]);
    single(tbs).push(tagged);
}

fn count(tbs: &mut Node, random: &mut Random) {
    let one = field(tbs, 2).inside()[0].clone();
    let mut other = one.clone();
    other.inside()[0].inside()[3] = Node::bytes(2, &[1 + random.byte() % 100]);
    let all = field(tbs, 2).inside();
    match random.below(6) {
        0 => all.clear(),
        1 => all.push(one),
        2 => all[0] = other,
        3 => all.extend(std::iter::repeat_n(other, 16)),
        4 => all.push(other),
        _ => all.insert(0, other),
    }
}

fn nonce(tbs: &mut Node, random: &mut Random) {
    let len = [0, 1, 16, 32, 33][random.below(5)];
    let bytes: Vec<u8> = (0..len).map(|_| random.byte()).collect();
    let all = extensions(tbs);
    match random.below(4) {
        0 => all.clear(),
        1 => all[0] = extension(NONCE, None, &bytes),
        2 => all[0] = extension(NONCE, None, &Node::bytes(4, &bytes).to_der()),
        _ => drop(tbs.inside().pop()),
    }
}

fn another_extension(tbs: &mut Node, random: &mut Random) {
    let oid = random.pick::<[u8]>(&[ARCHIVE_CUTOFF, NOBODYS]);
    let value = Node::bytes(5, &[]).to_der();
    let new = extension(oid, critical(random), &value);
    extensions(tbs).push(new);
}
