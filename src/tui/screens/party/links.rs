//! What is read out of the texts of a timeline: links, and what a reply is about.

use crate::domain::identity::email_key;

/// `Re: delivery dates`, once however often it was replied to.
pub(super) fn reply_to(subject: Option<&str>) -> String {
    let subject = subject.unwrap_or_default().trim();
    let replied = subject
        .get(..3)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("re:"));
    if replied {
        subject.to_owned()
    } else {
        format!("Re: {subject}").trim_end().to_owned()
    }
}

/// The first web address in a text, else the first e-mail address.
pub(super) fn link_in(text: &str) -> Option<String> {
    const AROUND: &[char] = &[
        '<', '>', '(', ')', '[', ']', '"', '\'', ',', ';', '.', ':', '!', '?',
    ];
    let words = || {
        text.split_whitespace()
            .map(|word| word.trim_matches(AROUND))
    };
    let is_web = |word: &&str| word.starts_with("https://") || word.starts_with("http://");
    let web = words().find(is_web);
    let mail = || words().find(|word| email_key(word).is_some());
    web.or_else(mail).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_named_once() {
        for (subject, reply) in [
            (Some("Delivery dates"), "Re: Delivery dates"),
            (Some("RE: Delivery dates"), "RE: Delivery dates"),
            (Some("Ré"), "Re: Ré"),
            (None, "Re:"),
        ] {
            assert_eq!(reply_to(subject), reply);
        }
    }

    #[test]
    fn the_first_link_of_a_text_is_a_web_address_or_else_a_mail_address() {
        for (text, link) in [
            ("see (https://zug.ch/a?b=c).", Some("https://zug.ch/a?b=c")),
            ("write to <nora@keller.ch>, please", Some("nora@keller.ch")),
            ("nora@keller.ch or http://x.ch", Some("http://x.ch")),
            ("no link: none", None),
        ] {
            assert_eq!(link_in(text).as_deref(), link, "{text}");
        }
    }
}
