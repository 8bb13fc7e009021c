//! The grammar: what is read how, what is refused and where, and that printing and reading are inverse.

use proptest::prelude::*;

use crate::domain::filter::{Expr, Filter, Flag, Op, Operand, Span, Term, Test, parse};

fn printed(text: &str) -> String {
    parse(text)
        .unwrap_or_else(|fault| panic!("{text}: {fault}"))
        .to_string()
}

#[test]
fn texts_print_in_one_canonical_form() {
    for (text, canonical) in [
        ("", ""),
        ("   ", ""),
        ("nora  keller", "nora keller"),
        ("nora AND keller", "nora keller"),
        ("\"nora keller\"", "\"nora keller\""),
        (
            "Stage:proposal value > 10k no:next_step",
            "stage:proposal value>10k no:next_step",
        ),
        ("rotting owner:me", "rotting owner:me"),
        ("is:Won", "is:won"),
        ("\"won\"", "\"won\""),
        ("not city:Boston", "-city:Boston"),
        ("not not city:Boston", "city:Boston"),
        ("-(a or b)", "-(a or b)"),
        ("(a b) (c)", "a b c"),
        ("((a or b)) or c", "a or b or c"),
        ("a b or c", "(a b) or c"),
        ("a (b or c)", "a (b or c)"),
        (
            "stage:proposal,\"closed won\"",
            "stage:proposal,\"closed won\"",
        ),
        (
            "close:2026-01-01..2026-03-31",
            "close:2026-01-01..2026-03-31",
        ),
        ("value:10k.. value:..5k", "value:10k.. value:..5k"),
        ("value>10k eur open", "value>\"10k EUR\" open"),
        ("value>10k euros", "value>10k euros"),
        ("value>10k eur:5", "value>10k eur:5"),
        ("due<=-3d", "due<=-3d"),
        ("Alpina - renewal", "Alpina \"-\" renewal"),
        ("nora@keller.ch +41-41", "nora@keller.ch +41-41"),
        ("10:30", "\"10:30\""),
        ("größe>5 Größe:8", "größe>5 größe:8"),
    ] {
        assert_eq!(printed(text), canonical, "{text}");
    }
}

#[test]
fn or_beside_adjacency_says_how_it_was_read() {
    assert_eq!(
        parse("a b or c").unwrap().reading().as_deref(),
        Some("(a b) or c")
    );
    assert_eq!(
        parse("a or b and c").unwrap().reading().as_deref(),
        Some("a or (b c)")
    );
    assert_eq!(
        parse("value>10k eur").unwrap().reading().as_deref(),
        Some("value>\"10k EUR\"")
    );
    for clear in [
        "a or b",
        "a b",
        "(a b) or c",
        "a (b or c)",
        "a value>\"10k eur\"",
    ] {
        assert_eq!(parse(clear).unwrap().reading(), None, "{clear}");
    }
}

#[test]
fn faults_name_their_place() {
    for (text, from, what) in [
        ("a (b", 2, "not closed"),
        ("a )", 2, "closes none"),
        ("()", 1, "hold nothing"),
        ("a or", 4, "behind"),
        ("or a", 0, "before"),
        ("a or or b", 5, "before"),
        ("a and", 5, "behind"),
        ("a not", 5, "behind"),
        ("a \"b", 2, "not closed"),
        ("a \" \"", 2, "nothing"),
        ("stage:", 6, "wants a value"),
        ("value:1,", 8, "wants a value"),
        ("value:..", 8, "beginning or an end"),
        ("value>10,000", 6, "one value"),
        ("value<1..2", 6, "one value"),
        (":x", 0, "field before"),
        ("a:\"b\"c", 5, "blank"),
        ("is:blue", 0, "not known"),
        ("no:a,b", 0, "one word"),
        ("has:1x", 0, "not the name"),
        ("a events(purchase)>=2", 2, "not do yet"),
        ("tag:vip in:germans", 8, "segment"),
        ("consent(mail,news)=given", 0, "not there yet"),
    ] {
        let fault = parse(text).expect_err(text);
        assert_eq!(fault.position(), from, "{text}: {fault}");
        assert!(fault.what.contains(what), "{text}: {fault}");
    }
}

