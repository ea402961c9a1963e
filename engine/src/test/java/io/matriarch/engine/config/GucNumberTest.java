package io.matriarch.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GucNumberTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            textBlock =
                    """
                    128MB  | MB   | 128
                    1GB    | 8kB  | 131072
                    16384  | 8kB  | 16384
                    0x10   | ''   | 16
                    010    | ''   | 8
                    1e3    | ''   | 1000
                    10 min | s    | 600
                    1.5s   | ms   | 1500
                    -1     | kB   | -1
                    2.5    | ''   | 2
                    1500ms | s    | 2
                    0.5    | ''   | 0
                    10mb   | B    |
                    7x     | B    |
                    ''     | B    |
                    true   | ''   |
                    1MB    | ''   |
                    1MB    | s    |
                    1d     | MB   |
                    """)
    void isReadByPostgresqlsRules(String text, String base, Long number) {
        assertThat(GucNumber.integer(text, base)).isEqualTo(Optional.ofNullable(number));
    }

    @ParameterizedTest
    @CsvSource({
        "1024,kB,1MB",
        "16384,8kB,128MB",
        "100,'',100",
        "0,kB,0",
        "90,s,90s",
        "60,s,1min",
        "-1,kB,-1kB",
        "3,8kB,24kB"
    })
    void isShownInTheLargestUnitThatHoldsIt(long number, String base, String text) {
        assertThat(GucNumber.display(number, base)).isEqualTo(text);
    }
}
