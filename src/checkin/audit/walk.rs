//! Reads a trail from its first byte to its last and checks every record.

use super::key::Keys;
use super::line::{Line, MAX_LINE};
use super::{AuditBreak, AuditBroken, AuditError, Head};
use crate::files::{Files, Handle};
use crate::trust::TerminalId;

/// What is asked of a file.
pub(super) struct Walk<'a> {
    pub(super) keys: &'a Keys,
    pub(super) terminal: &'a TerminalId,
    /// The head that was kept, if any.
    pub(super) kept: Option<Head>,
}

/// What was found in a file that is as it was written.
pub(super) struct Walked {
    pub(super) log: [u8; 16],
    /// Number of its first record.
    pub(super) first: u64,
    /// The head that the file says it goes on from.
    pub(super) after: Option<Head>,
    pub(super) head: Head,
    /// The policy that was named last.
    pub(super) policy: String,
    /// The match policy that was named last.
    pub(super) match_policy: Option<String>,
    /// How often another one was named than before.
    pub(super) match_policy_changes: u64,
    pub(super) ended: bool,
    /// Bytes of whole records.
    pub(super) len: u64,
    /// What stands behind them.
    pub(super) torn: Vec<u8>,
}

impl Walk<'_> {
    pub(super) fn run(
        &self,
        files: &mut dyn Files,
        handle: &mut Handle,
    ) -> Result<Walked, AuditError> {
        let mut state = State::new(self);
        let mut chunk = vec![0; 64 << 10];
        // What was read and isn't a whole line yet.
        let mut rest: Vec<u8> = Vec::new();
        loop {
            let read = files.read(handle, &mut chunk)?;
            if read == 0 {
                break;
            }
            rest.extend(chunk.iter().take(read));
            let mut used = 0;
            while let Some(line) = rest
                .get(used..)
                .and_then(|rest| Some(rest.split_at_checked(1 + newline(rest)?)?.0))
            {
                used += line.len();
                state.take(line)?;
            }
            rest.drain(..used);
            if rest.len() > MAX_LINE {
                state.line += 1;
                return Err(state.broken(AuditBreak::NotARecord).into());
            }
        }
        state.finish(rest)
    }
}

fn newline(bytes: &[u8]) -> Option<usize> {
    memchr::memchr(b'\n', bytes)
}

struct State<'a> {
    walk: &'a Walk<'a>,
    line: u64,
    walked: Option<Walked>,
    /// A last line that no program wrote so, if it is the last one.
    suspect: Option<(Vec<u8>, AuditBreak)>,
    /// The kept head was seen.
    kept: bool,
}

impl<'a> State<'a> {
    const fn new(walk: &'a Walk<'a>) -> Self {
        Self {
            walk,
            line: 0,
            walked: None,
            suspect: None,
            kept: false,
        }
    }

    fn broken(&self, why: AuditBreak) -> AuditBroken {
        let last = self.walked.as_ref().map_or(0, |walked| walked.head.number);
        AuditBroken {
            at: match why {
                // Fine by itself, but not the one that it should be.
                AuditBreak::OtherHead | AuditBreak::HeadBefore => last,
                _ => last.saturating_add(1),
            },
            line: self.line.max(1),
            why,
        }
    }

    /// One line with its newline.
    fn take(&mut self, line: &[u8]) -> Result<(), AuditBroken> {
        if let Some((_, why)) = self.suspect.take() {
            return Err(self.broken(why));
        }
        self.line += 1;
        let Err(why) = self.record(line) else {
            return Ok(());
        };
        // Where the power went while it was written, blocks of a file may have got
        // their place, and not their contents yet: zeros, which no record holds.
        let torn = self.walked.is_some() && line.len() <= MAX_LINE && line.contains(&0);
        if torn {
            self.suspect = Some((line.to_vec(), why));
            Ok(())
        } else {
            Err(self.broken(why))
        }
    }

    fn record(&mut self, line: &[u8]) -> Result<(), AuditBreak> {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        if line.len() > MAX_LINE {
            return Err(AuditBreak::NotARecord);
        }
        match self.walked.take() {
            None => {
                let line = Line::parse(text).ok_or(AuditBreak::NotATrail)?;
                self.walked = Some(self.first(&line, text.len())?);
            }
            Some(mut walked) => {
                let next = self.next(&mut walked, text);
                self.walked = Some(walked);
                next?;
            }
        }
        self.compare_head()
    }

