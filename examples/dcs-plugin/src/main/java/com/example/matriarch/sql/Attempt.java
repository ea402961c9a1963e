package com.example.matriarch.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/** One try of one call: connect, send, answer. It can be given up from outside at any moment. */
final class Attempt<T> implements Callable<T> {
    /** Decides between the worker that sends and the caller that gives up: the first one wins. */
    private enum Phase {
        CONNECTING,
        SENT,
        GIVEN_UP
    }

    private final Connections connections;
    private final Calls.Step<T> step;
    private final Duration patience;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.CONNECTING);
    private volatile Optional<Connection> used = Optional.empty();

    Attempt(Connections connections, Calls.Step<T> step, Duration patience) {
        this.connections = connections;
        this.step = step;
        this.patience = patience;
    }

    @Override
    public T call() throws Fault {
        Connection connection = connect();
        used = Optional.of(connection);
        if (!phase.compareAndSet(Phase.CONNECTING, Phase.SENT)) {
            connections.give(connection);
            throw new Fault(Fault.Kind.NOT_SENT, "given up", null);
        }
        try {
            T answer = step.on(connection);
            connections.give(connection);
            return answer;
        } catch (SQLException e) {
            Connections.end(connection);
            throw Fault.whileAsking(e);
        }
    }

    private Connection connect() throws Fault {
        try {
            return connections.take(patience);
        } catch (SQLException e) {
            throw Fault.whileConnecting(e);
        }
    }

    /** Nothing is sent after this; what was sent may take effect. */
    Fault giveUp(String why) {
        if (phase.compareAndSet(Phase.CONNECTING, Phase.GIVEN_UP)) {
            return new Fault(Fault.Kind.NOT_SENT, why, null);
        }
        used.ifPresent(Connections::end);
        return new Fault(Fault.Kind.LOST, why, null);
    }
}
