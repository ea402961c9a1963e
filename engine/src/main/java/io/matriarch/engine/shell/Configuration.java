package io.matriarch.engine.shell;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.DynamicConfig;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.port.MemberOptions;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings in force. A document that cannot be used as a whole is not used at all: the last
 * good one stays. A missing one changes nothing, so that a wiped store does not end maintenance
 * mode.
 */
final class Configuration {
    private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

    /** Whether the store backend works with the timing in force. */
    private enum Timing {
        TAKEN,
        BEING_TOLD,
        NOT_TAKEN
    }

    private final MemberOptions.Source source;
    private final StorePort store;
    private final Consumer<Duration> ttlChanges;
    private Settings settings;
    private MemberOptions options;
    private Map<String, Object> tried = Map.of();
    private Timing timing = Timing.TAKEN;

    Configuration(MemberOptions.Source source, StorePort store, Consumer<Duration> ttlChanges) {
        this.source = source;
        this.store = store;
        this.ttlChanges = ttlChanges;
        this.options = source.options(Map.of());
        this.settings = DynamicConfig.settings(options.bootstrap().orElse(Map.of())).settings();
    }

    Settings settings() {
        return settings;
    }

    MemberOptions options() {
        return options;
    }

    void reload() {
        options = source.options(settings.document());
    }

    void see(Map<String, Object> document) {
        if (document.equals(tried)) {
            if (timing == Timing.NOT_TAKEN) {
                reconfigureStore();
            }
            return;
        }
        tried = document;
        try {
            DynamicConfig.Adjusted adjusted = DynamicConfig.settings(document);
            MemberOptions next = source.options(document);
            adjusted.warnings().forEach(LOG::warn);
            apply(adjusted.settings());
            options = next;
        } catch (ConfigException e) {
            LOG.error(
                    "Exception when setting dynamic_configuration: {}; the last good one stays in force",
                    e.getMessage());
        }
    }

    private void apply(Settings next) {
        boolean changes =
                !Objects.equals(next.ttl(), settings.ttl())
                        || !Objects.equals(next.loopWait(), settings.loopWait())
                        || !Objects.equals(next.retryTimeout(), settings.retryTimeout());
        settings = next;
        if (changes) {
            ttlChanges.accept(next.ttl());
            reconfigureStore();
        }
    }

    private void reconfigureStore() {
        DcsSettings next =
                new DcsSettings(settings.ttl(), settings.loopWait(), settings.retryTimeout());
        timing = Timing.BEING_TOLD;
        store.submit(
                StorePort.Lane.LEASE,
                settings.retryTimeout(),
                (dcs, deadline) -> {
                    dcs.reconfigure(next);
                    return Outcome.Done.DONE;
                },
                answer -> {
                    timing = answer.answer().isPresent() ? Timing.TAKEN : Timing.NOT_TAKEN;
                    if (timing == Timing.NOT_TAKEN) {
                        LOG.warn(
                                "the store did not take the new timing, it is told again: {}",
                                answer);
                    }
                });
    }
}
