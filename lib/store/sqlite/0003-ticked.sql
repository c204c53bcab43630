-- Version 3.

-- The steps and criteria whose box the plan ticked when it was last read: apart
-- from line.done, which is what has become of them, so that a box ticked by
-- hand and a step undone here can be told from each other.
CREATE TABLE ticked (
	task INTEGER NOT NULL REFERENCES task,
	kind TEXT NOT NULL,        -- these three: of the line
	n INTEGER NOT NULL,
	PRIMARY KEY (task, kind, n)
) STRICT, WITHOUT ROWID;
