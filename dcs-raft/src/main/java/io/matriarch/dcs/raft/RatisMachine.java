package io.matriarch.dcs.raft;

import io.matriarch.dcs.raft.machine.Machine;
import io.matriarch.dcs.raft.machine.Poll;
import io.matriarch.dcs.raft.machine.ReplyCodec;
import io.matriarch.dcs.raft.machine.RequestCodec;
import io.matriarch.dcs.raft.machine.SnapshotCodec;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;

/** Lets the library drive a {@link Machine}. Called by the library's own threads. */
final class RatisMachine extends BaseStateMachine {
    /** Told by the library's threads; never blocks. */
    interface Events {
        /** This member leads and has applied all entries of the leaders before. */
        void leads();

        /** Another member leads, or nobody. */
        void follows();

        /** The log cannot be written any more. */
        void broken(Throwable cause);
    }

    private final SnapshotFiles snapshots = new SnapshotFiles();
    private final Watchers watchers = new Watchers();
    private final Events events;
    private Machine machine = new Machine();

    RatisMachine(Events events) {
        this.events = events;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage)
            throws IOException {
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            super.initialize(server, group, raftStorage);
                            snapshots.open(raftStorage).ifPresent(this::restore);
                        });
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        snapshots.load().ifPresent(this::restore);
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    private synchronized void restore(SnapshotFiles.Saved saved) {
        machine = saved.machine();
        setLastAppliedTermIndex(saved.last());
        watchers.restart(saved.last().getIndex(), machine.now());
    }

    /** What no member could apply must not come into the log, or it would end them all. */
    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        TransactionContext context = super.startTransaction(request);
        try {
            RequestCodec.decode(request.getMessage().getContent().toByteArray());
        } catch (IllegalArgumentException e) {
            context.setException(new IOException("not a request of this store", e));
        }
        return context;
    }

    @Override
    public synchronized CompletableFuture<Message> applyTransaction(TransactionContext context) {
        LogEntryProto entry = context.getLogEntry();
        long index = entry.getIndex();
        byte[] request = entry.getStateMachineLogEntry().getLogData().toByteArray();
        Machine.Applied applied = machine.apply(index, RequestCodec.decode(request));
        updateLastAppliedTermIndex(entry.getTerm(), index);
        watchers.applied(index, machine.now(), applied.changes());
        return CompletableFuture.completedFuture(message(ReplyCodec.encode(applied.reply())));
    }

    private static Message message(byte[] bytes) {
        ByteString content = UnsafeByteOperations.unsafeWrap(bytes);
        return Message.valueOf(content);
    }

    /** A listener's question: the only thing that is answered from this member's memory. */
    @Override
    public CompletableFuture<Message> query(Message question) {
        return watchers.poll(Poll.decode(question.getContent().toByteArray()))
                .thenApply(news -> message(news.encode()));
    }

    /** One that fails is tried again; for anything but this exception the library would end. */
    @Override
    public synchronized long takeSnapshot() throws IOException {
        TermIndex last = getLastAppliedTermIndex();
        try {
            snapshots.save(last, SnapshotCodec.encode(machine));
        } catch (RuntimeException e) {
            throw new IOException("a snapshot could not be written", e);
        }
        return last.getIndex();
    }

    @Override
    public SnapshotInfo getLatestSnapshot() {
        return snapshots.storage().getLatestSnapshot();
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots.storage();
    }

    @Override
    public void notifyLeaderReady() {
        events.leads();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId self, RaftPeerId leader) {
        if (!self.getPeerId().equals(leader)) {
            events.follows();
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
        events.broken(cause);
    }
}
