//! What the pages ask for and do.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use uketsuke::card::AuthPin;
use uketsuke::checkin::{Choice, ChoiceKey, Passcode, StaffId};
use uketsuke::simulation::{CardBody, Persona, PinCondition};

use crate::app::{App, SIMULATED_PIN};
use crate::board::{NotTaken, Sent};
use crate::devices::Occupied;
use crate::settings::Change;
use crate::{answer, body, frame};

type Answer = Result<Response, Box<Response>>;

/// For `Result<Response, Box<Response>>`: either is the answer.
fn whichever(answer: Answer) -> Response {
    answer.unwrap_or_else(|error| *error)
}

fn taken(result: Result<(), NotTaken>) -> Response {
    match result {
        Ok(()) => answer::done(),
        Err(error) => answer::error(StatusCode::CONFLICT, error.code()),
    }
}

fn bad(code: &'static str) -> Box<Response> {
    Box::new(answer::error(StatusCode::BAD_REQUEST, code))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// `POST /begin`: a visit.
pub async fn begin(State(app): State<Arc<App>>, body: Body) -> Response {
    whichever(
        async {
            let bytes = read(&app, body).await?;
            let Nothing {} = body::parse(&bytes)?;
            Ok(taken(app.board.begin()))
        }
        .await,
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen<'a> {
    screen: u64,
    key: &'a str,
}

/// `POST /choose`: a button without anything typed.
pub async fn choose(State(app): State<Arc<App>>, body: Body) -> Response {
    whichever(
        async {
            let bytes = read(&app, body).await?;
            let chosen: Chosen<'_> = body::parse(&bytes)?;
            let choice = key(chosen.key)
                .ok_or_else(|| bad("unknown-key"))?
                .choice()
                .ok_or_else(|| bad("key-needs-more"))?;
            Ok(taken(app.board.choose(chosen.screen, choice)))
        }
        .await,
    )
}

/// A key by the name that the screens' texts give it.
fn key(name: &str) -> Option<ChoiceKey> {
    ChoiceKey::ALL
        .iter()
        .copied()
        .find(|key| serde_json::to_value(key).is_ok_and(|known| known == name))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed<'a> {
    screen: u64,
    pin: &'a str,
}

/// `POST /pin`: from the body straight into a type that wipes itself and can't print.
pub async fn pin(State(app): State<Arc<App>>, body: Body) -> Response {
    let answer = async {
        let bytes = read(&app, body).await?;
        let typed: Typed<'_> = body::parse(&bytes)?;
        let pin = AuthPin::parse(typed.pin).map_err(|_| bad("pin-is-four-digits"))?;
        Ok(taken(app.board.choose(typed.screen, Choice::Pin(pin))))
    };
    answer::and_close(whichever(answer.await))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmed<'a> {
    screen: u64,
    staff: &'a str,
    passcode: &'a str,
}

/// `POST /staff`: a member of staff confirms.
pub async fn staff(State(app): State<Arc<App>>, body: Body) -> Response {
    let answer = async {
        let bytes = read(&app, body).await?;
        let confirmed: Confirmed<'_> = body::parse(&bytes)?;
        let staff = StaffId::new(confirmed.staff).map_err(|_| bad("staff-id"))?;
        let passcode = Passcode::new(confirmed.passcode).map_err(|_| bad("passcode-length"))?;
        let choice = Choice::StaffConfirms { staff, passcode };
        Ok(taken(app.board.choose(confirmed.screen, choice)))
    };
    answer::and_close(whichever(answer.await))
}

/// `POST /frame`: a picture for the screen in the header `X-Screen`, or with `X-Frame-Error` and no body that there is no
/// camera.
pub async fn frame(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    let answer = async {
        let screen = headers
            .get("x-screen")
            .and_then(|number| number.to_str().ok()?.parse().ok())
            .ok_or_else(|| bad("screen"))?;
        let picture = body::read(body, app.limits.frame, app.limits.body).await?;
        let sent = match (headers.contains_key("x-frame-error"), picture.is_empty()) {
            (true, true) => Sent::NoCamera,
            (false, false) => {
                let picture = frame::picture(picture, app.limits.sides);
                Sent::Picture(picture.ok_or_else(|| bad("picture"))?)
            }
            _ => return Err(bad("empty")),
        };
        Ok(taken(app.board.look_at(screen, sent)))
    };
    answer::and_close(whichever(answer.await))
}

/// `GET /people`: the persona tray. Empty where a real reader is used.
pub async fn people(State(app): State<Arc<App>>) -> Response {
    let people: Vec<_> = Persona::all()
        .iter()
        .filter(|_| app.reader.is_none())
        .map(|person| {
            json!({
                "name": person.name,
                "ja": person.summary_ja,
                "en": person.summary_en,
                "number": person.number,
                "pin": (person.pin != PinCondition::NoPin).then_some(SIMULATED_PIN),
                "face_matches": person.face_matches,
            })
        })
        .collect();
    answer::json(StatusCode::OK, &json!(people))
}

/// `GET /phones`: phones of some of them, for the reader of their own. Empty where a real reader is used.
pub async fn phones(State(app): State<Arc<App>>) -> Response {
    let phones: Vec<_> = Persona::phones()
        .iter()
        .filter(|_| app.reader.is_none())
        .map(|phone| {
            let iphone = phone.body == CardBody::Iphone;
            json!({
                "name": phone.name,
                "ja": phone.summary_ja,
                "en": phone.summary_en,
                "kind": if iphone { "iphone" } else { "android" },
                // What opens an iPhone is its holder, whom it identifies or doesn't.
                "pin": (!iphone).then(|| phone.own_pin().unwrap_or(SIMULATED_PIN)),
                "identifies": iphone.then_some(phone.face_matches),
            })
        })
        .collect();
    answer::json(StatusCode::OK, &json!(phones))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Placed<'a> {
    person: &'a str,
}

/// `POST /place`: a card from the tray onto the reader.
pub async fn place(State(app): State<Arc<App>>, body: Body) -> Response {
    whichever(
        async {
            let bytes = read(&app, body).await?;
            let placed: Placed<'_> = body::parse(&bytes)?;
            if app.reader.is_some() {
                return Ok(answer::error(StatusCode::CONFLICT, "real-reader"));
            }
            let person = Persona::named(placed.person).ok_or_else(|| bad("unknown-person"))?;
            let pull = app.settings.get().pull;
            let placed = app.tray.place(person, pull, app.clock.now());
            app.board.touch();
            Ok(put(placed))
        }
        .await,
    )
}

fn put(result: Result<(), Occupied>) -> Response {
    match result {
        Ok(()) => answer::done(),
        Err(Occupied) => answer::error(StatusCode::CONFLICT, "occupied"),
    }
}

/// `POST /remove`: the card back to the tray.
pub async fn remove(State(app): State<Arc<App>>, body: Body) -> Response {
    whichever(
        async {
            let bytes = read(&app, body).await?;
            let Nothing {} = body::parse(&bytes)?;
            app.tray.remove();
            app.board.touch();
            Ok(answer::done())
        }
        .await,
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Held<'a> {
    phone: &'a str,
    /// Whether an iPhone identifies who holds it.
    identified: Option<bool>,
}

/// `POST /hold`: a phone to the reader for phones. It begins no visit: a phone counts while it is asked for.
pub async fn hold(State(app): State<Arc<App>>, body: Body) -> Response {
    whichever(
        async {
            let bytes = read(&app, body).await?;
            let held: Held<'_> = body::parse(&bytes)?;
            if app.reader.is_some() {
                return Ok(answer::error(StatusCode::CONFLICT, "real-reader"));
            }
            let phone = Persona::phone_named(held.phone).ok_or_else(|| bad("unknown-phone"))?;
            if held.identified.is_some() && phone.body != CardBody::Iphone {
                return Err(bad("identifies-nobody"));
            }
            let pull = app.settings.get().pull;
            let now = app.clock.now();
            let held = app.phones.hold(phone, held.identified, pull, now);
            app.board.touch();
            Ok(put(held))
        }
        .await,
    )
}

/// `POST /lift`: the phone away from its reader.
pub async fn lift(State(app): State<Arc<App>>, body: Body) -> Response {
    whichever(
        async {
            let bytes = read(&app, body).await?;
            let Nothing {} = body::parse(&bytes)?;
            app.phones.remove();
            app.board.touch();
            Ok(answer::done())
        }
        .await,
    )
}

/// `POST /settings`: some of them.
pub async fn settings(State(app): State<Arc<App>>, body: Body) -> Response {
    whichever(
        async {
            let bytes = read(&app, body).await?;
            let change: Change = body::parse(&bytes)?;
            app.settings.change(change);
            app.board.touch();
            Ok(answer::done())
        }
        .await,
    )
}

async fn read(app: &App, body: Body) -> Result<zeroize::Zeroizing<Vec<u8>>, Box<Response>> {
    body::read(body, app.limits.json, app.limits.body).await
}
