package io.matriarch.conformance;

import io.matriarch.conformance.memory.MemoryGate;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Faults of the store in memory: its gates stand for servers and networks. */
final class MemoryControl implements StoreControl {
    private final MemoryStore store;

    MemoryControl(MemoryStore store) {
        this.store = store;
    }

    /** All but a quorum, history and credentials, which this store does not have. */
    @Override
    public Set<Ability> abilities() {
        return EnumSet.of(
                Ability.STOP,
                Ability.FREEZE,
                Ability.LINK,
                Ability.END_SESSION,
                Ability.COUNT_SESSIONS,
                Ability.PLANT);
    }

    @Override
    public void stop() {
        store.setAllGates(MemoryGate.State.REFUSING);
    }

    @Override
    public void start() {
        store.setAllGates(MemoryGate.State.OPEN);
    }

    @Override
    public void freeze() {
        store.setAllGates(MemoryGate.State.SILENT);
    }

    @Override
    public void thaw() {
        store.setAllGates(MemoryGate.State.OPEN);
    }

    @Override
    public Link link() {
        return new GateLink(UUID.randomUUID().toString());
    }

    @Override
    public void endSession(String session) {
        store.endSession(session);
    }

    @Override
    public int countSessions() {
        return store.openSessions();
    }

    @Override
    public void plant(Scope scope, String key, String text) {
        store.put(scope, key, text);
    }

    /** One named gate. */
    private final class GateLink implements Link {
        private final String name;

        private GateLink(String name) {
            this.name = name;
        }

        private MemoryGate gate() {
            return store.gate(name);
        }

        @Override
        public Section section() {
            return new Section("memory", Map.of("gate", name));
        }

        @Override
        public void blackHole() {
            gate().set(MemoryGate.State.SILENT);
        }

        @Override
        public void dropReplies() {
            gate().set(MemoryGate.State.MUTE);
        }

        @Override
        public void cut() {
            gate().set(MemoryGate.State.REFUSING);
        }

        @Override
        public void delayReplies(Duration delay) {
            gate().delayReplies(delay);
        }

        @Override
        public void trickleReplies() {
            gate().delayReplies(Duration.ofHours(1));
        }

        @Override
        public void heal() {
            gate().set(MemoryGate.State.OPEN);
        }

        @Override
        public void close() {
            heal();
        }
    }
}
