//! Exports of what is shown: piece by piece, stopped, refused.

use crate::domain::filter::Filter;
use crate::domain::history::Order;
use crate::store::StoreError;
use crate::store::handle::Event;
use crate::store::query::{Answer, Query};
use crate::tui::app::views;
use crate::tui::exporter::{Exporting, ToFile};
use crate::tui::for_tests::picture;
use crate::tui::msg::{Effect, Msg};

use super::people::id;
use super::{Harness, board};

/// What was asked of the file and of the book for it, in short.
fn steps(harness: &mut Harness) -> Vec<String> {
    let asked = harness.asked().into_iter();
    let step = |effect| match effect {
        Effect::Export(ToFile::Begin(begin)) => Some(format!(
            "begin {} {} {}",
            begin.path, begin.overwrite, begin.excel
        )),
        Effect::Export(ToFile::Rows(rows)) => Some(format!("write {}", rows.len())),
        Effect::Export(ToFile::Finish) => Some("finish".to_owned()),
        Effect::Export(ToFile::Cancel) => Some("cancel".to_owned()),
        Effect::Read { view, query } if view == views::EXPORT => Some(match query {
            Query::Rows { ids, .. } => format!("read {}", ids.len()),
            Query::Order(list) => {
                let filter = list.filter.as_ref().map(Filter::to_string);
                format!("order {}", filter.unwrap_or_default())
            }
            other => format!("{other:?}"),
        }),
        _ => None,
    };
    asked.filter_map(step).collect()
}

fn say(harness: &mut Harness, said: Exporting) {
    harness.tell(Msg::Exporting(said));
}

fn rows(harness: &mut Harness) {
    let rows = Ok(Answer::Rows(Vec::new()));
    harness.hear(Event::Read(views::EXPORT, rows));
}

#[test]
fn a_list_is_read_and_written_piece_by_piece() {
    let mut harness = Harness::listing(1_234, 100, 30);
    harness.asked();
    harness.press("x");
    assert!(harness.text().contains("Export 1,234 contacts"));
    harness.press("<enter>");
    assert_eq!(
        steps(&mut harness),
        ["begin contacts-2026-11-24.csv false false"]
    );
    for piece in ["read 500", "read 500", "read 234"] {
        say(&mut harness, Exporting::Ready);
        assert_eq!(steps(&mut harness), [piece]);
        rows(&mut harness);
        assert_eq!(steps(&mut harness), ["write 0"]);
    }
    say(&mut harness, Exporting::Ready);
    assert_eq!(steps(&mut harness), ["finish"]);
    say(
        &mut harness,
        Exporting::Done("/home/ana/contacts.csv".into()),
    );
    assert_eq!(
        harness.status(),
        "Exported 1,234 contacts to /home/ana/contacts.csv"
    );
}

#[test]
fn what_is_marked_is_exported_alone() {
    let mut harness = Harness::listing(30, 100, 30);
    harness.press("<space>j<space>x");
    assert!(harness.text().contains("Export 2 contacts"));
    harness.press("<esc><esc><space>x");
    assert!(harness.text().contains("Export 1 contact "));
}

#[test]
fn a_file_that_is_there_is_replaced_only_where_that_was_said() {
    let mut harness = Harness::listing(3, 100, 30);
    harness.press("x<enter>");
    harness.asked();
    say(&mut harness, Exporting::Exists);
    assert!(harness.text().contains("is there already"));
    harness.press("<esc>");
    assert!(
        harness.text().contains("Export contacts"),
        "another name can be typed"
    );
    harness.press("<enter>");
    harness.asked();
    say(&mut harness, Exporting::Exists);
    harness.press("y");
    assert_eq!(
        steps(&mut harness),
        ["begin contacts-2026-11-24.csv true false"]
    );
}

