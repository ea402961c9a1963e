package io.matriarch.daemon.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests byte by byte, for what a library would not send. */
final class RawHttp {
    private RawHttp() {}

    /** Sends the text and reads what comes within a second. */
    static String send(int port, String text) {
        try (Socket socket = connect(port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            byte[] buffer = new byte[65536];
            int length = socket.getInputStream().read(buffer);
            return new String(buffer, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }
}
