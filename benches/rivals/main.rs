//! Prints the table: the clients in this process, and OpenSC where what `through_pcscd.sh` needs is installed.

use std::env;
use std::process::ExitCode;
use uketsuke_rivals::{Rows, through_pcscd};

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        [] => table(),
        #[cfg(feature = "pcsc")]
        ["--through-pcscd"] => {
            for (client, key) in with_backends() {
                println!("{key} {client}");
            }
            Ok(())
        }
        #[cfg(feature = "pcsc")]
        ["--through-pcscd", client, task] => one(client, task),
        _ => Err("prints the table; takes no arguments".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("uketsuke-rivals: {message}");
            ExitCode::FAILURE
        }
    }
}

fn table() -> Result<(), String> {
    let mut rows = Rows::run()?;
    eprintln!("counting OpenSC through a pcscd of its own, with examples/virtual_card …");
    match through_pcscd::rows() {
        Ok(counted) => rows.extend(counted)?,
        Err(why) => eprintln!("OpenSC isn't in the table: {why}"),
    }
    print!("{}", rows.markdown());
    Ok(())
}

#[cfg(feature = "pcsc")]
fn with_backends() -> impl Iterator<Item = (uketsuke_rivals::Client, &'static str)> {
    uketsuke_rivals::Client::ALL
        .into_iter()
        .filter_map(|client| Some((client, client.key()?)))
}

/// One client at one task, through the system's PC/SC service.
#[cfg(feature = "pcsc")]
fn one(client: &str, task: &str) -> Result<(), String> {
    let (client, _) = with_backends()
        .find(|(_, key)| *key == client)
        .ok_or("no such client")?;
    let task = uketsuke_rivals::Task::ALL
        .into_iter()
        .find(|one| one.key() == task)
        .ok_or("no such task")?;
    client
        .through_pcscd(task)
        .map(|_| ())
        .map_err(|trouble| trouble.to_string())
}
