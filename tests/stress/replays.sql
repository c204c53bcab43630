-- What happened agrees with itself: each done has one claim, and nothing is ended
-- but by its newest token (that the events lead to the states is among the
-- invariants).  As whole.sql: no answer, all is well.

SELECT 'done without its one claim', d.id, d.token FROM event AS d WHERE
    d.kind = 'done' AND d.token IS NOT NULL AND (SELECT count(*)
    FROM event AS c WHERE c.kind = 'claimed' AND c.token = d.token
    AND c.task = d.task AND c.agent = d.agent AND c.id < d.id) <> 1;
SELECT 'ended by a token that is not the newest', e.id, e.kind FROM event AS e
    WHERE e.kind IN ('done', 'released', 'failed', 'revived', 'lapsed', 'died')
    AND e.token IS NOT NULL AND e.token <> (SELECT max(c.token)
    FROM event AS c WHERE c.kind = 'claimed' AND c.task = e.task
    AND c.id < e.id);
SELECT 'claimed while held', e.id FROM event AS e WHERE e.kind = 'claimed'
    AND (SELECT p.kind FROM event AS p WHERE p.task = e.task AND p.id < e.id
    AND p.kind IN ('claimed', 'revived', 'done', 'released', 'forced',
    'failed', 'lapsed', 'died', 'cancelled', 'reopened')
    ORDER BY p.id DESC LIMIT 1)
    IN ('claimed', 'revived', 'done', 'failed', 'cancelled');
