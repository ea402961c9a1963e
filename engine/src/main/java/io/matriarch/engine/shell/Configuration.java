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

    private final MemberOptions.Source source;
    private final StorePort store;
    private final Consumer<Duration> ttlChanges;
    private Settings settings;
    private MemberOptions options;
    private Map<String, Object> tried = Map.of();

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
        boolean timing =
                !Objects.equals(next.ttl(), settings.ttl())
                        || !Objects.equals(next.loopWait(), settings.loopWait())
                        || !Objects.equals(next.retryTimeout(), settings.retryTimeout());
        settings = next;
        if (timing) {
            ttlChanges.accept(next.ttl());
            reconfigureStore();
        }
    }

    private void reconfigureStore() {
        DcsSettings timing =
                new DcsSettings(settings.ttl(), settings.loopWait(), settings.retryTimeout());
        store.submit(
                StorePort.Lane.LEASE,
                settings.retryTimeout(),
                (dcs, deadline) -> {
                    dcs.reconfigure(timing);
                    return Outcome.Done.DONE;
                },
                answer -> {
                    if (answer.answer().isEmpty()) {
                        LOG.warn("the store did not take the new timing: {}", answer);
                    }
                });
    }
}
