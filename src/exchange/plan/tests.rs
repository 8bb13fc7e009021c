use super::*;
use crate::domain::command::Input;
use crate::domain::nouns::{
    FieldDef, activity, company, contact, deal, deal_line, field, pending_link, pipeline, rep,
    source_record, stage,
};
use crate::domain::value::Value;
use crate::exchange::read;
use crate::exchange::recognise::{Told, Vocabulary, recognise};

fn sheet(name: &str, bytes: &[u8]) -> Sheet {
    let vocabulary = Vocabulary::shipped().unwrap();
    let table = read::table(name, bytes, &|text| vocabulary.knows(text)).unwrap();
    let found = recognise(&table, &vocabulary, &Told::default()).unwrap();
    let file = FileInfo {
        name: name.to_owned(),
        hash: String::new(),
    };
    Sheet::prepare(file, table, found, &vocabulary, None).unwrap()
}

fn options() -> Options {
    Options {
        pipeline: None,
        currency: None,
        now: Instant::from_millis(1_800_000_000_000),
    }
}

fn plan_of(sheets: &[Sheet], options: Options) -> Plan {
    let known = Known::empty("USD".parse().unwrap(), chrono_tz::America::New_York);
    Run::open(sheets, known, options).plan()
}

/// The plan of one file over an empty book.
fn plan(text: &str) -> Plan {
    plan_of(&[sheet("x.csv", text.as_bytes())], options())
}

fn creates(plan: &Plan, entity: Entity) -> Vec<&PlannedCreate> {
    plan.batches
        .iter()
        .flat_map(|batch| &batch.commands)
        .filter_map(|command| match command {
            Planned::Create(create) if create.entity == entity => Some(create),
            _ => None,
        })
        .collect()
}

fn given<'a>(create: &'a PlannedCreate, field: &'static FieldDef) -> Option<&'a Input> {
    let own = FieldRef::Own(field);
    let found = create.fields.iter().find(|(of, _)| *of == own);
    found.map(|(_, input)| input)
}

fn text<'a>(create: &'a PlannedCreate, field: &'static FieldDef) -> Option<&'a str> {
    match given(create, field)? {
        Input::Value(value) => value.as_text(),
        Input::New(_) => None,
    }
}

fn texts(plan: &Plan, entity: Entity, field: &'static FieldDef) -> Vec<String> {
    let creates = creates(plan, entity);
    let texts = creates.iter().filter_map(|create| text(create, field));
    texts.map(str::to_owned).collect()
}

#[test]
fn an_unknown_amount_is_not_zero_and_zero_is_not_unknown() {
    let plan = plan("Deal Name,Deal Stage,Amount\nA,Proposal,\nB,Proposal,n/a\nC,Proposal,0\n");
    let deals = creates(&plan, Entity::Deal);
    let amounts: Vec<Option<&Input>> = deals
        .iter()
        .map(|deal| given(deal, &deal::AMOUNT))
        .collect();
    assert_eq!(amounts, [None, None, Some(&0.into())]);
}

#[test]
fn a_deal_without_a_title_is_called_by_what_it_is_about() {
    let plan = plan(
        "opportunity_id,product,account,deal_stage,close_value\n1,GTX,Alpina,Won,5\n2,GTX,,Won,5\n3,,Alpina,Won,5\n4,,,Won,5\n",
    );
    assert_eq!(
        texts(&plan, Entity::Deal, &deal::TITLE),
        ["Alpina - GTX", "GTX", "Alpina", "Deal without a name"]
    );
}

#[test]
fn a_close_date_is_a_forecast_until_the_deal_is_closed() {
    let plan = plan("Deal Name,Deal Stage,Close Date\nA,Proposal,2027-03-01\nB,Lost,2024-03-01\n");
    let deals = creates(&plan, Entity::Deal);
    assert_eq!(text(deals[0], &deal::EXPECTED_CLOSE), Some("2027-03-01"));
    assert_eq!(given(deals[0], &deal::CLOSED_AT), None);
    assert_eq!(given(deals[1], &deal::EXPECTED_CLOSE), None);
    let noon = Instant::parse("2024-03-01T17:00:00Z", chrono_tz::UTC).unwrap();
    assert_eq!(given(deals[1], &deal::CLOSED_AT), Some(&noon.into()));
}

