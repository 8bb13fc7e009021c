-- From schema 1.0 to 1.1.

-- What a deal must have when it enters the stage: names of its fields, a JSON list. Null is none.
ALTER TABLE stage ADD COLUMN required TEXT;

-- serves: what is planned and what was done on a day, for Today, without reading rows (planned is first, by when it is due)
CREATE INDEX activity_done ON activity (done_at, due_at, due_date, performer, deal, contact, trashed_at);
-- serves: contacts by name, without reading rows. The order itself is that of folded names, which is no function of SQLite's: an
-- index by it could not be kept up by other programs. `trashed_at` stands in it for the reason that it does in deal_sums.
CREATE INDEX contact_name ON contact (name, trashed_at) WHERE trashed_at IS NULL;

-- Nobody asks for it but Today, and there the last steps are few: a page to read, to journal and to write with every step, on a share
-- an operation each.
DROP INDEX step_seat;
