package io.matriarch.conformance.history;

/** What a step of a plan does: to whom, and what. */
public enum Action {
    READ(Target.CLIENT),
    ACQUIRE(Target.CLIENT),
    RENEW(Target.CLIENT),
    RELEASE(Target.CLIENT),
    TOUCH(Target.CLIENT),
    /** Writes under the guard that the client knows, or under none. */
    WRITE(Target.CLIENT),
    DELETE(Target.CLIENT),
    /** The process ends without a goodbye, and one of the same name starts. */
    RESTART(Target.CLIENT),

    /** Replies come late. */
    DELAY(Target.LINK),
    /** One way is cut: requests vanish. */
    DROP_REQUESTS(Target.LINK),
    /** The other way is cut: requests arrive, replies vanish. */
    DROP_REPLIES(Target.LINK),
    /** Both ways are cut in silence; what was sent arrives when that ends. */
    BLACK_HOLE(Target.LINK),
    /** Connections break, and new ones are refused. */
    CUT(Target.LINK),
    /** Connections that there are fall silent for ever; new ones work. */
    HALF_OPEN(Target.LINK),
    /** Connections break once. */
    RESET(Target.LINK),
    HEAL(Target.LINK),

    /** All servers are killed. */
    STOP(Target.SERVER),
    /** All servers stand still. */
    FREEZE(Target.SERVER),
    /** All servers serve again. */
    MEND(Target.SERVER);

    /** Whom an action concerns. */
    public enum Target {
        CLIENT,
        LINK,
        SERVER
    }

    private final Target target;

    Action(Target target) {
        this.target = target;
    }

    public Target target() {
        return target;
    }

    /** Whether no answer can come to a call that begins and ends while it is in force. */
    boolean severs() {
        return switch (this) {
            case DROP_REQUESTS, DROP_REPLIES, BLACK_HOLE, CUT, STOP, FREEZE -> true;
            default -> false;
        };
    }

    /** Whether it leaves its target well. */
    boolean ends() {
        return this == HEAL || this == MEND || this == RESET;
    }
}
