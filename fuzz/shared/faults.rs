//! A disk that fails: for one call of the library the system gives no handle, or no room for a byte, or what isn't everybody's
//! belongs to somebody else.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Once;

/// What fails.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Fault {
    #[default]
    None,
    /// Nothing can be opened or listed.
    Handles,
    /// Nothing can be written.
    Room,
    /// Nothing can be made or removed, and nothing read that others may not read.
    Rights,
}

impl Fault {
    pub fn of(byte: u8) -> Self {
        match byte % 4 {
            0 => Self::Handles,
            1 => Self::Room,
            3 => Self::Rights,
            _ => Self::None,
        }
    }

    pub fn during<T>(self, call: impl FnOnce() -> T) -> T {
        static READY: Once = Once::new();
        READY.call_once(|| {
            // A write beyond the limit is to be an error, and a panic told on a disk that works.
            unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
            let tell = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                set(libc::RLIMIT_NOFILE, None);
                set(libc::RLIMIT_FSIZE, None);
                restore();
                tell(info);
            }));
        });
        let what = match self {
            Self::None => return call(),
            Self::Rights => {
                // Only root has rights to lay down.
                let root = unsafe { libc::geteuid() == 0 && libc::seteuid(NOBODY) == 0 };
                let given = call();
                if root {
                    restore();
                }
                return given;
            }
            Self::Handles => libc::RLIMIT_NOFILE,
            Self::Room => libc::RLIMIT_FSIZE,
        };
        set(what, Some(0));
        let given = call();
        set(what, None);
        given
    }
}

const NOBODY: libc::uid_t = 65_534;

fn restore() {
    unsafe {
        if libc::getuid() == 0 {
            assert_eq!(libc::seteuid(0), 0);
        }
    }
}

/// The soft limit; `None`: as high as may be.
fn set(what: libc::__rlimit_resource_t, most: Option<u64>) {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    unsafe {
        assert_eq!(libc::getrlimit(what, &raw mut limit), 0);
        limit.rlim_cur = most.unwrap_or(limit.rlim_max);
        assert_eq!(libc::setrlimit(what, &raw const limit), 0);
    }
}

/// Whether others may read it.
pub fn open_to_all(path: &Path, open: bool) {
    let folder = path.is_dir();
    let mode = match (open, folder) {
        (true, true) => 0o755,
        (true, false) => 0o644,
        (false, _) => 0,
    };
    let _ = set_permissions(path, Permissions::from_mode(mode));
}
