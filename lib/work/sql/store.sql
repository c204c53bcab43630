-- name: store_insert
-- No row changed: somebody else has just made it.
-- $1 store id  $2 boot  $3 clock, ms of BOOTTIME  $4 machine  $5 inode
INSERT INTO store (one, id, token, event, boot, clock_boot, machine, inode,
    committed)
VALUES (1, $1, 0, 0, $2, $3, $4, $5, 0)
ON CONFLICT (one) DO NOTHING;

-- name: store_read
-- The last columns: may some live lease have ended, or have a process to look
-- at?  Then they want judging.  Are there several plans, so that an id alone may
-- not say which task is meant?
-- $1 now, ms of BOOTTIME
SELECT id, token, event, boot, clock_boot, machine, inode,
    EXISTS (SELECT 1 FROM lease WHERE ended IS NULL
	AND (expires_boot <= $1 OR pid IS NOT NULL)),
    (SELECT count(*) FROM plan) > 1, floor_ms
FROM store;

-- name: store_update
-- $1 store id  $2 newest token  $3 newest event  $4 boot  $5 clock, ms of
-- BOOTTIME  $6 machine  $7 inode
UPDATE store SET id = $1, token = $2, event = $3, boot = $4, clock_boot = $5,
    machine = $6, inode = $7;

-- name: store_advance
-- The same where nothing else has changed.
-- $1 newest token  $2 newest event  $3 clock, ms of BOOTTIME
UPDATE store SET token = $1, event = $2, clock_boot = $3;

-- name: store_committed
SELECT committed FROM store;

-- name: store_set_committed
-- $1 newest event that is in git
UPDATE store SET committed = $1;

-- name: event_insert
-- $1 id  $2 now, ms since 1970  $3 kind  $4 task or NULL  $5 agent or NULL
-- $6 session or NULL  $7 token or NULL  $8 JSON or NULL
INSERT INTO event (id, at_ms, kind, task, agent, session, token, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: event_list
-- $1 after this id  $2 of this task, or all where it is 0  $3 at most
SELECT e.id, e.at_ms, e.kind, t.key, p.name, e.agent, e.session, e.token,
    e.data, e.origin, e.origin_id
FROM event AS e
LEFT JOIN task AS t ON t.id = e.task
LEFT JOIN plan AS p ON p.id = t.plan
WHERE e.id > $1 AND ($2 = 0 OR e.task = $2)
ORDER BY e.id LIMIT $3;

-- name: event_of_task
-- $1 task  $2 at most: the newest ones, oldest first
SELECT e.id, e.at_ms, e.kind, t.key, p.name, e.agent, e.session, e.token,
    e.data, e.origin, e.origin_id
FROM (SELECT * FROM event WHERE task = $1 ORDER BY id DESC LIMIT $2) AS e
JOIN task AS t ON t.id = e.task
JOIN plan AS p ON p.id = t.plan
ORDER BY e.id;

-- name: event_review
-- What a review reads of all events: the data only of those whose data it reads.
SELECT e.id, e.at_ms, e.kind, t.key, p.name, e.agent,
    CASE WHEN e.kind = 'approved' THEN e.data END
FROM event AS e
LEFT JOIN task AS t ON t.id = e.task
LEFT JOIN plan AS p ON p.id = t.plan
ORDER BY e.id;

-- name: event_newest
-- $1 how many: the id before the newest that many (a restored store's have a
-- gap)
SELECT coalesce((SELECT id FROM event ORDER BY id DESC LIMIT 1
    OFFSET CAST($1 AS BIGINT)), 0);

-- name: event_before
-- $1 milliseconds: the id before the first event that was no earlier.
SELECT coalesce(min(id) - 1, (SELECT max(event) FROM store)) FROM event
WHERE at_ms >= $1;

-- name: event_counts
-- How often each kind of event has happened, and when last.
SELECT kind, count(*), max(at_ms) FROM event GROUP BY kind ORDER BY kind;

-- name: event_cycles
-- From claim to done: one after the other, by task.
SELECT task, kind, at_ms FROM event WHERE kind = 'claimed' OR kind = 'done'
ORDER BY task, id;
