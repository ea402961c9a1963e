package io.matriarch.engine.shell;

import io.matriarch.engine.decide.PeerAnswer;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.port.PeerPort;
import io.matriarch.engine.port.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Asks peers and keeps their answers. Lives on the decision lane. */
final class Peers {
    /**
     * A peer on a sound network answers in milliseconds; a lost one must not delay a race for long.
     */
    private static final Duration BUDGET = Duration.ofMillis(800);

    private final Scheduler scheduler;
    private final PeerPort port;
    private final Runnable changed;
    private final Map<String, PeerAnswer> answers = new HashMap<>();

    Peers(Scheduler scheduler, PeerPort port, Runnable changed) {
        this.scheduler = scheduler;
        this.port = port;
        this.changed = changed;
    }

    void ask(Member member) {
        long askedAt = scheduler.nanos();
        answers.put(member.name(), new PeerAnswer(askedAt, true, Optional.empty()));
        port.probe(
                member,
                BUDGET,
                status -> {
                    answers.put(member.name(), new PeerAnswer(askedAt, false, status));
                    changed.run();
                });
    }

    Map<String, PeerAnswer> answers() {
        return answers;
    }
}
