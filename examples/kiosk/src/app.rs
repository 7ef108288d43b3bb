//! What the routes share, and the routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};

use crate::board::{Board, Snapshot};
use crate::clock::Clock;
use crate::devices::Tray;
use crate::entry::Once;
use crate::guard::{ENTRY, FRAME, Guard};
use crate::limits::Limits;
use crate::places::Guest;
use crate::secret::Secret;
use crate::settings::Shared;
use crate::{answer, api, entry, events, files, gallery, view};

/// PIN of the virtual cards, and of phones that have no other.
pub const SIMULATED_PIN: &str = "1234";

/// Shared by all requests.
#[derive(Debug)]
pub struct App {
    /// What shows.
    pub board: Arc<Board>,
    /// The time.
    pub clock: Arc<Clock>,
    /// The persona tray.
    pub tray: Arc<Tray>,
    /// The phones, and the reader of their own.
    pub phones: Arc<Tray>,
    /// What the desk can change.
    pub settings: Arc<Shared>,
    /// Name of the real reader, if there is one.
    pub reader: Option<String>,
    /// What compares faces, as it names itself; `None`: it is simulated.
    pub matcher: Option<String>,
    /// Who may ask.
    pub guard: Guard,
    /// What the launch's address has in it.
    pub key: Secret,
    /// What the address that was given to a browser has in it.
    pub once: Once,
    /// In each state, so that a page notices when another program has taken this one's place: that one doesn't know it.
    pub launch: Secret,
    /// One for each browser that may look at the same time.
    pub seats: Arc<Semaphore>,
    /// Turns true when the kiosk ends.
    pub end: watch::Sender<bool>,
    /// Sizes and times.
    pub limits: Limits,
}

impl App {
    /// The event `desk`.
    pub fn desk_view(&self, snapshot: &Snapshot) -> Value {
        let mut desk = view::desk(snapshot);
        desk["card"] = json!(self.tray.card().map(|person| person.name));
        desk["phone"] = json!(self.phones.card().map(|phone| phone.name));
        desk["settings"] = json!(self.settings.get());
        desk["reader"] = json!(self.reader);
        // What the virtual cards and the simulated staff answer to: public, and of no use with anything real.
        desk["simulated"] = json!({
            "pin": SIMULATED_PIN,
            "staff": "staff-1",
            "passcode": "simulated-passcode",
        });
        desk
    }
}

/// All routes behind the guard.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .merge(files::routes())
        .route(ENTRY, get(entry::enter))
        .route("/events", get(events::events))
        .route("/people", get(api::people))
        .route("/phones", get(api::phones))
        .route("/screens", get(gallery::screens))
        .route("/begin", post(api::begin))
        .route("/choose", post(api::choose))
        .route("/pin", post(api::pin))
        .route("/staff", post(api::staff))
        .route(FRAME, post(api::frame))
        .route("/place", post(api::place))
        .route("/remove", post(api::remove))
        .route("/hold", post(api::hold))
        .route("/lift", post(api::lift))
        .route("/settings", post(api::settings))
        .fallback(async || answer::error(StatusCode::NOT_FOUND, "not-found"))
        .method_not_allowed_fallback(async || {
            answer::error(StatusCode::METHOD_NOT_ALLOWED, "method")
        })
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guarded))
        .with_state(app)
}

async fn guarded(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let response = match app.guard.check(&parts) {
        Ok(()) => {
            if parts.uri.path() != ENTRY
                && let Some(guest) = parts.extensions.get::<Arc<Guest>>()
            {
                guest.let_in();
            }
            next.run(Request::from_parts(parts, body)).await
        }
        // The body of what is refused is never read: the connection closes.
        Err(refused) => answer::and_close(answer::error(StatusCode::FORBIDDEN, refused.code())),
    };
    answer::protect(response)
}
