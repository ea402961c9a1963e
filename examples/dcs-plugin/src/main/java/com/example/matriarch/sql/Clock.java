package com.example.matriarch.sql;

import io.matriarch.spi.Deadline;
import io.matriarch.spi.Ticker;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;

/**
 * The database's clock as the latest reply showed it. A deadline is sent along in the database's
 * own time, so that a request which arrives after it does nothing. A reply was made before it was
 * received, hence the translation is early by the time that the reply travelled, never late.
 */
final class Clock {
    private record Seen(OffsetDateTime theirs, long mine) {}

    private final Ticker ticker;
    private volatile Seen seen;

    Clock(Ticker ticker) {
        this.ticker = ticker;
        this.seen = new Seen(OffsetDateTime.MIN, ticker.nanos());
    }

    static OffsetDateTime at(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class);
    }

    void saw(OffsetDateTime theirs) {
        seen = new Seen(theirs, ticker.nanos());
    }

    /** The deadline, as the database's clock will show it. Needs one reply before. */
    OffsetDateTime theirs(Deadline deadline) {
        Seen latest = seen;
        return latest.theirs().plus(Duration.ofNanos(deadline.at() - latest.mine()));
    }
}
