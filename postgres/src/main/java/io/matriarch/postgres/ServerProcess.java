package io.matriarch.postgres;

import java.util.Optional;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process for ever: a pid that is used again later is another one.
 *
 * @param startTicks as {@link ProcFs.Stat#startTicks()}
 */
record ServerProcess(long pid, long startTicks) {
    private static final Logger log = LoggerFactory.getLogger(ServerProcess.class);

    /** Of a process that could not be looked at. */
    private static final long UNKNOWN = -1;

    /** The process that has this pid now, unless it is dead. One that cannot be read may live. */
    static Optional<ServerProcess> of(long pid) {
        return of(pid, ProcFs::stat);
    }

    static Optional<ServerProcess> of(long pid, LongFunction<Optional<ProcFs.Stat>> eye) {
        try {
            return eye.apply(pid)
                    .filter(stat -> !stat.dead())
                    .map(stat -> new ServerProcess(pid, stat.startTicks()));
        } catch (ProcFs.Unreadable e) {
            log.warn("Process {} counts as alive: {}", pid, e.getMessage());
            return Optional.of(new ServerProcess(pid, UNKNOWN));
        }
    }

    /** Whether it was looked at, so that another process with this pid would be told apart. */
    boolean known() {
        return startTicks != UNKNOWN;
    }

    boolean alive() {
        return alive(ProcFs::stat);
    }

    boolean alive(LongFunction<Optional<ProcFs.Stat>> eye) {
        try {
            return eye.apply(pid)
                    .filter(stat -> !stat.dead())
                    .filter(stat -> startTicks == UNKNOWN || stat.startTicks() == startTicks)
                    .isPresent();
        } catch (ProcFs.Unreadable e) {
            log.debug("Process {} counts as alive: {}", pid, e.getMessage());
            return true;
        }
    }

    /** SIGKILL, without starting a process for it. */
    void kill() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
