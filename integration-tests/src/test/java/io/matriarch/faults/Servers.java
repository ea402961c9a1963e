package io.matriarch.faults;

import io.matriarch.lab.Lab;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.MemberWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/** What the servers say themselves: the store may still tell what was true before a fault. */
final class Servers {
    private static final String OF_PRIMARY =
            """
            select case when pg_is_in_recovery() then ''
                   else substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end""";
    private static final String OF_STANDBY =
            """
            select lpad(upper(to_hex(received_tli)), 8, '0')
              from pg_stat_wal_receiver where status = 'streaming' and pg_is_in_recovery()""";

    private Servers() {}

    /** The leader takes writes, and all others stream its timeline. */
    static boolean follow(Lab lab, String leader) {
        Set<String> timelines = new HashSet<>();
        for (LabMember member : lab.members()) {
            boolean leads = member.name().equals(leader);
            timelines.add(timeline(lab, member, leads ? OF_PRIMARY : OF_STANDBY));
        }
        return timelines.size() == 1 && !timelines.contains("");
    }

    /** The machine, and the versions that run on it. */
    static String described(Lab lab) throws SQLException {
        String version = "";
        LabMember any = lab.members().get(0);
        try (Connection connection =
                        MemberWriter.connect(any.publicPostgresPort(), lab.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("show server_version")) {
            version = rows.next() ? rows.getString(1) : "";
        }
        OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
        return "PostgreSQL %s, %s, %d cores, load %.1f, Java %s"
                .formatted(
                        version,
                        lab.storeTitle(),
                        machine.getAvailableProcessors(),
                        machine.getSystemLoadAverage(),
                        System.getProperty("java.version"));
    }

    private static String timeline(Lab lab, LabMember member, String query) {
        try (Connection connection =
                        MemberWriter.connect(member.publicPostgresPort(), lab.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "";
        } catch (SQLException e) {
            return ""; // down or starting: it is asked again
        }
    }
}
