//! Edits of a certificate list.

use super::{
    AUTHORITY_KEY_ID, Edit, NOBODYS, anywhere, authority_key_id, critical, criticality,
    edit_issuer, extension, extensions, field, set, shuffled, some_algorithm, some_integer,
    some_time, twice, without,
};
use crate::{der::Node, random::Random};

const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 20];
const REASON: &[u8] = &[0x55, 0x1d, 21];
const INVALIDITY_DATE: &[u8] = &[0x55, 0x1d, 24];
const DELTA: &[u8] = &[0x55, 0x1d, 27];
const ISSUING_POINT: &[u8] = &[0x55, 0x1d, 28];
const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1d, 29];
const FRESHEST: &[u8] = &[0x55, 0x1d, 46];

pub(crate) const EDITS: &[(&str, Edit)] = &[
    ("version", version),
    ("inner algorithm", algorithm),
    ("issuer", issuer),
    ("times", times),
    ("no entries", no_entries),
    ("serial of an entry", serial),
    ("date of an entry", date),
    ("extension of an entry", entry_extension),
    ("extension of an entry", entry_extension),
    ("one entry twice", entry_twice),
    ("issuingDistributionPoint", issuing_point),
    ("issuingDistributionPoint", issuing_point),
    ("authorityKeyIdentifier", authority_key_id),
    ("cRLNumber", number),
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

// The fields: 0 version, 1 algorithm, 2 issuer, 3 thisUpdate, 4 nextUpdate, 5 entries, which every list
// here has at first, 6 extensions.

fn version(tbs: &mut Node, random: &mut Random) {
    match random.below(4) {
        0 => drop(tbs.inside().remove(0)),
        n => *field(tbs, 0) = Node::bytes(0x02, &[[0, 2, 3][n - 1]]),
    }
}

fn algorithm(tbs: &mut Node, random: &mut Random) {
    *field(tbs, 1) = some_algorithm(random);
}

fn issuer(tbs: &mut Node, random: &mut Random) {
    edit_issuer(field(tbs, 2), random);
}

fn times(tbs: &mut Node, random: &mut Random) {
    match random.below(6) {
        0 | 1 => *field(tbs, 3) = some_time(random),
        2 | 3 => *field(tbs, 4) = some_time(random),
        4 => tbs.inside().swap(3, 4),
        _ => drop(tbs.inside().remove(4)),
    }
}

fn no_entries(tbs: &mut Node, random: &mut Random) {
    match random.below(2) {
        0 => field(tbs, 5).inside().clear(),
        _ => drop(tbs.inside().remove(5)),
    }
}

/// One of the entries: number, date, extensions.
fn entry<'a>(tbs: &'a mut Node, random: &mut Random) -> &'a mut Vec<Node> {
    let all = field(tbs, 5).inside();
    let at = random.below(all.len());
    all[at].inside()
}

fn serial(tbs: &mut Node, random: &mut Random) {
    let number = &mut entry(tbs, random)[0];
    match (random.below(4), &mut number.body) {
        // The same number with a zero more, or without the one that it needs: a negative one.
        (0, crate::der::Body::Bytes(bytes)) => bytes.insert(0, 0),
        (1, crate::der::Body::Bytes(bytes)) if bytes[0] == 0 => drop(bytes.remove(0)),
        _ => *number = some_integer(random),
    }
}

fn date(tbs: &mut Node, random: &mut Random) {
    entry(tbs, random)[1] = some_time(random);
}

fn entry_extension(tbs: &mut Node, random: &mut Random) {
    let name = field(tbs, 2).clone();
    let reason = |random: &mut Random| {
        let tag = if random.one_in(6) { 0x02 } else { 0x0a };
        let code = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0x80][random.below(13)];
        match random.below(8) {
            0 => Node::bytes(tag, &[0, code]),
            1 => Node::bytes(tag, &[]),
            _ => Node::bytes(tag, &[code]),
        }
    };
    let one = |random: &mut Random| {
        let (oid, value) = match random.below(8) {
            0..4 => (REASON, reason(random)),
            4 | 5 => (INVALIDITY_DATE, some_time(random)),
            6 => {
                let directory = Node::nodes(0xa4, vec![name.clone()]);
                (CERTIFICATE_ISSUER, Node::sequence(vec![directory]))
            }
            _ => (NOBODYS, Node::bytes(5, &[])),
        };
        extension(oid, critical(random), &value.to_der())
    };
    let count = random.below(3);
    let all = (0..count).map(|_| one(random)).collect();
    let parts = entry(tbs, random);
    parts.truncate(2);
    parts.push(Node::sequence(all));
}

fn entry_twice(tbs: &mut Node, random: &mut Random) {
    let copy = entry(tbs, random).clone();
    field(tbs, 5).inside().push(Node::sequence(copy));
    if random.one_in(2) {
        date(tbs, random);
    }
}

fn issuing_point(tbs: &mut Node, random: &mut Random) {
    let directory = Node::nodes(0xa4, vec![field(tbs, 2).clone()]);
    let old = extensions(tbs)
        .iter_mut()
        .find(|e| super::is(e, ISSUING_POINT))
        .and_then(|e| e.inside().last_mut()?.inside().first().cloned());
    let mut value = old.unwrap_or_else(|| Node::sequence(Vec::new()));
    let parts = value.inside();
    if random.one_in(3) {
        parts.retain(|part| part.tag != 0xa0);
    }
    if random.one_in(3) {
        // By another name, by two, or relative to the issuer.
        let names = match random.below(3) {
            0 => Node::nodes(0xa0, vec![directory]),
            1 => Node::nodes(0xa0, vec![directory.clone(), directory]),
            _ => Node::nodes(0xa1, super::some_name_part(random).inside().clone()),
        };
        parts.insert(0, Node::nodes(0xa0, vec![names]));
    }
    for tag in [0x81, 0x82, 0x84, 0x85] {
        if random.one_in(6) {
            parts.retain(|part| part.tag != tag);
            parts.push(Node::bytes(tag, &[[0xff, 0xff, 0, 1][random.below(4)]]));
        }
    }
    if random.one_in(6) {
        parts.push(Node::bytes(0x83, &[0x06, 0x40]));
    }
    if !random.one_in(8) {
        parts.sort_by_key(|part| part.tag & 0x1f);
    }
    set(tbs, ISSUING_POINT, critical(random), value);
}

fn number(tbs: &mut Node, random: &mut Random) {
    let value = some_integer(random);
    set(tbs, CRL_NUMBER, critical(random), value);
}

fn another_extension(tbs: &mut Node, random: &mut Random) {
    let directory = Node::nodes(0xa4, vec![field(tbs, 2).clone()]);
    let (oid, value) = match random.below(4) {
        0 => (DELTA, Node::bytes(2, &[random.byte() & 3])),
        1 => {
            let point = Node::nodes(0xa0, vec![Node::nodes(0xa0, vec![directory])]);
            (FRESHEST, Node::sequence(vec![Node::sequence(vec![point])]))
        }
        2 => (AUTHORITY_KEY_ID, Node::sequence(Vec::new())),
        _ => (NOBODYS, Node::bytes(5, &[])),
    };
    set(tbs, oid, critical(random), value);
}
