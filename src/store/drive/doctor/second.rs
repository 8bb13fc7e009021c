//! The second seat: it does what it is asked and says what came of it.

use std::time::{Duration, Instant};

use super::super::super::error::StoreError;
use super::super::super::who::{author, random_id};
use super::ground::Ground;
use super::post::{Post, Seat};
use super::{median, shown};

/// How long a new name is looked for.
const NAME: Duration = Duration::from_secs(65);

/// Answers until the first seat says goodbye.
pub(super) fn answer(
    post: &Post,
    ground: &mut dyn Ground,
    patience: Duration,
) -> Result<(), StoreError> {
    // It has read and measured everything once: what it sees later may come from memory.
    let _ = (ground.read(), ground.size());
    post.say(Seat::Second, 1, &author().host)?;
    for turn in 2.. {
        let question = post.wait(Seat::First, turn, patience)?;
        let answer = match question.as_str() {
            "lock" => match ground.lock() {
                Ok(true) => "granted".to_owned(),
                Ok(false) => "refused".to_owned(),
                Err(fault) => fault,
            },
            "unlock" => {
                ground.unlock();
                "done".to_owned()
            }
            "read" => ground.read().unwrap_or_else(|fault| fault.to_string()),
            "write" => {
                let word = random_id().to_string();
                let written = ground.write(&word);
                written.map_or_else(|fault| fault.to_string(), |()| word)
            }
            "size" => ground
                .size()
                .map_or_else(|fault| fault.to_string(), |size| size.to_string()),
            "miss" => post.sees_name().to_string(),
            "see" => seen(post),
            "pace" => {
                let timed = median(|| {
                    let held = ground.lock().map_err(std::io::Error::other);
                    ground.unlock();
                    held.map(drop)
                });
                timed.map_or_else(|_| "no answer".to_owned(), shown)
            }
            "bye" => return post.say(Seat::Second, turn, "bye"),
            other => format!("unknown: {other}"),
        };
        post.say(Seat::Second, turn, &answer)?;
    }
    Ok(())
}

/// After how many milliseconds a new name is seen; a word where it is not.
fn seen(post: &Post) -> String {
    let since = Instant::now();
    while !post.sees_name() {
        if since.elapsed() > NAME {
            return "never".to_owned();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    since.elapsed().as_millis().to_string()
}
