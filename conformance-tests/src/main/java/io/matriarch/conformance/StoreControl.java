package io.matriarch.conformance;

import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.util.Set;

/**
 * What the author of a plug-in can do to the store under test. Each ability is declared, and a rule
 * whose test needs one that is missing is reported as skipped with the reason, never as passed.
 *
 * <p>The kit undoes each fault before the test ends, whether it passed or not. Methods block until
 * the fault is in force or undone, and throw {@link UnsupportedOperationException} unless the
 * ability is declared. Called by one thread at a time.
 */
public interface StoreControl {
    /** Something that can be done to the store. */
    enum Ability {
        /** {@link StoreControl#stop} and {@link StoreControl#start}. */
        STOP,
        /** {@link StoreControl#freeze} and {@link StoreControl#thaw}. */
        FREEZE,
        /** {@link StoreControl#loseQuorum} and {@link StoreControl#regainQuorum}. */
        QUORUM,
        /** {@link StoreControl#link}. */
        LINK,
        /** {@link StoreControl#endSession}. */
        END_SESSION,
        /** {@link StoreControl#countSessions}. */
        COUNT_SESSIONS,
        /** {@link StoreControl#plant}. */
        PLANT,
        /** {@link StoreControl#forgetHistory}. */
        FORGET_HISTORY,
        /** {@link StoreControl#badCredentials}. */
        BAD_CREDENTIALS
    }

    /** Nothing can be done: only the rules of a healthy store are tested. */
    static StoreControl none() {
        return Set::of;
    }

    Set<Ability> abilities();

    /** Stops all servers, so that connections are refused. Data survives. */
    default void stop() {
        throw missing(Ability.STOP);
    }

    /** Starts the servers again, and returns when they answer. */
    default void start() {
        throw missing(Ability.STOP);
    }

    /** Freezes all servers (SIGSTOP): connections stay, nothing answers. */
    default void freeze() {
        throw missing(Ability.FREEZE);
    }

    default void thaw() {
        throw missing(Ability.FREEZE);
    }

    /** Leaves servers that accept requests and have no majority. */
    default void loseQuorum() {
        throw missing(Ability.QUORUM);
    }

    /** Returns when the store takes writes again. */
    default void regainQuorum() {
        throw missing(Ability.QUORUM);
    }

    /** A new way for one client to the store, which the kit can spoil and closes. */
    default Link link() {
        throw missing(Ability.LINK);
    }

    /**
     * Ends a session on the servers, as an operator would.
     *
     * @param session as {@link io.matriarch.spi.Entry#session} gave it
     */
    default void endSession(String session) {
        throw missing(Ability.END_SESSION);
    }

    /** How many sessions the servers hold, of all clients. */
    default int countSessions() {
        throw missing(Ability.COUNT_SESSIONS);
    }

    /**
     * Writes a key past the plug-in, as a foreign client would.
     *
     * @param key below the scope's path, of no {@link io.matriarch.spi.EntryKind}
     */
    default void plant(Scope scope, String key, String text) {
        throw missing(Ability.PLANT);
    }

    /** Drops what the servers remember for watches that resume (compaction). */
    default void forgetHistory() {
        throw missing(Ability.FORGET_HISTORY);
    }

    /** A section that reaches the store with credentials that it rejects. */
    default Section badCredentials() {
        throw missing(Ability.BAD_CREDENTIALS);
    }

    private static UnsupportedOperationException missing(Ability ability) {
        return new UnsupportedOperationException(ability + " is declared and not provided");
    }
}
