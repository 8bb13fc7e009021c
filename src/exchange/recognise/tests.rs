use std::collections::BTreeSet;

use super::*;
use crate::domain::nouns::ENTITIES;
use crate::exchange::read;
use crate::exchange::write::{Out, table_columns};

fn table(header: &str) -> Table {
    read::table("x.csv", format!("{header}\n").as_bytes(), &|_| true).unwrap()
}

fn of(header: &str) -> Result<Recognised, RecogniseFault> {
    recognise(
        &table(header),
        &Vocabulary::shipped().unwrap(),
        &Told::default(),
    )
}

fn uses(header: &str) -> Vec<String> {
    let found = of(header).unwrap();
    found.columns.iter().map(|using| using.name()).collect()
}

#[test]
fn a_spreadsheet_is_known_by_its_columns() {
    assert_eq!(
        of("sales_agent,manager,regional_office").unwrap().entity,
        Entity::Rep
    );
    assert_eq!(
        uses("sales_agent,manager,regional_office"),
        ["name", "manager", "region"]
    );
    assert_eq!(
        uses("account,sector,year_established,revenue,employees,office_location,subsidiary_of"),
        [
            "name", "industry", "custom", "revenue", "size", "address", "parent"
        ]
    );
    assert_eq!(
        uses("product,series,sales_price"),
        ["name", "family", "price"]
    );
    assert_eq!(
        uses(
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
        ),
        [
            "key", "owner", "product", "company", "stage", "created", "close", "amount"
        ]
    );
    assert_eq!(
        uses("name,email,phone,company,tags"),
        ["name", "email", "phone", "company", "tag"]
    );
}

#[test]
fn systems_are_known_by_their_columns() {
    for (header, entity, source) in [
        (
            "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date,Associated Company,Country/Region,Contact owner",
            Entity::Contact,
            "hubspot",
        ),
        (
            "Record ID,Company name,Website URL,Company owner,Create Date",
            Entity::Company,
            "hubspot",
        ),
        (
            "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Associated Company IDs,Associated Contact IDs",
            Entity::Deal,
            "hubspot",
        ),
        (
            "Record ID,Activity type,Title,Body,Activity date,Activity assigned to,Associated Contact IDs",
            Entity::Activity,
            "hubspot",
        ),
        (
            "firstname,lastname,email,phone,hubspot_owner_id,lifecyclestage,hs_lead_status,jobtitle,company,hs_object_id",
            Entity::Contact,
            "hubspot",
        ),
        (
            "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Mobile,Person - Owner",
            Entity::Contact,
            "pipedrive",
        ),
        (
            "Organization - ID,Organization - Name,Organization - Address,Organization - Owner,Organization - Labels",
            Entity::Company,
            "pipedrive",
        ),
        (
            "Deal - ID,Deal - Title,Deal - Value,Deal - Currency of Value,Deal - Organization,Deal - Pipeline,Deal - Stage,Deal - Status,Deal - Owner,Deal - Won time,Deal - Lost time",
            Entity::Deal,
            "pipedrive",
        ),
        (
            "ID,ISDELETED,MASTERRECORDID,NAME,TYPE,PARENTID,BILLINGSTREET,BILLINGCITY,PHONE,WEBSITE,INDUSTRY,ANNUALREVENUE,OWNERID,CREATEDDATE",
            Entity::Company,
            "salesforce",
        ),
        (
            "ID,ISDELETED,ACCOUNTID,NAME,STAGENAME,AMOUNT,PROBABILITY,CLOSEDATE,LEADSOURCE,ISCLOSED,ISWON,OWNERID,CREATEDDATE",
            Entity::Deal,
            "salesforce",
        ),
        (
            "Opportunity Owner,Account Name,Opportunity Name,Opportunity ID,Stage,Amount,Probability (%),Close Date,Created Date",
            Entity::Deal,
            "salesforce",
        ),
        (
            "Salutation,First Name,Last Name,Title,Mailing Street,Mailing City,Phone,Mobile,Fax,Email,Account Owner,Account Name",
            Entity::Contact,
            "salesforce",
        ),
        (
            "Lead Owner,First Name,Last Name,Title,Company / Account,Lead Source,Rating,Street,Email",
            Entity::Contact,
            "salesforce",
        ),
        (
            "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
            Entity::Contact,
            "linkedin",
        ),
        (
            "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am",
            Entity::Contact,
            "linkedin",
        ),
        (
            "Potential Name,Potential Owner,Created Time,Closing Date,Amount,Stage,Probability",
            Entity::Deal,
            "zoho",
        ),
    ] {
        let found = of(header).unwrap_or_else(|fault| panic!("{header}: {fault}"));
        assert_eq!(
            (found.entity, found.source.as_str()),
            (entity, source),
            "{header}"
        );
    }
}

#[test]
fn columns_about_another_record_feed_no_identity() {
    let header = "Salutation,First Name,Last Name,Email,Account Owner,Account Owner Email,Asst. Phone,Parent Account,Account Name";
    assert_eq!(
        uses(header),
        [
            "prefix", "given", "family", "email", "custom", "custom", "custom", "custom", "company"
        ]
    );
}

