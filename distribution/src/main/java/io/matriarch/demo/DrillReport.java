package io.matriarch.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.matriarch.lab.LabPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a drill measured.
 *
 * @param serverVersion of PostgreSQL, as it calls itself
 * @param steps one a fault
 * @param rows acknowledged to clients
 * @param lost of these
 * @param insideLost rows that a client beside a cut-off member was still given, and that were lost
 */
record DrillReport(String serverVersion, List<Step> steps, long rows, long lost, long insideLost) {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /**
     * @param key for machines
     * @param title for people
     * @param outageNanos the longest time in which no client could write
     * @param overlapNanos for how long two members took writes; 0 = never
     * @param healNanos from the fault until all members were back
     * @param lost rows acknowledged to clients around the fault that are not there any more
     */
    record Step(
            String key,
            String title,
            long outageNanos,
            long overlapNanos,
            long healNanos,
            long lost) {
        long outageMillis() {
            return outageNanos / NANOS_PER_MILLI;
        }

        String line() {
            return String.format(
                    "  %-34s outage %6d ms   all members back after %6d ms   rows lost %d%s",
                    title,
                    outageMillis(),
                    healNanos / NANOS_PER_MILLI,
                    lost,
                    overlapNanos > 0
                            ? "   TWO MEMBERS TOOK WRITES for "
                                    + overlapNanos / NANOS_PER_MILLI
                                    + " ms"
                            : "");
        }
    }

    boolean isSafe() {
        return steps.stream().allMatch(step -> step.overlapNanos() == 0);
    }

    String text() {
        StringBuilder text = new StringBuilder("PostgreSQL " + serverVersion + ", drill done:\n");
        steps.forEach(step -> text.append(step.line()).append('\n'));
        text.append(
                String.format(
                        "  rows acknowledged to clients: %d, of these lost: %d%n", rows, lost));
        if (lost + insideLost > 0) {
            text.append(
                    String.format(
                            "  replication is asynchronous here: what was committed last before a"
                                    + " failover can be lost;%n"
                                    + "  a client beside the cut-off member lost %d rows that it wrote"
                                    + " before that member stopped%n",
                            insideLost));
        }
        text.append(
                isSafe()
                        ? "  never did two members take writes at one time"
                        : "  TWO MEMBERS TOOK WRITES AT ONE TIME");
        return text.toString();
    }

    void writeJson(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode root = mapper.createObjectNode();
        root.put("postgresql", serverVersion);
        root.putObject("settings")
                .put("ttl", LabPlan.three().ttl())
                .put("loop_wait", LabPlan.three().loopWait())
                .put("retry_timeout", LabPlan.three().retryTimeout());
        for (Step step : steps) {
            root.withObjectProperty("steps")
                    .putObject(step.key())
                    .put("outage_ms", step.outageMillis())
                    .put("overlap_ms", step.overlapNanos() / (double) NANOS_PER_MILLI)
                    .put("healed_ms", step.healNanos() / NANOS_PER_MILLI)
                    .put("rows_lost", step.lost());
        }
        root.putObject("rows")
                .put("acknowledged", rows)
                .put("lost", lost)
                .put("lost_inside_cut_off_member", insideLost);
        Files.writeString(file, mapper.writeValueAsString(root) + "\n");
    }
}
