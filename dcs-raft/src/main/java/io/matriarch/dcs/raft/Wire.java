package io.matriarch.dcs.raft;

import java.io.IOException;
import java.net.ConnectException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.apache.ratis.client.impl.ClientProtoUtils;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.grpc.GrpcUtil;
import org.apache.ratis.proto.RaftProtos.RaftClientReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftClientRequestProto;
import org.apache.ratis.proto.grpc.AdminProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.AdminProtocolServiceGrpc.AdminProtocolServiceBlockingStub;
import org.apache.ratis.proto.grpc.RaftClientProtocolServiceGrpc;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.GroupInfoRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.thirdparty.io.grpc.ConnectivityState;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.netty.NegotiationType;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.thirdparty.io.netty.channel.EventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.nio.NioEventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.socket.nio.NioSocketChannel;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.NotSslRecordException;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connections to the members of the store.
 *
 * <p>The library's own client retries, waits and remembers in ways that fit no deadline, so only
 * its messages are used. A connection over which a request ran out of time is not used again: it
 * may lead into a black hole for as long as TCP keeps trying. Thread-safe.
 */
final class Wire implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final int LARGEST_MESSAGE = 32 << 20;
    private static final long LINGER_SECONDS = 15;
    private static final Duration HANDSHAKE = Duration.ofSeconds(2);

    /** What the JDK says when the other side ends a handshake. */
    private static final String ALERT = "fatal alert";

    /** How a request goes through the store. */
    enum Way {
        /** As an entry of the log. */
        LOG,
        /** To the very member that is asked. */
        MEMBER
    }

    /** What came of one attempt. */
    sealed interface Answer {
        /** The store's answer. */
        record Content(byte[] bytes) implements Answer {}

        /**
         * The member does not lead. The request may all the same stand in the log: a leader that is
         * deposed says so too.
         */
        record NotLeader(Optional<String> leader) implements Answer {}

        /** No answer. */
        record Failed(Failure failure, String detail) implements Answer {}
    }

    /** Why there was no answer. */
    enum Failure {
        /** Nothing was sent. */
        NOT_SENT,
        /** The other side and this one do not trust each other; nothing was sent. */
        NOT_TRUSTED,
        /** It may have been sent. */
        UNKNOWN
    }

    /**
     * Serves all clients of this process, and is never ended: the library tells the end of such a
     * group on a thread that is not a daemon.
     */
    private static final EventLoopGroup LOOP =
            new NioEventLoopGroup(
                    2,
                    task -> {
                        Thread thread = new Thread(task, "raft-client");
                        thread.setDaemon(true);
                        return thread;
                    });

    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Optional<SslContext> tls;
    private final Map<Address, Address> routes;
    private final Map<Address, ManagedChannel> channels = new HashMap<>();
    private final Map<ManagedChannel, Long> dialled = new IdentityHashMap<>();
    private boolean closed;

    /**
     * @param routes where a member is reached, if not under its address
     */
    Wire(Optional<GrpcTlsConfig> security, Map<Address, Address> routes) {
        this.routes = routes;
        this.tls = security.map(GrpcUtil::buildSslContextForClient);
    }

    /** Never fails: what went wrong is in the answer, which comes by the end of the patience. */
    CompletableFuture<Answer> send(Address member, Way way, byte[] message, Duration patience) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        RaftClientRequestProto request = request(member, way, message);
        Optional<ManagedChannel> channel = channel(member);
        if (channel.isEmpty()) {
            answer.complete(new Answer.Failed(Failure.NOT_SENT, "closed"));
            return answer;
        }
        try {
            StreamObserver<RaftClientRequestProto> stream =
                    RaftClientProtocolServiceGrpc.newStub(channel.get())
                            .withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS)
                            .unordered(new Replies(member, channel.get(), answer));
            stream.onNext(request);
            stream.onCompleted();
        } catch (RejectedExecutionException | IllegalStateException e) {
            // This side was closed meanwhile, or the call ended before it had begun.
            LOG.debug("a request to {} was not sent whole", member, e);
            answer.complete(new Answer.Failed(Failure.UNKNOWN, member + ": not sent whole"));
        }
        return answer;
    }

    /**
     * What a member tells of itself.
     *
     * @return empty if it knows nothing of this store yet
     * @throws IOException if it does not answer
     */
    Optional<GroupInfoReply> info(Address member, Duration patience) throws IOException {
        GroupInfoRequest request =
                new GroupInfoRequest(client, Group.id(member), Group.ID, calls.incrementAndGet());
        try {
            return Optional.of(
                    ClientProtoUtils.toGroupInfoReply(
                            admin(member, patience)
                                    .groupInfo(ClientProtoUtils.toGroupInfoRequestProto(request))));
        } catch (StatusRuntimeException e) {
            Throwable told = GrpcUtil.unwrapThrowable(e);
            if (told instanceof GroupMismatchException) {
                return Optional.empty();
            }
            throw new IOException(member + ": " + told, e);
        }
    }

    /**
     * Asks a member to change who belongs to the store.
     *
     * @throws IOException if it was not seen done
     */
    void change(Address member, List<RaftPeer> from, List<RaftPeer> to, Duration patience)
            throws IOException {
        SetConfigurationRequest request =
                new SetConfigurationRequest(
                        client,
                        Group.id(member),
                        Group.ID,
                        calls.incrementAndGet(),
                        SetConfigurationRequest.Arguments.newBuilder()
                                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                                .setServersInCurrentConf(from)
                                .setServersInNewConf(to)
                                .build());
        try {
            RaftClientReply reply =
                    ClientProtoUtils.toRaftClientReply(
                            admin(member, patience)
                                    .setConfiguration(
                                            ClientProtoUtils.toSetConfigurationRequestProto(
                                                    request)));
            if (!reply.isSuccess()) {
                throw new IOException(member + ": " + reply.getException());
            }
        } catch (StatusRuntimeException e) {
            throw new IOException(member + ": " + GrpcUtil.unwrapThrowable(e), e);
        }
    }

    private AdminProtocolServiceBlockingStub admin(Address member, Duration patience)
            throws IOException {
        ManagedChannel channel = channel(member).orElseThrow(() -> new IOException("closed"));
        channel.resetConnectBackoff();
        return AdminProtocolServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private RaftClientRequestProto request(Address member, Way way, byte[] message) {
        return ClientProtoUtils.toRaftClientRequestProto(
                RaftClientRequest.newBuilder()
                        .setClientId(client)
                        .setServerId(Group.id(member))
                        .setGroupId(Group.ID)
                        .setCallId(calls.incrementAndGet())
                        .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(message)))
                        .setType(
                                way == Way.LOG
                                        ? RaftClientRequest.writeRequestType()
                                        : RaftClientRequest.staleReadRequestType(0))
                        .build());
    }

    private synchronized Optional<ManagedChannel> channel(Address member) {
        return closed
                ? Optional.empty()
                : Optional.of(channels.computeIfAbsent(member, this::dial));
    }

    private ManagedChannel dial(Address member) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forTarget("dns:///" + routes.getOrDefault(member, member))
                        .proxyDetector(address -> null)
                        .eventLoopGroup(LOOP)
                        .channelType(NioSocketChannel.class)
                        .directExecutor()
                        .disableRetry()
                        .maxInboundMessageSize(LARGEST_MESSAGE);
        if (routes.containsKey(member)) {
            // Its certificate names the member, not the way to it.
            builder.overrideAuthority(member.toString());
        }
        tls.ifPresentOrElse(
                context -> builder.useTransportSecurity().sslContext(context),
                () -> builder.negotiationType(NegotiationType.PLAINTEXT));
        ManagedChannel channel = builder.build();
        dialled.put(channel, System.nanoTime());
        return channel;
    }

    /**
     * Other requests under way on it may still be answered. One that is still being made is given
     * its time: a busy machine would else begin each handshake anew and end none.
     */
    private synchronized void abandon(Address member, ManagedChannel channel) {
        boolean young =
                System.nanoTime() - dialled.getOrDefault(channel, 0L) < HANDSHAKE.toNanos()
                        && channel.getState(false) == ConnectivityState.CONNECTING;
        if (!young && channels.remove(member, channel)) {
            dialled.remove(channel);
            channel.shutdown();
            if (!closed) {
                LOOP.schedule(channel::shutdownNow, LINGER_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private final class Replies implements StreamObserver<RaftClientReplyProto> {
        private final Address member;
        private final ManagedChannel channel;
        private final CompletableFuture<Answer> answer;

        Replies(Address member, ManagedChannel channel, CompletableFuture<Answer> answer) {
            this.member = member;
            this.channel = channel;
            this.answer = answer;
        }

        @Override
        public void onNext(RaftClientReplyProto proto) {
            answer.complete(understood(ClientProtoUtils.toRaftClientReply(proto)));
        }

        @Override
        public void onError(Throwable failure) {
            LOG.debug("no answer of {}", member, failure);
            if (!(GrpcUtil.unwrapThrowable(failure) instanceof IOException told)
                    || Status.fromThrowable(failure).getCode() != Status.Code.INTERNAL) {
                abandon(member, channel);
                answer.complete(failed(failure));
            } else {
                // The member itself says that it cannot: it starts, or it ends.
                answer.complete(new Answer.Failed(Failure.UNKNOWN, member + ": " + told));
            }
        }

        @Override
        public void onCompleted() {
            answer.complete(new Answer.Failed(Failure.UNKNOWN, member + " gave no answer"));
        }

        private Answer understood(RaftClientReply reply) {
            if (reply.isSuccess()) {
                return new Answer.Content(reply.getMessage().getContent().toByteArray());
            }
            if (reply.getException() instanceof NotLeaderException other) {
                return new Answer.NotLeader(
                        Optional.ofNullable(other.getSuggestedLeader()).map(RaftPeer::getAddress));
            }
            return new Answer.Failed(Failure.UNKNOWN, member + ": " + reply.getException());
        }

        /** A connection that is cut during a handshake is an exception of TLS, too. */
        private static boolean tellsOfTrust(SSLException broken) {
            for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
                if (cause instanceof CertificateException
                        || cause instanceof NotSslRecordException
                        || Objects.toString(cause.getMessage(), "").contains(ALERT)) {
                    return true;
                }
            }
            return false;
        }

        private Answer failed(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof ConnectException) {
                    return new Answer.Failed(Failure.NOT_SENT, member + ": connection refused");
                }
                if (cause instanceof SSLException broken && tellsOfTrust(broken)) {
                    return new Answer.Failed(
                            Failure.NOT_TRUSTED, member + ": " + cause.getMessage());
                }
            }
            return new Answer.Failed(
                    Failure.UNKNOWN, member + ": " + Status.fromThrowable(failure).getCode());
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            // Ending one calls back into abandon, which changes the map.
            List.copyOf(channels.values()).forEach(ManagedChannel::shutdownNow);
            channels.clear();
            dialled.clear();
        }
    }
}
