-- name: lease_take
-- The one statement that decides who has a task; for one without a mutex.
-- $1 now, ms since 1970  $2 task
-- One row changed: it is yours.  None: its state, its needs or its sprint do
-- not allow it (why says which).
UPDATE task SET state = 'claimed', started_ms = coalesce(started_ms, $1)
WHERE id = $2 AND state = 'open' AND unmet = 0 AND barred = 0 AND mutex = '';

-- name: lease_take_mutex
-- The same for a task with a mutex: nobody may hold another one with it.
-- $1 now, ms since 1970  $2 task
UPDATE task SET state = 'claimed', started_ms = coalesce(started_ms, $1)
WHERE id = $2 AND state = 'open' AND unmet = 0 AND barred = 0
    AND NOT EXISTS (SELECT 1 FROM task AS h
	WHERE h.mutex = task.mutex AND h.state = 'claimed' AND h.mutex <> '');

-- name: lease_record
-- $1 task  $2 token  $3 agent  $4 session  $5 expires, ms of BOOTTIME
-- $6 now, ms of BOOTTIME  $7 ttl, ms  $8 now, ms since 1970  $9 evidence
-- $10 host  $11 worktree or NULL  $12 pid or NULL  $13 its start
-- $14 its namespace  $15 witnessed
INSERT INTO lease (task, token, agent, session, expires_boot, renewed_boot,
    active_boot, acquired_boot, ttl_ms, acquired_ms, renewed_ms, evidence,
    host, worktree, pid, pid_start, pid_space, witnessed)
VALUES ($1, $2, $3, $4, $5, $6, $6, $6, $7, $8, $8, $9, $10, $11, $12, $13,
    $14, $15);

-- name: lease_forget
-- Make room for the next lease of a task.
-- $1 task
DELETE FROM lease WHERE task = $1;

-- name: lease_candidate
-- All that a claim looks at before it asks for the task, and hands over after.
-- $1 task
SELECT t.id, t.key, p.name, t.state, t.mutex, t.title, t.attempts, l.agent,
    l.ended, l.ended_ms, l.worktree,
    EXISTS (SELECT 1 FROM note AS n WHERE n.task = t.id), l.reserved
FROM task AS t JOIN plan AS p ON p.id = t.plan
LEFT JOIN lease AS l ON l.task = t.id WHERE t.id = $1;

-- name: lease_candidate_by_key
-- The same; the columns begin as those of task_by_key.  In any order: it shows
-- only where the id could mean several, and sorting costs every claim.
-- $1 id, normalised
SELECT t.id, t.key, p.name, t.state, t.mutex, t.title, t.attempts, l.agent,
    l.ended, l.ended_ms, l.worktree,
    EXISTS (SELECT 1 FROM note AS n WHERE n.task = t.id), l.reserved
FROM task AS t JOIN plan AS p ON p.id = t.plan
LEFT JOIN lease AS l ON l.task = t.id WHERE t.norm = $1;

-- name: lease_next
-- The head of each lane's queue, and of those the first in the order of
-- claiming: planned for this agent, for nobody, for others; priority; longest
-- remaining path; plan order.  A lane whose mutex is held is passed over.
-- $1 the caller, normalised
SELECT t.id FROM lane AS l JOIN task AS t ON t.id = (
	SELECT id FROM task
	WHERE mutex = l.mutex AND lane = l.agent AND state = 'open'
	    AND unmet = 0 AND barred = 0 AND orphaned = 0
	ORDER BY priority, tail_s DESC, position, id LIMIT 1)
WHERE l.mutex = '' OR NOT EXISTS (SELECT 1 FROM task AS h
    WHERE h.mutex = l.mutex AND h.state = 'claimed' AND h.mutex <> '')
ORDER BY CASE l.agent WHEN $1 THEN 0 WHEN '' THEN 1 ELSE 2 END,
    t.priority, t.tail_s DESC, t.position, t.id LIMIT 1;

-- name: lease_next_in_sprint
-- The same within one sprint.
-- $1 sprint  $2 the caller, normalised
SELECT id FROM task
WHERE sprint = $1 AND state = 'open' AND unmet = 0 AND barred = 0
    AND orphaned = 0
    AND (mutex = '' OR NOT EXISTS (SELECT 1 FROM task AS h
	WHERE h.mutex = task.mutex AND h.state = 'claimed' AND h.mutex <> ''))
ORDER BY CASE lane WHEN $2 THEN 0 WHEN '' THEN 1 ELSE 2 END,
    priority, tail_s DESC, position, id LIMIT 1;

-- name: lease_of_task
-- $1 task
SELECT task, token, agent, session, ended, expires_boot, renewed_boot,
    active_boot, acquired_boot, ttl_ms, acquired_ms, renewed_ms, ended_ms,
    evidence, host, worktree, pid, pid_start, pid_space, witnessed, reserved
FROM lease WHERE task = $1;

