package io.matriarch.lab;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A store and three members in a scratch directory, started and ended by the lab. */
public final class Lab implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LOG_LINES = 15;

    private final Binaries binaries;
    private final Scratch scratch;
    private final Children children;
    private final String password;
    private final Path launcher;
    private final LabStore store;
    private final Map<String, LabMember> members = new LinkedHashMap<>();
    private final Map<String, Process> daemons = new LinkedHashMap<>();
    private final LabPlan plan;
    private final MemberRest rest = new MemberRest();
    private boolean closed;

    private Lab(LabPlan plan, Binaries binaries, Account account, Path home)
            throws IOException, LabException {
        this.plan = plan;
        this.binaries = binaries;
        this.scratch = Scratch.create(account);
        this.children = new Children(account, scratch.directory());
        this.password = new BigInteger(80, new SecureRandom()).toString(36);
        this.launcher = scratch.readable(home).resolve("bin").resolve("matriarch");
        this.store = LabStore.of(plan, binaries, children, scratch, password);
    }

    /**
     * Prepares everything and starts nothing yet.
     *
     * @param plan what it is made of
     * @param home the distribution
     */
    public static Lab prepare(LabPlan plan, Path home) throws LabException {
        Binaries binaries = Binaries.find();
        Account account = Account.choose();
        try {
            return new Lab(plan, binaries, account, home);
        } catch (IOException e) {
            throw new LabException("cannot make a scratch directory: " + e.getMessage(), e);
        }
    }

    /** Starts the store and the members. Call from the thread that ends last. */
    public synchronized void start() throws LabException {
        startStoreOnly();
        for (LabMember member : members()) {
            startDaemon(member);
        }
    }

    /**
     * Starts the store and writes every member's file, but starts no member: data may be put into
     * their directories before {@link #startDaemon}.
     */
    public synchronized void startStoreOnly() throws LabException {
        try {
            store.start();
            for (String name : plan.names()) {
                int storePort = store.portFor(name);
                LabMember member =
                        plan.cables()
                                ? LabMember.behindCables(name, storePort)
                                : LabMember.direct(name, storePort);
                members.put(name, member);
                configure(member);
            }
            scratch.write("ctl.yml", MemberFile.ofTool(store.sectionOfTool()), "rw-r--r--");
        } catch (IOException e) {
            throw new LabException(
                    "cannot prepare " + scratch.directory() + ": " + e.getMessage(), e);
        }
    }

    /** Starts the store's servers, or starts them again on the data that they left. */
    public void startStore() throws LabException {
        store.start();
    }

    private void configure(LabMember member) throws IOException {
        String yaml =
                MemberFile.of(
                        plan,
                        member,
                        store.section(member),
                        scratch.directory(),
                        binaries.postgres(),
                        password);
        scratch.write(
                member.name() + ".yml", plan.customize().apply(member.name(), yaml), "rw-------");
    }

    /** Starts the daemon of a member that has its file already. */
    public void startDaemon(LabMember member) throws LabException {
        startDaemon(member, List.of());
    }

    /**
     * Likewise, under another process that passes SIGTERM on to it.
     *
     * @param parent its command, to which the daemon's is appended
     */
    public void startDaemon(LabMember member, List<String> parent) throws LabException {
        Path file = scratch.file(member.name() + ".yml");
        List<String> command = new ArrayList<>(parent);
        command.addAll(plan.product().command(launcher.toString(), file.toString()));
        try {
            daemons.put(
                    member.name(),
                    children.start(
                            command,
                            scratch.file(member.name() + ".log"),
                            store.environment(member)));
        } catch (IOException e) {
            throw new LabException("cannot prepare " + member.name() + ": " + e.getMessage(), e);
        }
    }

    public List<LabMember> members() {
        return new ArrayList<>(members.values());
    }

    public LabMember member(String name) throws LabException {
        LabMember member = members.get(name);
        if (member == null) {
            throw new LabException("the cluster names a member that is not ours: " + name);
        }
        return member;
    }

    /** What this lab is made of. */
    public LabPlan plan() {
        return plan;
    }

    public String password() {
        return password;
    }

    public Path directory() {
        return scratch.directory();
    }

    public MemberRest rest() {
        return rest;
    }

    /** The picture of the first member that answers. */
    public ClusterPicture picture() throws InterruptedException {
        for (LabMember member : members()) {
            Optional<ClusterPicture> picture = rest.cluster(member);
            if (picture.isPresent()) {
                return picture.get();
            }
        }
        return ClusterPicture.NOTHING;
    }

    /**
     * How many members stream from the primary, as it says itself: what members publish is as old
     * as their last look. 0 as well if it is no primary or does not answer.
     */
    public int standbysOf(String primary) throws LabException {
        try (Connection connection =
                        MemberWriter.connect(member(primary).publicPostgresPort(), password);
                Statement statement = connection.createStatement();
                ResultSet count =
                        statement.executeQuery(
                                "select case when pg_is_in_recovery() then 0 else count(*) end"
                                        + " from pg_stat_replication where state = 'streaming'"
                                        + " and application_name like 'node%'")) {
            count.next();
            return count.getInt(1);
        } catch (SQLException e) {
            return 0; // it does not answer, so nothing streams from it as far as anyone knows
        }
    }

    public boolean isWhole(ClusterPicture picture) {
        return picture.isWhole(plan.members());
    }

    /** A daemon that ended by itself is an error; its last words are the reason. */
    public void checkDaemons() throws LabException {
        for (Map.Entry<String, Process> daemon : daemons.entrySet()) {
            if (!daemon.getValue().isAlive()) {
                String log = daemon.getKey() + ".log";
                throw new LabException(
                        "the daemon of "
                                + daemon.getKey()
                                + " ended; its last lines:\n"
                                + scratch.tail(log, LOG_LINES));
            }
        }
    }

    /** The process of a member's daemon. */
    public Process daemon(String member) {
        return daemons.get(member);
    }

    /** The processes of the store's servers; none if the members are the store. */
    public List<Process> storeServers() {
        return store.servers();
    }

    /** What the store is, for people. */
    public String storeTitle() {
        return store.title();
    }

    /**
     * What the store's server counts since it started, as it tells it: in Prometheus' text format,
     * except for ZooKeeper's answer to {@code srvr}; empty if the members are the store.
     */
    public String storeCounters() throws LabException, InterruptedException {
        try {
            return store.counters();
        } catch (IOException e) {
            throw new LabException(
                    store.title() + " does not tell its counters: " + e.getMessage(), e);
        }
    }

    /** Where clients of etcd find it. */
    public URI etcdUrl() {
        if (store instanceof EtcdStore etcd) {
            return etcd.url();
        }
        throw new IllegalStateException("the members' store is " + store.title());
    }

    /** A process beside the members, with their rights; its output goes to a file of the lab. */
    public Process startBeside(List<String> command, String log) throws LabException {
        return children.start(command, scratch.file(log));
    }

    /** Runs the cluster's command-line tool to its end, with answers to its questions. */
    public ToolRun tool(String input, String... arguments)
            throws LabException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(launcher.resolveSibling("matriarchctl").toString());
        command.addAll(List.of("-c", scratch.file("ctl.yml").toString()));
        command.addAll(List.of(arguments));
        return ToolRun.of(command, scratch.directory(), store.environmentOfTool(), input);
    }

    /** The programs that the lab runs. */
    public Binaries binaries() {
        return binaries;
    }

    /** Looks until the picture is as wanted, or says what it was last. */
    public ClusterPicture await(String what, Duration patience, Predicate<ClusterPicture> wanted)
            throws LabException, InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        ClusterPicture picture = picture();
        while (!wanted.test(picture)) {
            if (System.nanoTime() - until > 0) {
                throw new LabException(
                        what
                                + ": not seen within "
                                + patience.toSeconds()
                                + " s; the last picture:\n"
                                + picture.table()
                                + logs());
            }
            // Another process is being watched: there is nothing to be told by.
            TimeUnit.MILLISECONDS.sleep(50);
            picture = picture();
        }
        return picture;
    }

    /** One leader, all others streaming from it. */
    public ClusterPicture awaitWhole(Duration patience) throws LabException, InterruptedException {
        return await("a whole cluster", patience, this::isWhole);
    }

    /** The last lines of each member's log. */
    public String logs() {
        StringBuilder all = new StringBuilder();
        for (LabMember member : members()) {
            all.append("--- ").append(member.name()).append('\n');
            all.append(scratch.tail(member.name() + ".log", LOG_LINES)).append('\n');
        }
        return all.toString();
    }

    /** The process id of a member's postmaster, as PostgreSQL wrote it down. */
    public long postmaster(LabMember member) throws LabException {
        Path file = scratch.file(member.name()).resolve("postmaster.pid");
        try {
            return Long.parseLong(Files.readAllLines(file).get(0).trim());
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            throw new LabException("cannot read " + file + ": " + e, e);
        }
    }

    /**
     * Kills everything that runs on a member: the daemon first, so that it sees nothing. Nobody
     * misses the daemon until it is started again.
     */
    public void loseNode(String name) throws LabException {
        Set<ProcessHandle> all = new LinkedHashSet<>();
        ProcessHandle daemon = daemons.remove(name).toHandle();
        Stream.of(Optional.of(daemon), ProcessHandle.of(postmaster(member(name))))
                .flatMap(Optional::stream)
                .forEach(
                        root -> {
                            all.add(root);
                            root.descendants().forEach(all::add);
                        });
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** Ends the members, then what is left of their servers, then etcd; removes the directory. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        List<ProcessHandle> postmasters = postmasters();
        List<Process> all = children.close();
        List<Process> stillToEnd = new ArrayList<>(all);
        stillToEnd.removeAll(daemons.values());
        for (LabMember member : members()) {
            member.reconnect();
        }
        children.end(new ArrayList<>(daemons.values()), PATIENCE);
        postmasters.addAll(postmasters());
        for (ProcessHandle postmaster : postmasters) {
            postmaster.descendants().forEach(ProcessHandle::destroyForcibly);
            postmaster.destroyForcibly();
        }
        children.end(stillToEnd, PATIENCE);
        for (LabMember member : members()) {
            member.close();
        }
        scratch.remove();
    }

    /** Postmasters that run in our data directories: their ids are checked against the kernel. */
    private List<ProcessHandle> postmasters() {
        List<ProcessHandle> found = new ArrayList<>();
        for (LabMember member : members()) {
            try {
                long pid = postmaster(member);
                Path directory = Path.of("/proc", Long.toString(pid), "cwd").toRealPath();
                if (directory.equals(scratch.file(member.name()).toRealPath())) {
                    ProcessHandle.of(pid).ifPresent(found::add);
                }
            } catch (LabException | IOException e) {
                continue; // no server runs there: nothing to end
            }
        }
        return found;
    }
}
