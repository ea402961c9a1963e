package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/**
 * Makes the folders above a znode. They are persistent: ZooKeeper removes empty containers on its
 * own, between one request and the next.
 */
record Folders(List<ACL> acl) {
    void make(Calls.Round round, String path) {
        List<CompletableFuture<Answer<Stat>>> sent =
                Paths.above(path).stream()
                        .map(folder -> round.live().create(folder, "", acl, CreateMode.PERSISTENT))
                        .toList();
        // All are on their way at once, and most exist already: answers in the order of sending.
        Answer<Stat> last = null;
        for (CompletableFuture<Answer<Stat>> reply : sent) {
            last = lenient(round, reply);
        }
        if (last != null && !last.ok() && !last.is(Code.NODEEXISTS)) {
            throw new Lost("the folders above " + path + " cannot be made: " + last.code());
        }
    }

    /** A folder that exists may be closed to this client, as long as the last one is not. */
    private static Answer<Stat> lenient(Calls.Round round, CompletableFuture<Answer<Stat>> reply) {
        try {
            return round.answer(reply);
        } catch (DcsException.Misconfigured e) {
            return new Answer<>(Code.NOAUTH, null, 0, 0);
        }
    }
}
