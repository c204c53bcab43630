-- Everything that a store says, but for times and for the ids that are drawn.
-- Where it was restored its numbers go on behind a gap.  How wide that is depends
-- on what could be asked, and is judged by itself (judge_gap); here they are
-- counted from it.  Whose leases a restore has ended is left out: where the store
-- that was there says that it is damaged, nobody can ask it.
CREATE TEMP VIEW gap AS SELECT coalesce(max(id), 0) AS event,
    coalesce(max(token), 0) AS token FROM event WHERE kind = 'restored';
SELECT 'store', s.token - gap.token, s.event - gap.event
    FROM store AS s, gap;
SELECT 'plan', * FROM plan ORDER BY id;
SELECT 'sprint', * FROM sprint ORDER BY id;
SELECT 'task', id, key, state, unmet, barred, orphaned, priority, tail_s,
    position, lane, mutex, sprint, plan, estimate_s, attempts,
    started_ms IS NULL, finished_ms IS NULL, finished_by, hand, ticked, title,
    planned_agent, line, chain, step FROM task ORDER BY id;
SELECT 'lane', * FROM lane ORDER BY mutex, agent;
SELECT 'dep', * FROM dep ORDER BY task, needs;
SELECT 'line', * FROM line ORDER BY task, kind, n;
SELECT 'ticked', * FROM ticked ORDER BY task, kind, n;
SELECT 'note', id, task, agent, text FROM note ORDER BY id;
SELECT 'lease', task, token, agent, session, ended, ttl_ms, ended_ms IS NULL,
    worktree, pid IS NULL, witnessed, reserved FROM lease
    ORDER BY task;
SELECT 'reservation', * FROM reservation ORDER BY task, n;
SELECT 'event', CASE WHEN e.id < gap.event THEN e.id ELSE e.id - gap.event END,
    kind, task, agent, session,
    CASE WHEN e.id < gap.event THEN e.token ELSE e.token - gap.token END,
    json_remove(data, '$.store', '$.ended') FROM event AS e, gap ORDER BY e.id;
SELECT 'peer', event, seen FROM peer ORDER BY event, seen;
