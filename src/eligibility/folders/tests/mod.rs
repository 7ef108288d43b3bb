mod clinic;
mod crash;
mod ends;
mod face;
mod foreign;
mod hostile;
mod journal;
mod power;
mod rounds;
mod service;

use crate::files::faulty;
