package io.matriarch.engine.simulation;

import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.port.PeerPort;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks other daemons over the network; a frozen one accepts and does not answer. */
final class ModelPeers implements PeerPort {
    private final World world;
    private final Cluster cluster;
    private final Node node;
    private final DaemonLane lane;

    ModelPeers(World world, Cluster cluster, Node node, DaemonLane lane) {
        this.world = world;
        this.cluster = cluster;
        this.node = node;
        this.lane = lane;
    }

    @Override
    public void probe(Member member, Duration budget, Consumer<Optional<PeerStatus>> to) {
        node.observer()
                .effect(node, new Observer.Effect(Observer.Effect.Kind.PROBE, member.name()));
        Optional<Node> peer = cluster.find(member.name());
        long there = world.millis(1, 15);
        long back = world.chance(0.02) ? world.millis(20, 1_500) : world.millis(1, 15);
        boolean silent =
                peer.filter(p -> cluster.network().passes(node.name(), p.name())).isEmpty();
        if (silent) {
            unanswered(budget, to);
            return;
        }
        world.after(there, () -> asked(peer.get(), budget.minusNanos(there), back, to));
    }

    private void asked(Node peer, Duration left, long back, Consumer<Optional<PeerStatus>> to) {
        boolean hears = peer.lane().filter(DaemonLane::isFrozen).isEmpty();
        if (!hears
                || back > left.toNanos()
                || !cluster.network().passes(peer.name(), node.name())) {
            unanswered(left, to);
            return;
        }
        Optional<PeerStatus> answer = peer.isDaemonRunning() ? status(peer) : Optional.empty();
        lane.timer(back, () -> to.accept(answer));
    }

    private void unanswered(Duration budget, Consumer<Optional<PeerStatus>> to) {
        lane.after(budget.isNegative() ? Duration.ZERO : budget, () -> to.accept(Optional.empty()));
    }

    private static Optional<PeerStatus> status(Node peer) {
        Server server = peer.server();
        if (!server.isUp()) {
            return Optional.empty();
        }
        boolean primary = server.phase() == Server.Phase.PRIMARY;
        return Optional.of(
                new PeerStatus(
                        primary,
                        primary ? Lsn.ZERO : new Lsn(server.position()),
                        server.timeline().number(),
                        peer.options().tags(),
                        false));
    }
}
