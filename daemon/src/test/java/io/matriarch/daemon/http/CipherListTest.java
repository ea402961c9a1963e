package io.matriarch.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists as OpenSSL takes them, to the suites of Java. */
class CipherListTest {
    private static final String[] SUPPORTED = {
        "TLS_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
        "TLS_RSA_WITH_AES_128_CBC_SHA",
        "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
        "SSL_RSA_WITH_3DES_EDE_CBC_SHA",
        "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"
    };

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # list                             | suites, by their place above
                    ECDHE-RSA-AES128-GCM-SHA256        | 2
                    AES128-SHA                         | 6
                    DES-CBC3-SHA                       | 8
                    ECDHE-RSA-CHACHA20-POLY1305        | 4
                    DHE-RSA-AES256-SHA256:AES128-SHA   | 5 6
                    AES128-SHA,DHE-RSA-AES256-SHA256   | 6 5
                    AES128-SHA DHE-RSA-AES256-SHA256   | 6 5
                    ECDHE+AESGCM                       | 1 2 3
                    ECDHE+AESGCM:!ECDSA                | 2 3
                    EECDH+AESGCM:EDH+AES256            | 1 2 3 5
                    ALL:!aNULL:!3DES:!MD5:!RC4:!eNULL  | 1 2 3 4 5 6
                    HIGH:!aNULL:!kRSA                  | 1 2 3 4 5
                    DEFAULT:-ECDHE                     | 5 6 8
                    !aRSA:ALL                          | 1 7
                    AES128-SHA:-AES128-SHA:ECDHE+AES128 | 2
                    ECDHE+AESGCM:+AES256               | 2 1 3
                    AES128-SHA:ECDHE+AESGCM:@STRENGTH  | 1 3 6 2
                    TLS_RSA_WITH_AES_128_CBC_SHA       | 6
                    TLS_AES_256_GCM_SHA384:AES128-SHA  | 6
                    SHA256                             | 5
                    PSK:CAMELLIA:AES128-SHA            | 6
                    """)
    void chooses(String list, String places) {
        CipherList chosen = CipherList.of(list, SUPPORTED);
        List<String> expected = new java.util.ArrayList<>(List.of(SUPPORTED[0], SUPPORTED[9]));
        for (String place : places.split(" ")) {
            expected.add(SUPPORTED[Integer.parseInt(place)]);
        }
        assertThat(chosen.suites()).isEqualTo(expected);
        assertThat(chosen.ignored()).isEmpty();
    }

    @Test
    void whatIsNotKnownIsIgnoredAndTold() {
        CipherList chosen =
                CipherList.of("AES128-SHA:ECDHE-RSA-FOO:!BAR+AES:@SECLEVEL=2", SUPPORTED);
        assertThat(chosen.suites()).endsWith("TLS_RSA_WITH_AES_128_CBC_SHA");
        assertThat(chosen.ignored()).containsExactly("ECDHE-RSA-FOO", "!BAR+AES", "@SECLEVEL=2");
    }

    @Test
    void nothingLeftIsAnError() {
        assertThatThrownBy(() -> CipherList.of("ALL:!ALL", SUPPORTED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "restapi.ciphers 'ALL:!ALL' selects no cipher that this Java runtime has;"
                                + " change the list or remove it");
    }
}
