//! Views, columns and orders: what keys show, and what they ask of the book.

use crate::domain::command::{Base, Command, Input};
use crate::domain::nouns::{Entity, Field, view};
use crate::domain::records::Record;
use crate::domain::value::Value;
use crate::store::handle::Event;
use crate::store::query::{Answer, ListQuery, Listing, Query};
use crate::tui::app::views;
use crate::tui::for_tests::picture;
use crate::tui::layers::Layer;
use crate::tui::msg::Effect;
use crate::tui::screens::Screen;

use super::people::id;
use super::{Harness, board, receipt};

/// A view as the book answers it.
fn saved(raw: i64, name: &str, screen: &str, lines: [&str; 3], shared: bool) -> Record {
    let line = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty()).into();
    let [filter, columns, sort] = lines;
    Record {
        entity: Entity::View,
        id: id(raw),
        created_at: None,
        trashed_at: None,
        values: vec![
            screen.into(),
            name.into(),
            line(filter),
            line(columns),
            line(sort),
            Value::Int(if shared { 900 } else { 901 }),
            shared.into(),
        ],
        names: vec![None; 7],
        gone: Vec::new(),
        custom: Vec::new(),
        sets: Vec::new(),
        source: None,
        state: None,
        seq: 1,
    }
}

fn answer(harness: &mut Harness, place: crate::store::handle::View, records: Vec<Record>) {
    let listing = Listing {
        total: records.len() as u64,
        records,
        unknown: 0,
    };
    harness.hear(Event::Read(place, Ok(Answer::List(listing))));
}

/// The list of contacts in a book with views: one of mine that is shared, one that Ben keeps for himself.
fn with_views(columns: u16, rows: u16) -> Harness {
    let mut harness = Harness::listing(30, columns, rows);
    let mine = saved(
        71,
        "Big fish",
        "contacts",
        [
            "tag:vip owner:me",
            "name,city,custom.0000000000007",
            "-last_touch,name",
        ],
        true,
    );
    let his = saved(72, "Bens", "contacts", ["owner:ben", "", ""], false);
    let deals = saved(73, "Late ones", "pipeline", ["close<today", "", ""], true);
    answer(&mut harness, views::VIEWS, vec![mine, his, deals]);
    harness.effects.clear();
    harness
}

fn order(harness: &mut Harness) -> Option<ListQuery> {
    let asked = harness.asked().into_iter().rev();
    let mut orders = asked.filter_map(|effect| match effect {
        Effect::Read {
            query: Query::Order(list),
            ..
        } => Some(list),
        _ => None,
    });
    orders.next()
}

fn asked(harness: &mut Harness) -> (String, String) {
    let list = order(harness).unwrap();
    let sort: Vec<String> = list
        .sort
        .iter()
        .map(|(key, down)| format!("{}{key}", if *down { "-" } else { "" }))
        .collect();
    let filter = list.filter.map(|filter| filter.to_string());
    (filter.unwrap_or_default(), sort.join(","))
}

#[test]
fn a_view_puts_on_filter_columns_and_order_and_a_built_in_one_takes_them_off_again() {
    let mut harness = with_views(100, 30);
    harness.press("VBig<enter>");
    assert_eq!(
        asked(&mut harness),
        ("tag:vip owner:me".to_owned(), "-last_touch,name".to_owned())
    );
    let text = harness.text();
    assert!(
        text.contains("view: Big fish  filter: tag:vip owner:me"),
        "{text}"
    );
    assert!(text.contains("City") && !text.contains("Company"), "{text}");
    harness.press("SName<enter>");
    assert_eq!(asked(&mut harness).1, "name,-last_touch");
    assert!(harness.text().contains("Big fish*"));
    harness.press("VMine<enter>");
    assert_eq!(
        asked(&mut harness),
        ("owner:me".to_owned(), "name".to_owned())
    );
    let text = harness.text();
    assert!(text.contains("view: Mine  filter"), "{text}");
    assert!(text.contains("Company"), "{text}");
    harness.press("<esc>");
    assert_eq!(asked(&mut harness).0, "");
    assert!(!harness.text().contains("Mine"), "it was its filter");
}

#[test]
fn the_menu_has_my_views_and_those_of_all_of_this_screen_alone() {
    let mut harness = with_views(100, 30);
    harness.press("V");
    let text = harness.text();
    for there in ["Unassigned", "Big fish", "Save what is shown"] {
        assert!(text.contains(there), "{there}");
    }
    for not in ["Bens", "Late ones", "Rename"] {
        assert!(!text.contains(not), "{not}");
    }
}

