//! A disk that fails: for one call of the library the system gives no handle, or no room for a byte.

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
}

impl Fault {
    pub fn of(byte: u8) -> Self {
        match byte % 3 {
            0 => Self::Handles,
            1 => Self::Room,
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
                tell(info);
            }));
        });
        let what = match self {
            Self::None => return call(),
            Self::Handles => libc::RLIMIT_NOFILE,
            Self::Room => libc::RLIMIT_FSIZE,
        };
        set(what, Some(0));
        let given = call();
        set(what, None);
        given
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
