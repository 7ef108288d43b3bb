//! The pages, embedded: the program needs no file beside it.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use crate::answer;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Address, media type, contents.
const FILES: &[(&str, &str, &str)] = &[
    ("/", HTML, include_str!("../pages/kiosk.html")),
    ("/gallery", HTML, include_str!("../pages/gallery.html")),
    ("/desk", HTML, include_str!("../pages/desk.html")),
    ("/guide", HTML, include_str!("../pages/guide.html")),
    ("/style.css", CSS, include_str!("../pages/style.css")),
    ("/kiosk.css", CSS, include_str!("../pages/kiosk.css")),
    ("/desk.css", CSS, include_str!("../pages/desk.css")),
    ("/guide.css", CSS, include_str!("../pages/guide.css")),
    ("/kiosk.js", JS, include_str!("../pages/kiosk.js")),
    ("/desk.js", JS, include_str!("../pages/desk.js")),
    ("/gallery.js", JS, include_str!("../pages/gallery.js")),
    ("/guide.js", JS, include_str!("../pages/guide.js")),
    ("/art.js", JS, include_str!("../pages/art.js")),
    ("/camera.js", JS, include_str!("../pages/camera.js")),
    ("/clock.js", JS, include_str!("../pages/clock.js")),
    ("/desk_words.js", JS, include_str!("../pages/desk_words.js")),
    ("/dom.js", JS, include_str!("../pages/dom.js")),
    (
        "/guide_steps.js",
        JS,
        include_str!("../pages/guide_steps.js"),
    ),
    ("/pad.js", JS, include_str!("../pages/pad.js")),
    ("/screen.js", JS, include_str!("../pages/screen.js")),
    ("/sound.js", JS, include_str!("../pages/sound.js")),
    ("/talk.js", JS, include_str!("../pages/talk.js")),
    ("/words.js", JS, include_str!("../pages/words.js")),
    ("/icon.svg", SVG, include_str!("../pages/icon.svg")),
];

/// Routes to all of them.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    FILES
        .iter()
        .fold(Router::new(), |router, (path, kind, contents)| {
            router.route(path, get(async || file(kind, contents)))
        })
}

fn file(kind: &'static str, contents: &'static str) -> Response {
    answer::with(StatusCode::OK, kind, contents)
}
