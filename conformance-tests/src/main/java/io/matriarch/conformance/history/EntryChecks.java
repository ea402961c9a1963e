package io.matriarch.conformance.history;

import io.matriarch.conformance.history.Linearization.Timed;
import io.matriarch.conformance.history.Register.Condition;
import io.matriarch.conformance.history.Reply.Result;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the history tells of guarded writes and of what is read. */
final class EntryChecks {
    private EntryChecks() {}

    /** W1 to W5, R2, O4: each entry behaves as one register with versions. */
    static List<Finding> linearizable(History history) {
        List<Finding> findings = new ArrayList<>();
        for (EntryKind kind : Change.KINDS) {
            Linearization.Verdict verdict = Linearization.judge(operations(kind, history));
            if (verdict instanceof Linearization.Impossible impossible) {
                findings.add(
                        new Finding(
                                "no order of the calls explains what "
                                        + kind.key()
                                        + " showed: after "
                                        + impossible.placed()
                                        + " calls none of those marked can be next",
                                impossible.stuck()));
            } else if (verdict instanceof Linearization.Undecided undecided) {
                findings.add(
                        new Finding(
                                kind.key()
                                        + ": undecided after "
                                        + undecided.positions()
                                        + " positions; make the histories shorter",
                                List.of()));
            }
        }
        return findings;
    }

    /**
     * The operations on one entry; where reads may lag they are judged by {@link #readsAdvance}.
     */
    static List<Timed> operations(EntryKind kind, History history) {
        Map<String, String> versions = versionsOfTexts(kind, history);
        List<Timed> operations = new ArrayList<>();
        for (Asked call : history.calls()) {
            if (call.change().filter(change -> change.kind() == kind).isPresent()) {
                write(call, versions).ifPresent(operations::add);
            } else if (call.applied()
                    && call.snapshot().isPresent()
                    && history.traits().linearizableReads()) {
                Register seen = register(call.snapshot().get(), kind);
                operations.add(timed(call, new Register.Showed(seen), true));
            }
        }
        return operations;
    }

    /**
     * Which version a text was seen with. A write that was applied twice is seen with two; then the
     * search fails at one of them.
     */
    private static Map<String, String> versionsOfTexts(EntryKind kind, History history) {
        Map<String, String> versions = new HashMap<>();
        history.reads()
                .flatMap(read -> read.snapshot().orElseThrow().entry(kind).stream())
                .forEach(entry -> versions.putIfAbsent(entry.text(), entry.version().token()));
        return versions;
    }

    private static Optional<Timed> write(Asked call, Map<String, String> versions) {
        Change change = call.change().orElseThrow();
        Condition condition = condition(change.guard());
        return switch (call.reply().result()) {
            case APPLIED ->
                    Optional.of(
                            timed(
                                    call,
                                    new Register.Became(
                                            condition,
                                            next(change, call.reply().version(), versions)),
                                    true));
            case REFUSED ->
                    Optional.of(
                            timed(
                                    call,
                                    new Register.WasRefused(condition, change.text().isEmpty()),
                                    true));
            // A broken ending says as little as an unknown one; that it broke is another's finding.
            case UNKNOWN, BROKEN ->
                    Optional.of(
                            timed(
                                    call,
                                    new Register.Became(
                                            condition, next(change, Optional.empty(), versions)),
                                    false));
            case NOT_APPLIED -> Optional.empty();
        };
    }

    /** What a write leaves. Nobody can tell apart those that nobody saw. */
    private static Register next(
            Change change, Optional<Version> version, Map<String, String> versions) {
        if (change.text().isEmpty()) {
            return Register.ABSENT;
        }
        String text = change.text().get();
        return version.map(Version::token)
                .or(() -> Optional.ofNullable(versions.get(text)))
                .map(token -> Register.holding(text, token))
                .orElse(Register.UNSEEN);
    }

    private static Timed timed(Asked call, Register.Operation operation, boolean certain) {
        return new Timed(call, operation, call.invoked(), call.completed(), certain);
    }

    private static Condition condition(Guard guard) {
        if (guard instanceof Guard.Unchanged unchanged) {
            return new Register.IfVersion(unchanged.version().token());
        }
        return guard instanceof Guard.Absent ? Register.IfAbsent.IF_ABSENT : Register.Always.ALWAYS;
    }

    private static Register register(Snapshot snapshot, EntryKind kind) {
        return snapshot.entry(kind)
                .map(entry -> Register.holding(entry.text(), entry.version().token()))
                .orElse(Register.ABSENT);
    }

    /**
     * R2, R3: what one instance has seen replaced, by a read or by its own write, stays replaced.
     */
    static List<Finding> readsAdvance(History history) {
        List<Finding> findings = new ArrayList<>();
        Map<String, List<Asked>> byClient = new LinkedHashMap<>();
        for (Asked call : history.calls()) {
            byClient.computeIfAbsent(call.client(), any -> new ArrayList<>()).add(call);
        }
        for (List<Asked> calls : byClient.values()) {
            for (EntryKind kind : Change.KINDS) {
                goingBack(calls, kind).ifPresent(findings::add);
            }
        }
        return findings;
    }

    private static Optional<Finding> goingBack(List<Asked> calls, EntryKind kind) {
        Set<Version> replaced = new HashSet<>();
        Optional<Version> latest = Optional.empty();
        for (Asked call : calls) {
            Optional<Version> shown = version(call, kind);
            if (shown.isEmpty()) {
                continue;
            }
            if (replaced.contains(shown.get())) {
                return Optional.of(
                        new Finding(
                                call.client() + " is shown " + kind.key() + " as it was before",
                                List.of(call)));
            }
            latest.filter(version -> !version.equals(shown.get())).ifPresent(replaced::add);
            latest = shown;
        }
        return Optional.empty();
    }

    private static Optional<Version> version(Asked call, EntryKind kind) {
        boolean wrote =
                call.ended(Result.APPLIED)
                        && call.change()
                                .filter(c -> c.kind() == kind && c.text().isPresent())
                                .isPresent();
        return wrote
                ? call.reply().version()
                : call.snapshot().flatMap(snapshot -> snapshot.entry(kind)).map(Entry::version);
    }
}
