package io.matriarch.faults;

import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.Signals;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What every store has to bear, or to tell its members of. */
enum StoreEvent {
    /** The primary's machine is gone; it comes back when another one leads. */
    FAILOVER {
        @Override
        void happen(Lab lab, String leader) throws LabException, InterruptedException {
            lab.loseNode(leader);
            try {
                lab.await("another leader", SUCCESSION, picture -> isOther(picture, leader));
            } finally {
                lab.startDaemon(lab.member(leader));
            }
        }

        private boolean isOther(ClusterPicture picture, String leader) {
            return picture.leader().filter(name -> !name.equals(leader)).isPresent();
        }
    },
    SWITCHOVER {
        @Override
        void happen(Lab lab, String leader) throws LabException, InterruptedException {
            lab.rest().switchover(lab.member(leader), leader, others(lab, leader).get(0).name());
        }
    },
    /** Killed and started again on its data; of a store that the members are, one server. */
    STORE_RESTART {
        @Override
        void happen(Lab lab, String leader) throws LabException, InterruptedException {
            if (lab.plan().store().isApart()) {
                for (Process server : lab.storeServers()) {
                    server.destroyForcibly().waitFor();
                }
                lab.startStore();
            } else {
                LabMember other = others(lab, leader).get(0);
                lab.daemon(other.name()).destroyForcibly().waitFor();
                lab.startDaemon(other);
            }
        }

        @Override
        boolean leaderStays() {
            return true;
        }
    },
    /** Nobody reaches a majority for longer than a lease lasts. */
    STORE_OUTAGE {
        @Override
        void happen(Lab lab, String leader) throws LabException, InterruptedException {
            List<Process> servers =
                    lab.plan().store().isApart()
                            ? lab.storeServers()
                            : others(lab, leader).stream()
                                    .map(LabMember::name)
                                    .map(lab::daemon)
                                    .toList();
            for (Process server : servers) {
                Signals.freeze(server.pid());
            }
            try {
                // The fault itself lasts so long; there is nothing to wait for.
                TimeUnit.SECONDS.sleep(lab.plan().ttl() + MORE.toSeconds());
            } finally {
                for (Process server : servers) {
                    Signals.thaw(server.pid());
                }
            }
        }

        @Override
        boolean writesStop() {
            return true;
        }
    };

    /** The rest of a lease, and a busy machine. */
    private static final Duration SUCCESSION = Duration.ofMinutes(2);

    private static final Duration MORE = Duration.ofSeconds(5);

    /** Begins and ends it; no hand helps beyond this. */
    abstract void happen(Lab lab, String leader) throws LabException, InterruptedException;

    /** Whether nobody has a reason to take the lead away. */
    boolean leaderStays() {
        return false;
    }

    /** Whether nobody may take rows from a lease's length on until it ends. */
    boolean writesStop() {
        return false;
    }

    private static List<LabMember> others(Lab lab, String leader) {
        return lab.members().stream().filter(member -> !member.name().equals(leader)).toList();
    }
}
