-- Version 1.  Times ending in _ms are wall-clock milliseconds since 1970 and
-- only shown; times ending in _boot are milliseconds of BOOTTIME in the boot
-- store.boot, and decide.  A number that may be NULL is unknown, not zero.
-- CHECK spells out its alternatives with OR: for IN (…) SQLite builds a table
-- in memory at every single insert and update.

-- One row: who this store is, and its counters.
CREATE TABLE store (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	id TEXT NOT NULL,          -- tokens compare only within one store id
	token INTEGER NOT NULL,    -- the newest fencing token drawn; only grows
	event INTEGER NOT NULL,    -- the newest event's id; only grows
	boot TEXT NOT NULL,        -- boot id that all _boot times refer to
	clock_boot INTEGER NOT NULL, -- the latest time that a writer has seen
	machine TEXT NOT NULL,     -- machine id and inode of the last writer's
	inode INTEGER NOT NULL,    -- store: another pair is a copy
	committed INTEGER NOT NULL -- newest event that is in git (bookkeeping)
) STRICT;

CREATE TABLE plan (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE, -- in front of a task's id: name:1.2
	file TEXT,                 -- NULL: tasks added by hand
	title TEXT
) STRICT;

CREATE TABLE sprint (
	id INTEGER PRIMARY KEY,
	plan INTEGER NOT NULL REFERENCES plan,
	key TEXT NOT NULL,         -- "1" of Sprint 1
	title TEXT NOT NULL,
	position INTEGER NOT NULL, -- order in the plan
	complete INTEGER NOT NULL, -- 1: the plan says that it is done
	-- The barrier: its tasks wait until no task of that sprint remains.
	after INTEGER REFERENCES sprint,
	-- Tasks that are neither done, cancelled nor orphaned; changed only
	-- when a task's row really crossed that line.
	remaining INTEGER NOT NULL DEFAULT 0,
	UNIQUE (plan, key)
) STRICT;

-- What claims look at stands first in the row; long texts are elsewhere.
CREATE TABLE task (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL DEFAULT 'open' CHECK (state = 'open' OR
	    state = 'claimed' OR state = 'done' OR state = 'failed' OR
	    state = 'cancelled'),
	unmet INTEGER NOT NULL DEFAULT 0 CHECK (unmet >= 0), -- needs not done
	barred INTEGER NOT NULL DEFAULT 0, -- 1: its sprint's barrier is closed
	orphaned INTEGER NOT NULL DEFAULT 0, -- 1: gone from its plan
	priority INTEGER NOT NULL, -- 1 high to 4 low
	tail_s INTEGER NOT NULL DEFAULT 0, -- longest path from it to the end
	position INTEGER NOT NULL, -- order in the plan
	lane TEXT NOT NULL DEFAULT '', -- planned agent, normalised; '' none
	mutex TEXT NOT NULL DEFAULT '', -- '' none
	sprint INTEGER REFERENCES sprint,
	plan INTEGER NOT NULL REFERENCES plan,
	estimate_s INTEGER,
	attempts INTEGER NOT NULL DEFAULT 0, -- leases that lapsed or died
	started_ms INTEGER,        -- when it was first claimed
	finished_ms INTEGER,
	finished_by TEXT,
	hand INTEGER NOT NULL DEFAULT 0, -- bits: fields that a person has set
	ticked INTEGER NOT NULL DEFAULT 0, -- 1: the plan marks it as done
	key TEXT NOT NULL,         -- its id as the plan writes it
	norm TEXT NOT NULL,        -- the same, normalised for look-up
	title TEXT NOT NULL,
	planned_agent TEXT,        -- as written
	line INTEGER,              -- in the plan's file
	-- No plan has a key twice; and tasks are found by norm, which is made of
	-- key: one index does both.
	UNIQUE (norm, plan, key)
) STRICT;
CREATE INDEX task_sprint ON task (sprint);
-- The queue of each lane: what can be claimed now, in the order of claiming.
CREATE INDEX task_ready ON task (mutex, lane, priority, tail_s DESC, position)
	WHERE state = 'open' AND unmet = 0 AND barred = 0 AND orphaned = 0;