#[test]
fn a_status_decides_where_a_stage_only_says_how_far_it_came() {
    let plan = plan(
        "Deal - ID,Deal - Title,Deal - Value,Deal - Stage,Deal - Status,Deal - Pipeline,Deal - Won time\n\
         1,A,5,Proposal,Won,Sales,2024-03-01 10:00\n2,B,5,Proposal,Open,Sales,\n3,C,5,Contact Made,Lost,Sales,\n",
    );
    assert_eq!(
        texts(&plan, Entity::Stage, &stage::NAME),
        ["Proposal", "Won", "Lost"]
    );
    assert_eq!(texts(&plan, Entity::Pipeline, &pipeline::NAME), ["Sales"]);
    let kinds = texts(&plan, Entity::Stage, &stage::KIND);
    assert_eq!(kinds, ["open", "won", "lost"]);
}

#[test]
fn a_pipeline_is_named_by_the_user_the_file_or_the_source() {
    let text = "Record ID,Deal Name,Deal Stage,Amount\n1,A,Demo,5\n";
    assert_eq!(
        texts(&plan(text), Entity::Pipeline, &pipeline::NAME),
        ["HubSpot"]
    );
    let own = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\nX1,Ana,Oats,Acme,Engaging,2016-10-20,,\n";
    for (file, named) in [
        ("sales_pipeline.csv", "Sales pipeline"),
        ("7.csv", "Spreadsheet "),
    ] {
        let plan = plan_of(&[sheet(file, own.as_bytes())], options());
        let names = texts(&plan, Entity::Pipeline, &pipeline::NAME);
        assert!(names[0].starts_with(named), "{names:?}");
    }
    let told = Options {
        pipeline: Some("New business".to_owned()),
        ..options()
    };
    let plan = plan_of(&[sheet("x.csv", text.as_bytes())], told);
    assert_eq!(
        texts(&plan, Entity::Pipeline, &pipeline::NAME),
        ["New business"]
    );
}

#[test]
fn each_product_of_a_deal_is_a_line_without_an_invented_price() {
    let plan = plan("opportunity_id,product,deal_stage,close_value\n1,GTX,Won,5\n");
    let line = creates(&plan, Entity::DealLine)[0];
    assert_eq!(text(line, &deal_line::TEXT), Some("GTX"));
    assert_eq!(given(line, &deal_line::QUANTITY), Some(&1.into()));
    assert_eq!(given(line, &deal_line::PRICE), None);
    // No catalogue names it: the link waits.
    assert_eq!(given(line, &deal_line::PRODUCT), None);
    assert_eq!(creates(&plan, Entity::PendingLink).len(), 1);
}

#[test]
fn a_rep_that_only_deals_name_is_made_once() {
    let plan = plan(
        "Deal Name,Deal Stage,Deal owner\nA,Demo,Ana Lund\nB,Demo,ana lund\nC,Demo,ben@x.org\n",
    );
    assert_eq!(
        texts(&plan, Entity::Rep, &rep::NAME),
        ["Ana Lund", "ben@x.org"]
    );
    assert_eq!(texts(&plan, Entity::Rep, &rep::EMAIL), ["ben@x.org"]);
    assert_eq!(plan.report.counts(Entity::Rep).create, 2);
}

#[test]
fn unknown_columns_become_custom_fields_of_their_kind() {
    let plan = plan(
        "Company name,Industry,Founded,Since,Colour,Empty\nA,Food,1996,2020-01-02,red,\nB,Food,1999,,blue,\n",
    );
    assert_eq!(
        texts(&plan, Entity::Field, &field::NAME),
        ["Founded", "Since", "Colour"]
    );
    assert_eq!(
        texts(&plan, Entity::Field, &field::KIND),
        ["number", "date", "text"]
    );
    let first = creates(&plan, Entity::Company)[0];
    let custom: Vec<&Input> = first
        .fields
        .iter()
        .filter(|(field, _)| matches!(field, FieldRef::Custom(..)))
        .map(|(_, input)| input)
        .collect();
    assert_eq!(custom, [&1996.into(), &"2020-01-02".into(), &"red".into()]);
}

