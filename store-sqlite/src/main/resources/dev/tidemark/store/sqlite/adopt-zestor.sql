-- Moves the entries of a table made by a zestor service, here already named zestor_adopted, into schema 1. Their history is
-- unknown: the revision line starts behind them.

INSERT INTO zestor_kv (ns_id, kind, key, version, tag, updated_at, value)
SELECT ns_id, kind, key, max(version, 1),
       row_number() OVER (PARTITION BY ns_id ORDER BY updated_at, kind, key),
       CAST(round(1000 * coalesce(unixepoch(updated_at, 'subsec'), unixepoch('subsec'))) AS INTEGER) * 1000,
       CAST(value AS BLOB)
FROM zestor_adopted;

INSERT INTO zestor_meta (ns_id, head, floor)
SELECT ns_id, count(*), count(*) FROM zestor_kv GROUP BY ns_id;

DROP TABLE zestor_adopted;
