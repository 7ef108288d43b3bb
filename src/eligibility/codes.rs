//! Code tables of the 資格確認 messages. A code that isn't known stays as text.

use std::fmt;

macro_rules! code {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A code that this version doesn't know, as it was sent. It never
            /// counts as a good one.
            Other(String),
        }

        impl $name {
            /// From the code as text; blanks around it don't matter.
            #[must_use]
            pub fn from_code(code: &str) -> Self {
                match code.trim() {
                    $($code => Self::$variant,)*
                    other => Self::Other(other.to_owned()),
                }
            }

            /// The code as text.
            #[must_use]
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Other(other) => other,
                }
            }
        }

        /// The name; an unknown code is shown only if it looks like a code.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant => f.write_str(stringify!($variant)),)*
                    Self::Other(other) => match code_like(other, 4) {
                        Some(code) => write!(f, "Other({code})"),
                        None => f.write_str("Other(..)"),
                    },
                }
            }
        }
    };
}

code! {
    /// The transport layer of an answer: 処理結果区分 (code table CD003,
    /// element `SegmentOfResult`).
    ///
    /// ```
    /// use uketsuke::eligibility::SegmentOfResult;
    ///
    /// assert_eq!(SegmentOfResult::from_code("1"), SegmentOfResult::Normal);
    /// assert_eq!(SegmentOfResult::from_code("3").code(), "3");
    /// ```
    SegmentOfResult {
        /// `1` 正常終了: the message went through.
        Normal = "1",
        /// `2` 処理中: still working.
        InProgress = "2",
        /// `9` 異常終了: it failed.
        Abnormal = "9",
    }
}

code! {
    /// The processing layer of an answer (code table CD004, element
    /// `ProcessingResultStatus`).
    ProcessingResultStatus {
        /// `1` 正常終了: the question was processed.
        Normal = "1",
        /// `2` エラー: it was not.
        Error = "2",
    }
}

code! {
    /// The validity layer of an answer: 資格有効性 (code table CD006, element
    /// `QualificationValidity`).
    QualificationValidity {
        /// `1` 有効: valid.
        Valid = "1",
        /// `2` 無効: not valid.
        Invalid = "2",
        /// `3` 無効（新しい資格あり）: not valid, there is a newer one.
        InvalidNewer = "3",
        /// `4` 該当資格なし: nothing found.
        NotFound = "4",
        /// `5` 複数該当: several match.
        Several = "5",
        /// `6` 有効（未登録）: valid, not registered here (medical assistance,
        /// 医療扶助, only).
        ValidUnregistered = "6",
    }
}

/// `text` if it is 1 to `max` ASCII letters, digits, `-` or `_`. What an outside
/// party sends may be anything, so only this much of it goes into an error or a
/// log.
pub(super) fn code_like(text: &str, max: usize) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (!text.is_empty() && text.len() <= max && text.bytes().all(plain)).then_some(text)
}
