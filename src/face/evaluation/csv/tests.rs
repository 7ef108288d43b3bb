use std::io::{self, BufReader, Read};

use proptest::prelude::*;

use super::{CsvError, CsvProblem, MAX_LINE};
use crate::face::Score;
use crate::face::evaluation::Evaluation;

fn read(file: &str) -> Result<Evaluation, CsvError> {
    Evaluation::read_csv(file.as_bytes())
}

fn error(line: u64, column: usize, problem: CsvProblem) -> CsvError {
    CsvError {
        line,
        column,
        problem,
    }
}

#[test]
fn a_whole_file() {
    let file = "\u{feff}kind , score, groups\r\n\
        mated,0.83,眼鏡;75歳以上\r\n\
        \r\n\
        mated, 1e-1 ,\n\
        mated,.5\n\
        non-mated,-0.25, 眼鏡 \n\
        not-acquired,,75歳以上\n\
        enrolled,,\n\
        enrolled\n\
        not-enrolled,";
    let evaluation = read(file).unwrap();
    let all = evaluation.all();
    assert_eq!((all.mated(), all.non_mated()), (3, 1));
    assert_eq!(all.fnmr(Score::new(0.5).unwrap()).to_string(), "1/3");
    assert_eq!(all.failures_to_acquire().to_string(), "1/4");
    assert_eq!(all.failures_to_enrol().to_string(), "1/3");
    let groups: Vec<_> = evaluation
        .groups()
        .map(|(name, s)| (name, s.mated(), s.non_mated()))
        .collect();
    assert_eq!(groups, [("75歳以上", 1, 0), ("眼鏡", 1, 1)]);

    let short = read("kind,score\nnon-mated,7\n").unwrap();
    assert_eq!(short.all().non_mated(), 1);
    assert_eq!(read("kind,score\n").unwrap().all().mated(), 0);
}

#[test]
fn every_mistake_is_told_with_its_place() {
    use CsvProblem::*;
    for (line, column, problem) in [
        ("pair,0.5", 1, Kind),
        ("  Mated,0.5", 3, Kind),
        (",0.5", 1, Kind),
        ("mated", 6, NoScore),
        ("mated,,x", 7, NoScore),
        ("mated,0;5", 7, NotANumber),
        ("眼鏡,0.5", 1, Kind),
        ("non-mated, 1,5,x", 16, TooManyFields),
        ("non-mated,nan", 11, NotFinite),
        ("non-mated,  -inf", 13, NotFinite),
        ("mated,1e39", 7, NotFinite),
        ("enrolled,0.5", 10, Score),
        ("not-enrolled,0", 14, Score),
        ("not-acquired,0,", 14, Score),
        ("mated,0.5,a;;b", 11, GroupName),
        ("mated,0.5,眼鏡;\u{7f}", 11, GroupName),
        ("mated,0.5,\"a\"", 11, Quoted),
        ("mated,0.5,a,b", 13, TooManyFields),
    ] {
        let file = format!("kind,score,groups\nmated,0.5,a\n{line}\n");
        let found = read(&file).unwrap_err();
        assert_eq!(found, error(3, column, problem), "{line}");
        let told = found.to_string();
        assert!(
            told.starts_with(&format!("line 3, column {column}: ")),
            "{told}"
        );
    }
    let two_columns = read("kind,score\nmated,0.5,a\n").unwrap_err();
    assert_eq!(two_columns, error(2, 11, TooManyFields));
    for header in [
        "",
        "\n\n",
        "mated,0.5",
        "score,kind",
        "kind",
        "kind,score,groups,x",
    ] {
        assert_eq!(read(header).unwrap_err(), error(1, 1, Header), "{header:?}");
    }
}

#[test]
fn limits_of_lines_and_groups() {
    let fits = format!("mated,{}0.5", " ".repeat(MAX_LINE - 9));
    for end in ["", "\n", "\r\n"] {
        assert!(read(&format!("kind,score\n{fits}{end}")).is_ok());
        let found = read(&format!("kind,score\n {fits}{end}")).unwrap_err();
        assert_eq!(found, error(2, 1, CsvProblem::LineTooLong));
    }
    // An endless line is given up soon.
    let endless = BufReader::new(io::repeat(b'x'));
    let found = Evaluation::read_csv(endless).unwrap_err();
    assert_eq!(found, error(1, 1, CsvProblem::LineTooLong));

    let mut file = "kind,score,groups\n".to_owned();
    for i in 0..=crate::face::evaluation::Trials::MAX_GROUPS {
        file += &format!("mated,0.5,{i}\n");
    }
    let found = read(&file).unwrap_err();
    assert_eq!(found, error(66, 11, CsvProblem::TooManyGroups));
}

#[test]
fn what_is_not_text_or_cannot_be_read() {
    let found = Evaluation::read_csv(&b"kind,score\nmated,\xff\n"[..]).unwrap_err();
    assert_eq!(found, error(2, 1, CsvProblem::NotUtf8));

    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let file = BufReader::new((&b"kind,score\nmated,0.5\n"[..]).chain(Broken));
    let found = Evaluation::read_csv(file).unwrap_err();
    let problem = CsvProblem::Io(io::ErrorKind::PermissionDenied);
    assert_eq!(found, error(3, 1, problem));
}

proptest! {
    #[test]
    fn what_is_written_is_read(mated: Vec<f32>, non_mated: Vec<f32>) {
        let finite = |scores: &[f32]| -> Vec<f32> {
            scores.iter().copied().filter(|s| s.is_finite()).collect()
        };
        let (mated, non_mated) = (finite(&mated), finite(&non_mated));
        let mut file = "kind,score\n".to_owned();
        mated.iter().for_each(|s| file += &format!("mated,{s}\n"));
        non_mated.iter().for_each(|s| file += &format!("non-mated,{s:e}\n"));
        let expected = Evaluation::from_scores(mated, non_mated).unwrap();
        prop_assert!(read(&file).unwrap() == expected);
    }

    #[test]
    fn no_input_makes_it_panic(bytes: Vec<u8>, text in "(kind,score,groups\n)?([a-z-]{0,9}[,;\" \n]|mated,0.5)*") {
        let _ = Evaluation::read_csv(&bytes[..]);
        let _ = read(&text);
    }
}
