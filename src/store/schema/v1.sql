-- Schema 1.0. All nouns stand here from the start, so that what is built later finds its place.
--
-- Ids are 63-bit integers (41 bits of milliseconds since 2020, 10 of seat, 12 of counter) and the rowid. Instants are milliseconds
-- UTC, dates are ISO text, money is minor units. Nothing is deleted but by erasure: `trashed_at`.

-- One row: what the book is.
CREATE TABLE book (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    id           BLOB NOT NULL CHECK (length(id) = 16),
    epoch        INTEGER NOT NULL,             -- grows when a backup is restored
    least_minor  INTEGER NOT NULL,             -- the least schema minor that may write
    name         TEXT NOT NULL,
    base         TEXT NOT NULL,                -- currency of sums
    zone         TEXT NOT NULL,                -- the team's time zone
    fiscal_start INTEGER NOT NULL CHECK (fiscal_start BETWEEN 1 AND 12),
    week_start   INTEGER NOT NULL CHECK (week_start BETWEEN 1 AND 7),
    lock_style   TEXT NOT NULL,                -- which bytes are locked, and how
    drive        TEXT                          -- what was asked and proved of the drive, JSON
) STRICT;

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT) STRICT, WITHOUT ROWID;

-- A place at the book: one user on one host. `last_id` is taken on inside the write transaction.
CREATE TABLE seat (
    number    INTEGER PRIMARY KEY CHECK (number BETWEEN 0 AND 1023),
    os_user   TEXT NOT NULL,
    host      TEXT NOT NULL,
    last_id   INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    UNIQUE (os_user, host)
) STRICT;

-- The spine: one step a command, its changes in the order of the book.
CREATE TABLE step (
    n            INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    grp          BLOB NOT NULL CHECK (length(grp) = 16),
    body         BLOB NOT NULL,                -- hash of what was asked: the same id with another body is an error
    rep          INTEGER REFERENCES rep (id),
    seat         INTEGER NOT NULL REFERENCES seat (number),
    at           INTEGER NOT NULL,             -- the as-of moment of the act
    committed_at INTEGER NOT NULL,             -- the real clock
    origin       TEXT NOT NULL CHECK (origin IN ('human', 'import', 'bulk', 'rule', 'undo', 'redo')),
    label        TEXT NOT NULL,
    import       INTEGER REFERENCES import (id),
    undoes       BLOB,                         -- the group that this step took back
    undone_by    BLOB                          -- the step that took this one back, while it holds
) STRICT;
-- serves: steps of a group (undo), my last step (undo, redo)
CREATE INDEX step_group ON step (grp);
CREATE INDEX step_rep ON step (rep, n);
CREATE INDEX step_seat ON step (seat, n);

CREATE TABLE change (
    seq    INTEGER PRIMARY KEY,
    step   INTEGER NOT NULL REFERENCES step (n),
    entity TEXT NOT NULL,
    record INTEGER NOT NULL,
    last   INTEGER,                            -- of a batch of creations: the last record, of the same seat
    field  TEXT,                               -- null: a creation
    old    ANY,
    new    ANY                                 -- of a creation: the hash of the rows
) STRICT;
-- serves: history of a record or field, its version; changes of a step
CREATE INDEX change_record ON change (entity, record, field, seq);
CREATE INDEX change_step ON change (step);
-- serves: the creation of a record that came in a batch
CREATE INDEX change_batch ON change (entity, record, last) WHERE last IS NOT NULL;

