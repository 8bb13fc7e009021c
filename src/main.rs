//! The `clinch` program: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    clinch::cli::main(std::env::args_os())
}
