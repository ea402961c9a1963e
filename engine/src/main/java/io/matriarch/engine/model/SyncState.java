package io.matriarch.engine.model;

import java.util.List;
import java.util.Optional;

/**
 * The {@code sync} key.
 *
 * @param leader who manages it; empty means synchronous mode is not active
 * @param voters names in {@code sync_standby}
 * @param quorum 0 outside quorum mode
 */
public record SyncState(Optional<String> leader, List<String> voters, int quorum) {
    public static final SyncState NONE = new SyncState(Optional.empty(), List.of(), 0);

    public SyncState {
        voters = List.copyOf(voters);
    }

    public boolean isEmpty() {
        return leader.isEmpty();
    }

    public boolean isVoter(String name) {
        return voters.stream().anyMatch(voter -> voter.equalsIgnoreCase(name));
    }
}
