//! What a face matcher's own scores show: rates with their limits, per group, what a
//! visit makes of them, the DET curve, and the calibration record. See `--help`.

use std::fs::{self, File};
use std::io::BufReader;
use std::process::ExitCode;

use uketsuke::Realms;
use uketsuke::face::evaluation::{Caveat, DetWords, Evaluation, Proportion, Scores};
use uketsuke::face::{Attempts, Calibration, Confidence, Fmr, MatchPolicy, MatcherId, Score};

const USAGE: &str = "\
face_evaluation: what a matcher's own scores show (ISO/IEC 19795-1)

  face_evaluation                  made-up scores, the same each time
  face_evaluation FILE             scores from a file: kind,score,groups
                                   (kind: mated, non-mated, not-acquired, enrolled,
                                   not-enrolled; groups with ; between them)
  --threshold NUMBER               default: the lowest that shows 1 in 10,000 with
                                   80 % confidence
  --people NUMBER                  how many people took part
  --svg FILE                       writes the DET curve
  --csv FILE                       writes the made-up scores
  --record FILE                    writes the calibration record of this matcher:
    --vendor TEXT --name TEXT --version TEXT
    --model FILE                     its model or library, of which SHA-256 is taken; or
    --digest HEX                     what the matcher says itself (MatcherInfo::model). So
                                     for face::onnx, whose digest is of both models,
                                     descriptions and limits; the kiosk prints it
    --population TEXT                who took part, if it is to be said
    --measured TEXT                  when, if it is to be said
  --lang ja|en                     language (default: by LANG)
  --help                           this text

Exit status: 0 done, 1 no such threshold, 2 a file failed, 64 usage.";

type Failed = (u8, String);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err((status, text)) => {
            eprintln!("{text}");
            ExitCode::from(status)
        }
    }
}

fn run() -> Result<(), Failed> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| matches!(&**word, "-h" | "--help")) {
        println!("{USAGE}");
        return Ok(());
    }
    let threshold = option(&mut words, "--threshold")?;
    let people = option(&mut words, "--people")?;
    let svg = option(&mut words, "--svg")?;
    let csv = option(&mut words, "--csv")?;
    let record = option(&mut words, "--record")?;
    let told = Told {
        vendor: option(&mut words, "--vendor")?,
        name: option(&mut words, "--name")?,
        version: option(&mut words, "--version")?,
        model: option(&mut words, "--model")?,
        digest: option(&mut words, "--digest")?,
        population: option(&mut words, "--population")?,
        measured: option(&mut words, "--measured")?,
    };
    let japanese = match option(&mut words, "--lang")?.as_deref() {
        Some("ja") => true,
        Some("en") => false,
        None => std::env::var("LANG").is_ok_and(|lang| lang.starts_with("ja")),
        Some(_) => return Err(usage()),
    };
    let (evaluation, made_up) = match &*words {
        [] => {
            let scores = made_up::csv();
            if let Some(path) = csv {
                fs::write(&path, &scores).map_err(|e| (2, format!("{path}: {e}")))?;
            }
            let read = Evaluation::read_csv(scores.as_bytes());
            let read = read.map_err(|e| (2, e.to_string()))?;
            (read.with_people(made_up::PEOPLE), true)
        }
        [path] if csv.is_none() && !path.starts_with("--") => {
            let file = File::open(path).map_err(|e| (2, format!("{path}: {e}")))?;
            let read = Evaluation::read_csv(BufReader::new(file));
            (read.map_err(|e| (2, format!("{path}: {e}")))?, false)
        }
        _ => return Err(usage()),
    };
    let evaluation = match people {
        Some(number) => evaluation.with_people(number.parse().map_err(|_| usage())?),
        None => evaluation,
    };
    let all = evaluation.all();
    let wanted = Fmr::ONE_IN_10_000;
    let threshold = match threshold {
        Some(number) => number.parse().ok().and_then(Score::new).ok_or_else(usage)?,
        None => all
            .threshold_supporting(wanted, Confidence::EIGHTY)
            .ok_or_else(|| too_few(all, wanted))?,
    };
    let words = if japanese { &JAPANESE } else { &ENGLISH };
    if made_up {
        println!("{}\n", words.made_up);
    }
    print(words, &evaluation, threshold);
    if let Some(path) = svg {
        let curve = all.det().ok_or_else(|| too_few(all, wanted))?;
        let picture = curve
            .with_title(if made_up { words.title } else { "" })
            .with_words(words.picture)
            .with_operating_point(threshold)
            .to_svg();
        fs::write(&path, picture).map_err(|e| (2, format!("{path}: {e}")))?;
    }
    if let Some(path) = record {
        let record = told.record(&evaluation)?;
        fs::write(&path, record.to_json()).map_err(|e| (2, format!("{path}: {e}")))?;
        // As a desk would take it.
        let (realms, json) = (Realms::production(), record.to_json());
        let read = Calibration::from_json(json.as_bytes()).map_err(|e| (2, e.to_string()))?;
        println!("\n{}: {}", words.record, read.digest());
        match MatchPolicy::new(realms, read, wanted) {
            Ok(policy) => println!("{}: {}", words.desk, policy.threshold().get()),
            Err(error) => println!("{error}"),
        }
    }
    Ok(())
}

