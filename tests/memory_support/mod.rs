pub mod client;
pub mod scan;
