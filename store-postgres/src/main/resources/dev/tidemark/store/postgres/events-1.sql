-- Tidemark's tables for events, version 1. Replace ${table} by the table ("public"."events"), ${data} by JSONB or, for data that is
-- not JSON, BYTEA, and what else stands in braces by a name in the same schema; ${channel} is zestor_events. It may be applied again,
-- and to a table that a goes service made, which can go on using it. Run it in one transaction: it stops writers while it runs. Times
-- are nanoseconds since 1970.

-- @table
CREATE TABLE IF NOT EXISTS ${table} (
  id                UUID PRIMARY KEY,
  name              VARCHAR(255) NOT NULL,
  time              BIGINT NOT NULL,
  aggregate_id      UUID,
  aggregate_name    VARCHAR(255),
  aggregate_version INTEGER,
  data              ${data}
);

-- @metadata
ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS metadata JSONB;

-- The place of an event in the one line of its table: drawn under a lock that the commit lets go, so in the order of commits.
-- @position
ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS position BIGINT;

-- In a table that was copied, with positions and without their sequence, it goes on behind them.
-- @sequence
CREATE SEQUENCE IF NOT EXISTS ${sequence} OWNED BY ${table}.position;
SELECT setval('${sequence_literal}'::regclass, max(position)) FROM ${table}
 HAVING max(position) >= (SELECT last_value FROM ${sequence});

-- Events that were there before positions were: by time, but never before an earlier version of their aggregate.
-- @numbering
UPDATE ${table} t SET position = n.position
  FROM (SELECT id, nextval('${sequence_literal}'::regclass) AS position
          FROM (SELECT id FROM (SELECT id, aggregate_version, max(time) OVER (
                                         PARTITION BY aggregate_id, aggregate_name, CASE WHEN aggregate_version > 0 THEN NULL ELSE id END
                                         ORDER BY aggregate_version ROWS UNBOUNDED PRECEDING) AS reached
                                  FROM ${table} WHERE position IS NULL) placed
                 ORDER BY reached, aggregate_version NULLS FIRST, id OFFSET 0) old) n
 WHERE t.id = n.id;

-- @position_index
CREATE UNIQUE INDEX IF NOT EXISTS ${position_index} ON ${table} (position);

-- Whoever inserts an event without knowing of positions: it is drawn inside COMMIT, under the same lock that all others take.
-- @stamp
CREATE OR REPLACE FUNCTION ${stamp}() RETURNS TRIGGER LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $stamp$
BEGIN
  PERFORM pg_advisory_xact_lock((TG_RELID::bigint - 2147483648)::int, 0);
  UPDATE ${table} SET position = nextval('${sequence_literal}'::regclass) WHERE id = NEW.id AND position IS NULL;
  IF FOUND THEN
    PERFORM pg_notify('${channel}', 'tidemark-table:' || TG_RELID);
  END IF;
  RETURN NULL;
END $stamp$;

-- @trigger
DROP TRIGGER IF EXISTS tidemark_stamp ON ${table};
CREATE CONSTRAINT TRIGGER tidemark_stamp AFTER INSERT ON ${table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.position IS NULL) EXECUTE FUNCTION ${stamp}();

-- What was written under an append id.
-- @appends
CREATE TABLE IF NOT EXISTS ${appends} (
  append_id TEXT COLLATE "C" PRIMARY KEY,
  digest    BYTEA NOT NULL,
  ids       UUID[] NOT NULL
);

-- How far named subscriptions are, and who holds them.
-- @subscriptions
CREATE TABLE IF NOT EXISTS ${subscriptions} (
  name        TEXT COLLATE "C" PRIMARY KEY,
  owner       UUID,
  lease_until TIMESTAMPTZ,
  position    BIGINT NOT NULL
);

-- @id_index
CREATE UNIQUE INDEX IF NOT EXISTS ${id_index} ON ${table} (id);

-- @name_index
CREATE INDEX IF NOT EXISTS ${name_index} ON ${table} (name);

-- @time_index
CREATE INDEX IF NOT EXISTS ${time_index} ON ${table} (time);

-- @aggregate_index
CREATE UNIQUE INDEX IF NOT EXISTS ${aggregate_index} ON ${table} (aggregate_id, aggregate_name, aggregate_version);