#[test]
fn what_is_shown_is_kept_under_a_name() {
    let mut harness = with_views(100, 30);
    harness.press("/city:Bern<enter>SCompany<enter>VSave<enter>");
    harness.asked();
    harness.press("Bernese<c-s>");
    let (ticket, commands, _) = harness.write();
    let [Command::Create(create)] = &commands[..] else {
        panic!("{commands:?}");
    };
    let given = |def| {
        let mut fields = create.fields.iter();
        fields.find_map(|(field, input)| match input {
            Input::Value(value) if *field == Field::Own(def) => Some(value.clone()),
            _ => None,
        })
    };
    assert_eq!(given(&view::NAME), Some("Bernese".into()));
    assert_eq!(given(&view::SCREEN), Some("contacts".into()));
    assert_eq!(given(&view::FILTER), Some("city:Bern".into()));
    assert_eq!(given(&view::SORT), Some("company,name".into()));
    assert_eq!(given(&view::SHARED), Some(true.into()));
    assert_eq!(given(&view::OWNER), Some(Value::Int(900)));
    let mut done = receipt("Add the view Bernese");
    done.created = vec![(create.slot, Entity::View, id(74))];
    harness.hear(Event::Written(
        ticket,
        Ok(crate::domain::outcome::Outcome::Saved(done)),
    ));
    let asks = harness.asked();
    let views_read =
        |effect: &Effect| matches!(effect, Effect::Read { view, .. } if *view == views::VIEWS);
    assert!(asks.iter().any(views_read), "{asks:?}");
    let new = saved(
        74,
        "Bernese",
        "contacts",
        ["city:Bern", "", "company,name"],
        true,
    );
    answer(&mut harness, views::VIEWS, vec![new]);
    assert!(harness.text().contains("view: Bernese  filter: city:Bern"));
}

#[test]
fn a_view_is_changed_by_its_base_values_renamed_and_put_into_the_trash() {
    let mut harness = with_views(100, 30);
    harness.press("VBig<enter>/<c-u>tag:vip<enter>VChange<enter>");
    let (_, commands, _) = harness.write();
    let [Command::Edit { edits, target, .. }] = &commands[..] else {
        panic!("{commands:?}");
    };
    assert_eq!(*target, id(71).into());
    assert_eq!(edits[0].base, Base::Seen("tag:vip owner:me".into()));
    assert_eq!(edits[0].new, "tag:vip".into());
    harness.press("VRename<enter>");
    assert!(matches!(harness.app.layers.last(), Some(Layer::Opening(_))));
    harness.press("<esc>VPut<enter>");
    let (_, commands, _) = harness.write();
    assert!(matches!(
        &commands[..],
        [Command::Trash {
            entity: Entity::View,
            ..
        }]
    ));
}

#[test]
fn a_colleague_renames_the_view_that_is_on() {
    let mut harness = with_views(100, 30);
    harness.press("VBig<enter>");
    let other = saved(71, "Whales", "contacts", ["tag:vip", "", ""], true);
    answer(&mut harness, views::VIEWS, vec![other]);
    assert!(harness.text().contains("view: Whales"));
}

#[test]
fn a_view_that_another_program_wrote_is_barred_with_the_reason() {
    let mut harness = Harness::listing(3, 100, 30);
    let odd = saved(75, "Odd", "contacts", ["(a", "", ""], true);
    answer(&mut harness, views::VIEWS, vec![odd]);
    harness.press("VOdd<enter>");
    assert!(harness.text().contains("bracket"));
}

#[test]
fn the_pipeline_has_views_of_its_own() {
    let mut harness = Harness::on(board("1 2 | 3"));
    let late = saved(73, "Late ones", "pipeline", ["close<today", "", ""], true);
    answer(&mut harness, views::VIEWS, vec![late]);
    harness.asked();
    harness.press("VRotting<enter>");
    let query = harness.board_query().unwrap();
    assert_eq!(query.filter.unwrap().to_string(), "is:rotting");
    assert!(harness.text().contains("view: Rotting"));
    harness.press("VLate<enter>");
    let query = harness.board_query().unwrap();
    assert_eq!(query.filter.unwrap().to_string(), "close<today");
}

