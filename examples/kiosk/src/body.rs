//! Reading a request's body: bounded in size and time, and wiped.

use std::time::Duration;

use axum::body::Body;
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
    serde_json::from_slice(bytes).map_err(|error| {
        let code = if error.is_data() {
            "bad-field"
        } else {
            "bad-json"
        };
        Box::new(answer::error(StatusCode::BAD_REQUEST, code))
    })
}
