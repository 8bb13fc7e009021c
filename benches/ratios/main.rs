//! What fast means here, as ratios: `cargo bench`. Every figure stands beside an anchor that was measured in the same run on the same
//! disk, because absolutes drift and ratios hold.

mod board;
mod report;
mod rows;
mod sample;
mod write;

use std::time::{Duration, Instant};

/// One line of the table.
struct Line {
    what: &'static str,
    took: String,
    against: String,
    target: &'static str,
}

fn main() {
    // `cargo test --benches` asks whether this runs, not how fast it is.
    let small = std::env::args().any(|argument| argument == "--test");
    let folder = sample::folder();
    println!(
        "{:<44} {:>20}   {:<40} target",
        "measure", "took", "against"
    );
    for lines in [
        write::lines(&folder, small),
        rows::lines(&folder, small),
        board::lines(&folder, small),
        report::lines(small),
    ] {
        for line in lines {
            println!(
                "{:<44} {:>20}   {:<40} {}",
                line.what, line.took, line.against, line.target
            );
        }
    }
    // Best effort: what stays is in the target folder.
    let _ = std::fs::remove_dir_all(folder);
}

/// How long something takes.
fn time<T>(act: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    std::hint::black_box(act());
    begun.elapsed()
}

/// The value below which a share of the times lies; the times get sorted.
fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let place = (times.len() * percent / 100).min(times.len() - 1);
    times[place]
}

fn millis(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}

/// How many times as long as the anchor.
fn ratio(time: Duration, anchor: Duration) -> String {
    format!("{:.2} x", time.as_secs_f64() / anchor.as_secs_f64())
}
