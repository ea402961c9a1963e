package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Rule.maybe;
import static io.matriarch.engine.decide.Rule.rule;

import io.matriarch.engine.decide.Rule.Move;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.port.LocalState.DataDirectory;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.Upstream;
import io.matriarch.spi.Guard;
import java.util.List;
import java.util.Optional;

/** 4xx: what lies in the data directory, and whether it belongs to this cluster. */
final class DataRules {
    private DataRules() {}

    private static final String NO_INITIALIZE =
            "No initialize key in DCS and PostgreSQL is running as replica, aborting start";

    /** What comes before everything else. */
    static final List<Rule> LOST =
            List.of(
                    rule(
                            400,
                            "a server that lost its data directory must not go on writing",
                            s ->
                                    !s.paused()
                                            && !directory(s, DataDirectory.PRESENT)
                                            && s.mayTakeWrites(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "stopping PostgreSQL because its data directory is gone")
                                            .then(
                                                    new Effect.Fence(
                                                            StopMode.IMMEDIATE,
                                                            SafetyRules.IMMEDIATE_BUDGET))),
                    rule(
                            401,
                            "a leader without its data cannot lead",
                            s -> directory(s, DataDirectory.UNREADABLE) && s.named(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "released leader key voluntarily as data dir not accessible and"
                                                            + " currently leader")
                                            .then(giveUp(s))),
                    rule(
                            402,
                            "nothing can be done without the data directory",
                            s -> directory(s, DataDirectory.UNREADABLE),
                            s ->
                                    Move.say(
                                            s,
                                            "data directory is not accessible: "
                                                    + s.local().problem())));

    static final List<Rule> TABLE =
            List.of(
                    rule(
                            409,
                            "a leader without data cannot lead",
                            s -> directory(s, DataDirectory.EMPTY) && s.named(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "released leader key voluntarily as data dir empty and currently"
                                                            + " leader")
                                            .then(giveUp(s))),
                    rule(
                            411,
                            "maintenance mode starts nothing",
                            s -> directory(s, DataDirectory.EMPTY) && s.paused(),
                            s -> Move.say(s, "running with empty data directory")),
                    rule(
                            413,
                            "nobody has initialised this cluster",
                            s ->
                                    directory(s, DataDirectory.EMPTY)
                                            && s.unlocked()
                                            && s.cluster().initialize().isEmpty()
                                            && s.me().bootstrap().isPresent()
                                            && !s.me().tags().nofailover(),
                            s ->
                                    Move.say(s, "claiming the initialize key")
                                            .then(new Effect.ClaimInitialize())),
                    maybe(
                            415,
                            "there is a leader to clone from",
                            s -> directory(s, DataDirectory.EMPTY) && !s.unlocked() && s.due(),
                            DataRules::cloneFromSomebody),
                    rule(
                            417,
                            "nobody to clone from yet",
                            s -> directory(s, DataDirectory.EMPTY),
                            s -> Move.say(s, "waiting for leader to bootstrap")),
                    rule(
                            421,
                            "a data directory that cannot tell whose it is must not be used",
                            s -> s.local().systemId().isEmpty(),
                            s ->
                                    Move.say(
                                            s,
                                            "data dir for the cluster is not empty, but system ID is invalid;"
                                                    + " consider doing reinitialize")),
                    rule(
                            423,
                            "a foreign data directory does not lead, also in maintenance mode",
                            s -> foreign(s) && s.paused() && s.leading(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "released leader key voluntarily due to the system ID mismatch")
                                            .then(new Effect.Release(Optional.empty()))),
                    rule(
                            424,
                            "a foreign data directory is left alone in maintenance mode",
                            s -> foreign(s) && s.paused(),
                            s ->
                                    Move.say(
                                            s,
                                            "system ID has changed while in paused mode. Patroni will exit when"
                                                    + " resuming unless system ID is reset: "
                                                    + ids(s))),
                    rule(
                            425,
                            "a foreign data directory never joins, and takes no writes of this cluster's clients",
                            DataRules::foreign,
                            DataRules::stayOut),
                    rule(
                            427,
                            "a running standby of an unknown cluster must not be promoted",
                            s ->
                                    unknownCluster(s)
                                            && !s.memory().ledOrFollowed()
                                            && s.running()
                                            && !s.primary(),
                            s ->
                                    Move.say(s, NO_INITIALIZE)
                                            .then(
                                                    new Effect.Exit(
                                                            1,
                                                            NO_INITIALIZE
                                                                    + ". Please first start Patroni on the node"
                                                                    + " running as primary"))),
                    rule(
                            429,
                            "existing data makes the cluster known",
                            DataRules::unknownCluster,
                            s ->
                                    Move.say(
                                                    s,
                                                    "writing the system identifier of the existing data directory")
                                            .then(
                                                    new Effect.WriteInitialize(
                                                            s.local().systemId().get(),
                                                            Guard.absent()))),
                    rule(
                            430,
                            "somebody bootstraps",
                            s ->
                                    s.unlocked()
                                            && !s.paused()
                                            && s.cluster()
                                                    .initialize()
                                                    .filter(String::isEmpty)
                                                    .isPresent(),
                            s -> Move.say(s, "waiting for leader to bootstrap")),
                    rule(
                            431,
                            "the leader sees to it that the cluster is known",
                            s -> s.leading() && s.cluster().systemId().isEmpty(),
                            s ->
                                    Move.say(s, "writing the system identifier")
                                            .then(
                                                    new Effect.WriteInitialize(
                                                            s.local().systemId().get(),
                                                            Guard.any()))),
                    rule(
                            433,
                            "the leader sees to it that the configuration is known",
                            s ->
                                    s.leading()
                                            && s.cluster().configVersion().isEmpty()
                                            && s.me().bootstrap().isPresent(),
                            s ->
                                    Move.say(s, "writing the dynamic configuration")
                                            .then(
                                                    new Effect.WriteConfig(
                                                            s.me().bootstrap().get()))),
                    rule(
                            435,
                            "the record carries my name: prove it",
                            s ->
                                    s.named()
                                            && !s.leading()
                                            && s.lease().state() != LeaseBelief.State.REFUSED
                                            && s.lease().state() != LeaseBelief.State.RELEASING,
                            s ->
                                    Move.say(s, "proving the lease that carries my name")
                                            .then(new Effect.Renew())),
                    rule(
                            437,
                            "a lease that was given up must not be proven again: the release may still arrive",
                            s -> s.named() && s.lease().state() == LeaseBelief.State.RELEASING,
                            s ->
                                    Move.say(
                                            s,
                                            "waiting until the store has released the leader key")));

