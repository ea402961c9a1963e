package io.matriarch.postgres;

import java.util.Optional;

/**
 * One process for ever: a pid that is used again later is another one.
 *
 * @param startTicks as {@link ProcFs.Stat#startTicks()}
 */
record ServerProcess(long pid, long startTicks) {
    /** The process that has this pid now, unless it is dead. */
    static Optional<ServerProcess> of(long pid) {
        return ProcFs.stat(pid)
                .filter(stat -> !stat.dead())
                .map(stat -> new ServerProcess(pid, stat.startTicks()));
    }

    boolean alive() {
        return ProcFs.stat(pid)
                .filter(stat -> !stat.dead() && stat.startTicks() == startTicks)
                .isPresent();
    }

    /** SIGKILL, without starting a process for it. */
    void kill() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
