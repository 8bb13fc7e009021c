use super::*;

fn looks(choice: Choice, depth: Depth) -> Looks {
    Looks {
        choice,
        depth,
        files: Vec::new(),
    }
}

const WHITE: Rgb = Rgb(255, 255, 255);
const BLACK: Rgb = Rgb(0, 0, 0);

#[test]
fn roles_stand_in_the_order_of_their_enum_and_all_have_a_default() {
    let file: File = toml::from_str(DEFAULT).unwrap();
    for (index, (role, name)) in Role::ALL.into_iter().enumerate() {
        assert_eq!(role as usize, index, "{name}");
        assert!(file.roles.contains_key(name), "{name} has no default");
    }
    assert_eq!(file.roles.len(), Role::ALL.len());
}

#[test]
fn a_users_theme_changes_only_what_it_names() {
    let theme = Theme::load(Some("[roles]\ngood = 'bold bright-blue on black'"), false).unwrap();
    let good = theme.paint(Role::Good);
    assert_eq!(good.fg, Some(Colour::Ansi(12)));
    assert_eq!(good.bg, Some(Colour::Ansi(0)));
    assert!(good.attributes.has(Attributes::BOLD));
    let built_in = Theme::load(None, false).unwrap();
    assert_eq!(theme.paint(Role::Late), built_in.paint(Role::Late));
}

#[test]
fn the_mono_theme_has_no_colours_and_keeps_the_cursor() {
    let theme = Theme::load(Some("[roles]\ngood = 'red on white'"), true).unwrap();
    let by_choice = looks(Choice::Mono, Depth::True).at_start().unwrap();
    let by_terminal = looks(Choice::Dark, Depth::Mono).at_start().unwrap();
    for theme in [theme, by_choice, by_terminal] {
        for (role, name) in Role::ALL {
            let paint = theme.paint(role);
            assert_eq!((paint.fg, paint.bg), (None, None), "{name}");
        }
        let cursor = theme.paint(Role::Cursor).attributes;
        assert!(cursor.has(Attributes::REVERSE));
    }
}

#[test]
fn mistakes_name_the_file_the_role_and_the_word() {
    let said = |text: &str| Theme::load(Some(text), false).unwrap_err().to_string();
    let wrong = said("[roles]\ngood = 'grren'");
    assert_eq!(
        wrong,
        "in theme.toml the style of `good` cannot be understood: `grren` is neither a colour nor an attribute"
    );
    assert_eq!(
        said("[dark]\ngod = ''"),
        "theme.toml styles `god`, which is no role; did you mean `good`?"
    );
    assert!(said("[roles]\nbackground = ''").contains("clinch config theme"));
    assert!(said("roles = 3").starts_with("theme.toml cannot be read"));
    assert!(said("[roles]\ngood = '#12345'").contains("`#12345`"));
}

#[test]
fn text_of_every_built_in_theme_can_be_read_on_its_background() {
    for (choice, ground) in [(Choice::Light, "#fbfaf7"), (Choice::Dark, "#15181c")] {
        for depth in [Depth::True, Depth::Indexed] {
            let theme = looks(choice.clone(), depth).at_start().unwrap();
            let own = theme.ground().unwrap();
            if depth == Depth::True {
                assert_eq!(own.to_string(), ground);
            }
            assert_eq!(theme.unreadable_on(own), [], "{choice} {depth:?}");
            let border = theme.paint(Role::Border).fg.and_then(Colour::rgb).unwrap();
            // What is no text needs a contrast of 3.
            assert!(
                border.contrast(own) >= 3.0,
                "{choice}: {}",
                border.contrast(own)
            );
            let coloured = Role::ALL
                .into_iter()
                .filter(|(role, _)| theme.paint(*role).fg.is_some());
            assert!(coloured.count() > 15, "{choice}");
        }
    }
}

#[test]
fn sixteen_colours_are_chosen_so_that_they_can_be_read_on_the_sixteenth_of_the_background() {
    let light = looks(Choice::Light, Depth::Sixteen).at_start().unwrap();
    assert_eq!(light.paint(Role::Text).bg, Some(Colour::Ansi(15)));
    let dark = looks(Choice::Dark, Depth::Sixteen).at_start().unwrap();
    assert_eq!(dark.paint(Role::Text).bg, Some(Colour::Ansi(0)));
    for (role, name) in Role::ALL {
        let bright = [2, 3, 6, 7, 10, 11, 14, 15].map(Colour::Ansi);
        let fg = light.paint(role).fg;
        assert!(
            fg.is_none_or(|fg| !bright.contains(&fg)),
            "{name} is {fg:?}"
        );
    }
}

#[test]
fn the_terminals_background_decides_only_where_the_settings_do_not() {
    let auto = looks(Choice::Auto, Depth::True);
    let ansi = Theme::load(None, false).unwrap();
    assert_eq!(auto.at_start().unwrap(), ansi);
    assert_eq!(
        auto.on(BLACK).unwrap(),
        ansi,
        "all palettes can be read on dark"
    );
    let on_white = auto.on(WHITE).unwrap();
    let light = looks(Choice::Light, Depth::True).at_start().unwrap();
    assert_eq!(on_white.paint(Role::Soon), light.paint(Role::Soon));
    assert_eq!(on_white.paint(Role::Text).bg, None, "white stays white");
    // On a light grey not all can be read: there the theme brings its own background.
    assert_eq!(auto.on(Rgb(190, 190, 190)).unwrap(), light);
    assert!(!looks(Choice::Auto, Depth::Mono).follows_the_ground());
    for choice in [Choice::Dark, Choice::Ansi, Choice::Mono] {
        let looks = looks(choice.clone(), Depth::True);
        assert!(!looks.follows_the_ground());
        assert_eq!(
            looks.on(WHITE).unwrap(),
            looks.at_start().unwrap(),
            "{choice}"
        );
    }
}

#[test]
fn a_named_theme_may_be_a_pair_and_the_users_own_file_comes_after_it() {
    let sand = Source {
        name: "themes/sand.toml".to_owned(),
        text: "[roles]\nkey = '#aa0000'\n[light]\ngood = '#004400'\n[dark]\ngood = '#88ff88'"
            .to_owned(),
    };
    let mine = Source::users("[roles]\nkey = 'cyan'".to_owned());
    let looks = Looks {
        choice: Choice::Named("sand".to_owned()),
        depth: Depth::True,
        files: vec![sand, mine],
    };
    let good = |theme: &Theme| theme.paint(Role::Good).fg;
    assert_eq!(
        good(&looks.on(WHITE).unwrap()),
        Some(Colour::Rgb(Rgb(0, 0x44, 0)))
    );
    assert_eq!(
        good(&looks.on(BLACK).unwrap()),
        Some(Colour::Rgb(Rgb(0x88, 0xff, 0x88)))
    );
    assert_eq!(
        looks.at_start().unwrap().paint(Role::Key).fg,
        Some(Colour::Ansi(6))
    );
}

#[test]
fn a_theme_is_chosen_by_name() {
    for name in ["auto", "light", "dark", "ansi", "mono", "my own"] {
        let choice: Choice = name.parse().unwrap();
        assert_eq!(choice.to_string(), name);
    }
    assert_eq!("".parse(), Ok(Choice::Auto));
    let wrong = "../../etc/passwd".parse::<Choice>().unwrap_err();
    assert!(wrong.contains("folder themes"), "{wrong}");
}