    /** A record of mine that is not proven is proven first: nothing else prolongs or ends it. */
    private static Effect giveUp(Situation s) {
        return s.leading() ? new Effect.Release(Optional.empty()) : new Effect.Renew();
    }

    private static boolean directory(Situation s, DataDirectory kind) {
        return s.local().dataDirectory() == kind;
    }

    private static boolean foreign(Situation s) {
        return s.cluster().systemId().isPresent()
                && !s.cluster().systemId().equals(s.local().systemId());
    }

    private static boolean unknownCluster(Situation s) {
        return s.unlocked()
                && !s.paused()
                && s.cluster().initialize().filter(i -> !invalid(i)).isEmpty()
                && s.cluster().initialize().filter(String::isEmpty).isEmpty();
    }

    private static boolean invalid(String initialize) {
        return !initialize.matches("[0-9]{10,}");
    }

    private static String ids(Situation s) {
        return s.cluster().systemId().orElse("") + " != " + s.local().systemId().orElse("");
    }

    private static String mismatch(Situation s) {
        return "system ID mismatch, node "
                + s.me().name()
                + " belongs to a different cluster: "
                + ids(s);
    }

    /** Nobody would look after a primary that the daemon leaves behind. */
    private static Move stayOut(Situation s) {
        return s.mayTakeWrites()
                ? Move.say(s, "stopping PostgreSQL: " + mismatch(s))
                        .then(new Effect.Fence(StopMode.FAST, s.lease().stopBudget()))
                : Move.say(s, mismatch(s)).then(new Effect.Exit(1, mismatch(s)));
    }

    private static Optional<Move> cloneFromSomebody(Situation s) {
        Member leader = s.leaderMember().orElseThrow();
        if (leader.connUrl().isEmpty()) {
            return Optional.empty();
        }
        Member source = cloneSource(s, leader);
        boolean fromLeader = source.name().equals(leader.name());
        return Optional.of(
                Move.say(
                                s,
                                "trying to bootstrap from "
                                        + (fromLeader ? "leader" : "replica")
                                        + " '"
                                        + source.name()
                                        + "'")
                        .then(
                                new Effect.Start(
                                        new PostgresAction.Clone(
                                                source,
                                                fromLeader,
                                                new Upstream(
                                                        leader.name(), leader.connUrl().get())))));
    }

    /**
     * A running member tagged clonefrom, else the leader. Of several the choice falls by time, so
     * that a source that does not work is not chosen for ever.
     */
    static Member cloneSource(Situation s, Member leader) {
        List<Member> tagged =
                s.cluster().members().values().stream()
                        .filter(
                                m ->
                                        m.tags().clonefrom()
                                                && m.isRunning()
                                                && m.connUrl().isPresent())
                        .filter(
                                m ->
                                        !m.name().equals(s.me().name())
                                                && !m.name().equals(leader.name()))
                        .toList();
        return tagged.isEmpty()
                ? leader
                : tagged.get(Math.floorMod(s.now() / 1_000_000_000L, tagged.size()));
    }
}
