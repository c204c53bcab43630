-- name: task_by_key
-- $1 id, normalised
SELECT t.id, t.key, p.name FROM task AS t JOIN plan AS p ON p.id = t.plan
WHERE t.norm = $1 ORDER BY t.plan, t.key;

-- name: task_reference
-- $1 task: how many tasks go by its id
SELECT t.key, p.name, (SELECT count(*) FROM task AS o WHERE o.norm = t.norm)
FROM task AS t JOIN plan AS p ON p.id = t.plan WHERE t.id = $1;

-- name: task_row
-- $1 task
SELECT id, state, unmet, barred, orphaned, mutex, sprint, plan, estimate_s,
    attempts, finished_by, key, title, hand, planned_agent, priority, chain
FROM task WHERE id = $1;

-- name: task_set_state
-- $1 new state  $2 attempts  $3 finished, ms since 1970, or NULL  $4 by whom,
-- or NULL  $5 task  $6 the state that it must be in
UPDATE task SET state = $1, attempts = $2, finished_ms = $3, finished_by = $4
WHERE id = $5 AND state = $6;

-- name: task_met
-- One need fewer for everything that needs this task.
-- $1 task that is done
-- Rows: those that have just become ready.
UPDATE task SET unmet = unmet - 1
WHERE id IN (SELECT task FROM dep WHERE needs = $1 AND origin <> 'cut')
RETURNING id, unmet = 0 AND barred = 0 AND orphaned = 0 AND state = 'open';

-- name: task_unmet
-- $1 task that is done no longer
UPDATE task SET unmet = unmet + 1
WHERE id IN (SELECT task FROM dep WHERE needs = $1 AND origin <> 'cut')
RETURNING id, state = 'claimed';

-- name: sprint_remaining
-- $1 how many more (or, negative, fewer)  $2 sprint
UPDATE sprint SET remaining = remaining + CAST($1 AS BIGINT) WHERE id = $2
RETURNING remaining;

-- name: sprint_bar
-- Open or close the barrier behind a sprint of which nothing remains any more,
-- or something again; also behind the finished ones that follow it.
-- $1 sprint
-- Rows: tasks; is it ready now; is somebody at it.
WITH RECURSIVE before (id) AS (SELECT CAST($1 AS BIGINT)
    UNION SELECT s.after FROM sprint AS s JOIN before AS b ON s.id = b.id
    WHERE s.after IS NOT NULL),
behind (id) AS (SELECT id FROM sprint WHERE after = $1
    UNION SELECT s.id FROM behind AS b JOIN sprint AS p ON p.id = b.id
    JOIN sprint AS s ON s.after = b.id WHERE p.remaining = 0),
bar AS (SELECT CASE WHEN count(*) > 0 THEN 1 ELSE 0 END AS bits
    FROM before AS b JOIN sprint AS s ON s.id = b.id WHERE s.remaining > 0)
UPDATE task SET barred = (barred & 14) | bar.bits FROM bar
WHERE sprint IN (SELECT id FROM behind) AND (barred & 1) <> bar.bits
RETURNING id, unmet = 0 AND barred = 0 AND orphaned = 0 AND state = 'open',
    state = 'claimed';

-- name: gate_bar
-- Open or close what waits for a gate.
-- $1 2 closed, 0 open  $2 the gate
-- Rows: tasks; is it ready now; is somebody at it.
UPDATE task SET barred = (barred & 13) | CAST($1 AS BIGINT)
WHERE sprint IN (SELECT id FROM sprint WHERE gate = $2)
    AND (barred & 2) <> CAST($1 AS BIGINT)
RETURNING id, unmet = 0 AND barred = 0 AND orphaned = 0 AND state = 'open',
    state = 'claimed';

-- name: chain_bar
-- Open the next step of a chain, or close what comes after one.
-- $1 chain
-- Rows: tasks; is it ready now; is somebody at it.
UPDATE task SET
    barred = (barred & 11) | CASE WHEN step > front.step_now THEN 4 ELSE 0 END
