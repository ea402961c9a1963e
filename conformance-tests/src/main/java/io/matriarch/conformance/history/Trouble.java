package io.matriarch.conformance.history;

/**
 * A change of the weather.
 *
 * @param seat whose link it is; meaningless for the servers
 * @param began before it was brought about
 * @param inForce when that had returned
 */
public record Trouble(int seat, Action action, long began, long inForce) {
    boolean concerns(int other) {
        return action.target() == Action.Target.SERVER || seat == other;
    }
}
