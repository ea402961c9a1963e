package io.matriarch.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterStoreTest {
    private final List<String> calls = new ArrayList<>();
    private final ClusterStore store =
            new ClusterStore(
                    backend(),
                    new Scope("/service/", "demo"),
                    () -> 1000,
                    () -> Duration.ofNanos(7));

    /** Answers every call with success and writes down what it was asked. */
    private Dcs backend() {
        return (Dcs)
                Proxy.newProxyInstance(
                        Dcs.class.getClassLoader(),
                        new Class<?>[] {Dcs.class},
                        (proxy, method, arguments) -> {
                            Deadline deadline = (Deadline) arguments[arguments.length - 1];
                            assertThat(deadline.at()).isEqualTo(1007);
                            switch (method.getName()) {
                                case "read":
                                    calls.add("read " + ((Scope) arguments[0]).path());
                                    return Snapshot.empty(1);
                                case "write":
                                    Value value =
                                            (Value) ((Optional<?>) arguments[1]).orElseThrow();
                                    calls.add(
                                            ((EntryKind) arguments[0]).key()
                                                    + " "
                                                    + value.text()
                                                    + " "
                                                    + arguments[2]);
                                    return Outcome.applied(new Version("1"));
                                default:
                                    calls.add(method.getName());
                                    return Outcome.done();
                            }
                        });
    }

    @Test
    void everyCallCarriesTheBudgetAndTheGuard() {
        FailoverRequest request = FailoverRequest.of(Optional.of("a"), Optional.empty());
        assertThat(store.read().members()).isEmpty();
        assertThat(store.failover(request, Guard.any()).isApplied()).isTrue();
        assertThat(store.clearFailover(Guard.absent()).isApplied()).isTrue();
        assertThat(store.config(Map.of("ttl", 30), Guard.any()).isApplied()).isTrue();
        assertThat(store.purge().isApplied()).isTrue();
        assertThat(calls)
                .containsExactly(
                        "read /service/demo",
                        "failover {\"leader\":\"a\"} ANY",
                        "failover {} ABSENT",
                        "config {\"ttl\":30} ANY",
                        "purge");
    }
}
