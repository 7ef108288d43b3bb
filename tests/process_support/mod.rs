//! A test that has a process of its own, and talks to it through its pipes.
//!
//! The process is this test program again, told to run one ignored test. What libtest writes before that test goes the
//! same way, so that the talk begins after a mark.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use zeroize::Zeroizing;

const MARK: &[u8] = b"\x00the talk begins\x00";
/// What says to the ignored test that it isn't run by accident (`cargo test -- --ignored`).
const ROLE: &str = "UKETSUKE_TEST_ROLE";

/// The role that this process was started for.
pub fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

/// A message: what it is, and its bytes, wiped.
pub type Message = (u8, Zeroizing<Vec<u8>>);

/// The other process, seen from the test. It is killed when this is dropped.
pub struct Other {
    process: Child,
    to: Option<ChildStdin>,
    from: ChildStdout,
}

impl Other {
    /// Starts this program again for the ignored test `test`.
    pub fn start(test: &str, role: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--ignored", "--nocapture"])
            .env(ROLE, role)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = process.stdin.take();
        let from = process.stdout.take().unwrap();
        let mut other = Self { process, to, from };
        let mut seen = Vec::new();
        let mut byte = [0];
        while !seen.ends_with(MARK) {
            let count = other.from.read(&mut byte).unwrap();
            assert!(count == 1 && seen.len() < 4096, "{test} did not begin");
            seen.extend_from_slice(&byte);
        }
        other
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    pub fn tell(&mut self, what: u8, bytes: &[u8]) {
        write_message(self.to.as_mut().unwrap(), what, bytes).unwrap();
    }

    /// `None` if the process ended, or was killed, between two messages.
    pub fn hear(&mut self) -> Option<Message> {
        read_message(&mut self.from).unwrap()
    }

    /// SIGKILL: nothing is told to the process, and nothing in it runs any more.
    pub fn kill(&mut self) -> ExitStatus {
        self.process.kill().unwrap();
        self.process.wait().unwrap()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ended_before = self.process.kill();
        let _reaped_before = self.process.wait();
    }
}

/// The pipes of this process, unbuffered: std's own buffer of standard input would keep what went through it.
pub struct Pipes {
    from: File,
    to: File,
}

impl Pipes {
    /// Ends what libtest has to say, and begins.
    pub fn open() -> Self {
        let from = io::stdin().as_fd().try_clone_to_owned().unwrap();
        let to = io::stdout().as_fd().try_clone_to_owned().unwrap();
        io::stdout().flush().unwrap();
        let mut pipes = Self {
            from: from.into(),
            to: to.into(),
        };
        pipes.to.write_all(MARK).unwrap();
        pipes
    }

    pub fn tell(&mut self, what: u8, bytes: &[u8]) {
        write_message(&mut self.to, what, bytes).unwrap();
    }

    pub fn hear(&mut self) -> Option<Message> {
        read_message(&mut self.from).unwrap()
    }
}

/// Short messages, which a pipe takes whole or not at all, in one write; others without a copy of their bytes.
fn write_message(to: &mut impl Write, what: u8, bytes: &[u8]) -> io::Result<()> {
    let [high, low] = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    if let [one, two] = *bytes {
        return to.write_all(&[what, high, low, one, two]);
    }
    to.write_all(&[what, high, low])?;
    to.write_all(bytes)
}

fn read_message(from: &mut impl Read) -> io::Result<Option<Message>> {
    let mut head = [0; 3];
    if from.read(&mut head[..1])? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut head[1..])?;
    let mut bytes = Zeroizing::new(vec![0; usize::from(u16::from_be_bytes([head[1], head[2]]))]);
    from.read_exact(&mut bytes)?;
    Ok(Some((head[0], bytes)))
}
