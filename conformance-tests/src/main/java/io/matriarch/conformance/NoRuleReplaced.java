package io.matriarch.conformance;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that replaces the test of a rule by its own: what it would report of the rule
 * is not the kit's word. Looked for before all tests, because a test that is replaced without its
 * annotation, or disabled, never begins.
 */
final class NoRuleReplaced implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> testClass = context.getRequiredTestClass();
        List<Method> replaced =
                Arrays.stream(DcsConformance.class.getMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .filter(method -> !inForce(method, testClass).equals(method))
                        .toList();
        if (!replaced.isEmpty()) {
            throw new AssertionError(
                    testClass.getName()
                            + " replaces "
                            + replaced.stream()
                                    .map(Method::getName)
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + "; a rule that the store does not keep is declared, as the hooks of"
                            + " DcsConformance and DcsTraits allow, and not replaced");
        }
    }

    private static Method inForce(Method rule, Class<?> testClass) {
        try {
            return testClass.getMethod(rule.getName());
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(testClass + " is no test class of the kit", e);
        }
    }
}