#[test]
fn parents_are_linked_wherever_they_stand_in_the_file() {
    let plan = plan("account,sector,subsidiary_of\nC,x,B\nB,x,A\nA,x,\nD,x,Nobody at all\n");
    assert_eq!(creates(&plan, Entity::Company).len(), 4);
    let linked = creates(&plan, Entity::Company)
        .iter()
        .filter(|create| given(create, &company::PARENT).is_some())
        .count();
    let later = plan
        .batches
        .iter()
        .flat_map(|batch| &batch.commands)
        .filter(|command| {
            matches!(
                command,
                Planned::Edit {
                    entity: Entity::Company,
                    ..
                }
            )
        })
        .count();
    assert_eq!(linked + later, 2);
    assert_eq!(
        texts(&plan, Entity::PendingLink, &pending_link::TEXT),
        ["Nobody at all"]
    );
}

#[test]
fn contacts_have_their_addresses_taken_apart() {
    let plan = plan(
        "First Name,Last Name,E-mail 1 - Value,Phone 1 - Value,Labels,Organization Name\n\
         Nora,Keller,a@k.ch ::: b@k.ch,+41 44 1 ::: 079 22 33,* myContacts ::: * fair,Keller AG\n,,solo@k.ch,,,\n",
    );
    let people = creates(&plan, Entity::Contact);
    let sets: Vec<&str> = people[0]
        .sets
        .iter()
        .map(|(_, element)| element.as_str())
        .collect();
    assert_eq!(
        sets,
        [
            "a@k.ch",
            "b@k.ch",
            "+41 44 1",
            "079 22 33",
            "myContacts",
            "fair"
        ]
    );
    assert_eq!(text(people[0], &contact::NAME), Some("Nora Keller"));
    assert_eq!(text(people[1], &contact::NAME), Some("solo@k.ch"));
    assert_eq!(texts(&plan, Entity::Company, &company::NAME), ["Keller AG"]);
}

#[test]
fn a_choice_in_other_words_is_understood_and_an_unknown_one_is_kept_beside() {
    let plan =
        plan("Last Name,Email,Lead Status\nA,a@x.ch,Open - Not Contacted\nB,b@x.ch,Martian\n");
    let people = creates(&plan, Entity::Contact);
    assert_eq!(text(people[0], &contact::LEAD_STATE), Some("new"));
    assert_eq!(given(people[1], &contact::LEAD_STATE), None);
    assert_eq!(texts(&plan, Entity::Field, &field::NAME), ["Lead Status"]);
}

#[test]
fn activities_are_done_or_planned() {
    let plan = plan(
        "Record ID,Activity type,Title,Activity date\n1,Call,Past,2024-01-02 10:00\n2,Meeting,Future,2040-01-02 10:00\n3,Task,Open,2024-02-03\n",
    );
    let acts = creates(&plan, Entity::Activity);
    let when = |place: usize, field| given(acts[place], field).is_some();
    assert!(when(0, &activity::DONE_AT) && !when(0, &activity::DUE_AT));
    assert!(!when(1, &activity::DONE_AT) && when(1, &activity::DUE_AT));
    assert!(!when(2, &activity::DONE_AT) && when(2, &activity::DUE_DATE));
    assert_eq!(
        texts(&plan, Entity::Activity, &activity::KIND),
        ["call", "meeting", "task"]
    );
}

#[test]
fn bad_rows_are_told_and_the_others_come_in() {
    let plan = plan(
        "Record ID,Deal Name,Deal Stage,Amount,Close Date,Deal owner\n\
         1,A,Won,abc,2024-01-01,\n2,B,Won,5,2024-02-31,\n1.3E+11,C,Won,5,,\n4,D,Won,5,,\n4,E,Won,6,,\n5,F,Won\n6,G,Won,7,,\n",
    );
    assert_eq!(texts(&plan, Entity::Deal, &deal::TITLE), ["D", "G"]);
    let told: Vec<(usize, Option<&str>)> = plan
        .report
        .rejects
        .iter()
        .map(|reject| (reject.line, reject.column.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (2, Some("Amount")),
            (3, Some("Close Date")),
            (4, Some("Record ID")),
            (6, None),
            (7, None)
        ]
    );
    assert_eq!(
        plan.report.rejects[0].sentence(),
        "x.csv line 2 (record 1), Amount: `abc` is not an amount"
    );
    let counts = plan.report.counts(Entity::Deal);
    assert_eq!((counts.read, counts.create, counts.rejected), (7, 2, 5));
}

