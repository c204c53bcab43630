-- Version 3 (numbers are by file).  What the plan's box said when it was last
-- read: apart from what has become of the line, so that a box ticked by hand
-- and a step undone here can be told from each other.
ALTER TABLE line ADD COLUMN ticked INTEGER NOT NULL DEFAULT 0;
