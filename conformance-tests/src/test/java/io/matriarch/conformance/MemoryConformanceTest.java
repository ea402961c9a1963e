package io.matriarch.conformance;

import io.matriarch.conformance.memory.MemoryDcsProvider;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** The whole kit on the reference store, with clocks as short as a loaded machine honours. */
@Tag("slow")
class MemoryConformanceTest extends DcsConformance {
    private final ScheduledExecutorService alarms =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "memory-store");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final MemoryStore store = MemoryStore.onRealClock(alarms);

    final MemoryStore store() {
        return store;
    }

    @Override
    protected DcsProvider provider() {
        return new MemoryDcsProvider(store);
    }

    @Override
    protected Section section() {
        return MemoryControl.section();
    }

    @Override
    protected StoreControl control() {
        return new MemoryControl(store);
    }

    @Override
    protected Duration ttl() {
        return Duration.ofMillis(600);
    }

    @Override
    protected Duration slack() {
        return Duration.ofMillis(400);
    }

    @Override
    protected Duration shortTimeout() {
        return Duration.ofMillis(50);
    }

    /** In virtual time there are thousands of them. */
    @Override
    protected int historyCount() {
        return 10;
    }

    @AfterEach
    void stopAlarms() {
        alarms.shutdownNow();
    }
}
