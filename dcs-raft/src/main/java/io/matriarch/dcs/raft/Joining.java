package io.matriarch.dcs.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a member without data into the store.
 *
 * <p>A member whose disk was lost has forgotten what it promised. If it voted at once, it and a
 * member that lagged behind could elect a leader without entries that were acknowledged. So it
 * votes only if the store is new, which all others must confirm; else it has itself taken out of
 * the store and added again, by which it gets the log before it has a vote.
 */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration QUESTION = Duration.ofSeconds(2);
    private static final Duration CHANGE = Duration.ofSeconds(30);
    private static final int TELL_EVERY = 20;

    private final RaftSettings settings;
    private final Path unfinished;
    private final Address self;
    private final RaftServer server;
    private final Wire wire;
    private final BooleanSupplier over;
    private boolean inside;
    private int rounds;

    /**
     * @param unfinished a file that exists while this member is inside without a vote
     * @param server started, without any group
     * @param over whether nobody wants it any more, or it cannot go on
     */
    Joining(
            RaftSettings settings,
            Path unfinished,
            RaftServer server,
            Wire wire,
            BooleanSupplier over) {
        this.settings = settings;
        this.unfinished = unfinished;
        this.self = settings.self().orElseThrow();
        this.server = server;
        this.wire = wire;
        this.over = over;
    }

    /** Returns when this member takes part, or cannot any more. */
    void run() throws InterruptedException {
        while (!over.getAsBoolean()) {
            try {
                if (round()) {
                    return;
                }
            } catch (IOException e) {
                tell("waits to be let into the store (" + e.getMessage() + ")");
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private void tell(String what) {
        if (rounds++ % TELL_EVERY == 0) {
            LOG.warn("the member {} {}", self, what);
        } else {
            LOG.debug("the member {} {}", self, what);
        }
    }

    /** What one other member said. */
    private record Heard(Address from, GroupInfoReply info) {}

    private boolean round() throws IOException {
        List<Address> silent = new ArrayList<>();
        Optional<Heard> established = Optional.empty();
        for (Address partner : settings.partners()) {
            try {
                Optional<GroupInfoReply> info = wire.info(partner, QUESTION);
                if (info.filter(Joining::hasLog).isPresent()) {
                    established = Optional.of(new Heard(partner, info.get()));
                }
            } catch (IOException e) {
                LOG.debug("{} does not tell whether the store is new", partner, e);
                silent.add(partner);
            }
        }
        if (established.isPresent()) {
            return join(established.get());
        }
        if (!silent.isEmpty()) {
            tell(
                    "has no data and waits for "
                            + silent
                            + ": a new store begins when all its members are there");
            return false;
        }
        enter(Group.of(settings.members()));
        LOG.info("the member {} begins a new store with {}", self, settings.partners());
        return true;
    }

    private static boolean hasLog(GroupInfoReply info) {
        return info.getLogInfoProto().getLastEntry().getIndex() > 0
                || info.getLogInfoProto().getCommitted().getIndex() > 0
                || info.getLogInfoProto().getLastSnapshot().getIndex() > 0;
    }

    private boolean join(Heard heard) throws IOException {
        RaftConfigurationProto configuration =
                heard.info()
                        .getConf()
                        .orElseThrow(() -> new IOException(heard.from() + " tells no members"));
        List<RaftPeer> members = configuration.getPeersList().stream().map(Joining::peer).toList();
        if (configuration.getOldPeersCount() > 0) {
            throw new IOException("the members of the store are being changed");
        }
        List<RaftPeer> others = remaining(members);
        if (!inside && others.size() < members.size()) {
            warnOfOlderData(members);
            change(members, others);
            LOG.info("the store of {} became one of {}, to be joined anew", members, others);
            return false;
        }
        if (!inside) {
            // Without a vote until the others add it; a crash before that must not leave one.
            Files.writeString(unfinished, "this member was not added to the store yet");
            enter(RaftGroup.valueOf(Group.ID, others));
            inside = true;
        }
        if (members.stream().noneMatch(this::isSelf)) {
            List<RaftPeer> all = new ArrayList<>(others);
            all.add(Group.peer(self));
            change(members, all);
        }
        Files.delete(unfinished);
        LOG.info("the member {} was added to the store", self);
        return true;
    }

    /** Nobody can tell later that data is older than what this member has promised since. */
    private void warnOfOlderData(List<RaftPeer> members) {
        if (members.stream().anyMatch(this::isSelf)) {
            LOG.warn(
                    "the store knows the member {}, but {} holds nothing of it, so it is added"
                            + " anew; if its data is elsewhere, as on a disk that is not mounted,"
                            + " remove it: it must not be used again",
                    self,
                    unfinished.getParent());
        }
    }

    private boolean isSelf(RaftPeer peer) {
        return peer.getId().equals(Group.id(self));
    }

    /** Without this member, and without one that it replaces: unnamed, and dead. */
    private List<RaftPeer> remaining(List<RaftPeer> members) throws IOException {
        List<RaftPeer> unnamed =
                members.stream()
                        .filter(
                                peer ->
                                        settings.members().stream()
                                                .map(Group::id)
                                                .noneMatch(peer.getId()::equals))
                        .toList();
        for (RaftPeer peer : unnamed) {
            if (unnamed.size() > 1 || answers(peer)) {
                throw new IOException(
                        "raft.partner_addrs does not name "
                                + unnamed
                                + ", which belong to the store; name them, or end the one that"
                                + " this member replaces");
            }
        }
        return members.stream().filter(peer -> !isSelf(peer) && !unnamed.contains(peer)).toList();
    }

    private boolean answers(RaftPeer peer) {
        try {
            wire.info(Address.parse(peer.getAddress(), "a member's address"), QUESTION);
            return true;
        } catch (IOException e) {
            LOG.debug("{} does not answer, so it can be replaced", peer, e);
            return false;
        }
    }

    private static RaftPeer peer(RaftPeerProto proto) {
        return ProtoUtils.toRaftPeer(proto);
    }

    /** Only the leader can do it, and nobody else says who that is. */
    private void change(List<RaftPeer> from, List<RaftPeer> to) throws IOException {
        IOException last = new IOException("there is nobody to ask");
        for (Address partner : settings.partners()) {
            try {
                wire.change(partner, from, to, CHANGE);
                return;
            } catch (IOException e) {
                LOG.debug("{} did not change the members", partner, e);
                last = e;
            }
        }
        throw last;
    }

    private void enter(RaftGroup group) throws IOException {
        RaftClientReply reply =
                server.groupManagement(
                        GroupManagementRequest.newAdd(
                                ClientId.randomId(), server.getId(), 1, group));
        if (!reply.isSuccess()) {
            throw new IOException("cannot begin: " + reply.getException());
        }
    }
}
