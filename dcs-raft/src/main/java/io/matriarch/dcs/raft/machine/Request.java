package io.matriarch.dcs.raft.machine;

import java.util.Objects;

/**
 * A command with what makes it harmless to send it twice or to apply it late.
 *
 * @param process who sends; unique for each opened backend
 * @param sequence grows with each request of the process; a repetition keeps its number
 * @param notAfter when the replicated clock has passed this, the request is not applied any more
 * @param command what to do
 */
public record Request(String process, long sequence, long notAfter, Command command) {
    public Request {
        Objects.requireNonNull(process, "process");
        Objects.requireNonNull(command, "command");
    }
}
