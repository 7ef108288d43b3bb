//! The way in: the address that the program prints, with the launch's key.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::Response;

use crate::answer;
use crate::app::App;
use crate::secret::Secret;

/// How long an address that opens once is good.
const MINUTE: Duration = Duration::from_secs(60);

/// A key that opens the door once, soon.
#[derive(Debug, Default)]
pub struct Once(Mutex<Option<(Secret, Instant)>>);

impl Once {
    /// From now on, this one.
    pub fn set(&self, key: Secret) {
        *self.lock() = Some((key, Instant::now()));
    }

    /// Whether it is this one. If so, it is used up.
    fn takes(&self, given: &[u8]) -> bool {
        let fits = |(key, made): &mut (Secret, Instant)| key.is(given) && made.elapsed() < MINUTE;
        self.lock().take_if(fits).is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Secret, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `GET /enter?key=…`, and where to go from there: `&to=desk` to the desk view, `&lang=en` in English.
pub async fn enter(State(app): State<Arc<App>>, uri: Uri) -> Response {
    let asked = |name: &str| {
        let mut pairs = uri.query().unwrap_or_default().split('&');
        pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    let page = match asked("to") {
        Some("desk") => "/desk",
        Some("guide") => "/guide",
        Some("gallery") => "/gallery",
        _ => "/",
    };
    let language = match asked("lang") {
        Some("en") => "?lang=en",
        Some("ja") => "?lang=ja",
        _ => "",
    };
    let key = asked("key");
    let opens = |key: &str| app.key.is(key.as_bytes()) || app.once.takes(key.as_bytes());
    if !key.is_some_and(opens) {
        return answer::and_close(answer::error(StatusCode::FORBIDDEN, "key"));
    }
    let to = HeaderValue::try_from(format!("{page}{language}"));
    let (Ok(cookie), Ok(to)) = (HeaderValue::try_from(app.guard.set_cookie()), to) else {
        return answer::bare(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut response = answer::bare(StatusCode::SEE_OTHER);
    let headers = response.headers_mut();
    headers.insert(SET_COOKIE, cookie);
    headers.insert(LOCATION, to);
    response
}