#[test]
fn an_export_is_stopped_by_ctrl_c_and_ends_where_something_fails() {
    let mut harness = Harness::listing(900, 100, 30);
    harness.press("x<enter>");
    say(&mut harness, Exporting::Ready);
    harness.asked();
    harness.press("x");
    assert!(
        harness.status().contains("Ctrl-C stops it"),
        "one at a time"
    );
    harness.press("<c-c>");
    assert_eq!(steps(&mut harness), ["cancel"]);
    rows(&mut harness);
    assert_eq!(
        steps(&mut harness),
        [""; 0],
        "what comes late is not written"
    );
    harness.press("x<enter>");
    say(
        &mut harness,
        Exporting::Failed("The disk is full.".to_owned()),
    );
    assert_eq!(harness.status(), "Not exported. The disk is full.");
}

#[test]
fn the_cards_of_the_pipeline_are_exported_with_its_filter() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("/owner:me<enter>x<enter>");
    harness.asked();
    say(&mut harness, Exporting::Ready);
    let steps_now = steps(&mut harness);
    assert!(
        steps_now[0].starts_with("order open pipeline:")
            || steps_now[0].starts_with("order is:open pipeline:"),
        "{steps_now:?}"
    );
    assert!(steps_now[0].ends_with("owner:me"), "{steps_now:?}");
    let order = Order {
        ids: vec![id(1), id(2)],
        unknown: 0,
    };
    harness.hear(Event::Read(views::EXPORT, Ok(Answer::Order(order))));
    assert_eq!(steps(&mut harness), ["read 2"]);
}

#[test]
fn the_form_in_pictures() {
    for (columns, rows) in [(80, 24), (100, 30), (160, 45)] {
        let mut harness = Harness::listing(30, columns, rows);
        harness.press("x");
        let shot = picture(harness.screen());
        insta::assert_snapshot!(format!("export-{columns}x{rows}"), shot);
    }
}

#[test]
fn who_leaves_and_stops_the_export_has_left() {
    let mut harness = Harness::listing(30, 100, 30);
    harness.press("x<enter>q");
    harness.asked();
    harness.press("<c-c>");
    assert_eq!(
        harness.asked(),
        [Effect::Export(ToFile::Cancel), Effect::Quit]
    );
}

#[test]
fn who_leaves_now_leaves_an_export_behind() {
    // Also where the window is too small to say so.
    for (columns, rows) in [(100, 30), (11, 7)] {
        let mut harness = Harness::listing(30, 100, 30);
        harness.press("x<enter>");
        harness.asked();
        harness.tell(Msg::Resize(columns, rows));
        harness.press("q");
        assert_eq!(harness.asked(), []);
        harness.press("q");
        assert_eq!(harness.asked(), [Effect::Quit], "{columns}x{rows}");
    }
}

#[test]
fn who_leaves_during_an_export_that_the_book_does_not_answer_sees_that() {
    let mut harness = Harness::listing(30, 100, 30);
    harness.press("x<enter>q");
    harness.asked();
    let fault = StoreError::Invalid {
        field: None,
        what: "no such field".to_owned(),
    };
    harness.hear(Event::Read(views::EXPORT, Err(fault)));
    assert_eq!(harness.asked(), [Effect::Export(ToFile::Cancel)]);
    assert!(harness.app.is_bare());
}

#[test]
fn who_leaves_during_an_export_is_told_and_leaves_when_it_is_done() {
    for done in [true, false] {
        let mut harness = Harness::listing(30, 100, 30);
        harness.press("x<enter>");
        harness.asked();
        harness.press("q");
        assert!(
            harness.text().contains("who leaves now has no file"),
            "{}",
            harness.text()
        );
        assert_eq!(harness.asked(), []);
        if done {
            say(&mut harness, Exporting::Done("contacts.csv".into()));
            assert_eq!(harness.asked(), [Effect::Quit]);
        } else {
            // What went wrong is to be seen.
            say(
                &mut harness,
                Exporting::Failed("The disk is full.".to_owned()),
            );
            assert_eq!(harness.asked(), []);
            assert!(harness.status().contains("The disk is full"));
            assert!(harness.app.is_bare());
        }
    }
}
