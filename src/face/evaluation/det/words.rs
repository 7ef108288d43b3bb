use super::DetPoint;
use crate::face::Confidence;

/// The language of the words in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DetWords {
    /// 日本語.
    Japanese,
    /// English.
    English,
}

impl DetWords {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }

    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::Japanese => "顔照合のDET曲線",
            Self::English => "DET curve of a face matcher",
        }
    }

    pub(super) const fn fmr(self) -> &'static str {
        match self {
            Self::Japanese => "誤合致率 FMR（他人どうしが一致する割合）",
            Self::English => "False match rate, FMR (two people taken for one)",
        }
    }

    pub(super) const fn fnmr(self) -> &'static str {
        match self {
            Self::Japanese => "誤非合致率 FNMR（本人が一致しない割合）",
            Self::English => "False non-match rate, FNMR (one person not recognised)",
        }
    }

    pub(super) fn curve(self, mated: u64, non_mated: u64) -> String {
        let (mated, non_mated) = (grouped(mated), grouped(non_mated));
        match self {
            Self::Japanese => format!("実測：他人どうし {non_mated} 組、本人どうし {mated} 組"),
            Self::English => {
                format!("Measured: {non_mated} non-mated and {mated} mated comparisons")
            }
        }
    }

    pub(super) fn band(self, confidence: Confidence) -> String {
        let level = percent(confidence.get());
        match self {
            Self::Japanese => format!("各しきい値における両方の率の {level} 信頼限界（両側）"),
            Self::English => format!("{level} confidence limits of both rates at each threshold"),
        }
    }

    /// Two lines: the threshold with its FMR, and its FNMR.
    pub(super) fn point(self, point: &DetPoint, confidence: Confidence) -> [String; 2] {
        let rate = |p: super::Proportion| {
            let limits = p.limits(confidence);
            let (low, high) = (percent(*limits.start()), percent(*limits.end()));
            let seen = percent(p.rate().unwrap_or_default());
            let (errors, trials) = (grouped(p.errors()), grouped(p.trials()));
            match self {
                Self::Japanese => format!("{seen}（{trials} 組中 {errors} 組、{low} ～ {high}）"),
                Self::English => format!("{seen} ({errors} of {trials}; {low} to {high})"),
            }
        };
        let threshold = point.threshold.get();
        let (fmr, fnmr) = (rate(point.fmr), rate(point.fnmr));
        match self {
            Self::Japanese => [
                format!("しきい値 {threshold}：FMR {fmr}"),
                format!("FNMR {fnmr}"),
            ],
            Self::English => [
                format!("Threshold {threshold}: FMR {fmr}"),
                format!("FNMR {fnmr}"),
            ],
        }
    }
}

/// 0.0123 as "1.23 %": three digits that count.
pub(super) fn percent(rate: f64) -> String {
    let percent = rate * 100.0;
    let mut decimals = 2;
    let mut scale = 1.0;
    while decimals < 12 && percent * scale < 0.9995 {
        scale *= 10.0;
        decimals += 1;
    }
    if percent >= 9.995 {
        decimals = 1;
    }
    // Towards 100 % it is the rest that counts.
    let mut rest = 100.0 - percent;
    while decimals < 12 && rest > 0.0 && rest < 0.095 {
        rest *= 10.0;
        decimals += 1;
    }
    if percent == 0.0 {
        decimals = 0;
    }
    let text = format!("{percent:.decimals$}");
    let short = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    format!("{short} %")
}

/// 29890 as "29,890".
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
