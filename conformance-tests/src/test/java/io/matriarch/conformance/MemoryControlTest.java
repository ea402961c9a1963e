package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.memory.MemoryDcsProvider;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Faults of links and of servers that come together, which histories make of them. */
class MemoryControlTest {
    private final MemoryStore store = new MemoryStore(() -> 0);
    private final MemoryControl control = new MemoryControl(store);
    private final List<Set<EntryKind>> hints = new ArrayList<>();

    @Test
    void aLinkThatIsCutStaysSoWhenTheServersCome() {
        Link link = control.link();
        try (Dcs client =
                Opening.open(
                        new MemoryDcsProvider(store),
                        link.section(),
                        Optional.empty(),
                        Opening.settings(Duration.ofSeconds(6)),
                        hints::add)) {
            link.blackHole();
            control.freeze();
            control.thaw();
            assertThat(hints).as("signs of an open link").isEmpty();
            link.heal();
            assertThat(hints).containsExactly(Set.of());
            assertThat(client.read(Opening.SCOPE, Opening.within(1)).members()).isEmpty();
        }
    }
}
