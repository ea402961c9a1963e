package io.matriarch.conformance.live;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Optional;

/** The kit on a {@link LiveStore}. */
class LiveConformance extends DcsConformance {
    // The launcher makes the instances, so what is under test cannot be handed to a constructor.
    private static volatile Optional<LiveStore> underTest = Optional.empty();

    private final LiveStore store = underTest.orElseThrow();

    static void of(LiveStore store) {
        underTest = Optional.of(store);
    }

    @Override
    protected DcsProvider provider() {
        return store.provider();
    }

    @Override
    protected Class<?> pluginClass() {
        return store.pluginClass();
    }

    @Override
    protected Section section() {
        return store.section();
    }

    @Override
    protected StoreControl control() {
        return store.control();
    }

    @Override
    protected Duration ttl() {
        return store.ttl();
    }

    @Override
    protected Duration timeout() {
        return store.timeout();
    }

    @Override
    protected String namespace() {
        return store.namespace();
    }

    /** Nobody has told the store of the kit's members. */
    @Override
    protected boolean unknownMembers() {
        return true;
    }

    /** A few: the store has other users. */
    @Override
    protected int historyCount() {
        return 12;
    }

    @Override
    protected String replay(long seed) {
        return store.replay() + " --seed " + seed + " --histories 1";
    }
}
