package io.matriarch.conformance.live;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.matriarch.conformance.report.TestVerdict;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the whole kit on a store that lives, and tells people on the way. Called by name, from
 * outside the kit's class loader; one run at a time.
 */
public final class LiveRun {
    /** No rule failed, and at least one passed. */
    public static final int SOUND = 0;

    /** Nothing was tested. */
    public static final int NOT_RUN = 1;

    /** At least one rule failed. */
    public static final int FAILED = 3;

    /** How long a store that is there may take to say so. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private LiveRun() {}

    /**
     * @param provider as it is to be called
     * @param pluginClass the plug-in's own class, for the report
     * @param options {@code namespace}, {@code ttl} (seconds), {@code rules} (ids separated by
     *     commas), {@code replay} (a command's beginning); those that are missing have defaults
     * @param output where people read
     * @return one of the exit codes above
     * @throws DcsException.Misconfigured if a setting of the section is unusable
     */
    public static int run(
            DcsProvider provider,
            Class<?> pluginClass,
            Section section,
            Map<String, String> options,
            PrintStream output) {
        String namespace = options.getOrDefault("namespace", "/conformance");
        Duration ttl;
        try {
            ttl = ttl(provider, section, namespace, options);
        } catch (DcsException.NotApplied | DcsException.OutcomeUnknown e) {
            output.println(
                    "matriarch: the store of section "
                            + section.name()
                            + " does not answer ("
                            + e.getMessage()
                            + "); nothing was tested; check its addresses, and that it runs");
            return NOT_RUN;
        }
        LiveStore store =
                new LiveStore(
                        provider,
                        pluginClass,
                        section,
                        LiveControl.of(provider, section),
                        ttl,
                        namespace,
                        options.getOrDefault("replay", ""));
        output.println(store.introduction());
        LiveConformance.of(store);
        Progress progress = new Progress(output);
        LauncherFactory.create().execute(request(rules(options)), progress);
        return progress.conclude();
    }

    /** None if all are wanted. */
    private static Set<String> rules(Map<String, String> options) {
        return Arrays.stream(options.getOrDefault("rules", "").split(","))
                .map(rule -> rule.trim().toUpperCase(Locale.ROOT))
                .filter(rule -> !rule.isEmpty())
                .collect(Collectors.toSet());
    }

    /** The wanted one, or else the shortest that is long enough, once the store has answered. */
    private static Duration ttl(
            DcsProvider provider, Section section, String namespace, Map<String, String> options) {
        Scope scope = new Scope(namespace, UUID.randomUUID().toString());
        DcsConfig reader =
                new DcsConfig(
                        scope, Optional.empty(), section, DcsSettings.defaults(), Ticker.system());
        try (Dcs dcs = provider.open(reader, hint -> {})) {
            dcs.read(scope, Deadline.after(Ticker.system(), PATIENCE));
            Duration least = dcs.traits().smallestTtl();
            return Optional.ofNullable(options.get("ttl"))
                    .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                    .orElse(least.compareTo(LiveStore.USUAL_TTL) > 0 ? least : LiveStore.USUAL_TTL);
        }
    }

    private static LauncherDiscoveryRequest request(Set<String> rules) {
        PostDiscoveryFilter wanted =
                test ->
                        FilterResult.includedIf(
                                rules.isEmpty()
                                        || !test.isTest()
                                        || rules.contains(
                                                TestVerdict.ruleOf(test.getDisplayName())));
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(LiveConformance.class))
                .filters(EngineFilter.includeEngines("junit-jupiter"), wanted)
                // A test that hangs fails by its name.
                .configurationParameter(
                        "junit.jupiter.execution.timeout.testable.method.default", "20 m")
                .build();
    }
}
