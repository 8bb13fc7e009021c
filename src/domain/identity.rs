//! Normalised forms: what tells that two spellings are one.

use unicode_normalization::UnicodeNormalization;

use super::text::{fold, squeeze};

/// The key of an e-mail address: NFKC, lower case, without `+tag`, and without dots in the local part at Gmail's two domains.
/// `None` when it is no address: one `@` that splits two non-empty halves, no blanks, is all that is asked.
#[must_use]
pub fn email_key(written: &str) -> Option<String> {
    let plain: String = written.trim().nfkc().collect::<String>().to_lowercase();
    let plain = plain.strip_prefix("mailto:").unwrap_or(&plain);
    let (local, domain) = plain.rsplit_once('@')?;
    let blank = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>');
    if local.is_empty() || domain.is_empty() || domain.starts_with('.') || domain.ends_with('.') {
        return None;
    }
    if plain.contains(blank) || (local.contains('@') && !local.starts_with('"')) {
        return None;
    }
    let local = local.split_once('+').map_or(
        local,
        |(name, _)| if name.is_empty() { local } else { name },
    );
    if matches!(domain, "gmail.com" | "googlemail.com") {
        return Some(format!("{}@gmail.com", local.replace('.', "")));
    }
    Some(format!("{local}@{domain}"))
}

/// The key of a phone number: its digits with the international prefix as `+`. An extension stands behind `x`. `None` with fewer
/// than three digits. National numbers keep their trunk zero: which country they belong to is asked when records are matched.
#[must_use]
pub fn phone_key(written: &str) -> Option<String> {
    let plain = fold(&written.nfkc().collect::<String>());
    let (number, extension) = ["extension", "ext.", "ext", "x", "#", "durchwahl"]
        .iter()
        .find_map(|mark| plain.split_once(mark))
        .unwrap_or((&plain, ""));
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let number = number.trim().trim_start_matches("tel:").replace("(0)", "");
    let body = digits(&number);
    if body.len() < 3 {
        return None;
    }
    let international = number.trim_start_matches(['(', ' ']).starts_with('+');
    let key = match body.strip_prefix("00") {
        Some(rest) if !international && rest.len() >= 3 => format!("+{rest}"),
        _ if international => format!("+{body}"),
        _ => body,
    };
    let extension = digits(extension);
    Some(if extension.is_empty() {
        key
    } else {
        format!("{key}x{extension}")
    })
}

/// The key of a company's name: folded, without legal form and punctuation.
#[must_use]
pub fn company_key(name: &str) -> String {
    const FORMS: &[&str] = &[
        "ag",
        "gmbh",
        "kg",
        "ohg",
        "ug",
        "se",
        "eg",
        "sa",
        "sarl",
        "sas",
        "srl",
        "spa",
        "snc",
        "bv",
        "nv",
        "vof",
        "ltd",
        "limited",
        "llc",
        "llp",
        "lp",
        "plc",
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "co",
        "company",
        "oy",
        "oyj",
        "ab",
        "as",
        "asa",
        "aps",
        "kft",
        "sro",
        "doo",
        "dd",
        "pty",
        "pte",
        "kk",
        "lda",
        "ltda",
    ];
    let spaced: String = fold(name)
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c
            } else if matches!(c, '.' | '\'' | '’') {
                '\u{0}'
            } else {
                ' '
            }
        })
        .filter(|c| *c != '\u{0}')
        .collect();
    let mut words: Vec<&str> = spaced.split_whitespace().collect();
    while words.len() > 1 && words.last().is_some_and(|word| FORMS.contains(word)) {
        words.pop();
    }
    if words.is_empty() {
        squeeze(name)
    } else {
        words.join(" ")
    }
}

/// An internet domain out of what was written: a web address, an address with `www.`, a bare domain. `None` when it is none.
#[must_use]
pub fn domain_key(written: &str) -> Option<String> {
    let plain = written.trim().to_lowercase();
    let rest = plain
        .split_once("://")
        .map_or(plain.as_str(), |(_, rest)| rest);
    let host = rest
        .split(['/', '?', '#', ':'])
        .next()?
        .trim_start_matches("www.")
        .trim_end_matches('.');
    let fits = host.contains('.')
        && !host.contains(|c: char| c.is_whitespace() || c == '@' || c.is_control());
    (fits && !host.starts_with('.')).then(|| host.to_owned())
}

