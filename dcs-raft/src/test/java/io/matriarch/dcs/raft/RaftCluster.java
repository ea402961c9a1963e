package io.matriarch.dcs.raft;

import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.conformance.server.ServerProcesses;
import io.matriarch.dcs.raft.machine.Clock;
import io.matriarch.dcs.raft.machine.Command;
import io.matriarch.dcs.raft.machine.Poll;
import io.matriarch.dcs.raft.machine.Reply;
import io.matriarch.dcs.raft.machine.Request;
import io.matriarch.dcs.raft.machine.RequestCodec;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Members of the store on loopback, in a scratch directory, each a process of its own that a test
 * can kill, freeze, thaw and start again. Ends them all when it is closed.
 */
final class RaftCluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(40);

    private final ServerProcesses processes = new ServerProcesses("raft", this::command);
    private final Map<String, String> settings;
    private final List<String> prefix;
    private final List<Address> addresses;

    private RaftCluster(int members, Map<String, String> settings, List<String> prefix) {
        this.settings = settings;
        this.prefix = prefix;
        this.addresses =
                new ArrayList<>(
                        LoopbackPorts.free(members).stream()
                                .map(port -> new Address("127.0.0.1", port))
                                .toList());
    }

    static RaftCluster start(int members) {
        return start(members, Map.of());
    }

    /**
     * @param settings further settings of the section
     */
    static RaftCluster start(int members, Map<String, String> settings) {
        return start(members, settings, List.of());
    }

    /** All on one wall clock that is not the machine's. */
    static RaftCluster start(int members, WallClock clock) {
        return start(members, Map.of(), clock.prefix());
    }

    private static RaftCluster start(
            int members, Map<String, String> settings, List<String> prefix) {
        RaftCluster cluster = new RaftCluster(members, settings, prefix);
        cluster.processes.begin(members, cluster::awaitBegun);
        return cluster;
    }

    /** Does not wait until they answer. */
    static RaftCluster launch(int members, Map<String, String> settings) {
        RaftCluster cluster = new RaftCluster(members, settings, List.of());
        cluster.processes.begin(members, () -> {});
        return cluster;
    }

    /** One that came late to the beginning is added later, and cannot be spared till then. */
    private void awaitBegun() {
        awaitServing();
        for (int member = 0; member < size(); member++) {
            awaitLog(member, "of the store has started");
        }
    }

    int size() {
        return addresses.size();
    }

    List<Address> addresses() {
        return List.copyOf(addresses);
    }

    Path data(int member) {
        return processes.home(member).resolve("data");
    }

    Process process(int member) {
        return processes.process(member);
    }

    /** For clients that take no part. */
    Section section() {
        return section(addresses, settings);
    }

    static Section section(List<Address> members, Map<String, String> settings) {
        Map<String, Object> values = new HashMap<>(settings);
        values.put(
                "partner_addrs",
                members.stream().map(Address::toString).collect(Collectors.joining(",")));
        return new Section("raft", values);
    }

    void kill(int member) {
        processes.kill(member);
    }

    void freeze(int member) {
        processes.freeze(member);
    }

    void thaw(int member) {
        processes.thaw(member);
    }

    /** Starts a killed member on its old data. */
    void restart(int member) {
        processes.start(member);
    }

    /** Waits until the wall clock that a member sees shows a day. */
    void awaitWallClock(int member, LocalDate day) {
        try {
            OutputStream question = process(member).getOutputStream();
            question.write('?');
            question.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitLog(member, Voter.WALL_CLOCK + day);
    }

    /** Starts another member in the place of a killed one, on another port and without data. */
    void replace(int member) {
        addresses.set(member, new Address("127.0.0.1", LoopbackPorts.free(1).get(0)));
        processes.start(member);
    }

    /** Waits until a majority answers. */
    void awaitServing() {
        try (Session session = new Session()) {
            processes.await(0, "a majority that answers", START, session::serves);
        }
    }

    /** Waits until this very member has applied what the others had, and more. */
    void awaitMember(int member) {
        try (Session session = new Session()) {
            long known =
                    addresses.stream()
                            .filter(address -> !address.equals(addresses.get(member)))
                            .flatMap(address -> session.clockOf(address).stream())
                            .max(Long::compare)
                            .orElse(0L);
            processes.await(
                    member,
                    "a member that takes part",
                    START,
                    () ->
                            session.clockOf(addresses.get(member))
                                    .filter(now -> now > known)
                                    .isPresent());
        }
    }

    /** Waits until a member's log holds a text. */
    void awaitLog(int member, String text) {
        processes.await(member, "told: " + text, START, () -> processes.log(member).contains(text));
    }

    /** The member that leads; there must be one. */
    int leader() {
        try (Session session = new Session()) {
            return IntStream.range(0, size())
                    .filter(member -> session.leads(addresses.get(member)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Lets much replicated time pass at once. */
    void age(Duration by) {
        long left = by.dividedBy(Clock.LONGEST);
        try (Session session = new Session()) {
            while (left > 0) {
                left -= session.reign(left);
            }
        }
    }

    static Deadline within(double seconds) {
        return Deadline.after(Ticker.system(), Duration.ofMillis((long) (seconds * 1000)));
    }

    /** A bare client. */
    final class Session implements AutoCloseable {
        private final Wire wire;
        final Submission log;

        Session() {
            RaftSettings parsed = RaftSettings.of(section());
            wire = new Wire(Security.of(parsed), parsed.routes());
            log = new Submission(wire, parsed.members(), Ticker.system());
        }

        boolean serves() {
            try {
                log.read(new Command.CountSessions(), "waiting", within(1));
                return true;
            } catch (DcsException e) {
                // Not yet; the caller asks again, and tells of the log if that never ends.
                return false;
            }
        }

        /** The replicated clock as one member knows it. */
        Optional<Long> clockOf(Address member) {
            Poll poll = new Poll("", -1, "", 0);
            Duration patience = Duration.ofSeconds(1);
            Wire.Answer answer = wire.send(member, Wire.Way.MEMBER, poll.encode(), patience).join();
            return answer instanceof Wire.Answer.Content content
                    ? Optional.of(Poll.News.decode(content.bytes()).now())
                    : Optional.empty();
        }

        /** Proposes ticks until the leader of the store proposes its own again, or enough. */
        private long reign(long ticks) {
            long id = ThreadLocalRandom.current().nextLong();
            log.read(new Command.Reign(id), "beginning", within(5));
            long done = 0;
            while (done < ticks
                    && isDone(new Command.Tick(id, done + 1, Clock.LONGEST.toNanos()))) {
                done++;
            }
            return done;
        }

        private boolean isDone(Command.Tick tick) {
            return log.read(tick, "aging", within(5)).reply() instanceof Reply.Done;
        }

        /** Only the leader takes an entry into the log. */
        boolean leads(Address member) {
            byte[] question =
                    RequestCodec.encode(new Request("", 0, 0, new Command.CountSessions()));
            Duration patience = Duration.ofSeconds(1);
            return wire.send(member, Wire.Way.LOG, question, patience).join()
                    instanceof Wire.Answer.Content;
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    private List<String> command(int member, Path home) {
        Address self = addresses.get(member);
        List<String> command = new ArrayList<>(prefix);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Voter.class.getName(),
                        "self_addr=" + self,
                        "data_dir=" + home.resolve("data"),
                        "min_timeout=0.4",
                        "max_timeout=0.8"));
        settings.forEach((key, value) -> command.add(key + "=" + value));
        String partners =
                addresses.stream()
                        .filter(address -> !address.equals(self))
                        .map(Address::toString)
                        .collect(Collectors.joining(","));
        command.add("partner_addrs=" + partners);
        return command;
    }

    @Override
    public void close() {
        processes.close();
    }
}
