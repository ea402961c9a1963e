package io.matriarch.engine.decide;

import io.matriarch.engine.decide.Memory.Handover;
import io.matriarch.engine.decide.Rule.Move;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresStatus;
import io.matriarch.engine.port.StopMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What the lease holder does about a request in the failover key. */
final class SwitchoverRule {
    private static final Duration ASKING = Duration.ofMillis(100);

    /**
     * A standby reconnects within seconds of a restart of its primary
     * (wal_retrieve_retry_interval).
     */
    private static final Duration STREAM_PATIENCE = Duration.ofSeconds(12);

    private final Situation s;
    private final FailoverRequest request;
    private final String action;

    SwitchoverRule(Situation situation) {
        this.s = situation;
        this.request = situation.cluster().failover().orElseThrow();
        this.action = request.action();
    }

    /** Empty if nothing is due. */
    Optional<Move> move() {
        if (request.isScheduled()) {
            Optional<Optional<Move>> waiting = notDue();
            if (waiting.isPresent()) {
                return waiting.get();
            }
        }
        Optional<String> objection = objection();
        return Optional.of(objection.isPresent() ? clear(objection.get()) : demote());
    }

    /** Empty = due now; else what to do while it is not (nothing, or clearing a stale one). */
    private Optional<Optional<Move>> notDue() {
        if (request.unusableSchedule().isPresent()) {
            return Optional.of(
                    Optional.of(
                            clear(
                                    "Incorrect value of scheduled_at: "
                                            + request.unusableSchedule().get())));
        }
        if (s.paused()) {
            return Optional.of(Optional.empty());
        }
        Duration left = Duration.between(s.wall(), request.scheduledAt().orElseThrow().toInstant());
        long staleSeconds = s.settings().loopWait().toSeconds() * 3 / 2;
        if (left.getSeconds() < -staleSeconds) {
            return Optional.of(
                    Optional.of(
                            clear(
                                    "Found a stale scheduled_at value, cleaning up: "
                                            + request.scheduledAt().get())));
        }
        if (left.isNegative() || left.isZero()) {
            return Optional.empty();
        }
        Move waiting =
                Move.say(
                                s,
                                "Awaiting "
                                        + action
                                        + " at "
                                        + request.scheduledAt().get()
                                        + " (in "
                                        + left.getSeconds()
                                        + " seconds)")
                        .lookAgainAfter(
                                left.compareTo(s.settings().loopWait()) < 0
                                        ? left
                                        : s.settings().loopWait());
        return Optional.of(Optional.of(waiting));
    }

    private Optional<String> objection() {
        String me = s.me().name();
        String bare = action.replace("manual ", "");
        if (request.leader().filter(leader -> !leader.equals(me)).isPresent()) {
            return Optional.of(
                    action
                            + ": leader name does not match: "
                            + request.leader().get()
                            + " != "
                            + me);
        }
        if (request.candidate().filter(me::equals).isPresent()) {
            return Optional.of(action + ": I am already the leader, no need to " + bare);
        }
        if (request.candidate().isEmpty() && s.paused()) {
            return Optional.of(
                    capitalised(action)
                            + " is possible only to a specific candidate in a paused state");
        }
        return Optional.empty();
    }

    private Move demote() {
        Race.Verdict verdict = new Race(s).possible(Optional.empty(), Optional.empty());
        if (verdict instanceof Race.Verdict.Ask ask) {
            Move asking = Move.say(s, action + ": asking the candidates").lookAgainAfter(ASKING);
            return ask.members().isEmpty() ? asking : asking.then(new Effect.Probe(ask.members()));
        }
        if (verdict instanceof Race.Verdict.No no) {
            return clear(
                    action
                            + ": no healthy members found, "
                            + action.replace("manual ", "")
                            + " is not possible ("
                            + no.reason()
                            + ")");
        }
        if (!candidateStreams()) {
            return awaitStream();
        }
        return Move.say(s, action + ": demoting myself")
                .then(
                        new Effect.Start(
                                new PostgresAction.Stop(
                                        StopMode.FAST,
                                        true,
                                        Optional.empty(),
                                        action + ": demote")))
                .remembering(
                        s.memory()
                                .withStreamAwaitedSince(OptionalLong.empty())
                                .withHandover(Optional.of(Handover.begun(s.now()))));
    }

    /**
     * A standby that does not stream at the moment of the shutdown misses its end: what was
     * acknowledged last would be lost. An operator's manual failover accepts that.
     */
    private boolean candidateStreams() {
        if (request.leader().isEmpty()) {
            return true;
        }
        return s.local().status().map(PostgresStatus::senders).orElse(List.of()).stream()
                .filter(sender -> "streaming".equals(sender.get("state")))
                .map(sender -> String.valueOf(sender.get("application_name")))
                .anyMatch(
                        name ->
                                request.candidate()
                                        .map(name::equals)
                                        .orElse(s.cluster().members().containsKey(name)));
    }

    private Move awaitStream() {
        long since = s.memory().streamAwaitedSince().orElse(s.now());
        if (s.now() - since > STREAM_PATIENCE.toNanos()) {
            return clear(action + ": no candidate streams from me, " + action + " is not possible");
        }
        return Move.say(s, action + ": waiting until the candidate streams")
                .remembering(s.memory().withStreamAwaitedSince(OptionalLong.of(since)))
                .lookAgainAfter(ASKING);
    }

    private Move clear(String why) {
        Move move =
                Move.say(s, why)
                        .remembering(s.memory().withStreamAwaitedSince(OptionalLong.empty()));
        return s.cluster()
                .failoverVersion()
                .map(version -> move.then(new Effect.ClearFailover(version)))
                .orElse(move);
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
