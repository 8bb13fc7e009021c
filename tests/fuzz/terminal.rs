//! What a terminal sends: in whatever pieces it comes, it means the same.

use clinch::tui::terminal::decode::{Decoder, Input};

use crate::harness::{Chance, Target};

const TERMINAL: Target = Target {
    name: "terminal",
    words: &[
        "\x1b",
        "\x1b[",
        "\x1b[A",
        "\x1b[1;5C",
        "\x1b[200~",
        "\x1b[201~",
        "\x1b[<0;10;20M",
        "\x1b[<64;1;1m",
        "\x1b[I",
        "\x1b[O",
        "\x1bO",
        "\x1bOP",
        "\x1b[97;5u",
        "\x1b]52;c;AAAA\x07",
        "\x1bP",
        "\x1b\\",
        "\x1b[M !!",
        "é",
        "龍",
        "👩\u{200d}🚀",
        "\r",
        "\n",
        "\t",
    ],
    short: 10_000,
    weight: 1,
    longest: 400,
};

fn whole(bytes: &[u8]) -> Vec<Input> {
    let (mut decoder, mut out) = (Decoder::default(), Vec::new());
    decoder.feed(bytes, &mut out);
    out
}

#[test]
fn bytes_mean_the_same_however_they_are_cut() {
    TERMINAL.run(|bytes| {
        let expected = whole(bytes);
        let mut chance = Chance::new(u64::try_from(bytes.len()).unwrap());
        for _ in 0..3 {
            let (mut decoder, mut out) = (Decoder::default(), Vec::new());
            let mut rest = bytes;
            while !rest.is_empty() {
                let (now, later) = rest.split_at(1 + chance.below(rest.len().min(7)));
                decoder.feed(now, &mut out);
                rest = later;
            }
            assert_eq!(out, expected);
        }
    });
}

#[test]
fn whoever_waits_in_vain_goes_on_afterwards() {
    TERMINAL.run(|bytes| {
        let mut chance = Chance::new(u64::try_from(bytes.len()).unwrap());
        let (mut decoder, mut out) = (Decoder::default(), Vec::new());
        for part in bytes.chunks(1 + chance.below(9)) {
            decoder.feed(part, &mut out);
            if chance.below(3) == 0 {
                decoder.give_up(&mut out);
                assert_eq!(decoder.patience(), None);
            }
        }
        decoder.give_up(&mut out);
        // Nothing is held any more, so that a key is a key again.
        decoder.feed(b"ab", &mut out);
        let typed = &out[out.len().saturating_sub(2)..];
        assert_eq!(typed, whole(b"ab"));
    });
}
