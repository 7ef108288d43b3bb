mod clinic;
mod crash;
mod faulty;
mod journal;
mod power;
mod rounds;
mod service;
