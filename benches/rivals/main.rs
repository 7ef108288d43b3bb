//! Prints the table: the clients in this process, and OpenSC where what `opensc.sh` needs is installed.

use std::process::ExitCode;
use uketsuke_rivals::{Rows, opensc};

fn main() -> ExitCode {
    let mut rows = match Rows::run() {
        Ok(rows) => rows,
        Err(message) => {
            eprintln!("uketsuke-rivals: {message}");
            return ExitCode::FAILURE;
        }
    };
    match opensc::rows() {
        Ok(counted) => rows.0.extend(counted),
        Err(why) => eprintln!("OpenSC isn't in the table: {why}"),
    }
    print!("{}", rows.markdown());
    ExitCode::SUCCESS
}