/// What the record says besides the figures.
struct Told {
    vendor: Option<String>,
    name: Option<String>,
    version: Option<String>,
    model: Option<String>,
    digest: Option<String>,
    population: Option<String>,
    measured: Option<String>,
}

impl Told {
    fn record(self, evaluation: &Evaluation) -> Result<Calibration, Failed> {
        let model = match (self.model, self.digest) {
            (Some(path), None) => {
                let model = fs::read(&path).map_err(|e| (2, format!("{path}: {e}")))?;
                let digest = ring::digest::digest(&ring::digest::SHA256, &model);
                digest.as_ref().try_into().expect("32 bytes")
            }
            (None, Some(digits)) => digest_of(&digits).ok_or_else(usage)?,
            _ => return Err(usage()),
        };
        let matcher = MatcherId {
            vendor: self.vendor.ok_or_else(usage)?,
            name: self.name.ok_or_else(usage)?,
            version: self.version.ok_or_else(usage)?,
            model,
        };
        let wrong = |error: uketsuke::face::CalibrationError| (1, error.to_string());
        let thresholds = evaluation.useful_thresholds();
        let mut record = evaluation
            .calibration(matcher, &thresholds)
            .map_err(wrong)?;
        if let Some(population) = self.population {
            record = record.with_population(&population).map_err(wrong)?;
        }
        if let Some(measured) = self.measured {
            record = record.with_measured(&measured).map_err(wrong)?;
        }
        Ok(record)
    }
}

/// Of 64 hexadecimal digits.
fn digest_of(digits: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in digest.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?;
    }
    Some(digest)
}

fn usage() -> Failed {
    (64, USAGE.to_owned())
}

fn too_few(all: &Scores, wanted: Fmr) -> Failed {
    let needed = uketsuke::face::evaluation::trials_without_error(wanted, Confidence::EIGHTY);
    let text = format!(
        "{} non-mated comparisons can't show a false match rate of {:e}: at least {needed} are needed",
        all.non_mated(),
        wanted.get()
    );
    (1, text)
}

/// Takes `--name VALUE` out of the words.
fn option(words: &mut Vec<String>, name: &str) -> Result<Option<String>, Failed> {
    let Some(at) = words.iter().position(|word| word == name) else {
        return Ok(None);
    };
    if at + 1 >= words.len() {
        return Err(usage());
    }
    let value = words.remove(at + 1);
    words.remove(at);
    Ok(Some(value))
}

