//! Benchmarks of `uketsuke`; see each `[[bench]]`.
