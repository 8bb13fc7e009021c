//! What terminals send, and what it means.

use super::*;
use proptest::prelude::*;

fn decode(reads: &[&[u8]]) -> Vec<Input> {
    let (mut decoder, mut out) = (Decoder::default(), Vec::new());
    for read in reads {
        decoder.feed(read, &mut out);
    }
    out
}

fn keys(bytes: &[u8]) -> Vec<(KeyCode, KeyModifiers)> {
    decode(&[bytes])
        .into_iter()
        .filter_map(|input| match input {
            Input::Key(event) => Some((event.code, event.modifiers)),
            _ => None,
        })
        .collect()
}

#[test]
fn keys_of_common_terminals_are_known() {
    let none = KeyModifiers::NONE;
    for (bytes, code, modifiers) in [
        (&b"j"[..], KeyCode::Char('j'), none),
        (b"G", KeyCode::Char('G'), KeyModifiers::SHIFT),
        ("é".as_bytes(), KeyCode::Char('é'), none),
        ("龍".as_bytes(), KeyCode::Char('龍'), none),
        (b"\r", KeyCode::Enter, none),
        (b"\x7f", KeyCode::Backspace, none),
        (b"\x04", KeyCode::Char('d'), KeyModifiers::CONTROL),
        (b"\x1b[A", KeyCode::Up, none),
        (b"\x1bOB", KeyCode::Down, none),
        (b"\x1b[1;2D", KeyCode::Left, KeyModifiers::SHIFT),
        (b"\x1b[1;5C", KeyCode::Right, KeyModifiers::CONTROL),
        (b"\x1b[3~", KeyCode::Delete, none),
        (b"\x1b[6~", KeyCode::PageDown, none),
        (b"\x1b[Z", KeyCode::BackTab, KeyModifiers::SHIFT),
        (b"\x1bOP", KeyCode::F(1), none),
        (b"\x1b[[A", KeyCode::F(1), none),
        (b"\x1b[15~", KeyCode::F(5), none),
        (b"\x1b[24~", KeyCode::F(12), none),
        (b"\x1b[97;5u", KeyCode::Char('a'), KeyModifiers::CONTROL),
    ] {
        assert_eq!(keys(bytes), [(code, modifiers)], "{bytes:?}");
    }
}

#[test]
fn an_esc_that_stays_alone_is_the_key() {
    let (mut decoder, mut out) = (Decoder::default(), Vec::new());
    decoder.feed(b"\x1b", &mut out);
    assert!(out.is_empty());
    assert_eq!(decoder.patience(), Some(ESC_PATIENCE));
    decoder.give_up(&mut out);
    assert_eq!(out.len(), 1);
    assert_eq!(decoder.patience(), None);
}

#[test]
fn an_esc_and_a_key_in_one_read_are_two_keys() {
    let none = KeyModifiers::NONE;
    let both = [(KeyCode::Esc, none), (KeyCode::Char('q'), none)];
    assert_eq!(keys(b"\x1bq"), both);
}

#[test]
fn a_sequence_that_was_cut_is_one_key() {
    for cut in 1..5 {
        let (front, back) = b"\x1b[1;2C".split_at(cut);
        assert_eq!(decode(&[front, back]), decode(&[b"\x1b[1;2C"]), "{cut}");
    }
}

