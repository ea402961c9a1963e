package io.matriarch.postgres;

import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers questions with pictures taken after they were asked; one picture may answer several. */
final class Observations {
    private static final Logger log = LoggerFactory.getLogger(Observations.class);

    private final Executor lane;
    private final Scheduler scheduler;
    private final Supplier<LocalState> camera;
    private List<Consumer<LocalState>> waiting = new ArrayList<>();

    Observations(Executor lane, Scheduler scheduler, Supplier<LocalState> camera) {
        this.lane = lane;
        this.scheduler = scheduler;
        this.camera = camera;
    }

    synchronized void ask(Consumer<LocalState> to) {
        waiting.add(to);
        if (waiting.size() == 1) {
            lane.execute(this::round);
        }
    }

    private synchronized List<Consumer<LocalState>> take() {
        List<Consumer<LocalState>> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }

    private void round() {
        List<Consumer<LocalState>> asked = take();
        try {
            LocalState state = camera.get();
            scheduler.execute(() -> asked.forEach(to -> to.accept(state)));
        } catch (RuntimeException e) {
            // Nobody may wait for ever: try again until there is a picture.
            log.error("The instance could not be observed", e);
            asked.forEach(to -> scheduler.after(java.time.Duration.ofSeconds(1), () -> ask(to)));
        }
    }
}
