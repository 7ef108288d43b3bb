//! Edits of good bytes, of six bytes each: place (2), length, kind, byte, and one for the target's own use.

pub fn edited(good: &[u8], edits: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for edit in edits.chunks_exact(6).take(8) {
        edit_once(&mut bytes, edit);
    }
    bytes
}

pub fn edit_once(bytes: &mut Vec<u8>, edit: &[u8]) {
    let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % (bytes.len() + 1);
    let end = (at + usize::from(edit[2])).min(bytes.len());
    match edit[3] % 4 {
        0 => drop(bytes.drain(at..end)),
        1 => bytes[at..end].fill(edit[4]),
        2 => bytes.insert(at, edit[4]),
        _ => {
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
    }
}