#[test]
fn the_rest_of_a_sequence_that_comes_too_late_types_nothing() {
    let (mut decoder, mut out) = (Decoder::default(), Vec::new());
    decoder.feed(b"\x1b", &mut out);
    decoder.give_up(&mut out);
    decoder.feed(b"[<0;12;3Mj", &mut out);
    let codes: Vec<_> = out
        .iter()
        .map(|input| match input {
            Input::Key(event) => event.code,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(codes, [KeyCode::Esc, KeyCode::Char('j')]);
}

#[test]
fn a_bracket_typed_after_esc_is_a_bracket() {
    let (mut decoder, mut out) = (Decoder::default(), Vec::new());
    decoder.feed(b"\x1b", &mut out);
    decoder.give_up(&mut out);
    decoder.feed(b"[", &mut out);
    assert_eq!(out.len(), 2);
}

#[test]
fn half_a_sequence_that_never_ends_types_nothing() {
    let (mut decoder, mut out) = (Decoder::default(), Vec::new());
    decoder.feed(b"\x1b[1;", &mut out);
    assert_eq!(decoder.patience(), Some(PART_PATIENCE));
    decoder.give_up(&mut out);
    assert!(out.is_empty());
}

#[test]
fn a_paste_is_one_text_however_it_is_cut() {
    let bytes = "\x1b[200~Müller\nW\x1b[<\x1b[201~j".as_bytes();
    let whole = decode(&[bytes]);
    assert_eq!(whole[0], Input::Paste("Müller\nW\x1b[<".to_owned()));
    assert_eq!(whole.len(), 2);
    for cut in 1..bytes.len() {
        let (front, back) = bytes.split_at(cut);
        assert_eq!(decode(&[front, back]), whole, "{cut}");
    }
}

#[test]
fn the_mouse_counts_from_zero() {
    let events = decode(&[b"\x1b[<0;1;2M\x1b[<32;5;6M\x1b[<0;5;6m\x1b[<65;9;9M"]);
    let kinds: Vec<_> = events
        .into_iter()
        .map(|input| match input {
            Input::Mouse(event) => (event.kind, event.column, event.row),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        kinds,
        [
            (MouseEventKind::Down(MouseButton::Left), 0, 1),
            (MouseEventKind::Drag(MouseButton::Left), 4, 5),
            (MouseEventKind::Up(MouseButton::Left), 4, 5),
            (MouseEventKind::ScrollDown, 8, 8),
        ]
    );
}

#[test]
fn answers_to_questions_that_nobody_asked_are_skipped() {
    assert_eq!(
        keys(b"\x1b]11;rgb:0/0/0\x07\x1b[?62;22c\x1bP>|x\x1b\\j").len(),
        1
    );
    assert_eq!(
        decode(&[b"\x1b[I\x1b[O"]),
        [Input::Focus(true), Input::Focus(false)]
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic_and_nothing_is_held_for_ever(reads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..24), 0..6)) {
        let (mut decoder, mut out) = (Decoder::default(), Vec::new());
        for read in &reads {
            decoder.feed(read, &mut out);
        }
        decoder.give_up(&mut out);
        prop_assert_eq!(decoder.patience(), None);
    }
}

#[test]
fn the_measured_sign_is_told_from_a_key() {
    assert_eq!(decode(&[b"\x1b[2;2R"]), [Input::Ambiguous(1)]);
    assert_eq!(decode(&[b"\x1b[2;", b"3R"]), [Input::Ambiguous(2)]);
    for report in ["\x1b[2;0R", "\x1b[1;1R", "\x1b[30;100R"] {
        assert_eq!(decode(&[report.as_bytes()]), []);
    }
    assert_eq!(keys(b"\x1b[1;2R"), [(KeyCode::F(3), KeyModifiers::SHIFT)]);
}

#[test]
fn the_background_is_read_however_it_is_cut_and_types_nothing() {
    let answer = b"\x1b]11;rgb:fafa/fbfb/f7f7\x1b\\q";
    for cut in 2..answer.len() {
        let (before, after) = answer.split_at(cut);
        let read = decode(&[before, after]);
        let ground = Input::Ground(Rgb(0xfa, 0xfb, 0xf7));
        assert_eq!(read[0], ground, "{cut}");
        assert_eq!(read.len(), 2, "{cut}");
    }
    // An answer whose Esc came long before the rest.
    let (mut decoder, mut out) = (Decoder::default(), Vec::new());
    decoder.feed(b"\x1b", &mut out);
    decoder.give_up(&mut out);
    decoder.feed(&answer[1..], &mut out);
    assert_eq!(out.len(), 2, "{out:?}");
    assert_eq!(decode(&[b"\x1b]11;rgb:zz\x07"]), []);
    assert_eq!(decode(&[b"\x1b]10;rgb:0/0/0\x07"]), []);
}
