package io.matriarch.engine.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/rules.md} says what the table says. Run with {@code RULES_WRITE=1} in the environment
 * to write it anew after a change of the table, and review the difference.
 */
class RulesPageTest {
    private static final Path PAGE = Path.of("..", "docs", "rules.md");

    @Test
    void thePageSaysWhatTheTableSays() throws IOException {
        String wanted = page();
        if (System.getenv("RULES_WRITE") != null) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(wanted);
    }

    private static String page() {
        StringBuilder page =
                new StringBuilder(
                        """
                        # The rules

                        What a member does next, in order: the first row whose condition holds decides. The number stands in the log
                        after the message (`[rule 819]`). This page is written from the table in `engine/decide` and checked by a test.

                        | series | about |
                        |---|---|
                        | 1xx | safety: whoever cannot prove its lease takes no writes |
                        | 2xx | an action on PostgreSQL is in flight |
                        | 30x, 35x | the daemon ends; the store does not answer |
                        | 38x, 5xx | what the operator asked of this member |
                        | 4xx | the data directory and whose it is |
                        | 6xx | PostgreSQL is stopped or silent |
                        | 7xx | nobody holds the lease |
                        | 8xx | somebody holds the lease |

                        | rule | because |
                        |---|---|
                        """);
        for (Rule rule : Decider.TABLE) {
            page.append("| ")
                    .append(rule.number())
                    .append(" | ")
                    .append(rule.because())
                    .append(" |\n");
        }
        return page.toString();
    }
}
