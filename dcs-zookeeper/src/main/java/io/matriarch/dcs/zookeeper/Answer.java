package io.matriarch.dcs.zookeeper;

import org.apache.zookeeper.KeeperException.Code;

/**
 * What a server answered to one request.
 *
 * @param value of a request that was carried out; whatever the library gave otherwise
 * @param sentAt when the request was sent, on the clock of the configuration
 * @param arrivedAt since when the session is sure to live, if this was a write that was carried out
 */
record Answer<T>(Code code, T value, long sentAt, long arrivedAt) {
    boolean ok() {
        return code == Code.OK;
    }

    boolean is(Code other) {
        return code == other;
    }
}
