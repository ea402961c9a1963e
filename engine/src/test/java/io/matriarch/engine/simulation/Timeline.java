package io.matriarch.engine.simulation;

import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A timeline of the model. Two promotions may make two timelines of one number; as objects they
 * stay different, which PostgreSQL itself cannot see.
 */
final class Timeline {
    private final int number;
    private final Optional<Timeline> parent;
    private final long begins;

    private Timeline(int number, Optional<Timeline> parent, long begins) {
        this.number = number;
        this.parent = parent;
        this.begins = begins;
    }

    static Timeline first() {
        return new Timeline(1, Optional.empty(), 0);
    }

    /** What a promotion at this position makes. */
    Timeline next(long position) {
        return new Timeline(number + 1, Optional.of(this), position);
    }

    int number() {
        return number;
    }

    /** Where it left its parent; zero for the first. */
    long begins() {
        return begins;
    }

    /** Whether WAL of {@code mine} up to {@code position} is part of this timeline's past. */
    boolean continues(Timeline mine, long position, long end) {
        long limit = end;
        Optional<Timeline> at = Optional.of(this);
        while (at.isPresent()) {
            if (at.get() == mine) {
                return position <= limit;
            }
            limit = at.get().begins;
            at = at.get().parent;
        }
        return false;
    }

    /**
     * Whether the other is this timeline or one of its ancestors, not merely of the same number.
     */
    boolean descendsFrom(Timeline other) {
        return this == other || parent.filter(p -> p.descendsFrom(other)).isPresent();
    }

    /** Where the history file says that the numbered ancestor ended. */
    Optional<Long> leftAt(int ancestor) {
        Timeline at = this;
        while (at.parent.isPresent()) {
            if (at.parent.get().number == ancestor) {
                return Optional.of(at.begins);
            }
            at = at.parent.get();
        }
        return Optional.empty();
    }

    /** The history file, oldest line first. */
    List<HistoryLine> history() {
        List<HistoryLine> lines = new ArrayList<>();
        Timeline at = this;
        while (at.parent.isPresent()) {
            lines.add(
                    new HistoryLine(
                            at.parent.get().number,
                            new Lsn(at.begins),
                            "no recovery target specified",
                            Optional.empty(),
                            Optional.empty()));
            at = at.parent.get();
        }
        Collections.reverse(lines);
        return lines;
    }
}