    fn first(&self, line: &Line<'_>, len: usize) -> Result<Walked, AuditBreak> {
        let began = line.began().ok_or(AuditBreak::NotATrail)?;
        let keys = self.walk.keys;
        if !began.is_under(keys.name()) {
            return Err(AuditBreak::OtherKey);
        }
        let before = began.after.unwrap_or(Head::START);
        if !keys.is_tag(&before.tag, line.text, &line.tag) {
            return Err(AuditBreak::Tag);
        }
        // What follows was written by somebody with the key.
        if Some(line.number) != before.number.checked_add(1) {
            return Err(AuditBreak::Number { found: line.number });
        }
        if !began.is_of(self.walk.terminal) {
            return Err(AuditBreak::OtherTerminal);
        }
        Ok(Walked {
            log: began.log,
            first: line.number,
            after: began.after,
            head: Head {
                number: line.number,
                tag: line.tag,
            },
            policy: line.policy().unwrap_or_default().to_owned(),
            match_policy: line.match_policy().map(str::to_owned),
            match_policy_changes: 0,
            ended: false,
            len: bytes(len),
            torn: Vec::new(),
        })
    }

    fn next(&self, walked: &mut Walked, text: &[u8]) -> Result<(), AuditBreak> {
        let line = Line::parse(text).ok_or(AuditBreak::NotARecord)?;
        if walked.ended || line.is_began() {
            return Err(AuditBreak::Joined);
        }
        if Some(line.number) != walked.head.number.checked_add(1) {
            return Err(AuditBreak::Number { found: line.number });
        }
        if !self
            .walk
            .keys
            .is_tag(&walked.head.tag, line.text, &line.tag)
        {
            return Err(AuditBreak::Tag);
        }
        walked.head = Head {
            number: line.number,
            tag: line.tag,
        };
        walked.ended = line.is_ended();
        walked.len += bytes(text.len());
        if let Some(policy) = line.policy() {
            policy.clone_into(&mut walked.policy);
        }
        if let Some(named) = line.match_policy() {
            let before = walked.match_policy.replace(named.to_owned());
            // What isn't known of the file before may have been another one.
            let changed = match before {
                Some(before) => before != named,
                None => walked.after.is_some(),
            };
            walked.match_policy_changes += u64::from(changed);
        }
        Ok(())
    }

    /// Whether the record just read is the one that was kept.
    fn compare_head(&mut self) -> Result<(), AuditBreak> {
        let (Some(kept), Some(walked)) = (self.walk.kept, &self.walked) else {
            return Ok(());
        };
        if kept.number < walked.first {
            // Only the head that it goes on from says anything of this file.
            return match walked.after {
                Some(after) if after == kept => {
                    self.kept = true;
                    Ok(())
                }
                Some(after) if after.number == kept.number => Err(AuditBreak::OtherHead),
                _ => Err(AuditBreak::HeadBefore),
            };
        }
        if kept.number == walked.head.number {
            if kept.tag != walked.head.tag {
                return Err(AuditBreak::OtherHead);
            }
            self.kept = true;
        }
        Ok(())
    }

    fn finish(mut self, rest: Vec<u8>) -> Result<Walked, AuditError> {
        let torn = match (self.suspect.take(), rest.is_empty()) {
            (Some((line, _)), true) => line,
            (Some((_, why)), false) => return Err(self.broken(why).into()),
            (None, _) => rest,
        };
        let cut = match self.walk.kept {
            Some(head) if !self.kept => Some(AuditBreak::Cut { head }),
            _ => None,
        };
        match (self.walked.take(), cut) {
            (None, _) => Err(self.broken(AuditBreak::NotATrail).into()),
            (Some(walked), Some(why)) => {
                self.line += 1;
                self.walked = Some(walked);
                Err(self.broken(why).into())
            }
            (Some(walked), None) => Ok(Walked { torn, ..walked }),
        }
    }
}

/// Of a line and its newline.
fn bytes(text: usize) -> u64 {
    u64::try_from(text).unwrap_or(u64::MAX).saturating_add(1)
}