FROM (SELECT coalesce(min(step), 2000000000) AS step_now FROM task
    WHERE chain = $1 AND orphaned = 0
	AND state <> 'done' AND state <> 'cancelled') AS front
WHERE chain = $1
    AND (barred & 4) <> CASE WHEN step > front.step_now THEN 4 ELSE 0 END
RETURNING id, unmet = 0 AND barred = 0 AND orphaned = 0 AND state = 'open',
    state = 'claimed';

-- name: task_barriers
-- What bars a task: the earlier step that is next before it, the gate, and the
-- nearest sprint before its own of which something remains.
-- $1 task
SELECT t.barred, (SELECT e.key FROM task AS e WHERE e.chain = t.chain
	AND e.step < t.step AND e.orphaned = 0
	AND e.state <> 'done' AND e.state <> 'cancelled'
	ORDER BY e.step DESC LIMIT 1),
    g.key, (WITH RECURSIVE up (id) AS (SELECT s.after
	    UNION SELECT p.after FROM up JOIN sprint AS p ON p.id = up.id
	    WHERE p.remaining = 0 AND p.after IS NOT NULL)
	SELECT a.key FROM up JOIN sprint AS a ON a.id = up.id
	WHERE a.remaining > 0 LIMIT 1)
FROM task AS t LEFT JOIN sprint AS s ON s.id = t.sprint
LEFT JOIN task AS g ON g.id = s.gate
WHERE t.id = $1;

-- name: gate_judged
-- $1 gate  $2 at most: the tasks of its sprint that are not finished
SELECT t.id FROM task AS g JOIN task AS t ON t.sprint = g.sprint
WHERE g.id = $1 AND t.id <> g.id AND t.orphaned = 0
    AND t.state <> 'done' AND t.state <> 'cancelled'
ORDER BY t.position, t.id LIMIT $2;

-- name: gate_awaited
-- Gates that only wait to be approved: looked for where they may be, in a sprint
-- of which one task remains or in none, since no index finds them.  (CROSS JOIN:
-- SQLite would go through all tasks first.)
SELECT g.id, g.plan, g.position FROM sprint AS s CROSS JOIN task AS g
WHERE s.remaining = 1 AND g.sprint = s.id
    AND g.barred = 8 AND g.state = 'open' AND g.unmet = 0 AND g.orphaned = 0
UNION ALL SELECT g.id, g.plan, g.position FROM task AS g
WHERE g.sprint IS NULL
    AND g.barred = 8 AND g.state = 'open' AND g.unmet = 0 AND g.orphaned = 0
ORDER BY 2, 3, 1;

-- name: sprint_name
-- $1 sprint
SELECT s.key, p.name FROM sprint AS s JOIN plan AS p ON p.id = s.plan
WHERE s.id = $1;

-- name: sprint_tasks
-- $1 sprint: also what was added to it by hand, which is of another plan
SELECT id FROM task WHERE sprint = $1 ORDER BY id;

-- name: sprint_by_key
-- $1 key
SELECT s.id, s.plan, p.name FROM sprint AS s JOIN plan AS p ON p.id = s.plan
WHERE s.key = $1 ORDER BY s.id;

-- name: task_needs
-- $1 task: what it needs, and the state of each
SELECT d.needs, n.key, n.state, n.plan FROM dep AS d
JOIN task AS n ON n.id = d.needs
WHERE d.task = $1 AND d.origin <> 'cut' ORDER BY n.position, n.id;

