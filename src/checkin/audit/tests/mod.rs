mod afterwards;
mod crash;
mod judged;
mod lines;
mod trail;
