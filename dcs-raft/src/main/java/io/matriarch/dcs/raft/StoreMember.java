package io.matriarch.dcs.raft;

import io.matriarch.dcs.raft.machine.Command;
import io.matriarch.dcs.raft.machine.Reply;
import io.matriarch.dcs.raft.machine.ReplyCodec;
import io.matriarch.dcs.raft.machine.Request;
import io.matriarch.dcs.raft.machine.RequestCodec;
import io.matriarch.spi.DcsException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.ExitUtils;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member of the store in this process: keeps the log on disk, votes, and leads when it is
 * elected. If its disk fails it leaves the others alone, and comes back when the disk does.
 */
final class StoreMember implements AutoCloseable, RatisMachine.Events {
    private static final Logger LOG = LoggerFactory.getLogger(StoreMember.class);
    private static final Duration COME_BACK = Duration.ofSeconds(5);
    private static final Set<LifeCycle.State> ENDED =
            LifeCycle.States.CLOSING_OR_CLOSED_OR_EXCEPTION;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PROPOSAL = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(4);

    private final RaftSettings settings;
    private final Address self;
    private final Path folder;
    private final Optional<GrpcTlsConfig> security;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Thread thread;
    private final Pacemaker pacemaker;
    private Optional<RaftServer> running = Optional.empty();
    private boolean broken;
    private boolean closed;

    private StoreMember(RaftSettings settings, Optional<GrpcTlsConfig> security) {
        this.settings = settings;
        this.self = settings.self().orElseThrow();
        this.folder = settings.dataDir().resolve(Group.id(self).toString());
        this.security = security;
        this.pacemaker = new Pacemaker(this::propose);
        // The library's threads are daemons if the one that starts them is.
        this.thread = new Thread(this::run, "raft-member");
        thread.setDaemon(true);
    }

    /**
     * Starts it. Does not wait for the others.
     *
     * @throws DcsException.Misconfigured if it can neither listen nor write
     */
    static StoreMember open(RaftSettings settings, Optional<GrpcTlsConfig> security) {
        // A library must not end the process because a port is taken.
        ExitUtils.disableSystemExit();
        StoreMember member = new StoreMember(settings, security);
        member.check();
        if (security.isEmpty()) {
            LOG.warn(
                    "raft has neither a password nor certificates: whoever reaches {} can change"
                            + " everything in the store",
                    settings.bind());
        }
        member.thread.start();
        member.pacemaker.start();
        return member;
    }

