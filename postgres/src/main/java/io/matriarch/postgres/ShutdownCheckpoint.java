package io.matriarch.postgres;

import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.port.ActionProgress;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoint that a clean shutdown writes, and what a standby must have of it. */
final class ShutdownCheckpoint {
    private static final Logger log = LoggerFactory.getLogger(ShutdownCheckpoint.class);
    private static final Pattern RECORD =
            Pattern.compile(
                    "rmgr: (\\S+) .*, lsn: ([0-9A-F]+/[0-9A-F]+), prev ([0-9A-F]+/[0-9A-F]+),"
                            + " desc: (.*)");
    private static final Pattern END =
            Pattern.compile(
                    "error in WAL record at ([0-9A-F]+/[0-9A-F]+): invalid record length at"
                            + " ([0-9A-F]+/[0-9A-F]+)");

    /** Every segment, of whatever size, begins at a multiple of this. */
    private static final long SMALLEST_SEGMENT = 1 << 20;

    /** Of a segment's first page. The first record follows it. */
    private static final long PAGE_HEADER = 40;

    private final Instance instance;

    ShutdownCheckpoint(Instance instance) {
        this.instance = instance;
    }

    /** One line of pg_waldump. */
    record Record(String manager, Lsn lsn, Lsn previous, String description) {
        static Optional<Record> parse(String output) {
            Matcher matcher = RECORD.matcher(output);
            return matcher.find()
                    ? Optional.of(
                            new Record(
                                    matcher.group(1),
                                    Lsn.parse(matcher.group(2)),
                                    Lsn.parse(matcher.group(3)),
                                    matcher.group(4).trim()))
                    : Optional.empty();
        }

        boolean isShutdownCheckpoint() {
            String text = description.toLowerCase(Locale.ROOT);
            return manager.equals("XLOG")
                    && text.startsWith("checkpoint")
                    && text.endsWith("shutdown");
        }

        boolean isSwitch() {
            return description.equals("xlog switch") || description.equals("SWITCH");
        }
    }

    /** What to tell once pg_control says "shut down" of a primary. */
    Optional<ActionProgress> ifShutDown() {
        return ControlFile.head(instance.dataPath())
                .filter(head -> head.state() == ControlFile.State.SHUT_DOWN)
                .map(head -> new ActionProgress.ShutDownCleanly(head.checkpoint(), previous(head)));
    }

    /**
     * With archiving on, a segment switch precedes the checkpoint; standbys need not have it. It is
     * searched for only where it can be: pg_waldump takes its time while clients cannot write.
     */
    private Lsn previous(ControlFile.Head head) {
        if (!mayFollowSwitch(head.checkpoint())) {
            return head.checkpoint();
        }
        Optional<Record> checkpoint = record(head.timeline(), head.checkpoint());
        if (checkpoint.filter(r -> r.lsn().equals(head.checkpoint())).isEmpty()
                || !checkpoint.get().isShutdownCheckpoint()) {
            return head.checkpoint();
        }
        return record(head.timeline(), checkpoint.get().previous())
                .filter(Record::isSwitch)
                .map(Record::lsn)
                .orElse(head.checkpoint());
    }

    /** What follows a switch is the first record of a segment. */
    static boolean mayFollowSwitch(Lsn record) {
        return record.bytes() % SMALLEST_SEGMENT == PAGE_HEADER;
    }

    private Optional<Record> record(int timeline, Lsn at) {
        return dump(timeline, at, 1).flatMap(Record::parse);
    }

    /** Where the checkpoint record ends; empty unless it is the very last one. */
    Optional<Lsn> end(int timeline, Lsn checkpoint) {
        Optional<String> output = dump(timeline, checkpoint, 2);
        Optional<Lsn> end = output.flatMap(text -> end(text, checkpoint));
        if (end.isEmpty()) {
            log.warn("The end of the shutdown checkpoint at {} is unknown", checkpoint);
        }
        return end;
    }

    static Optional<Lsn> end(String output, Lsn checkpoint) {
        long records = output.lines().filter(line -> line.startsWith("rmgr:")).count();
        Matcher matcher = END.matcher(output);
        return records == 1 && matcher.find() && Lsn.parse(matcher.group(1)).equals(checkpoint)
                ? Optional.of(Lsn.parse(matcher.group(2)))
                : Optional.empty();
    }

    private Optional<String> dump(int timeline, Lsn at, int count) {
        try {
            return Optional.of(
                    instance.runTool(
                                    "pg_waldump",
                                    List.of(
                                            "-p",
                                            instance.dataPath().resolve("pg_wal").toString(),
                                            "-t",
                                            Integer.toString(timeline),
                                            "-s",
                                            at.toString(),
                                            "-n",
                                            Integer.toString(count)))
                            .output());
        } catch (IOException e) {
            log.warn("pg_waldump could not be run: {}", e.toString());
            return Optional.empty();
        }
    }
}
