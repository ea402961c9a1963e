package io.matriarch.dcs.raft;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import io.matriarch.dcs.raft.machine.Command;
import io.matriarch.dcs.raft.machine.Reply;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** What the kit can do to members of the store. */
final class RaftControl implements StoreControl {
    private static final List<Integer> MOST = List.of(0, 1);

    private final RaftCluster cluster;
    private final Map<String, String> settings;
    private final BooleanSupplier well;

    /**
     * @param well whether all members are well, so that something may be done to all of them
     */
    RaftControl(RaftCluster cluster, Map<String, String> settings, BooleanSupplier well) {
        this.cluster = cluster;
        this.settings = settings;
        this.well = well;
    }

    @Override
    public Set<Ability> abilities() {
        // There is no history that could be forgotten before a listener asks for it.
        Set<Ability> abilities = EnumSet.complementOf(EnumSet.of(Ability.FORGET_HISTORY));
        if (!settings.containsKey("password")) {
            abilities.remove(Ability.BAD_CREDENTIALS);
        }
        if (!well.getAsBoolean()) {
            abilities.removeAll(Set.of(Ability.STOP, Ability.FREEZE, Ability.QUORUM));
        }
        return abilities;
    }

    private void each(IntConsumer action) {
        IntStream.range(0, cluster.size()).forEach(action);
    }

    @Override
    public void stop() {
        each(cluster::kill);
    }

    @Override
    public void start() {
        each(cluster::restart);
        cluster.awaitServing();
    }

    @Override
    public void freeze() {
        each(cluster::freeze);
    }

    @Override
    public void thaw() {
        each(cluster::thaw);
        cluster.awaitServing();
    }

    @Override
    public void loseQuorum() {
        MOST.forEach(cluster::kill);
    }

    @Override
    public void regainQuorum() {
        MOST.forEach(cluster::restart);
        cluster.awaitServing();
    }

    @Override
    public Link link() {
        return Link.through(new RaftProvider(), cluster.section()).orElseThrow();
    }

    @Override
    public void endSession(String session) {
        run(new Command.EndSession(Long.parseLong(session, 16)));
    }

    @Override
    public int countSessions() {
        return ((Reply.Count) run(new Command.CountSessions())).number();
    }

    @Override
    public void plant(Scope scope, String key, String text) {
        run(new Command.Put(scope.path(), key, Optional.of(text), new Command.Condition.Always()));
    }

    private Reply run(Command command) {
        try (var session = cluster.new Session()) {
            return session.log.write(command, "the kit's command", RaftCluster.within(5)).reply();
        }
    }

    @Override
    public Section badCredentials() {
        return RaftCluster.section(cluster.addresses(), Map.of("password", "another password"));
    }
}
