//! The `clinch` program.

fn main() {}
