//! A card shared with other programs: one transaction per burst.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use pcsc::{Card, Disposition, Error, ShareMode, Transaction};
use zeroize::Zeroizing;

use super::link::{AnswerBuffer, PROTOCOLS, control, power_off};

/// A card on a thread of its own.
///
/// PC/SC's transaction borrows the card, so it lives on the stack of that thread, from the beginning of a burst to its end.
/// The thread waits for jobs, one at a time, and ends when this is dropped: transaction ended, card powered off.
pub(super) struct SharedCard {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl SharedCard {
    /// Takes the card to its thread. `None` if the system gives no thread.
    pub(super) fn new(card: Card) -> Option<Self> {
        let (jobs, inbox) = sync_channel(0);
        let thread = std::thread::Builder::new()
            .name("uketsuke-pcsc".to_owned())
            .spawn(move || serve(card, &inbox))
            .ok()?;
        Some(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// One command, one answer; both wiped by their owners.
    pub(super) fn transmit(&self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let command = Zeroizing::new(command.to_vec());
        self.ask(|reply| Job::Transmit { command, reply })
    }

    /// One word to the driver.
    pub(super) fn control(&self, code: u32, request: Vec<u8>) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.ask(|reply| Job::Control {
            code,
            request,
            reply,
        })
    }

    pub(super) fn begin(&self) -> Result<(), Error> {
        self.ask(|reply| Job::Begin { reply })
    }

    pub(super) fn end(&self) -> Result<(), Error> {
        self.ask(|reply| Job::End { reply })
    }

    pub(super) fn reconnect(&self, how: Disposition) -> Result<(), Error> {
        self.ask(|reply| Job::Reconnect { how, reply })
    }

    fn ask<R>(&self, job: impl FnOnce(Sender<Result<R, Error>>) -> Job) -> Result<R, Error> {
        let (reply, answer) = channel();
        let sent = self
            .jobs
            .as_ref()
            .is_some_and(|jobs| jobs.send(job(reply)).is_ok());
        if !sent {
            return Err(Error::InvalidHandle);
        }
        // The thread answers every job. If it ended instead, what became of the job isn't known.
        answer.recv().unwrap_or(Err(Error::InternalError))
    }
}

impl Drop for SharedCard {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

enum Job {
    Transmit {
        command: Zeroizing<Vec<u8>>,
        reply: Sender<Result<Zeroizing<Vec<u8>>, Error>>,
    },
    Control {
        code: u32,
        request: Vec<u8>,
        reply: Sender<Result<Zeroizing<Vec<u8>>, Error>>,
    },
    Begin {
        reply: Sender<Result<(), Error>>,
    },
    End {
        reply: Sender<Result<(), Error>>,
    },
    Reconnect {
        how: Disposition,
        reply: Sender<Result<(), Error>>,
    },
}

fn serve(mut card: Card, inbox: &Receiver<Job>) {
    let mut buffer = AnswerBuffer::new();
    while let Ok(job) = inbox.recv() {
        match job {
            Job::Begin { reply } => match card.transaction() {
                Ok(transaction) => {
                    let _ = reply.send(Ok(()));
                    serve_burst(transaction, inbox, &mut buffer);
                }
                Err(error) => drop(reply.send(Err(error))),
            },
            Job::Transmit { command, reply } => drop(reply.send(buffer.transmit(&card, &command))),
            Job::Control {
                code,
                request,
                reply,
            } => drop(reply.send(control(&card, code, &request))),
            Job::End { reply } => drop(reply.send(Ok(()))),
            Job::Reconnect { how, reply } => {
                let _ = reply.send(card.reconnect(ShareMode::Shared, PROTOCOLS, how));
            }
        }
    }
    power_off(card);
}

/// Until the burst's end, or the end of the jobs; dropping the transaction ends it either way.
fn serve_burst(mut transaction: Transaction<'_>, inbox: &Receiver<Job>, buffer: &mut AnswerBuffer) {
    while let Ok(job) = inbox.recv() {
        match job {
            Job::Begin { reply } => drop(reply.send(Ok(()))),
            Job::Transmit { command, reply } => {
                drop(reply.send(buffer.transmit(&transaction, &command)));
            }
            Job::Control {
                code,
                request,
                reply,
            } => drop(reply.send(control(&transaction, code, &request))),
            Job::End { reply } => {
                let ended =
                    transaction
                        .end(Disposition::LeaveCard)
                        .map_err(|(transaction, error)| {
                            drop(transaction);
                            error
                        });
                let _ = reply.send(ended);
                return;
            }
            Job::Reconnect { how, reply } => {
                let _ = reply.send(transaction.reconnect(ShareMode::Shared, PROTOCOLS, how));
            }
        }
    }
}
