package io.matriarch.engine.decide;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One numbered row.
 *
 * @param number rises through the table
 * @param because one sentence why
 * @param when whether the row matches
 * @param then what it does; an empty move lets the next rows try
 */
record Rule(
        int number,
        String because,
        Predicate<Situation> when,
        Function<Situation, Optional<Move>> then) {
    static Rule rule(
            int number, String because, Predicate<Situation> when, Function<Situation, Move> then) {
        return new Rule(number, because, when, s -> Optional.of(then.apply(s)));
    }

    static Rule maybe(
            int number,
            String because,
            Predicate<Situation> when,
            Function<Situation, Optional<Move>> then) {
        return new Rule(number, because, when, then);
    }

    /** What a row does, before its number is put to it. */
    record Move(String message, List<Effect> effects, Memory memory, Optional<Duration> nextWake) {
        static Move say(Situation s, String message) {
            return new Move(message, List.of(), s.memory(), Optional.empty());
        }

        Move then(Effect effect) {
            List<Effect> all = new ArrayList<>(effects);
            all.add(effect);
            return new Move(message, all, memory, nextWake);
        }

        Move remembering(Memory next) {
            return new Move(message, effects, next, nextWake);
        }

        Move lookAgainAfter(Duration nap) {
            return new Move(message, effects, memory, Optional.of(nap));
        }
    }
}
