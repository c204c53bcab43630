-- The invariants of a store, as statements that answer nothing where all is
-- well, and otherwise begin with what is wrong.  Asked by stress.bash after
-- races and deaths, and by tests/faults after each step.

SELECT 'integrity', * FROM pragma_integrity_check WHERE integrity_check <> 'ok';
SELECT 'foreign keys', * FROM pragma_foreign_key_check;

-- What is counted is what counting gives.
SELECT 'unmet', key, unmet FROM task AS t WHERE unmet <> (SELECT count(*)
    FROM dep AS d JOIN task AS n ON n.id = d.needs
    WHERE d.task = t.id AND d.origin <> 'cut' AND n.state <> 'done');
SELECT 'remaining', key, remaining FROM sprint AS s WHERE remaining <> (SELECT
    count(*) FROM task AS t WHERE t.sprint = s.id AND t.orphaned = 0
    AND t.state NOT IN ('done', 'cancelled'));
WITH RECURSIVE held (id) AS (
    SELECT id FROM sprint WHERE remaining > 0 UNION
    SELECT s.id FROM sprint AS s JOIN held AS h ON s.after = h.id)
SELECT 'barred', t.key, t.barred FROM task AS t
    LEFT JOIN sprint AS s ON s.id = t.sprint LEFT JOIN task AS g ON g.id = s.gate
    WHERE (t.barred & 7) <>
    coalesce(s.after IN (SELECT id FROM held), 0)
    + 2 * coalesce(g.state <> 'done', 0)
    + 4 * EXISTS (SELECT 1 FROM task AS e WHERE e.chain = t.chain
	AND e.step < t.step AND e.orphaned = 0
	AND e.state NOT IN ('done', 'cancelled'));

-- Leases, tokens, counters.
SELECT 'claimed without a live lease, or the other way round', t.key, t.state,
    l.ended FROM task AS t LEFT JOIN lease AS l
    ON l.task = t.id AND l.ended IS NULL
    WHERE (t.state = 'claimed') <> (l.task IS NOT NULL);
SELECT 'a lease without its claim', task, token FROM lease AS l WHERE NOT EXISTS
    (SELECT 1 FROM event AS e WHERE e.kind = 'claimed' AND e.token = l.token
    AND e.task = l.task);
SELECT 'a token that is not drawn', l.token FROM lease AS l, store
    WHERE l.token > store.token;
SELECT 'two hold one mutex', mutex, count(*) FROM task WHERE state = 'claimed'
    AND mutex <> '' GROUP BY mutex HAVING count(*) > 1;
SELECT 'event counter', event FROM store WHERE event <> (SELECT max(id)
    FROM event);
SELECT 'token counter', token FROM store WHERE token < (SELECT
    coalesce(max(token), 0) FROM event);
