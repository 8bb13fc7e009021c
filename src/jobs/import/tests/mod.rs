mod again;
mod any;
mod back;
mod meanwhile;
mod whole;

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::domain::nouns::{Entity, deal};
use crate::domain::records::Record;
use crate::domain::time::Instant;
use crate::exchange::write::Delimited;
use crate::jobs::bed::{DEALS, Desk, NOW, PRODUCTS, REPS, bytes, desk, request};
use crate::jobs::export;
use crate::store::query::Asked;

#[test]
fn deals_come_in_with_their_reps_companies_and_stages() {
    let mut desk = desk();
    let done = desk.import(&[
        ("deals.csv", DEALS),
        ("products.csv", PRODUCTS),
        ("reps.csv", REPS),
    ]);
    assert_eq!(done.report.counts(Entity::Deal).create, 4);
    let deals = desk.list(Entity::Deal);
    assert_eq!(deals.len(), 4);
    let won = &deals[0];
    assert_eq!(won.text(&deal::TITLE), Some("Cancity - GTXPro"));
    assert_eq!(won.link::<Rep>(&deal::OWNER).unwrap().name, "Moses Frase");
    assert_eq!(won.int(&deal::AMOUNT), Some(105_400));
    assert_eq!(won.int(&deal::CLOSE_BASE), Some(105_400));
    assert_eq!(
        won.instant(&deal::CLOSED_AT).unwrap().to_string(),
        "2017-03-01T17:00:00Z"
    );
    assert_eq!(deals[1].int(&deal::AMOUNT), None);
    assert!(deals[1].link::<()>(&deal::COMPANY).is_none());
    assert_eq!(deals[3].created_at, None);
    let stages: Vec<String> = desk.list(Entity::Stage).iter().map(Record::name).collect();
    assert_eq!(stages, ["Prospecting", "Engaging", "Won", "Lost"]);
    assert_eq!(desk.list(Entity::Rep).len(), 3);
    assert_eq!(done.report.suggestions[0].near.as_deref(), Some("GTX Pro"));
}

#[test]
fn files_link_to_each_other_in_whatever_order_they_come() {
    let companies = "Record ID,Company name,Industry,Number of Employees\n7,Alpina AG,Food,20\n";
    let contacts = "Record ID,First Name,Last Name,Email,Associated Company IDs\n9,Nora,Keller,nora@alpina.ch,7\n";
    let deals = "Record ID,Deal Name,Deal Stage,Amount,Associated Company IDs,Associated Contact IDs\n3,Oats,Proposal,100,7,9\n";
    let files = [
        ("companies.csv", companies),
        ("contacts.csv", contacts),
        ("deals.csv", deals),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        for at_once in [true, false] {
            let mut desk = desk();
            let files: Vec<(&str, &str)> = order.iter().map(|place| files[*place]).collect();
            if at_once {
                desk.import(&files);
            } else {
                for file in files {
                    desk.import(&[file]);
                }
            }
            let deal = desk.list(Entity::Deal).remove(0);
            assert_eq!(
                deal.link::<()>(&deal::COMPANY).unwrap().name,
                "Alpina AG",
                "{order:?} {at_once}"
            );
            assert_eq!(
                deal.link::<()>(&deal::CONTACT).unwrap().name,
                "Nora Keller",
                "{order:?} {at_once}"
            );
            assert!(desk.list(Entity::PendingLink).is_empty());
        }
    }
}

#[test]
fn a_cancelled_import_leaves_the_book_as_it_was() {
    let mut desk = desk();
    let before = desk.hash();
    let cancel = AtomicBool::new(false);
    let files = vec![bytes("deals.csv", DEALS), bytes("reps.csv", REPS)];
    let mut told = 0;
    let mut watch = |progress: Progress| {
        // Told before and behind each batch: the first one is in the book by now.
        told += usize::from(progress.phase == Phase::Writing);
        if told == 2 {
            cancel.store(true, Ordering::Relaxed);
        }
    };
    let done = run(&mut desk.book, &request(files), &mut watch, &cancel).unwrap();
    assert!(done.cancelled);
    assert_eq!(desk.hash(), before);
}

