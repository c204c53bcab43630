-- name: plan_read
-- $1 name
SELECT file, title FROM plan WHERE name = $1;

-- name: plan_insert
-- $1 name  $2 file or NULL  $3 title or NULL
INSERT INTO plan (name, file, title) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET file = excluded.file, title = excluded.title
RETURNING id;

-- name: sprint_upsert
-- $1 plan  $2 key  $3 title  $4 position  $5 complete  $6 goal, '' for none, or
-- NULL: whoever says the rest knows of no goals, and it stays
INSERT INTO sprint (plan, key, title, position, complete, goal)
VALUES ($1, $2, $3, $4, $5, coalesce($6, ''))
ON CONFLICT (plan, key) DO UPDATE SET title = excluded.title,
    position = excluded.position, complete = excluded.complete,
    goal = coalesce($6, sprint.goal)
RETURNING id;

-- name: sprint_print
-- $1 plan
SELECT key, title, position, complete, after, goal FROM sprint
WHERE plan = $1 ORDER BY id;

-- name: sprint_set_after
-- $1 the sprint that it follows, or NULL  $2 sprint
UPDATE sprint SET after = $1 WHERE id = $2;

-- name: sprint_set_gate
-- $1 the gate that it waits for, or NULL  $2 sprint
UPDATE sprint SET gate = CAST($1 AS BIGINT)
WHERE id = $2 AND coalesce(gate, 0) <> coalesce(CAST($1 AS BIGINT), 0);

-- name: sprint_free_gates
-- A gate that is gone from its plan holds nobody up, nor do sprints that went
-- with it.
-- $1 plan
UPDATE sprint SET gate = NULL
WHERE plan = $1 AND gate IN (SELECT id FROM task WHERE orphaned = 1);

-- name: task_set_order
-- $1 the first step of its chain, or NULL  $2 its place there  $3 8: it is a
-- gate, 0: it is none  $4 task
UPDATE task SET chain = CAST($1 AS BIGINT), step = $2,
    barred = (barred & 7) | CAST($3 AS BIGINT)
WHERE id = $4;

-- name: lane_insert
-- $1 mutex  $2 planned agent, normalised
INSERT INTO lane (mutex, agent) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: task_last
-- The highest id there is; the next one is one more.
SELECT coalesce(max(id), 0) FROM task;

-- name: task_insert
-- The id is the caller's to choose (task_last): RETURNING would build a table
-- in memory for each of a hundred thousand tasks.
-- $1 id  $2 plan  $3 key  $4 normalised key  $5 title  $6 sprint or NULL
-- $7 position  $8 priority  $9 estimate, seconds, or NULL  $10 planned agent or
-- NULL  $11 the same, normalised  $12 mutex  $13 line or NULL  $14 ticked in the
-- plan  $15 state  $16 finished, ms since 1970, or NULL  $17 by whom, or NULL
-- $18 unmet  $19 barred  $20 longest path to the end, seconds
INSERT INTO task (id, plan, key, norm, title, sprint, position, priority,
    estimate_s, planned_agent, lane, mutex, line, ticked, state, finished_ms,
    finished_by, unmet, barred, tail_s)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
    $17, $18, $19, $20);

-- name: task_update
-- $1 title  $2 sprint or NULL  $3 position  $4 priority  $5 estimate or NULL
-- $6 planned agent or NULL  $7 the same, normalised  $8 mutex  $9 line or NULL
-- $10 hand bits  $11 orphaned  $12 task
UPDATE task SET title = $1, sprint = $2, position = $3, priority = $4,
    estimate_s = $5, planned_agent = $6, lane = $7, mutex = $8, line = $9,
    hand = $10, orphaned = $11
WHERE id = $12;

-- name: task_place
-- It has only moved in the file.
-- $1 position  $2 line or NULL  $3 ticked  $4 task
UPDATE task SET position = $1, line = $2, ticked = $3 WHERE id = $4;

-- name: task_orphan
-- $1 orphaned  $2 task
UPDATE task SET orphaned = $1 WHERE id = $2;

-- name: task_plan_rows
-- $1 plan: what a re-import compares with
SELECT t.id, t.key, t.title, s.key, t.position, t.priority, t.estimate_s,
    t.planned_agent, t.mutex, t.line, t.hand, t.orphaned, t.state, t.ticked,
    t.sprint, t.chain, t.step, t.barred & 8
