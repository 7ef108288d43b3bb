//! What the card signs, written and read.

use super::{Challenge, Purpose, SignedFields, TerminalId};

/// Labels keep the signatures of this library apart from all others.
const OWN: &[u8] = b"uketsuke/1 challenge\0";
const CENTRE: &[u8] = b"uketsuke/1 centre\0";

pub(super) fn own(terminal: &str, purpose: Purpose, second: i64, random: &[u8; 32]) -> Vec<u8> {
    let mut message = OWN.to_vec();
    for field in [
        terminal.as_bytes(),
        purpose.as_bytes(),
        &second.to_be_bytes(),
        random,
    ] {
        append(&mut message, field);
    }
    message
}

pub(super) fn centre(bytes: &[u8]) -> Vec<u8> {
    let mut message = CENTRE.to_vec();
    append(&mut message, bytes);
    message
}

/// The only way back: everything else isn't a message of ours.
pub(super) fn read(message: &[u8]) -> Option<SignedFields<'_>> {
    if let Some(mut rest) = message.strip_prefix(OWN) {
        let terminal = std::str::from_utf8(field(&mut rest)?).ok()?;
        TerminalId::new(terminal).ok()?;
        let purpose = Purpose::from_bytes(field(&mut rest)?)?;
        let second = i64::from_be_bytes(field(&mut rest)?.try_into().ok()?);
        let random = field(&mut rest)?.try_into().ok()?;
        rest.is_empty().then_some(SignedFields::Own {
            terminal,
            purpose,
            second,
            random,
        })
    } else {
        let mut rest = message.strip_prefix(CENTRE)?;
        let bytes = field(&mut rest)?;
        (rest.is_empty() && Challenge::CENTRE_BYTES.contains(&bytes.len()))
            .then_some(SignedFields::Centre { bytes })
    }
}

/// Every field has at most a kilobyte; the length would saturate beyond 4 GiB.
fn append(message: &mut Vec<u8>, field: &[u8]) {
    let len = u32::try_from(field.len()).unwrap_or(u32::MAX);
    message.extend_from_slice(&len.to_be_bytes());
    message.extend_from_slice(field);
}

fn field<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, after) = rest.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
    let (field, after) = after.split_at_checked(len)?;
    *rest = after;
    Some(field)
}
