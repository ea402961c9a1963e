package io.matriarch.benchmark;

import io.matriarch.lab.Ending;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.Ledger;
import io.matriarch.lab.MemberWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client for each member that tries to write every 5 ms, from now until it is told to end. */
final class Writers {
    private static final Duration END = Duration.ofSeconds(8);

    private final Ending ending = new Ending();
    private final List<Thread> threads = new ArrayList<>();

    private Writers() {}

    static Writers start(Lab lab, Ledger ledger) {
        Writers writers = new Writers();
        for (LabMember member : lab.members()) {
            Thread thread =
                    new Thread(
                            new MemberWriter(member, true, lab.password(), ledger, writers.ending),
                            "writer-" + member.name());
            thread.setDaemon(true);
            writers.threads.add(thread);
            thread.start();
        }
        return writers;
    }

    void end() {
        ending.tell();
        try {
            for (Thread thread : threads) {
                thread.join(END.toMillis());
            }
        } catch (InterruptedException e) {
            // The writers were told and are daemons: nobody waits for them.
            Thread.currentThread().interrupt();
        }
    }
}
