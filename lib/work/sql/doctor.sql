-- What else doctor looks at.

-- name: doctor_totals
SELECT (SELECT count(*) FROM task), (SELECT count(*) FROM event);

-- name: doctor_clock
-- The clock that the store has seen, and the time of its last event.
SELECT boot, clock_boot, machine, inode,
    (SELECT coalesce(max(at_ms), 0) FROM event), floor_ms FROM store;

-- name: doctor_ids
-- Each task's id, and what it is found by.
SELECT key, norm FROM task;

-- name: doctor_data
-- What there is to say of events: JSON.
SELECT id, data FROM event WHERE data IS NOT NULL;
