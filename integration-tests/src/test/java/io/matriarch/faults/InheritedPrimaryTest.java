package io.matriarch.faults;

import io.matriarch.lab.Lab;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.MemberWriter;
import io.matriarch.lab.Signals;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A daemon that starts beside a running primary answers for it from then on. */
@Tag("real")
class InheritedPrimaryTest {
    private static final LabPlan PLAN = LabPlan.three().withCables(true);

    @Test
    @DisplayName("a restarted daemon that is cut off stops the primary that it finds")
    void restartedWithoutStore() throws Exception {
        try (Lab lab = Product.lab(PLAN)) {
            lab.start();
            String leader = lab.awaitWhole(Duration.ofMinutes(3)).leader().orElseThrow();
            LabMember member = lab.member(leader);
            Signals.kill(lab.daemon(leader).pid());
            member.cutOff();
            lab.startDaemon(member);
            Awaitility.await("the end of the primary")
                    .atMost(Duration.ofSeconds(2L * PLAN.ttl()))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> !takesWrites(member, lab.password()));
            member.reconnect();
            lab.awaitWhole(Duration.ofMinutes(2));
        }
    }

    @Test
    @DisplayName("a daemon that returns after its lease does not wait for the store")
    void restartedAfterTheLease() throws Exception {
        try (Lab lab = Product.lab(PLAN)) {
            lab.start();
            String leader = lab.awaitWhole(Duration.ofMinutes(3)).leader().orElseThrow();
            LabMember member = lab.member(leader);
            Signals.kill(lab.daemon(leader).pid());
            member.cutOff();
            Awaitility.await("another leader")
                    .atMost(Duration.ofSeconds(2L * PLAN.ttl()))
                    .until(() -> lab.picture().leader().filter(l -> !l.equals(leader)).isPresent());
            lab.startDaemon(member);
            // Less than retry_timeout: what is left of it is the start of the daemon.
            Awaitility.await("the end of the former primary")
                    .atMost(Duration.ofSeconds(7))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> !takesWrites(member, lab.password()));
            member.reconnect();
            lab.awaitWhole(Duration.ofMinutes(2));
        }
    }

    private static boolean takesWrites(LabMember member, String password) {
        try (Connection connection = MemberWriter.connect(member.postgresPort(), password);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_is_in_recovery()")) {
            return row.next() && !row.getBoolean(1);
        } catch (SQLException e) {
            return false; // it was stopped
        }
    }
}
