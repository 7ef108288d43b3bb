//! Who may ask this server anything.
//!
//! It listens on this computer only, but any web page that is open in a browser here can send requests to it, and a
//! form posted by such a page could burn the tries of a real card's PIN. So each request has to show that it comes from
//! the kiosk's own page, by several signs that each suffice by themselves against one kind of attack:
//!
//! | sign | against |
//! |---|---|
//! | `Host` is this very server | DNS rebinding: another site's name that was made to point here |
//! | `Sec-Fetch-Site`, where a browser sends it, is its own or nobody's | pages of other sites and other local servers |
//! | the session's cookie, `HttpOnly` and `SameSite=Strict` | whoever wasn't let in with the launch's key |
//! | on what changes something, `Origin` is this server | cross-site posts, with or without a cookie |
//! | … a header and a content type that no form can send | forms; a script elsewhere would need a preflight, which is refused |
//!
//! What it can't keep out: another program of the same user, which could as well read the card by itself; and another web
//! server of this computer whose page is opened in the same browser. Browsers keep cookies by host and not by port, and
//! hand it this server's, whatever their attributes say. Its page can't send anything here, but the server itself can, as
//! any program that has the cookie.

use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method};

use crate::frame;
use crate::secret::Secret;

/// Where the entry is: the only address that needs no cookie.
pub const ENTRY: &str = "/enter";
/// Where pictures go: the only address that takes something other than JSON.
pub const FRAME: &str = "/frame";
/// The header that says that a script of ours asks.
const MARK: HeaderName = HeaderName::from_static("x-kiosk");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The rules, for one port and one session.
#[derive(Debug)]
pub struct Guard {
    hosts: [String; 2],
    cookie: String,
    session: Secret,
}

/// Which rule a request broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not this server's name.
    Host,
    /// Another site's page asks.
    Site,
    /// A method that nothing here has.
    Method,
    /// What changes something comes from this server's own page only.
    Origin,
    /// No script of ours.
    Mark,
    /// Not JSON, or not a picture.
    ContentType,
    /// Not let in.
    Session,
}

impl Refused {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Site => "site",
            Self::Method => "method",
            Self::Origin => "origin",
            Self::Mark => "mark",
            Self::ContentType => "content-type",
            Self::Session => "session",
        }
    }
}

impl Guard {
    /// For a server on this port. The cookie has the port in its name, since browsers keep cookies by host alone.
    #[must_use]
    pub fn new(port: u16, session: Secret) -> Self {
        Self {
            hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")],
            cookie: format!("kiosk-{port}"),
            session,
        }
    }

    /// The cookie that lets a browser in.
    #[must_use]
    pub fn set_cookie(&self) -> String {
        format!(
            "{}={}; HttpOnly; SameSite=Strict; Path=/",
            self.cookie,
            self.session.reveal()
        )
    }

    /// Lets a request pass, or says which rule it broke.
    ///
    /// # Errors
    /// The first rule broken.
    pub fn check(&self, request: &Parts) -> Result<(), Refused> {
        let headers = &request.headers;
        let host = only(headers, &HOST).ok_or(Refused::Host)?;
        if !self.hosts.iter().any(|own| own == host) {
            return Err(Refused::Host);
        }
        // `GET http://elsewhere/ HTTP/1.1` names a server too.
        if request.uri.authority().is_some_and(|named| named != host) {
            return Err(Refused::Host);
        }
        match all(headers, &FETCH_SITE).as_slice() {
            [] | [Some("same-origin" | "none")] => {}
            _ => return Err(Refused::Site),
        }
        let origin = all(headers, &ORIGIN);
        let own_origin = match origin.as_slice() {
            [Some(origin)] => origin.strip_prefix("http://") == Some(host),
            _ => false,
        };
        if !origin.is_empty() && !own_origin {
            return Err(Refused::Origin);
        }
        match request.method {
            Method::GET | Method::HEAD => {}
            Method::POST => {
                if !own_origin {
                    return Err(Refused::Origin);
                }
                if only(headers, &MARK) != Some("1") {
                    return Err(Refused::Mark);
                }
                let kind = only(headers, &CONTENT_TYPE).ok_or(Refused::ContentType)?;
                if !fits(request.uri.path(), kind) {
                    return Err(Refused::ContentType);
                }
            }
            _ => return Err(Refused::Method),
        }
        if request.uri.path() != ENTRY && !self.is_let_in(headers) {
            return Err(Refused::Session);
        }
        Ok(())
    }

    fn is_let_in(&self, headers: &HeaderMap) -> bool {
        // Browsers send one header; several cookies of one name could come from another server of this computer, so
        // any of them may be ours.
        all(headers, &COOKIE)
            .into_iter()
            .flatten()
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .any(|(name, value)| name == self.cookie && self.session.is(value.as_bytes()))
    }
}

/// The media type that an address takes.
fn fits(path: &str, content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    match path {
        FRAME => kind == frame::MEDIA_TYPE,
        _ => kind == "application/json",
    }
}

/// Each value of a header; `None` for one that isn't visible ASCII.
fn all<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<Option<&'a str>> {
    headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().ok())
        .collect()
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    match all(headers, name).as_slice() {
        [one] => *one,
        _ => None,
    }
}
