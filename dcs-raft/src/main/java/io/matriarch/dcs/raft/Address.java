package io.matriarch.dcs.raft;

import io.matriarch.spi.DcsException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a member of the store listens. Two members are the same if their addresses are. */
record Address(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\s]+)):(\\d{1,5})");
    private static final int LARGEST_PORT = 65535;

    /**
     * @param setting the name of the setting, for the message
     */
    static Address parse(String text, String setting) {
        Matcher matcher = FORM.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : 0;
        if (port < 1 || port > LARGEST_PORT) {
            throw new DcsException.Misconfigured(
                    setting + " must be ADDRESS:PORT, not '" + text + "'; correct it");
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return new Address(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
