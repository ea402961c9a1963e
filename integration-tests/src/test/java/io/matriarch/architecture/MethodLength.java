package io.matriarch.architecture;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.IntSummaryStatistics;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures a method from its signature to its closing brace, by the line numbers in its bytecode.
 * The lambdas in it count with it. Constructors and static initialisers are left out: the
 * initialisers of fields, and so every table of data, are compiled into them.
 */
final class MethodLength extends ArchCondition<JavaMethod> {
    static final int MOST = 70;

    /** The signature above the first line that has code, and the brace below the last. */
    private static final int FRAME = 2;

    MethodLength() {
        super("have at most " + MOST + " lines");
    }

    @Override
    public void check(JavaMethod method, ConditionEvents events) {
        IntSummaryStatistics lines =
                Stream.of(
                                IntStream.of(method.getSourceCodeLocation().getLineNumber()),
                                method.getAccessesFromSelf().stream()
                                        .mapToInt(access -> access.getLineNumber()),
                                method.getReferencedClassObjects().stream()
                                        .mapToInt(reference -> reference.getLineNumber()),
                                method.getInstanceofChecks().stream()
                                        .mapToInt(check -> check.getLineNumber()))
                        .flatMapToInt(part -> part)
                        .filter(line -> line > 0)
                        .summaryStatistics();
        if (lines.getCount() == 0) {
            return;
        }
        int length = lines.getMax() - lines.getMin() + 1 + FRAME;
        if (length > MOST) {
            events.add(
                    SimpleConditionEvent.violated(
                            method, method.getFullName() + " has about " + length + " lines"));
        }
    }
}
