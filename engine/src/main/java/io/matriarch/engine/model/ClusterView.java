package io.matriarch.engine.model;

import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Version;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cluster as one read of the store showed it. Malformed values have become empty ones.
 *
 * @param initialize the system identifier, empty text while somebody bootstraps; absent = never
 *     initialised
 * @param config the dynamic configuration; absent if the key is missing or no object
 * @param configVersion version of the config key, also when its value is unusable
 * @param leader who holds the lease
 * @param members every registered member by name; a leader without a member key is in it with no
 *     data
 * @param failover a pending request; absent when the key is missing or empty
 * @param failoverVersion version of the failover key, also when it holds no request
 * @param sync never null; {@link SyncState#NONE} when empty
 * @param syncVersion version of the sync key
 * @param history absent = unknown, empty list = still on timeline 1
 * @param status never null
 * @param failsafe member name to URL; empty when absent
 * @param snapshot what it was made from
 */
public record ClusterView(
        Optional<String> initialize,
        Optional<Map<String, Object>> config,
        Optional<Version> configVersion,
        Optional<String> leader,
        SortedMap<String, Member> members,
        Optional<FailoverRequest> failover,
        Optional<Version> failoverVersion,
        SyncState sync,
        Optional<Version> syncVersion,
        Optional<List<HistoryLine>> history,
        ClusterStatus status,
        Map<String, String> failsafe,
        Snapshot snapshot) {
    public ClusterView {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        history = history.map(List::copyOf);
        failsafe = Collections.unmodifiableMap(new TreeMap<>(failsafe));
    }

    public boolean isUnlocked() {
        return leader.isEmpty();
    }

    public boolean isLeader(String name) {
        return leader.filter(name::equals).isPresent();
    }

    /** The leader's member record, with no data if it published none. */
    public Optional<Member> leaderMember() {
        return leader.map(name -> members.getOrDefault(name, Member.named(name)));
    }

    /** Valid = at least 10 decimal digits. */
    public Optional<String> systemId() {
        return initialize.filter(text -> text.matches("[0-9]{10,}"));
    }

    /** Version of the initialize key, also while its text is empty. */
    public Optional<Version> initializeVersion() {
        return snapshot.entry(EntryKind.INITIALIZE).map(Entry::version);
    }

    /** The cluster's timeline by its history; 0 when unknown. */
    public int timeline() {
        return history.map(
                        lines -> lines.isEmpty() ? 1 : lines.get(lines.size() - 1).timeline() + 1)
                .orElse(0);
    }
}
