package io.matriarch.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What people read of a failure. */
class FaultTest {
    @Test
    void itIsOneLineAlsoIfTheTimeRanOutOverAnAttempt() {
        Throwable late =
                Status.DEADLINE_EXCEEDED
                        .withDescription(
                                "CallOptions deadline exceeded after 0.003s. [open=[[error=Status{"
                                        + "cause=Connection refused\n\tat java.base/sun.nio.ch.Net")
                        .asRuntimeException();
        assertThat(Fault.text(late)).isEqualTo("no answer in time");
        assertThat(Fault.said(late)).isFalse();
        assertThat(Fault.of(late)).isEqualTo(Fault.UNREACHABLE);
        Throwable refused =
                Status.UNAVAILABLE.withDescription("io exception\nChannel").asRuntimeException();
        assertThat(Fault.text(refused)).isEqualTo("UNAVAILABLE: io exception");
        assertThat(Fault.said(refused)).isTrue();
        Throwable unsent = new TimeoutException("nothing was sent before the deadline");
        assertThat(Fault.text(unsent)).isEqualTo("nothing was sent before the deadline");
        assertThat(Fault.said(unsent)).isFalse();
    }
}