CREATE TABLE rep (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER,
    name TEXT NOT NULL, email TEXT, initials TEXT, role TEXT, manager TEXT, region TEXT, active INTEGER,
    custom TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE quota (
    id INTEGER PRIMARY KEY, rep INTEGER NOT NULL REFERENCES rep (id), period TEXT NOT NULL, amount INTEGER NOT NULL,
    ramp INTEGER NOT NULL DEFAULT 100, valid_from INTEGER NOT NULL, trashed_at INTEGER
) STRICT;

CREATE TABLE company (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER,
    name TEXT NOT NULL, name_key TEXT NOT NULL, industry TEXT, size INTEGER, revenue INTEGER, address TEXT, city TEXT, country TEXT,
    phone TEXT, owner INTEGER REFERENCES rep (id), parent INTEGER REFERENCES company (id), note TEXT,
    merged_into INTEGER REFERENCES company (id),
    custom TEXT NOT NULL DEFAULT '{}'
) STRICT;
-- serves: which company a name means; what refers to a company
CREATE INDEX company_name ON company (name_key);
CREATE INDEX company_parent ON company (parent) WHERE parent IS NOT NULL;
CREATE INDEX company_merged ON company (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE contact (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER,
    name TEXT NOT NULL, prefix TEXT, given TEXT, middle TEXT, family TEXT, suffix TEXT, title TEXT,
    company INTEGER REFERENCES company (id), owner INTEGER REFERENCES rep (id),
    lead_state TEXT, drop_reason TEXT, lead_source TEXT, language TEXT, zone TEXT, address TEXT, city TEXT, country TEXT, note TEXT,
    score INTEGER, last_touch INTEGER, merged_into INTEGER REFERENCES contact (id),
    custom TEXT NOT NULL DEFAULT '{}'
) STRICT;
-- serves: the people of a company; leads by state
CREATE INDEX contact_company ON contact (company) WHERE company IS NOT NULL;
CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contact_lead ON contact (lead_state) WHERE lead_state IS NOT NULL;

-- Addresses, numbers and ids by which a contact is known.
CREATE TABLE identifier (
    id INTEGER PRIMARY KEY, contact INTEGER NOT NULL REFERENCES contact (id),
    kind TEXT NOT NULL CHECK (kind IN ('email', 'phone', 'url', 'user_id', 'anonymous_id', 'external')),
    value TEXT NOT NULL, key TEXT NOT NULL, verified INTEGER, first_seen INTEGER, last_seen INTEGER,
    source_record INTEGER REFERENCES source_record (id),
    UNIQUE (contact, kind, key)
) STRICT;
-- serves: whose address or number this is
CREATE INDEX identifier_key ON identifier (kind, key);

CREATE TABLE domain (
    id INTEGER PRIMARY KEY, company INTEGER NOT NULL REFERENCES company (id), value TEXT NOT NULL, key TEXT NOT NULL,
    UNIQUE (company, key)
) STRICT;
CREATE INDEX domain_key ON domain (key);

CREATE TABLE tag (
    id INTEGER PRIMARY KEY, entity TEXT NOT NULL, record INTEGER NOT NULL, value TEXT NOT NULL, key TEXT NOT NULL,
    UNIQUE (entity, record, key)
) STRICT;
-- serves: the records of a tag
CREATE INDEX tag_key ON tag (key, entity);

CREATE TABLE relation (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, contact INTEGER NOT NULL REFERENCES contact (id),
    other INTEGER NOT NULL REFERENCES contact (id), kind TEXT NOT NULL, evidence TEXT,
    UNIQUE (contact, other, kind)
) STRICT;

CREATE TABLE pipeline (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, name TEXT NOT NULL, position INTEGER
) STRICT;

CREATE TABLE stage (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, name TEXT NOT NULL,
    pipeline INTEGER NOT NULL REFERENCES pipeline (id), position INTEGER,
    kind TEXT NOT NULL CHECK (kind IN ('open', 'won', 'lost')), probability INTEGER, rot_days INTEGER, category TEXT, archived INTEGER
) STRICT;
CREATE INDEX stage_pipeline ON stage (pipeline);

CREATE TABLE lost_reason (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, name TEXT NOT NULL, real INTEGER NOT NULL, position INTEGER
) STRICT;

CREATE TABLE deal (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER,
    title TEXT NOT NULL, company INTEGER REFERENCES company (id), contact INTEGER REFERENCES contact (id),
    pipeline INTEGER NOT NULL REFERENCES pipeline (id), stage INTEGER NOT NULL REFERENCES stage (id), owner INTEGER REFERENCES rep (id),
    amount INTEGER, currency TEXT NOT NULL, probability INTEGER, category TEXT, expected_close TEXT,
    -- the facts of the close, frozen when it is won or lost
    closed_at INTEGER, close_owner INTEGER REFERENCES rep (id), close_amount INTEGER, close_currency TEXT, close_rate INTEGER,
    close_base INTEGER,
    lost_reason INTEGER REFERENCES lost_reason (id), lost_note TEXT, lead_source TEXT, note TEXT, position TEXT, last_touch INTEGER,
    next_step INTEGER REFERENCES activity (id),
    custom TEXT NOT NULL DEFAULT '{}'
) STRICT;
-- serves: the cards of a column in their order, first page and any further one
CREATE INDEX deal_column ON deal (stage, position, id) WHERE trashed_at IS NULL;
-- serves: counts, sums and weighted sums of a column without reading rows, grouped in the order of the index. `trashed_at` stands in
-- both, though it is null in every entry: without it SQLite reads each row to see that.
CREATE INDEX deal_sums ON deal (stage, currency, probability, amount, trashed_at) WHERE trashed_at IS NULL;
-- serves: reports over closed deals, and the board's foot, without reading rows
CREATE INDEX deal_closed ON deal (stage, closed_at, close_owner, close_base, close_amount, lost_reason, created_at, trashed_at)
    WHERE trashed_at IS NULL AND closed_at IS NOT NULL;
-- serves: losses by their reason, those that are none among them
CREATE INDEX deal_lost ON deal (lost_reason) WHERE lost_reason IS NOT NULL;
-- serves: deals of a company or contact; what refers to them
CREATE INDEX deal_company ON deal (company) WHERE company IS NOT NULL;
CREATE INDEX deal_contact_main ON deal (contact) WHERE contact IS NOT NULL;

CREATE TABLE deal_contact (
    id INTEGER PRIMARY KEY, deal INTEGER NOT NULL REFERENCES deal (id), contact INTEGER NOT NULL REFERENCES contact (id), role TEXT,
    UNIQUE (deal, contact)
) STRICT;
CREATE INDEX deal_contact_other ON deal_contact (contact);

CREATE TABLE product (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, name TEXT NOT NULL, code TEXT, family TEXT, price INTEGER,
    currency TEXT NOT NULL,
    custom TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE deal_line (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, deal INTEGER NOT NULL REFERENCES deal (id),
    product INTEGER REFERENCES product (id), text TEXT, quantity INTEGER, price INTEGER, position INTEGER
) STRICT;
CREATE INDEX deal_line_deal ON deal_line (deal);
CREATE INDEX deal_line_product ON deal_line (product) WHERE product IS NOT NULL;

CREATE TABLE activity (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER,
    kind TEXT NOT NULL, direction TEXT, subject TEXT, body TEXT, outcome TEXT, minutes INTEGER,
    contact INTEGER REFERENCES contact (id), company INTEGER REFERENCES company (id), deal INTEGER REFERENCES deal (id),
    performer INTEGER REFERENCES rep (id), due_at INTEGER, due_date TEXT, done_at INTEGER,
    ticket INTEGER REFERENCES ticket (id),
    custom TEXT NOT NULL DEFAULT '{}'
) STRICT;
-- serves: the timeline of a deal, contact or company; last touch and next step
CREATE INDEX activity_deal ON activity (deal, done_at) WHERE deal IS NOT NULL;
CREATE INDEX activity_contact ON activity (contact, done_at) WHERE contact IS NOT NULL;
CREATE INDEX activity_company ON activity (company, done_at) WHERE company IS NOT NULL;

CREATE TABLE ticket (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, number INTEGER UNIQUE, subject TEXT NOT NULL,
    contact INTEGER REFERENCES contact (id), company INTEGER REFERENCES company (id), deal INTEGER REFERENCES deal (id),
    owner INTEGER REFERENCES rep (id), priority TEXT NOT NULL, state TEXT NOT NULL, policy INTEGER REFERENCES sla_policy (id),
    custom TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE calendar (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, name TEXT NOT NULL, zone TEXT NOT NULL, version INTEGER NOT NULL,
    hours TEXT NOT NULL, days TEXT NOT NULL
) STRICT;

CREATE TABLE sla_policy (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, name TEXT NOT NULL, version INTEGER NOT NULL,
    calendar INTEGER NOT NULL REFERENCES calendar (id), targets TEXT NOT NULL
) STRICT;

-- A record as it came from a source. It is never rewritten in part: a newer export replaces `raw` whole.
CREATE TABLE source_record (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER,
    source TEXT NOT NULL, key TEXT NOT NULL, entity TEXT NOT NULL, record INTEGER, raw TEXT, import INTEGER REFERENCES import (id),
    UNIQUE (source, entity, key)
) STRICT;
-- serves: where a record came from
CREATE INDEX source_record_of ON source_record (entity, record);

CREATE TABLE field_choice (
    id INTEGER PRIMARY KEY, entity TEXT NOT NULL, record INTEGER NOT NULL, field TEXT NOT NULL,
    source_record INTEGER REFERENCES source_record (id), reason TEXT NOT NULL, locked INTEGER NOT NULL DEFAULT 0,
    UNIQUE (entity, record, field)
) STRICT;

CREATE TABLE "match" (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, entity TEXT NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL,
    weight INTEGER NOT NULL,                   -- millibits against the best rival class
    evidence TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'merged', 'apart')),
    rep INTEGER REFERENCES rep (id), decided_at INTEGER, step BLOB,
    UNIQUE (entity, a, b)
) STRICT;

-- A link whose record has not been found, or only one with a near name.
CREATE TABLE pending_link (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER,
    entity TEXT NOT NULL, record INTEGER NOT NULL, field TEXT NOT NULL, target TEXT NOT NULL, source TEXT, text TEXT NOT NULL,
    suggestion INTEGER
) STRICT;
-- serves: everything that waits for one name; what waits of a record
CREATE INDEX pending_link_text ON pending_link (target, text);
CREATE INDEX pending_link_record ON pending_link (entity, record);

CREATE TABLE import (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER,
    file TEXT NOT NULL, hash TEXT NOT NULL, kind TEXT NOT NULL, source TEXT, mapping TEXT, counts TEXT,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'undone'))
) STRICT;

