//! The chain once more, by another hand: from the description in the documentation of
//! `AuditLog`, with nothing but SHA-256.

use ring::digest::{SHA256, digest};

/// HMAC of RFC 2104 with keys of 32 bytes.
pub fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let pad = |with: u8| -> Vec<u8> {
        let mut block = key.to_vec();
        block.resize(64, 0);
        block.iter().map(|byte| byte ^ with).collect()
    };
    let inner = digest(&SHA256, &[pad(0x36), message.to_vec()].concat());
    let outer = [&pad(0x5C), inner.as_ref()].concat();
    digest(&SHA256, &outer).as_ref().to_vec()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(digits: &str) -> Option<Vec<u8>> {
    let one = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(one).collect()
}

/// What a file holds up to the first line that isn't right.
pub struct Chain {
    /// Number and tag of each right line, in order.
    pub records: Vec<(u64, String)>,
    /// Every line was right, and nothing stood behind.
    pub whole: bool,
}

/// Reads as many lines of a file as are in order.
pub fn chain(file: &[u8], key: &[u8]) -> Chain {
    let key = hmac(key, b"uketsuke/1 audit chain");
    let mut records: Vec<(u64, String)> = Vec::new();
    let mut before = vec![0; 32];
    let mut ended = false;
    for line in file.split_inclusive(|byte| *byte == b'\n') {
        let Some(found) = right(line, &key, &before, records.last(), ended) else {
            let whole = false;
            return Chain { records, whole };
        };
        before = unhex(&found.1).unwrap();
        ended = line.windows(11).any(|word| word == b" log-ended ");
        records.push(found);
    }
    let whole = !records.is_empty();
    Chain { records, whole }
}

fn right(
    line: &[u8],
    key: &[u8],
    before: &[u8],
    last: Option<&(u64, String)>,
    ended: bool,
) -> Option<(u64, String)> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (text, tag) = line.rsplit_once(' ')?;
    let fields: Vec<&str> = text.split(' ').collect();
    let (number, word) = (fields.first()?, fields.get(2)?);
    let mut before = before.to_vec();
    let expected = match last {
        Some((number, _)) if *word != "log-began" && !ended => number + 1,
        None if *word == "log-began" => {
            let after = fields
                .iter()
                .find_map(|field| field.strip_prefix("after="))?;
            match after.split_once(':') {
                Some((number, tag)) => {
                    before = unhex(tag)?;
                    number.parse::<u64>().ok()? + 1
                }
                None => 1,
            }
        }
        _ => return None,
    };
    let computed = hex(&hmac(key, &[&before, text.as_bytes()].concat()));
    (*number == expected.to_string() && tag == computed).then_some((expected, computed))
}
