package io.matriarch.daemon.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Addresses that share their first bits.
 *
 * @param address 4 or 16 bytes; an IPv4 address mapped into IPv6 counts as IPv4
 */
record Network(InetAddress address, int bits) {
    /**
     * Reads an address, a network in CIDR notation or a host name, which may stand for several
     * addresses. Blocks while a name is looked up.
     *
     * @throws UnknownHostException if the name is not known
     * @throws IllegalArgumentException if the number of bits is unusable
     */
    static List<Network> parse(String text) throws UnknownHostException {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Arrays.stream(InetAddress.getAllByName(text))
                    .map(found -> new Network(found, found.getAddress().length * 8))
                    .toList();
        }
        String host = text.substring(0, slash);
        InetAddress address = InetAddress.getByName(host);
        int size = address.getAddress().length * 8;
        int bits = Integer.parseInt(text.substring(slash + 1));
        // ::ffff:10.0.0.0/104 is 10.0.0.0/8 in another spelling.
        int own = size == 32 && host.contains(":") ? bits - 96 : bits;
        if (own < 0 || own > size) {
            throw new IllegalArgumentException(text + " has an unusable number of bits");
        }
        return List.of(new Network(address, own));
    }

    boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((mine[bit >> 3] ^ theirs[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