-- name: task_load
-- The sprint just before is asked first: it is mostly that one, and to set a
-- recursion up for each of 10,000 tasks is a third of reading them.
-- $1 from this id  $2 to this id
SELECT t.id, t.state, t.unmet, t.barred, t.orphaned, t.priority, t.tail_s,
    t.position, t.lane, t.mutex, s.key, p.name, t.estimate_s, t.attempts,
    t.started_ms, t.finished_ms, t.finished_by, t.key, t.title,
    t.planned_agent, p.file, t.line,
    CASE WHEN t.state = 'done' OR t.state = 'cancelled' THEN NULL
    WHEN (t.barred & 2) <> 0 THEN
	(SELECT g.key FROM task AS g WHERE g.id = s.gate)
    WHEN (t.barred & 4) <> 0 THEN (SELECT e.key FROM task AS e
	WHERE e.chain = t.chain AND e.step < t.step AND e.orphaned = 0
	    AND e.state <> 'done' AND e.state <> 'cancelled'
	ORDER BY e.step DESC LIMIT 1)
    WHEN (t.barred & 1) <> 0 THEN coalesce(
	(SELECT b.key FROM sprint AS b WHERE b.id = s.after
	    AND b.remaining > 0),
	(WITH RECURSIVE up (id) AS (SELECT s.after
	    UNION SELECT p.after FROM up JOIN sprint AS p ON p.id = up.id
	    WHERE p.remaining = 0 AND p.after IS NOT NULL)
	SELECT a.key FROM up JOIN sprint AS a ON a.id = up.id
	WHERE a.remaining > 0 LIMIT 1)) END, p.id
FROM task AS t LEFT JOIN plan AS p ON p.id = t.plan
LEFT JOIN sprint AS s ON s.id = t.sprint
WHERE t.id BETWEEN $1 AND $2 ORDER BY t.id;

-- name: task_load_brief
-- The columns that a line of text needs; the others come out as NULL.
-- $1 from this id  $2 to this id
SELECT t.id, t.state, t.unmet, t.barred, t.attempts, t.key, t.title, p.name,
    p.id
FROM task AS t LEFT JOIN plan AS p ON p.id = t.plan
WHERE t.id BETWEEN $1 AND $2 ORDER BY t.id;

-- name: task_load_needs
-- $1 from this task  $2 to this task
SELECT d.task, n.key, n.state, np.name, d.origin FROM dep AS d
JOIN task AS n ON n.id = d.needs JOIN plan AS np ON np.id = n.plan
WHERE d.task BETWEEN $1 AND $2 AND d.origin <> 'cut'
ORDER BY d.task, n.position, n.id;

-- name: task_load_unblocks
-- $1 from this task  $2 to this task
SELECT d.needs, n.key, n.state, np.name, d.origin FROM dep AS d
JOIN task AS n ON n.id = d.task JOIN plan AS np ON np.id = n.plan
WHERE d.needs BETWEEN $1 AND $2 AND d.origin <> 'cut'
ORDER BY d.needs, n.position, n.id;

-- name: task_load_lines
-- $1 from this task  $2 to this task
SELECT task, kind, text, done FROM line
WHERE task BETWEEN $1 AND $2 ORDER BY task, kind, n;

-- name: task_load_notes
-- $1 from this task  $2 to this task
SELECT task, at_ms, agent, text FROM note
WHERE task BETWEEN $1 AND $2 ORDER BY task, id;

-- name: task_span
-- The lowest and the highest id, and how many there are.
SELECT coalesce(min(id), 0), coalesce(max(id), 0), count(*) FROM task;

-- name: task_sums
-- What status adds up, a row for each task: GROUP BY sprint and state would sort
-- them all, which costs SQLite four times as much as reading them.
SELECT sprint, state,
    CASE WHEN unmet = 0 AND barred = 0 THEN 'ready' ELSE 'pending' END,
    estimate_s, barred & 8, tail_s
FROM task;

-- name: task_sums_of
-- The same of one sprint.
-- $1 sprint; NULL: the tasks that are in none
SELECT sprint, state,
    CASE WHEN unmet = 0 AND barred = 0 THEN 'ready' ELSE 'pending' END,
    estimate_s, barred & 8, tail_s
FROM task WHERE sprint IS NOT DISTINCT FROM $1;

-- name: task_of_sprint
-- The ids alone.
-- $1 sprint; NULL: the tasks that are in none
SELECT id FROM task WHERE sprint IS NOT DISTINCT FROM $1;

-- name: sprint_span
-- When it was begun, and when its last finished task was finished.
-- $1 sprint's key  $2 its plan
SELECT min(t.started_ms), max(t.finished_ms) FROM plan AS p
JOIN sprint AS s ON s.plan = p.id JOIN task AS t ON t.sprint = s.id
WHERE s.key = $1 AND p.name = $2;

