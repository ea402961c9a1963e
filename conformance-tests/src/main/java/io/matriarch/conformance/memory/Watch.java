package io.matriarch.conformance.memory;

import io.matriarch.spi.DcsListener;
import io.matriarch.spi.EntryKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/** One instance's interest in the changes that others make below its scope. */
final class Watch {
    private final String folder;
    private final DcsListener listener;
    private final Executor executor;
    private final MemoryGate gate;
    private volatile long connection;

    Watch(String folder, DcsListener listener, Executor executor, MemoryGate gate) {
        this.folder = folder;
        this.listener = listener;
        this.executor = executor;
        this.gate = gate;
        this.connection = gate.connection();
    }

    /** Tells of changed keys. What happens behind a closed gate is made good when it opens. */
    void tell(List<String> keys) {
        Set<EntryKind> hint = EnumSet.noneOf(EntryKind.class);
        for (String key : keys) {
            if (key.startsWith(folder)) {
                EntryKind.ofKey(key.substring(folder.length())).ifPresent(hint::add);
            }
        }
        if (!hint.isEmpty() && gate.isOpen() && connection == gate.connection()) {
            executor.execute(() -> listener.changed(Set.copyOf(hint)));
        }
    }

    /** Finds out whether the connection fell silent, as a real client does by asking on it (N6). */
    void check() {
        if (connection != gate.connection()) {
            tellUnknown();
        }
    }

    /** Tells that anything may have been missed (N4). */
    void tellUnknown() {
        connection = gate.connection();
        executor.execute(() -> listener.changed(Set.of()));
    }
}
