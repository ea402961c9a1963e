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
import java.util.function.UnaryOperator;

/** A PostgresPort with a planted bug. */
final class Meddling implements PostgresPort {
    private final PostgresPort port;
    private final boolean fences;
    private final UnaryOperator<PostgresAction> action;

    private Meddling(PostgresPort port, boolean fences, UnaryOperator<PostgresAction> action) {
        this.port = port;
        this.fences = fences;
        this.action = action;
    }

    /** Says that the server is fenced, and leaves it alone. */
    static Cluster.Wrapping withoutFence() {
        return of(false, UnaryOperator.identity());
    }

    /** Does something else than it was told. */
    static Cluster.Wrapping replacing(UnaryOperator<PostgresAction> action) {
        return of(true, action);
    }

    private static Cluster.Wrapping of(boolean fences, UnaryOperator<PostgresAction> action) {
        return new Cluster.Wrapping() {
            @Override
            public PostgresPort postgres(Node node, PostgresPort port) {
                return new Meddling(port, fences, action);
            }
        };
    }

    @Override
    public void fence(StopMode mode, Duration budget, Runnable done) {
        if (fences) {
            port.fence(mode, budget, done);
        } else {
            done.run();
        }
    }

    @Override
    public Running start(PostgresAction wanted, ActionListener listener) {
        return port.start(action.apply(wanted), listener);
    }

    @Override
    public void observe(Consumer<LocalState> to) {
        port.observe(to);
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
