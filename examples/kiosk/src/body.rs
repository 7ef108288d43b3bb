//! Reading a request's body: bounded in size and time, and wiped.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::StreamExt;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::answer;

/// Reads at most `limit` bytes, for at most `patience`. The buffer never grows, so no piece of it is left behind, and it
/// is wiped when dropped.
///
/// # Errors
/// The answer for the page: too long, too slow, or cut.
pub async fn read(
    body: Body,
    limit: usize,
    patience: Duration,
) -> Result<Zeroizing<Vec<u8>>, Box<Response>> {
    let refuse = |status, code| Err(Box::new(answer::and_close(answer::error(status, code))));
    match tokio::time::timeout(patience, collect(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(Unread::TooLong)) => refuse(StatusCode::PAYLOAD_TOO_LARGE, "too-long"),
        Ok(Err(Unread::Cut)) => refuse(StatusCode::BAD_REQUEST, "cut"),
        Err(_) => refuse(StatusCode::REQUEST_TIMEOUT, "too-slow"),
    }
}

enum Unread {
    TooLong,
    Cut,
}

async fn collect(body: Body, limit: usize) -> Result<Zeroizing<Vec<u8>>, Unread> {
    // What is said to be too long isn't waited for.
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(Unread::TooLong);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit));
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Unread::Cut)?;
        if bytes.len().saturating_add(piece.len()) > limit {
            return Err(Unread::TooLong);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// Parses JSON, without a copy of what it borrows.
///
/// # Errors
/// The answer for the page. It says where the text isn't as it must be, and nothing of the text.
pub fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Box<Response>> {
    let refuse = |code| Box::new(answer::error(StatusCode::BAD_REQUEST, code));
    // A list of the fields' values would do for a struct as well.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(refuse("bad-field"));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        refuse(if error.is_data() {
            "bad-field"
        } else {
            "bad-json"
        })
    })
}
