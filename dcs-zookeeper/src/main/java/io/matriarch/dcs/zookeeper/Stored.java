package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Version;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.zookeeper.data.Stat;

/**
 * A znode as it was read.
 *
 * <p>ZooKeeper counts the writes of a znode from zero again when it was deleted and created anew.
 * Only together with the transaction that created it is that count a version.
 *
 * @param text the value
 * @param created the transaction that created it
 * @param version how often it was written since
 * @param owner the session that it is bound to, a signed number, 0 for none
 */
record Stored(String text, long created, int version, long owner) {
    static Stored of(byte[] data, Stat stat) {
        // A znode made by other tools may carry no data at all.
        String text = data == null ? "" : new String(data, StandardCharsets.UTF_8);
        return new Stored(text, stat.getCzxid(), stat.getVersion(), stat.getEphemeralOwner());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Entry entry(EntryKind kind) {
        return new Entry(
                kind,
                text,
                version(created, version),
                owner == 0 ? Optional.empty() : Optional.of(Long.toHexString(owner)));
    }

    Version token() {
        return version(created, version);
    }

    static Version version(long created, int version) {
        return new Version(Long.toHexString(created) + "." + version);
    }

    /** Of a deletion: no znode is ever written -1 times. */
    Version deleted() {
        return version(created, -1);
    }
}
