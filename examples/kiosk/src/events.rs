//! Server-sent events: what shows, to each browser that looks.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::app::App;
use crate::{answer, view};

/// How often a line goes out when nothing happens, so that a browser that left is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// `GET /events?view=kiosk|desk`.
pub async fn events(State(app): State<Arc<App>>, uri: Uri) -> Response {
    let desk = match uri.query() {
        None | Some("view=kiosk") => false,
        Some("view=desk") => true,
        Some(_) => return answer::error(StatusCode::BAD_REQUEST, "bad-view"),
    };
    let Ok(seat) = Arc::clone(&app.seats).try_acquire_owned() else {
        return answer::error(StatusCode::SERVICE_UNAVAILABLE, "too-many-views");
    };
    let viewer = Viewer {
        news: app.board.news(),
        end: app.end.subscribe(),
        app,
        desk,
        first: true,
        pending: None,
        _seat: seat,
    };
    Sse::new(viewer.stream())
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response()
}

/// One browser that looks.
struct Viewer {
    app: Arc<App>,
    news: watch::Receiver<u64>,
    end: watch::Receiver<bool>,
    desk: bool,
    first: bool,
    /// The desk's event goes out after the state's.
    pending: Option<Event>,
    /// Given back when the browser goes.
    _seat: OwnedSemaphorePermit,
}

impl Viewer {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut viewer| async {
            let event = viewer.next().await?;
            Some((Ok(event), viewer))
        })
    }

    /// The next event; `None` when the kiosk ends. Changes that come faster than the browser reads are one.
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.pending.take() {
            return Some(event);
        }
        if !std::mem::take(&mut self.first) {
            tokio::select! {
                changed = self.news.changed() => changed.ok()?,
                _ = self.end.wait_for(|ended| *ended) => return None,
            }
        }
        let serial = *self.news.borrow_and_update();
        let snapshot = self.app.board.snapshot();
        let mut state = view::state(&snapshot, serial, self.app.clock.now());
        state["launch"] = self.app.launch.reveal().into();
        state["matcher"] = self.app.matcher.as_deref().into();
        if self.desk {
            let desk = self.app.desk_view(&snapshot);
            self.pending = Some(event("desk", &desk));
        }
        Some(event("state", &state))
    }
}

fn event(name: &str, data: &Value) -> Event {
    // JSON has no line break in it, which is all that an event's data mustn't have.
    Event::default().event(name).data(data.to_string())
}
