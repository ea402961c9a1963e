package io.matriarch.dcs.zookeeper;

import java.io.IOException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.client.ZKClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session with its connection. The library's own close ends the session, and the leader record
 * with it; here the owner says whether it does. Closing never blocks.
 */
final class Handle extends ZooKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Handle.class);

    /** For the farewell of a session that nobody needs any more. */
    private static final int FAREWELL_MILLIS = 1_000;

    private final boolean endsSession;
    private boolean left;

    /**
     * @param endsSession whether closing ends the session; otherwise it is left to expire
     */
    Handle(
            String hosts,
            int sessionMillis,
            Watcher watcher,
            HostProvider provider,
            ZKClientConfig config,
            boolean endsSession)
            throws IOException {
        super(hosts, sessionMillis, watcher, false, provider, config);
        this.endsSession = endsSession;
    }

    /** The newest transaction that a server told of. */
    long newest() {
        return cnxn.getLastZxid();
    }

    /** Gives up the connection that there is, so that the library makes another one. */
    void reconnect() {
        background(
                "zookeeper-reconnect",
                () -> {
                    if (getState().isConnected()) {
                        getTestable().closeSocket();
                        // The sending thread sees that the socket is gone when it has work.
                        exists("/", false, (code, path, context, stat) -> {}, null);
                    }
                });
    }

    @Override
    public void close() {
        leave();
    }

    @Override
    public boolean close(int waitMillis) {
        leave();
        return true;
    }

    private void leave() {
        synchronized (this) {
            if (left) {
                return;
            }
            left = true;
        }
        background("zookeeper-leave", this::depart);
    }

    private void depart() throws InterruptedException {
        if (endsSession && getState().isConnected()) {
            Thread farewell = background("zookeeper-farewell", super::close);
            farewell.join(FAREWELL_MILLIS);
        }
        cnxn.disconnect();
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static Thread background(String name, Work work) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (IOException | InterruptedException e) {
                                // The socket was gone already, or the process ends: as wanted.
                                LOG.debug("{}: {}", name, e.toString());
                            }
                        },
                        name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
