//! The `lection` command.

fn main() {
    let arguments = std::env::args_os().skip(1).collect();
    std::process::exit(lection::cli::run(arguments));
}