CREATE INDEX task_failed ON task (plan, position) WHERE state = 'failed';
CREATE INDEX task_mutex ON task (mutex)
	WHERE state = 'claimed' AND mutex <> '';

-- Each pair of mutex and planned agent that some task has: claim --next looks
-- at the head of each lane's queue, so its cost does not depend on how many
-- tasks there are, nor on which of them are held up.
CREATE TABLE lane (
	mutex TEXT NOT NULL,
	agent TEXT NOT NULL,
	PRIMARY KEY (mutex, agent)
) STRICT, WITHOUT ROWID;

-- needs must be done before task.
CREATE TABLE dep (
	task INTEGER NOT NULL REFERENCES task,
	needs INTEGER NOT NULL REFERENCES task,
	-- 'cut': the plan says so, a person has removed it; kept, so that the
	-- next import does not bring it back, and without any effect.
	origin TEXT NOT NULL CHECK (origin = 'plan' OR
	    origin = 'hand' OR origin = 'cut'),
	PRIMARY KEY (task, needs)
) STRICT, WITHOUT ROWID;
CREATE INDEX dep_needs ON dep (needs);

-- The lines of a task: its files, criteria and steps.
CREATE TABLE line (
	task INTEGER NOT NULL REFERENCES task,
	kind TEXT NOT NULL CHECK (kind = 'file' OR kind = 'criterion' OR
	    kind = 'step'),
	n INTEGER NOT NULL,        -- from 1
	text TEXT NOT NULL,
	done INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (task, kind, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
	id INTEGER PRIMARY KEY,
	task INTEGER NOT NULL REFERENCES task,
	at_ms INTEGER NOT NULL,
	agent TEXT,
	text TEXT NOT NULL
) STRICT;
CREATE INDEX note_task ON note (task);

-- The newest lease of each task that was ever claimed.  The row outlives the
-- lease: its token is what refuses a holder that was superseded, and what lets
-- one that merely overslept come back.
CREATE TABLE lease (
	task INTEGER PRIMARY KEY REFERENCES task,
	token INTEGER NOT NULL,
	agent TEXT NOT NULL,
	session TEXT NOT NULL,
	-- NULL: live.  lapsed: by time alone, may be revived.  Anything else is
	-- dead for ever: done released failed forced died attempts reopened
	-- cancelled changed.
	ended TEXT,
	expires_boot INTEGER NOT NULL,
	renewed_boot INTEGER NOT NULL,
	active_boot INTEGER NOT NULL, -- last sign of the holder itself
	acquired_boot INTEGER NOT NULL,
	ttl_ms INTEGER NOT NULL,
	acquired_ms INTEGER NOT NULL,
	renewed_ms INTEGER NOT NULL,
	ended_ms INTEGER,
	evidence TEXT NOT NULL,    -- of the last renewal: claim hook process run manual
	host TEXT NOT NULL,
	worktree TEXT,
	pid INTEGER,               -- NULL: none is known
	pid_start INTEGER,
	pid_space INTEGER,
	-- 1: a later, separate command saw the process alive (or the process is
	-- the holder itself): only then may its death end the lease.
	witnessed INTEGER NOT NULL DEFAULT 0
) STRICT;
-- With all that lease_due looks at, so that a change reads no lease that lives.
CREATE INDEX lease_live ON lease (agent, session, expires_boot, pid)
	WHERE ended IS NULL;
CREATE INDEX lease_lapsed ON lease (agent, session) WHERE ended = 'lapsed';

-- What happened, in order; written in the transaction that made it happen.
CREATE TABLE event (
	id INTEGER PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	kind TEXT NOT NULL,
	task INTEGER REFERENCES task, -- NULL: of no single task
	agent TEXT,
	session TEXT,
	token INTEGER,
	data TEXT                  -- JSON: what else there is to say
) STRICT;
-- No index by task: it would cost every claim a page of the log and a twentieth
-- of its time, where reading one task's events from a million takes 0.1 s.
