-- name: task_by_key
-- $1 id as the plan writes it
SELECT t.id, t.key, p.name FROM task AS t JOIN plan AS p ON p.id = t.plan
WHERE t.norm = $1 ORDER BY t.id;

-- name: task_reference
-- $1 task: how many tasks go by its id
SELECT t.key, p.name, (SELECT count(*) FROM task AS o WHERE o.norm = t.norm)
FROM task AS t JOIN plan AS p ON p.id = t.plan WHERE t.id = $1;

-- name: task_row
-- $1 task
SELECT id, state, unmet, barred, orphaned, mutex, sprint, plan, estimate_s,
    attempts, finished_by, key, title, hand, planned_agent, priority
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
-- Open or close the barrier of the sprints after one.
-- $1 1 closed, 0 open  $2 the sprint that they wait for
-- Rows: tasks, and whether each is ready now.
UPDATE task SET barred = $1
WHERE sprint IN (SELECT id FROM sprint WHERE after = $2) AND barred <> $1
RETURNING id, unmet = 0 AND barred = 0 AND orphaned = 0 AND state = 'open';

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
-- $1 from this id  $2 to this id
SELECT t.id, t.state, t.unmet, t.barred, t.orphaned, t.priority, t.tail_s,
    t.position, t.lane, t.mutex, s.key, p.name, t.estimate_s, t.attempts,
    t.started_ms, t.finished_ms, t.finished_by, t.key, t.title,
    t.planned_agent, p.file, t.line,
    (SELECT a.key FROM sprint AS a WHERE a.id = s.after), t.plan
FROM task AS t JOIN plan AS p ON p.id = t.plan
LEFT JOIN sprint AS s ON s.id = t.sprint
WHERE t.id BETWEEN $1 AND $2 ORDER BY t.id;

-- name: task_load_brief
-- The columns that a line of text needs; the others come out as NULL.
-- $1 from this id  $2 to this id
SELECT t.id, t.state, t.unmet, t.barred, t.attempts, t.key, t.title, p.name
FROM task AS t JOIN plan AS p ON p.id = t.plan
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

-- name: task_totals
-- What status adds up, by sprint and state.
SELECT t.sprint, t.state,
    CASE WHEN t.unmet = 0 AND t.barred = 0 THEN 1 ELSE 0 END, t.orphaned,
    count(*), coalesce(sum(t.estimate_s), 0), count(t.estimate_s),
    max(t.tail_s)
FROM task AS t GROUP BY 1, 2, 3, 4;

-- name: task_estimates
-- $1 sprint (0: tasks of none): its known estimates, in order, for the median
SELECT estimate_s FROM task
WHERE coalesce(sprint, 0) = $1 AND estimate_s IS NOT NULL ORDER BY estimate_s;

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

-- name: sprint_list
SELECT s.id, s.key, s.title, s.complete, p.name, a.key, s.remaining
FROM sprint AS s JOIN plan AS p ON p.id = s.plan
LEFT JOIN sprint AS a ON a.id = s.after
ORDER BY s.plan, s.position, s.id;

-- name: plan_list
SELECT id, name, file, title FROM plan ORDER BY id;

-- name: note_insert
-- $1 task  $2 now, ms since 1970  $3 agent or NULL  $4 text
INSERT INTO note (task, at_ms, agent, text) VALUES ($1, $2, $3, $4);

-- name: line_tick
-- $1 done, 0 or 1  $2 task  $3 n, from 1
UPDATE line SET done = $1 WHERE task = $2 AND kind = 'step' AND n = $3;

-- name: line_open_steps
-- $1 task
SELECT count(*) FROM line WHERE task = $1 AND kind = 'step' AND done = 0;

-- name: graph_nodes
SELECT id, coalesce(estimate_s, -1), state, sprint FROM task ORDER BY id;

-- name: graph_edges
SELECT needs, task FROM dep WHERE origin <> 'cut';

-- name: graph_barriers
-- Each sprint and the one that it follows.
SELECT id, after FROM sprint ORDER BY id;

-- name: task_set_tail
-- $1 longest path from it to the end, seconds  $2 task
-- (guarded, so that a task whose path has not changed is not written)
UPDATE task SET tail_s = CAST($1 AS BIGINT) WHERE id = $2 AND tail_s <> $1;

-- name: task_failed
SELECT id FROM task WHERE state = 'failed' ORDER BY plan, position, id;
