package io.matriarch.conformance.containers;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One server of a store in a container of its own, for the tests of one class: a static field of it
 * with {@link org.junit.jupiter.api.extension.RegisterExtension}. It is started before the first
 * test and removed with its data after the last one. Without an image or an engine the class is
 * skipped with the reason.
 *
 * <p>Its {@link #control} can stop and freeze the server, and spoil links as far as {@link
 * DcsProvider#rerouted} lets it. Used by one thread at a time.
 */
public final class StoreContainer
        implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration QUESTION = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 100;

    private final StoreImage image;
    private final DcsProvider provider;
    private final Function<String, Section> section;
    private Optional<Engine> running = Optional.empty();

    /**
     * @param provider the plug-in, which is asked whether the store answers
     * @param section makes the section of a client from {@code ADDRESS:PORT} of the server
     */
    public StoreContainer(
            StoreImage image, DcsProvider provider, Function<String, Section> section) {
        this.image = image;
        this.provider = provider;
        this.section = section;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        // Asked for the class first, and then for each test of it.
        return running.isPresent()
                ? ConditionEvaluationResult.enabled("the container is running")
                : Engine.obstacle(image)
                        .map(ConditionEvaluationResult::disabled)
                        .orElseGet(() -> ConditionEvaluationResult.enabled("it can be run"));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running = Optional.of(Engine.run(image));
        awaitAnswer();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        running.ifPresent(Engine::remove);
        running = Optional.empty();
    }

    /**
     * @throws IllegalStateException outside the tests of the class
     */
    private Engine engine() {
        return running.orElseThrow(() -> new IllegalStateException("the container is not running"));
    }

    public DcsProvider provider() {
        return provider;
    }

    /** A section that reaches the server. */
    public Section section() {
        return section.apply(engine().place().reached());
    }

    /** What the kit can do to the server, to begin with. */
    public StoreControl control() {
        Optional<Link> trial = Link.through(provider, section());
        trial.ifPresent(Link::close);
        return new ContainerControl(this, trial.isPresent());
    }

    void stop() {
        engine().kill();
    }

    void start() {
        engine().start();
        awaitAnswer();
    }

    void freeze() {
        engine().pause();
    }

    void thaw() {
        engine().unpause();
        awaitAnswer();
    }

    private void awaitAnswer() {
        Ticker ticker = Ticker.system();
        Scope scope = new Scope("/conformance", UUID.randomUUID().toString());
        DcsConfig reader =
                new DcsConfig(scope, Optional.empty(), section(), DcsSettings.defaults(), ticker);
        Deadline end = Deadline.after(ticker, PATIENCE);
        try (Dcs dcs = provider.open(reader, hint -> {})) {
            while (!answers(dcs, scope, Deadline.after(ticker, QUESTION))) {
                if (end.passed()) {
                    throw new IllegalStateException(
                            "the store in the container does not answer; it said:\n"
                                    + engine().logs());
                }
                // A process in a container tells nobody that it is ready.
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the store started", e);
        }
    }

    private static boolean answers(Dcs dcs, Scope scope, Deadline deadline) {
        try {
            dcs.read(scope, deadline);
            return true;
        } catch (DcsException.NotApplied | DcsException.OutcomeUnknown e) {
            return false; // not yet
        }
    }
}
