package io.matriarch.engine.model;

import java.util.Optional;

/** The state of a member's PostgreSQL. The order is the metric's number and never changes. */
public enum MemberState {
    INITDB("initializing new cluster"),
    INITDB_FAILED("initdb failed"),
    CUSTOM_BOOTSTRAP("running custom bootstrap script"),
    CUSTOM_BOOTSTRAP_FAILED("custom bootstrap failed"),
    CREATING_REPLICA("creating replica"),
    RUNNING("running"),
    STARTING("starting"),
    STARTING_AFTER_CUSTOM_BOOTSTRAP("starting after custom bootstrap"),
    START_FAILED("start failed"),
    RESTARTING("restarting"),
    RESTART_FAILED("restart failed"),
    STOPPING("stopping"),
    STOPPED("stopped"),
    STOP_FAILED("stop failed"),
    CRASHED("crashed");

    private final String text;

    MemberState(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public boolean isStarting() {
        return this == STARTING || this == STARTING_AFTER_CUSTOM_BOOTSTRAP;
    }

    public static Optional<MemberState> parse(String text) {
        for (MemberState state : values()) {
            if (state.text.equals(text)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