#[test]
fn columns_are_ticked_put_in_order_and_left() {
    let mut harness = with_views(160, 45);
    harness.press("C<space>J<enter>");
    let keys = harness.app.contacts.columns.clone();
    assert!(!keys.contains(&"name".to_owned()), "{keys:?}");
    harness.press("C<esc>");
    assert_eq!(harness.app.contacts.columns, keys);
    harness.press("C<end><space><enter>");
    assert!(harness.app.contacts.columns.len() > keys.len());
    assert!(harness.app.contacts.columns().len() > 15);
}

#[test]
fn the_order_before_stays_as_the_second_key() {
    let mut harness = with_views(100, 30);
    for (keys, sort) in [
        ("SCompany<enter>", "company,name"),
        ("STitle<enter>", "title,company,name"),
        ("STitle<enter>", "-title,company,name"),
        ("SCompany<enter>", "company,-title,name"),
        ("SAdded<enter>", "-id,company"),
    ] {
        harness.press(keys);
        assert_eq!(asked(&mut harness).1, sort, "{keys}");
    }
    assert!(harness.text().contains("sort: added"));
}

#[test]
fn views_in_pictures() {
    type Prepare = fn(&mut Harness);
    let all: [(&str, Prepare); 4] = [
        ("menu", |harness| {
            harness.press("VBig<enter>V");
        }),
        ("changed", |harness| {
            harness.press("VBig<enter>/<bs><bs><bs><enter>");
        }),
        ("columns", |harness| {
            harness.press("C<down><down><space>");
        }),
        ("save", |harness| {
            harness.press("VSave<enter>");
        }),
    ];
    for (name, prepare) in all {
        for (columns, rows) in [(80, 24), (100, 30), (160, 45)] {
            let mut harness = with_views(columns, rows);
            prepare(&mut harness);
            harness.order(&(1..=30).collect::<Vec<_>>());
            harness.answer_rows();
            let shot = picture(harness.screen());
            insta::assert_snapshot!(format!("views-{name}-{columns}x{rows}"), shot);
        }
    }
    for (columns, rows) in [(60, 20), (40, 10), (1, 1)] {
        for (_, prepare) in all {
            let mut harness = with_views(columns, rows);
            prepare(&mut harness);
            harness.screen();
        }
    }
}

/// The pipeline that the board was asked for last.
fn pipeline_asked(harness: &mut Harness) -> Option<i64> {
    let asked = harness.asked().into_iter().rev();
    let mut boards = asked.filter_map(|effect| match effect {
        Effect::Read {
            query: Query::Board(board),
            ..
        } => Some(board.pipeline.map(crate::domain::id::Id::raw)),
        _ => None,
    });
    boards.next().flatten()
}

#[test]
fn a_view_of_the_board_shows_the_pipeline_that_it_was_kept_with() {
    let two = || {
        let mut two = board("1 2 | 3");
        two.pipelines.push(super::link(501, "Partners"));
        two
    };
    let mut harness = Harness::sized(two(), 100, 30);
    let line = format!("pipeline.{}", id(501));
    let kept = saved(74, "Ours", "pipeline", ["owner:me", &line, ""], true);
    let any = saved(75, "Any", "pipeline", ["value>10k", "", ""], true);
    answer(&mut harness, views::VIEWS, vec![kept, any]);
    harness.asked();
    harness.press("VOurs<enter>");
    assert_eq!(pipeline_asked(&mut harness), Some(501));
    let mut partners = two();
    partners.pipeline = Some(super::link(501, "Partners"));
    harness.hear(Event::Read(
        views::BOARD,
        Ok(Answer::Board(Box::new(partners))),
    ));
    assert!(harness.text().contains("Ours") && !harness.text().contains("Ours*"));
    assert_eq!(harness.app.board.setup().columns_line(), Some(line));
    // One that was kept without a pipeline stays where one is; who turns on sees that it is another one.
    harness.press("VAny<enter>");
    assert_eq!(pipeline_asked(&mut harness), Some(501));
    harness.press("VOurs<enter>.");
    assert_eq!(pipeline_asked(&mut harness), Some(500));
    assert!(harness.text().contains("Ours*"), "{}", harness.text());
    // The pipeline goes away: that is said, and the one that is shown instead is asked for from then on.
    harness.press("VOurs<enter>");
    assert_eq!(pipeline_asked(&mut harness), Some(501));
    let first = Answer::Board(Box::new(board("1 2 | 3")));
    harness.hear(Event::Read(views::BOARD, Ok(first)));
    let said = harness.status();
    assert!(said.contains("any more: the first one"), "{said}");
    assert_eq!(harness.app.board.pipeline, None);
}

