package io.matriarch.conformance.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.history.Linearization.Impossible;
import io.matriarch.conformance.history.Linearization.Ordered;
import io.matriarch.conformance.history.Linearization.Timed;
import io.matriarch.conformance.history.Register.Always;
import io.matriarch.conformance.history.Register.Became;
import io.matriarch.conformance.history.Register.Condition;
import io.matriarch.conformance.history.Register.IfAbsent;
import io.matriarch.conformance.history.Register.IfVersion;
import io.matriarch.conformance.history.Register.Operation;
import io.matriarch.conformance.history.Register.Showed;
import io.matriarch.conformance.history.Register.WasRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search on histories of which it is known whether an order explains them. */
class LinearizationTest {
    private static final long LONG = 1_000_000;

    private final List<Timed> operations = new ArrayList<>();

    private LinearizationTest did(long invoked, long completed, Operation operation) {
        return add(invoked, completed, operation, true);
    }

    private LinearizationTest mayHaveDone(long invoked, Operation operation) {
        return add(invoked, invoked + 1, operation, false);
    }

    private LinearizationTest add(long from, long to, Operation operation, boolean certain) {
        Reply reply = Reply.without(Reply.Result.APPLIED, operation.toString());
        int number = operations.size();
        Asked call =
                new Asked(number, "a/1", 0, Action.READ, Optional.empty(), from, to, to, reply);
        operations.add(new Timed(call, operation, from, to, certain));
        return this;
    }

    private static Operation put(String text, Condition condition) {
        return new Became(condition, Register.holding(text, "v-" + text));
    }

    private static Operation delete(Condition condition) {
        return new Became(condition, Register.ABSENT);
    }

    private static Operation saw(String text) {
        return new Showed(Register.holding(text, "v-" + text));
    }

    private static Operation sawNothing() {
        return new Showed(Register.ABSENT);
    }

    private static Operation refused(Condition condition) {
        return new WasRefused(condition, false);
    }

    private static Condition after(String text) {
        return new IfVersion("v-" + text);
    }

    private void assertOrdered() {
        assertThat(Linearization.judge(operations)).isEqualTo(Ordered.ORDERED);
    }

    private Impossible assertImpossible() {
        Linearization.Verdict verdict = Linearization.judge(operations);
        assertThat(verdict).isInstanceOf(Impossible.class);
        return (Impossible) verdict;
    }

    @Test
    void nothingIsOrdered() {
        assertOrdered();
    }

    @Test
    void oneAfterTheOther() {
        did(0, 1, sawNothing());
        did(2, 3, put("x", IfAbsent.IF_ABSENT));
        did(4, 5, saw("x"));
        did(6, 7, put("y", after("x")));
        did(8, 9, refused(after("x")));
        did(10, 11, delete(after("y")));
        did(12, 13, sawNothing());
        assertOrdered();
    }

    @Test
    void overlappingCallsMayTakeEffectInEitherOrder() {
        did(0, 10, put("x", Always.ALWAYS));
        did(0, 10, put("y", Always.ALWAYS));
        did(1, 3, saw("y"));
        did(4, 6, saw("x"));
        assertOrdered();
    }

    @Test
    void butNotInBoth() {
        did(0, 10, put("x", Always.ALWAYS));
        did(0, 10, put("y", Always.ALWAYS));
        did(1, 3, saw("y"));
        did(4, 6, saw("x"));
        did(7, 9, saw("y"));
        assertImpossible();
    }

    @Test
    void aStaleReadIsImpossible() {
        did(0, 1, put("x", Always.ALWAYS));
        did(2, 3, put("y", Always.ALWAYS));
        did(4, 5, saw("x"));
        Impossible verdict = assertImpossible();
        assertThat(verdict.placed()).isEqualTo(2);
        assertThat(verdict.stuck()).extracting(Asked::number).containsExactly(2);
    }

    @Test
    void aReadThatOverlapsTheWriteMayShowEither() {
        did(0, 1, put("x", Always.ALWAYS));
        did(2, 10, put("y", Always.ALWAYS));
        did(3, 9, saw("x"));
        assertOrdered();
    }

