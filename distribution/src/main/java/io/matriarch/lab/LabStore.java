package io.matriarch.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The consensus store of a lab's members. */
interface LabStore {
    /** What a store of the kind is made of; nothing is started. */
    static LabStore of(
            LabPlan plan, Binaries binaries, Children children, Scratch scratch, String password)
            throws IOException, LabException {
        return switch (plan.store()) {
            case RAFT -> new RaftStore(scratch, password, plan.names());
            case ETCD3 -> new EtcdStore(binaries, children, scratch);
            case CONSUL -> new ConsulStore(children, scratch);
            case ZOOKEEPER -> new ZooKeeperStore(children, scratch);
            case KUBERNETES ->
                    new KubernetesStore(binaries, children, scratch, password, plan.names());
        };
    }

    /** The section of a member's file. */
    String section(LabMember member);

    /** The section of the tool's file. */
    String sectionOfTool();

    /** Where clients find the store; a member's own port if the members are the store. */
    int portFor(String member);

    /** Starts its servers, or starts them again on the data that they left. */
    void start() throws LabException;

    /** Its servers; none if the members are the store. */
    List<Process> servers();

    /**
     * What its server counts since it started, as it tells it: in Prometheus' text format, except
     * for ZooKeeper's answer to {@code srvr}; empty if the members are the store.
     */
    String counters() throws IOException, InterruptedException;

    /** What it is, for people. */
    String title();

    /** What a member's process needs besides its file. */
    default Map<String, String> environment(LabMember member) throws IOException {
        return Map.of();
    }

    /** What the tool's process needs besides its file. */
    default Map<String, String> environmentOfTool() {
        return Map.of();
    }
}
