package io.matriarch.demo;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One etcd and three members in a scratch directory, started and ended by the demo. */
final class DemoCluster implements AutoCloseable {
    private static final int MEMBERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LOG_LINES = 15;

    private final Binaries binaries;
    private final Scratch scratch;
    private final Children children;
    private final String password;
    private final Path launcher;
    private final int etcdPort;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, Process> daemons = new LinkedHashMap<>();
    private final RestClient rest = new RestClient();
    private boolean closed;

    private DemoCluster(Binaries binaries, Account account, Path home)
            throws IOException, DemoException {
        this.binaries = binaries;
        this.scratch = Scratch.create(account);
        this.children = new Children(account, scratch.directory());
        this.password = new BigInteger(80, new SecureRandom()).toString(36);
        this.launcher = readableHome(account, home).resolve("bin").resolve("matriarch");
        this.etcdPort = Ports.free(1).get(0);
    }

    /**
     * Prepares everything and starts nothing yet.
     *
     * @param home the distribution
     */
    static DemoCluster prepare(Path home) throws DemoException {
        Binaries binaries = Binaries.find();
        Account account = Account.choose();
        try {
            return new DemoCluster(binaries, account, home);
        } catch (IOException e) {
            throw new DemoException("cannot make a scratch directory: " + e.getMessage(), e);
        }
    }

    /**
     * Starts etcd and the members. Call from the thread that ends last.
     *
     * @param cables whether members can be cut off
     */
    synchronized void start(boolean cables) throws DemoException {
        try {
            startEtcd();
            for (int i = 1; i <= MEMBERS; i++) {
                String name = "node" + i;
                Member member =
                        cables
                                ? Member.behindCables(name, etcdPort)
                                : Member.direct(name, etcdPort);
                members.put(name, member);
                startDaemon(member);
            }
            scratch.write("ctl.yml", MemberFile.ofTool(etcdPort), "rw-r--r--");
        } catch (IOException e) {
            throw new DemoException(
                    "cannot prepare " + scratch.directory() + ": " + e.getMessage(), e);
        }
    }

    private void startEtcd() throws IOException, DemoException {
        String client = "http://127.0.0.1:" + etcdPort;
        String peer = "http://127.0.0.1:" + Ports.free(1).get(0);
        children.start(
                List.of(
                        binaries.etcd().toString(),
                        "--name",
                        "demo",
                        "--data-dir",
                        scratch.file("etcd").toString(),
                        "--listen-client-urls",
                        client,
                        "--advertise-client-urls",
                        client,
                        "--listen-peer-urls",
                        peer,
                        "--initial-advertise-peer-urls",
                        peer,
                        "--initial-cluster",
                        "demo=" + peer),
                scratch.file("etcd.log"));
    }

    private void startDaemon(Member member) throws IOException, DemoException {
        Path file =
                scratch.write(
                        member.name() + ".yml",
                        MemberFile.of(member, scratch.directory(), binaries.postgres(), password),
                        "rw-------");
        daemons.put(
                member.name(),
                children.start(
                        List.of(launcher.toString(), "run", file.toString()),
                        scratch.file(member.name() + ".log")));
    }

    /** The distribution where the account can read it: the original, or a copy. */
    private Path readableHome(Account account, Path home) throws IOException {
        if (account.name().isEmpty()) {
            return home;
        }
        for (Path part = home; part != null; part = part.getParent()) {
            if (!Files.getPosixFilePermissions(part)
                    .contains(java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE)) {
                return scratch.copyOf(home);
            }
        }
        return home;
    }

    List<Member> members() {
        return new ArrayList<>(members.values());
    }

    Member member(String name) throws DemoException {
        Member member = members.get(name);
        if (member == null) {
            throw new DemoException("the cluster names a member that is not ours: " + name);
        }
        return member;
    }

    String password() {
        return password;
    }

    Path directory() {
        return scratch.directory();
    }

    RestClient rest() {
        return rest;
    }

    /** The picture of the first member that answers. */
    ClusterPicture picture() throws InterruptedException {
        for (Member member : members()) {
            Optional<ClusterPicture> picture = rest.cluster(member);
            if (picture.isPresent()) {
                return picture.get();
            }
        }
        return ClusterPicture.NOTHING;
    }

    boolean isWhole(ClusterPicture picture) {
        return picture.isWhole(MEMBERS);
    }

    /** A daemon that ended by itself is an error; its last words are the reason. */
    void checkDaemons() throws DemoException {
        for (Map.Entry<String, Process> daemon : daemons.entrySet()) {
            if (!daemon.getValue().isAlive()) {
                String log = daemon.getKey() + ".log";
                throw new DemoException(
                        "the daemon of "
                                + daemon.getKey()
                                + " ended; its last lines:\n"
                                + scratch.tail(log, LOG_LINES));
            }
        }
    }

    /** The process id of a member's postmaster, as PostgreSQL wrote it down. */
    long postmaster(Member member) throws DemoException {
        Path file = scratch.file(member.name()).resolve("postmaster.pid");
        try {
            return Long.parseLong(Files.readAllLines(file).get(0).trim());
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            throw new DemoException("cannot read " + file + ": " + e, e);
        }
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
        for (Member member : members()) {
            member.reconnect();
        }
        children.end(new ArrayList<>(daemons.values()), PATIENCE);
        postmasters.addAll(postmasters());
        for (ProcessHandle postmaster : postmasters) {
            postmaster.descendants().forEach(ProcessHandle::destroyForcibly);
            postmaster.destroyForcibly();
        }
        children.end(stillToEnd, PATIENCE);
        for (Member member : members()) {
            member.close();
        }
        scratch.remove();
    }

    /** Postmasters that run in our data directories: their ids are checked against the kernel. */
    private List<ProcessHandle> postmasters() {
        List<ProcessHandle> found = new ArrayList<>();
        for (Member member : members()) {
            try {
                long pid = postmaster(member);
                Path directory = Path.of("/proc", Long.toString(pid), "cwd").toRealPath();
                if (directory.equals(scratch.file(member.name()).toRealPath())) {
                    ProcessHandle.of(pid).ifPresent(found::add);
                }
            } catch (DemoException | IOException e) {
                continue; // no server runs there: nothing to end
            }
        }
        return found;
    }
}