#[test]
fn deep_and_long_texts_are_refused_and_do_not_overflow() {
    for text in [
        "(".repeat(3_000),
        "-".repeat(3_000),
        "not ".repeat(900),
        "a ".repeat(1_000),
        format!("a:{}", "1,".repeat(1_000)),
        "a".repeat(10_000),
    ] {
        assert!(parse(&text).is_err());
    }
    let deep = format!("{}a{}", "(".repeat(30), ")".repeat(30));
    assert_eq!(printed(&deep), "a");
}

#[test]
fn both_of_two_filters_hold() {
    let view: Filter = "open".parse().unwrap();
    let bar: Filter = "a or b".parse().unwrap();
    assert_eq!(view.clone().and(bar).to_string(), "open (a or b)");
    assert_eq!(view.clone().and(Filter::default()), view);
}

#[test]
fn filters_serialise_as_their_text() {
    let filter = parse("value>10k -city:Boston").unwrap();
    let json = serde_json::to_string(&filter).unwrap();
    assert_eq!(json, "\"value>10k -city:Boston\"");
    assert_eq!(serde_json::from_str::<Filter>(&json).unwrap(), filter);
    assert!(serde_json::from_str::<Filter>("\"(\"").is_err());
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zäß0-9.,'@_+-]{1,8}",
        "[0-9]{1,4}[km]?",
        prop::sample::select(vec![
            "eur", "CHF", "or", "not", "won", "..", "-", "events", "!="
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ]
    .prop_filter("blank", |text| !text.trim().is_empty())
}

fn name() -> impl Strategy<Value = String> {
    "[a-zä_][a-z0-9ß_-]{0,6}".prop_filter("special", |name| {
        !["has", "no", "is", "in"].contains(&name.as_str())
    })
}

fn test() -> impl Strategy<Value = Test> {
    let operand = prop_oneof![
        text().prop_map(Operand::One),
        (text(), text()).prop_map(|(low, high)| Operand::Range(Some(low), Some(high))),
        text().prop_map(|low| Operand::Range(Some(low), None)),
        text().prop_map(|high| Operand::Range(None, Some(high))),
    ];
    let listed = prop::sample::select(vec![Op::Is, Op::Eq, Op::Ne, Op::Near]);
    let ordering = prop::sample::select(vec![Op::Lt, Op::Le, Op::Gt, Op::Ge]);
    prop_oneof![
        text().prop_map(Test::Word),
        (name(), listed, prop::collection::vec(operand, 1..4))
            .prop_map(|(name, op, values)| Test::Field { name, op, values }),
        (name(), ordering, text()).prop_map(|(name, op, value)| Test::Field {
            name,
            op,
            values: vec![Operand::One(value)]
        }),
        name().prop_map(Test::Has),
        name().prop_map(Test::No),
        (prop::sample::select(Flag::ALL.to_vec()), any::<bool>())
            .prop_map(|(flag, bare)| Test::Is { flag, bare }),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    let term = test().prop_map(|test| {
        Expr::Term(Term {
            test,
            span: Span::default(),
        })
    });
    term.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::all),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::any),
            inner.prop_map(Expr::negate),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_as_the_same(root in expr()) {
        let filter = Filter::of(root);
        let text = filter.to_string();
        let again = parse(&text).map_err(|fault| TestCaseError::fail(format!("{text}: {fault}")))?;
        prop_assert_eq!(&again, &filter, "{}", text);
        prop_assert_eq!(again.to_string(), text);
    }

    #[test]
    fn any_text_is_read_or_refused_within_its_bounds(text in "[ab():\"<>=!~,. -]{0,40}|\\PC{0,40}") {
        match parse(&text) {
            Ok(filter) => {
                let canonical = filter.to_string();
                prop_assert_eq!(parse(&canonical).map(|again| again == filter), Ok(true), "{}", canonical);
            }
            Err(fault) => prop_assert!(text.get(fault.span.from..fault.span.to).is_some(), "{}", fault),
        }
    }
}
