-- name: backup_summary
-- What a copy of the store holds.
SELECT s.id, s.token, s.event, (SELECT count(*) FROM event),
    (SELECT count(*) FROM task)
FROM store AS s;

-- name: backup_newest
-- The last thing that a store knows of.
SELECT id, at_ms, kind FROM event ORDER BY id DESC LIMIT 1;

-- name: backup_knows
-- $1 event  $2 at, ms since 1970  $3 its kind: has it happened here too?
SELECT 1 FROM event WHERE id = $1 AND at_ms = $2 AND kind = $3;

-- name: backup_open_again
-- Nobody is at work in a copy that is taken up again.
UPDATE task SET state = 'open' WHERE state = 'claimed';

-- name: backup_end_leases
-- Those that have lapsed too: none of its tokens may come back.
-- $1 now, ms since 1970
UPDATE lease SET ended = 'restored', ended_ms = $1
WHERE ended IS NULL OR ended = 'lapsed';

-- name: backup_drop_reservations
DELETE FROM reservation;

-- name: backup_free_leases
UPDATE lease SET reserved = 0 WHERE reserved <> 0;
