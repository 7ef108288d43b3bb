//! Looks after an audit trail: makes a key, verifies files, and tells which pseudonym
//! stands for whom. See `--help`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use ring::rand::{SecureRandom as _, SystemRandom};
use uketsuke::checkin::{AuditBreak, AuditError, AuditKey, AuditLog, Head, StaffId, Verified};
use uketsuke::trust::{Certificate, TerminalId};
use zeroize::Zeroizing;

const USAGE: &str = "\
Looks after the audit trail of a reception.

  audit new-key KEYFILE
      Makes a key: 64 hexadecimal digits in a new file that only you can read.
      Keep it away from the trails, and a copy of it in a safe place.
  audit verify --key KEYFILE --terminal NAME [--head HEAD] FILE...
      Checks each record of the files, which follow one another in time. HEAD
      is the newest one that was kept elsewhere (17:5c0d...).
  audit staff --key KEYFILE ID
      The pseudonym of a member of staff: grep for it.
  audit certificate --key KEYFILE FILE
      The pseudonym of a person, from their certificate (DER).

KEYFILE may be - for the standard input.
Ends with 0 if all is well, 1 if a trail is broken, 2 if something can't be read.";

const BROKEN: u8 = 1;
const UNREADABLE: u8 = 2;
const USAGE_ERROR: u8 = 64;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err((status, text)) => {
            eprintln!("{text}");
            ExitCode::from(status)
        }
    }
}

type Ended = Result<(), (u8, String)>;

fn run() -> Ended {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let key = option(&mut words, "--key")?;
    let terminal = option(&mut words, "--terminal")?;
    let head = option(&mut words, "--head")?;
    let usage = || (USAGE_ERROR, USAGE.to_owned());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.iter().any(|word| matches!(*word, "-h" | "--help")) {
        println!("{USAGE}");
        return Ok(());
    }
    let (&command, rest) = words.split_first().ok_or_else(usage)?;
    if let ("new-key", [file]) = (command, rest) {
        return new_key(Path::new(file));
    }
    let key = read_key(&key.ok_or_else(usage)?)?;
    match (command, rest) {
        ("verify", [_, ..]) => {
            let terminal = TerminalId::new(&terminal.ok_or_else(usage)?).map_err(wrong)?;
            let head = head.map(|head| head.parse()).transpose().map_err(wrong)?;
            verify(rest, &key, &terminal, head)
        }
        ("staff", [id]) => {
            println!("{}", key.staff(&StaffId::new(id).map_err(wrong)?));
            Ok(())
        }
        ("certificate", [file]) => {
            let der = fs::read(file).map_err(|error| unreadable(file, error))?;
            let certificate = Certificate::parse(&der).map_err(|error| unreadable(file, error))?;
            println!("{}", key.certificate(&certificate.digest()));
            Ok(())
        }
        _ => Err(usage()),
    }
}

/// Takes an option and its value out of the words.
fn option(words: &mut Vec<String>, name: &str) -> Result<Option<String>, (u8, String)> {
    let Some(at) = words.iter().position(|word| word == name) else {
        return Ok(None);
    };
    words.remove(at);
    if at < words.len() {
        Ok(Some(words.remove(at)))
    } else {
        Err((USAGE_ERROR, format!("{name} needs a value\n\n{USAGE}")))
    }
}

fn wrong(error: impl std::fmt::Display) -> (u8, String) {
    (USAGE_ERROR, error.to_string())
}

fn unreadable(what: &str, error: impl std::fmt::Display) -> (u8, String) {
    (UNREADABLE, format!("{what}: {error}"))
}

