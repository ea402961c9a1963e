package io.matriarch.conformance;

import io.matriarch.conformance.memory.MemoryGate;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Faults of the store in memory: its gates stand for servers and networks. */
final class MemoryControl implements StoreControl {
    private static final String PASSWORD = "open sesame";

    private final MemoryStore store;
    private final List<GateLink> links = new ArrayList<>();
    private MemoryGate.State servers = MemoryGate.State.OPEN;

    MemoryControl(MemoryStore store) {
        this.store = store;
        store.demandPassword(PASSWORD);
    }

    /** The section of clients that share the default gate. */
    static Section section() {
        return new Section("memory", Map.of("password", PASSWORD));
    }

    /** All but the forgetting of history: a watch of this store needs none. */
    @Override
    public Set<Ability> abilities() {
        return EnumSet.complementOf(EnumSet.of(Ability.FORGET_HISTORY));
    }

    @Override
    public void stop() {
        set(MemoryGate.State.REFUSING);
    }

    @Override
    public void start() {
        set(MemoryGate.State.OPEN);
    }

    @Override
    public void freeze() {
        set(MemoryGate.State.SILENT);
    }

    @Override
    public void thaw() {
        set(MemoryGate.State.OPEN);
    }

    @Override
    public void loseQuorum() {
        set(MemoryGate.State.MINORITY);
    }

    @Override
    public void regainQuorum() {
        set(MemoryGate.State.OPEN);
    }

    @Override
    public Section badCredentials() {
        return new Section("memory", Map.of("password", "open barley"));
    }

    /**
     * What is wrong with a link alone comes to light again when the store is well. Its gate must
     * not stand open in between: a call that waits there would get an answer.
     */
    private synchronized void set(MemoryGate.State next) {
        servers = next;
        Set<String> names = links.stream().map(link -> link.name).collect(Collectors.toSet());
        store.setGatesBut(names, next);
        links.forEach(GateLink::show);
    }

    @Override
    public synchronized Link link() {
        GateLink link = new GateLink(UUID.randomUUID().toString());
        links.add(link);
        return link;
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
        private MemoryGate.State own = MemoryGate.State.OPEN;
        private Duration delay = Duration.ZERO;

        private GateLink(String name) {
            this.name = name;
        }

        private void set(MemoryGate.State next) {
            set(next, Duration.ZERO);
        }

        private void set(MemoryGate.State next, Duration replyDelay) {
            synchronized (MemoryControl.this) {
                own = next;
                delay = replyDelay;
                show();
            }
        }

        private void show() {
            MemoryGate gate = store.gate(name);
            if (servers != MemoryGate.State.OPEN) {
                gate.set(servers);
            } else if (delay.isZero()) {
                gate.set(own);
            } else {
                gate.delayReplies(delay);
            }
        }

        @Override
        public Section section() {
            return new Section("memory", Map.of("gate", name, "password", PASSWORD));
        }

        @Override
        public void blackHole() {
            set(MemoryGate.State.SILENT);
        }

        @Override
        public void dropReplies() {
            set(MemoryGate.State.MUTE);
        }

        @Override
        public void cut() {
            set(MemoryGate.State.REFUSING);
        }

        @Override
        public void halfOpen() {
            heal();
            store.gate(name).halfOpen();
        }

        @Override
        public void delayReplies(Duration replyDelay) {
            set(MemoryGate.State.OPEN, replyDelay);
        }

        @Override
        public void trickleReplies() {
            delayReplies(Duration.ofHours(1));
        }

        @Override
        public void heal() {
            set(MemoryGate.State.OPEN);
        }

        @Override
        public void close() {
            heal();
        }
    }
}
