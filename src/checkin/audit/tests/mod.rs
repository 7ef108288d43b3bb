mod afterwards;
mod crash;
mod lines;
mod trail;
