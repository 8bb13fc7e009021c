//! Pipelines, stages and lost reasons in the shell.

use crate::harness::World;

#[test]
fn a_stage_requires_fields_and_the_shell_names_what_is_missing() {
    let world = World::new();
    let _ = world.run("deals add --title Pilot").done();
    let _ = world
        .run("stages edit Proposal --required amount,expected-close")
        .done();
    let said = world.run("deals move Pilot Proposal").failed(4);
    assert!(
        said.contains("Pilot cannot enter Proposal: it has no amount and no expected close."),
        "{said}"
    );
    let said = world.run("deals move Pilot Proposal --json").failed(4);
    assert!(
        said.contains("\"field\":\"amount,expected_close\""),
        "{said}"
    );
    let _ = world
        .run("deals edit Pilot --amount 5k --expected-close 2026-12-18 --stage Proposal")
        .done();
    let said = world
        .run("stages edit Proposal --required colour")
        .failed(4);
    assert!(said.contains("expected close"), "{said}");
    let stages = world
        .run("stages list --plain --fields name,kind,required")
        .done();
    assert!(stages.contains("Proposal\topen\t"), "{stages}");
    assert!(stages.contains("amount"), "{stages}");
    let _ = world.run("book check").done();
}

#[test]
fn a_win_says_for_how_much_or_that_nobody_knows() {
    let world = World::new();
    for title in ["One", "Two", "Three"] {
        let _ = world.run(&format!("deals add --title {title}")).done();
    }
    let said = world.run("deals win One").failed(4);
    assert!(said.contains("--no-amount"), "{said}");
    let said = world.run("deals move One Won").failed(4);
    assert!(said.contains("--no-amount"), "{said}");
    let said = world.run("deals edit One --stage Won").failed(4);
    assert!(
        said.contains("One has no amount: for how much is it won?"),
        "{said}"
    );
    let _ = world.run("deals edit One --stage Won --no-amount").done();
    let _ = world.run("undo").done();
    let _ = world.run("deals move One Won --no-amount").done();
    let _ = world.run("undo").done();
    let said = world.run("deals move One Proposal --no-amount").failed(2);
    assert!(said.contains("does not win it"), "{said}");
    let _ = world.run("deals win One --no-amount").done();
    let _ = world.run("deals edit Three --amount 7k").done();
    let said = world.run("deals win Three --no-amount").failed(4);
    assert!(said.contains("Three has an amount"), "{said}");
    let _ = world.run("deals edit Three --amount ''").done();
    let _ = world.run("deals win Two --amount 5k").done();
    let _ = world.run("undo").done();
    let rows = world
        .run("deals list --plain --fields title,amount,stage")
        .done();
    assert_eq!(rows, "One\t\tWon\nTwo\t\tQualify\nThree\t\tQualify\n");
}

#[test]
fn pipelines_come_with_stages_which_are_put_in_order_and_archived() {
    let world = World::new();
    let _ = world
        .run("deals add --title Pilot --stage Discovery")
        .done();
    let _ = world.run("pipelines add --name Partners").done();
    assert_eq!(
        world.run("pipelines list --plain --fields name").done(),
        "Sales\nPartners\n"
    );
    let _ = world
        .run("stages add --name Legal --pipeline Partners --probability 80")
        .done();
    let names = |world: &World| {
        world
            .run("stages list --plain --fields name --filter pipeline:Partners")
            .done()
            .replace('\n', " ")
    };
    assert_eq!(
        names(&world),
        "Qualify Discovery Proposal Negotiate Legal Won Lost "
    );
    let _ = world.run("stages place Legal 2").done();
    assert_eq!(
        names(&world),
        "Qualify Legal Discovery Proposal Negotiate Won Lost "
    );
    let _ = world.run("undo").done();
    let _ = world.run("deals move Pilot Legal").done();
    let said = world.run("stages edit Legal --archived yes").failed(4);
    assert!(said.contains("1 open deals"), "{said}");
    let _ = world
        .run("stages edit Legal --archived yes --move-deals-to Negotiate")
        .done();
    let said = world.run("pipelines rm Partners").failed(4);
    assert!(said.contains("move them to another pipeline"), "{said}");
    let _ = world.run("undo").done();
    let rows = world.run("deals list --plain --fields title,stage").done();
    assert_eq!(rows, "Pilot\tLegal\n");
    let _ = world.run("lost-reasons add --name Budget").done();
    let _ = world.run("lost-reasons place Budget 1").done();
    let reasons = world
        .run("lost-reasons list --plain --fields name,real")
        .done();
    assert!(reasons.starts_with("Budget\t"), "{reasons}");
    let _ = world.run("book check").done();
}
