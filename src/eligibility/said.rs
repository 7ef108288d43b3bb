use std::fmt;

use super::codes::loggable;

/// What the centre said besides its results: a code and a text, both opaque.
/// The list of codes is not public, so this is what the clinic reads out to the
/// call centre, and what it may show as it is.
///
/// `Debug` shows the code only if it looks like one, and never the text, which
/// may name a person. With feature `serde` both are serialised: that is the
/// caller's explicit act, as with [`Personal`](super::Personal).
///
/// ```
/// use uketsuke::eligibility::CentreSaid;
///
/// let said = CentreSaid::new(Some("A-123"), Some("お問い合わせください。")).unwrap();
/// assert_eq!(format!("{said:?}"), "CentreSaid { code: Some(\"A-123\"), .. }");
/// assert!(CentreSaid::new(Some(" "), None).is_none());
/// ```
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CentreSaid {
    /// `ProcessingResultCode`, or `ErrorCode` of the header.
    pub code: Option<String>,
    /// The text with it.
    pub message: Option<String>,
}

impl CentreSaid {
    /// From what was sent; blank counts as absent. `None` if nothing was said.
    #[must_use]
    pub fn new(code: Option<&str>, message: Option<&str>) -> Option<Self> {
        let said = |text: Option<&str>| {
            text.map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let (code, message) = (said(code), said(message));
        (code.is_some() || message.is_some()).then_some(Self { code, message })
    }

    /// The code, if it looks like one: what a log may take.
    #[must_use]
    pub fn loggable_code(&self) -> Option<&str> {
        loggable(self.code.as_deref())
    }
}

impl fmt::Debug for CentreSaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CentreSaid")
            .field("code", &self.loggable_code())
            .finish_non_exhaustive()
    }
}
