/**
 * The backend for ZooKeeper. Curator keeps the connection and makes a new session when one has
 * ended; every request is asynchronous on the session that it was meant for, and waited for by our
 * own deadline. None of Curator's recipes is used: they lay their znodes out differently, and their
 * repetitions know no deadline.
 */
package io.matriarch.dcs.zookeeper;