/// The one name among `known` that is a near spelling of `name`: the same letters and digits, or at most a slip apart. `None`
/// when none is, or when two are. A near name is a suggestion, never an identity.
#[must_use]
pub fn near_name<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = squeeze(name);
    if wanted.is_empty() {
        return None;
    }
    let mut best: Option<(f64, &str)> = None;
    let mut rival = 0.0_f64;
    for candidate in known {
        let other = squeeze(candidate);
        let score = if other == wanted {
            1.0
        } else {
            strsim::normalized_damerau_levenshtein(&wanted, &other)
        };
        match best {
            Some((top, _)) if score <= top => rival = rival.max(score),
            _ => {
                rival = rival.max(best.map_or(0.0, |(top, _)| top));
                best = Some((score, candidate));
            }
        }
    }
    best.filter(|(score, _)| *score >= 0.85 && *score - rival >= 0.05)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_has_one_key_in_all_its_spellings() {
        for (written, key) in [
            (" Nora.Keller@Keller.CH ", "nora.keller@keller.ch"),
            ("nora+crm@keller.ch", "nora@keller.ch"),
            ("N.o.r.a@googlemail.com", "nora@gmail.com"),
            ("mailto:a@b.c", "a@b.c"),
        ] {
            assert_eq!(email_key(written).as_deref(), Some(key), "{written}");
        }
        for written in [
            "",
            "nora",
            "@keller.ch",
            "nora@",
            "a b@c.d",
            "a@b@c",
            "a@b.c, d@e.f",
        ] {
            assert_eq!(email_key(written), None, "{written}");
        }
    }

    #[test]
    fn a_phone_number_has_one_key_in_all_its_spellings() {
        for written in [
            "+41 41 555 01 77",
            "0041 41 555 01 77",
            "+41 (0)41 555-01-77",
            "tel:+41415550177",
        ] {
            assert_eq!(
                phone_key(written).as_deref(),
                Some("+41415550177"),
                "{written}"
            );
        }
        assert_eq!(
            phone_key("(415) 555-0100 ext. 12").as_deref(),
            Some("4155550100x12")
        );
        assert_eq!(phone_key("n/a"), None);
    }

    #[test]
    fn legal_forms_do_not_tell_companies_apart() {
        for name in ["Alpina AG", "ALPINA", "Alpina  S.A.", "Alpina Co. Ltd."] {
            assert_eq!(company_key(name), "alpina", "{name}");
        }
        assert_eq!(company_key("AG"), "ag");
        assert_eq!(company_key("田中製作所"), "田中製作所");
    }

    #[test]
    fn domains_come_out_of_web_addresses() {
        for written in [
            "https://www.keller.ch/de?x=1",
            "keller.ch",
            "WWW.KELLER.CH.",
        ] {
            assert_eq!(
                domain_key(written).as_deref(),
                Some("keller.ch"),
                "{written}"
            );
        }
        assert_eq!(domain_key("none"), None);
    }

    #[test]
    fn a_near_name_is_suggested_only_when_it_is_the_only_one() {
        let products = ["GTX Basic", "GTX Pro", "GTX Plus Pro", "MG Special"];
        assert_eq!(near_name("GTXPro", products), Some("GTX Pro"));
        assert_eq!(near_name("Something else", products), None);
        assert_eq!(near_name("Alpina", ["Alpina1", "Alpina2"]), None);
    }

    proptest! {
        #[test]
        fn keys_are_idempotent(text in any::<String>()) {
            if let Some(key) = email_key(&text) { prop_assert_eq!(email_key(&key), Some(key)); }
            if let Some(key) = phone_key(&text) { prop_assert_eq!(phone_key(&key), Some(key)); }
            let key = company_key(&text);
            prop_assert_eq!(company_key(&key), key);
        }
    }
}
