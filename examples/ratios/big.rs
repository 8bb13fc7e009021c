//! A book that is there, from outside: in a terminal, as its user meets it.

use std::path::{Path, PathBuf};

use super::{Clinch, Fault, STARTS, millis, percentile, ratio, say_idle, screens, terminal};

/// The screens, with what stands on them once they have their data.
const SCREENS: [(&str, &str); 4] = [
    ("1", "Overdue"),
    ("2", "Waits"),
    ("3", "Qualify"),
    ("4", "Touched"),
];
const DOWN: &str = "\x1b[B";
const PAGE_DOWN: &str = "\x1b[6~";

/// Measures each book.
pub fn measure(books: &[PathBuf]) -> Result<(), Fault> {
    let program = std::env::current_exe()?;
    for book in books {
        // The terminal that it is opened in has a folder of its own.
        let book = &std::fs::canonicalize(book)?;
        let bytes = std::fs::metadata(book)?.len();
        println!("{} ({} MB)", book.display(), bytes / 1_000_000);
        screens::measure(book)?;
        let clinch = Clinch {
            program: program.clone(),
            book: book.clone(),
        };
        starts(&clinch)?;
        finds(&clinch)?;
        keys(&clinch, book)?;
    }
    Ok(())
}

/// From the start of the process to the first screen with its data, against `echo` in the same kind of terminal.
fn starts(clinch: &Clinch) -> Result<(), Fault> {
    let echo = ["/bin/echo".to_owned(), "Sample".to_owned()];
    for (screen, shown) in [("today", SCREENS[0].1), ("pipeline", SCREENS[2].1)] {
        let (mut frames, mut data, mut echoes) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..STARTS {
            echoes.push(terminal::Running::start(&echo)?.until_shown("Sample")?);
            let line = clinch.line(&["--read-only", "tui", "--screen", screen]);
            let mut app = terminal::Running::start(&line)?;
            frames.push(app.until_shown("Pipeline")?);
            data.push(app.until_shown(shown)?);
            app.quit()?;
        }
        let [frame, data, echo] =
            [&mut frames, &mut data, &mut echoes].map(|times| percentile(times, 50));
        println!(
            "  start on {screen:<9}      first frame p50 {} = {} of echo in a terminal (aim: 2.5 x); its data {}",
            millis(frame),
            ratio(frame, echo),
            millis(data)
        );
    }
    Ok(())
}

/// From the last of some letters to the rows that they find, while the copy for finding is hardly begun, and when there is all of it.
fn finds(clinch: &Clinch) -> Result<(), Fault> {
    for (when, wait) in [("at the start", false), ("later", true)] {
        let mut times = Vec::new();
        for _ in 0..STARTS {
            let mut app = terminal::Running::start(&clinch.line(&["--read-only"]))?;
            app.until_shown(SCREENS[0].1)?;
            app.enter("f")?;
            if wait {
                // That is said when all is read.
                app.enter("zzzq")?;
                app.until_shown("Nothing was found")?;
                app.enter("\x15")?;
                app.until_shown("a few letters")?;
            }
            let typed = app.enter("kel")?;
            let found = app.until("rows with kel", |shown| {
                let reads = shown.contains("still reading");
                let waits = shown.contains("Nothing so far") || shown.contains("Searching");
                shown.contains("best of") || reads && !waits
            })?;
            times.push(found.saturating_sub(typed));
            app.end()?;
        }
        println!(
            "  find kel, {when:<14} p50 {} (aim: 100 ms)",
            millis(percentile(&mut times, 50))
        );
    }
    Ok(())
}

/// Keys on every screen, also while another program holds the lock; then nothing, and memory.
fn keys(clinch: &Clinch, book: &Path) -> Result<(), Fault> {
    let mut app = terminal::Running::start(&clinch.line(&["--read-only"]))?;
    app.until_shown(SCREENS[0].1)?;
    for (key, shown) in SCREENS {
        // A screen that is shown already draws nothing for its key.
        if key != SCREENS[0].0 {
            let drawn = app.drawn(key)?;
            println!(
                "  screen {key}                 its frame {}, {} bytes (aim: 12 kB)",
                millis(drawn.frame),
                drawn.bytes
            );
        }
        app.until_shown(shown)?;
        report(&mut app, &format!("screen {key}: down"), DOWN, 40);
        report(&mut app, &format!("screen {key}: a page"), PAGE_DOWN, 12);
    }
    let other = rusqlite::Connection::open(book)?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    report(&mut app, "down, book locked", DOWN, 40);
    other.execute_batch("ROLLBACK")?;
    say_idle(&mut app);
    if let Some((now, most)) = app.memory() {
        println!(
            "  memory                   {} MB resident, {} MB at its highest (aim: 30 MB and 100 bytes for each of what is found)",
            now / 1024,
            most / 1024
        );
    }
    app.quit()
}

/// The frame of a key stands by itself; what the book tells of what is under the cursor then may follow it.
fn report(app: &mut terminal::Running, what: &str, key: &str, count: usize) {
    let (mut frames, mut all, mut most) = (Vec::new(), Vec::new(), 0);
    for _ in 0..count {
        // At the end of a list a key changes nothing.
        let Ok(drawn) = app.drawn_soon(key) else {
            continue;
        };
        frames.push(drawn.frame);
        all.push(drawn.all);
        most = most.max(drawn.bytes);
    }
    if frames.is_empty() {
        println!("  {what:<24} nothing moved");
        return;
    }
    let [half, nearly, nine] = [50, 95, 99].map(|percent| millis(percentile(&mut frames, percent)));
    println!(
        "  {what:<24} frame p50 {half}, p95 {nearly}, p99 {nine} (aim: 1, 3, 8 ms), with what follows p50 {}, at most {most} bytes (aim: 600 a move)",
        millis(percentile(&mut all, 50))
    );
}
