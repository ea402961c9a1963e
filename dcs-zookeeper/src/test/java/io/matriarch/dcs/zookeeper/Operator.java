package io.matriarch.dcs.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/** A client of ZooKeeper's own library, as a person at a shell would use. */
record Operator(String hosts, Optional<String> digest) {
    private static final int SESSION_MILLIS = 10_000;

    /** What the server mixes into the passwords of sessions. */
    private static final long PASSWORD_SECRET = 0XB3415C00L;

    static Operator at(String hosts) {
        return new Operator(hosts, Optional.empty());
    }

    private interface Work<T> {
        T with(ZooKeeper client) throws KeeperException, InterruptedException;
    }

    private <T> T connected(Optional<Long> session, Work<T> work) {
        CountDownLatch up = new CountDownLatch(1);
        Watcher watcher =
                event -> {
                    if (event.getState() == Watcher.Event.KeeperState.SyncConnected
                            || event.getState() == Watcher.Event.KeeperState.Expired) {
                        up.countDown();
                    }
                };
        try {
            ZooKeeper client =
                    session.isPresent()
                            ? new ZooKeeper(
                                    hosts,
                                    SESSION_MILLIS,
                                    watcher,
                                    session.get(),
                                    password(session.get()))
                            : new ZooKeeper(hosts, SESSION_MILLIS, watcher);
            try {
                digest.ifPresent(
                        user ->
                                client.addAuthInfo(
                                        "digest", user.getBytes(StandardCharsets.UTF_8)));
                if (!up.await(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("no connection to " + hosts);
                }
                return work.with(client);
            } finally {
                client.close();
            }
        } catch (java.io.IOException | KeeperException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static byte[] password(long session) {
        byte[] password = new byte[16];
        new Random(session ^ PASSWORD_SECRET).nextBytes(password);
        return password;
    }

    /** Joins a session and closes it. */
    void endSession(long session) {
        connected(Optional.of(session), client -> true);
    }

    void put(String path, String text) {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        connected(
                Optional.empty(),
                client -> {
                    for (String folder : Paths.above(path)) {
                        made(client, folder, new byte[0]);
                    }
                    return made(client, path, data) || client.setData(path, data, -1) != null;
                });
    }

    private static boolean made(ZooKeeper client, String path, byte[] data)
            throws KeeperException, InterruptedException {
        try {
            client.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            return true;
        } catch (KeeperException.NodeExistsException e) {
            return false;
        }
    }

    void delete(String path) {
        connected(
                Optional.empty(),
                client -> {
                    client.delete(path, -1);
                    return true;
                });
    }

    Optional<String> get(String path) {
        return connected(
                Optional.empty(),
                client -> {
                    if (client.exists(path, false) == null) {
                        return Optional.empty();
                    }
                    byte[] data = client.getData(path, false, new Stat());
                    return Optional.of(new String(data, StandardCharsets.UTF_8));
                });
    }

    Stat stat(String path) {
        return connected(Optional.empty(), client -> client.exists(path, false));
    }

    List<ACL> acl(String path) {
        return connected(Optional.empty(), client -> client.getACL(path, new Stat()));
    }
}
