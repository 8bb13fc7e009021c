//! What may enter the book as text, and how texts are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Makes a text fit for the book: NFC, without control, bidi-override and invisible characters, trimmed. Line ends become `\n`
/// and stay; a tab becomes a blank.
#[must_use]
pub fn clean_block(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.trim().to_owned();
    }
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = unified
        .nfc()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !is_hostile(*c))
        .collect();
    kept.trim().to_owned()
}

/// [`clean_block`] for a field of one line: line ends become blanks.
#[must_use]
pub fn clean_line(text: &str) -> String {
    let block = clean_block(text);
    if block.contains('\n') {
        block.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        block
    }
}

/// Characters that never help a reader and can deceive a terminal: controls (C0, C1, DEL), bidi overrides and isolates, marks of
/// direction, byte-order mark, zero-width blank, interlinear and tag characters, noncharacters.
/// Zero-width joiners stay: scripts and emoji need them.
#[must_use]
pub const fn is_hostile(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// Letters, digits and signs of scripts that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko, Adlam and others.
#[must_use]
pub const fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

/// Folds a text for comparison: lower case, accents off, runs of blanks as one. `Müller` and `muller` fold alike.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_onto(text, &mut folded);
    folded
}

/// [`fold`], behind what stands in a buffer already: for who folds by the million.
pub fn fold_onto(text: &str, folded: &mut String) {
    let mut fold = Folding {
        start: folded.len(),
        folded,
        gap: false,
    };
    if text.is_ascii() {
        for byte in text.bytes() {
            fold.take(char::from(byte.to_ascii_lowercase()));
        }
        return;
    }
    for plain in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match plain {
            'ß' | 'ẞ' => fold.take_all("ss"),
            'ø' | 'Ø' => fold.take('o'),
            'æ' | 'Æ' => fold.take_all("ae"),
            'œ' | 'Œ' => fold.take_all("oe"),
            'ł' | 'Ł' => fold.take('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => fold.take('d'),
            'þ' | 'Þ' => fold.take_all("th"),
            'ı' => fold.take('i'),
            other => other.to_lowercase().for_each(|lower| fold.take(lower)),
        }
    }
}

/// A text that is being folded. Decomposing can leave a blank behind (`¨` is a blank with a mark), so blanks are minded here.
struct Folding<'a> {
    folded: &'a mut String,
    /// Where the text begins.
    start: usize,
    /// Whether a blank comes before the next letter.
    gap: bool,
}

impl Folding<'_> {
    fn take(&mut self, letter: char) {
        if letter.is_whitespace() {
            self.gap = self.folded.len() > self.start;
            return;
        }
        if std::mem::take(&mut self.gap) {
            self.folded.push(' ');
        }
        self.folded.push(letter);
    }

    fn take_all(&mut self, letters: &str) {
        letters.chars().for_each(|letter| self.take(letter));
    }
}

/// [`fold`] with everything but letters and digits off: `GTX Pro`, `GTXPro` and `gtx-pro` squeeze alike.
#[must_use]
pub fn squeeze(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a text may be the name of a person: the first letter or digit of it is a letter. An amount that slipped into the wrong
/// field (`12k`) is none.
#[must_use]
pub fn may_name_a_person(text: &str) -> bool {
    text.chars()
        .find(|c| c.is_alphanumeric())
        .is_some_and(char::is_alphabetic)
}

/// The initials of a name, two letters at the most: the first and the last word's.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_and_signs_are_no_names_of_people() {
        for name in ["Zoë", "'t Hooft", "李", "J", "Agent 007"] {
            assert!(may_name_a_person(name), "{name}");
        }
        for slip in ["12k", "", "+41 44", "?", "3rd"] {
            assert!(!may_name_a_person(slip), "{slip}");
        }
    }

    #[test]
    fn controls_and_overrides_do_not_enter_the_book() {
        assert_eq!(
            clean_line("\u{202e}evil\u{7}\u{1b}[31m name\u{200b}\n two"),
            "evil[31m name two"
        );
        assert_eq!(clean_block(" one\r\ntwo\tthree "), "one\ntwo three");
    }

    #[test]
    fn composed_and_decomposed_letters_are_one() {
        assert_eq!(clean_line("Zu\u{308}rich"), "Zürich");
    }

    #[test]
    fn folding_takes_case_and_accents_off() {
        assert_eq!(fold("  Müller  STRASSE "), "muller strasse");
        assert_eq!(fold("Straße Łódź Œuvre"), "strasse lodz oeuvre");
        assert_eq!(squeeze("GTX-Pro"), squeeze("GTXPro"));
    }

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("Darcel Schlecht"), "DS");
        assert_eq!(initials("Ilse de Vries"), "IV");
        assert_eq!(initials("Émile"), "É");
        assert_eq!(initials(""), "");
    }

    proptest! {
        #[test]
        fn cleaning_is_idempotent(text in any::<String>()) {
            let once = clean_block(&text);
            prop_assert_eq!(clean_block(&once), once.clone());
            prop_assert!(!clean_line(&text).contains('\n'));
        }

        #[test]
        fn folding_is_idempotent(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
