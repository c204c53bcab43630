-- name: lease_take
-- The one statement that decides who has a task.
-- $1 now, ms since 1970  $2 task
-- One row: it is yours.  No row: its state, its needs, its sprint or its mutex
-- do not allow it (lease_why says which).
UPDATE task SET state = 'claimed', started_ms = coalesce(started_ms, $1)
WHERE id = $2 AND state = 'open' AND unmet = 0 AND barred = 0
    AND (mutex = '' OR NOT EXISTS (SELECT 1 FROM task AS h
	WHERE h.mutex = task.mutex AND h.state = 'claimed' AND h.mutex <> ''))
RETURNING id;

-- name: lease_record
-- $1 task  $2 token  $3 agent  $4 session  $5 expires, ms of BOOTTIME
-- $6 now, ms of BOOTTIME  $7 ttl, ms  $8 now, ms since 1970  $9 evidence
-- $10 host  $11 worktree or NULL  $12 pid or NULL  $13 its start
-- $14 its namespace  $15 witnessed
INSERT INTO lease (task, token, agent, session, expires_boot, renewed_boot,
    active_boot, acquired_boot, ttl_ms, acquired_ms, renewed_ms, evidence,
    host, worktree, pid, pid_start, pid_space, witnessed)
VALUES ($1, $2, $3, $4, $5, $6, $6, $6, $7, $8, $8, $9, $10, $11, $12, $13,
    $14, $15)
ON CONFLICT (task) DO UPDATE SET token = excluded.token,
    agent = excluded.agent, session = excluded.session, ended = NULL,
    expires_boot = excluded.expires_boot,
    renewed_boot = excluded.renewed_boot, active_boot = excluded.active_boot,
    acquired_boot = excluded.acquired_boot, ttl_ms = excluded.ttl_ms,
    acquired_ms = excluded.acquired_ms, renewed_ms = excluded.renewed_ms,
    ended_ms = NULL, evidence = excluded.evidence, host = excluded.host,
    worktree = excluded.worktree, pid = excluded.pid,
    pid_start = excluded.pid_start, pid_space = excluded.pid_space,
    witnessed = excluded.witnessed;

-- name: lease_next
-- The head of each lane's queue, and of those the first in the order of
-- claiming: planned for this agent, for nobody, for others; priority; longest
-- remaining path; plan order.  A lane whose mutex is held is passed over.
-- $1 the caller, normalised
SELECT t.id FROM lane AS l JOIN task AS t ON t.id = (
	SELECT id FROM task
	WHERE mutex = l.mutex AND lane = l.agent AND state = 'open'
	    AND unmet = 0 AND barred = 0 AND orphaned = 0
	ORDER BY priority, tail_s DESC, position LIMIT 1)
WHERE l.mutex = '' OR NOT EXISTS (SELECT 1 FROM task AS h
    WHERE h.mutex = l.mutex AND h.state = 'claimed' AND h.mutex <> '')
ORDER BY CASE l.agent WHEN $1 THEN 0 WHEN '' THEN 1 ELSE 2 END,
    t.priority, t.tail_s DESC, t.position LIMIT 1;

-- name: lease_next_in_sprint
-- The same within one sprint.
-- $1 sprint  $2 the caller, normalised
SELECT id FROM task
WHERE sprint = $1 AND state = 'open' AND unmet = 0 AND barred = 0
    AND orphaned = 0
    AND (mutex = '' OR NOT EXISTS (SELECT 1 FROM task AS h
	WHERE h.mutex = task.mutex AND h.state = 'claimed' AND h.mutex <> ''))
ORDER BY CASE lane WHEN $2 THEN 0 WHEN '' THEN 1 ELSE 2 END,
    priority, tail_s DESC, position LIMIT 1;

-- name: lease_of_task
-- $1 task
SELECT task, token, agent, session, ended, expires_boot, renewed_boot,
    active_boot, acquired_boot, ttl_ms, acquired_ms, renewed_ms, ended_ms,
    evidence, host, worktree, pid, pid_start, pid_space, witnessed
