package io.matriarch.conformance.history;

import java.util.List;
import java.util.function.Function;

/** What every history is held to, each with the rule of the contract that it is about. */
public enum HistoryCheck {
    ONE_HOLDER("L2", LeaseChecks::oneHolder),
    CONSERVATIVE_EXPIRY("L13", LeaseChecks::conservativeExpiry),
    HOLDER_RENEWS("L4", LeaseChecks::holderRenews),
    SUCCESSOR_RENEWS("L8", LeaseChecks::successorRenews),
    NO_STALE_PROOF("L5", LeaseChecks::noStaleProof),
    EPOCHS_RISE("L9", LeaseChecks::epochsRise),
    LINEARIZABLE("W1", EntryChecks::linearizable),
    READS_ADVANCE("R3", EntryChecks::readsAdvance),
    NO_LOST_WAKE_UP("N4", WatchChecks::noLostWakeUp),
    KNOWN_ENDINGS("O1", AnswerChecks::knownEndings),
    NO_ANSWER_FROM_NOWHERE("O2", AnswerChecks::noAnswerFromNowhere),
    DEADLINES_KEPT("D1", AnswerChecks::deadlinesKept),
    RECOVERY("D4", AnswerChecks::recovery);

    private final String rule;
    private final Function<History, List<Finding>> judge;

    HistoryCheck(String rule, Function<History, List<Finding>> judge) {
        this.rule = rule;
        this.judge = judge;
    }

    /** The id of the rule that a finding breaks. */
    public String rule() {
        return rule;
    }

    /** What is wrong; empty for a sound history. */
    public List<Finding> findings(History history) {
        return judge.apply(history);
    }
}
