//! The way in: the address that the program prints, with the launch's key.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::Response;

use crate::answer;
use crate::app::App;

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
    if !key.is_some_and(|key| app.key.is(key.as_bytes())) {
        return answer::error(StatusCode::FORBIDDEN, "key");
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
