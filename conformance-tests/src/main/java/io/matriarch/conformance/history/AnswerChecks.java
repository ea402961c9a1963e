package io.matriarch.conformance.history;

import io.matriarch.conformance.history.Reply.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the history tells of how calls end. */
final class AnswerChecks {
    private AnswerChecks() {}

    /** O1: a call ends in one of the ways of the contract. */
    static List<Finding> knownEndings(History history) {
        return history.calls().stream()
                .filter(call -> call.ended(Result.BROKEN))
                .map(call -> new Finding("a call ends in " + call.reply().detail(), List.of(call)))
                .toList();
    }

    /** O2: while no answer can come, nothing is refused, proven, written or read. */
    static List<Finding> noAnswerFromNowhere(History history) {
        List<Finding> findings = new ArrayList<>();
        for (Asked call : history.calls()) {
            boolean alone =
                    history.severed(call.seat()).stream()
                            .anyMatch(
                                    gap ->
                                            gap.from() - call.invoked() <= 0
                                                    && call.completed() - gap.to() < 0);
            if (alone && (call.ended(Result.REFUSED) || claims(call, history))) {
                findings.add(
                        new Finding(
                                "an answer, while none could come from the store", List.of(call)));
            }
        }
        return findings;
    }

    /** A touch that has nothing to write may be answered from memory (M3). */
    private static boolean claims(Asked call, History history) {
        boolean asks =
                switch (call.action()) {
                    case READ -> history.traits().linearizableReads();
                    case ACQUIRE, RENEW, WRITE, DELETE -> true;
                    default -> false;
                };
        return asks && call.applied();
    }

    /** D1: a call ends by its deadline. */
    static List<Finding> deadlinesKept(History history) {
        return history.calls().stream()
                .filter(
                        call ->
                                call.completed() - call.deadline()
                                        > Timing.GRACE.toNanos()
                                                + history.excuse(call.invoked(), call.completed()))
                .map(
                        call ->
                                new Finding(
                                        String.format(
                                                "a call ends %.1f ms after its deadline",
                                                Asked.millis(call.completed() - call.deadline())),
                                        List.of(call)))
                .toList();
    }

    /** D4: after the last fault calls succeed again in time. */
    static List<Finding> recovery(History history) {
        List<Finding> findings = new ArrayList<>();
        long end = history.healed() + history.timing().recovery().toNanos();
        long excused = end + history.excuse(history.healed(), history.ended());
        for (Lifetime client : history.clients()) {
            if (client.closed() - history.healed() <= 0) {
                continue;
            }
            Set<Action> wanted =
                    Step.member(client.seat()).isPresent()
                            ? Set.of(Action.READ, Action.TOUCH, Action.RENEW)
                            : Set.of(Action.READ);
            for (Action action : wanted) {
                List<Asked> tries =
                        history.calls().stream()
                                .filter(call -> call.client().equals(client.client()))
                                .filter(call -> call.action() == action)
                                .filter(call -> call.completed() - history.healed() >= 0)
                                .toList();
                if (tries.stream().noneMatch(call -> succeeds(call, excused))) {
                    findings.add(
                            new Finding(
                                    client.client() + " does not get to " + action + " again",
                                    tries));
                }
            }
        }
        return findings;
    }

    private static boolean succeeds(Asked call, long end) {
        boolean answered = call.applied() || call.ended(Result.REFUSED);
        return answered && call.completed() - end <= 0;
    }
}
