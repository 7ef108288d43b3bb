use unicode_normalization::UnicodeNormalization;

use crate::eligibility::Personal;

/// The form in which two writings of one symbol, number or name are equal:
/// compatibility forms folded (Unicode NFKC: full-width digits and letters become
/// ASCII, half-width kana full-width), blanks, hyphens and invisible characters
/// left out.
///
/// A long vowel mark counts as a hyphen unless kana stands before it. Letters
/// keep their case, and kanji are never exchanged for one another (髙 isn't 高).
///
/// ```
/// use uketsuke::eligibility::text::comparison_form;
///
/// let same = |a, b| comparison_form(a) == comparison_form(b);
/// assert!(same("見本－０１", "見本‐01"));
/// assert!(same("12ー34", "1234"));
/// assert!(same("ｶﾞｰﾃﾞﾝ ﾊﾅｺ", "ガーデン　ハナコ"));
/// assert!(!same("オーノ", "オノ"));
/// ```
#[must_use]
pub fn comparison_form(text: &str) -> Personal {
    let mut after_kana = false;
    fold(text, move |c| {
        if is_ignored(c) {
            return None;
        }
        let hyphen = is_hyphen(c) || (c == LONG_VOWEL && !after_kana);
        after_kana = is_kana(c);
        (!hyphen).then_some(c)
    })
}

/// The form in which two writings of one kana name are equal: as
/// [`comparison_form`], and hiragana become katakana, small kana large, and
/// anything like a hyphen a long vowel mark.
///
/// Registers write `ｼﾖｳｺ` and `ショウコ` for the same name.
///
/// ```
/// use uketsuke::eligibility::text::kana_form;
///
/// assert_eq!(kana_form("ﾐﾎﾝ ｼﾖｳｺ"), kana_form("みほん　しょうこ"));
/// assert_eq!(kana_form("ﾕ-ｺ").reveal(), "ユーコ");
/// ```
#[must_use]
pub fn kana_form(text: &str) -> Personal {
    fold(text, |c| {
        (!is_ignored(c)).then(|| {
            if is_hyphen(c) {
                LONG_VOWEL
            } else {
                large(katakana(c))
            }
        })
    })
}

const LONG_VOWEL: char = 'ー';

fn fold(text: &str, each: impl FnMut(char) -> Option<char> + Clone) -> Personal {
    let folded = || {
        // NFKC splits a voicing mark of its own width from the kana before it.
        text.chars()
            .map(|c| match c {
                '\u{309B}' => '\u{3099}',
                '\u{309C}' => '\u{309A}',
                other => other,
            })
            .nfkc()
            .filter_map(each.clone())
    };
    // Sized first: a growing string would leave copies that aren't wiped.
    let mut form = String::with_capacity(folded().map(char::len_utf8).sum());
    form.extend(folded());
    Personal::new(form)
}

fn is_ignored(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
            // Variation selectors: the same character in another drawing.
            | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}'
        )
}

fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2500}' | '\u{FE63}'
    )
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309F}' | '\u{30A1}'..='\u{30FF}')
}

fn katakana(c: char) -> char {
    match c {
        '\u{3041}'..='\u{3096}' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        other => other,
    }
}

fn large(c: char) -> char {
    match c {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        other => other,
    }
}
