//! Every file of the shared CRM data is recognised sensibly or refused with a sentence.
use clinch::exchange::{
    read,
    recognise::{self, Told, Vocabulary},
};
use std::path::{Path, PathBuf};
fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}
#[test]
fn look() {
    let mut all = vec![];
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/crm"),
        &mut all,
    );
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/csv"),
        &mut all,
    );
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/linkage"),
        &mut all,
    );
    all.sort();
    let v = Vocabulary::shipped().unwrap();
    for f in all {
        let name = f.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&f).unwrap();
        match read::table(&name, &bytes, &|c| v.knows(c)) {
            Err(e) => println!("READ  {e}"),
            Ok(t) => match recognise::recognise(&t, &v, &Told::default()) {
                Err(e) => println!(
                    "REFUSE {} rows={} faults={} {:?} {e}",
                    name,
                    t.len(),
                    t.faults.len(),
                    t.dialect.delimiter as char
                ),
                Ok(r) => println!(
                    "OK {} rows={} faults={} left={} {} {} near={:?} {}",
                    name,
                    t.len(),
                    t.faults.len(),
                    t.left_out.len(),
                    r.entity,
                    r.source,
                    r.near,
                    t.header
                        .iter()
                        .zip(&r.columns)
                        .map(|(h, c)| format!("{h}={}", c.name()))
                        .filter(|s| !s.ends_with("=custom"))
                        .collect::<Vec<_>>()
                        .join(" ")
                ),
            },
        }
    }
}
