//! What the tests of the photo's decoder share.
#![allow(dead_code)]

pub mod bombs;
pub mod pnm;
