package io.matriarch.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopbackPortsTest {
    /** Else a connection of anybody can be where the server is to listen, and stay there. */
    @Test
    void noneIsOneThatAConnectionMayGet() throws IOException {
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
}
