package io.matriarch.lab;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * What a lab is made of.
 *
 * @param store where the leader's lease is kept
 * @param product whose daemon runs beside each server
 * @param members how many, named node1, node2 ...
 * @param ttl seconds
 * @param loopWait seconds
 * @param retryTimeout seconds
 * @param cables members can be cut off
 * @param customize member name and YAML to the YAML that it gets
 */
public record LabPlan(
        Store store,
        Product product,
        int members,
        int ttl,
        int loopWait,
        int retryTimeout,
        boolean cables,
        BiFunction<String, String, String> customize) {
    /** Whose daemon. Both read the same file. */
    public enum Product {
        MATRIARCH,
        PEER;

        List<String> command(String launcher, String file) {
            return this == MATRIARCH ? List.of(launcher, "run", file) : List.of("patroni", file);
        }
    }

    /** What keeps the lease. */
    public enum Store {
        /** One etcd beside the members. */
        ETCD3,
        /** One Consul server. */
        CONSUL,
        /** One ZooKeeper server. */
        ZOOKEEPER,
        /** One API server, on an etcd of its own. */
        KUBERNETES,
        /** The members themselves. */
        RAFT;

        /** Whether members can be cut off from it, because it is something else than they. */
        public boolean isApart() {
            return this != RAFT;
        }
    }

    /** Three members with short times, still within what the peer allows. */
    public static LabPlan three() {
        return new LabPlan(
                Store.ETCD3, Product.MATRIARCH, 3, 20, 5, 5, false, (name, yaml) -> yaml);
    }

    List<String> names() {
        return IntStream.rangeClosed(1, members).mapToObj(i -> "node" + i).toList();
    }

    public LabPlan on(Store other) {
        return new LabPlan(other, product, members, ttl, loopWait, retryTimeout, cables, customize);
    }

    public LabPlan withCables(boolean value) {
        return new LabPlan(store, product, members, ttl, loopWait, retryTimeout, value, customize);
    }

    public LabPlan of(Product other) {
        return new LabPlan(store, other, members, ttl, loopWait, retryTimeout, cables, customize);
    }

    public LabPlan timed(int newTtl, int newLoopWait, int newRetryTimeout) {
        return new LabPlan(
                store, product, members, newTtl, newLoopWait, newRetryTimeout, cables, customize);
    }

    public LabPlan withMembers(int count) {
        return new LabPlan(store, product, count, ttl, loopWait, retryTimeout, cables, customize);
    }

    public LabPlan customized(BiFunction<String, String, String> how) {
        return new LabPlan(store, product, members, ttl, loopWait, retryTimeout, cables, how);
    }
}
