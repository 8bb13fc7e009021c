//! Text to domain values and back: CSV dialects and column mapping, writers. Returns values and faults with file, row and column.
