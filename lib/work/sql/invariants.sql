-- What must hold in every store: each statement returns rows only where it does
-- not.  The first column says where, the second what is there, the third what
-- should be.  doctor asks them, and so do the tests of races, deaths and
-- faults (whole in tests/stress/stress.bash); how they are told is in
-- lib/work/doctor_store.c.

-- name: doctor_unmet
-- The needs of a task that are not done.
SELECT t.key, t.unmet, count(n.id) FROM task AS t
LEFT JOIN dep AS d ON d.task = t.id AND d.origin <> 'cut'
LEFT JOIN task AS n ON n.id = d.needs AND n.state <> 'done'
GROUP BY t.id, t.key, t.unmet HAVING t.unmet <> count(n.id);

-- name: doctor_remaining
-- The tasks of a sprint that are neither finished nor gone.
SELECT s.key, s.remaining, count(t.id) FROM sprint AS s
LEFT JOIN task AS t ON t.sprint = s.id AND t.orphaned = 0
    AND t.state <> 'done' AND t.state <> 'cancelled'
GROUP BY s.id, s.key, s.remaining HAVING s.remaining <> count(t.id);

-- name: doctor_barred
-- The bars of a task: an earlier sprint, a gate, an earlier step.
WITH RECURSIVE held (id) AS (
    SELECT id FROM sprint WHERE remaining > 0
    UNION SELECT s.id FROM sprint AS s JOIN held AS h ON s.after = h.id)
SELECT key, has, wants FROM (
    SELECT t.key AS key, t.barred & 7 AS has,
	CASE WHEN s.after IN (SELECT id FROM held) THEN 1 ELSE 0 END
	+ CASE WHEN g.state <> 'done' THEN 2 ELSE 0 END
	+ CASE WHEN EXISTS (SELECT 1 FROM task AS e WHERE e.chain = t.chain
	    AND e.step < t.step AND e.orphaned = 0 AND e.state <> 'done'
	    AND e.state <> 'cancelled') THEN 4 ELSE 0 END AS wants
    FROM task AS t LEFT JOIN sprint AS s ON s.id = t.sprint
    LEFT JOIN task AS g ON g.id = s.gate) AS counted
WHERE has <> wants;

-- name: doctor_claimed
-- Who is claimed has a lease that lives, and the other way round.
SELECT t.key, t.state, CASE WHEN l.task IS NULL THEN 'no lease' ELSE l.agent END
FROM task AS t LEFT JOIN lease AS l ON l.task = t.id AND l.ended IS NULL
WHERE (t.state = 'claimed' AND l.task IS NULL)
    OR (t.state <> 'claimed' AND l.task IS NOT NULL);

-- name: doctor_lanes
-- Where claim --next does not look, no task is ever found.
SELECT t.key, t.mutex, t.lane FROM task AS t
LEFT JOIN lane AS l ON l.mutex = t.mutex AND l.agent = t.lane
WHERE l.agent IS NULL;

-- name: doctor_mutex
-- One task at a time has a mutex.
SELECT mutex, count(*), 1 FROM task WHERE state = 'claimed' AND mutex <> ''
GROUP BY mutex HAVING count(*) > 1;

-- name: doctor_lease_claim
-- A lease comes of its claim.
SELECT t.key, l.token, l.agent FROM lease AS l JOIN task AS t ON t.id = l.task
LEFT JOIN event AS e ON e.token = l.token AND e.task = l.task
    AND e.kind = 'claimed' AND e.agent = l.agent
WHERE e.id IS NULL;

-- name: doctor_event_gap
-- Events are numbered one by one, but for the gap of a copy and of a restore.
SELECT id, before, before + 1 FROM (
    SELECT id, lag(id) OVER (ORDER BY id) AS before FROM event) AS drawn
WHERE id <> before + 1 AND id < before + 4294967296;

-- name: doctor_event_counter
-- The newest event is the last one.
SELECT 'event', s.event, (SELECT max(id) FROM event) FROM store AS s
WHERE s.event <> (SELECT max(id) FROM event);

-- name: doctor_token_counter
-- No token of this store's own is above the newest that was drawn.
SELECT 'token', s.token, (SELECT max(token) FROM event WHERE origin IS NULL)
FROM store AS s
WHERE s.token < (SELECT max(token) FROM event WHERE origin IS NULL);

-- name: doctor_tokens_grow
-- Each claim draws a greater one than all before it.
SELECT id, token, before FROM (
    SELECT id, token, max(token) OVER (ORDER BY id
	ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM event WHERE kind = 'claimed' AND origin IS NULL) AS drawn
WHERE token <= before;

-- name: doctor_states
-- The last event that moves a task says its state; not of a task whose box the
-- plan ticks, nor of one that was worked on in another store too.
SELECT key, state, told FROM (
    SELECT t.key AS key, t.state AS state,
	CASE WHEN e.id IS NULL THEN 'open'
	WHEN e.kind = 'done' OR e.kind = 'approved' THEN 'done'
	WHEN e.kind = 'failed' OR e.kind = 'cancelled' THEN e.kind
	WHEN e.data LIKE '%"failed":true%' THEN 'failed'
	WHEN (e.kind = 'claimed' OR e.kind = 'revived')
	    AND e.id > (SELECT coalesce(max(id), 0) FROM event
		WHERE kind = 'restored') THEN 'claimed'
	ELSE 'open' END AS told
    FROM task AS t LEFT JOIN (
	SELECT task, max(id) AS last, max(origin) AS elsewhere FROM event
	WHERE kind = 'claimed' OR kind = 'revived' OR kind = 'done'
	    OR kind = 'released' OR kind = 'forced' OR kind = 'failed'
	    OR kind = 'lapsed' OR kind = 'died' OR kind = 'cancelled'
	    OR kind = 'reopened' OR kind = 'approved'
	GROUP BY task) AS moved ON moved.task = t.id
    LEFT JOIN event AS e ON e.id = moved.last
    WHERE t.ticked = 0 AND moved.elsewhere IS NULL) AS replayed
WHERE state <> told;
