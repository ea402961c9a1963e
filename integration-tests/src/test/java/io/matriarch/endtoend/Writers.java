package io.matriarch.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.lab.Ending;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.Ledger;
import io.matriarch.lab.MemberWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two clients of each member try to write all the time. What they were told is looked at span by
 * span; a span holds one change of the primary at most.
 */
final class Writers {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration END = Duration.ofSeconds(10);

    private final Ending ending = new Ending();
    private final Ledger ledger = new Ledger();
    private final List<Thread> threads = new ArrayList<>();
    private long spanStart = System.nanoTime();

    /** Makes the table in the primary and starts all writers. */
    void start(Lab lab, LabMember primary) throws SQLException {
        try (Connection connection =
                        MemberWriter.connect(primary.publicPostgresPort(), lab.password());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table "
                            + MemberWriter.TABLE
                            + " (id bigint primary key, member text not null)");
        }
        for (LabMember member : lab.members()) {
            for (boolean outside : new boolean[] {true, false}) {
                Thread thread =
                        new Thread(
                                new MemberWriter(member, outside, lab.password(), ledger, ending),
                                "writer-" + member.name());
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
        }
        span();
    }

    void span() {
        spanStart = System.nanoTime();
    }

    /** Nobody else took writes while one member did; then a new span begins. */
    void assertNeverTwo() {
        long now = System.nanoTime();
        assertThat(Duration.ofNanos(ledger.overlapNanos(spanStart, now)))
                .as("two members took writes at one time for")
                .isZero();
        spanStart = now;
    }

    /** Waits for a row sent to this member from now on to be acknowledged. */
    void awaitRow(String member) {
        long now = System.nanoTime();
        await("a row taken by " + member)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> ledger.movedSince(member, now));
    }

    void end() throws InterruptedException {
        ending.tell();
        for (Thread thread : threads) {
            thread.join(END.toMillis());
        }
    }
}
