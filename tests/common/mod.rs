//! What several tests share. Each test program uses a part of it.

#![allow(dead_code, reason = "each test program compiles this and uses a part")]

pub mod pty;
