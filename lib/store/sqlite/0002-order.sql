-- Version 2: order inside of sprints, and gates.
--
-- task.barred is from now on a set of bits; a task can be claimed where none is
-- set (enum tctl_barrier, model.h):
--   1  its sprint follows one that is not finished, or is behind such a one
--   2  its sprint waits for a gate that is not approved
--   4  an earlier step of its chain is not finished
--   8  it is a gate itself: approved, never claimed
-- Version 1 had the first only.

-- Steps that follow each other: the id of the first of them, and the place
-- among them.  No step starts while one with a lower number remains, whatever
-- has been cancelled or ticked in between.  NULL: it is no such step.
ALTER TABLE task ADD COLUMN chain INTEGER REFERENCES task;
ALTER TABLE task ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
CREATE INDEX task_chain ON task (chain, step) WHERE chain IS NOT NULL;

-- The gate that must be done, which is to say approved, before it starts.
ALTER TABLE sprint ADD COLUMN gate INTEGER REFERENCES task;
CREATE INDEX sprint_after ON sprint (after) WHERE after IS NOT NULL;