FROM task AS t LEFT JOIN sprint AS s ON s.id = t.sprint
WHERE t.plan = $1 ORDER BY t.id;

-- name: task_plan_deps
-- $1 plan: the edges into its tasks, cut ones too
SELECT d.task, d.needs, d.origin FROM dep AS d
JOIN task AS t ON t.id = d.task WHERE t.plan = $1 ORDER BY d.task, d.needs;

-- name: task_plan_lines
-- $1 plan
SELECT l.task, l.kind, l.text, l.done,
    CASE WHEN b.n IS NULL THEN 0 ELSE 1 END FROM line AS l
JOIN task AS t ON t.id = l.task
LEFT JOIN ticked AS b ON b.task = l.task AND b.kind = l.kind AND b.n = l.n
WHERE t.plan = $1
ORDER BY l.task, l.kind, l.n;

-- name: dep_insert
-- $1 task  $2 needs  $3 origin
INSERT INTO dep (task, needs, origin) VALUES ($1, $2, $3);

-- name: dep_set_origin
-- $1 origin  $2 task  $3 needs
UPDATE dep SET origin = $1 WHERE task = $2 AND needs = $3;

-- name: dep_delete
-- $1 task  $2 needs
DELETE FROM dep WHERE task = $1 AND needs = $2;

-- name: dep_origin
-- $1 task  $2 needs
SELECT origin FROM dep WHERE task = $1 AND needs = $2;

-- name: line_insert
-- $1 task  $2 kind  $3 n, from 1  $4 text  $5 done
INSERT INTO line (task, kind, n, text, done) VALUES ($1, $2, $3, $4, $5);

-- name: ticked_insert
-- $1 task  $2 kind  $3 n, from 1: its box is ticked in the plan
INSERT INTO ticked (task, kind, n) VALUES ($1, $2, $3);

-- name: ticked_delete
-- $1 task
DELETE FROM ticked WHERE task = $1;

-- name: line_delete
-- $1 task
DELETE FROM line WHERE task = $1;

-- name: count_unmet
-- After many edges have changed at once: count again, for one plan.
-- $1 plan
UPDATE task SET unmet = (SELECT count(*) FROM dep AS d
    JOIN task AS n ON n.id = d.needs
    WHERE d.task = task.id AND d.origin <> 'cut' AND n.state <> 'done')
WHERE plan = $1;

-- name: count_remaining
-- All of them: a task may stand in the sprint of another plan.
UPDATE sprint SET remaining = (SELECT count(*) FROM task AS t
    WHERE t.sprint = sprint.id AND t.orphaned = 0
	AND t.state NOT IN ('done', 'cancelled'));

-- name: count_barred
-- What bars each task, from the rows alone: sprint_bar, gate_bar and chain_bar
-- keep it so, change by change.
WITH RECURSIVE held (id) AS (
    SELECT id FROM sprint WHERE remaining > 0
    UNION SELECT s.id FROM sprint AS s JOIN held AS h ON s.after = h.id),
front AS (SELECT chain, min(step) AS step FROM task
    WHERE chain IS NOT NULL AND orphaned = 0
	AND state <> 'done' AND state <> 'cancelled' GROUP BY chain),
bars AS (SELECT t.id, (t.barred & 8)
	+ CASE WHEN h.id IS NULL THEN 0 ELSE 1 END
	+ CASE WHEN g.state <> 'done' THEN 2 ELSE 0 END
	+ CASE WHEN t.step > f.step THEN 4 ELSE 0 END AS bits
    FROM task AS t LEFT JOIN sprint AS s ON s.id = t.sprint
    LEFT JOIN held AS h ON h.id = s.after
    LEFT JOIN task AS g ON g.id = s.gate
    LEFT JOIN front AS f ON f.chain = t.chain)
UPDATE task SET barred = bars.bits FROM bars
WHERE bars.id = task.id AND task.barred <> bars.bits;

-- name: count_unmet_one
-- $1 change, 1 or -1  $2 task
UPDATE task SET unmet = unmet + CAST($1 AS BIGINT) WHERE id = $2;

-- name: task_position
-- $1 plan: the last position in it
SELECT coalesce(max(position), 0) FROM task WHERE plan = $1;

-- name: task_position_line
-- $1 task
SELECT position, line FROM task WHERE id = $1;
