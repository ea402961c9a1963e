package io.matriarch.conformance;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.Optional;

/** Opens a plug-in as a daemon does, with short times, for the tests that it has beside the kit. */
public final class Opening {
    /** One cluster for all tests; each purges what it wrote. */
    public static final Scope SCOPE = new Scope("/service/", "batman");

    /** What deadlines and leases are measured by. */
    public static final Ticker TICKER = Ticker.system();

    private Opening() {}

    /** Loops and timeouts of two seconds each. */
    public static DcsSettings settings(Duration ttl) {
        return new DcsSettings(ttl, Duration.ofSeconds(2), Duration.ofSeconds(2));
    }

    /**
     * @param name the member's; empty for a client that only reads, as a tool does
     * @throws io.matriarch.spi.DcsException.Misconfigured if the plug-in refuses the section
     */
    public static Dcs open(
            DcsProvider provider,
            Section section,
            Optional<String> name,
            DcsSettings settings,
            DcsListener listener) {
        return provider.open(new DcsConfig(SCOPE, name, section, settings, TICKER), listener);
    }

    /** A deadline from now. */
    public static Deadline within(double seconds) {
        return Deadline.after(TICKER, Duration.ofMillis((long) (seconds * 1000)));
    }

    /**
     * Renews as a primary does: again while the outcome is unknown or nothing was done, until the
     * lease has ended.
     *
     * @return the lease that was proven
     * @throws io.matriarch.spi.DcsException the last one, once the lease has ended
     * @throws java.util.NoSuchElementException if the store refused: somebody else holds it
     */
    public static Lease renewed(Dcs holder, Lease held) {
        while (true) {
            try {
                return holder.renew(Snapshot.empty(0), LeaderUpdate.NONE, within(5))
                        .applied()
                        .orElseThrow();
            } catch (DcsException.OutcomeUnknown | DcsException.NotApplied e) {
                if (TICKER.nanos() - held.validUntil() > 0) {
                    throw e;
                }
            }
        }
    }

    /** The record of a replica that runs. */
    public static MemberEntry replica(String name, String text) {
        return new MemberEntry(name, Value.of(text), "replica", "running");
    }
}
