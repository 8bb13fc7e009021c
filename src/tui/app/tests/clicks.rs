//! What else can be clicked on a screen: first lines, headings, names in strips, arrows, keys that may follow, ways to go on.

use crate::tui::msg::Msg;
use crate::tui::screens::Screen;

use super::mouse::{Opens, by_clicks, by_keys, coloured, listed, outcome, pressed};
use super::{Harness, board, days, link};

#[test]
fn what_the_first_line_of_a_list_says_is_changed_by_a_click_on_it() {
    let lists: [Opens; 3] = [
        || Harness::leads(5, 100, 30),
        || listed("/x<enter>"),
        || Harness::listing_companies(5, 100, 30),
    ];
    for open in lists {
        for (words, key) in [("sort: ", "S"), ("view: ", "V"), ("filter: ", "/")] {
            if let Some((x, y)) = coloured(open).place_of(words) {
                let clicked = by_clicks(open, &[(x, y)]);
                assert_eq!(clicked, by_keys(open, key), "{words}");
            }
        }
    }
    let two: Opens = || {
        let mut both = board("1 | 2");
        both.pipelines.push(link(501, "Partners"));
        Harness::on(both)
    };
    let (x, y) = coloured(two).place_of("New business").unwrap();
    assert_eq!(by_clicks(two, &[(x, y)]), by_keys(two, "."));
    let (x, y) = coloured(two).place_of("open 2").unwrap();
    assert_eq!(by_clicks(two, &[(x, y)]), by_keys(two, "i"));
}

#[test]
fn a_click_left_of_a_name_marks_it_and_another_takes_the_mark_away() {
    for columns in [100, 80] {
        let mut harness = Harness::leads(5, columns, 30);
        let (x, y) = harness.place_of("Lead 2").unwrap();
        for (beside, marked) in [(3, 1), (1, 0), (2, 1)] {
            harness.click(x - beside, y);
            assert_eq!(harness.app.leads.marked(), marked);
        }
        let (x, y) = harness.place_of("Lead 4").unwrap();
        harness.click(x - 2, y);
        assert_eq!(harness.app.leads.marked(), 2);
        harness.click(x, y);
        assert_eq!(harness.app.leads.marked(), 2, "the name is no box");
        assert!(harness.app.layers.is_empty());
    }
}

#[test]
fn a_heading_sorts_as_the_menu_does() {
    let lists: [Opens; 3] = [
        || Harness::leads(5, 100, 30),
        || listed(""),
        || Harness::listing_companies(5, 100, 30),
    ];
    for open in lists {
        let harness = coloured(open);
        let sorts = harness.app.screen().sorts();
        let mut hit = 0;
        for (place, sort) in (0..).zip(&sorts) {
            let mut harness = coloured(open);
            let line = harness.text().lines().nth(3).unwrap_or_default().to_owned();
            // Of what stands beside the list nothing is a heading.
            let headings = line.split("║│").next().unwrap_or_default();
            let name = sort.name.to_string();
            let Some(at) = headings.to_lowercase().find(&name.to_lowercase()) else {
                continue;
            };
            let x = crate::tui::widgets::clip::columns(&headings[..at]);
            let keys = format!("S{}<enter>", "<down>".repeat(place));
            assert_eq!(
                by_clicks(open, &[(x, 3)]).0,
                by_keys(open, &keys).0,
                "{name}"
            );
            hit += 1;
        }
        assert!(hit > 0, "{sorts:?}");
    }
}

#[test]
fn the_names_of_panels_and_stages_that_stand_alone_can_be_clicked() {
    let narrow: [(Opens, &[(&str, &str)]); 4] = [
        (
            || Harness::on_day(days::busy(), 80, 24),
            &[
                ("Rotting", "<tab>"),
                ("Waiting", "<tab><tab>"),
                ("Next steps", ""),
            ],
        ),
        (
            || Harness::sized(board("1 2 | 3 | 4 | 5"), 60, 20),
            &[
                ("Discovery 1", "l"),
                ("Proposal 1", "ll"),
                ("Qualify 2", ""),
            ],
        ),
        (
            || Harness::on_nora(80, 24),
            &[("Profile", "<s-tab>"), ("Deals ", "<tab>")],
        ),
        (|| Harness::on_keller(80, 24), &[("People ", "<tab>")]),
    ];
    for (open, names) in narrow {
        for (name, keys) in names {
            let (x, y) = coloured(open).place_of(name).unwrap();
            let clicked = by_clicks(open, &[(x, y)]);
            assert_eq!(clicked.0, by_keys(open, keys).0, "{name}");
        }
    }
}

#[test]
fn lanes_that_are_out_of_sight_come_by_a_click_on_the_arrow() {
    let open: Opens = || Harness::sized(board("1 2 | 3 | 4 | 5"), 80, 24);
    let (x, y) = coloured(open).place_of("▸").unwrap();
    assert_eq!(by_clicks(open, &[(x, y)]), by_keys(open, "lll"));
    let at_the_end: Opens = || {
        let mut harness = Harness::sized(board("1 2 | 3 | 4 | 5"), 80, 24);
        harness.press("lll");
        harness
    };
    let (x, y) = coloured(at_the_end).place_of("◂").unwrap();
    assert_eq!(by_clicks(at_the_end, &[(x, y)]), by_keys(at_the_end, "hhh"));
}

#[test]
fn the_keys_that_may_follow_can_be_clicked() {
    let open: Opens = || {
        let mut harness = pressed("g");
        harness.tell(Msg::Pause);
        harness
    };
    let mut rows = coloured(open).keys_drawn();
    rows.retain(|(_, y, _)| *y < 28);
    assert!(rows.len() > 8, "{rows:?}");
    for (x, y, text) in rows {
        assert_eq!(by_clicks(open, &[(x, y)]), by_keys(open, &text), "g {text}");
    }
    // Beside them the sequence is given up.
    let mut harness = coloured(open);
    harness.click(2, 2);
    harness.press("p");
    assert!(!harness.status().contains("person"), "{}", harness.status());
}

#[test]
fn a_way_to_go_on_with_the_filter_can_be_clicked() {
    let open: Opens = || listed("/own");
    let mut harness = coloured(open);
    let (x, y) = harness.place_of("owner:").unwrap();
    harness.click(x, y);
    assert_eq!(outcome(harness), by_keys(open, "<tab>"));
}
