//! Documents for the tests of answers: one with every element, arbitrary reports,
//! and a tree that can be shuffled and misspelt.
#![allow(dead_code)]

pub mod any;
pub mod full;
pub mod tree;
pub mod written;
