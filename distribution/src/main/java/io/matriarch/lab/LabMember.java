package io.matriarch.lab;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One member: where it listens, and where others reach it. With cables between, the latter are
 * other ports.
 *
 * @param name of the member
 * @param postgresPort where PostgreSQL listens
 * @param restPort where the REST API listens
 * @param publicPostgresPort where clients and standbys connect to
 * @param publicRestPort where the REST API is asked
 * @param storePort where this member finds the store, or its own part of it listens
 * @param cables all ways to and from this member; empty if it cannot be cut off
 */
public record LabMember(
        String name,
        int postgresPort,
        int restPort,
        int publicPostgresPort,
        int publicRestPort,
        int storePort,
        List<Relay> cables)
        implements Closeable {
    /** A member that others reach directly. */
    public static LabMember direct(String name, int storePort) throws IOException {
        List<Integer> ports = Ports.free(2);
        int postgres = ports.get(0);
        int rest = ports.get(1);
        return new LabMember(name, postgres, rest, postgres, rest, storePort, List.of());
    }

    /** A member that can be cut off from the store, from its peers and from clients. */
    public static LabMember behindCables(String name, int storePort) throws IOException {
        List<Integer> ports = Ports.free(5);
        List<Relay> cables =
                List.of(
                        new Relay(ports.get(2), ports.get(0)).start(),
                        new Relay(ports.get(3), ports.get(1)).start(),
                        new Relay(ports.get(4), storePort).start());
        return new LabMember(
                name, ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4), cables);
    }

    public void cutOff() {
        cables.forEach(Relay::cut);
    }

    public void reconnect() {
        cables.forEach(Relay::mend);
    }

    @Override
    public void close() throws IOException {
        for (Relay cable : cables) {
            cable.close();
        }
    }
}