fn print(words: &Words, evaluation: &Evaluation, threshold: Score) {
    let all = evaluation.all();
    println!("{}: {}", words.threshold, threshold.get());
    println!("{}", words.columns);
    row(words.fmr, all.fmr(threshold));
    row(words.fnmr, all.fnmr(threshold));
    row(words.fta, all.failures_to_acquire());
    row(words.fte, all.failures_to_enrol());
    if let Some(equal) = all.equal_error() {
        println!("{}: {}", words.eer, percent(equal.rate()));
    }
    for (name, scores) in evaluation.groups() {
        println!("\n[{name}]");
        row(words.fmr, scores.fmr(threshold));
        row(words.fnmr, scores.fnmr(threshold));
        row(words.fta, scores.failures_to_acquire());
    }
    println!();
    for attempts in [1, Attempts::MAX_WITHOUT_PAD] {
        if let Some(visit) = all.transaction(threshold, attempts) {
            let frr = between(visit.frr_if_independent(), visit.frr_at_most());
            let far = between(visit.far_if_independent(), visit.far_at_most());
            println!("{}", (words.visit)(attempts, frr, far));
        }
    }
    match evaluation.operating_point(threshold) {
        Some(point) => println!("{}: {}", words.claim, percent(point.fmr.get())),
        None => println!("{}", words.no_claim),
    }
    for caveat in evaluation.caveats(threshold) {
        println!("- {}", (words.caveat)(caveat));
    }
}

fn row(name: &str, counted: Proportion) {
    let Some(rate) = counted.rate() else {
        return;
    };
    let limits = counted.limits(Confidence::NINETY_FIVE);
    println!(
        "{} {:>12} {:>10} {:>10} - {:<10} {:>10}",
        padded(name, 28),
        counted.to_string(),
        percent(rate),
        percent(*limits.start()),
        percent(*limits.end()),
        percent(counted.upper_limit(Confidence::EIGHTY)),
    );
}

fn between(low: f64, high: f64) -> String {
    match (percent(low), percent(high)) {
        (low, high) if low == high => low,
        (low, high) => format!("{low} - {high}"),
    }
}

/// Three digits that count.
fn percent(rate: f64) -> String {
    let percent = rate * 100.0;
    match percent {
        0.0 => "0 %".to_owned(),
        10.0.. => format!("{percent:.1} %"),
        1.0.. => format!("{percent:.2} %"),
        0.1.. => format!("{percent:.3} %"),
        0.01.. => format!("{percent:.4} %"),
        0.0001.. => format!("{percent:.5} %"),
        _ => format!("{percent:.1e} %"),
    }
}

/// Japanese characters are two columns wide.
fn padded(text: &str, width: usize) -> String {
    let used: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(used)))
}

struct Words {
    made_up: &'static str,
    title: &'static str,
    threshold: &'static str,
    columns: &'static str,
    fmr: &'static str,
    fnmr: &'static str,
    fta: &'static str,
    fte: &'static str,
    eer: &'static str,
    visit: fn(u8, String, String) -> String,
    claim: &'static str,
    record: &'static str,
    desk: &'static str,
    no_claim: &'static str,
    caveat: fn(Caveat) -> String,
    picture: DetWords,
}

const ENGLISH: Words = Words {
    made_up: "These scores are made up. They say nothing of any matcher.",
    title: "DET curve of made-up scores",
    threshold: "Threshold",
    columns: "                             errors/trials       seen     95 % limits (two-sided)  80 % (one-sided, at most)",
    fmr: "False matches (FMR)",
    fnmr: "False non-matches (FNMR)",
    fta: "Failures to acquire (FTA)",
    fte: "Failures to enrol (FTE)",
    eer: "Equal error rate (describes, is no place to run it at)",
    visit: |attempts, frr, far| {
        format!(
            "A visit (attempts: at most {attempts}): turned away (FRR) {frr}, let in wrongly (FAR) {far}"
        )
    },
    claim: "Operating point: the false match rate that may be claimed (80 %, one-sided)",
    record: "Calibration record",
    desk: "A desk that asks for 1 in 10,000 takes the threshold",
    no_claim: "These trials support no false match rate.",
    caveat: |caveat| {
        match caveat {
        Caveat::PeopleUnknown => {
            "It isn't known how many people took part (--people): the limits hold for independent trials only.".to_owned()
        }
        Caveat::SharedPairs { pairs, independent } => format!(
            "{pairs} pairs, but only {independent} without anybody twice: the true limits of FMR are wider."
        ),
        Caveat::RepeatedAttempts { attempts, people } => format!(
            "{attempts} attempts by {people} people: the true limits of FNMR are wider."
        ),
        Caveat::FewFalseMatches { found } => {
            format!("False matches: {found}, fewer than 30. Quote the limits, not the rate.")
        }
        Caveat::FewFalseNonMatches { found } => {
            format!("False non-matches: {found}, fewer than 30. Quote the limits, not the rate.")
        }
        _ => "See the documentation of Caveat.".to_owned(),
    }
    },
    picture: DetWords::English,
};

