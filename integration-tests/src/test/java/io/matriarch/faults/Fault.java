package io.matriarch.faults;

import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.Signals;
import java.time.Duration;
import java.util.Random;

/** What can happen to a member or to the store, and what its surroundings do about it later. */
enum Fault {
    POSTMASTER_KILLED(true) {
        @Override
        void strike(Lab lab, LabMember victim) throws LabException {
            Signals.kill(lab.postmaster(victim));
        }
    },
    /** The server goes on without its daemon, as after a crash of the Java machine. */
    DAEMON_KILLED(false) {
        @Override
        void strike(Lab lab, LabMember victim) throws LabException {
            Signals.kill(lab.daemon(victim.name()).pid());
        }

        @Override
        Duration lasts(Random random, Duration ttl) {
            return serviceManager(random);
        }

        @Override
        void end(Lab lab, LabMember victim) throws LabException {
            lab.startDaemon(victim);
        }
    },
    BOTH_KILLED(false) {
        @Override
        void strike(Lab lab, LabMember victim) throws LabException {
            Signals.kill(lab.daemon(victim.name()).pid());
            Signals.kill(lab.postmaster(victim));
        }

        @Override
        Duration lasts(Random random, Duration ttl) {
            return serviceManager(random);
        }

        @Override
        void end(Lab lab, LabMember victim) throws LabException {
            lab.startDaemon(victim);
        }
    },
    /** Nobody reaches the store, and it does not refuse either. */
    STORE_FROZEN(true) {
        @Override
        void strike(Lab lab, LabMember victim) throws LabException {
            for (Process server : lab.storeServers()) {
                Signals.freeze(server.pid());
            }
        }

        @Override
        Duration lasts(Random random, Duration ttl) {
            return aroundTheTtl(random, ttl);
        }

        @Override
        void end(Lab lab, LabMember victim) throws LabException {
            for (Process server : lab.storeServers()) {
                Signals.thaw(server.pid());
            }
        }
    },
    MEMBER_CUT_OFF(true) {
        @Override
        void strike(Lab lab, LabMember victim) {
            victim.cutOff();
        }

        @Override
        Duration lasts(Random random, Duration ttl) {
            return aroundTheTtl(random, ttl);
        }

        @Override
        void end(Lab lab, LabMember victim) {
            victim.reconnect();
        }
    };

    private final boolean daemonLives;

    Fault(boolean daemonLives) {
        this.daemonLives = daemonLives;
    }

    /** Whether the victim's daemon goes on, and so answers for what its server does. */
    boolean daemonLives() {
        return daemonLives;
    }

    abstract void strike(Lab lab, LabMember victim) throws LabException;

    /** How long it lasts; nothing = it is over when it has struck. */
    Duration lasts(Random random, Duration ttl) {
        return Duration.ZERO;
    }

    /** What the surroundings do in the end: no hand helps beyond this. */
    void end(Lab lab, LabMember victim) throws LabException {}

    /** A service manager starts again what ended, after a few seconds. */
    private static Duration serviceManager(Random random) {
        return Duration.ofMillis(2000 + random.nextInt(4000));
    }

    /** Once shorter, once longer than the leader key lives. */
    private static Duration aroundTheTtl(Random random, Duration ttl) {
        return ttl.dividedBy(2).plusMillis(random.nextInt(Math.toIntExact(ttl.toMillis())));
    }
}
