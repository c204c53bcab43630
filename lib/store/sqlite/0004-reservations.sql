-- Version 4: reservations.

-- What a task's holder has reserved: gitignore patterns, from the repository's
-- root.  A row counts while its lease does, and nobody has to take it away then:
-- the task's next lease does, or the next reservation of anybody.
CREATE TABLE reservation (
	task INTEGER NOT NULL REFERENCES task,
	n INTEGER NOT NULL,        -- order: of those that match, the last decides
	token INTEGER NOT NULL,    -- of the lease that it goes with
	pattern TEXT NOT NULL,
	PRIMARY KEY (task, n)
) STRICT, WITHOUT ROWID;

-- 1: there may be rows of that lease.  So whoever reserves nothing never looks.
ALTER TABLE lease ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0;
