-- name: replay_log
-- $1 after this id: every event, as far as its place in the order of all stores'
-- asks for it.
SELECT id, at_ms, kind, task, origin, origin_id FROM event
WHERE id > $1 ORDER BY id;

-- name: replay_selves
-- Where this store became another one, being a copy or restored, and the event
-- before that.
SELECT id, data,
    (SELECT coalesce(max(b.id), 0) FROM event AS b WHERE b.id < e.id), kind
FROM event AS e
WHERE (kind = 'copied' OR kind = 'restored') AND origin IS NULL ORDER BY id;

-- name: replay_event
-- $1 event
SELECT id, at_ms, kind, task, agent, session, token, data, origin, origin_id
FROM event WHERE id = $1;

-- name: replay_line
-- Which line of its file an event is on.
-- $1 the first id of the file  $2 event
SELECT count(*) FROM event WHERE id >= $1 AND id <= $2;

-- name: replay_insert
-- $1 id  $2 at, ms since 1970  $3 kind  $4 task or NULL  $5 agent or NULL
-- $6 session or NULL  $7 token or NULL  $8 JSON or NULL  $9 the store where it
-- first happened, or NULL: here  $10 its id there, or NULL
INSERT INTO event (id, at_ms, kind, task, agent, session, token, data, origin,
    origin_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: replay_plan
-- $1 name
SELECT id FROM plan WHERE name = $1;

-- name: replay_plan_add
-- $1 name
INSERT INTO plan (name) VALUES ($1) RETURNING id;

-- name: replay_task
-- $1 task: what replay begins with.  Its place and boxes stay as they are
-- where no event tells them: those of older versions did not.
SELECT plan, key, title, position, coalesce(line, 0), ticked,
    coalesce(chain, 0), step, barred & 8
FROM task WHERE id = $1;

-- name: replay_task_find
-- $1 id, normalised  $2 plan  $3 id
SELECT id FROM task WHERE norm = $1 AND plan = $2 AND key = $3;

-- name: replay_sprint
-- $1 plan  $2 key: find it, or make room for it
INSERT INTO sprint (plan, key, title, position, complete)
VALUES ($1, $2, $2, 0, 0)
ON CONFLICT (plan, key) DO UPDATE SET key = excluded.key RETURNING id;

-- name: replay_write
-- $1 state  $2 attempts  $3 started or NULL  $4 finished or NULL, ms since 1970
-- $5 by whom or NULL  $6 title  $7 sprint or NULL  $8 position  $9 priority
-- $10 estimate or NULL  $11 planned agent or NULL  $12 the same, normalised
-- $13 mutex  $14 line or NULL  $15 hand bits  $16 orphaned  $17 ticked
-- $18 chain or NULL  $19 step  $20 8: it is a gate, 0: it is none  $21 task
UPDATE task SET state = $1, attempts = $2, started_ms = $3, finished_ms = $4,
    finished_by = $5, title = $6, sprint = $7, position = $8, priority = $9,
    estimate_s = $10, planned_agent = $11, lane = $12, mutex = $13, line = $14,
    hand = $15, orphaned = $16, ticked = $17, chain = $18, step = $19,
    barred = (barred & 7) | CAST($20 AS BIGINT)
WHERE id = $21;

-- name: replay_forget_deps
-- $1 task
DELETE FROM dep WHERE task = $1;

-- name: replay_forget_notes
-- $1 task
DELETE FROM note WHERE task = $1;

-- name: replay_lease
-- A lease that is over; nothing of it but its token and holder matters.
-- $1 task  $2 token  $3 agent  $4 session  $5 how it ended  $6 when
-- $7 acquired, ms since 1970
INSERT INTO lease (task, token, agent, session, ended, ended_ms, acquired_ms,
    renewed_ms, expires_boot, renewed_boot, active_boot, acquired_boot, ttl_ms,
    evidence, host)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, 0, 0, 0, 0, 'claim', '');

-- name: restore_store
-- $1 store id  $2 newest token  $3 newest event  $4 boot  $5 clock, ms of
-- BOOTTIME  $6 machine  $7 inode  $8 newest event in git  $9 floor, ms since 1970
INSERT INTO store (one, id, token, event, boot, clock_boot, machine, inode,
    committed, floor_ms)
VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: restore_greatest
-- What must not come again: tokens and events, and the time of the last one.
SELECT coalesce(max(token), 0), coalesce(max(id), 0), coalesce(max(at_ms), 0)
FROM event;

-- name: restore_peers
-- Whose events are here already.
INSERT INTO peer (store, event, seen)
SELECT origin, max(origin_id), 0 FROM event
WHERE origin IS NOT NULL GROUP BY origin;

-- name: restore_had_store
SELECT id, token, event FROM store;

-- name: restore_drop_lease
DELETE FROM lease;
-- name: restore_drop_event
DELETE FROM event;
-- name: restore_drop_note
DELETE FROM note;
-- name: restore_drop_ticked
DELETE FROM ticked;
-- name: restore_drop_line
DELETE FROM line;
-- name: restore_drop_dep
DELETE FROM dep;
-- name: restore_drop_lane
DELETE FROM lane;
-- name: restore_drop_task
DELETE FROM task;
-- name: restore_drop_sprint
DELETE FROM sprint;
-- name: restore_drop_plan
DELETE FROM plan;
-- name: restore_drop_peer
DELETE FROM peer;
-- name: restore_drop_store
DELETE FROM store;

-- name: peer_list
-- An older taskctl took a store that this one was restored from for known up to
-- the gap before "restored", and its events for old ones: where that is so, all
-- logs are read again, for which of them held such events nobody knows.
SELECT store, event, CASE WHEN EXISTS (
    SELECT 1 FROM peer AS p JOIN event AS e ON e.id = p.event + 1
    WHERE e.kind = 'restored' AND e.origin IS NULL) THEN 0 ELSE seen END
FROM peer;

-- name: peer_forget_seen
-- Before peer_heal, which takes away what says that it is needed.
UPDATE peer SET seen = 0 WHERE EXISTS (
    SELECT 1 FROM peer AS p JOIN event AS e ON e.id = p.event + 1
    WHERE e.kind = 'restored' AND e.origin IS NULL);

-- name: peer_heal
-- Up to what was taken; what came with the restored log is known beside that.
UPDATE peer SET event = (
    SELECT coalesce(max(origin_id), 0) FROM event WHERE origin = peer.store)
WHERE EXISTS (SELECT 1 FROM event AS e
    WHERE e.id = peer.event + 1 AND e.kind = 'restored' AND e.origin IS NULL);

-- name: peer_set
-- $1 store  $2 its newest event that was taken  $3 how far its log was read
INSERT INTO peer (store, event, seen) VALUES ($1, $2, $3)
ON CONFLICT (store) DO UPDATE SET
    event = CASE WHEN excluded.event > peer.event THEN excluded.event
	ELSE peer.event END,
    seen = CASE WHEN excluded.seen > peer.seen THEN excluded.seen
	ELSE peer.seen END;

-- name: store_raise_floor
-- $1 ms since 1970  $2 the same
UPDATE store SET floor_ms = $1 WHERE floor_ms < $2;

-- name: event_own_news
-- $1 after this id: has anything happened here since?
SELECT 1 FROM event WHERE id > $1 AND origin IS NULL LIMIT 1;
