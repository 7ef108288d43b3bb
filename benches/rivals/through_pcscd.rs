//! Lines counted by `through_pcscd.sh` through a real pcscd: OpenSC's, and those of the crates' own PC/SC backends.

use crate::table::Row;
use crate::{Tally, Task};
use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use uketsuke::transport::ExchangeSize;

/// Runs the script beside this file and reads what it printed.
///
/// # Errors
///
/// The last thing that the script complained of: a tool isn't installed, or something failed.
pub fn rows() -> Result<Vec<Row>, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("through_pcscd.sh");
    let mut command = Command::new("bash");
    command.arg(&script).stdin(Stdio::null());
    if cfg!(feature = "pcsc") {
        command.env("OWN_BACKENDS", env::current_exe().unwrap_or_default());
    }
    let output = command
        .output()
        .map_err(|error| format!("{}: {error}", script.display()))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        let last = complaint.lines().last().unwrap_or("no reason given");
        return Err(last.to_owned());
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| row(line).ok_or(format!("not a row: {line}")))
        .collect()
}

/// `client TAB task TAB up/down,up/down*`.
fn row(line: &str) -> Option<Row> {
    let mut fields = line.split('\t');
    let client = fields.next().filter(|name| !name.is_empty())?;
    let key = fields.next()?;
    let task = Task::ALL.into_iter().find(|task| task.key() == key)?;
    let sizes: Option<Vec<_>> = fields.next()?.split(',').map(size).collect();
    fields.next().is_none().then_some(Row {
        task,
        client: client.to_owned(),
        outcome: Ok(Tally(sizes?)),
    })
}

fn size(text: &str) -> Option<ExchangeSize> {
    let plain = text.strip_suffix('*');
    let (up, down) = plain.unwrap_or(text).split_once('/')?;
    Some(ExchangeSize {
        up: up.parse().ok()?,
        down: down.parse().ok()?,
        signs: plain.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_script() {
        let row = row("OpenSC 1.2, forced\tsignature\t15/2,57/258*").unwrap();
        assert_eq!(row.task, Task::Signature);
        assert_eq!(row.client, "OpenSC 1.2, forced");
        let tally = row.outcome.unwrap();
        assert_eq!((tally.up(), tally.down(), tally.signatures()), (72, 260, 1));
        for wrong in [
            "",
            "a\tb\t1/2",
            "a\tsignature\t",
            "a\tsignature\t1",
            "a\tsignature\t1/2\t",
        ] {
            assert_eq!(super::row(wrong), None, "{wrong:?}");
        }
    }
}
