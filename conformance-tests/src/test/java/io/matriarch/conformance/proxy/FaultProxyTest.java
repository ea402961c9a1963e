package io.matriarch.conformance.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The faults of the proxy before a server that answers each byte with the same byte. */
class FaultProxyTest {
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int SILENCE_MILLIS = 60;

    /** What arrived at the server. */
    private final BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();

    private ServerSocket server;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        FaultProxy.daemon("echo-accept", this::accept);
        proxy =
                FaultProxy.before(
                        new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                FaultProxy.daemon("echo", () -> echo(client));
            } catch (IOException e) {
                // The port was closed by the end of the test.
                return;
            }
        }
    }

    private void echo(Socket client) {
        try (client) {
            for (int next = client.getInputStream().read();
                    next >= 0;
                    next = client.getInputStream().read()) {
                arrived.add(next);
                client.getOutputStream().write(next);
            }
        } catch (IOException e) {
            // A connection that the proxy reset ends here; the client's side is what is tested.
            arrived.add(-1);
        }
    }

    private Socket connect() throws IOException {
        return connect(proxy);
    }

    private static Socket connect(FaultProxy through) throws IOException {
        Socket socket = new Socket(through.address().getAddress(), through.address().getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static int ask(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        return socket.getInputStream().read();
    }

    private void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    @Test
    void forwardsBothWaysAndTheEnd() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket, 1)).isEqualTo(1);
            assertThat(ask(socket, 2)).isEqualTo(2);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whatMeetsABlackHoleArrivesLate() throws Exception {
        try (Socket old = connect()) {
            ask(old, 1);
            arrived.clear();
            proxy.blackHole();
            old.getOutputStream().write(2);
            assertSilent(old);
            try (Socket young = connect()) {
                young.getOutputStream().write(3);
                assertSilent(young);
                assertThat(arrived).isEmpty();
                proxy.heal();
                assertThat(old.getInputStream().read()).isEqualTo(2);
                assertThat(young.getInputStream().read()).isEqualTo(3);
            }
        }
    }

    @Test
    void droppedRepliesNeverArriveAndTheirConnectionIsReset() throws Exception {
        try (Socket socket = connect()) {
            ask(socket, 1);
            arrived.clear();
            proxy.dropReplies();
            socket.getOutputStream().write(2);
            assertThat(arrived.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(2);
            assertSilent(socket);
            proxy.heal();
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
        try (Socket fresh = connect()) {
            assertThat(ask(fresh, 3)).isEqualTo(3);
        }
    }

    @Test
    void aCutResetsOldAndNewConnections() throws Exception {
        try (Socket old = connect()) {
            ask(old, 1);
            proxy.cut();
            assertThatThrownBy(() -> old.getInputStream().read()).isInstanceOf(IOException.class);
        }
        assertUnusable(proxy);
        proxy.heal();
        try (Socket fresh = connect()) {
            assertThat(ask(fresh, 3)).isEqualTo(3);
        }
    }

    @Test
    void delayedRepliesTakeTheirTime() throws Exception {
        try (Socket socket = connect()) {
            ask(socket, 1);
            Duration delay = Duration.ofMillis(80);
            proxy.delayReplies(delay);
            long before = System.nanoTime();
            assertThat(ask(socket, 2)).isEqualTo(2);
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(delay.toNanos());
        }
    }

    /** The delay is the way's length, not its width. */
    @Test
    void repliesAreDelayedAllAtOnce() throws Exception {
        try (Socket socket = connect()) {
            ask(socket, 1);
            Duration delay = Duration.ofMillis(300);
            proxy.delayReplies(delay);
            long before = System.nanoTime();
            for (int value = 2; value <= 6; value++) {
                socket.getOutputStream().write(value);
                assertThat(arrived.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isNotNull();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            for (int value = 2; value <= 6; value++) {
                assertThat(socket.getInputStream().read()).isEqualTo(value);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(delay, delay.multipliedBy(2).minusMillis(20));
        }
    }

    @Test
    void tricklingRepliesComeByteByByte() throws Exception {
        try (Socket socket = connect()) {
            ask(socket, 1);
            proxy.trickleReplies();
            long before = System.nanoTime();
            socket.getOutputStream().write(new byte[] {2, 3, 4});
            for (int value = 2; value <= 4; value++) {
                assertThat(socket.getInputStream().read()).isEqualTo(value);
            }
            long least = TimeUnit.MILLISECONDS.toNanos(3 * Weather.TRICKLE_MILLIS);
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(least);
        }
    }

    @Test
    void aServerThatIsNotThereIsSeenByTheClient() throws Exception {
        ServerSocket nobody = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        int port = nobody.getLocalPort();
        nobody.close();
        InetSocketAddress gone = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (FaultProxy lonely = FaultProxy.before(gone)) {
            assertUnusable(lonely);
        }
    }

    private static void assertUnusable(FaultProxy through) {
        assertThatThrownBy(
                        () -> {
                            try (Socket socket = connect(through)) {
                                if (ask(socket, 1) < 0) {
                                    throw new IOException("closed");
                                }
                            }
                        })
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }
}