-- name: sprint_of_task
-- $1 task
SELECT sprint FROM task WHERE id = $1;

-- name: sprint_touched
-- The sprints in which a task may have become ready or have ceased to be by what
-- has become of this one: its own, and those of what needs it, of the steps
-- beside it, of what waits for it as a gate; and if nothing remains of its own,
-- or something does again, those behind it.
-- $1 task  $2 1: something may remain again
WITH RECURSIVE own (id, remaining) AS (
    SELECT s.id, s.remaining FROM task AS t JOIN sprint AS s ON s.id = t.sprint
    WHERE t.id = $1),
behind (id, remaining) AS (
    SELECT s.id, s.remaining FROM own JOIN sprint AS s ON s.after = own.id
    WHERE own.remaining = 0 OR $2 = 1
    UNION SELECT s.id, s.remaining FROM behind AS b
    JOIN sprint AS s ON s.after = b.id WHERE b.remaining = 0)
SELECT sprint FROM task WHERE id = $1
UNION SELECT id FROM behind
UNION SELECT t.sprint FROM dep AS d JOIN task AS t ON t.id = d.task
WHERE d.needs = $1 AND d.origin <> 'cut'
UNION SELECT o.sprint FROM task AS t JOIN task AS o ON o.chain = t.chain
WHERE t.id = $1
UNION SELECT s.id FROM task AS t JOIN sprint AS s ON s.gate = t.id
WHERE t.id = $1 AND (t.barred & 8) <> 0;

-- name: event_moved
-- What happened to which task.
-- $1 after this event  $2 up to this one
SELECT kind, task FROM event WHERE id > $1 AND id <= $2;

-- name: task_failed_of
-- $1 sprint's key, or NULL: the tasks that are in none  $2 its plan, or NULL
-- $3 at most
SELECT t.id FROM task AS t
WHERE t.sprint IS NOT DISTINCT FROM (SELECT x.id FROM sprint AS x
	JOIN plan AS y ON y.id = x.plan WHERE x.key = $1 AND y.name = $2)
    AND t.state = 'failed' ORDER BY t.plan, t.position, t.id LIMIT $3;

-- name: task_remaining
-- How many tasks are neither finished nor gone from their plan.
SELECT count(*) FROM task
WHERE orphaned = 0 AND state <> 'done' AND state <> 'cancelled';

-- name: forecast_past
-- The tasks that were finished last: those of the newest events, so that its
-- cost does not depend on how many tasks there are.
-- $1 how many events to look at
-- Rows: once a task, however often it was finished.
SELECT DISTINCT t.id, t.started_ms, t.finished_ms, t.estimate_s, t.sprint,
    t.finished_by
FROM (SELECT kind, task FROM event ORDER BY id DESC LIMIT $1) AS e
JOIN task AS t ON t.id = e.task
WHERE e.kind = 'done' AND t.state = 'done' AND t.started_ms IS NOT NULL
    AND t.finished_ms IS NOT NULL AND t.estimate_s > 0;

-- name: forecast_cancelled
-- Cancelled tasks without which something that is left will not begin.  (Gates are
-- never cancelled, and whatever else follows a cancelled task may begin.)
SELECT t.id FROM task AS t
WHERE t.state = 'cancelled' AND EXISTS (SELECT 1
    FROM dep AS d JOIN task AS w ON w.id = d.task
    WHERE d.needs = t.id AND d.origin <> 'cut'
	AND w.state <> 'done' AND w.state <> 'cancelled')
ORDER BY t.plan, t.position, t.id;

-- name: sprint_list
SELECT s.id, s.key, s.title, s.complete, p.name, a.key, s.goal
FROM sprint AS s JOIN plan AS p ON p.id = s.plan
LEFT JOIN sprint AS a ON a.id = s.after
ORDER BY s.plan, s.position, s.id;

-- name: sprint_one
-- The same of one.
-- $1 sprint
SELECT s.id, s.key, s.title, s.complete, p.name, a.key, s.goal
FROM sprint AS s JOIN plan AS p ON p.id = s.plan
LEFT JOIN sprint AS a ON a.id = s.after
WHERE s.id = $1;

