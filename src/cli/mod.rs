//! The shell: one file a verb, output formats, exit codes.
