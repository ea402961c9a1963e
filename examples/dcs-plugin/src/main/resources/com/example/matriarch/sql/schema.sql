-- What the plug-in keeps in the database. Each function is one step that either happens or does not:
-- it runs as a single statement, so no client ever holds a lock while it waits for anything.
-- Time is the server's clock_timestamp() alone.

CREATE TABLE session (
    id      bigint PRIMARY KEY,
    scope   text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX session_scope ON session (scope);

CREATE TABLE entry (
    scope   text NOT NULL,
    key     text NOT NULL,
    -- Bytes, because text cannot hold every character (U+0000).
    value   bytea NOT NULL CHECK (octet_length(value) <= 1048576),
    version bigint NOT NULL,
    session bigint REFERENCES session ON DELETE CASCADE,
    PRIMARY KEY (scope, key)
);
CREATE INDEX entry_session ON entry (session);

-- Versions, epochs and session ids: one number is never given twice, not even after a purge.
CREATE SEQUENCE revision;

CREATE FUNCTION channel(of_scope text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN 'matriarch_' || md5(of_scope);

-- Begins a change: one at a time in a scope. A request that comes too late does nothing.
CREATE FUNCTION enter(of_scope text, not_after timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(of_scope, 0));
    IF clock_timestamp() > not_after THEN
        RETURN false;
    END IF;
    DELETE FROM session WHERE scope = of_scope AND expires <= clock_timestamp();
    RETURN true;
END $$;

CREATE FUNCTION tell(of_scope text, of_key text) RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF of_key IN ('leader', 'config', 'failover', 'sync') THEN
        PERFORM pg_notify(channel(of_scope), of_key);
    END IF;
END $$;

CREATE FUNCTION put(of_scope text, of_key text, new_value bytea, of_session bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    stored bigint := nextval('revision');
BEGIN
    INSERT INTO entry VALUES (of_scope, of_key, new_value, stored, of_session)
    ON CONFLICT (scope, key) DO UPDATE
    SET value = excluded.value, version = excluded.version, session = excluded.session;
    PERFORM tell(of_scope, of_key);
    RETURN stored;
END $$;

-- Makes an entry carry this value and session; writes only what differs.
CREATE FUNCTION bind(of_scope text, of_key text, new_value bytea, of_session bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    found entry;
BEGIN
    SELECT * INTO found FROM entry WHERE scope = of_scope AND key = of_key;
    IF found.value = new_value AND found.session IS NOT DISTINCT FROM of_session THEN
        RETURN found.version;
    END IF;
    RETURN put(of_scope, of_key, new_value, of_session);
END $$;

-- What goes along with a renewal: worth less than the renewal, so a value that does not fit is left.
CREATE FUNCTION put_along(of_scope text, of_key text, new_value bytea) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF new_value IS NOT NULL THEN
        PERFORM bind(of_scope, of_key, new_value, NULL);
    END IF;
EXCEPTION WHEN check_violation THEN
    RAISE DEBUG 'the % entry does not fit', of_key;
END $$;

-- Prolongs a session, never shortens it: the client may count on what an earlier reply promised.
CREATE FUNCTION keep(of_scope text, mine bigint, ttl interval) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    kept bigint;
BEGIN
    UPDATE session SET expires = greatest(expires, clock_timestamp() + ttl)
    WHERE id = mine AND scope = of_scope RETURNING id INTO kept;
    IF kept IS NULL THEN
        INSERT INTO session VALUES (nextval('revision'), of_scope, clock_timestamp() + ttl)
        RETURNING id INTO kept;
    END IF;
    RETURN kept;
END $$;

-- Takes the lease if it is free, keeps it if it is mine, takes it over if it carries my name.
CREATE FUNCTION claim(
    of_scope text, me text, mine bigint, ttl interval, status bytea, failsafe bytea,
    not_after timestamptz,
    OUT verdict text, OUT holder bytea, OUT kept bigint, OUT stored bigint, OUT at timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    my_name bytea := convert_to(me, 'UTF8');
    my_text bytea;
BEGIN
    at := now();
    IF NOT enter(of_scope, not_after) THEN
        verdict := 'late';
        RETURN;
    END IF;
    SELECT value INTO holder FROM entry WHERE scope = of_scope AND key = 'leader';
    IF holder <> my_name AND holder <> '' THEN
        verdict := 'held';
        RETURN;
    END IF;
    kept := keep(of_scope, mine, ttl);
    stored := bind(of_scope, 'leader', my_name, kept);
    SELECT value INTO my_text FROM entry WHERE scope = of_scope AND key = 'members/' || me;
    IF FOUND THEN
        PERFORM bind(of_scope, 'members/' || me, my_text, kept);
    END IF;
    PERFORM put_along(of_scope, 'status', status);
    PERFORM put_along(of_scope, 'failsafe', failsafe);
    verdict := 'applied';
END $$;

CREATE FUNCTION release(
    of_scope text, me text, mine bigint, epoch bigint, status bytea, not_after timestamptz,
    OUT verdict text, OUT at timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    leader entry;
BEGIN
    at := now();
    IF NOT enter(of_scope, not_after) THEN
        verdict := 'late';
        RETURN;
    END IF;
    SELECT * INTO leader FROM entry WHERE scope = of_scope AND key = 'leader';
    IF NOT FOUND THEN
        verdict := 'missing';
    ELSIF leader.value <> convert_to(me, 'UTF8') OR leader.version <> epoch
            OR leader.session IS DISTINCT FROM mine THEN
        verdict := 'not mine';
    ELSE
        PERFORM put_along(of_scope, 'status', status);
        DELETE FROM entry WHERE scope = of_scope AND key = 'leader';
        PERFORM tell(of_scope, 'leader');
        verdict := 'applied';
    END IF;
END $$;

CREATE FUNCTION touch(
    of_scope text, me text, mine bigint, ttl interval, my_text bytea, not_after timestamptz,
    OUT verdict text, OUT kept bigint, OUT at timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    at := now();
    IF NOT enter(of_scope, not_after) THEN
        verdict := 'late';
        RETURN;
    END IF;
    kept := keep(of_scope, mine, ttl);
    PERFORM bind(of_scope, 'members/' || me, my_text, kept);
    verdict := 'applied';
END $$;

-- Writes, or deletes if there is no value. Guards: a version, or that the entry is absent, or none.
CREATE FUNCTION change(
    of_scope text, of_key text, new_value bytea, if_absent boolean, if_version bigint,
    not_after timestamptz,
    OUT verdict text, OUT stored bigint, OUT at timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    there bigint;
BEGIN
    at := now();
    IF NOT enter(of_scope, not_after) THEN
        verdict := 'late';
        RETURN;
    END IF;
    SELECT version INTO there FROM entry WHERE scope = of_scope AND key = of_key;
    IF if_absent AND there IS NOT NULL THEN
        verdict := 'exists';
    ELSIF if_version IS NOT NULL AND there IS NULL THEN
        verdict := 'missing';
    ELSIF if_version <> there THEN
        verdict := 'changed';
    ELSIF new_value IS NULL THEN
        DELETE FROM entry WHERE scope = of_scope AND key = of_key;
        PERFORM tell(of_scope, of_key);
        stored := nextval('revision');
        verdict := 'applied';
    ELSE
        stored := put(of_scope, of_key, new_value, NULL);
        verdict := 'applied';
    END IF;
END $$;

CREATE FUNCTION purge(
    of_scope text, not_after timestamptz, OUT verdict text, OUT at timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    at := now();
    IF NOT enter(of_scope, not_after) THEN
        verdict := 'late';
        RETURN;
    END IF;
    DELETE FROM entry WHERE scope = of_scope;
    DELETE FROM session WHERE scope = of_scope;
    PERFORM pg_notify(channel(of_scope), '');
    verdict := 'applied';
END $$;

-- What may be seen: not what its session has outlived. As of now(), which is before the statement's
-- snapshot was taken: with a later time a renewal made in between would look like an end.
CREATE VIEW alive AS
SELECT e.scope, e.key, e.value, e.version, e.session, s.expires
FROM entry e LEFT JOIN session s ON s.id = e.session
WHERE e.session IS NULL OR s.expires > now();

-- Made last: where it is, everything is.
CREATE VIEW layout_1 AS SELECT 1 AS revision;
