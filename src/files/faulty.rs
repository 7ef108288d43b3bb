//! The operating system's files, made to stop, to fail, or to be remembered.

use std::io::{self, ErrorKind};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use super::{Files, Found, Handle, OsFiles, Stamp, Unreadable};

/// While a process is being started, it holds for a moment whatever files are
/// open here, and their locks with them: nobody takes a lock then.
static STARTING: RwLock<()> = RwLock::new(());

/// No process is started as long as this is held. One at a time in each thread.
pub(crate) type Quiet = RwLockReadGuard<'static, ()>;

pub(crate) fn quiet() -> Quiet {
    STARTING.read().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a process while nobody takes a lock.
pub(crate) fn start(command: &mut Command) -> Child {
    let _alone = STARTING.write().unwrap_or_else(PoisonError::into_inner);
    command.spawn().unwrap()
}

/// What happens at the chosen operation, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It isn't done, nor is anything after it: the program is dead.
    Dead,
    /// As `Dead`, but a write gets as far as this share of its bytes, in tenths.
    Torn(usize),
    /// The same, by bytes.
    TornAfter(usize),
    /// It fails, once.
    Fails,
    /// It is done, and says that it failed: a share that lost the answer.
    DoneButFails,
    /// The process ends at once.
    Abort,
}

/// Something that changes what is on the disk, or says when it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Create(PathBuf),
    Write(PathBuf, Vec<u8>),
    Cut(PathBuf, u64),
    Sync(PathBuf),
    SyncFolder(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) at: Option<(usize, Fault)>,
    /// Before this operation somebody puts the first file in the place of the second.
    pub(crate) exchange: Option<(usize, PathBuf, PathBuf)>,
    /// Operations so far.
    pub(crate) count: usize,
    pub(crate) dead: bool,
    pub(crate) log: Vec<Op>,
    /// Directories listed.
    pub(crate) listed: usize,
    /// Files opened for reading.
    pub(crate) opened: usize,
}

/// Shared with the test that made it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared(Arc<Mutex<Plan>>);

impl Shared {
    pub(crate) fn at(at: usize, fault: Fault) -> Self {
        let shared = Self::default();
        shared.lock().at = Some((at, fault));
        shared
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn files(&self) -> Box<dyn Files> {
        Box::new(FaultyFiles {
            real: OsFiles,
            plan: self.clone(),
        })
    }

    /// What is to happen at this operation.
    fn step(&self) -> Option<Fault> {
        let mut plan = self.lock();
        plan.count += 1;
        let count = plan.count;
        if let Some((_, from, to)) = plan.exchange.take_if(|(at, ..)| *at == count) {
            std::fs::rename(from, to).unwrap();
        }
        if plan.dead {
            return Some(Fault::Dead);
        }
        let (at, fault) = plan.at?;
        if plan.count != at {
            return None;
        }
        match fault {
            Fault::Dead | Fault::Torn(_) | Fault::TornAfter(_) => plan.dead = true,
            Fault::Abort => std::process::abort(),
            Fault::Fails | Fault::DoneButFails => {}
        }
        Some(fault)
    }
}

/// What a failed share or disk says.
const BROKEN: ErrorKind = ErrorKind::Other;

#[derive(Debug)]
struct FaultyFiles {
    real: OsFiles,
    plan: Shared,
}

impl FaultyFiles {
    fn run<T, E: From<io::Error>>(
        &mut self,
        op: Option<Op>,
        run: impl FnOnce(&mut OsFiles) -> Result<T, E>,
    ) -> Result<T, E> {
        let fault = self.plan.step();
        if !matches!(fault, None | Some(Fault::DoneButFails)) {
            return Err(io::Error::from(BROKEN).into());
        }
        let done = run(&mut self.real)?;
        self.plan.lock().log.extend(op);
        match fault {
            None => Ok(done),
            Some(_) => Err(io::Error::from(BROKEN).into()),
        }
    }
}

impl Files for FaultyFiles {
    fn lock(&mut self, path: &Path) -> io::Result<Option<Handle>> {
        self.run(None, |real| real.lock(path))
    }

    fn list(
        &mut self,
        folder: &Path,
        each: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> io::Result<()> {
        self.plan.lock().listed += 1;
        self.run(None, |real| real.list(folder, each))
    }

    fn found(&mut self, path: &Path) -> io::Result<Found> {
        self.run(None, |real| real.found(path))
    }

    fn resolved(&mut self, folder: &Path) -> io::Result<PathBuf> {
        self.run(None, |real| real.resolved(folder))
    }

    fn open(&mut self, path: &Path) -> Result<(Handle, Stamp), Unreadable> {
        self.plan.lock().opened += 1;
        self.run(None, |real| real.open(path))
    }

    fn read(&mut self, handle: &mut Handle, buffer: &mut [u8]) -> io::Result<usize> {
        self.run(None, |real| real.read(handle, buffer))
    }

    fn create(&mut self, path: &Path) -> io::Result<Handle> {
        self.run(Some(Op::Create(path.to_owned())), |real| real.create(path))
    }

    fn create_private(&mut self, path: &Path) -> io::Result<Handle> {
        self.run(Some(Op::Create(path.to_owned())), |real| {
            real.create_private(path)
        })
    }

    fn is_at(&mut self, handle: &Handle, path: &Path) -> io::Result<Option<u64>> {
        self.run(None, |real| real.is_at(handle, path))
    }

    fn append(&mut self, path: &Path) -> io::Result<Handle> {
        self.run(None, |real| real.append(path))
    }

    fn write(&mut self, handle: &mut Handle, bytes: &[u8]) -> io::Result<()> {
        let path = handle.path.clone();
        match self.plan.step() {
            None => {
                self.real.write(handle, bytes)?;
                self.plan.lock().log.push(Op::Write(path, bytes.to_vec()));
                Ok(())
            }
            Some(Fault::DoneButFails) => {
                self.real.write(handle, bytes)?;
                Err(BROKEN.into())
            }
            Some(Fault::Torn(tenths)) => {
                self.real
                    .write(handle, &bytes[..bytes.len() * tenths / 10])?;
                Err(BROKEN.into())
            }
            Some(Fault::TornAfter(len)) => {
                self.real.write(handle, &bytes[..bytes.len().min(len)])?;
                Err(BROKEN.into())
            }
            Some(_) => Err(BROKEN.into()),
        }
    }

    fn cut(&mut self, handle: &mut Handle, len: u64) -> io::Result<()> {
        let op = Op::Cut(handle.path.clone(), len);
        self.run(Some(op), |real| real.cut(handle, len))
    }

    // A kill doesn't ask the disk; what a power cut does is worked out from the log.
    fn sync(&mut self, handle: &mut Handle) -> io::Result<()> {
        self.run(Some(Op::Sync(handle.path.clone())), |_| Ok(()))
    }

    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.run(Some(Op::SyncFolder(folder.to_owned())), |_| Ok(()))
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let op = Op::Rename(from.to_owned(), to.to_owned());
        self.run(Some(op), |real| real.rename(from, to))
    }

    fn publish(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let op = Op::Rename(from.to_owned(), to.to_owned());
        self.run(Some(op), |real| real.publish(from, to))
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.run(Some(Op::Remove(path.to_owned())), |real| real.remove(path))
    }
}