    private void check() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DcsException.Misconfigured(
                    "raft.data_dir "
                            + settings.dataDir()
                            + " cannot be written ("
                            + e.getMessage()
                            + "); create it, owned by the user of this process",
                    e);
        }
        InetSocketAddress address =
                new InetSocketAddress(settings.bind().host(), settings.bind().port());
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        } catch (IOException | IllegalArgumentException e) {
            throw new DcsException.Misconfigured(
                    "raft cannot listen on "
                            + settings.bind()
                            + " ("
                            + e.getMessage()
                            + "); correct raft.bind_addr or raft.self_addr, or end who listens there",
                    e);
        }
    }

    private void run() {
        try {
            while (true) {
                try {
                    begin();
                } catch (IOException | RuntimeException | OutOfMemoryError e) {
                    // The library throws the first two for a folder that it cannot use.
                    LOG.error(
                            "the member {} of the store cannot start, it tries again: {}",
                            self,
                            unwrapped(e).toString());
                    LOG.debug("why it cannot start", e);
                    failed();
                }
                if (!awaitTrouble()) {
                    return;
                }
                end();
                if (!pause()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the member {} of the store was interrupted", self, e);
        }
    }

    /** The library starts on threads of its own, and wraps what they threw. */
    private static Throwable unwrapped(Throwable thrown) {
        boolean wraps = thrown instanceof CompletionException && thrown.getCause() != null;
        return wraps ? unwrapped(thrown.getCause()) : thrown;
    }

    private void begin() throws IOException, InterruptedException {
        Parameters parameters = new Parameters();
        security.ifPresent(tls -> GrpcConfigKeys.TLS.setConf(parameters, tls));
        boolean known = hasData();
        RaftServer.Builder builder = RaftServer.newBuilder();
        if (known) {
            builder.setGroup(Group.of(settings.members()));
        }
        RaftServer server =
                builder.setServerId(Group.id(self))
                        .setStateMachineRegistry(group -> new RatisMachine(this))
                        .setProperties(MemberProperties.of(settings, folder))
                        .setParameters(parameters)
                        .setOption(RaftStorage.StartupOption.RECOVER)
                        .build();
        synchronized (this) {
            running = Optional.of(server);
            broken = false;
        }
        server.start();
        if (!known) {
            LOG.info("the member {} of the store has no data yet, it asks the others", self);
            try (Wire wire = new Wire(security, settings.routes())) {
                new Joining(settings, unfinished(), server, wire, this::isOver).run();
            }
        }
        if (!isOver()) {
            LOG.info("the member {} of the store has started", self);
        }
    }

    private Path unfinished() {
        return folder.resolve("joining");
    }

    /** Data of a member that was not yet added when it ended is none. */
    private boolean hasData() throws IOException {
        Path data = folder.resolve(Group.ID.getUuid().toString());
        if (Files.exists(unfinished())) {
            if (Files.isDirectory(data)) {
                try (Stream<Path> files = Files.walk(data)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            Files.delete(unfinished());
        }
        return Files.isDirectory(data);
    }

    private synchronized boolean isOver() {
        if (!broken && !closed && server().filter(StoreMember::hasEnded).isPresent()) {
            LOG.error(
                    "the member {} of the store has ended by itself and is started again; the"
                            + " messages before this one tell why, and if another member took its"
                            + " place, end this one for good",
                    self);
            broken = true;
        }
        return closed || broken;
    }

    /** The library closes what it cannot go on with, on whatever thread, and tells nobody. */
    private static boolean hasEnded(RaftServer server) {
        try {
            return ENDED.contains(server.getDivision(Group.ID).getInfo().getLifeCycleState());
        } catch (IOException e) {
            // It was not let into the store yet.
            return false;
        }
    }

    private synchronized void failed() {
        broken = true;
    }

    private synchronized boolean awaitTrouble() throws InterruptedException {
        while (!isOver()) {
            wait(LOOK.toMillis());
        }
        return !closed;
    }

    private synchronized boolean pause() throws InterruptedException {
        if (!closed) {
            wait(COME_BACK.toMillis());
        }
        return !closed;
    }

    private void end() {
        pacemaker.leads(false);
        Optional<RaftServer> server;
        synchronized (this) {
            server = running;
            running = Optional.empty();
        }
        try {
            if (server.isPresent()) {
                server.get().close();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("the member {} of the store did not end cleanly: {}", self, e.toString());
        }
    }

    synchronized Optional<RaftServer> server() {
        return running;
    }

    private Reply propose(Command command) {
        Optional<RaftServer> server = server();
        if (server.isEmpty()) {
            throw new IllegalStateException("this member does not run");
        }
        byte[] entry = RequestCodec.encode(new Request("clock " + self, calls.get(), 0, command));
        RaftClientRequest request =
                RaftClientRequest.newBuilder()
                        .setClientId(client)
                        .setServerId(Group.id(self))
                        .setGroupId(Group.ID)
                        .setCallId(calls.incrementAndGet())
                        .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
                        .setType(RaftClientRequest.writeRequestType())
                        .build();
        try {
            RaftClientReply reply =
                    server.get()
                            .submitClientRequestAsync(request)
                            .get(PROPOSAL.toMillis(), TimeUnit.MILLISECONDS);
            if (!reply.isSuccess()) {
                throw new IllegalStateException(reply.getException());
            }
            return ReplyCodec.decode(reply.getMessage().getContent().toByteArray());
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void leads() {
        LOG.info("the member {} leads the store", self);
        pacemaker.leads(true);
    }

    @Override
    public void follows() {
        pacemaker.leads(false);
    }

    @Override
    public synchronized void broken(Throwable cause) {
        if (!broken && !closed) {
            LOG.error(
                    "the log of the store in {} cannot be written ({}); this member leaves the"
                            + " store until it can be: make room on the disk, or replace it",
                    folder,
                    cause.toString());
        }
        broken = true;
        notifyAll();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        pacemaker.close();
        Thread ending = new Thread(this::end, "raft-end");
        ending.setDaemon(true);
        ending.start();
        try {
            ending.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
