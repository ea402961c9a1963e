package io.matriarch.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import javax.net.SocketFactory;

/**
 * Lets the JDBC driver connect through the server's Unix socket. Public only because the driver
 * creates it by name.
 */
public final class UnixSocketFactory extends SocketFactory {
    private final Path path;

    /**
     * @param path of the socket file
     */
    public UnixSocketFactory(String path) {
        this.path = Path.of(path);
    }

    @Override
    public Socket createSocket() throws IOException {
        return new UnixSocket(path);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
            throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
            throws IOException {
        return connected();
    }

    private Socket connected() throws IOException {
        Socket socket = createSocket();
        socket.connect(null, 0);
        return socket;
    }

    /** The part of a socket that the driver uses; whatever address it gives, the path counts. */
    private static final class UnixSocket extends Socket {
        private final UnixDomainSocketAddress address;
        private final SocketChannel channel;
        private volatile int timeout;

        UnixSocket(Path path) throws IOException {
            this.address = UnixDomainSocketAddress.of(path);
            this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        }

        @Override
        public void connect(SocketAddress ignored, int limit) throws IOException {
            channel.connect(address);
        }

        @Override
        public void connect(SocketAddress ignored) throws IOException {
            channel.connect(address);
        }

        @Override
        public InputStream getInputStream() {
            return new TimedInput();
        }

        @Override
        public OutputStream getOutputStream() {
            return Channels.newOutputStream(channel);
        }

        @Override
        public boolean isConnected() {
            return channel.isConnected();
        }

        @Override
        public boolean isClosed() {
            return !channel.isOpen();
        }

        @Override
        public InetAddress getInetAddress() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }

        @Override
        public void setSoTimeout(int millis) {
            timeout = millis;
        }

        @Override
        public int getSoTimeout() {
            return timeout;
        }

        @Override
        public void setTcpNoDelay(boolean on) {
            // there is no TCP to delay anything
        }

        @Override
        public void setKeepAlive(boolean on) {
            // a dead end of a Unix socket is seen at once
        }

        @Override
        public int getSendBufferSize() throws SocketException {
            return 65536;
        }

        @Override
        public int getReceiveBufferSize() throws SocketException {
            return 65536;
        }

        /** Reads with the socket's timeout, which a blocking channel does not know. */
        private final class TimedInput extends InputStream {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (timeout > 0) {
                    await(timeout);
                }
                return channel.read(ByteBuffer.wrap(bytes, offset, length));
            }

            private void await(int millis) throws IOException {
                channel.configureBlocking(false);
                try (Selector selector = Selector.open()) {
                    channel.register(selector, SelectionKey.OP_READ);
                    if (selector.select(millis) == 0 && channel.isOpen()) {
                        throw new SocketTimeoutException("Read timed out");
                    }
                }
                // Only now, without a key, may the channel block again for the write side.
                channel.configureBlocking(true);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        }
    }
}
