package io.matriarch.faults;

import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Ending;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.Ledger;
import io.matriarch.lab.MemberWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Two writers on each member, one outside and one beside it, until they are stopped. */
final class Writers {
    private static final Duration END = Duration.ofSeconds(8);

    private final Ledger ledger = new Ledger();
    private final Ending ending = new Ending();
    private final List<Thread> threads = new ArrayList<>();

    /** Makes their table in the primary and starts them. */
    static Writers on(Lab lab) throws LabException, SQLException, InterruptedException {
        try (Connection primary = primary(lab);
                Statement statement = primary.createStatement()) {
            statement.execute(
                    "create table "
                            + MemberWriter.TABLE
                            + " (id bigint primary key, member text not null)");
        }
        Writers writers = new Writers();
        for (LabMember member : lab.members()) {
            writers.start(member, true, lab.password());
            writers.start(member, false, lab.password());
        }
        return writers;
    }

    private void start(LabMember member, boolean outside, String password) {
        Thread thread =
                new Thread(
                        new MemberWriter(member, outside, password, ledger, ending),
                        "writer-" + member.name());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private static Connection primary(Lab lab)
            throws LabException, SQLException, InterruptedException {
        String leader =
                lab.await("a leader", Duration.ofMinutes(1), p -> p.leader().isPresent())
                        .leader()
                        .orElseThrow();
        return MemberWriter.connect(lab.member(leader).publicPostgresPort(), lab.password());
    }

    Ledger ledger() {
        return ledger;
    }

    /** A leader, all others streaming from it, and a client's row taken since the instant. */
    boolean serve(Lab lab, ClusterPicture picture, long since) {
        return lab.isWhole(picture)
                && ledger.movedSince(since)
                && Servers.follow(lab, picture.leader().orElseThrow());
    }

    long acknowledged() {
        return ledger.size(true) + ledger.size(false);
    }

    /** Acknowledged rows that are no longer there. */
    long lost(Lab lab) throws LabException, SQLException, InterruptedException {
        Set<Long> found = new HashSet<>();
        try (Connection primary = primary(lab);
                Statement statement = primary.createStatement();
                ResultSet rows = statement.executeQuery("select id from " + MemberWriter.TABLE)) {
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
        }
        return ledger.lost(true, found) + ledger.lost(false, found);
    }

    void stop() throws InterruptedException {
        ending.tell();
        for (Thread thread : threads) {
            thread.join(END.toMillis());
        }
    }
}
