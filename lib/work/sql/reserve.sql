-- name: reservation_live
-- Those of all leases that have not ended, in the store's eyes.
SELECT r.task, r.pattern FROM reservation AS r
JOIN lease AS l ON l.task = r.task AND l.token = r.token
WHERE l.ended IS NULL ORDER BY r.task, r.n;

-- name: reservation_of
-- Also of a lease that has lapsed, and may be revived.
-- $1 task  $2 token
SELECT pattern FROM reservation WHERE task = $1 AND token = $2 ORDER BY n;

-- name: reservation_insert
-- $1 task  $2 n  $3 token  $4 pattern
INSERT INTO reservation (task, n, token, pattern) VALUES ($1, $2, $3, $4);

-- name: reservation_drop
-- $1 task
DELETE FROM reservation WHERE task = $1;

-- name: reservation_sweep
-- Those of leases that are dead for ever.
DELETE FROM reservation WHERE NOT EXISTS (SELECT 1 FROM lease AS l
    WHERE l.task = reservation.task AND l.token = reservation.token
	AND (l.ended IS NULL OR l.ended = 'lapsed'));

-- name: reservation_files
-- $1 task: the files that its plan names
SELECT text FROM line WHERE task = $1 AND kind = 'file' ORDER BY n;

-- name: lease_set_reserved
-- $1 1: it has reservations  $2 task
UPDATE lease SET reserved = $1 WHERE task = $2;
