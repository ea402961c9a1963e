package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Rule.rule;

import io.matriarch.engine.decide.Rule.Move;
import java.util.List;

/** 35x: the store does not answer. Below these every rule may rely on a view. */
final class StoreRules {
    private StoreRules() {}

    static final List<Rule> TABLE =
            List.of(
                    rule(
                            351,
                            "the store does not answer, but the lease holds",
                            s -> s.view().isEmpty() && s.primary() && s.leading(),
                            s ->
                                    Move.say(
                                            s,
                                            "DCS is not accessible; writes are taken for "
                                                    + (s.lease().stopAt() - s.now())
                                                            / 1_000_000_000L
                                                    + " more seconds")),
                    rule(
                            353,
                            "the store does not answer",
                            s -> s.view().isEmpty(),
                            s -> Move.say(s, "DCS is not accessible")));
}
