package io.matriarch.dcs.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** A member of the other kind: the requests that it is known to send, in a session of its own. */
final class Peer implements AutoCloseable {
    private static final int SESSION_MILLIS = 6_000;

    private final ZooKeeper client;

    Peer(String hosts) throws Exception {
        CountDownLatch up = new CountDownLatch(1);
        client =
                new ZooKeeper(
                        hosts,
                        SESSION_MILLIS,
                        event -> {
                            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                                up.countDown();
                            }
                        });
        if (!up.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no connection to " + hosts);
        }
    }

    long session() {
        return client.getSessionId();
    }

    /** Its acquiring and its touching: bound to the session, below persistent folders. */
    void createEphemeral(String path, String text) throws Exception {
        for (String folder : Paths.above(path)) {
            try {
                client.create(
                        folder, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            } catch (KeeperException.NodeExistsException e) {
                // Somebody made it before, as usual.
                continue;
            }
        }
        client.create(path, bytes(text), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    }

    /** Its way of taking over what an earlier process of its name left behind. */
    void replaceEphemeral(String path, String text) throws Exception {
        client.delete(path, -1);
        createEphemeral(path, text);
    }

    void set(String path, String text) throws Exception {
        client.setData(path, bytes(text), -1);
    }

    /** Each znode below a folder: path, whose session it is bound to, and its text. */
    List<String> tree(String folder, String mine) throws Exception {
        List<String> lines = new ArrayList<>();
        Stat stat = new Stat();
        byte[] data = client.getData(folder, false, stat);
        String owner =
                stat.getEphemeralOwner() == 0
                        ? "-"
                        : Long.toHexString(stat.getEphemeralOwner()).equals(mine) ? "me" : "other";
        lines.add(folder + " " + owner + " " + new String(data, StandardCharsets.UTF_8));
        for (String child : new TreeSet<>(client.getChildren(folder, false))) {
            lines.addAll(tree(folder + "/" + child, mine));
        }
        return lines;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
