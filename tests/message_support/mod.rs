//! Documents for the tests of messages.
#![allow(dead_code)]

pub mod full;
