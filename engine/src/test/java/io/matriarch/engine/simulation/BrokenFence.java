package io.matriarch.engine.simulation;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.StopMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A planted bug: says that the server is fenced, and leaves it alone. */
record BrokenFence(PostgresPort port) implements PostgresPort {
    @Override
    public void observe(Consumer<LocalState> to) {
        port.observe(to);
    }

    @Override
    public Running start(PostgresAction action, ActionListener listener) {
        return port.start(action, listener);
    }

    @Override
    public void fence(StopMode mode, Duration budget, Runnable done) {
        done.run();
    }

    @Override
    public void checkpoint(Consumer<Boolean> done) {
        port.checkpoint(done);
    }

    @Override
    public void apply(Settings settings, Optional<ClusterView> view) {
        port.apply(settings, view);
    }

    @Override
    public void history(int timeline, Consumer<List<HistoryLine>> to) {
        port.history(timeline, to);
    }

    @Override
    public void close() {
        port.close();
    }
}
