-- Version 6.

-- What the plan says that the sprint is for; '': nothing.  Last in the row, and
-- read by views only: no claim looks at it.
ALTER TABLE sprint ADD COLUMN goal TEXT NOT NULL DEFAULT '';
