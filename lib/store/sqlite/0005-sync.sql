-- Version 5: what other stores have done.

-- An event that was taken from another store: which one it first happened in,
-- and its id there.  NULL: it happened here.
ALTER TABLE event ADD COLUMN origin TEXT;
ALTER TABLE event ADD COLUMN origin_id INTEGER;

-- No event from here on is earlier than this: what was taken from others comes
-- before what happens here after it, whatever their clocks say.
ALTER TABLE store ADD COLUMN floor_ms INTEGER NOT NULL DEFAULT 0;

-- The other stores.
CREATE TABLE peer (
	store TEXT NOT NULL PRIMARY KEY,
	event INTEGER NOT NULL,    -- its newest event that was taken, by its id
	seen INTEGER NOT NULL      -- how far its own log has been read; 0: never
) STRICT, WITHOUT ROWID;
