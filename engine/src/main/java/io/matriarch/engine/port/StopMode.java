package io.matriarch.engine.port;

/** How PostgreSQL is told to stop. */
public enum StopMode {
    /** SIGINT: sessions are ended, a shutdown checkpoint is written, walsenders drain. */
    FAST,
    /** SIGQUIT: no checkpoint; recovery at the next start. */
    IMMEDIATE,
    /** SIGKILL of the postmaster and of every process that descends from it. */
    KILL
}
