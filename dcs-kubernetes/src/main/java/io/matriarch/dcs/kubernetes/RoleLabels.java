package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Section;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The labels of a Pod that tell its role, by which Services select.
 *
 * @param label the label
 * @param leader its value for the leader of a primary cluster
 * @param follower its value for a running replica
 * @param standbyLeader its value for the leader of a standby cluster
 * @param temporary a second label that always has the default values
 * @param bootstrap labels that the Pod carries until its PostgreSQL has data
 */
record RoleLabels(
        String label,
        String leader,
        String follower,
        String standbyLeader,
        Optional<String> temporary,
        Map<String, String> bootstrap) {

    private static final Set<String> WITHOUT_DATA =
            Set.of(
                    "initializing new cluster",
                    "running custom bootstrap script",
                    "starting after custom bootstrap",
                    "creating replica");

    static RoleLabels of(Section section, Map<String, String> bootstrap) {
        return new RoleLabels(
                section.text("role_label").orElse("role"),
                section.text("leader_label_value").orElse("primary"),
                section.text("follower_label_value").orElse("replica"),
                section.text("standby_leader_label_value").orElse("primary"),
                section.text("tmp_role_label"),
                bootstrap);
    }

    /**
     * What each label should be; empty for one that should not be there.
     *
     * @param leads whether the leader record names this member
     */
    Map<String, Optional<String>> wanted(MemberEntry me, boolean leads) {
        Map<String, Optional<String>> wanted = new HashMap<>();
        wanted.put(label, role(me, leads));
        temporary.ifPresent(second -> wanted.put(second, temporaryRole(me, leads)));
        boolean without = WITHOUT_DATA.contains(me.state());
        bootstrap.forEach(
                (name, value) -> wanted.put(name, without ? Optional.of(value) : Optional.empty()));
        return wanted;
    }

    private Optional<String> role(MemberEntry me, boolean leads) {
        if (leads) {
            return Optional.of(me.role().equals("standby_leader") ? standbyLeader : leader);
        }
        return follows(me)
                ? Optional.of(me.role().equals("replica") ? follower : me.role())
                : Optional.empty();
    }

    private static Optional<String> temporaryRole(MemberEntry me, boolean leads) {
        if (leads) {
            return Optional.of("primary");
        }
        return follows(me) ? Optional.of(me.role()) : Optional.empty();
    }

    /** Whoever stops being leader loses the label before anything else is known of it. */
    private static boolean follows(MemberEntry me) {
        return me.state().equals("running")
                && !me.role().equals("primary")
                && !me.role().equals("master");
    }
}