const JAPANESE: Words = Words {
    made_up: "このスコアは架空のものです。実在の照合エンジンの性能ではありません。",
    title: "架空のスコアのDET曲線",
    threshold: "しきい値",
    columns: "                             誤り/試行数       実測値    95 % 信頼限界（両側）      80 % 上限（片側）",
    fmr: "誤合致率 FMR",
    fnmr: "誤非合致率 FNMR",
    fta: "取得失敗率 FTA",
    fte: "登録失敗率 FTE",
    eer: "等価エラー率 EER（参考。運用の目安ではありません）",
    visit: |attempts, frr, far| {
        format!("受付1回（撮影は最大{attempts}回）：本人拒否率 FRR {frr}、他人受入率 FAR {far}")
    },
    claim: "運用点：主張できる誤合致率の上限（80 %、片側）",
    record: "校正記録",
    desk: "1万分の1を求める受付が使うしきい値",
    no_claim: "この試行数では、誤合致率を主張できません。",
    caveat: |caveat| match caveat {
        Caveat::PeopleUnknown => {
            "参加した人数が分かりません（--people）。信頼限界は、独立した試行でのみ成り立ちます。"
                .to_owned()
        }
        Caveat::SharedPairs { pairs, independent } => format!(
            "{pairs} 組のうち、同じ人が重ならない組は最大 {independent} 組です。FMR の本当の限界は、もっと広くなります。"
        ),
        Caveat::RepeatedAttempts { attempts, people } => format!(
            "{people} 人が {attempts} 回試しました。FNMR の本当の限界は、もっと広くなります。"
        ),
        Caveat::FewFalseMatches { found } => {
            format!("誤合致は {found} 件で、30 件未満です。率ではなく限界を示してください。")
        }
        Caveat::FewFalseNonMatches { found } => {
            format!("誤非合致は {found} 件で、30 件未満です。率ではなく限界を示してください。")
        }
        _ => "Caveat の説明を参照してください。".to_owned(),
    },
    picture: DetWords::Japanese,
};

/// 250 people who don't exist: four attempts each, and everybody's photo with
/// everybody else's frame.
mod made_up {
    use std::fmt::Write as _;

    pub const PEOPLE: u64 = 250;

    pub fn csv() -> String {
        let mut chance = Chance(20_261_123);
        let mut csv = String::from("kind,score,groups\n");
        for person in 0..PEOPLE {
            let glasses = person % 3 == 0;
            let old = person % 4 == 0;
            let groups = match (glasses, old) {
                (true, true) => "glasses;75 or older",
                (true, false) => "glasses",
                (false, true) => "75 or older",
                (false, false) => "",
            };
            let kind = if person == 77 {
                "not-enrolled"
            } else {
                "enrolled"
            };
            let _ = writeln!(csv, "{kind},,{groups}");
            // Some people are recognised well, some less.
            let own = 0.62 + 0.07 * chance.normal();
            let own = own - if glasses { 0.03 } else { 0.0 } - if old { 0.03 } else { 0.0 };
            for _ in 0..4 {
                if chance.uniform() < 0.015 {
                    let _ = writeln!(csv, "not-acquired,,{groups}");
                } else {
                    let score = own + 0.05 * chance.normal();
                    let _ = writeln!(csv, "mated,{score:.4},{groups}");
                }
            }
        }
        for _ in 0..PEOPLE * (PEOPLE - 1) {
            let score = 0.05 + 0.1 * chance.normal();
            let _ = writeln!(csv, "non-mated,{score:.4},");
        }
        csv
    }

    /// SplitMix64: the same numbers each time.
    struct Chance(u64);

    impl Chance {
        fn uniform(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        }

        /// Normally distributed (Box and Muller).
        fn normal(&mut self) -> f64 {
            let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
            radius * (std::f64::consts::TAU * self.uniform()).cos()
        }
    }
}