FROM lease WHERE task = $1;

-- name: lease_live
SELECT task, token, agent, session, ended, expires_boot, renewed_boot,
    active_boot, acquired_boot, ttl_ms, acquired_ms, renewed_ms, ended_ms,
    evidence, host, worktree, pid, pid_start, pid_space, witnessed
FROM lease WHERE ended IS NULL ORDER BY task;

-- name: lease_renew
-- Never shortens, and never touches a lease that has ended.
-- $1 expires, ms of BOOTTIME  $2 now, ms of BOOTTIME  $3 last activity, ms of
-- BOOTTIME  $4 ttl, ms  $5 now, ms since 1970  $6 evidence  $7 task  $8 token
UPDATE lease SET
    expires_boot = CASE WHEN expires_boot > $1 THEN expires_boot ELSE $1 END,
    renewed_boot = $2, active_boot = $3, ttl_ms = $4, renewed_ms = $5,
    evidence = $6
WHERE task = $7 AND token = $8 AND ended IS NULL;

-- name: lease_restart
-- The clock cannot be compared with the one that wrote this lease: its TTL
-- starts again, so it ends late, never early.
-- $1 now, ms of BOOTTIME
UPDATE lease SET expires_boot = CAST($1 AS BIGINT) + ttl_ms, renewed_boot = $1,
    active_boot = $1, acquired_boot = $1
WHERE ended IS NULL;

-- name: lease_witness
-- $1 task
UPDATE lease SET witnessed = 1 WHERE task = $1;

-- name: lease_end
-- $1 why  $2 now, ms since 1970  $3 task  $4 token
UPDATE lease SET ended = $1, ended_ms = $2
WHERE task = $3 AND token = $4 AND ended IS NULL;

-- name: lease_bury
-- The task has changed since its lease lapsed: no coming back.
-- $1 why  $2 task
UPDATE lease SET ended = $1 WHERE task = $2 AND ended = 'lapsed';

-- name: lease_revive
-- $1 expires, ms of BOOTTIME  $2 now, ms of BOOTTIME  $3 now, ms since 1970
-- $4 task  $5 token
UPDATE lease SET ended = NULL, ended_ms = NULL, expires_boot = $1,
    renewed_boot = $2, active_boot = $2, renewed_ms = $3
WHERE task = $4 AND token = $5 AND ended = 'lapsed';

-- name: lease_mine
-- $1 agent  $2 session: what it holds, the oldest claim first
SELECT task FROM lease
WHERE agent = $1 AND session = $2 AND ended IS NULL
ORDER BY acquired_boot, token;

-- name: lease_mine_lapsed
-- $1 agent  $2 session: what it may take up again
SELECT l.task FROM lease AS l JOIN task AS t ON t.id = l.task
WHERE l.agent = $1 AND l.session = $2 AND l.ended = 'lapsed'
    AND t.state = 'open'
ORDER BY l.acquired_boot, l.token;

-- name: lease_mutex_holder
-- $1 mutex
SELECT id FROM task
WHERE mutex = $1 AND state = 'claimed' AND mutex <> '' LIMIT 1;

-- name: lease_ready_count
SELECT mutex, count(*) FROM task
WHERE state = 'open' AND unmet = 0 AND barred = 0 AND orphaned = 0
GROUP BY mutex;

-- name: lease_lanes
SELECT mutex, agent FROM lane ORDER BY mutex, agent;

-- name: lease_queue
-- The first of one lane's queue.
-- $1 mutex  $2 planned agent, normalised  $3 at most
SELECT id, priority, tail_s, position FROM task
WHERE mutex = $1 AND lane = $2 AND state = 'open' AND unmet = 0
    AND barred = 0 AND orphaned = 0
ORDER BY priority, tail_s DESC, position LIMIT $3;
