package io.matriarch.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static final int SHORT_MILLIS = 150;
    private static final int LONG_MILLIS = 10_000;

    private ServerSocket server;
    private Relay relay;
    private int port;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        List<Integer> free = Ports.free(1);
        port = free.get(0);
        relay = new Relay(port, server.getLocalPort()).start();
    }

    @AfterEach
    void close() throws IOException {
        relay.close();
        server.close();
    }

    private Socket client() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(LONG_MILLIS);
        return client;
    }

    @Test
    void itPassesOnInBothDirections() throws IOException {
        try (Socket client = client();
                Socket peer = server.accept()) {
            client.getOutputStream().write(7);
            assertThat(peer.getInputStream().read()).isEqualTo(7);
            peer.getOutputStream().write(8);
            assertThat(client.getInputStream().read()).isEqualTo(8);
        }
    }

    @Test
    void whileCutNothingPassesAndLaterItArrives() throws IOException {
        try (Socket client = client();
                Socket peer = server.accept()) {
            relay.cut();
            client.getOutputStream().write(7);
            peer.setSoTimeout(SHORT_MILLIS);
            assertThatThrownBy(() -> peer.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);

            relay.mend();
            peer.setSoTimeout(LONG_MILLIS);
            assertThat(peer.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void whileCutANewConnectionHangsInsteadOfBeingRefused() throws IOException {
        relay.cut();
        try (Socket client = client()) {
            client.setSoTimeout(SHORT_MILLIS);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void theEndOfAConnectionPassesToo() throws IOException {
        try (Socket client = client();
                Socket peer = server.accept()) {
            peer.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }
}
