package io.matriarch.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopbackPortsTest {
    private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    /** Else a connection of anybody can be where the server is to listen, and stay there. */
    @Test
    void noneIsOneThatAConnectionMayGet() throws IOException {
        assumeThat(firstOutgoing())
                .as("the first port of outgoing connections, here set lower than is usual")
                .isGreaterThanOrEqualTo(LoopbackPorts.END);
        List<Integer> ports = LoopbackPorts.free(40);
        assertThat(ports).doesNotHaveDuplicates();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 50, loopback)) {
            for (int i = 0; i < 40; i++) {
                try (Socket socket = new Socket(loopback, server.getLocalPort())) {
                    assertThat(ports).allMatch(port -> port < socket.getLocalPort());
                }
            }
        }
    }

    /** Some containers hide it; it is the usual one then. */
    private static int firstOutgoing() throws IOException {
        return Files.isReadable(OUTGOING)
                ? Integer.parseInt(Files.readString(OUTGOING).trim().split("\\s+")[0])
                : LoopbackPorts.END;
    }
}
