//! What can't be written in Shift_JIS.

use uketsuke::eligibility::message::{FieldProblem, MessageError};
use uketsuke::eligibility::text::{Charset, TextErrorKind};

/// Why a text that was read isn't written: not every character is in CP932, and what would be read as another text isn't
/// written in it (隕区悽 is the very bytes of 見本 in UTF-8).
pub fn expect_refused(error: &MessageError, charset: Charset) {
    let FieldProblem::Text(problem) = error.problem else {
        panic!("{error}");
    };
    assert_eq!(charset, Charset::ShiftJis, "{error}");
    assert!(
        matches!(
            problem.kind,
            TextErrorKind::Unmappable | TextErrorKind::Misread
        ),
        "{error}"
    );
}
