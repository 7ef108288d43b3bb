//! The card reader's screen as a web page on this computer, with the receptionist's desk beside it.
//!
//! Everything but the pages: see `main.rs` for how to run it.

pub mod answer;
pub mod api;
pub mod app;
pub mod args;
pub mod board;
pub mod body;
pub mod clock;
pub mod desk;
pub mod devices;
pub mod ending;
pub mod entry;
pub mod events;
pub mod files;
pub mod frame;
pub mod gallery;
pub mod guard;
pub mod limits;
pub mod log;
pub mod matching;
#[cfg(feature = "onnx")]
pub mod models;
pub mod places;
pub mod screens;
pub mod secret;
pub mod server;
pub mod settings;
pub mod view;
pub mod visits;
pub mod wiping;
