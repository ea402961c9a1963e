package io.matriarch.engine.simulation;

import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import java.util.Optional;

/** What a member asks of the store, as seen by one who stands beside the store. */
final class StoreCall {
    private StoreCall() {}

    enum Verb {
        READ,
        ACQUIRE,
        RENEW,
        RELEASE,
        TOUCH,
        WRITE,
        PURGE
    }

    /**
     * One operation.
     *
     * @param kind what was written; empty unless the verb is WRITE
     * @param guard of a WRITE
     * @param text what was written; empty for a deletion
     * @param outcome what the store answered; empty for a read
     * @param holderBefore in the leader record
     * @param holderAfter in the leader record
     * @param sentAt true nanoseconds at which the request left the member
     * @param proves nanoseconds for which an applied acquire or renew proves the lease, counted
     *     from sentAt
     */
    record Operation(
            Verb verb,
            Optional<EntryKind> kind,
            Optional<Guard> guard,
            Optional<String> text,
            Optional<Outcome<?>> outcome,
            Optional<String> holderBefore,
            Optional<String> holderAfter,
            long sentAt,
            long proves) {
        boolean applied() {
            return outcome.filter(Outcome::isApplied).isPresent();
        }

        boolean refused() {
            return outcome.isPresent() && !applied();
        }

        boolean writes(EntryKind what) {
            return verb == Verb.WRITE && kind.filter(k -> k == what).isPresent();
        }
    }
}
