package io.matriarch.benchmark;

import io.matriarch.lab.LabException;
import io.matriarch.lab.MemberWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** PostgreSQL's settings of a primary: a comparison is fair only if they are the same. */
final class ServerSettings {
    /** These differ by nature: each server has its own. */
    private static final String OWN =
            "select name, setting from pg_settings where name not in ('port', 'data_directory',"
                    + " 'config_file', 'hba_file', 'ident_file', 'external_pid_file', 'cluster_name',"
                    + " 'primary_conninfo', 'primary_slot_name', 'application_name',"
                    + " 'transaction_deferrable', 'in_hot_standby', 'recovery_target_timeline')";

    private ServerSettings() {}

    /** All of the member that leads. */
    static Map<String, String> of(Contestant contestant) throws LabException, InterruptedException {
        String leader =
                contestant
                        .lab()
                        .picture()
                        .leader()
                        .orElseThrow(() -> new LabException("nobody leads"));
        Map<String, String> settings = new TreeMap<>();
        try (Connection connection =
                        MemberWriter.connect(
                                contestant.lab().member(leader).publicPostgresPort(),
                                contestant.lab().password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(OWN)) {
            while (rows.next()) {
                settings.put(rows.getString(1), rows.getString(2));
            }
            return settings;
        } catch (SQLException e) {
            throw new LabException("cannot read the settings: " + e.getMessage(), e);
        }
    }

    /** One line a setting that is not the same in both. */
    static List<String> differences(Map<String, String> ours, Map<String, String> peers) {
        Set<String> names = new TreeSet<>(ours.keySet());
        names.addAll(peers.keySet());
        List<String> lines = new ArrayList<>();
        for (String name : names) {
            String one = ours.getOrDefault(name, "-");
            String other = peers.getOrDefault(name, "-");
            if (!one.equals(other)) {
                lines.add(name + ": '" + one + "', of the peer '" + other + "'");
            }
        }
        return lines;
    }
}
