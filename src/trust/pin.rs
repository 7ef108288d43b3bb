//! SHA-256 of what is embedded, written in hexadecimal.

/// 64 hexadecimal digits as 32 bytes; anything else doesn't compile.
#[allow(clippy::panic, clippy::indexing_slicing)] // evaluated by the compiler only
pub(super) const fn pin(hex: &str) -> [u8; 32] {
    const fn digit(byte: u8) -> u8 {
        match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => panic!("not a hexadecimal digit"),
        }
    }
    let hex = hex.as_bytes();
    assert!(hex.len() == 64);
    let mut out = [0; 32];
    let mut i = 0;
    while i < 32 {
        out[i] = digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]);
        i += 1;
    }
    out
}