    @Test
    void twoWritesOfOneVersionAreALostUpdate() {
        did(0, 1, put("x", Always.ALWAYS));
        did(2, 5, put("y", after("x")));
        did(2, 5, put("z", after("x")));
        assertImpossible();
    }

    @Test
    void aRefusalWhereTheGuardHeldIsImpossible() {
        did(0, 1, put("x", Always.ALWAYS));
        did(2, 3, refused(after("x")));
        did(4, 5, saw("x"));
        assertImpossible();
    }

    @Test
    void anUnknownWriteMayHaveHappened() {
        mayHaveDone(0, put("x", Always.ALWAYS));
        did(5, 6, saw("x"));
        assertOrdered();
    }

    @Test
    void orNot() {
        mayHaveDone(0, put("x", Always.ALWAYS));
        did(5, 6, sawNothing());
        assertOrdered();
    }

    @Test
    void orMuchLater() {
        mayHaveDone(0, put("x", Always.ALWAYS));
        did(5, 6, sawNothing());
        did(7, 8, put("y", IfAbsent.IF_ABSENT));
        did(9, 10, saw("x"));
        assertOrdered();
    }

    @Test
    void butNotTwice() {
        mayHaveDone(0, put("x", Always.ALWAYS));
        did(5, 6, saw("x"));
        did(7, 8, put("y", Always.ALWAYS));
        did(9, 10, saw("x"));
        assertImpossible();
    }

    @Test
    void andNotBeforeItWasInvoked() {
        did(0, 1, saw("x"));
        mayHaveDone(5, put("x", Always.ALWAYS));
        assertImpossible();
    }

    @Test
    void anUnknownWriteUnderAGuardThatIsGoneCannotHaveHappened() {
        did(0, 1, put("x", Always.ALWAYS));
        did(2, 3, put("y", after("x")));
        mayHaveDone(4, put("z", after("x")));
        did(5, 6, saw("z"));
        assertImpossible();
    }

    @Test
    void aTextWithTwoVersionsIsImpossible() {
        did(0, 1, put("x", Always.ALWAYS));
        did(2, 3, new Showed(Register.holding("x", "another")));
        assertImpossible();
    }

    @Test
    void deletingNothingMayBeRefused() {
        did(0, 1, new WasRefused(Always.ALWAYS, true));
        assertOrdered();
        did(2, 3, refused(Always.ALWAYS));
        assertImpossible();
    }

    /** Some hundred operations of five clients, one in six with an unknown outcome. */
    @Test
    void aLongHistoryIsJudgedAtOnce() {
        simulate(new Random(7), 600);
        assertOrdered();
        did(LONG + 3, LONG + 4, saw("never"));
        assertImpossible();
    }

    private void simulate(Random random, int count) {
        Register register = Register.ABSENT;
        for (int i = 0; i < count; i++) {
            long instant = 10L * i;
            long from = instant - random.nextInt(25);
            long to = instant + random.nextInt(25);
            Condition guard = guard(random, register);
            Operation write = put("t" + i, guard);
            Optional<Register> next = write.on(register);
            if (random.nextInt(3) == 0) {
                did(from, to, new Showed(register));
            } else if (random.nextInt(4) == 0) {
                boolean happens = random.nextBoolean();
                mayHaveDone(from, happens ? write : new Became(guard, Register.UNSEEN));
                register = happens ? next.orElse(register) : register;
            } else {
                did(from, to, next.isPresent() ? write : refused(guard));
                register = next.orElse(register);
            }
        }
        did(LONG, LONG + 1, new Showed(register));
    }

    private static Condition guard(Random random, Register register) {
        return switch (random.nextInt(4)) {
            case 0 -> Always.ALWAYS;
            case 1 -> IfAbsent.IF_ABSENT;
            case 2 -> new IfVersion("v-t" + random.nextInt(100));
            default ->
                    register.content()
                            .<Condition>map(content -> new IfVersion(content.version()))
                            .orElse(IfAbsent.IF_ABSENT);
        };
    }
}