-- name: lease_due
-- Of the live leases those that a change must judge: time may have ended them,
-- or their process is known.  All others live, however many there are.
-- $1 now, ms of BOOTTIME
SELECT task, token, agent, session, ended, expires_boot, renewed_boot,
    active_boot, acquired_boot, ttl_ms, acquired_ms, renewed_ms, ended_ms,
    evidence, host, worktree, pid, pid_start, pid_space, witnessed, reserved
FROM lease WHERE ended IS NULL AND (expires_boot <= $1 OR pid IS NOT NULL)
ORDER BY task;

-- name: lease_live
SELECT task, token, agent, session, ended, expires_boot, renewed_boot,
    active_boot, acquired_boot, ttl_ms, acquired_ms, renewed_ms, ended_ms,
    evidence, host, worktree, pid, pid_start, pid_space, witnessed, reserved
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
-- The clock cannot be compared with the one that wrote this lease: what was
-- promised last begins anew, so it ends late, never early.  That is the TTL, or
-- more, where a later claim has asked for a shorter one.
-- $1 now, ms of BOOTTIME
UPDATE lease SET expires_boot = CAST($1 AS BIGINT) + expires_boot - renewed_boot,
    renewed_boot = $1, active_boot = $1, acquired_boot = $1
WHERE ended IS NULL;

-- name: lease_restart_elsewhere
-- The same after another boot, whose processes are gone: a pid of this one
-- would be judged in their place.
-- $1 now, ms of BOOTTIME
UPDATE lease SET expires_boot = CAST($1 AS BIGINT) + expires_boot - renewed_boot,
    renewed_boot = $1, active_boot = $1, acquired_boot = $1,
    pid = NULL, pid_start = NULL, pid_space = NULL, witnessed = 0
WHERE ended IS NULL;

-- name: lease_set_process
-- $1 pid  $2 its start  $3 its namespace  $4 witnessed  $5 task
UPDATE lease SET pid = $1, pid_start = $2, pid_space = $3, witnessed = $4
WHERE task = $5 AND ended IS NULL;

-- name: lease_is_live
-- $1 token
SELECT 1 FROM lease WHERE token = $1 AND ended IS NULL;

-- name: lease_witness
-- $1 task
UPDATE lease SET witnessed = 1 WHERE task = $1;

-- name: lease_end
-- $1 why  $2 now, ms since 1970  $3 task  $4 token
UPDATE lease SET ended = $1, ended_ms = $2
WHERE task = $3 AND token = $4 AND ended IS NULL;

-- name: lease_end_due
-- It was judged by what an index says of it, and the lease must say the same: of
-- a damaged index it would be ended although it lives.
-- $1 why  $2 now, ms since 1970  $3 task  $4 token  $5 expires, ms of BOOTTIME
-- $6 pid, or 0
UPDATE lease SET ended = $1, ended_ms = $2
WHERE task = $3 AND token = $4 AND ended IS NULL AND expires_boot = $5
    AND coalesce(pid, 0) = $6;

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
-- $1 mutex: its holder; several, where a task in work was given the mutex
SELECT id FROM task
WHERE mutex = $1 AND state = 'claimed' AND mutex <> '' ORDER BY id;

-- name: lease_ready_count
SELECT mutex, count(*) FROM task
WHERE state = 'open' AND unmet = 0 AND barred = 0 AND orphaned = 0
GROUP BY mutex;

-- name: lease_lanes
SELECT mutex, agent FROM lane ORDER BY mutex, agent;

-- name: lease_awaited
-- What everything waits for when nothing is ready: what is in work, what has
-- failed, what was cancelled though it is needed, what is to be approved.
SELECT t.key, CASE t.state WHEN 'claimed' THEN l.agent
    WHEN 'open' THEN 'to be approved' ELSE t.state END
FROM task AS t LEFT JOIN lease AS l ON l.task = t.id
LEFT JOIN sprint AS s ON s.id = t.sprint
WHERE (t.barred = 8 AND t.state = 'open' AND t.unmet = 0 AND t.orphaned = 0
	AND coalesce(s.remaining, 1) = 1)
    OR t.state = 'claimed' OR t.state = 'failed' OR (t.state = 'cancelled'
    AND EXISTS (SELECT 1 FROM dep AS d JOIN task AS o ON o.id = d.task
	WHERE d.needs = t.id AND d.origin <> 'cut' AND o.state = 'open'))
ORDER BY t.plan, t.position LIMIT 8;

-- name: lease_rank
-- The columns of lease_queue for one task.
-- $1 task
SELECT id, priority, tail_s, position FROM task WHERE id = $1;

-- name: lease_queue
-- The first of one lane's queue.
-- $1 mutex  $2 planned agent, normalised  $3 at most
SELECT id, priority, tail_s, position FROM task
WHERE mutex = $1 AND lane = $2 AND state = 'open' AND unmet = 0
    AND barred = 0 AND orphaned = 0
ORDER BY priority, tail_s DESC, position, id LIMIT $3;

-- name: lease_set_place
-- Where its holder works, and as which session.
-- $1 worktree  $2 session  $3 task  $4 token
UPDATE lease SET worktree = $1, session = $2
WHERE task = $3 AND token = $4 AND ended IS NULL;
