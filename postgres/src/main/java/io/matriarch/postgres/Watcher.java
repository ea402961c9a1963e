package io.matriarch.postgres;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees that the postmaster has ended. It is no child of ours, and the JDK's own wait for such a
 * process looks once a second or later; so its line in /proc is read every 20 ms, which costs some
 * microseconds. It also remembers the postmaster's children, to find them when it is gone, and sees
 * that the server opens.
 */
final class Watcher {
    private static final Logger log = LoggerFactory.getLogger(Watcher.class);
    private static final int CHILDREN_EVERY = 10;

    private final Instance instance;
    private final Consumer<String> changed;
    private Optional<ServerProcess> watched = Optional.empty();
    private boolean wasReady;
    private int round;

    Watcher(Instance instance, Consumer<String> changed) {
        this.instance = instance;
        this.changed = changed;
    }

    void start(ScheduledExecutorService timer) {
        timer.scheduleWithFixedDelay(
                this::lookSafely, 0, Cancellation.TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Top of the thread: one bad look must not end all later ones. */
    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            log.error("Watching the postmaster failed once", e);
        }
    }

    private void look() {
        if (watched.isPresent() && !watched.get().alive()) {
            watched = Optional.empty();
            changed.accept("postmaster ended");
        }
        round = (round + 1) % CHILDREN_EVERY;
        if (watched.isEmpty()) {
            watched = instance.postmaster();
            wasReady = false;
        } else if (round == 0) {
            rememberChildren(watched.get());
        }
        if (watched.isPresent() && !wasReady && round % 2 == 0) {
            wasReady =
                    PostmasterFile.read(instance.dataPath())
                            .filter(PostmasterFile::ready)
                            .isPresent();
            if (wasReady) {
                changed.accept("PostgreSQL accepts connections");
            }
        }
    }

    /** A child that is known already is not looked up again: there may be a thousand. */
    private void rememberChildren(ServerProcess server) {
        Map<Long, ServerProcess> known = new HashMap<>();
        instance.knownChildren().forEach(child -> known.put(child.pid(), child));
        Set<ServerProcess> children = new HashSet<>();
        for (long pid : ProcFs.children(server.pid())) {
            Optional.ofNullable(known.get(pid))
                    .or(() -> ServerProcess.of(pid))
                    .ifPresent(children::add);
        }
        instance.remember(children);
    }
}
