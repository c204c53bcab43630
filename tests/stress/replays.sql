-- What happened agrees with what is: tokens grow and are used once, each done
-- has one claim, and the events alone lead to the same states.  As whole.sql:
-- no answer, all is well.

SELECT 'tokens that do not grow', id, token FROM (SELECT id, token, max(token)
    OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    AS before FROM event WHERE kind = 'claimed') WHERE token <= before;
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
SELECT 'events lead to another state', key, state, kind FROM (SELECT t.key,
    t.state, coalesce((SELECT CASE e.kind WHEN 'claimed' THEN 'claimed'
    WHEN 'revived' THEN 'claimed' WHEN 'done' THEN 'done'
    WHEN 'failed' THEN 'failed' WHEN 'cancelled' THEN 'cancelled'
    ELSE CASE WHEN json_extract(e.data, '$.failed') THEN 'failed'
    ELSE 'open' END END FROM event AS e WHERE e.task = t.id AND e.kind IN
    ('claimed', 'revived', 'done', 'released', 'forced', 'failed',
    'lapsed', 'died', 'cancelled', 'reopened') ORDER BY e.id DESC LIMIT 1),
    'open') AS kind FROM task AS t WHERE t.ticked = 0) WHERE state <> kind;
