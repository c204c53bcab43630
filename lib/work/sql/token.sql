-- name: token_store
-- Whose tokens these are.
SELECT id FROM store;

-- name: token_task
-- The task of a token, where its id alone could mean several.  No index: it is
-- asked when a commit is refused, or names a task ambiguously.
-- $1 token
SELECT task FROM lease WHERE token = $1
UNION ALL
SELECT task FROM event WHERE kind = 'claimed' AND token = $1 LIMIT 1;

-- name: token_events
-- What became of a token that is not its task's newest, oldest first.
-- $1 task  $2 token
SELECT kind, agent, at_ms FROM event WHERE task = $1 AND token = $2 ORDER BY id;