#[test]
fn a_dry_run_reports_and_writes_nothing() {
    let mut desk = desk();
    let before = desk.hash();
    let mut dry = request(vec![bytes("deals.csv", DEALS)]);
    dry.dry_run = true;
    let planned = desk.run(&dry);
    assert_eq!(desk.hash(), before);
    let done = desk.import(&[("deals.csv", DEALS)]);
    assert_eq!(planned.report, done.report);
}

#[test]
fn rejected_rows_go_to_a_file_that_can_be_mended_and_imported() {
    let mut desk = desk();
    let text = "Deal Name,Deal Stage,Amount,Close Date\nOne,Won,abc,2024-02-01\nTwo,Won,5,2024-02-31\nThree,Won,7,2024-02-03\nFour,Won\n";
    let path = desk.folder.path().join("rejects.csv");
    let mut asked = request(vec![bytes("deals.csv", text)]);
    asked.rejects = Some(path.clone());
    let done = desk.run(&asked);
    assert_eq!(done.rejects.first(), Some(&path));
    let lines: Vec<(usize, Option<&str>)> = done
        .report
        .rejects
        .iter()
        .map(|r| (r.line, r.column.as_deref()))
        .collect();
    assert_eq!(
        lines,
        [(2, Some("Amount")), (3, Some("Close Date")), (5, None)]
    );
    let mended = std::fs::read_to_string(&path)
        .unwrap()
        .replace("abc", "4")
        .replace("2024-02-31", "2024-02-28")
        .replace("Four,Won,,", "Four,Won,9,2024-02-04");
    let done = desk.import(&[("mended.csv", &mended)]);
    assert_eq!(
        (
            done.report.counts(Entity::Deal).create,
            done.report.rejects.len()
        ),
        (3, 0)
    );
    assert_eq!(desk.list(Entity::Deal).len(), 4);
    // Nothing is overwritten, and nothing was imported.
    let fault = run(&mut desk.book, &asked, &mut |_| {}, &AtomicBool::new(false)).unwrap_err();
    assert!(fault.to_string().contains("rejects.csv"), "{fault}");
}

#[test]
fn a_near_name_of_a_rep_is_a_question_and_not_a_second_rep() {
    let mut desk = desk();
    let deals = DEALS.replace("A1,Moses Frase", "A1,Moses Frasse");
    let done = desk.import(&[("reps.csv", REPS), ("deals.csv", &deals)]);
    let asked = done
        .report
        .suggestions
        .iter()
        .find(|one| one.entity == Entity::Rep)
        .unwrap();
    assert_eq!(
        (asked.text.as_str(), asked.near.as_deref()),
        ("Moses Frasse", Some("Moses Frase"))
    );
    assert!(
        desk.list(Entity::Deal)[0]
            .link::<()>(&deal::OWNER)
            .is_none()
    );
}

#[cfg(unix)]
#[test]
fn a_link_that_waits_under_the_name_of_the_rejects_is_not_followed() {
    let mut desk = desk();
    let (trap, bait) = (
        desk.folder.path().join("r.csv"),
        desk.folder.path().join("elsewhere"),
    );
    std::os::unix::fs::symlink(&bait, &trap).unwrap();
    let mut asked = request(vec![bytes(
        "d.csv",
        "Deal Name,Deal Stage,Amount\nA,Won,abc\nB,Won,5\n",
    )]);
    asked.rejects = Some(trap);
    let empty = desk.hash();
    let fault = run(&mut desk.book, &asked, &mut |_| {}, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(fault, ImportFault::Rejects { .. }));
    assert!(!bait.exists());
    assert_eq!(desk.hash(), empty);
}
