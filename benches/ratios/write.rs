//! One saved edit, against writing 4 KiB and waiting for the disk.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use clinch::domain::command::{Base, Command, FieldEdit, Input, Origin};
use clinch::domain::nouns::{Entity, company};

use super::{Line, millis, percentile, ratio, sample, time};

pub fn lines(folder: &Path, small: bool) -> Vec<Line> {
    let mut book = sample::book(&folder.join("edit.db"));
    let made = sample::create(
        0,
        Entity::Company,
        1,
        vec![(&company::NAME, "Alpina AG".into())],
    );
    let (_, entity, id) =
        sample::saved(&mut book, &sample::draft(Origin::Human, vec![made])).created[0];
    let mut anchor = File::create(folder.join("anchor")).expect("the folder can be written");
    let (mut edits, mut anchors): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    for n in 0_u32..if small { 3 } else { 200 } {
        // In turn, so that a slow moment of the disk is one of both.
        anchors.push(time(|| {
            anchor
                .write_all(&[n.to_le_bytes()[0]; 4096])
                .and_then(|()| anchor.sync_data())
                .expect("the disk has room");
        }));
        let edit = FieldEdit {
            field: (&company::CITY).into(),
            base: Base::Unseen,
            new: Input::Value(format!("City {n}").into()),
        };
        let draft = sample::draft(
            Origin::Human,
            vec![Command::Edit {
                entity,
                target: id.into(),
                edits: vec![edit],
            }],
        );
        edits.push(time(|| sample::saved(&mut book, &draft)));
    }
    let (edit, anchor) = (percentile(&mut edits, 50), percentile(&mut anchors, 50));
    vec![Line {
        what: "one edit with its step and change, p50",
        took: millis(edit),
        against: format!("{} of write + fdatasync of 4 KiB", ratio(edit, anchor)),
        target: "<= 5 x",
    }]
}
