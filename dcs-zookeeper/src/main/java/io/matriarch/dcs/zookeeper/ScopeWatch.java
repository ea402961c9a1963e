package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsListener;
import io.matriarch.spi.EntryKind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on that an entry was created, changed or deleted. The watches are persistent ones on the
 * paths themselves, whether there is a znode or not: nothing has to be set again after an event,
 * and what other entries do wakes nobody. They are set before any read of a new session, so that no
 * change after a read is missed. The library sets those that a server confirmed again on a new
 * connection, and forgets a request whose answer was lost: that one is made again here. ZooKeeper
 * does not tell what was missed in between: hence one hint for each connection.
 */
final class ScopeWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeWatch.class);

    private static final List<EntryKind> WATCHED =
            List.of(EntryKind.LEADER, EntryKind.CONFIG, EntryKind.FAILOVER, EntryKind.SYNC);

    private final Paths paths;
    private final DcsListener listener;

    /** What the servers confirmed to watch in this session. */
    private Set<EntryKind> confirmed = Set.of();

    ScopeWatch(Paths paths, DcsListener listener) {
        this.paths = paths;
        this.listener = listener;
    }

    /** Called on the event thread of the library, before anything else is sent. */
    void connected(Live live, boolean newSession) {
        if (newSession) {
            confirmed = ConcurrentHashMap.newKeySet();
        }
        Set<EntryKind> known = confirmed;
        for (EntryKind kind : WATCHED) {
            if (!known.contains(kind)) {
                live.watch(paths.of(kind), event -> changed(kind, event))
                        .whenComplete((answer, failure) -> check(known, kind, answer, failure));
            }
        }
        listener.changed(Set.of());
    }

    private void changed(EntryKind kind, WatchedEvent event) {
        // Events of no type tell of the connection, to every watcher.
        if (event.getType() != Watcher.Event.EventType.None) {
            listener.changed(Set.of(kind));
        }
    }

    private static void check(
            Set<EntryKind> confirmed, EntryKind kind, Answer<String> answer, Throwable failure) {
        if (failure != null) {
            LOG.debug("whether {} is watched is not known, it is asked for again", kind, failure);
        } else if (answer.ok()) {
            confirmed.add(kind);
        } else {
            LOG.warn(
                    "ZooKeeper does not tell of changes of {} ({}); they are seen with the next"
                            + " loop",
                    kind.key(),
                    answer.code());
        }
    }
}
