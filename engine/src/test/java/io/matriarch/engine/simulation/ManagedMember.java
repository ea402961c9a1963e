package io.matriarch.engine.simulation;

import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.port.MemberOptions;
import io.matriarch.engine.port.PeerPort;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.EntryKind;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A daemon under test: the real shell, or one that a test scripts. */
interface ManagedMember {
    void start();

    /** Completes when the daemon has ended, by order or by its own decision. */
    CompletionStage<?> ended();

    /** Empty for a member that nobody can ask. */
    Optional<MemberControl> control();

    /** Its own picture says that the cluster is in maintenance mode. */
    default boolean seesPause() {
        return control().map(c -> c.report().settings().pause()).orElse(false);
    }

    void storeChanged(Set<EntryKind> hint);

    void postgresChanged(String why);

    /** Makes one, on these ports. */
    @FunctionalInterface
    interface Factory {
        ManagedMember create(
                MemberOptions.Source options,
                Scheduler scheduler,
                StorePort store,
                PostgresPort postgres,
                PeerPort peers);
    }
}
