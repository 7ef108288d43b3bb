//! Every element of the messages beside reports, each by itself and all together in any order, against lists of their own.

mod answers;
mod questions;