fn new_key(file: &Path) -> Ended {
    let name = file.display().to_string();
    let mut bytes = Zeroizing::new([0_u8; 32]);
    let random = SystemRandom::new().fill(&mut *bytes);
    random.map_err(|_| unreadable(&name, "no random bytes"))?;
    let mut digits = Zeroizing::new(String::with_capacity(65));
    for byte in bytes.iter() {
        for half in [byte >> 4, byte & 15] {
            digits.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    digits.push('\n');
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut file| {
        file.write_all(digits.as_bytes())
            .and_then(|()| file.sync_all())
    });
    written.map_err(|error| unreadable(&name, error))
}

fn read_key(file: &str) -> Result<AuditKey, (u8, String)> {
    let mut digits = Zeroizing::new(String::with_capacity(256));
    let read = if file == "-" {
        std::io::stdin().take(200).read_to_string(&mut digits)
    } else {
        fs::File::open(file).and_then(|file| file.take(200).read_to_string(&mut digits))
    };
    read.map_err(|error| unreadable(file, error))?;
    AuditKey::from_hex(&digits).map_err(|error| unreadable(file, error))
}

/// Files in the order of time; the head is of the last one.
fn verify(files: &[&str], key: &AuditKey, terminal: &TerminalId, head: Option<Head>) -> Ended {
    let mut before: Option<Verified> = None;
    for (number, file) in files.iter().enumerate() {
        let head = head.filter(|_| number + 1 == files.len());
        let verified = match AuditLog::verify(file, key, terminal, head) {
            Ok(verified) => verified,
            Err(AuditError::Broken(broken)) => {
                if let AuditBreak::Cut { head } = broken.why
                    && AuditLog::verify(file, key, terminal, None).is_ok_and(|judged| judged.ended)
                {
                    return Err((BROKEN, goes_on(file, Some(head))));
                }
                return Err((BROKEN, format!("{file}: {broken}\n\n{}", to_do(broken.why))));
            }
            Err(error) => return Err(unreadable(file, error)),
        };
        if before.is_some_and(|before| !verified.follows(&before)) {
            let text = format!(
                "{file}: does not go on where the file before it ends: one between them is \
                 missing, or one of them was cut or replaced"
            );
            return Err((BROKEN, text));
        }
        print(file, &verified);
        if let (None, Some(after)) = (before, verified.after) {
            println!(
                "  the file before it, which ends with record {}, was not given",
                after.number()
            );
        }
        before = Some(verified);
    }
    if let (Some(last), Some(file)) = (before, files.last())
        && last.ended
    {
        println!("{}", goes_on(file, None));
    }
    Ok(())
}

/// The last file given isn't the trail's last.
fn goes_on(file: &str, head: Option<Head>) -> String {
    let missing = match head {
        Some(head) => format!(
            "up to record {} at least; it is missing here",
            head.number()
        ),
        None => "and that one must be verified too, with the head".to_owned(),
    };
    format!("{file}: was ended: the trail goes on in another file, {missing}")
}

fn print(file: &str, verified: &Verified) {
    let (first, last) = (verified.first, verified.head.number());
    println!("{file}: records {first} to {last} are as they were written");
    match verified.complete_to {
        Some(number) if number == last => println!("  nothing was cut off this file"),
        Some(number) => println!(
            "  nothing was cut off up to record {number}; for later ones take a newer head"
        ),
        None => println!(
            "  whether the end was cut off, or an old copy put in place, can't be told without \
             a head that was kept elsewhere"
        ),
    }
    if verified.torn > 0 {
        println!(
            "  {} bytes behind the last record are none: a record was being written, or the \
             power went",
            verified.torn
        );
    }
    println!("  head {}", verified.head);
}

const fn to_do(why: AuditBreak) -> &'static str {
    match why {
        AuditBreak::OtherKey => {
            "Is this the key of this trail? If it is, the first line was changed: see below.\n\
             Change nothing in the file. Compare it with its backups."
        }
        AuditBreak::OtherTerminal => {
            "Is this the right name? The first line of the file says which terminal it is of.\n\
             If the file was in this terminal's place, somebody exchanged it."
        }
        AuditBreak::HeadBefore => "Give the file before this one too, or a newer head.",
        AuditBreak::NotATrail => "Is this the right file? If it is, its beginning was changed.",
        _ => {
            "The records before that one stand. Change nothing in the file: keep it with the head \
             and\na note of the hour. Let the reception begin a new file. Find out who could write \
             to this\none, and compare it with its backups: the newest that verifies with the head \
             is the trail."
        }
    }
}
