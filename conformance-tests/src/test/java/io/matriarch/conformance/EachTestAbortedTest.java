package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What becomes of tests that cannot be run. */
class EachTestAbortedTest {
    @Test
    void withoutAServerEachTestIsNotRunAndSaysWhy() {
        Map<String, TestExecutionResult> ended = new ConcurrentHashMap<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(ServerlessKit.class))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(
                                    TestIdentifier test, TestExecutionResult result) {
                                if (test.isTest()) {
                                    ended.put(test.getDisplayName(), result);
                                }
                            }
                        });
        assertThat(ended.keySet())
                .containsAll(
                        Arrays.stream(DcsConformance.class.getMethods())
                                .filter(method -> method.isAnnotationPresent(Test.class))
                                .map(Method::getName)
                                .toList());
        assertThat(ended.values())
                .allSatisfy(
                        result -> {
                            assertThat(result.getStatus()).isEqualTo(Status.ABORTED);
                            assertThat(result.getThrowable().orElseThrow())
                                    .hasMessageContaining(ServerlessKit.REASON);
                        });
    }
}