#[test]
fn a_word_of_the_filter_that_nothing_holds_is_told_with_the_nearest() {
    let mut harness = with_views(100, 30);
    harness.press("/");
    let words = vec![("tag".to_owned(), vec!["vip".to_owned()])];
    harness.hear(Event::Read(views::WORDS, Ok(Answer::Words(words))));
    harness.press("tag:vipp<enter>");
    let said = harness.status();
    assert!(
        said.contains("No tag here is `vipp`; the nearest is `vip`."),
        "{said}"
    );
    let mut harness = with_views(100, 30);
    harness.press("/");
    let words = vec![("tag".to_owned(), vec!["vip".to_owned()])];
    harness.hear(Event::Read(views::WORDS, Ok(Answer::Words(words))));
    harness.press("tag:vip<enter>");
    assert!(!harness.status().contains("nearest"));
}

/// The book does not know a field of what the list asks.
fn refuse(harness: &mut Harness) {
    let fault = crate::store::StoreError::Invalid {
        field: Some("filter".to_owned()),
        what: "`tyer` is no field of a contact; did you mean `tier`?".to_owned(),
    };
    harness.hear(Event::Read(views::ORDER, Err(fault)));
}

#[test]
fn a_view_that_the_book_does_not_understand_shows_nothing_and_says_why_until_it_is_mended() {
    let mut harness = with_views(100, 30);
    let view = saved(74, "Gold", "contacts", ["tyer:gold", "", ""], true);
    answer(&mut harness, views::VIEWS, vec![view]);
    harness.press("VGold<enter>");
    harness.asked();
    for _ in 0..2 {
        // Somebody else's change reads it again.
        refuse(&mut harness);
        let text = harness.text();
        assert!(
            text.contains("The view Gold cannot be shown: `tyer` is no field of a contact"),
            "{text}"
        );
        assert!(!text.contains("Contact 1"), "{text}");
        assert!(order(&mut harness).is_none(), "not all contacts instead");
    }
    let said = harness.app.notices.all().iter();
    assert_eq!(said.filter(|said| said.text.contains("Gold")).count(), 1);
    harness.press("#");
    assert_eq!(harness.writes(), []);
    // It is mended where filters are typed.
    harness.press("/<c-u>tier:gold<enter>");
    assert_eq!(
        order(&mut harness).unwrap().filter.unwrap().to_string(),
        "tier:gold"
    );
}

#[test]
fn a_view_that_is_refused_shows_nothing_also_where_its_order_was_changed_by_hand() {
    let mut harness = with_views(100, 30);
    let view = saved(74, "Gold", "contacts", ["tyer:gold", "", ""], true);
    answer(&mut harness, views::VIEWS, vec![view]);
    harness.press("VGold<enter>SCompany<enter>");
    refuse(&mut harness);
    let text = harness.text();
    assert!(text.contains("The view Gold cannot be shown"), "{text}");
    assert!(!text.contains("Contact 1"), "{text}");
}

#[test]
fn a_view_that_is_put_into_the_trash_is_no_longer_the_name_of_what_is_shown() {
    let mut harness = with_views(100, 30);
    harness.press("VBig<enter>");
    assert!(harness.text().contains("view: Big fish"));
    answer(&mut harness, views::VIEWS, Vec::new());
    let text = harness.text();
    assert!(!text.contains("Big fish"), "{text}");
    assert!(text.contains("filter: tag:vip owner:me"), "{text}");
}

#[test]
fn esc_takes_the_filter_of_a_view_off_and_then_the_view() {
    let mut harness = with_views(100, 30);
    harness.press("VBig<enter><esc>");
    assert!(harness.text().contains("view: Big fish*"));
    harness.asked();
    harness.press("<esc>");
    let text = harness.text();
    assert!(!text.contains("Big fish"), "{text}");
    let order = order(&mut harness).unwrap();
    assert_eq!((order.filter, order.sort[0].0.as_str()), (None, "name"));
    // One that the screen is born with is its filter.
    harness.press("VMine<enter>");
    assert!(harness.text().contains("view: Mine"));
    harness.press("<esc>");
    assert!(!harness.text().contains("Mine"), "{}", harness.text());
}
