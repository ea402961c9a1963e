package io.matriarch.engine.shell;

import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresPort;
import java.util.Optional;

/** Looks at the local PostgreSQL and remembers what it saw. Lives on the decision lane. */
final class Locals {
    private final PostgresPort postgres;
    private final Runnable changed;

    private Optional<LocalState> current = Optional.empty();
    private boolean looking;
    private boolean lookAgain;
    private boolean outdated = true;
    private boolean outdatedInLooking;

    Locals(PostgresPort postgres, Runnable changed) {
        this.postgres = postgres;
        this.changed = changed;
    }

    void refresh() {
        if (looking) {
            lookAgain = true;
            return;
        }
        looking = true;
        postgres.observe(this::seen);
    }

    /** Something was done to the server: no decision before a new look. */
    void invalidate() {
        outdated = true;
        outdatedInLooking = looking;
        refresh();
    }

    private void seen(LocalState state) {
        looking = false;
        current = Optional.of(state);
        outdated = outdatedInLooking;
        outdatedInLooking = false;
        if (lookAgain) {
            lookAgain = false;
            refresh();
        }
        changed.run();
    }

    boolean settled() {
        return !outdated;
    }

    Optional<LocalState> current() {
        return current;
    }
}
