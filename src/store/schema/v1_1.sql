-- From schema 1.0 to 1.1.

-- What a deal must have when it enters the stage: names of its fields, a JSON list. Null is none.
ALTER TABLE stage ADD COLUMN required TEXT;
-- The last touch of a deal in the book that it was brought from: by moves and edits that stand in the log of that book alone. Null for
-- deals that were made here.
ALTER TABLE deal ADD COLUMN touched_before INTEGER;

-- serves: what is planned and what was done on a day, for Today, without reading rows (planned is first, by when it is due)
-- and what comes next of all contacts, companies and deals, for lists in that order
CREATE INDEX activity_done ON activity (done_at, due_at, due_date, performer, deal, contact, trashed_at, company);
-- serves: contacts by name, without reading rows. The order itself is that of folded names, which is no function of SQLite's: an
-- index by it could not be kept up by other programs; the first of that order are found in this one letter by letter. `trashed_at`
-- stands in it for the reason that it does in deal_sums.
CREATE INDEX contact_name ON contact (name, trashed_at) WHERE trashed_at IS NULL;
-- serves: companies by name, and contacts by their company's; those in the trash are called something too
CREATE INDEX company_label ON company (name);
-- serves: the trash, which is small where its tables are not
CREATE INDEX contact_trash ON contact (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX company_trash ON company (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX deal_trash ON deal (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX deal_line_trash ON deal_line (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX activity_trash ON activity (trashed_at) WHERE trashed_at IS NOT NULL;

-- What is in the trash is told by these indexes themselves: the last touch of a record, and whether anything is planned with it, are
-- answered without a row, for a list of companies and with every step.
DROP INDEX activity_deal;
CREATE INDEX activity_deal ON activity (deal, trashed_at, done_at) WHERE deal IS NOT NULL;
DROP INDEX activity_contact;
CREATE INDEX activity_contact ON activity (contact, trashed_at, done_at) WHERE contact IS NOT NULL;
DROP INDEX activity_company;
CREATE INDEX activity_company ON activity (company, trashed_at, done_at) WHERE company IS NOT NULL;
-- serves: how many people each company has, too
DROP INDEX contact_company;
CREATE INDEX contact_company ON contact (company, trashed_at) WHERE company IS NOT NULL;
-- serves: which leads wait longest, too
DROP INDEX contact_lead;
CREATE INDEX contact_lead ON contact (lead_state, created_at) WHERE lead_state IS NOT NULL;
-- serves: how many deals each reason has, without reading rows
DROP INDEX deal_lost;
CREATE INDEX deal_lost ON deal (lost_reason, trashed_at, stage) WHERE lost_reason IS NOT NULL;

-- Quotas and rates are records like all others: with an id that the log names, and a trash. No program has written either table before,
-- so nothing refers to their rows; what another program put there is kept.
ALTER TABLE quota RENAME TO quota_before;
CREATE TABLE quota (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER,
    rep INTEGER NOT NULL REFERENCES rep (id), period TEXT NOT NULL, amount INTEGER NOT NULL,
    ramp INTEGER NOT NULL DEFAULT 100, valid_from INTEGER NOT NULL
) STRICT;
INSERT INTO quota (id, trashed_at, rep, period, amount, ramp, valid_from)
    SELECT id, trashed_at, rep, period, amount, ramp, valid_from FROM quota_before;
DROP TABLE quota_before;
-- serves: a rep's quotas, for Today
CREATE INDEX quota_rep ON quota (rep);

ALTER TABLE rate RENAME TO rate_before;
CREATE TABLE rate (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER,
    currency TEXT NOT NULL, date TEXT NOT NULL, rate INTEGER NOT NULL
) STRICT;
INSERT INTO rate (currency, date, rate) SELECT currency, date, rate FROM rate_before;
DROP TABLE rate_before;
-- serves: the rate of a currency on a day
CREATE INDEX rate_day ON rate (currency, date);

-- Nobody asks for it but Today, and there the last steps are few: a page to read, to journal and to write with every step, on a share
-- an operation each.
DROP INDEX step_seat;
