package io.matriarch.engine.decide;

import io.matriarch.engine.decide.Memory.Divergence;
import io.matriarch.engine.decide.Memory.FailedPromotion;
import io.matriarch.engine.decide.Memory.Initializing;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.PostgresAction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The decision core: a situation in, a decision out. Same input, same output. */
public final class Decider {
    /** A check that could not be made yet is made again after this. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** What failed may work again, but must not be tried in a spin. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    /** A rewind that failed may succeed when its source has changed. */
    private static final Duration REWIND_AGAIN = Duration.ofMinutes(1);

    private Decider() {}

    /** The table, in order; numbers rise, the last row always matches. */
    static final List<Rule> TABLE =
            Stream.of(
                            SafetyRules.TABLE,
                            ActionRules.TABLE,
                            ShutdownRules.TABLE,
                            OrderRules.WITHOUT_STORE,
                            StoreRules.TABLE,
                            OrderRules.REINITIALIZE,
                            DataRules.LOST,
                            BootstrapRules.TABLE,
                            DataRules.TABLE,
                            OrderRules.RESTART,
                            StoppedRules.TABLE,
                            UnlockedRules.TABLE,
                            LockedRules.TABLE)
                    .flatMap(List::stream)
                    .toList();

    /** The first row that matches decides. */
    public static Decision decide(Situation seen) {
        Situation s = seen.withMemory(notice(seen));
        for (Rule rule : TABLE) {
            if (rule.when().test(s)) {
                Optional<Rule.Move> move = rule.then().apply(s);
                if (move.isPresent()) {
                    return decision(s, rule, move.get());
                }
            }
        }
        throw new IllegalStateException("no rule matched; the last row must");
    }

    private static Decision decision(Situation s, Rule rule, Rule.Move move) {
        String prefix = s.paused() ? "PAUSE: " : "";
        return new Decision(
                rule.number(),
                prefix + move.message(),
                move.effects(),
                move.memory(),
                move.nextWake().orElse(s.settings().loopWait()));
    }

    /** What is remembered from looking alone. */
    private static Memory notice(Situation s) {
        Memory memory = s.memory();
        if (memory.initializing() == Initializing.READY) {
            memory = bootstrapped(s, memory);
        }
        memory = memory.withStandingClaim(BootstrapRules.standingClaim(s));
        boolean unproven =
                s.mayTakeWrites()
                        && !s.paused()
                        && s.view().isEmpty()
                        && s.lease().lease().isEmpty()
                        && memory.initializing() == Initializing.NO;
        if (!unproven) {
            memory = memory.withUnprovenSince(OptionalLong.empty());
        } else if (memory.unprovenSince().isEmpty()) {
            memory = memory.withUnprovenSince(OptionalLong.of(s.now()));
        }
        if (s.running() && !s.unlockedOrUnseen()) {
            memory = memory.withLedOrFollowed(true);
        }
        return memory;
    }

    /** An own bootstrap is over when the store knows it; it failed if its server died before. */
    private static Memory bootstrapped(Situation s, Memory memory) {
        boolean known =
                s.leading()
                        && s.view().flatMap(v -> v.systemId()).isPresent()
                        && s.view().flatMap(v -> v.systemId()).equals(s.local().systemId());
        if (known) {
            return memory.withInitializing(Initializing.NO);
        }
        boolean dead = !s.local().postmasterAlive() && s.action().isEmpty() && !s.fencing();
        return dead ? memory.withInitializing(Initializing.FAILED) : memory;
    }

    /**
     * What is remembered from an action that ended.
     *
     * @param seen the situation in which it ended
     */
    public static Memory learn(Situation seen, PostgresAction action, ActionResult result) {
        Memory memory = seen.memory();
        if (action instanceof PostgresAction.Bootstrap) {
            return memory.withInitializing(
                    result.succeeded() ? Initializing.READY : Initializing.FAILED);
        }
        if (action instanceof PostgresAction.Clone
                || action instanceof PostgresAction.Reinitialize) {
            return result.succeeded()
                    ? started(memory).withoutDivergence()
                    : memory.withNotBefore(OptionalLong.of(seen.now() + AFTER_FAILURE.toNanos()));
        }
        if (action instanceof PostgresAction.StartPrimary
                || action instanceof PostgresAction.StartStandby
                || action instanceof PostgresAction.Restart) {
            return result instanceof ActionResult.Failed
                    ? memory.withStartFailed(true)
                            .withNotBefore(OptionalLong.of(seen.now() + AFTER_FAILURE.toNanos()))
                    : result.succeeded() ? started(memory) : memory;
        }
        if (action instanceof PostgresAction.Promote) {
            return promoted(seen, result);
        }
        if (action instanceof PostgresAction.CrashRecovery) {
            return memory.withCrashRecoveryTried(true);
        }
        return diverged(seen, action, result);
    }

    private static Memory started(Memory memory) {
        return memory.withStartFailed(false).withCrashRecoveryTried(false).withLedOrFollowed(true);
    }

    /**
     * A promotion that failed may still have begun a timeline: what was known of others is void.
     */
    private static Memory promoted(Situation seen, ActionResult result) {
        Memory memory = seen.memory();
        if (result instanceof ActionResult.PrePromoteFailed) {
            return memory.withFailedPromotion(new FailedPromotion(seen.now(), true));
        }
        Memory unsure = memory.withoutDivergence();
        if (result instanceof ActionResult.Failed) {
            return unsure.withFailedPromotion(new FailedPromotion(seen.now(), false));
        }
        return result.succeeded() ? unsure.withHandover(Optional.empty()) : unsure;
    }

    private static Memory diverged(Situation seen, PostgresAction action, ActionResult result) {
        Memory memory = seen.memory();
        String key = LockedRules.divergenceKey(seen);
        if (result instanceof ActionResult.NotYet) {
            return memory.withNotBefore(OptionalLong.of(seen.now() + RETRY.toNanos()));
        }
        if (result instanceof ActionResult.Divergence verdict) {
            return memory.withDivergence(
                    verdict.rewindNeeded() ? Divergence.YES : Divergence.NO, key, seen.now());
        }
        if (action instanceof PostgresAction.Rewind) {
            if (result.succeeded()) {
                return memory.withDivergence(Divergence.NO, key, seen.now());
            }
            return result instanceof ActionResult.Failed
                    ? memory.withDivergence(Divergence.REWIND_FAILED, key, seen.now())
                            .withNotBefore(OptionalLong.of(seen.now() + REWIND_AGAIN.toNanos()))
                    : memory;
        }
        return memory;
    }
}
