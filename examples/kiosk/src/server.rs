//! The listener: loopback only, with bounds on what any connection may do.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot, watch};
use uketsuke::checkin::Timeouts;
use uketsuke::transport::AnyReader;

use crate::app::{App, router};
use crate::board::Board;
use crate::clock::Clock;
use crate::devices::{Tray, TrayReader};
use crate::entry::Once;
use crate::guard::Guard;
use crate::limits::Limits;
use crate::matching::Matching;
use crate::places::Places;
use crate::secret::Secret;
use crate::settings::{Settings, Shared};
use crate::visits::{Visits, policy};

/// For a visit to let go of its card, and for the browsers to be told, when the kiosk ends.
const FAREWELL: Duration = Duration::from_secs(5);

/// How a kiosk is set up.
#[derive(Debug)]
pub struct Setup {
    /// Port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// A real reader in place of the persona tray.
    pub reader: Option<AnyReader>,
    /// What the desk can change later.
    pub settings: Settings,
    /// How long each step waits.
    pub timeouts: Timeouts,
    /// Sizes and times.
    pub limits: Limits,
    /// What compares faces.
    pub matching: Matching,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            port: 0,
            reader: None,
            settings: Settings::default(),
            timeouts: unhurried(),
            limits: Limits::default(),
            matching: Matching::simulated(),
        }
    }
}

/// The library's, with more time for the result: who reads slowly needs it.
#[must_use]
pub fn unhurried() -> Timeouts {
    Timeouts {
        result: SignedDuration::from_secs(60),
        ..Timeouts::default()
    }
}

/// To see in a test, or by eye, how time runs out: little more than the 20 seconds of the warning.
#[must_use]
pub fn short() -> Timeouts {
    let secs = SignedDuration::from_secs;
    Timeouts {
        place_card: secs(25),
        person: secs(25),
        pin: secs(25),
        result: secs(25),
        advice: secs(25),
        take_card: secs(2),
        abandon: secs(30),
        ..Timeouts::default()
    }
}

/// A kiosk that listens, and runs visits.
#[derive(Debug)]
pub struct Kiosk {
    app: Arc<App>,
    listener: TcpListener,
    address: SocketAddr,
    /// Comes when the visits' thread ended. It isn't joined: a reader that hangs in the operating system would keep the
    /// program from ending.
    visits_end: oneshot::Receiver<()>,
}

impl Kiosk {
    /// Listens on 127.0.0.1, with new secrets.
    ///
    /// # Errors
    /// The port isn't free, or there is no randomness.
    pub async fn open(setup: Setup) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, setup.port)).await?;
        let address = listener.local_addr()?;
        let secret = || Secret::random().map_err(|_| io::Error::other("no randomness"));
        let clock = Arc::new(Clock::new());
        let board = Arc::new(Board::new(Arc::clone(&clock)));
        let (tray, phones) = (Arc::new(Tray::new()), Arc::new(Tray::new()));
        let settings = Arc::new(Shared::new(setup.settings));
        let name = setup.reader.as_ref().map(|reader| {
            use uketsuke::transport::Reader;
            reader.name().to_owned()
        });
        let visits = Visits {
            board: Arc::clone(&board),
            clock: Arc::clone(&clock),
            tray: Arc::clone(&tray),
            phones: Arc::clone(&phones),
            settings: Arc::clone(&settings),
            policy: policy(setup.timeouts, &setup.matching).map_err(io::Error::other)?,
            real: name.is_some(),
        };
        let app = Arc::new(App {
            board,
            clock,
            tray: Arc::clone(&tray),
            phones,
            settings: Arc::clone(&settings),
            reader: name,
            matcher: setup.matching.name.clone(),
            guard: Guard::new(address.port(), secret()?),
            key: secret()?,
            once: Once::default(),
            launch: secret()?,
            seats: Arc::new(Semaphore::new(setup.limits.views)),
            end: watch::Sender::new(false),
            limits: setup.limits,
        });
        let reader = setup
            .reader
            .unwrap_or_else(|| AnyReader::new(TrayReader::new(tray, settings)));
        let matching = setup.matching;
        let (done, visits_end) = oneshot::channel();
        std::thread::Builder::new()
            .name("visits".to_owned())
            .spawn(move || {
                visits.run(reader, matching);
                // Nobody waits any more if it took too long.
                let _waiting = done.send(());
            })?;
        Ok(Self {
            app,
            listener,
            address,
            visits_end,
        })
    }

    /// The address to open, with the launch's key.
    #[must_use]
    pub fn url(&self) -> String {
        format!(
            "http://{}/enter?key={}",
            self.address,
            self.app.key.reveal()
        )
    }

    /// An address that opens the door once, within a minute: for a browser's command line, which every account of this
    /// computer can read.
    ///
    /// # Errors
    /// There is no randomness.
    pub fn url_once(&self) -> io::Result<String> {
        let key = Secret::random().map_err(|_| io::Error::other("no randomness"))?;
        let url = format!("http://{}/enter?key={}", self.address, key.reveal());
        self.app.once.set(key);
        Ok(url)
    }

    /// What the requests share.
    #[must_use]
    pub fn app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    /// Serves until `end` comes true, then cancels the visit, lets go of the card, and returns; after five seconds at the
    /// latest, whatever hangs.
    pub async fn serve(self, end: impl Future<Output = ()>) {
        let mut end = pin!(end);
        let limits = self.app.limits;
        let places = Places::new(limits.connections);
        let service = router(Arc::clone(&self.app));
        let graceful = GracefulShutdown::new();
        loop {
            let stream = tokio::select! {
                () = &mut end => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    // One connection's trouble, or too many files open: it passes.
                    Err(_) => {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
            };
            let Some(place) = places.take() else {
                continue;
            };
            let service = service.clone().layer(Extension(Arc::clone(&place.guest)));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(limits.head)
                .max_buf_size(16 * 1024)
                .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                let stranger = async {
                    tokio::time::sleep(limits.stranger).await;
                    if place.guest.is_let_in() {
                        std::future::pending::<()>().await;
                    }
                };
                tokio::select! {
                    // A connection that breaks concerns nobody else, and nothing is logged.
                    _ended = connection => {}
                    () = place.guest.has_to_go() => {}
                    () = stranger => {}
                }
            });
            // Before the next one: a burst of connections isn't to push this one out before it was read.
            tokio::task::yield_now().await;
        }
        drop(self.listener);
        self.app.board.stop();
        self.app.end.send_replace(true);
        let all_closed = async {
            graceful.shutdown().await;
            let _ended = self.visits_end.await;
        };
        let _in_time = tokio::time::timeout(FAREWELL, all_closed).await;
    }
}
