package io.matriarch.engine.simulation;

import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.port.PeerPort;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.StoreAnswer;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** A cluster whose members do only what a test tells them: shows models and checks at work. */
final class Script {
    private final World world;
    private final Cluster cluster;
    private final Map<String, Puppet> puppets = new HashMap<>();
    private boolean pause;

    Script(long seed, String... names) {
        world = new World(seed, 200);
        cluster =
                new Cluster(
                        world,
                        (options, scheduler, store, postgres, peers) -> {
                            Puppet puppet = new Puppet(store, postgres, peers);
                            puppets.put(options.options(Map.of()).name(), puppet);
                            return puppet;
                        },
                        Cluster.Wrapping.NONE,
                        10_000,
                        false);
        Checks.install(cluster);
        for (String name : names) {
            cluster.add(name, io.matriarch.engine.model.Tags.NONE, Map.of()).startDaemon();
        }
        pass(60);
    }

    /** What became of the actions of a puppet, in order. */
    private final class Puppet implements ManagedMember, PostgresPort.ActionListener {
        private final StorePort store;
        private final PostgresPort postgres;
        private final PeerPort peers;
        private final List<Object> heard = new ArrayList<>();

        private Puppet(StorePort store, PostgresPort postgres, PeerPort peers) {
            this.store = store;
            this.postgres = postgres;
            this.peers = peers;
        }

        @Override
        public void start() {
            // Waits for the test.
        }

        @Override
        public CompletionStage<?> ended() {
            return new CompletableFuture<>();
        }

        @Override
        public Optional<MemberControl> control() {
            return Optional.empty();
        }

        @Override
        public boolean seesPause() {
            return pause;
        }

        @Override
        public void storeChanged(Set<EntryKind> hint) {
            heard.add(hint);
        }

        @Override
        public void postgresChanged(String why) {
            heard.add(why);
        }

        @Override
        public void progress(ActionProgress progress) {
            heard.add(progress);
        }

        @Override
        public void finished(ActionResult result) {
            heard.add(result);
        }
    }

    World world() {
        return world;
    }

    Cluster cluster() {
        return cluster;
    }

    Node node(String name) {
        return cluster.find(name).orElseThrow();
    }

    Server server(String name) {
        return node(name).server();
    }

    PostgresPort postgres(String name) {
        return puppets.get(name).postgres;
    }

    PeerPort peers(String name) {
        return puppets.get(name).peers;
    }

    List<Object> heard(String name) {
        return puppets.get(name).heard;
    }

    void pass(double seconds) {
        world.runFor(Duration.ofMillis((long) (seconds * 1000)));
    }

    PostgresPort.Running begin(String name, PostgresAction action) {
        Puppet puppet = puppets.get(name);
        return puppet.postgres.start(action, puppet);
    }

    /** Starts the action and lets it end. */
    void act(String name, PostgresAction action) {
        begin(name, action);
        pass(12);
    }

    /** The answer, if it came within 11 s. */
    <T> Optional<StoreAnswer<T>> ask(String name, BiFunction<Dcs, Deadline, T> call) {
        List<StoreAnswer<T>> answers = new ArrayList<>();
        puppets.get(name)
                .store
                .submit(StorePort.Lane.LEASE, Duration.ofSeconds(10), call, answers::add);
        world.runUntil(() -> !answers.isEmpty(), Duration.ofSeconds(11));
        return answers.stream().findFirst();
    }

    void acquire(String name) {
        ask(name, (dcs, deadline) -> dcs.acquire(dcs.read(StoreService.SCOPE, deadline), deadline));
    }

    void renew(String name) {
        ask(
                name,
                (dcs, deadline) ->
                        dcs.renew(
                                dcs.read(StoreService.SCOPE, deadline),
                                io.matriarch.spi.LeaderUpdate.NONE,
                                deadline));
    }

    /** Gives it a running primary with a lease, by the rules. */
    void makePrimary(String name) {
        ask(
                name,
                (dcs, deadline) ->
                        dcs.write(
                                EntryKind.INITIALIZE,
                                Optional.of(io.matriarch.spi.Value.of("")),
                                io.matriarch.spi.Guard.absent(),
                                deadline));
        act(name, new PostgresAction.Bootstrap());
        cluster.store().put(EntryKind.INITIALIZE, server(name).systemId().orElseThrow());
        acquire(name);
    }

    /** Gives it a standby of the other. */
    void makeStandby(String name, String of) {
        act(
                name,
                new PostgresAction.Clone(
                        io.matriarch.engine.model.Member.named(of), true, upstream(of)));
    }

    static io.matriarch.engine.port.Upstream upstream(String of) {
        return new io.matriarch.engine.port.Upstream(of, "postgres://" + of + ":5432/postgres");
    }

    void setPause(boolean on) {
        pause = on;
        cluster.store().put(EntryKind.CONFIG, Timing.COMMON.get(0).json(on));
    }
}
