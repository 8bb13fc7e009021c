//! The nouns, their rules and the arithmetic on them. Pure: no files, no clock, no SQL, no screen.