#[test]
fn an_outlook_title_is_an_honorific() {
    let found = uses(
        "Title,First Name,Last Name,Company,Job Title,Business Street,Home Street,E-mail Address,E-mail Display Name",
    );
    assert_eq!(
        found[..5],
        ["prefix", "given", "family", "company", "title"]
    );
}

#[test]
fn of_two_columns_for_one_line_the_better_name_wins() {
    assert_eq!(
        uses("Deal Name,Name,Deal Stage,Amount,Value")[..2],
        ["title", "custom"]
    );
    assert_eq!(uses("Value,Deal Name,Deal Stage,Amount")[0], "custom");
}

#[test]
fn what_is_not_taken_is_told() {
    let fault = of("Table,Field,Description").unwrap_err();
    assert!(
        fault.is_nothing() && fault.to_string().contains("nothing to take"),
        "{fault}"
    );
    let fault =
        of("Ticket name,Ticket owner,Ticket status,Priority,Pipeline,Create Date").unwrap_err();
    assert!(fault.to_string().contains("tickets"), "{fault}");
    let fault = of("company_id,timestamp,source,source_id,name,value").unwrap_err();
    assert!(fault.to_string().contains("history"), "{fault}");
}

#[test]
fn what_the_columns_do_not_decide_is_asked() {
    let fault = of("ID,NAME,WEBSITE").unwrap_err();
    assert!(fault.to_string().contains("--into"), "{fault}");
    let told = Told {
        into: Some(Entity::Company),
        ..Told::default()
    };
    let vocabulary = Vocabulary::shipped().unwrap();
    let found = recognise(&table("ID,NAME,WEBSITE"), &vocabulary, &told).unwrap();
    assert_eq!(
        found.columns,
        [
            Use::Key,
            Use::Own(&crate::domain::nouns::company::NAME),
            Use::Set(Set::Domain)
        ]
    );
    let fault = recognise(&table("colour,size"), &vocabulary, &told).unwrap_err();
    assert!(fault.to_string().contains("need name"), "{fault}");
}

#[test]
fn a_map_is_obeyed_and_checked() {
    let vocabulary = Vocabulary::shipped().unwrap();
    let map = |field: &str| Told {
        map: vec![("wert".to_owned(), field.to_owned())],
        ..Told::default()
    };
    let header = table("Deal Name,Deal Stage,Amount,Wert");
    let found = recognise(&header, &vocabulary, &map("amount")).unwrap();
    assert_eq!(
        found.columns[2..],
        [Use::Custom, Use::Own(&crate::domain::nouns::deal::AMOUNT)]
    );
    assert!(
        recognise(&header, &vocabulary, &map("colour"))
            .unwrap_err()
            .to_string()
            .contains("no such field")
    );
}

#[test]
fn a_signature_does_not_depend_on_the_order_of_columns() {
    let one = of("name,email,phone").unwrap();
    assert_eq!(one.source, of("Phone,E-Mail,Name").unwrap().source);
    assert!(one.source.starts_with("csv:") && one.anonymous);
    assert_ne!(one.source, of("name,email,mobile").unwrap().source);
    assert_eq!(
        one.source,
        of("name,email,phone,reject_line,reject_column,reject_reason")
            .unwrap()
            .source
    );
}

#[test]
fn near_names_are_suggested() {
    let found = of("Deal Name,Deal Stage,Ammount,Owner Region").unwrap();
    assert_eq!(
        found.near,
        [NearColumn {
            column: "Ammount".to_owned(),
            known: "amount".to_owned(),
            field: "amount".to_owned(),
        }]
    );
    assert_eq!(found.columns[2], Use::Custom);
}

#[test]
fn a_spreadsheet_is_called_by_its_file_and_known_by_its_columns() {
    for (file, label) in [
        ("sales_pipeline.csv", "Sales pipeline"),
        ("Q4--deals.final.xlsx", "Q4 deals final"),
        ("\u{fc}bersicht 2026.csv", "\u{dc}bersicht 2026"),
        ("evil\u{1b}[2J name.csv", "Evil[2J name"),
    ] {
        assert_eq!(readable(file).as_deref(), Some(label), "{file}");
    }
    for file in ["2026-11.csv", "standard input", "___.csv", ".csv", ""] {
        assert_eq!(readable(file), None, "{file}");
    }
}

#[test]
fn own_tables_that_only_lines_bring_back_are_not_taken_for_something_else() {
    for entity in ENTITIES {
        let columns = table_columns(*entity, BTreeSet::new());
        let names: Vec<&str> = columns.iter().map(Out::name).collect();
        let found = of(&names.join(","));
        if NOUNS.iter().any(|(taken, _)| taken == entity) {
            assert_eq!(found.unwrap().entity, *entity);
        } else {
            let fault = found.unwrap_err();
            assert!(fault.to_string().contains("--jsonl"), "{entity}: {fault}");
        }
    }
}
