//! Mutated inputs, from seeds, without a clock.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

use clinch::exchange::hex;

/// Chance: xorshift64.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds shall not give neighbouring beginnings.
        Self((seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9) | 1)
    }

    /// The chance that follows from an input: for targets that are not made of bytes.
    pub fn of_bytes(input: &[u8]) -> Self {
        Self::new(input.iter().fold(input.len() as u64, |seed, byte| {
            seed.wrapping_mul(257).wrapping_add(u64::from(*byte))
        }))
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`; 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap();
        usize::try_from((self.next() >> 11) % end).unwrap()
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Something that reads what comes from outside.
pub struct Target {
    pub name: &'static str,
    /// Words of its language: mutations put them in.
    pub words: &'static [&'static str],
    /// How many executions the short form has.
    pub short: usize,
    /// One execution takes as long as so many of others: the long form has so many fewer.
    pub weight: usize,
    /// No input is longer.
    pub longest: usize,
}

impl Target {
    /// Runs a reader over the corpus and its mutations.
    pub fn run(&self, read: impl Fn(&[u8])) {
        self.run_over(&self.corpus(), read);
    }

    /// [`run`](Self::run) over inputs that the test makes.
    pub fn run_over(&self, corpus: &[Vec<u8>], read: impl Fn(&[u8])) {
        if let Ok(input) = std::env::var("CLINCH_FUZZ_INPUT") {
            return read(&from_hex(&input));
        }
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
        let seed = number("CLINCH_FUZZ_SEED").unwrap_or(1_u64);
        let executions =
            number("CLINCH_FUZZ").map_or(self.short, |n| usize::try_from(n).unwrap() / self.weight);
        for input in corpus {
            self.one(seed, input, &read);
        }
        for execution in 0..executions {
            let own = seed
                .wrapping_mul(0x1_0000_0001)
                .wrapping_add(u64::try_from(execution).unwrap());
            let input = self.mutated(&mut Chance::new(own), corpus);
            self.one(own, &input, &read);
        }
        println!("{}: {} inputs", self.name, corpus.len() + executions);
    }

    fn one(&self, seed: u64, input: &[u8], read: &impl Fn(&[u8])) {
        let done = catch_unwind(AssertUnwindSafe(|| read(input)));
        if let Err(why) = done {
            println!("target {}, seed {seed}, input {}", self.name, hex(input));
            println!("as text: {}", String::from_utf8_lossy(input).escape_debug());
            resume_unwind(why);
        }
    }

    /// The inputs that are kept, in the order of their names.
    pub fn corpus(&self) -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fuzz/corpus")
            .join(self.name);
        let mut files: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{} is empty", folder.display());
        files.iter().map(|file| fs::read(file).unwrap()).collect()
    }

    fn mutated(&self, chance: &mut Chance, corpus: &[Vec<u8>]) -> Vec<u8> {
        let mut input = chance.of(corpus).clone();
        for _ in 0..=chance.below(6) {
            mutate(&mut input, chance, corpus, self.words);
        }
        input.truncate(self.longest);
        input
    }
}

/// Bytes that readers treat in a way of their own.
const SPECIAL: [u8; 14] = [
    0, b'\n', b'\r', b'"', b'\'', b',', b';', b'\\', b'(', 0x1b, 0x7f, 0x80, 0xfe, 0xff,
];

/// Changes an input in one way.
fn mutate(input: &mut Vec<u8>, chance: &mut Chance, corpus: &[Vec<u8>], words: &[&str]) {
    let at = chance.below(input.len() + 1);
    let end = at + chance.below((input.len() - at).min(64) + 1);
    match chance.below(9) {
        0 if at < input.len() => input[at] ^= 1 << chance.below(8),
        1 if at < input.len() => input[at] = *chance.of(&SPECIAL),
        2 => input.insert(at, *chance.of(&SPECIAL)),
        3 => drop(input.drain(at..end)),
        4 => {
            let again = input[at..end].to_vec();
            let times = 1 + chance.below(3);
            input.splice(at..at, again.repeat(times));
        }
        5 => input.truncate(at),
        6 => {
            let other = chance.of(corpus);
            let from = chance.below(other.len() + 1);
            let upto = from + chance.below((other.len() - from).min(256) + 1);
            input.splice(at..end, other[from..upto].iter().copied());
        }
        _ if !words.is_empty() => {
            input.splice(at..at, chance.of(words).bytes());
        }
        _ => {}
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.trim().chars().collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

/// The input as a text: readers of text never see bytes that are none.
pub fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

#[test]
fn one_seed_gives_one_input_and_hexadecimal_digits_give_it_back() {
    let target = Target {
        name: "values",
        words: &["x"],
        short: 0,
        weight: 1,
        longest: 100,
    };
    let corpus = target.corpus();
    for seed in 0..200 {
        let input = target.mutated(&mut Chance::new(seed), &corpus);
        assert_eq!(input, target.mutated(&mut Chance::new(seed), &corpus));
        assert_eq!(from_hex(&hex(&input)), input);
    }
}

#[test]
fn a_reader_that_panics_is_found() {
    let target = Target {
        name: "values",
        words: &["needle"],
        short: 2_000,
        weight: 1,
        longest: 100,
    };
    let caught = catch_unwind(|| target.run(|input| assert!(!text(input).contains("needle"))));
    assert!(caught.is_err());
}
