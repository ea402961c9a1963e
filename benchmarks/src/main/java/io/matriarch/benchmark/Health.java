package io.matriarch.benchmark;

import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.MemberWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Whether a cluster is whole, as PostgreSQL itself tells. What members write to the store may be
 * old by a loop, and products differ in the words of it.
 */
final class Health {
    private final Lab lab;

    Health(Lab lab) {
        this.lab = lab;
    }

    /** The primary, if the store names one and every other member streams from it. */
    Optional<String> leaderOfWhole() throws LabException, InterruptedException {
        ClusterPicture picture = lab.picture();
        Optional<String> leader = picture.leader();
        if (leader.isEmpty() || picture.rows().size() != lab.members().size()) {
            return Optional.empty();
        }
        int others = lab.members().size() - 1;
        return standbysOf(leader.get()) == others ? leader : Optional.empty();
    }

    private int standbysOf(String leader) throws LabException {
        try (Connection connection =
                        MemberWriter.connect(
                                lab.member(leader).publicPostgresPort(), lab.password());
                Statement statement = connection.createStatement();
                ResultSet count =
                        statement.executeQuery(
                                "select case when pg_is_in_recovery() then 0 else count(*) end"
                                        + " from pg_stat_replication where state = 'streaming'"
                                        + " and application_name like 'node%'")) {
            count.next();
            return count.getInt(1);
        } catch (SQLException e) {
            return 0; // it does not answer, so nothing streams from it as far as anyone knows
        }
    }
}
