-- Everything that a store says, but for times and for the ids that are drawn.
SELECT 'store', token, event FROM store;
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
SELECT 'event', id, kind, task, agent, session, token,
    json_remove(data, '$.store') FROM event ORDER BY id;
SELECT 'peer', event, seen FROM peer ORDER BY event, seen;
