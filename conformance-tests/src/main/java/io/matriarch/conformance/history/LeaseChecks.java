package io.matriarch.conformance.history;

import io.matriarch.conformance.history.Reply.Result;
import io.matriarch.spi.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the history tells of the lease. */
final class LeaseChecks {
    /**
     * A stretch in which a member may count on its lease: from when it knew, until it ran out or
     * was about to be released.
     */
    private record Belief(Asked proof, long from, long until) {
        boolean covers(Asked call) {
            return from - call.invoked() <= 0 && call.completed() - until < 0;
        }

        boolean isOf(String member) {
            return proof.member().equals(member);
        }
    }

    private LeaseChecks() {}

    private static List<Belief> beliefs(History history) {
        return history.proofs()
                .map(proof -> new Belief(proof, proof.completed(), end(proof, history)))
                .filter(belief -> belief.until() - belief.from() > 0)
                .toList();
    }

    private static long end(Asked proof, History history) {
        long valid = lease(proof).validUntil();
        return history.calls().stream()
                .filter(call -> call.action() == Action.RELEASE)
                .filter(call -> call.member().equals(proof.member()))
                .filter(call -> call.invoked() - proof.completed() >= 0)
                .mapToLong(Asked::invoked)
                .filter(released -> released - valid < 0)
                .min()
                .orElse(valid);
    }

    private static Lease lease(Asked proof) {
        return proof.proof().orElseThrow();
    }

    /** L1, L2: no two members count on the lease at one instant. */
    static List<Finding> oneHolder(History history) {
        List<Finding> findings = new ArrayList<>();
        List<Belief> beliefs = beliefs(history);
        for (int i = 0; i < beliefs.size(); i++) {
            for (Belief other : beliefs.subList(i + 1, beliefs.size())) {
                Belief one = beliefs.get(i);
                long overlap =
                        Math.min(one.until(), other.until()) - Math.max(one.from(), other.from());
                if (!one.isOf(other.proof().member()) && overlap > 0) {
                    findings.add(
                            new Finding(
                                    String.format(
                                            "%s and %s both count on the lease for %.1f ms",
                                            one.proof().client(),
                                            other.proof().client(),
                                            Asked.millis(overlap)),
                                    List.of(one.proof(), other.proof())));
                }
            }
        }
        return findings;
    }

    /** L13: the record is there as long as its holder counts on it. */
    static List<Finding> conservativeExpiry(History history) {
        if (history.traits().mayEndEarly() || !history.traits().linearizableReads()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        for (Belief belief : beliefs(history)) {
            String holder = belief.proof().member();
            history.reads()
                    .filter(belief::covers)
                    .filter(
                            read ->
                                    !read.snapshot()
                                            .orElseThrow()
                                            .leader()
                                            .equals(Optional.of(holder)))
                    .map(
                            read ->
                                    new Finding(
                                            holder
                                                    + " counts on the lease, and a snapshot shows"
                                                    + " another leader or none",
                                            List.of(belief.proof(), read)))
                    .forEach(findings::add);
        }
        return findings;
    }

    /** L4: the holder's own renewal is not refused. */
    static List<Finding> holderRenews(History history) {
        return refusedRenewals(history, true);
    }

    /** L8: nor is that of a new process of its name. */
    static List<Finding> successorRenews(History history) {
        return refusedRenewals(history, false);
    }

    private static List<Finding> refusedRenewals(History history, boolean sameProcess) {
        if (history.traits().mayEndEarly()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        List<Belief> beliefs = beliefs(history);
        for (Asked call : history.calls()) {
            if (call.action() == Action.RENEW && call.ended(Result.REFUSED)) {
                beliefs.stream()
                        .filter(belief -> belief.isOf(call.member()) && belief.covers(call))
                        .filter(b -> b.proof().client().equals(call.client()) == sameProcess)
                        .findFirst()
                        .map(
                                belief ->
                                        new Finding(
                                                "a renewal of the holder is refused",
                                                List.of(belief.proof(), call)))
                        .ifPresent(findings::add);
            }
        }
        return findings;
    }

    /** L5: whoever renews is not behind another holder, that is no proof is stale. */
    static List<Finding> noStaleProof(History history) {
        return outdated(history, Action.RENEW, "renews a lease that another had taken before");
    }

    /** L9: the epoch grows from holder to holder, and no two share one. */
    static List<Finding> epochsRise(History history) {
        List<Finding> findings =
                new ArrayList<>(
                        outdated(
                                history, Action.ACQUIRE, "takes the lease without a higher epoch"));
        List<Asked> proofs = history.proofs().toList();
        for (Asked one : proofs) {
            for (Asked other : proofs) {
                if (one.member().compareTo(other.member()) < 0
                        && lease(one).epoch() == lease(other).epoch()) {
                    findings.add(new Finding("two members have one epoch", List.of(one, other)));
                }
            }
        }
        return findings;
    }

    private static List<Finding> outdated(History history, Action action, String what) {
        List<Finding> findings = new ArrayList<>();
        List<Asked> proofs = history.proofs().toList();
        for (Asked late : proofs) {
            for (Asked early : proofs) {
                if (late.action() == action
                        && early.isBefore(late)
                        && !early.member().equals(late.member())
                        && lease(early).epoch() > lease(late).epoch()) {
                    findings.add(new Finding(late.client() + " " + what, List.of(early, late)));
                }
            }
        }
        return findings;
    }
}