#[test]
fn rows_that_their_source_calls_deleted_stay_out() {
    let plan = plan(
        "ID,ISDELETED,ACCOUNTID,NAME,STAGENAME,AMOUNT,CLOSEDATE,OWNERID\n1,true,,A,Won,5,2024-01-01,\n2,false,9,B,Won,5,2024-01-01,7\n",
    );
    assert_eq!(texts(&plan, Entity::Deal, &deal::TITLE), ["B"]);
    assert_eq!(plan.report.counts(Entity::Deal).deleted, 1);
    // Owner and account are known by their keys only: they wait for them.
    let mut waits = texts(&plan, Entity::PendingLink, &pending_link::TARGET);
    waits.sort();
    assert_eq!(waits, ["company", "rep"]);
}

#[test]
fn every_row_is_kept_as_it_came() {
    let plan = plan("Company name,Industry,Colour\n\"A, B\",Food,\"say \"\"red\"\"\"\n");
    let kept = creates(&plan, Entity::SourceRecord)[0];
    assert_eq!(
        text(kept, &source_record::RAW),
        Some(r#"{"Company name":"A, B","Industry":"Food","Colour":"say \"red\""}"#)
    );
    assert_eq!(text(kept, &source_record::KEY), Some("a b"));
}

#[test]
fn two_rows_of_one_company_make_one_company() {
    let plan = plan("Company name,Industry\nAcme Corp,Food\nACME Corporation,Food\n");
    assert_eq!(creates(&plan, Entity::Company).len(), 1);
    assert_eq!(creates(&plan, Entity::SourceRecord).len(), 2);
}

#[test]
fn two_keys_of_one_source_are_two_companies() {
    let plan = plan("Record ID,Company name,Industry\n1,Acme,Food\n2,Acme,Food\n");
    assert_eq!(creates(&plan, Entity::Company).len(), 2);
}

#[test]
fn creations_of_one_noun_stand_side_by_side() {
    let plan = plan(
        "Deal Name,Deal Stage,Amount,Deal owner,Product\nA,Demo,1,X Y,P\nB,Demo,2,Y Z,P\nC,Demo,3,X Y,Q\n",
    );
    for batch in &plan.batches {
        let mut order: Vec<Entity> = batch
            .commands
            .iter()
            .filter_map(|command| match command {
                Planned::Create(create) => Some(create.entity),
                _ => None,
            })
            .collect();
        order.dedup();
        let mut once = order.clone();
        once.sort();
        once.dedup();
        // Pipelines and stages of the first batch belong together and follow each other.
        assert!(
            once.len() == order.len() || batch.sheet.is_none(),
            "{order:?}"
        );
    }
}

#[test]
fn dates_that_may_be_read_in_two_ways_are_asked_for() {
    let vocabulary = Vocabulary::shipped().unwrap();
    let bytes = b"Deal Name,Deal Stage,Close Date\nA,Won,3/4/2024\n";
    let prepared = |dates| {
        let table = read::table("x.csv", bytes, &|text| vocabulary.knows(text)).unwrap();
        let found = recognise(&table, &vocabulary, &Told::default()).unwrap();
        let file = FileInfo {
            name: "x.csv".to_owned(),
            hash: String::new(),
        };
        Sheet::prepare(file, table, found, &vocabulary, dates)
    };
    let fault = prepared(None).unwrap_err().to_string();
    assert!(
        fault.contains("--dates dmy") && fault.contains("3/4/2024"),
        "{fault}"
    );
    let told = prepared(Some(crate::exchange::value::date::Order::Dmy)).unwrap();
    let plan = plan_of(&[told], options());
    let closed = given(creates(&plan, Entity::Deal)[0], &deal::CLOSED_AT).cloned();
    let april = Instant::parse("2024-04-03T16:00:00Z", chrono_tz::UTC).unwrap();
    assert_eq!(closed, Some(Input::Value(Value::from(april))));
}

#[test]
fn nothing_new_is_no_plan() {
    let plan = plan("Deal Name,Deal Stage,Amount\nA,Won,abc\n");
    assert_eq!(plan.batches, []);
    assert_eq!(plan.report.rejects.len(), 1);
}