-- Mappings that people made by hand, remembered under the signature of the header.
CREATE TABLE mapping (
    id INTEGER PRIMARY KEY, signature TEXT NOT NULL, entity TEXT NOT NULL, columns TEXT NOT NULL, UNIQUE (signature, entity)
) STRICT;

CREATE TABLE event (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, message_id TEXT NOT NULL,
    type TEXT NOT NULL, name TEXT, at INTEGER NOT NULL, received_at INTEGER, contact INTEGER REFERENCES contact (id), anonymous_id TEXT,
    properties TEXT,
    UNIQUE (source, message_id)
) STRICT;
CREATE INDEX event_contact ON event (contact, at) WHERE contact IS NOT NULL;

-- Append-only; the current state is the newest of its kind.
CREATE TABLE consent (
    id INTEGER PRIMARY KEY, contact INTEGER NOT NULL REFERENCES contact (id), purpose TEXT NOT NULL, channel TEXT NOT NULL,
    given INTEGER NOT NULL, basis TEXT, proof TEXT, at INTEGER NOT NULL, rep INTEGER REFERENCES rep (id)
) STRICT;
CREATE INDEX consent_contact ON consent (contact, channel, purpose, at);
CREATE TABLE suppression (key BLOB PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE segment (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, name TEXT NOT NULL, filter TEXT NOT NULL,
    owner INTEGER REFERENCES rep (id), shared INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE view (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, screen TEXT NOT NULL, name TEXT NOT NULL, filter TEXT,
    columns TEXT, sort TEXT, owner INTEGER REFERENCES rep (id), shared INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE template (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, name TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT, body TEXT NOT NULL
) STRICT;
CREATE TABLE cadence (id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, name TEXT NOT NULL) STRICT;
CREATE TABLE cadence_step (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, cadence INTEGER NOT NULL REFERENCES cadence (id),
    position INTEGER NOT NULL, kind TEXT NOT NULL, after_days INTEGER NOT NULL, template INTEGER REFERENCES template (id)
) STRICT;

-- Millionths of the base currency for one unit.
CREATE TABLE rate (currency TEXT NOT NULL, date TEXT NOT NULL, rate INTEGER NOT NULL, PRIMARY KEY (currency, date)) STRICT, WITHOUT ROWID;
CREATE TABLE source_cost (
    id INTEGER PRIMARY KEY, lead_source TEXT NOT NULL, period TEXT NOT NULL, amount INTEGER NOT NULL, UNIQUE (lead_source, period)
) STRICT;

CREATE TABLE field (
    id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, entity TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    choices TEXT
) STRICT;
