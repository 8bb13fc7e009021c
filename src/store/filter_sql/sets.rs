//! What a filter looks for in other tables than its own, looked for once a question: the board asks the same of every column, for its
//! sums and again for its cards, and each of these would read all names and addresses of the book anew.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, params_from_iter};

use crate::domain::value::Value;

/// Ids that are read before a condition is asked of any row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Sought {
    /// What the condition calls it.
    pub name: String,
    /// Queries of the ids as `held`, with their parameters.
    pub parts: Vec<(String, Vec<Value>)>,
}

/// The sets of the question that is being answered, by their names.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<HashMap<String, HashSet<i64>>>>);

impl Kept {
    /// What a panic left is whole: every change is one insertion.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, HashSet<i64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives a connection the functions of sets: `set_begin(name)` for whether it is new, `set_keep(name, id)`, `set_has(name, id)`, and
/// `set_forget()` for all of them.
pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8;
    let kept = Kept::default();
    let begin = kept.clone();
    conn.create_scalar_function("set_begin", 1, flags, move |context| {
        let name: String = context.get(0)?;
        let mut sets = begin.lock();
        let is_new = !sets.contains_key(&name);
        if is_new {
            sets.insert(name, HashSet::new());
        }
        Ok(is_new)
    })?;
    let keep = kept.clone();
    conn.create_scalar_function("set_keep", 2, flags, move |context| {
        let id: Option<i64> = context.get(1)?;
        let name = context.get_raw(0).as_str()?;
        if let Some((id, set)) = id.zip(keep.lock().get_mut(name)) {
            set.insert(id);
        }
        Ok(id)
    })?;
    let has = kept.clone();
    conn.create_scalar_function("set_has", 2, flags, move |context| {
        let id: Option<i64> = context.get(1)?;
        let name = context.get_raw(0).as_str()?;
        let sets = has.lock();
        Ok(id.map(|id| sets.get(name).is_some_and(|set| set.contains(&id))))
    })?;
    conn.create_scalar_function("set_forget", 0, flags, move |_| {
        *kept.lock() = HashMap::new();
        Ok(None::<i64>)
    })
}

/// Reads the sets of a condition, but for those that the question has already.
pub(in crate::store) fn read(conn: &Connection, sets: &[Sought]) -> rusqlite::Result<()> {
    for set in sets {
        let is_new: bool = conn
            .prepare_cached("SELECT set_begin(?1)")?
            .query_row([&set.name], |row| row.get(0))?;
        if !is_new {
            continue;
        }
        for (ids, args) in &set.parts {
            let text = format!("SELECT count(set_keep(?, held)) FROM ({ids})");
            let name = Value::from(set.name.as_str());
            conn.prepare_cached(&text)?.query_row(
                params_from_iter(std::iter::once(&name).chain(args)),
                |row| row.get::<_, i64>(0),
            )?;
        }
    }
    Ok(())
}

/// Forgets the sets of a question that is answered.
pub(in crate::store) fn forget(conn: &Connection) -> rusqlite::Result<()> {
    conn.prepare_cached("SELECT set_forget()")?
        .query_row([], |_| Ok(()))
}
