package io.matriarch.conformance;

import io.matriarch.spi.DcsProvider;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;

/** The kit on a store with a planted fault; run by other tests only, which name the fault. */
@ExtendWith(BrokenStoreKit.Planting.class)
class BrokenStoreKit extends MemoryConformanceTest {
    private static final String FAULT = "conformance.planted";

    private Planted planted = ValidityFault.VALID_FOR_TOO_LONG;

    /** A run of this kit, or of one that extends it, on a store with this fault. */
    static LauncherDiscoveryRequestBuilder with(Planted fault) {
        return LauncherDiscoveryRequestBuilder.request()
                .configurationParameter(FAULT, fault.toString());
    }

    /** The launcher makes the instances, so the fault cannot be handed to a constructor. */
    static final class Planting implements TestInstancePostProcessor {
        @Override
        public void postProcessTestInstance(Object kit, ExtensionContext context) {
            String name = context.getConfigurationParameter(FAULT).orElseThrow();
            ((BrokenStoreKit) kit).planted =
                    Plants.all().filter(fault -> fault.toString().equals(name)).findAny().get();
        }
    }

    /** Twice this is what a store that never recovers is waited for. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(1);
    }

    /** One test waits for as long beside much else. */
    @Override
    protected Duration loopWait() {
        return Duration.ofMillis(500);
    }

    @Override
    protected DcsProvider provider() {
        return new BrokenProvider("broken", planted, store());
    }
}
