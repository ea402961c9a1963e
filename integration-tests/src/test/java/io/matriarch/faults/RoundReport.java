package io.matriarch.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What every round measured, on standard output at once and in a file. */
final class RoundReport {
    /**
     * One round. Times are nanoseconds.
     *
     * @param led the victim was the leader
     * @param lasted until the surroundings ended the fault
     * @param outage the longest time without a row taken from a client outside
     * @param overlap for how long two members took rows
     * @param healed from the strike until the cluster was whole and served clients
     */
    record Round(
            String fault,
            String victim,
            boolean led,
            String leaderAfter,
            Duration lasted,
            long outage,
            long overlap,
            long healed) {
        String line(int number) {
            return String.format(
                    Locale.ROOT,
                    "%5d  %-17s  %-6s %-8s %-12s %7.1f %8.1f %10.3f %8.1f",
                    number,
                    fault,
                    victim,
                    led ? "leader" : "replica",
                    leaderAfter,
                    lasted.toMillis() / 1e3,
                    outage / 1e9,
                    overlap / 1e9,
                    healed / 1e9);
        }
    }

    private final List<String> lines = new ArrayList<>();
    private int rounds;

    RoundReport(String heading) {
        say(heading);
        say(
                "Times are seconds. fault = until the surroundings ended it; outage = longest time"
                        + " without a client's row; healed = from the strike to one leader, all"
                        + " others streaming and clients served.");
    }

    void heading() {
        say(
                String.format(
                        "%5s  %-17s  %-6s %-8s %-12s %7s %8s %10s %8s",
                        "round",
                        "fault",
                        "victim",
                        "was",
                        "leader after",
                        "fault",
                        "outage",
                        "overlap",
                        "healed"));
    }

    void add(Round round) {
        rounds++;
        say(round.line(rounds));
    }

    void say(String line) {
        lines.add(line);
        System.out.println(line);
    }

    /** Also when a round failed: what was seen until then matters most then. */
    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }
}
