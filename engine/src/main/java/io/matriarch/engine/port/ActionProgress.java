package io.matriarch.engine.port;

import io.matriarch.engine.model.Lsn;

/** What a running action tells on its way. */
public sealed interface ActionProgress {
    /** pre_promote has ended well; from here a promotion can no longer be cancelled. */
    record Promoting() implements ActionProgress {}

    /** The promotion was accepted; recovery is about to end. */
    record Promoted() implements ActionProgress {}

    /**
     * pg_control says "shut down", though the postmaster may still live.
     *
     * @param checkpoint the shutdown checkpoint
     * @param previous the position that a standby needs to have everything before it
     */
    record ShutDownCleanly(Lsn checkpoint, Lsn previous) implements ActionProgress {}
}
