package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Rule.rule;

import io.matriarch.engine.decide.Memory.Handover;
import io.matriarch.engine.decide.Rule.Move;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import java.util.List;
import java.util.Optional;

/** 30x: the daemon was asked to end. */
final class ShutdownRules {
    private ShutdownRules() {}

    static final List<Rule> TABLE =
            List.of(
                    rule(
                            301,
                            "maintenance mode leaves PostgreSQL alone",
                            s -> s.ordered(Order.Shutdown.class) && s.paused(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "Leader key is not deleted and Postgresql is not stopped due"
                                                            + " paused state")
                                            .then(new Effect.Exit(0, ""))),
                    rule(
                            303,
                            "the daemon ends, and PostgreSQL with it",
                            s -> s.ordered(Order.Shutdown.class) && s.local().postmasterAlive(),
                            s ->
                                    Move.say(s, "stopping PostgreSQL because the daemon ends")
                                            .then(
                                                    new Effect.Start(
                                                            new PostgresAction.Stop(
                                                                    StopMode.FAST,
                                                                    s.leading(),
                                                                    Optional.empty(),
                                                                    "shutdown")))
                                            .remembering(
                                                    s.memory()
                                                            .withHandover(
                                                                    Optional.of(
                                                                            Handover.begun(
                                                                                    s.now()))))),
                    rule(
                            305,
                            "PostgreSQL is stopped: hand the lease over",
                            s -> s.ordered(Order.Shutdown.class) && s.leading() && !released(s),
                            s ->
                                    Move.say(s, "released leader key because the daemon ends")
                                            .then(new Effect.Release(Handovers.position(s)))
                                            .remembering(
                                                    s.memory()
                                                            .withHandover(
                                                                    Optional.of(
                                                                            handover(s).done())))),
                    rule(
                            307,
                            "nothing is left to do",
                            s -> s.ordered(Order.Shutdown.class),
                            s -> Move.say(s, "the daemon ends").then(new Effect.Exit(0, ""))));

    private static Handover handover(Situation s) {
        return s.memory().handover().orElseGet(() -> Handover.begun(s.now()));
    }

    private static boolean released(Situation s) {
        return s.memory().handover().filter(Handover::released).isPresent();
    }
}
