package io.matriarch.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.history.HistoryCheck;
import org.junit.jupiter.api.Test;

/**
 * Rules under everything at once: random histories of several clients, some of whose processes
 * restart, while links and servers fail. All tests of this group judge the same histories.
 */
interface HistoryRules extends Rules {
    /** The histories of this run, played when first asked for. */
    Histories histories();

    @Test
    default void L2_histories_noTwoMembersCountOnTheLease() {
        histories().assertSound(HistoryCheck.ONE_HOLDER);
    }

    @Test
    default void L13_histories_theRecordStaysWhileItsHolderCountsOnIt() {
        histories().unlessLeasesMayEndEarly("that nobody else has it then is tested by L2");
        assumeTrue(
                histories().traits().linearizableReads(),
                "declared: reads may lag, so that a missing record proves nothing");
        histories().assertSound(HistoryCheck.CONSERVATIVE_EXPIRY);
    }

    @Test
    default void L4_histories_theHolderIsNotRefused() {
        histories()
                .unlessLeasesMayEndEarly("a holder may be refused")
                .assertSound(HistoryCheck.HOLDER_RENEWS);
    }

    @Test
    default void L8_histories_aRestartedHolderIsNotRefused() {
        histories()
                .unlessLeasesMayEndEarly("a successor may be refused")
                .assertSound(HistoryCheck.SUCCESSOR_RENEWS);
    }

    @Test
    default void L5_histories_noProofIsStale() {
        histories().assertSound(HistoryCheck.NO_STALE_PROOF);
    }

    @Test
    default void L9_histories_epochsRise() {
        histories().assertSound(HistoryCheck.EPOCHS_RISE);
    }

    @Test
    default void W1_histories_guardedWritesAreLinearizable() {
        histories().assertSound(HistoryCheck.LINEARIZABLE);
    }

    @Test
    default void R3_histories_noInstanceIsShownWhatItSawReplaced() {
        histories().assertSound(HistoryCheck.READS_ADVANCE);
    }

    @Test
    default void N4_histories_noWakeUpIsLost() {
        histories().assertSound(HistoryCheck.NO_LOST_WAKE_UP);
    }

    @Test
    default void O1_histories_everyCallEndsAsTheContractKnows() {
        histories().assertSound(HistoryCheck.KNOWN_ENDINGS);
    }

    @Test
    default void O2_histories_noAnswerComesFromNowhere() {
        histories().underFaults().assertSound(HistoryCheck.NO_ANSWER_FROM_NOWHERE);
    }

    @Test
    default void D1_histories_deadlinesAreKept() {
        histories().assertSound(HistoryCheck.DEADLINES_KEPT);
    }

    @Test
    default void D4_histories_callsSucceedAgainWhenFaultsAreOver() {
        histories().underFaults().assertSound(HistoryCheck.RECOVERY);
    }
}
