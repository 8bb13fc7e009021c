//! The book: open, schema versions, commands → steps → changes, undo, queries, the feed of changes. The only room that names rusqlite.
