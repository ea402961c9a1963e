package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Rule.rule;

import io.matriarch.engine.decide.Memory.Handover;
import io.matriarch.engine.decide.Rule.Move;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionProgress.ShutDownCleanly;
import io.matriarch.engine.port.PostgresAction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** 2xx: an action is in flight. */
final class ActionRules {
    private ActionRules() {}

    private static final Duration SOON = Duration.ofMillis(50);

    static final List<Rule> TABLE =
            List.of(
                    rule(
                            201,
                            "the lease was lost before the promotion",
                            s -> promotionCanBeStopped(s) && !s.leading(),
                            s ->
                                    Move.say(s, "lost leader before promote")
                                            .then(new Effect.CancelAction())),
                    rule(
                            203,
                            "the operator's word is stronger than the action in flight",
                            ActionRules::mustYield,
                            s ->
                                    Move.say(s, title(s) + " is cancelled")
                                            .then(new Effect.CancelAction())),
                    rule(
                            205,
                            "PostgreSQL has shut down cleanly and still archives: hand over as soon as somebody has"
                                    + " everything",
                            ActionRules::cleanButAlive,
                            ActionRules::handOverEarly),
                    rule(
                            207,
                            "the lease is kept while the action runs",
                            s -> s.action().isPresent() && s.leading(),
                            s -> Move.say(s, "updated leader lock during " + title(s))),
                    rule(
                            209,
                            "an action is in flight",
                            s -> s.action().isPresent(),
                            s -> Move.say(s, title(s) + " in progress")));

    private static String title(Situation s) {
        return s.action().map(a -> a.action().title()).orElse("");
    }

    private static boolean promotionCanBeStopped(Situation s) {
        return s.promoting()
                && s.action().filter(a -> a.progress().isEmpty() && !a.cancelled()).isPresent();
    }

    private static boolean mustYield(Situation s) {
        boolean stopping =
                s.action().filter(a -> a.action() instanceof PostgresAction.Stop).isPresent();
        boolean promoted = s.promoting() && !promotionCanBeStopped(s);
        boolean asked =
                s.ordered(Order.Shutdown.class)
                        || s.order()
                                .filter(o -> o instanceof Order.Reinitialize r && r.force())
                                .isPresent();
        return asked
                && s.action().filter(a -> !a.cancelled()).isPresent()
                && !stopping
                && !promoted;
    }

    private static Optional<ShutDownCleanly> clean(Situation s) {
        return s.action()
                .flatMap(RunningAction::progress)
                .filter((ActionProgress p) -> p instanceof ShutDownCleanly)
                .map(p -> (ShutDownCleanly) p);
    }

    private static boolean cleanButAlive(Situation s) {
        return clean(s).isPresent()
                && s.leading()
                && s.view().isPresent()
                && s.memory().handover().filter(h -> !h.released()).isPresent();
    }

    private static Move handOverEarly(Situation s) {
        Lsn position = clean(s).orElseThrow().previous();
        Handover handover = s.memory().handover().orElseThrow();
        Move move = Move.say(s, "updated leader lock during " + title(s)).lookAgainAfter(SOON);
        Race.Verdict verdict = new Race(s).possible(Optional.of(position), Optional.empty());
        if (verdict instanceof Race.Verdict.Yes) {
            return move.then(new Effect.Release(Optional.of(position)))
                    .remembering(
                            s.memory().withHandover(Optional.of(handover.at(position).done())));
        }
        if (verdict instanceof Race.Verdict.Ask ask && !ask.members().isEmpty()) {
            return move.then(new Effect.Probe(ask.members()));
        }
        return move;
    }
}
