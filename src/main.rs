//! The `lection` command.

fn main() {}
