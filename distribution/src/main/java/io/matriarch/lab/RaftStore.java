package io.matriarch.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The members are the store: each keeps a part of it in a folder of its own. */
final class RaftStore implements LabStore {
    private final Scratch scratch;
    private final String password;
    private final Map<String, Integer> ports = new TreeMap<>();

    RaftStore(Scratch scratch, String password, List<String> members) throws IOException {
        this.scratch = scratch;
        this.password = password;
        List<Integer> free = new ArrayList<>(Ports.free(members.size()));
        members.forEach(member -> ports.put(member, free.remove(0)));
    }

    @Override
    public String section(LabMember member) {
        return """
               raft:
                 self_addr: 127.0.0.1:%d
                 partner_addrs: [%s]
                 data_dir: %s
                 password: %s
               """
                .formatted(
                        member.storePort(),
                        addressesWithout(member.name()),
                        scratch.file("raft-" + member.name()),
                        password);
    }

    @Override
    public String sectionOfTool() {
        return """
               raft:
                 partner_addrs: [%s]
                 password: %s
               """
                .formatted(addressesWithout(""), password);
    }

    private String addressesWithout(String member) {
        return ports.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(member))
                .map(entry -> "127.0.0.1:" + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    @Override
    public int portFor(String member) {
        return ports.get(member);
    }

    @Override
    public void start() {
        // It starts with the members.
    }

    @Override
    public List<Process> servers() {
        return List.of();
    }

    @Override
    public String counters() {
        return "";
    }

    @Override
    public String title() {
        return "the embedded Raft store";
    }
}
