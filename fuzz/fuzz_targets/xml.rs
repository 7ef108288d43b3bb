//! The pieces that our reader of XML sees in any text, against those that `quick-xml` sees.
//!
//! The first eight bytes say which elements are read by the short cut for leaves.

#![no_main]

use libfuzzer_sys::fuzz_target;

// The private modules themselves: through the public ones a refusal would hide a difference.
#[path = "../../src/eligibility/xml/error.rs"]
#[expect(dead_code, reason = "the kind of a refusal isn't compared")]
mod error;
#[path = "../../src/eligibility/xml/lexer.rs"]
mod lexer;
#[path = "../../src/eligibility/xml/oracle.rs"]
mod oracle;
#[path = "../../src/eligibility/xml/scan.rs"]
mod scan;

use error::{XmlError, XmlErrorKind};

fuzz_target!(|input: &[u8]| {
    let Some((leaves, text)) = input.split_first_chunk() else {
        return;
    };
    if let Ok(text) = std::str::from_utf8(text) {
        // A byte order mark is taken off before: `quick-xml` would pass it over.
        let text = text.trim_start_matches('\u{FEFF}');
        oracle::compare(text, u64::from_le_bytes(*leaves));
    }
});