-- name: plan_list
SELECT id, name, file, title FROM plan ORDER BY id;

-- name: note_insert
-- $1 task  $2 now, ms since 1970  $3 agent or NULL  $4 text
INSERT INTO note (task, at_ms, agent, text) VALUES ($1, $2, $3, $4);

-- name: line_tick
-- $1 done, 0 or 1  $2 task  $3 step or criterion  $4 n, from 1
UPDATE line SET done = $1 WHERE task = $2 AND kind = $3 AND n = $4;

-- name: line_tick_steps
-- $1 done, 0 or 1  $2 task
UPDATE line SET done = $1 WHERE task = $2 AND kind = 'step';

-- name: line_count
-- $1 task  $2 step or criterion
SELECT count(*) FROM line WHERE task = $1 AND kind = $2;

-- name: line_open_steps
-- $1 task
SELECT count(*) FROM line WHERE task = $1 AND kind = 'step' AND done = 0;

-- name: graph_nodes
-- The last columns: where it is a step, and whether it is a gate.
SELECT id, coalesce(estimate_s, -1), state, sprint, chain, step, barred & 8
FROM task ORDER BY id;

-- name: graph_edges
SELECT needs, task FROM dep WHERE origin <> 'cut';

-- name: graph_barriers
-- Each sprint, the one that it follows, and the gate that it waits for.
SELECT id, after, gate FROM sprint ORDER BY id;

-- name: task_set_tail
-- $1 longest path from it to the end, seconds  $2 task
-- (guarded, so that a task whose path has not changed is not written)
UPDATE task SET tail_s = CAST($1 AS BIGINT) WHERE id = $2 AND tail_s <> $1;

-- name: task_failed
SELECT id FROM task WHERE state = 'failed' ORDER BY plan, position, id;

-- name: task_ended_how
-- $1 task: who had it last, how that ended, and what was said of it then.
SELECT l.agent, l.ended, (SELECT n.text FROM note AS n
    WHERE n.task = l.task AND n.at_ms = l.ended_ms ORDER BY n.id DESC LIMIT 1)
FROM lease AS l WHERE l.task = $1;

-- name: task_lapsed
-- Whose lease lapsed, which has been written down; nobody has come since.
-- lease_held finds them.
SELECT t.id FROM lease AS l JOIN task AS t ON t.id = l.task
WHERE l.ended = 'lapsed' AND t.state = 'open' AND t.orphaned = 0
ORDER BY t.id;

-- name: task_died
-- Whose agent was proven dead, and that wait for nothing but somebody to come.
-- In the order of task_ready, which finds what is ready: few, of many tasks.
SELECT t.id FROM task AS t JOIN lease AS l ON l.task = t.id
WHERE t.state = 'open' AND t.unmet = 0 AND t.barred = 0 AND t.orphaned = 0
    AND t.attempts > 0 AND l.ended = 'died'
ORDER BY t.mutex, t.lane, t.priority, t.tail_s DESC, t.position;

-- name: task_freed
-- $1 task: what waits for it alone, and since when: since the last other thing
-- that it needed was done, or this one was begun.
SELECT t.id, coalesce((SELECT max(o.finished_ms)
    FROM dep AS e JOIN task AS o ON o.id = e.needs
    WHERE e.task = t.id AND e.origin <> 'cut' AND o.state = 'done'),
    b.started_ms)
FROM task AS b JOIN dep AS d ON d.needs = b.id JOIN task AS t ON t.id = d.task
WHERE b.id = $1 AND d.origin <> 'cut' AND t.state = 'open' AND t.unmet = 1
    AND t.barred = 0 AND t.orphaned = 0
ORDER BY t.plan, t.position, t.id;

-- name: task_mutex_waiting
-- $1 mutex: who could begin but for it, and how many.
SELECT min(id), count(*) FROM task
WHERE mutex = $1 AND mutex <> '' AND state = 'open' AND unmet = 0
    AND barred = 0 AND orphaned = 0
HAVING count(*) > 0;
