//! The `lection` command.

/// One heap for all threads. That of the system keeps one for each thread, and in each of them what
/// its largest job took: workers come and go with every edition of a file.
#[cfg(target_os = "linux")]
#[global_allocator]
static HEAP: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() {
    let arguments = std::env::args_os().skip(1).collect();
    std::process::exit(lection::cli::run(arguments));
}
