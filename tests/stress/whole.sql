-- What must hold of a store beside lib/work/sql/invariants.sql: statements that
-- answer nothing where all is well, and otherwise begin with what is wrong.  Asked
-- by stress.bash after races and deaths, and by tests/faults after each step.

SELECT 'integrity', * FROM pragma_integrity_check WHERE integrity_check <> 'ok';
SELECT 'foreign keys', * FROM pragma_foreign_key_check;
SELECT 'a token that is not drawn', l.token FROM lease AS l, store
    WHERE l.token > store.token;
