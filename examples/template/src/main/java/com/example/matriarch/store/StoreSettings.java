package com.example.matriarch.store;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Section;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The section {@code store}, checked: {@code hosts} and whatever your store needs besides.
 *
 * @param servers at least one
 */
record StoreSettings(List<Server> servers) {
    private static final Pattern SERVER = Pattern.compile("(\\S+):([0-9]{1,5})");

    /** An address as the operator wrote it; names are resolved when a connection is made. */
    record Server(String host, int port) {}

    static StoreSettings of(Section section) {
        List<Server> servers =
                section.list("hosts").stream().map(text -> server(section, text)).toList();
        if (servers.isEmpty()) {
            throw new DcsException.Misconfigured(
                    section.name() + ".hosts names no server; list them as HOST:PORT");
        }
        return new StoreSettings(servers);
    }

    /** What is wrong with a setting is one sentence that names its key and says what to do. */
    private static Server server(Section section, String text) {
        Matcher parts = SERVER.matcher(text);
        if (!parts.matches()) {
            throw new DcsException.Misconfigured(
                    section.name() + ".hosts: '" + text + "' is not an address; write HOST:PORT");
        }
        return new Server(parts.group(1), Integer.parseInt(parts.group(2)));
    }
}
