//! What clinch says of its surroundings: settings and where they come from, the terminal.

use crate::harness::World;

#[test]
fn config_says_every_value_and_where_it_comes_from() {
    let world = World::new();
    std::fs::create_dir_all(world.path("config/clinch")).unwrap();
    world.write(
        "config/clinch/settings.toml",
        "theme = 'dark'\nrep = 'Ana'\n[backup]\nevery = '12h'\n",
    );
    let told = world.json("config");
    let value = |name: &str| {
        let value = &told["item"]["values"][name];
        (value["value"].clone(), value["from"].clone())
    };
    let settings = || "settings.toml".into();
    assert_eq!(value("theme"), ("dark".into(), settings()));
    assert_eq!(value("rep"), ("Ana".into(), settings()));
    assert_eq!(value("backup.every"), ("12h".into(), settings()));
    assert_eq!(value("backup.folder"), ("usual".into(), "built in".into()));
    assert_eq!(value("ascii"), ("auto".into(), "built in".into()));
    assert_eq!(value("preset"), ("standard".into(), "built in".into()));
    let book = world.book().display().to_string();
    assert_eq!(value("book"), (book.into(), "CLINCH_BOOK".into()));
    let files = &told["item"]["files"];
    assert_eq!(files["settings"]["exists"], true);
    assert_eq!(files["theme"]["exists"], false);
    let flagged = world.json("config --as Ben --no-color");
    assert_eq!(flagged["item"]["values"]["rep"]["value"], "Ben");
    assert_eq!(flagged["item"]["values"]["rep"]["from"], "--as");
    assert_eq!(flagged["item"]["values"]["theme"]["value"], "mono");
    let text = world.run("config").done();
    assert!(text.contains("the built-in one holds"), "{text}");
}

#[test]
fn config_prints_the_built_in_files() {
    let world = World::bare();
    for name in ["settings", "keymap", "theme"] {
        let text = world.run(&format!("config {name}")).done();
        let built_in = match name {
            "settings" => clinch::config::settings::DEFAULT,
            "keymap" => clinch::config::keymap::DEFAULT,
            _ => clinch::config::theme::DEFAULT,
        };
        assert_eq!(text, built_in);
    }
    world.run("config colours").failed(2);
}

#[test]
fn a_keymap_that_is_no_good_is_named_with_its_place_and_what_to_do() {
    let world = World::new();
    std::fs::create_dir_all(world.path("config/clinch")).unwrap();
    for (text, wrong) in [
        ("[global]\nundoo = 'u'\n", "no action `undoo`"),
        ("[global\n", "cannot be read"),
    ] {
        world.write("config/clinch/keymap.toml", text);
        let said = world.run("tui --plain").failed(4);
        assert!(said.contains(wrong), "{said}");
        let hint = said.contains("hint: Mend ") && said.contains("keymap.toml");
        assert!(hint, "{said}");
    }
}

#[test]
fn a_theme_that_is_not_there_is_named_with_its_place() {
    let world = World::bare();
    std::fs::create_dir_all(world.path("config/clinch/themes")).unwrap();
    world.write("config/clinch/settings.toml", "theme = 'sand'\n");
    let said = world.run("doctor terminal").failed(4);
    assert!(
        said.contains("themes/sand.toml") || said.contains("sand.toml"),
        "{said}"
    );
    world.write("config/clinch/themes/sand.toml", "[roles]\nkee = 'red'\n");
    let said = world.run("doctor terminal").failed(4);
    assert!(said.contains("did you mean `key`"), "{said}");
    world.write("config/clinch/themes/sand.toml", "[roles]\nkey = 'red'\n");
    world.run("doctor terminal").done();
    world.write("config/clinch/settings.toml", "theme = '../x'\n");
    let said = world.run("config").failed(4);
    assert!(said.contains("is no theme"), "{said}");
}

#[test]
fn where_there_is_no_terminal_doctor_says_what_can_be_known() {
    let world = World::bare();
    let clinch = world
        .clinch("doctor terminal --json")
        .env("TERM", "xterm-256color")
        .env("LANG", "de_CH.ISO-8859-1")
        .env("NO_COLOR", "1");
    let told: serde_json::Value = serde_json::from_str(&clinch.run().done()).unwrap();
    let item = &told["item"];
    assert_eq!(item["asked"], false);
    assert_eq!(item["terminal"]["value"], false);
    assert_eq!(item["colours"]["value"], 256);
    let used = |name: &str| item[name]["used"].as_str().unwrap().to_owned();
    assert!(used("colours").contains("NO_COLOR"));
    assert!(used("ambiguous_width").contains("not UTF-8"));
    for name in [
        "background",
        "bracketed_paste",
        "mouse",
        "focus",
        "clipboard",
    ] {
        assert_eq!(item[name]["value"], serde_json::Value::Null, "{name}");
    }
    let text = world.run("doctor terminal").done();
    assert!(text.contains("this is no terminal"), "{text}");
}
