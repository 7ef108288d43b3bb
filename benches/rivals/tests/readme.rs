//! The README's table is what is counted today.

use uketsuke_rivals::Rows;

/// OpenSC's lines are counted through a real pcscd only: `.ci/run rivals` compares them.
#[test]
fn the_readme_shows_this_table() {
    let table = Rows::run().unwrap().markdown();
    let first = table.lines().next().unwrap();
    let shown: Vec<&str> = include_str!("../../../README.md")
        .lines()
        .skip_while(|line| *line != first)
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with("| OpenSC"))
        .collect();
    let counted: Vec<&str> = table.lines().collect();
    assert_eq!(shown, counted, "the new table is:\n{table}");
}
