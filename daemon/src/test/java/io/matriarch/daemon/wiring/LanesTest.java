package io.matriarch.daemon.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.memory.MemoryDcsProvider;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.engine.port.StoreAnswer;
import io.matriarch.engine.port.StorePort.Lane;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LanesTest {
    private static final Scope SCOPE = new Scope("/service", "demo");
    private final DecisionLane decision = new DecisionLane();
    private final Dcs dcs =
            new MemoryDcsProvider(new MemoryStore(decision))
                    .open(
                            new DcsConfig(
                                    SCOPE,
                                    Optional.empty(),
                                    new Section("memory", Map.of()),
                                    DcsSettings.defaults(),
                                    decision),
                            hint -> {});
    private final StoreLanes lanes = new StoreLanes(dcs, SCOPE, decision);

    @AfterEach
    void close() {
        lanes.close();
        dcs.close();
        decision.close();
    }

    @Test
    void answersArriveOnTheDecisionLane() throws Exception {
        CompletableFuture<String> thread = new CompletableFuture<>();
        lanes.submit(
                Lane.VIEW,
                Duration.ofSeconds(1),
                (store, deadline) -> store.read(SCOPE, deadline),
                answer ->
                        thread.complete(
                                answer.answer().isPresent() + Thread.currentThread().getName()));
        assertThat(thread.get(5, TimeUnit.SECONDS)).isEqualTo("truedecision");
    }

    @Test
    void everyFailureIsAnAnswer() throws Exception {
        assertThat(failure(new DcsException.NotApplied("a")))
                .isEqualTo(new StoreAnswer.Failed<>(StoreAnswer.Kind.NOT_APPLIED, "a"));
        assertThat(failure(new DcsException.OutcomeUnknown("b")))
                .isEqualTo(new StoreAnswer.Failed<>(StoreAnswer.Kind.OUTCOME_UNKNOWN, "b"));
        assertThat(failure(new DcsException.Misconfigured("c")))
                .isEqualTo(new StoreAnswer.Failed<>(StoreAnswer.Kind.MISCONFIGURED, "c"));
        assertThat(failure(new IllegalStateException("d")))
                .isEqualTo(new StoreAnswer.Failed<>(StoreAnswer.Kind.OUTCOME_UNKNOWN, "d"));
    }

    private StoreAnswer<String> failure(RuntimeException thrown) throws Exception {
        CompletableFuture<StoreAnswer<String>> answer = new CompletableFuture<>();
        lanes.<String>submit(
                Lane.LEASE,
                Duration.ofSeconds(1),
                (store, deadline) -> {
                    throw thrown;
                },
                answer::complete);
        return answer.get(5, TimeUnit.SECONDS);
    }

    @Test
    void aStuckCallDelaysNeitherItsAnswerNorTheOtherLane() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        List<String> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<StoreAnswer<Boolean>> first = new CompletableFuture<>();
        CompletableFuture<StoreAnswer<Boolean>> second = new CompletableFuture<>();
        CompletableFuture<StoreAnswer<Boolean>> other = new CompletableFuture<>();
        lanes.submit(
                Lane.VIEW,
                Duration.ofMillis(100),
                (store, deadline) -> {
                    try {
                        return stuck.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return false;
                    }
                },
                answer -> {
                    heard.add("first");
                    first.complete(answer);
                });
        lanes.submit(
                Lane.VIEW,
                Duration.ofMillis(100),
                (store, deadline) -> heard.add("called too late"),
                second::complete);
        lanes.submit(Lane.LEASE, Duration.ofSeconds(1), (store, deadline) -> true, other::complete);
        assertThat(other.get(1, TimeUnit.SECONDS).answer()).contains(true);
        assertThat(first.get(2, TimeUnit.SECONDS).answer()).isEmpty();
        assertThat(second.get(2, TimeUnit.SECONDS).answer()).isEmpty();
        stuck.countDown();
        CompletableFuture<StoreAnswer<Boolean>> third = new CompletableFuture<>();
        lanes.submit(Lane.VIEW, Duration.ofSeconds(2), (store, deadline) -> true, third::complete);
        assertThat(third.get(3, TimeUnit.SECONDS).answer()).contains(true);
        assertThat(heard).containsExactly("first");
    }

    @Test
    void aFailingTaskDoesNotEndTheLane() throws Exception {
        decision.execute(
                () -> {
                    throw new IllegalStateException("a test's own");
                });
        CompletableFuture<Boolean> after = new CompletableFuture<>();
        decision.after(Duration.ofMillis(10), () -> after.complete(true));
        assertThat(after.get(5, TimeUnit.SECONDS)).isTrue();
    }
}
