mod crash;
mod lines;
mod trail;
